//! Derivatives as variables of the tape: against closed forms, at kinks, and how long the tape
//! becomes. It must not know how the sweep records them.

use std::sync::Arc;
use wengert::prelude::*;

/// The gradient, by x and by k, of what a function computes from x, k and the derivative of another
/// in x.
fn through_a_derivative(
    inner: impl for<'t> Fn(Var<'t>, Var<'t>) -> Var<'t>,
    outer: impl for<'t> Fn(Var<'t>, Var<'t>, Var<'t>) -> Var<'t>,
    x: f64,
    k: f64,
) -> [f64; 3] {
    let tape = Tape::new();
    let [x, k] = tape.input_array([x, k]);
    let y = inner(x, k);
    let slope = tape.gradient_vars(y, &[x])[0];
    let z = outer(x, k, slope);
    let gradient = tape.gradient(z);
    [z.value(), gradient[x], gradient[k]]
}

#[test]
fn what_is_made_of_a_derivative_has_its_derivatives_in_closed_form() {
    // y = x^2, x' = x - 0.1 dy/dx = 0.8 x.
    let updated = through_a_derivative(|x, _| x * x, |x, _, slope| x - slope * 0.1, 3.0, 0.0);
    assert_relative_eq!(updated[..], [2.4, 0.8, 0.0]);
    // y = sin(k x), z = (dy/dx)^2 = k^2 cos^2(k x).
    let (x, k) = (0.7, 1.3_f64);
    let (sin, cos) = (k * x).sin_cos();
    let expected = [
        k.powi(2) * cos.powi(2),
        -2.0 * k.powi(3) * sin * cos,
        2.0 * k * cos.powi(2) - 2.0 * k.powi(2) * x * sin * cos,
    ];
    let squared = through_a_derivative(|x, k| (x * k).sin(), |_, _, slope| slope.square(), x, k);
    assert_relative_eq!(squared[..], expected, max_relative = 1e-14);
}

#[test]
fn a_derivative_is_taken_again_and_again() {
    let tape = Tape::new();
    let [x] = tape.input_array([0.3]);
    let mut y = (x * 2.0).exp();
    for order in 1..=5 {
        y = tape.gradient_vars(y, &[x])[0];
        assert_relative_eq!(y.value(), 2_f64.powi(order) * 0.6_f64.exp(), max_relative = 1e-13);
    }
}

/// Each of these has an infinite slope behind an edge that is not taken.
#[test]
fn an_edge_that_is_not_taken_carries_nothing_into_what_follows() {
    let step = |inner: for<'t> fn(Var<'t>, Var<'t>) -> Var<'t>, x: f64, k: f64| {
        through_a_derivative(inner, |x, _, slope| x * 3.0 + slope, x, k)
    };
    assert_eq!(step(|x, k| x.sqrt().max(k), 0.0, 1.0), [0.0, 3.0, 0.0]);
    assert_eq!(step(|x, k| k.max(x.sqrt()), 0.0, 1.0), [0.0, 3.0, 0.0]);
    assert_eq!(step(|x, _| x.ln().relu(), 0.0, 1.0), [0.0, 3.0, 0.0]);
    assert_eq!(step(|x, k| x.select(x.sqrt(), k), 0.0, 1.0), [0.0, 3.0, 0.0]);
    assert_eq!(step(|x, k| x.recip().clamp(k, k * 2.0), 0.0, 1.0), [0.0, 3.0, 0.0]);
}

/// 0 times infinity is no such edge: both factors are reached, and the NaN does not vanish.
#[test]
fn a_nan_of_a_taken_edge_stays_in_what_follows() {
    let made = through_a_derivative(|x, _| x * 0.0 * x.ln(), |x, _, slope| x + slope, 0.0, 0.0);
    assert!(made[0].is_nan() && made[1].is_nan(), "{made:?}");
}

#[test]
fn what_nothing_reaches_has_the_constant_0() {
    let tape = Tape::new();
    let [x, k] = tape.input_array([2.0, 5.0]);
    let y = x.square();
    let later = x * k;
    let slopes = tape.gradient_vars(y, &[k, later, y, x]);
    let seen: Vec<_> = slopes.iter().map(|slope| (slope.value(), slope.slot().is_some())).collect();
    assert_eq!(seen, [(0.0, false), (0.0, false), (1.0, false), (4.0, true)]);
    assert!(slopes.iter().all(|slope| slope.value().is_sign_positive()));
    assert!(tape.gradient_vars(y, &[]).is_empty());
}

#[test]
fn a_program_is_called_and_differentiated_in_both_ways() {
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].powi(4), &[1.0]));
    let tape = Tape::new();
    let [x] = tape.input_array([2.0]);
    let y = tape.custom(&inner, &[x]);
    let slope = tape.gradient_vars(y, &[x])[0];
    assert_relative_eq!(slope.value(), 32.0);
    assert_relative_eq!(tape.gradient(slope)[x], 48.0);
    let third = tape.gradient_vars(tape.gradient_vars(slope, &[x])[0], &[x])[0];
    assert_relative_eq!(third.value(), 48.0);
}

/// A sweep records a bounded number of slots for each that it visits, and visits none below the
/// first variable that is asked for.
#[test]
fn the_tape_grows_by_a_few_slots_for_each_that_the_sweep_visits() {
    let grown = |length: usize, asked: usize| {
        let tape = Tape::new();
        let [x] = tape.input_array([0.4]);
        let mut chain = vec![x];
        for _ in 0..length {
            chain.push(chain[chain.len() - 1].sin() * 1.01);
        }
        let before = tape.len();
        tape.gradient_vars(chain[length], &[chain[asked]]);
        tape.len() - before
    };
    let [short, long] = [grown(100, 0), grown(200, 0)];
    assert!(short <= 5 * 2 * 100, "{short} slots for 200");
    assert!(long <= 2 * short + 5, "{long} slots, and {short} for half of it");
    assert!(grown(200, 190) < grown(11, 0));
}

/// The last order that the row accepts has no slope, and no panic.
#[test]
fn polygamma_of_the_last_order_has_no_slope() {
    let tape = Tape::new();
    let [x] = tape.input_array([2.0]);
    let slope = |order: u32| tape.gradient_vars(Number::polygamma(x, order), &[x])[0].value();
    assert_relative_eq!(slope(1), Number::polygamma(2.0_f64, 2));
    assert!(slope(65_535).is_nan());
}
