//! What programs of several primitives return at kinks, poles and ends of domains, the same in every
//! number: nothing comes from an edge that is not taken. It must not know how a sweep sees reach.

mod common;

use common::all_bits;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use wengert::QuickTape;
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
        ("as variables", {
            let tape = Tape::new();
            let v = tape.input_slice(x);
            let y = tape.at(f(&v).slot().expect("the output is a variable"));
            tape.gradient_vars(y, &v).iter().map(|slope| slope.value()).collect()
        }),
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
fn what_nothing_reached_within_a_program_is_not_handed_on() {
    // The program takes its first argument, so nothing flows to the second, where 0 times infinity
    // would wait; an argument that it does not use at all is the same.
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].select(v[0], v[1]) * 2.0, &[3.0, 1.0]));
    let outer = |x: Var<'_>| {
        let tape = x.tape().unwrap();
        tape.program(&[tape.custom(&inner, &[tape.at(1), tape.at(2)])])
    };
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [0.0, 3.0]);
    let root = x.sqrt();
    assert_eq!((root.slot(), y.slot()), (Some(2), Some(1)));
    let program = outer(x);
    for (by, gradient) in [
        ("the tape", tape.gradient(tape.custom(&inner, &[y, root])).to_vec()),
        ("the program", program.gradient(&[0.0, 3.0]).unwrap()),
        ("dual numbers", program.hvp(&[0.0, 3.0], &[0.0, 0.0]).unwrap().0),
        ("a derivative program", program.derivative().unwrap().values(&[0.0, 3.0]).unwrap()),
    ] {
        assert_eq!(all_bits(gradient), all_bits([0.0, 2.0]), "by {by}");
    }
    // In lanes, one point takes the other branch.
    let points = [0.0, 3.0, 4.0, -3.0, 0.0, 2.0, 9.0, 1.0];
    let (values, gradients) = program.batch().values_and_gradients(&points).unwrap();
    assert_eq!(values, [6.0, 4.0, 4.0, 2.0]);
    assert_eq!(all_bits(gradients), all_bits([0.0, 2.0, 0.5, 0.0, 0.0, 2.0, 0.0, 2.0]));
    let counted = |x: Var<'_>, custom: &Arc<dyn Custom>| {
        let tape = x.tape().unwrap();
        let y = tape.custom(&inner, &[x, tape.custom(custom, &[x])]);
        tape.gradient(y).to_vec()
    };
    let (tape, counting) = (Tape::new(), Arc::new(Counting::default()));
    let custom: Arc<dyn Custom> = counting.clone();
    assert_eq!(counted(tape.new_input("x", 3.0), &custom), [2.0]);
    assert_eq!(counting.0.load(Relaxed), 0, "what is behind is not visited");
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

/// The largest, or the smallest, of many, one after the other.
fn chain<N: Number>(x: &[N], larger: bool) -> N {
    x.iter().copied().reduce(|x, y| if larger { x.max(y) } else { x.min(y) }).unwrap()
}

/// Maxima of the same numbers, nested in every way that there is for three.
fn nested<N: Number>(x: &[N], larger: bool) -> [N; 4] {
    let pick = |x: N, y: N| if larger { x.max(y) } else { x.min(y) };
    let [a, b, c] = [x[0], x[1], x[2]];
    [pick(pick(a, b), c), pick(a, pick(b, c)), pick(pick(c, a), b), pick(pick(a, b), pick(b, c))]
}

#[test]
fn a_tie_of_three_is_shared_alike_whatever_the_nesting() {
    let third = 1.0 / 3.0;
    let half = [0.5, 0.5, 0.0];
    for (larger, sign) in [(true, 1.0), (false, -1.0)] {
        for k in 0..3 {
            let slope = |x: [f64; 3]| gradient(|v| nested(v, larger)[k], &x.map(|x| sign * x));
            assert_eq!(slope([1.0, 1.0, 1.0]), [third; 3], "nesting {k}");
            assert_eq!(slope([2.0, 2.0, 1.0]), half, "nesting {k}");
            assert_eq!(slope([2.0, 3.0, 1.0]), [0.0, 1.0, 0.0], "nesting {k}");
            assert!(slope([2.0, f64::NAN, 1.0])[1].is_nan(), "nesting {k}");
        }
    }
    // b stands behind both: of the four that attain it, two are b.
    assert_eq!(gradient(|v| nested(v, true)[3], &[1.0; 3]), [0.25, 0.5, 0.25]);
    // Among seven, in a chain; and where a replay ties what the recording did not.
    for (larger, sign) in [(true, 1.0), (false, -1.0)] {
        let program = record(|v| chain(v, larger), &[1., 2., 3., 4., 5., 6., 7.]);
        let slopes = |x: [f64; 7]| program.gradient(&x.map(|x| sign * x)).unwrap();
        let seventh = slopes([4.0; 7]);
        assert!(seventh.iter().all(|slope| (slope - 1.0 / 7.0).abs() < 1e-15), "{seventh:?}");
        assert_eq!(slopes([1., 4., 2., 4., 0., 4., 4.]), [0., 0.25, 0., 0.25, 0., 0.25, 0.25]);
        let derivative = program.derivative().unwrap();
        assert_eq!(derivative.values(&[sign * 4.0; 7]).unwrap(), seventh);
    }
    // A maximum that is used twice hands on what both uses gave it.
    let twice = gradient(
        |v| {
            let m = v[0].max(v[1]);
            m.max(v[2]) + m
        },
        &[1.0; 3],
    );
    assert_eq!(twice, [third + 0.5, third + 0.5, third]);
}

