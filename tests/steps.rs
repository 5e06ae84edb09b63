//! Derivations: what the steps say against what the sweeps compute, on the worked example and on
//! random programs. It must not know how a derivation is printed, but for its sentences.

mod common;

use common::recipes::recipes;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use wengert::prelude::*;
use wengert::{Formula, Steps};

/// The same programs each time.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1676);
    }
    config
}

/// The network of the worked example, with biases 0.30 and 0.60.
fn network(tape: &Tape) -> Var<'_> {
    let [x1, x2, t1, t2] = tape.inputs(["x1", "x2", "t1", "t2"], [0.05, 0.10, 0.01, 0.99]);
    let [w1, w2, w3, w4] = tape.inputs(["w1", "w2", "w3", "w4"], [0.15, 0.20, 0.25, 0.30]);
    let [w5, w6, w7, w8] = tape.inputs(["w5", "w6", "w7", "w8"], [0.40, 0.45, 0.50, 0.55]);
    let [b1, b2] = tape.inputs(["b1", "b2"], [0.30, 0.60]);
    let h1 = (w1 * x1 + w2 * x2 + b1).named("z1").sigmoid().named("h1");
    let h2 = (w3 * x1 + w4 * x2 + b1).named("z2").sigmoid().named("h2");
    let o1 = (w5 * h1 + w6 * h2 + b2).named("y1").sigmoid().named("o1");
    let o2 = (w7 * h1 + w8 * h2 + b2).named("y2").sigmoid().named("o2");
    let e1 = (0.5 * (t1 - o1).square()).named("E1");
    let e2 = (0.5 * (t2 - o2).square()).named("E2");
    (e1 + e2).named("E")
}

fn place(steps: &Steps, name: &str) -> usize {
    steps.all().iter().position(|step| step.name.as_deref() == Some(name)).expect(name)
}

/// How far a number is from the other, as a share of the larger.
fn apart(x: f64, y: f64) -> f64 {
    if x == y { 0.0 } else { (x - y).abs() / x.abs().max(y.abs()) }
}

#[test]
fn h1_of_the_example_gathers_two_paths() {
    let tape = Tape::new();
    let steps = tape.steps(network(&tape));
    let h1 = &steps.all()[place(&steps, "h1")];
    // Published figures of the example at these biases.
    let by: Vec<_> = h1.uses.iter().map(|by| (by.by, by.product)).collect();
    assert_eq!(
        by.iter().map(|(by, _)| *by).collect::<Vec<_>>(),
        ["y1", "y2"].map(|y| place(&steps, y))
    );
    assert!((by[0].1 - 0.055541).abs() < 5e-7 && (by[1].1 + 0.019379).abs() < 5e-7, "{by:?}");
    assert!((h1.adjoint.unwrap() - 0.036162).abs() < 5e-7);
    let w1 = place(&steps, "w1");
    assert!((steps.derivative(w1) - 0.000440117).abs() < 5e-10);
    assert_eq!(steps.count_paths(w1), 2.0);
    assert_eq!(steps.paths(w1, 10).len(), 2);
    assert_eq!(steps.paths(w1, 1)[0].len(), 7);
}

#[test]
fn partials_are_written_as_in_a_textbook() {
    let tape = Tape::new();
    let steps = tape.steps(network(&tape));
    let text = steps.text();
    for line in [
        "do1/dy1 = o1*(1 - o1) = 0.749438*(1 - 0.749438) = 0.187780",
        "dE1/do1 = -(t1 - o1) = -(0.01 - 0.749438) = 0.739438",
        "dE/dy1*dy1/dh1 = 0.138852*0.4 = +0.055541    # by way of y1",
        "dE/dy2*dy2/dh1 = -0.038758*0.5 = -0.019379    # by way of y2",
        "dE/dh1 = dE/dy1*dy1/dh1 + dE/dy2*dy2/dh1 = 0.055541 - 0.019379 = 0.036162",
        "delta_y1 = do1/dy1*dE/do1 = 0.187780*0.739438 = 0.138852",
        "dE/dw1 = delta_z1*x1 = 0.0088023*0.05 = 0.00044012",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line} is not in\n{text}");
    }
}

