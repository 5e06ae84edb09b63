//! Laws of programs and of the numbers that they run in, tried on random ones. It must not know how
//! a sweep works, only that the same question asked in two ways has the same answer.

mod common;

use common::recipes::{Recipe, recipes};
use common::{all_bits, bits};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Arc;
use wengert::{
    Custom, Dual, Error, Lanes, Number, Program, Recorded, Tape, Var, record, record_vec,
};

/// The same programs each time; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` ask for others and more.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1964);
    }
    config
}

/// The recipe's program with its last slot as the output.
fn program(recipe: &Recipe) -> Program {
    record(|x| recipe.run(x)[recipe.output()], &recipe.inputs)
}

/// The recipe's program with every slot that it computes as an output.
fn program_of_all(recipe: &Recipe) -> Program {
    record_vec(|x| recipe.run(x)[x.len()..].to_vec(), &recipe.inputs)
}

/// A direction that belongs to the point, with no zero in it.
fn direction(length: usize) -> Vec<f64> {
    (0..length).map(|k| 0.75 - 0.5 * k as f64).collect()
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// The size that a dot product has before anything cancels.
fn size(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x * y).abs()).sum()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn forward_and_reverse_are_transposes(recipe in recipes()) {
        let program = program_of_all(&recipe);
        let (x, x_dot) = (&recipe.inputs, direction(recipe.inputs.len()));
        let y_bar: Vec<f64> = (0..program.outputs()).map(|k| (k as f64 * 0.7).cos()).collect();
        let (y, y_dot) = program.jvp(x, &x_dot).unwrap();
        let (same_y, x_bar) = program.vjp(x, &y_bar).unwrap();
        prop_assert_eq!(all_bits(y), all_bits(same_y));
        let (forward, reverse) = (dot(&y_bar, &y_dot), dot(&x_bar, &x_dot));
        let size = size(&y_bar, &y_dot) + size(&x_bar, &x_dot);
        let off = (forward - reverse).abs();
        prop_assert!(off <= 1e-9 * size || !size.is_finite(), "{forward:e} and {reverse:e}");
    }

    #[test]
    fn a_replay_is_a_recording(recipe in recipes(), at in prop::collection::vec(-3.0..3.0, 5)) {
        let at = recipe.elsewhere(&at[..recipe.inputs.len()]);
        let there = Recipe { inputs: at.clone(), ..recipe.clone() };
        let tape = Tape::new();
        let slots = there.record(&tape);
        let y = slots[recipe.output()];
        let (value, gradient) = program(&recipe).value_and_gradient(&at).unwrap();
        prop_assert_eq!(bits(value), bits(y.value()));
        prop_assert_eq!(all_bits(gradient), all_bits(tape.gradient(y).to_vec()));
        let values = program_of_all(&recipe).values(&at).unwrap();
        let recorded = slots[at.len()..].iter().map(|v| v.value());
        prop_assert_eq!(all_bits(values), all_bits(recorded));
    }

    #[test]
    fn simplification_keeps_every_bit_of_every_value(
        recipe in recipes(),
        at in prop::collection::vec(-3.0..3.0, 5),
    ) {
        let at = recipe.elsewhere(&at[..recipe.inputs.len()]);
        let all = program_of_all(&recipe);
        prop_assert_eq!(all_bits(all.values(&at).unwrap()), all_bits(all.simplify().values(&at).unwrap()));
        let (full, short) = (program(&recipe), program(&recipe).simplify());
        prop_assert!(short.len() <= full.len());
        prop_assert_eq!(short.simplify().len(), short.len());
        prop_assert_eq!(bits(full.value(&at).unwrap()), bits(short.value(&at).unwrap()));
        // Merged subexpressions add up in another order, so that only the last digits may differ.
        let (full, short) = (full.gradient(&recipe.inputs).unwrap(), short.gradient(&recipe.inputs).unwrap());
        for (full, short) in full.iter().zip(short) {
            prop_assert!((full - short).abs() <= 1e-9 * full.abs().max(1e-3), "{full:e}, {short:e}");
        }
    }

    #[test]
    fn lanes_do_not_see_each_other(recipe in recipes(), by in prop::array::uniform4(-1.0..1.0)) {
        let shifted = |by: f64| {
            let moved: Vec<f64> = recipe.inputs.iter().map(|x| x + by).collect();
            recipe.elsewhere(&moved)
        };
        let points = by.map(shifted);
        let lane = |k: usize| Lanes(std::array::from_fn::<f64, 4, _>(|lane| points[lane][k]));
        let x: Vec<Lanes<4>> = (0..recipe.inputs.len()).map(lane).collect();
        let in_lanes = recipe.run(&x);
        for (lane, point) in points.iter().enumerate() {
            let alone: Vec<_> = point.iter().map(|x| Lanes([*x])).collect();
            let alone = recipe.run(&alone).into_iter().map(|v| v.0[0]);
            prop_assert_eq!(all_bits(in_lanes.iter().map(|v| v.0[lane])), all_bits(alone));
        }
    }

    #[test]
    fn a_derivative_program_is_the_reverse_sweep(
        recipe in recipes(),
        at in prop::collection::vec(-3.0..3.0, 5),
    ) {
        let program = program(&recipe);
        let derivative = program.derivative().unwrap();
        for at in [recipe.inputs.clone(), recipe.elsewhere(&at[..recipe.inputs.len()])] {
            let gradient = all_bits(program.gradient(&at).unwrap());
            prop_assert_eq!(&all_bits(derivative.values(&at).unwrap()), &gradient);
            prop_assert_eq!(&all_bits(derivative.simplify().values(&at).unwrap()), &gradient);
        }
    }

    #[test]
    fn derivatives_as_variables_are_the_reverse_sweep_and_are_differentiated_again(recipe in recipes()) {
        let program = program(&recipe);
        let x = &recipe.inputs;
        let tape = Tape::new();
        let v = tape.input_slice(x);
        let y = recipe.run(&v)[recipe.output()];
        let slopes = tape.gradient_vars(y, &v);
        let values = slopes.iter().map(|slope| slope.value());
        prop_assert_eq!(all_bits(values), all_bits(tape.gradient(y).to_vec()));
        let again = program.derivative().unwrap().jacobian(x).unwrap();
        // What cancels is judged beside the largest entry, as in the test of Hessians.
        let scale = again.data().iter().fold(1e-3, |most: f64, entry| most.max(entry.abs()));
        for (i, slope) in slopes.iter().enumerate().filter(|(_, slope)| slope.slot().is_some()) {
            let row = tape.gradient(*slope).to_vec();
            for (j, entry) in row.iter().enumerate() {
                let other = again[(i, j)];
                let off = (entry - other).abs();
                prop_assert!(bits(*entry) == bits(other) || off <= 1e-9 * scale, "{entry:e}, {other:e}");
            }
        }
    }

    #[test]
    fn a_jacobian_is_its_products(recipe in recipes()) {
        let program = program_of_all(&recipe);
        let (n, x) = (program.inputs(), &recipe.inputs);
        let jacobian = program.jacobian(x).unwrap();
        for k in 0..n {
            let unit: Vec<f64> = (0..n).map(|i| f64::from(i == k)).collect();
            let (_, column) = program.jvp(x, &unit).unwrap();
            for (i, entry) in column.iter().enumerate() {
                let off = (jacobian[(i, k)] - entry).abs();
                prop_assert!(off <= 1e-9 * entry.abs().max(1e-6), "({i}, {k}): {off:e} of {entry:e}");
            }
        }
        let row = program.vjp(x, &unit_last(program.outputs())).unwrap().1;
        // An entry may be the difference of larger terms, of which the rest of the row shows the size.
        let size = row.iter().fold(1e-6, |most: f64, entry| most.max(entry.abs()));
        for (k, entry) in row.iter().enumerate() {
            let off = (jacobian[(program.outputs() - 1, k)] - entry).abs();
            prop_assert!(off <= 1e-9 * size, "{k}: {off:e} of {entry:e}");
        }
    }

    #[test]
    fn a_hessian_is_symmetric_and_all_ways_to_it_agree(recipe in recipes()) {
        let program = program(&recipe);
        let (n, x) = (program.inputs(), &recipe.inputs);
        let hessian = program.hessian(x).unwrap();
        let again = program.derivative().unwrap().jacobian(x).unwrap();
        let scale = hessian.data().iter().fold(1e-3, |most: f64, entry| most.max(entry.abs()));
        prop_assume!(scale < 1e6);
        let x_dot = direction(n);
        let (gradient, product) = program.hvp(x, &x_dot).unwrap();
        prop_assert_eq!(all_bits(gradient), all_bits(program.gradient(x).unwrap()));
        for i in 0..n {
            for j in 0..n {
                let (entry, mirrored) = (hessian[(i, j)], hessian[(j, i)]);
                prop_assert!((entry - mirrored).abs() <= 1e-8 * scale, "{entry:e}, {mirrored:e}");
                prop_assert!((entry - again[(i, j)]).abs() <= 1e-8 * scale);
            }
            let from_rows = dot(hessian.row(i), &x_dot);
            prop_assert!((from_rows - product[i]).abs() <= 1e-8 * scale * n as f64);
        }
    }

    #[test]
    fn a_program_is_a_primitive(recipe in recipes()) {
        let (inner, x) = (program(&recipe), &recipe.inputs);
        let custom: Arc<dyn Custom> = Arc::new(inner.clone());
        let outer = {
            let tape = Tape::new();
            let v = tape.input_slice(x);
            tape.program(&[tape.custom(&custom, &v)])
        };
        prop_assert_eq!(bits(outer.value(x).unwrap()), bits(inner.value(x).unwrap()));
        prop_assert_eq!(all_bits(outer.gradient(x).unwrap()), all_bits(inner.gradient(x).unwrap()));
        let x_dot = direction(x.len());
        let (ours, theirs) = (outer.hvp(x, &x_dot).unwrap().1, inner.hvp(x, &x_dot).unwrap().1);
        for (ours, theirs) in ours.iter().zip(theirs) {
            prop_assert!((ours - theirs).abs() <= 1e-9 * theirs.abs().max(1e-3));
        }
    }
}