#[test]
fn the_largest_of_many_is_the_same_in_every_number() {
    let x = [2.0, 5.0, 5.0, -1.0, 5.0];
    let slopes = [0.0, 1.0 / 3.0, 1.0 / 3.0, 0.0, 1.0 / 3.0];
    assert_eq!(gradient(|v| Number::max_of(v), &x), slopes);
    assert_eq!(gradient(|v| Number::min_of(v), &x.map(|x| -x)), slopes);
    let mut quick = [0.0; 5];
    let tape = QuickTape::new();
    tape.gradient_into(Number::max_of(&tape.inputs(&x)), &mut quick, &mut Workspace::new());
    assert!(quick.iter().zip(slopes).all(|(a, b)| (a - b).abs() < 1e-15), "{quick:?}");
    for (k, slope) in slopes.into_iter().enumerate() {
        let moved: Vec<Dual> =
            (0..5).map(|i| Dual::new(x[i], if i == k { 1.0 } else { 0.0 })).collect();
        assert!((Number::max_of(&moved).tangent() - slope).abs() < 1e-15, "{k}");
    }
    assert_eq!(f64::max_of(&[]), f64::NEG_INFINITY);
    assert_eq!(f64::min_of(&[3.0, 1.0, 2.0]), 1.0);
    assert!(f64::max_of(&[1.0, f64::NAN, 2.0]).is_nan());
}

#[test]
fn at_a_bound_that_moves_clamp_shares_as_max_and_min_do() {
    let c = Var::constant;
    assert_eq!(gradient(|v| v[0].clamp(v[0], c(9.0)), &[1.0]), [1.0]);
    assert_eq!(gradient(|v| v[0].clamp(v[1], v[2]), &[1.0, 1.0, 2.0]), [0.5, 0.5, 0.0]);
    assert_eq!(gradient(|v| v[0].clamp(v[1], v[2]), &[2.0, 1.0, 2.0]), [0.5, 0.0, 0.5]);
    assert_eq!(jvp(|v| vec![v[0].clamp(v[1], v[2])], &[1., 1., 2.], &[1.; 3]).1, [1.0]);
    assert_eq!(jvp(|v| vec![v[0].clamp(v[1], v[2])], &[1.; 3], &[1.; 3]).1, [1.0]);
    // Between constants the slope at a bound is 0, by every path.
    for x in [0.0, 1.0] {
        let clamped = record(|v| v[0].clamp(c(0.0), c(1.0)), &[0.5]);
        assert_eq!(clamped.gradient(&[x]).unwrap(), [0.0]);
        assert_eq!(clamped.jvp(&[x], &[1.0]).unwrap().1, [0.0]);
        assert_eq!(clamped.derivative().unwrap().values(&[x]).unwrap(), [0.0]);
        let dual = Dual::new(x, 1.0).clamp(Dual::constant(0.0), Dual::constant(1.0));
        assert_eq!(dual.tangent(), 0.0);
    }
}

#[test]
fn lists_at_infinity_have_the_slopes_of_their_pairs() {
    const INF: f64 = f64::INFINITY;
    let norm = |x: &[f64]| gradient(|v| Var::call(Op::Norm, v), x);
    assert_eq!(norm(&[INF, 1.0]), gradient(|v| v[0].hypot(v[1]), &[INF, 1.0]));
    assert_eq!(norm(&[1.0, -INF, 2.0]), [0.0, -1.0, 0.0]);
    assert!(norm(&[INF, INF]).iter().all(|slope| slope.is_nan()));
    let soft = |x: &[f64]| gradient(|v| Var::call(Op::LogSumExp, v), x);
    assert_eq!(soft(&[INF, 0.0]), gradient(|v| v[0].log_add_exp(v[1]), &[INF, 0.0]));
    assert_eq!(soft(&[-INF, 0.0, INF]), [0.0, 0.0, 1.0]);
    assert!(soft(&[INF, INF]).iter().all(|slope| slope.is_nan()));
}