#[test]
fn slopes_at_the_sides_of_a_kink_are_written_as_in_a_textbook() {
    let tape = Tape::new();
    let [a, b, c] = tape.inputs(["a", "b", "c"], [0.7, -0.3, 0.5]);
    let r = a.relu().named("r");
    let m = b.max(c).named("m");
    let q = b.abs().named("q");
    let k = c.clamp(q, Var::constant(2.0)).named("k");
    let text = tape.steps((r + m + q + k).named("E")).text();
    for line in [
        "dr/da = select(a, 1, 0) = select(0.7, 1, 0) = 1",
        "# Nothing flows along this edge.\ndm/db = 0",
        "dm/dc = select(c - b, 1, 0) = select(0.5 - (-0.3), 1, 0) = 1",
        "dq/db = b/q = -0.3/0.3 = -1",
        "dk/dc = select(min(c - q, 2 - c), 1, 0) = select(min(0.5 - 0.3, 2 - 0.5), 1, 0) = 1",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line} is not in\n{text}");
    }
    // At the kink itself those forms have no value, or another one: what is computed is shown.
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [0.0, 0.0]);
    let text = tape.steps((x.abs().named("q") + x.max(y).named("m")).named("E")).text();
    for line in [
        "dq/dx = compare(x, 0) = compare(0, 0) = 0",
        "dm/dy = 0.5*(compare(y, x) + 1) = 0.5*(compare(0, 0) + 1) = 0.5",
    ] {
        assert!(text.contains(&format!("\n{line}\n")), "{line} is not in\n{text}");
    }
}

#[test]
fn units_are_sums_and_their_activations() {
    let tape = Tape::new();
    let steps = tape.steps(network(&tape));
    let name = |k: usize| steps.all()[k].name.clone().unwrap();
    let units: Vec<_> =
        steps.units().iter().map(|u| (name(u.net), name(u.out), u.hidden)).collect();
    let expected =
        [("y2", "o2", false), ("y1", "o1", false), ("z2", "h2", true), ("z1", "h1", true)];
    assert_eq!(units, expected.map(|(net, out, hidden)| (net.into(), out.into(), hidden)));
}

#[test]
fn what_is_asked_lies_between() {
    let tape = Tape::new();
    let e = network(&tape);
    let steps = tape.steps_to(e, &[tape.var("w1")]);
    let asked = steps.all().iter().filter(|step| step.asked);
    let names: Vec<_> = asked.map(|step| step.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["w1", "z1", "h1", "y1", "o1", "y2", "o2", "E1", "E2", "E"]);
    assert_eq!(steps.wrt(), [place(&steps, "w1")]);
}

#[test]
fn a_slot_without_a_name_that_is_used_twice_is_a_quantity() {
    let tape = Tape::new();
    let x = tape.new_input("x", 0.5);
    let square = x.square();
    let y = (square + square * 3.0).named("y");
    let steps = tape.steps(y);
    assert_eq!(steps.all().len(), 3);
    assert_eq!(steps.all()[1].name, None);
    assert_eq!(steps.all()[1].uses.len(), 1, "one entry for each quantity that uses it");
    assert_eq!(steps.all()[2].edges.len(), 2, "and one edge for each use");
    assert_eq!(steps.all()[1].uses[0].partial, 4.0);
    assert!(steps.text().contains("y = %1 + %1*3"), "{}", steps.text());
}

#[test]
fn doubling_chains_stay_small() {
    let tape = Tape::new();
    let mut x = tape.new_input("x", 1.0);
    for _ in 0..200 {
        x = x + x;
    }
    let steps = tape.steps(x);
    assert_eq!(steps.count_paths(0), 1.0, "ways by quantities, not by edges");
    assert_eq!(steps.derivative(0), 2f64.powi(200));
    assert_eq!(steps.derivative_formula(0, 200), Some(Formula::Constant(2f64.powi(200))));
}

