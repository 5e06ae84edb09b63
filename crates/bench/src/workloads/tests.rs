//! Holds every adjoint against central differences, published figures and a count of operations.
//! It must not know tapes: a number that counts is the only one here beside f64.

mod count;

use super::*;
use count::Count;
use wengert::Number;

/// Fourth-order central difference of a function of one variable at 0.
fn difference(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1e-3;
    (8.0 * (f(h) - f(-h)) - (f(2.0 * h) - f(-2.0 * h))) / (12.0 * h)
}

fn moved(x: &[f64], by: impl Fn(usize) -> f64) -> Vec<f64> {
    x.iter().enumerate().map(|(i, x)| x + by(i)).collect()
}

fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
}

/// Checks the adjoint at some points: its value against the primal, every `stride`th component of
/// the gradient, and the slope in a direction in which no component is missing.
fn check<W: Workload>(mut workload: W, stride: usize, tolerance: f64) {
    for x in workload.points().iter().step_by(250) {
        let mut x_bar = vec![f64::NAN; x.len()];
        let value = workload.adjoint(x, &mut x_bar);
        assert_eq!(value, workload.primal(x), "{}: value", workload.name());
        let tolerance = tolerance * largest(&x_bar);
        for i in (0..x.len()).step_by(stride) {
            let slope =
                difference(|h| workload.primal(&moved(x, |j| if i == j { h } else { 0.0 })));
            assert!(
                (slope - x_bar[i]).abs() <= tolerance,
                "{} {i}: {slope} {}",
                workload.name(),
                x_bar[i]
            );
        }
        let direction: Vec<f64> = (0..x.len()).map(|i| (1.3 * i as f64 + 0.4).cos()).collect();
        let scale = 1.0 / direction.iter().map(|d| d * d).sum::<f64>().sqrt();
        let slope = difference(|h| workload.primal(&moved(x, |i| h * scale * direction[i])));
        let exact: f64 = x_bar.iter().zip(&direction).map(|(bar, d)| bar * d * scale).sum();
        assert!(
            (slope - exact).abs() <= tolerance,
            "{} direction: {slope} {exact}",
            workload.name()
        );
    }
}

/// Checks that a second call, at another point and back, is not touched by the first.
fn check_again<W: Workload>(mut workload: W) {
    let x = workload.points().swap_remove(0);
    let elsewhere = moved(&x, |i| 1e-3 * (i as f64).sin());
    let mut bars = [vec![f64::NAN; x.len()], vec![7.0; x.len()], vec![0.0; x.len()]];
    let first = workload.adjoint(&x, &mut bars[0]);
    assert_ne!(first, workload.adjoint(&elsewhere, &mut bars[1]), "{}", workload.name());
    assert_eq!(first, workload.adjoint(&x, &mut bars[2]), "{}", workload.name());
    assert_eq!(bars[0], bars[2], "{}", workload.name());
}

fn check_ops<W: Workload>(workload: W, published: usize) {
    let x: Vec<Count> = workload.points()[0].iter().map(|x| Count::constant(*x)).collect();
    let ops = Count::during(|| workload.primal(&x));
    assert_eq!((ops, workload.ops()), (published, published), "{}", workload.name());
}

#[test]
fn adjoints_agree_with_central_differences() {
    check(Net222, 1, 1e-9);
    check(Rosenbrock { n: 2 }, 1, 1e-9);
    check(Rosenbrock { n: 1_000 }, 1, 1e-9);
    check(Advection, 1, 1e-9);
    check(Gmm::new(), 37, 1e-8);
    check(Mlp::plain(), 1, 1e-9);
    check(Mlp::with_dot(), 97, 1e-9);
    check(BlackScholes, 1, 1e-9);
}

#[test]
fn adjoints_keep_nothing_from_the_last_call() {
    check_again(Net222);
    check_again(Rosenbrock { n: 1_000 });
    check_again(Advection);
    check_again(Gmm::new());
    check_again(Mlp::plain());
    check_again(BlackScholes);
}

