//! Laws that hold for every program, tried on random ones: gradients against measured slopes, and
//! what must not change a bit of them. It must not know how a sweep works.

mod common;

use common::measured::Measured;
use common::recipes::{Arg, Recipe, Step, recipes};
use common::{all_bits, bits};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use wengert::{Dual, Gradient, Op, Operand, SlotKind, Tape, Var, Workspace};

/// The same programs each time; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others and more.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1676);
    }
    config
}

/// Where numbers end to have all their digits; what is lost to underflow is not an error.
const TINY: f64 = 1e-100;

/// The inputs, each with the tangent 1 in one direction and 0 in all others.
fn seeded<N>(x: &[f64], direction: usize, number: impl Fn(f64, f64) -> N) -> Vec<N> {
    x.iter().enumerate().map(|(k, x)| number(*x, f64::from(k == direction))).collect()
}

/// The program with its inputs declared in the opposite order.
fn reversed(recipe: &Recipe) -> Recipe {
    let mut recipe = recipe.clone();
    let last = recipe.inputs.len() - 1;
    recipe.inputs.reverse();
    for arg in recipe.steps.iter_mut().flat_map(|step| &mut step.args) {
        *arg = match *arg {
            Arg::Slot(slot) if slot <= last => Arg::Slot(last - slot),
            other => other,
        };
    }
    recipe
}