fn unit_last(length: usize) -> Vec<f64> {
    (0..length).map(|k| f64::from(k + 1 == length)).collect()
}

fn branchy<'t>(v: &[Var<'t>]) -> Var<'t> {
    if v[0] > v[1] { v[0] * v[0] } else { v[1] * 3.0 }
}

#[test]
fn a_branch_that_changes_is_an_error_with_its_line() {
    let f = record(branchy, &[2.0, 1.0]);
    assert_eq!(f.value(&[3.0, 1.0]), Ok(9.0));
    let error = f.value(&[1.0, 2.0]).unwrap_err();
    let Error::BranchChanged { place, .. } = &error else { panic!("{error}") };
    assert!(place.file.ends_with("programs.rs"), "{place}");
    let line = include_str!("programs.rs").lines().position(|l| l.contains("if v[0] > v[1]"));
    assert_eq!(place.line as usize, line.unwrap() + 1);
    assert_eq!(
        error.to_string(),
        format!(
            "at this point the comparison `>` at {place} goes the other way than when the program \
             was recorded; record it again at this point, or use `Recorded`"
        ),
    );
    for wrong in [f.gradient(&[1.0, 2.0]).map(|_| ()), f.hvp(&[1.0, 2.0], &[1.0, 0.0]).map(|_| ())]
    {
        assert_eq!(wrong, Err(error.clone()));
    }
    assert!(f.derivative().unwrap().values(&[1.0, 2.0]).is_err());
    assert!(f.simplify().value(&[1.0, 2.0]).is_err());
}