#[test]
fn a_long_formula_is_cut_into_quantities() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let y = (0..10_000).fold(x, |y, _| y * 1.0001);
    let steps = tape.steps(y);
    assert!((40..200).contains(&steps.all().len()), "{} quantities", steps.all().len());
    assert!(apart(steps.derivative(0), 1.0001_f64.powi(10_000)) < 1e-10);
}

#[test]
fn nothing_flows_to_what_was_not_chosen() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [1.0, 0.0]);
    let steps = tape.steps((x.max(y.sqrt() * 0.0) * 2.0).named("z"));
    let uses = [0, 1].map(|k| (steps.all()[k].uses[0].taken, steps.all()[k].uses[0].product));
    // The slope of the root is infinite at 0: 0 times it would be NaN.
    assert_eq!(uses, [(true, 2.0), (false, 0.0)]);
    assert_eq!(steps.derivative(1), 0.0);
}

#[test]
fn a_partial_is_not_taken_for_the_whole_derivative() {
    let tape = Tape::new();
    let x = tape.new_input("x", 3.0);
    let a = x.square().named("a");
    let y = (a * x).named("y");
    let steps = tape.steps((y * 2.0).named("z"));
    let [x, y] = ["x", "y"].map(|name| place(&steps, name));
    assert!(!steps.only_way(x, y));
    assert!(steps.only_way(place(&steps, "a"), y));
    let text = steps.text();
    assert!(!text.contains("dy/dx"), "dy/dx is 27, and the partial 9:\n{text}");
    assert!(text.contains("dz/dx = dz/da*da/dx + dz/dy*a = 36 + 18 = 54"), "{text}");
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn steps_say_what_the_sweeps_compute(recipe in recipes()) {
        let tape = Tape::new();
        let slots = recipe.record(&tape);
        let output = slots[recipe.output()];
        for (k, var) in slots.iter().enumerate().filter(|(k, _)| k % 3 == 0) {
            var.named(format!("q{k}"));
        }
        let (steps, gradient) = (tape.steps(output), tape.gradient(output));
        let value = |q: usize| steps.all()[q].value;
        for (k, step) in steps.all().iter().enumerate() {
            let adjoint = gradient[tape.at(step.slot)];
            prop_assert_eq!(steps.derivative(k).to_bits(), adjoint.to_bits());
            if let Some(formula) = &step.formula {
                let computed = formula.value(&value).unwrap();
                prop_assert_eq!(computed.to_bits(), step.value.to_bits(), "{:?}", formula);
            }
            let size = step.uses.iter().fold(0.0, |size, by| size + by.product.abs());
            // A partial itself may be a difference of two numbers that are nearly equal.
            let sum: f64 = step.uses.iter().map(|by| by.product).sum();
            let gathered = k == steps.output() || (sum - adjoint).abs() <= 1e-12 * size + 1e-13;
            prop_assert!(gathered, "{:?}: {sum} of {:?}", step.name, step.uses);
            for by in step.uses.iter().filter(|by| by.taken) {
                let shown = by.formula.value(&value).unwrap();
                let close = (shown - by.partial).abs() <= 1e-6 * by.partial.abs() + 1e-9;
                prop_assert!(close, "{by:?} is worth {shown}");
            }
        }
    }

    #[test]
    fn one_formula_says_the_whole_derivative(recipe in recipes()) {
        let tape = Tape::new();
        let slots = recipe.record(&tape);
        let steps = tape.steps(slots[recipe.output()]);
        for k in 0..steps.all().len() {
            let Some(formula) = steps.derivative_formula(k, 200) else { continue };
            let shown = formula.value(&|q| steps.all()[q].value).unwrap();
            let size = steps.all()[k].uses.iter().fold(0.0, |size, by| size + by.product.abs());
            let off = (shown - steps.derivative(k)).abs();
            prop_assert!(off <= 1e-6 * size.max(shown.abs()) + 1e-9, "{formula:?} is worth {shown}");
        }
    }
}