fn gradient_bits(gradient: &Gradient<'_>) -> Vec<u64> {
    all_bits(gradient.to_vec())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_gradient_is_what_tangents_say(recipe in recipes()) {
        let (tape, x, last) = (Tape::new(), &recipe.inputs, recipe.output());
        let gradient = tape.gradient(recipe.record(&tape)[last]).to_vec();
        for (k, slope) in gradient.into_iter().enumerate() {
            let measured = recipe.run(&seeded(x, k, Measured::new))[last];
            let dual = recipe.run(&seeded(x, k, Dual::new))[last].tangent();
            let agrees = |slope: f64| (slope - measured.tangent).abs() <= measured.error + TINY;
            prop_assert!(agrees(slope), "reverse in %{k}: {slope:e}, {measured:?}");
            prop_assert!(agrees(dual), "forward in %{k}: {dual:e}, {measured:?}");
        }
    }

    #[test]
    fn a_gradient_is_linear_in_the_cotangents(recipe in recipes(), a in -4.0..4.0, b in -4.0..4.0) {
        let tape = Tape::new();
        let slots = recipe.record(&tape);
        let outputs = [recipe.output(), recipe.output() / 2];
        let [y, z] = outputs.map(|slot| slots[slot]);
        let (of_y, of_z, of_both) = (tape.gradient(y), tape.gradient(z), tape.vjp(&[(y, a), (z, b)]));
        let sizes = uncancelled(&recipe, &[(outputs[0], a), (outputs[1], b)]);
        for (x, size) in slots.into_iter().zip(sizes) {
            let off = a * of_y[x] + b * of_z[x] - of_both[x];
            prop_assert!(off.abs() <= 1e-13 * size + TINY, "{off:e} of {size:e}");
        }
        let doubled = |gradient: Gradient<'_>| {
            let mut pairs = of_y.to_vec().into_iter().zip(gradient.to_vec());
            pairs.all(|(once, twice)| 2.0 * once == twice || once.abs() < TINY)
        };
        prop_assert!(doubled(tape.vjp(&[(y, 2.0)])) && doubled(tape.vjp(&[(y, 1.0), (y, 1.0)])));
    }

    #[test]
    fn the_order_of_declaration_orders_the_gradient_and_no_more(recipe in recipes()) {
        let (tape, other_tape, last) = (Tape::new(), Tape::new(), recipe.output());
        let gradient = gradient_bits(&tape.gradient(recipe.record(&tape)[last]));
        let mut other = gradient_bits(&other_tape.gradient(reversed(&recipe).record(&other_tape)[last]));
        other.reverse();
        prop_assert_eq!(gradient, other);
    }

    #[test]
    fn asking_again_gives_the_same_bits(recipe in recipes()) {
        let (mut tape, mut workspace) = (Tape::new(), Workspace::new());
        let mark = tape.mark();
        let first = answer(&recipe, &tape);
        let listing = tape.to_string();
        prop_assert_eq!(&first, &answer(&recipe, &Tape::new()), "on another tape");
        let y = tape.at(tape.len() - 1);
        prop_assert_eq!(&first.1, &gradient_bits(&tape.gradient(y)), "twice");
        tape.gradient_in(&mut workspace, tape.at(recipe.output() / 2));
        prop_assert_eq!(&first.1, &gradient_bits(&tape.gradient_in(&mut workspace, y)), "in a used workspace");
        prop_assert_eq!(listing, tape.to_string(), "a sweep changed the tape");
        tape.rewind(mark);
        prop_assert_eq!(&first, &answer(&recipe, &tape), "rewound");
        tape.clear();
        prop_assert_eq!(&first, &answer(&recipe, &tape), "cleared");
    }

    #[test]
    fn an_intermediate_is_as_good_as_an_input(recipe in recipes(), position in any::<prop::sample::Index>()) {
        let (position, last) = (position.index(recipe.output() + 1), recipe.output());
        let [tape, cut_tape, blind_tape] = [Tape::new(), Tape::new(), Tape::new()];
        let slots = recipe.record(&tape);
        let cut = recipe.run_with(&cut_tape.input_slice(&recipe.inputs), |slot, v| {
            if slot == position { cut_tape.input_array([v.value()])[0] } else { v }
        });
        let blind = recipe.run_with(&blind_tape.input_slice(&recipe.inputs), |slot, v| {
            if slot == position { v.detach() } else { v }
        });
        let cut_gradient = cut_tape.gradient(cut[last]);
        let own = tape.gradient(slots[last])[slots[position]];
        prop_assert_eq!(bits(own), bits(cut_gradient[cut[position]]), "its own gradient");
        let behind_cut = all_bits(recipe.inputs.iter().zip(&cut).map(|(_, x)| cut_gradient[*x]));
        prop_assert_eq!(behind_cut, all_bits(inputs_gradient(&blind_tape, blind[last], recipe.inputs.len())), "detached");
    }

    #[test]
    fn a_constant_is_an_input_that_nobody_asks_about(recipe in recipes()) {
        let (open, n) = (open(&recipe), recipe.inputs.len());
        let (tape, open_tape) = (Tape::new(), Tape::new());
        let (slots, open_slots) = (recipe.record(&tape), open.record(&open_tape));
        let values = |slots: &[Var<'_>]| all_bits(slots.iter().map(|v| v.value()));
        prop_assert_eq!(values(&slots[n..]), values(&open_slots[open.inputs.len()..]));
        let gradient = tape.gradient(slots[recipe.output()]).to_vec();
        let open_gradient = open_tape.gradient(open_slots[open.output()]).to_vec();
        prop_assert_eq!(all_bits(gradient), all_bits(open_gradient[..n].to_vec()));
    }

    #[test]
    fn plain_dual_and_recorded_numbers_compute_the_same_values(recipe in recipes()) {
        let (tape, x) = (Tape::new(), &recipe.inputs);
        let plain = all_bits(recipe.run(x));
        prop_assert_eq!(&plain, &all_bits(recipe.record(&tape).iter().map(|v| v.value())), "Var");
        let duals = recipe.run(&seeded(x, 0, Dual::new));
        prop_assert_eq!(&plain, &all_bits(duals.iter().map(|v| v.value())), "Dual");
    }

    #[test]
    fn a_tape_is_the_program_with_arguments_before_uses(recipe in recipes()) {
        let (tape, n) = (Tape::new(), recipe.inputs.len());
        let slots = recipe.record(&tape);
        let tallies = (0..tape.len()).filter(|k| primitive(&tape, *k) == Some(Op::Tally)).count();
        let written = recipe.steps.iter().filter(|step| step.op == Op::Tally).count();
        prop_assert_eq!(tape.len(), n + recipe.steps.len() + tallies - written);
        prop_assert!((0..n).all(|k| matches!(tape.slot(k).kind, SlotKind::Input)));
        for (k, step) in (n..).zip(&recipe.steps) {
            let position = slots[k].slot().unwrap();
            let slot = tape.slot(position);
            let op = primitive(&tape, position).unwrap();
            let arity = if is_weighed(step, op) { 4 } else { step.args.len() };
            prop_assert!(op == settled(step) || arity == 4, "{:?}", slot);
            prop_assert_eq!(slot.args.len(), arity);
            for (have, want) in slot.args.iter().zip(&step.args) {
                match *want {
                    Arg::Slot(slot) => prop_assert_eq!(*have, Operand::Slot(slots[slot].slot().unwrap())),
                    Arg::Constant(x) => prop_assert_eq!(*have, Operand::Constant(x)),
                }
            }
            let precedes = |arg: &Operand| !matches!(arg, Operand::Slot(before) if *before >= position);
            prop_assert!(slot.args.iter().all(precedes), "{:?}", slot);
        }
    }
}