/// The place of the comparison in [`branchy`], as a message writes it.
fn place_in_branchy() -> String {
    let text = include_str!("programs.rs").lines().enumerate();
    let mut found = text.filter(|(_, line)| line.contains("if v[0] > v[1]"));
    let (line, text) = found.next().expect("it compares");
    format!("{}:{}:{}", file!(), line + 1, text.find("v[0] > v[1]").expect("a column") + 1)
}

#[test]
fn a_comparison_that_is_recorded_anew_keeps_its_line() {
    let f = record(branchy, &[2.0, 1.0]);
    let inlined =
        record(|v| f.inline(&[v[0] * 2.0, v[1]]).expect("the same branch")[0], &[2.0, 1.0]);
    let custom: Arc<dyn Custom> = Arc::new(f.clone());
    let called = {
        let tape = Tape::new();
        let v = tape.input_slice(&[2.0, 1.0]);
        tape.program(&[tape.custom(&custom, &v) * 3.0])
    };
    let derivatives =
        [&f, &inlined, &called].map(|f| f.derivative().expect("no opaque primitives"));
    let second = derivatives[0].derivative().expect("no opaque primitives");
    let all = [&inlined, &called, &second].into_iter().chain(&derivatives);
    let place = place_in_branchy();
    for program in all.flat_map(|program| [program.clone(), program.simplify()]) {
        let error = program.values(&[1.0, 4.0]).expect_err("the other branch");
        let Error::BranchChanged { place: found, .. } = error else { panic!("{error}") };
        assert_eq!(found.to_string(), place);
    }
    let elsewhere = record_vec(|v| vec![f.inline(v).map_or(v[0], |y| y[0])], &[1.0, 4.0]);
    let back = elsewhere.values(&[4.0, 1.0]).expect_err("the branch of the program, not of here");
    assert!(back.to_string().contains(&place), "{back}");
}