#[test]
fn operations_are_as_many_as_stated() {
    check_ops(Net222, 27);
    check_ops(Rosenbrock { n: 1_000 }, 7_991);
    check_ops(Rosenbrock { n: 100_000 }, 799_991);
    check_ops(Advection, 1_600_199);
    check_ops(Gmm::new(), 3_381_356);
    check_ops(Mlp::plain(), 6_869);
    check_ops(Mlp::with_dot(), 6_869);
    check_ops(BlackScholes, 24);
}

#[test]
fn inputs_are_as_many_as_stated() {
    let inputs = |points: Vec<Vec<f64>>| (points.len(), points[0].len());
    assert_eq!(inputs(Net222.points()), (1, 10));
    assert_eq!(inputs(Advection.points()), (1, 100));
    assert_eq!(inputs(Gmm::new().points()), (1, 1650));
    assert_eq!(inputs(Mlp::plain().points()), (1, 3466));
    assert_eq!(inputs(BlackScholes.points()), (1000, 5));
}

/// M. Mazur, "A step by step backpropagation example", 2015.
#[test]
fn net222_is_the_worked_example() {
    let mut x_bar = [0.0; 10];
    let error = Net222.adjoint(&Net222.points()[0], &mut x_bar);
    assert!((error - 0.298371109).abs() < 1e-9);
    assert!((x_bar[0] - 0.000438568).abs() < 1e-9, "w1");
    assert!((x_bar[4] - 0.082167041).abs() < 1e-9, "w5");
}

/// J. C. Hull, "Options, Futures, and Other Derivatives", the example of the chapter on the
/// Black-Scholes-Merton model, and the closed forms of delta, rho and vega.
#[test]
fn black_scholes_is_the_textbook_price() {
    let [s, k, t, r, v] = [42.0, 40.0, 0.5, 0.1, 0.2_f64];
    let mut x_bar = [0.0; 5];
    let price = BlackScholes.adjoint(&[s, k, t, r, v], &mut x_bar);
    assert!((price - 4.76).abs() < 5e-3);
    assert!((x_bar[0] - 0.7791).abs() < 5e-5, "delta is N(d1)");
    let d1 = ((s / k).ln() + (r + 0.5 * v * v) * t) / (v * t.sqrt());
    let vega = s * t.sqrt() * (-0.5 * d1 * d1).exp() / (2.0 * std::f64::consts::PI).sqrt();
    assert!((x_bar[4] - vega).abs() < 1e-12, "vega is {vega}");
    assert!((x_bar[3] - t * (x_bar[0] * s - price)).abs() < 1e-12, "rho is t k exp(-rt) N(d2)");
}

/// The scheme conserves the sum of the state, and its adjoint therefore the sum of adjoints:
/// a shift of all cells by `h` shifts the last state by `h`.
#[test]
fn advection_conserves() {
    let x = Advection.points().swap_remove(0);
    let mut x_bar = vec![0.0; x.len()];
    Advection.adjoint(&x, &mut x_bar);
    let (mass, adjoint) = (x.iter().sum::<f64>(), x_bar.iter().sum::<f64>());
    assert!((adjoint - 2.0 * mass).abs() < 1e-11 * mass);
}

/// At its minimum, all ones, the function and its gradient are zero.
#[test]
fn rosenbrock_has_its_minimum_at_one() {
    let mut x_bar = [f64::NAN; 50];
    assert_eq!(Rosenbrock { n: 50 }.adjoint(&[1.0; 50], &mut x_bar), 0.0);
    assert!(x_bar.iter().all(|bar| *bar == 0.0));
}

/// With equal components the mixture is one Gaussian, and the weights have no slope.
#[test]
fn gmm_of_equal_components_does_not_care_for_weights() {
    let mut gmm = Gmm::new();
    let x = vec![0.0; 1650];
    let mut x_bar = vec![f64::NAN; 1650];
    let value = gmm.adjoint(&x, &mut x_bar);
    assert_eq!(value, gmm.primal(&x));
    assert!(x_bar[..25].iter().all(|bar| bar.abs() < 1e-9));
}
