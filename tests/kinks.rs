//! What programs of several primitives return at kinks, poles and ends of domains, the same in every
//! number: nothing comes from an edge that is not taken. It must not know how a sweep sees reach.

mod common;

use common::all_bits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wengert::prelude::*;

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// The gradient by every way there is, each with its name.
fn gradients(
    f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    dual: impl Fn(&[Dual]) -> Dual,
    x: &[f64],
) -> Vec<(&'static str, Vec<f64>)> {
    let elsewhere: Vec<f64> = x.iter().map(|_| 0.75).collect();
    let (here, there) = (record(&f, x), record(&f, &elsewhere));
    let seeded = |k: usize| {
        let one = |(j, x): (usize, &f64)| {
            if j == k { Dual::new(*x, 1.0) } else { Dual::constant(*x) }
        };
        x.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let zeros = vec![0.0; x.len()];
    let mut all = vec![
        ("reverse", gradient(&f, x)),
        ("replayed", here.gradient(x).unwrap()),
        ("recorded elsewhere", there.gradient(x).unwrap()),
        ("reverse in Dual", there.hvp(x, &zeros).unwrap().0),
        ("as a program", there.derivative().unwrap().values(x).unwrap()),
        ("forward", (0..x.len()).map(|k| dual(&seeded(k)).tangent()).collect()),
        ("forward in lanes", there.jacobian(x).unwrap().data().to_vec()),
    ];
    if x.len() == 1 {
        all.push(("forward, replayed", there.jvp(x, &[1.0]).unwrap().1));
    }
    all
}

/// Checks the value and the gradient of a function at some points, bit for bit.
macro_rules! check {
    ($(|$v:ident| $body:expr => { $($x:expr => $value:expr, $slopes:expr;)+ })+) => { $({
        fn f<N: Number>($v: &[N]) -> N { $body }
        $(
            let (x, value, slopes): (&[f64], f64, &[f64]) = (&$x, $value, &$slopes);
            let what = concat!(stringify!($body), " at ", stringify!($x));
            assert_eq!(all_bits([f(x)]), all_bits([value]), "{what}: the value is {}", f(x));
            for (by, have) in gradients(|v| f(v), |v| f(v), x) {
                assert_eq!(all_bits(have.clone()), all_bits(slopes.to_vec()), "{what}, {by}: {have:?}, not {slopes:?}");
            }
        )+
    })+ };
}

fn zero<N: Number>() -> N {
    N::constant(0.0)
}

fn one<N: Number>() -> N {
    N::constant(1.0)
}

#[test]
fn a_branch_that_is_not_taken_gives_nothing() {
    check! {
        |v| v[0].select(v[0].sqrt(), zero()) => {
            [4.0] => 2.0, [0.25];
            [0.0] => 0.0, [0.0];
            [-0.0] => 0.0, [0.0];
            [-1.0] => 0.0, [0.0];
            [NAN] => NAN, [NAN];
        }
        |v| zero::<N>().max(v[0].ln()) => {
            [4.0] => 4.0_f64.ln(), [0.25];
            [0.0] => 0.0, [0.0];
            [-1.0] => NAN, [NAN];
        }
        |v| v[0].select(v[1], v[1] / v[0]) => {
            [1.0, 2.0] => 2.0, [0.0, 1.0];
            [0.0, 2.0] => INF, [-INF, INF];
        }
        |v| (v[0].sqrt() - 1.0).relu() => {
            [0.0] => 0.0, [0.0];
            [4.0] => 1.0, [0.25];
        }
        |v| v[0].sqrt().clamp(one(), N::constant(2.0)) => {
            [0.0] => 1.0, [0.0];
        }
        |v| v[0].sqrt().max(v[1]) => {
            [0.0, 1.0] => 1.0, [0.0, 1.0];
        }
        |v| v[0].sqrt().min(v[1]) => {
            [0.0, -1.0] => -1.0, [0.0, 1.0];
        }
        |v| { v[0].sqrt(); v[1] * 2.0 } => {
            [0.0, 1.0] => 2.0, [0.0, 2.0];
        }
    }
}

#[test]
fn a_piecewise_constant_gives_nothing() {
    check! {
        |v| v[0].sqrt().floor() + v[0].sqrt().ceil() + v[0].sqrt().round() + v[0].sqrt().trunc() => {
            [0.0] => 0.0, [0.0];
        }
        |v| v[0].sqrt().signum() => {
            [0.0] => 1.0, [0.0];
            [-1.0] => NAN, [NAN];
        }
        |v| v[1].copysign(v[0].sqrt()) => {
            [0.0, -3.0] => 3.0, [0.0, -1.0];
        }
        |v| v[0].sqrt().compare(v[1]).select(v[1], v[1]) => {
            [0.0, 1.0] => 1.0, [0.0, 1.0];
        }
    }
}

#[test]
fn a_slope_of_zero_is_taken_and_what_lies_behind_is_reached() {
    check! {
        |v| v[0].sqrt() * 0.0 => {
            [0.0] => 0.0, [NAN];
        }
        |v| v[0].sqrt().square() => {
            [0.0] => 0.0, [NAN];
            [4.0] => 4.0, [1.0];
        }
        |v| (v[0] * v[0] + v[1] * v[1]).sqrt() => {
            [0.0, 0.0] => 0.0, [NAN, NAN];
            [0.0, 2.0] => 2.0, [0.0, 1.0];
        }
        |v| v[0].hypot(v[1]) => {
            [0.0, 0.0] => 0.0, [0.0, 0.0];
        }
        |v| v[0].sqrt().powf(0.0) => {
            [0.0] => 1.0, [NAN];
        }
        |v| v[0].sqrt().powi(0) => {
            [0.0] => 1.0, [NAN];
        }
        |v| v[0].sqrt().abs() => {
            [0.0] => 0.0, [NAN];
        }
        |v| v[0].sqrt().relu() => {
            [0.0] => 0.0, [NAN];
        }
        |v| v[0].sqrt().clamp(zero(), one()) => {
            [0.0] => 0.0, [NAN];
        }
        |v| v[0].sqrt().max(zero()) => {
            [0.0] => 0.0, [INF];
        }
        |v| v[0].sqrt() - v[0].sqrt() => {
            [0.0] => 0.0, [NAN];
        }
    }
}

#[test]
fn ties_are_shared_and_infinities_follow_the_rules() {
    check! {
        |v| v[0].max(v[1]) + v[1].min(v[0]) => {
            [2.0, 2.0] => 4.0, [1.0, 1.0];
        }
        |v| v[0].max(v[0]) => {
            [2.0] => 2.0, [1.0];
        }
        |v| v[0].max(v[1]) => {
            [NAN, 1.0] => NAN, [NAN, NAN];
        }
        |v| v[0] * 0.0 => {
            [INF] => NAN, [0.0];
        }
        |v| v[0] - v[0] => {
            [INF] => NAN, [0.0];
        }
        |v| v[0].sqrt() + v[1] => {
            [0.0, 1.0] => 1.0, [INF, 1.0];
        }
        |v| v[0].pow(N::constant(2.0)) => {
            [-1.0] => 1.0, [-2.0];
        }
        |v| v[0].pow(v[1]) => {
            [-1.0, 2.0] => 1.0, [-2.0, NAN];
        }
    }
}

/// The identity, which counts how often its partials are asked for.
#[derive(Default)]
struct Counting(AtomicUsize);

impl Custom for Counting {
    fn name(&self) -> &str {
        "counting"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0]
    }
    fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
        self.0.fetch_add(1, Relaxed);
        partials[0] = 1.0;
    }
}