/// Hessians of functions that are smooth although they pass through a kink: closed forms.
macro_rules! smooth_through_a_kink {
    ($($name:literal |$v:ident| $body:expr, $x:expr => $hessian:expr;)+) => { $({
        let (x, hessian): (&[f64], &[f64]) = (&$x, &$hessian);
        let program = record(|$v| $body, x);
        let near = |found: &[f64], what: &str| {
            let off = found.iter().zip(hessian).all(|(a, b)| (a - b).abs() <= 1e-14 * b.abs());
            assert!(off && found.len() == hessian.len(), "{}, {what}: {found:?}, not {hessian:?}", $name);
        };
        near(program.hessian(x).unwrap().data(), "dense");
        let sparse = program.sparse_hessian().unwrap().evaluate(x).unwrap().to_dense();
        near(sparse.data(), "sparse");
        let n = x.len();
        for (k, direction) in [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [-3.0, 2.0]].iter().enumerate() {
            let direction = &direction[..n];
            let (gradient, product) = program.hvp(x, direction).unwrap();
            let of_row = |row: &[f64]| row.iter().zip(direction).map(|(h, d)| h * d).sum::<f64>();
            let wanted: Vec<f64> = hessian.chunks(n).map(of_row).collect();
            let off = product.iter().zip(&wanted).all(|(a, b)| (a - b).abs() <= 1e-14 * b.abs());
            assert!(off, "{}, direction {k}: {product:?}, not {wanted:?}", $name);
            assert_eq!(gradient, program.gradient(x).unwrap(), "{}", $name);
        }
    })+ };
}

#[test]
fn a_smooth_function_has_its_hessian_where_it_passes_through_a_kink() {
    smooth_through_a_kink! {
        "norm squared" |v| Var::call(Op::Norm, v).square(), [0.0, 0.0] => [2.0, 0.0, 0.0, 2.0];
        "hypot squared" |v| v[0].hypot(v[1]).square(), [0.0, 0.0] => [2.0, 0.0, 0.0, 2.0];
        "bell" |v| (Var::call(Op::Norm, v).square() * -0.5).exp(), [0.0, 0.0] => [-1.0, 0.0, 0.0, -1.0];
        "abs squared" |v| v[0].abs().square(), [0.0] => [2.0];
        "distance squared" |v| (v[0] - v[1]).abs().square(), [1.0, 1.0] => [2.0, -2.0, -2.0, 2.0];
        "max and min" |v| v[0].max(v[1]).square() + v[0].min(v[1]).square(), [1.5, 1.5] => [2.0, 0.0, 0.0, 2.0];
        "relu both ways" |v| v[0].relu().square() + (-v[0]).relu().square(), [0.0] => [2.0];
        "clip" |v| { let c = v[0].clamp(Var::constant(1.0), Var::constant(9.0)); let r = v[0].min(Var::constant(1.0)); c.square() + r.square() }, [1.0] => [2.0];
        "copysign" |v| v[0].copysign(v[1]).square() * v[1], [0.0, 2.0] => [4.0, 0.0, 0.0, 0.0];
        "select" |v| v[0].select(v[0].square(), (-v[0]).square()), [0.0] => [2.0];
        "Huber by abs" |v| { let a = v[0].abs(); (-a + 1.0).select(a.square() * 0.5, a - 0.5) }, [0.0] => [1.0];
        "Matern 3/2" |v| { let r = Var::call(Op::Norm, v) * 3f64.sqrt(); (r + 1.0) * (-r).exp() }, [0.0, 0.0] => [-3.0, 0.0, 0.0, -3.0];
        "of a square" |v| v[0].abs().square() * v[1] + v[1].square(), [0.0, 3.0] => [6.0, 0.0, 0.0, 2.0];
    }
}

#[test]
fn at_a_true_kink_the_hessian_is_of_one_side_or_not_a_number() {
    // Straight on either side.
    assert_eq!(hessian(|v| v[0].abs() + v[1].abs(), &[0.0, 0.0]).data(), [0.0; 4]);
    // x |x| is x² to the right, and -x² to the left.
    let bent = record(|v| v[0] * v[0].abs(), &[0.0]);
    assert_eq!(bent.hvp(&[0.0], &[1.0]).unwrap().1, [2.0]);
    assert_eq!(bent.hvp(&[0.0], &[-1.0]).unwrap().1, [2.0]);
    // A unit that nothing can move stays at its kink.
    assert_eq!(hessian(|v| (v[0] * 0.0).relu() + v[0].square(), &[3.0]).data(), [2.0]);
    // The tip of a cone has no second derivative, by norm as by hypot.
    for tip in
        [record(|v| Var::call(Op::Norm, v), &[0.0; 2]), record(|v| v[0].hypot(v[1]), &[0.0; 2])]
    {
        assert!(tip.hessian(&[0.0; 2]).unwrap().data().iter().all(|h| h.is_nan()));
        assert_eq!(tip.gradient(&[0.0; 2]).unwrap(), [0.0; 2]);
    }
    // Within a custom primitive's own program, too.
    let square: Arc<dyn Custom> = Arc::new(Squared(record(|v| v[0].abs().square(), &[1.0])));
    let by_custom = record(|v| Var::custom(&square, v), &[0.0]);
    assert_eq!(by_custom.hessian(&[0.0]).unwrap().data(), [2.0]);
}

/// A program as a primitive.
struct Squared(Program);
impl Custom for Squared {
    fn name(&self) -> &str {
        "squared"
    }
    fn value(&self, x: &[f64]) -> f64 {
        self.0.value(x).unwrap()
    }
    fn partials(&self, x: &[f64], _: f64, partials: &mut [f64]) {
        partials.copy_from_slice(&self.0.gradient(x).unwrap());
    }
    fn program(&self) -> Option<&Program> {
        Some(&self.0)
    }
}