#[test]
fn an_inequality_has_its_line_too() {
    let f = record(|v| if v[0] != v[1] { v[0] } else { v[1] }, &[2.0, 1.0]);
    let Err(Error::BranchChanged { place, .. }) = f.value(&[1.0, 1.0]) else { panic!("a branch") };
    assert!(place.file.ends_with("programs.rs"), "{place}");
}

#[test]
fn a_recorded_function_follows_its_branches() {
    let mut f = Recorded::new(branchy, &[2.0, 1.0]);
    assert_eq!(f.value_and_gradient(&[3.0, 1.0]), (9.0, vec![6.0, 0.0]));
    assert_eq!(f.recordings(), 1);
    assert_eq!(f.value_and_gradient(&[1.0, 2.0]), (6.0, vec![0.0, 3.0]));
    assert_eq!(f.recordings(), 2);
}

#[test]
fn programs_can_be_sent_and_shared() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Program>();
    let f = record(|v| v[0].powi(3), &[1.0]);
    let values: Vec<f64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|k| {
                scope.spawn({
                    let f = &f;
                    move || f.value(&[k as f64]).unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(values, [0.0, 1.0, 8.0, 27.0]);
}

#[test]
fn third_derivatives_come_from_nesting() {
    let x = Dual::new(
        Dual::new(Dual::new(0.5, 1.0), Dual::new(1.0, 0.0)),
        Dual::new(Dual::new(1.0, 0.0), Dual::new(0.0, 0.0)),
    );
    let third = x.exp().tangent().tangent().tangent();
    assert!((third - 0.5f64.exp()).abs() < 1e-15, "{third}");
    let program = record(|v| v[0].sin(), &[0.5]);
    let third = program.derivative().unwrap().derivative().unwrap().derivative().unwrap();
    assert!((third.value(&[0.5]).unwrap() + 0.5f64.cos()).abs() < 1e-15);
}

#[test]
fn a_sweep_down_in_nested_tangents_is_of_third_order() {
    let f = record(|v| v[0].exp() * v[1].sin(), &[0.0, 0.0]);
    let (x, y) = (0.5_f64, 1.25_f64);
    let moving = Dual::new(Dual::new(x, 1.0), Dual::constant(1.0));
    let (_, bars) = f.reverse(&[moving, Dual::constant(y)], &[Number::constant(1.0)]).unwrap();
    let third = |bar: Dual<Dual>| bar.tangent().tangent();
    assert!((third(bars[0]) - x.exp() * y.sin()).abs() < 1e-15, "d^3/dx^3");
    assert!((third(bars[1]) - x.exp() * y.cos()).abs() < 1e-15, "d^3/dx^2 dy");
}

#[test]
fn what_is_not_folded_stays() {
    let f = record(|v| v[0] * 0.0 + (v[0] - v[0]) + v[0] / v[0], &[2.0]).simplify();
    assert!(f.value(&[f64::INFINITY]).unwrap().is_nan());
    assert!(f.value(&[0.0]).unwrap().is_nan());
    let folded = record(|v| v[0] * (Var::constant(2.0) * 3.0), &[1.0]);
    assert_eq!(folded.len(), 2);
}

#[test]
fn an_opaque_primitive_is_refused_by_name_where_it_cannot_run() {
    struct Opaque;
    impl Custom for Opaque {
        fn name(&self) -> &str {
            "opaque"
        }
        fn value(&self, x: &[f64]) -> f64 {
            x[0] * x[0]
        }
        fn partials(&self, x: &[f64], _: f64, partials: &mut [f64]) {
            partials[0] = 2.0 * x[0];
        }
    }
    let tape = Tape::new();
    let [x] = tape.input_array([3.0]);
    let custom: Arc<dyn Custom> = Arc::new(Opaque);
    let f = tape.program(&[tape.custom(&custom, &[x])]);
    assert_eq!(f.value_and_gradient(&[4.0]), Ok((16.0, vec![8.0])));
    assert_eq!(f.jvp(&[4.0], &[1.0]), Ok((vec![16.0], vec![8.0])));
    let unsupported = Error::Unsupported { custom: "opaque".to_owned() };
    assert_eq!(f.hvp(&[4.0], &[1.0]), Err(unsupported.clone()));
    assert_eq!(f.hessian(&[4.0]), Err(unsupported.clone()));
    assert_eq!(f.derivative().map(|_| ()), Err(unsupported));
}