/// The row that is recorded for a step: `clamp` between constants is `clip`.
fn settled(step: &Step) -> Op {
    let constant = |arg: &Arg| matches!(arg, Arg::Constant(_));
    if step.op == Op::Clamp && step.args[1..].iter().all(constant) { Op::Clip } else { step.op }
}

/// Whether a maximum of a maximum, or a minimum of a minimum, was recorded.
fn is_weighed(step: &Step, op: Op) -> bool {
    [(Op::Max, Op::MaxTied), (Op::Min, Op::MinTied)].contains(&(step.op, op))
}

/// The primitive that a slot is.
fn primitive(tape: &Tape, slot: usize) -> Option<Op> {
    match tape.slot(slot).kind {
        SlotKind::Op(op) => Some(op),
        _ => None,
    }
}

/// The values and the gradient of the last slot of a program, in bits.
fn answer(recipe: &Recipe, tape: &Tape) -> (Vec<u64>, Vec<u64>) {
    let slots = recipe.record(tape);
    let gradient = gradient_bits(&tape.gradient(slots[recipe.output()]));
    (all_bits(slots.iter().map(|v| v.value())), gradient)
}

/// The gradient in `n` inputs; 0 for an output that is a constant.
fn inputs_gradient(tape: &Tape, output: Var<'_>, n: usize) -> Vec<f64> {
    match output.slot() {
        Some(_) => tape.gradient(output).to_vec(),
        None => vec![0.0; n],
    }
}

/// The adjoint of each slot if all terms had one sign: what an error of one rounding is part of.
fn uncancelled(recipe: &Recipe, outputs: &[(usize, f64)]) -> Vec<f64> {
    let values = recipe.run(&recipe.inputs);
    let mut sizes = vec![0.0; values.len()];
    outputs.iter().for_each(|(slot, cotangent)| sizes[*slot] += cotangent.abs());
    for k in (recipe.inputs.len()..values.len()).rev() {
        let step = &recipe.steps[k - recipe.inputs.len()];
        let partials = step.op.partials(&step.args(&values), values[k]);
        for (arg, partial) in step.args.iter().zip(partials) {
            if let Arg::Slot(slot) = arg {
                sizes[*slot] += sizes[k] * partial.abs();
            }
        }
    }
    sizes
}

/// The program with an input for every constant, but for those that must be whole.
fn open(recipe: &Recipe) -> Recipe {
    let mut constants = Vec::new();
    let mut open = recipe.clone();
    for step in &mut open.steps {
        for (k, arg) in step.args.iter_mut().enumerate() {
            match *arg {
                Arg::Constant(x) if step.op.row().args.get(k) != Some(&"n") => {
                    *arg = Arg::Slot(usize::MAX - constants.len());
                    constants.push(x);
                }
                _ => {}
            }
        }
    }
    let n = recipe.inputs.len();
    for arg in open.steps.iter_mut().flat_map(|step| &mut step.args) {
        *arg = match *arg {
            Arg::Slot(slot) if slot > usize::MAX - constants.len() => {
                Arg::Slot(n + (usize::MAX - slot))
            }
            Arg::Slot(slot) if slot >= n => Arg::Slot(slot + constants.len()),
            other => other,
        };
    }
    open.inputs.extend(constants);
    open
}

#[test]
fn the_programs_reach_every_primitive_and_are_judged_sharply() {
    let (mut runner, strategy) = (TestRunner::new(config()), recipes());
    let (mut uses, mut sharp, mut steps) = (vec![0; Op::ALL.len()], 0, 0);
    for _ in 0..300 {
        let recipe = strategy.new_tree(&mut runner).expect("a program").current();
        recipe.steps.iter().for_each(|step| uses[step.op as usize] += 1);
        steps += recipe.steps.len();
        let output = recipe.run(&seeded(&recipe.inputs, 0, Measured::new))[recipe.output()];
        sharp += usize::from(output.error < 1e-6 * output.tangent.abs().max(1.0));
    }
    let rare: Vec<_> = Op::ALL.iter().filter(|op| uses[**op as usize] < 10).collect();
    assert!(rare.is_empty(), "hardly tried: {rare:?}");
    assert!(steps > 300 * 15, "{steps} steps in 300 programs");
    assert!(sharp > 280, "{sharp} of 300 are judged sharply");
}