/// How often one sweep visits a custom slot behind the output of `f`.
fn visits(f: impl for<'t> Fn(Var<'t>, Var<'t>) -> Var<'t>, cotangent: f64) -> usize {
    let (tape, counting) = (Tape::new(), Arc::new(Counting::default()));
    let custom: Arc<dyn Custom> = counting.clone();
    let x = tape.new_input("x", 2.0);
    let y = f(x, tape.custom(&custom, &[x]));
    let after = tape.custom(&custom, &[y]);
    assert_eq!(after.value(), y.value());
    tape.vjp(&[(y, cotangent)]);
    counting.0.load(Relaxed)
}

#[test]
fn a_slot_that_no_adjoint_reached_is_not_visited() {
    assert_eq!(visits(|x, _| x.square(), 1.0), 0, "beside the output");
    assert_eq!(visits(|x, v| x.select(x, v), 1.0), 0, "the other branch");
    assert_eq!(visits(|x, v| (x + 1.0).max(v), 1.0), 0, "the loser");
    assert_eq!(visits(|x, v| v.floor() + x, 1.0), 0, "a piecewise constant");
    assert_eq!(visits(|x, v| v.detach() + x, 1.0), 0, "detached");
}

#[test]
fn a_slot_that_an_adjoint_reached_is_visited_once() {
    assert_eq!(visits(|x, v| v * v + v * x, 1.0), 1, "several uses");
    assert_eq!(visits(|_, v| v * 0.0, 1.0), 1, "a product by 0");
    assert_eq!(visits(|_, v| v * -0.0, 1.0), 1, "a product by -0");
    assert_eq!(visits(|_, v| v - v, 1.0), 1, "adjoints that cancel");
    assert_eq!(visits(|_, v| v * 3.0, 0.0), 1, "a cotangent of 0");
    assert_eq!(visits(|_, v| v * 3.0, -0.0), 1, "a cotangent of -0");
}
