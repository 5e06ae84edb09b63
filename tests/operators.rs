//! Every operator in every pairing of variables and plain numbers, by value and by reference, against
//! plain f64 and derivatives written out here. It must not know the table.
#![allow(clippy::op_ref)] // references are what is tried

mod common;

use common::{all_bits, bits};
use wengert::Operand;
use wengert::prelude::*;

/// Arguments of both signs, at which all operators but one are smooth.
const POINTS: [(f64, f64); 5] = [(3.5, 2.0), (-3.5, 2.0), (3.5, -0.3), (-0.7, -2.0), (0.0, 1.5)];

/// Checks value, derivatives and listing of one slot that was computed from x and y, of which only
/// those in `moves` are variables.
fn check(what: &str, tape: &Tape, v: Var<'_>, value: f64, slopes: [f64; 2], moves: [bool; 2]) {
    let point = [tape.at(0), tape.at(1)];
    assert_eq!(bits(v.value()), bits(value), "{what}: value");
    assert_eq!(tape.len(), 3, "{what}: one operator is one slot");
    let gradient = tape.gradient(v);
    for k in 0..2 {
        let (expected, operand) = match moves[k] {
            true => (slopes[k] + 0.0, Operand::Slot(k)),
            false => (0.0, Operand::Constant(point[k].value())),
        };
        assert_eq!(bits(gradient[point[k]]), bits(expected), "{what}: slope {k}");
        assert_eq!(tape.slot(2).args[k], operand, "{what}: argument {k}");
    }
}

macro_rules! pairings {
    ($x:ident $op:tt $y:ident = $value:expr, [$dx:expr, $dy:expr]) => {
        for ($x, $y) in POINTS {
            let (value, slopes) = ($value, [$dx, $dy]);
            assert_eq!(bits($x $op $y), bits(value), "the expectation itself");
            pairings!(all $op, $x, $y, value, slopes;
                (a, b: a, b; true, true) (a, b: &a, b; true, true) (a, b: a, &b; true, true)
                (a, b: &a, &b; true, true) (a, b: a, $y; true, false) (a, b: a, &$y; true, false)
                (a, b: &a, $y; true, false) (a, b: &a, &$y; true, false) (a, b: $x, b; false, true)
                (a, b: &$x, b; false, true) (a, b: $x, &b; false, true) (a, b: &$x, &b; false, true));
        }
    };
    (all $op:tt, $x:ident, $y:ident, $value:ident, $slopes:ident;
     $(($a:ident, $b:ident: $left:expr, $right:expr; $($moves:literal),+))+) => { $({
        let tape = Tape::new();
        let [$a, $b] = tape.input_array([$x, $y]);
        let _ = ($a, $b);
        let what = format!("{} {} {} at {}, {}", stringify!($left), stringify!($op), stringify!($right), $x, $y);
        check(&what, &tape, $left $op $right, $value, $slopes, [$($moves),+]);
    })+ };
}

#[test]
fn operators_take_variables_and_numbers_on_either_side() {
    pairings! { x + y = x + y, [1.0, 1.0] }
    pairings! { x - y = x - y, [1.0, -1.0] }
    pairings! { x * y = x * y, [y, x] }
    pairings! { x / y = x / y, [1.0 / y, -(x / y / y)] }
    pairings! { x % y = x % y, [1.0, -(x / y).trunc()] }
}

#[test]
fn minus_takes_a_variable_by_value_and_by_reference() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.5);
    let twice = -x + -&x;
    assert_eq!((twice.value(), tape.gradient(twice)[x]), (-5.0, -2.0));
}

#[test]
fn operators_on_constants_record_nothing() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.0);
    let (c, d) = (Var::from(3.0), Var::from(&4.0));
    let v = -((c + d) * 2.0 - 1.0 / c) % d + x.detach();
    assert_eq!((v.slot(), tape.len()), (None, 1));
    assert_eq!(v.value(), -((3.0 + 4.0) * 2.0 - 1.0 / 3.0) % 4.0 + 2.0);
    assert_eq!((Var::from(&x).slot(), x.slot()), (Some(0), Some(0)));
}

#[test]
fn sums_and_products_are_one_slot_each() {
    let numbers = [1.5, -2.0, 3.0, 0.5];
    let sum: f64 = numbers.iter().sum();
    let product: f64 = numbers.iter().product();
    let tape = Tape::new();
    let x = tape.input_slice(&numbers);
    let sums = [x.iter().sum::<Var<'_>>(), x.iter().copied().sum()];
    let products = [x.iter().product::<Var<'_>>(), x.iter().copied().product()];
    assert_eq!(tape.len(), 8);
    assert_eq!(all_bits(sums.map(Var::value)), all_bits([sum; 2]));
    assert_eq!(all_bits(products.map(Var::value)), all_bits([product; 2]));
    for (v, w) in sums.into_iter().zip(products) {
        assert_eq!(tape.gradient(v), [1.0; 4]);
        assert_eq!(tape.gradient(w), [-3.0, 2.25, -1.5, -9.0]);
    }
}

#[test]
fn sums_and_products_take_constants_and_repeated_terms() {
    let tape = Tape::new();
    let x = tape.new_input("x", 3.0);
    let terms = [Var::constant(2.0), x, x, Var::constant(-1.0)];
    let (sum, product) = (terms.iter().sum::<Var<'_>>(), terms.iter().product::<Var<'_>>());
    assert_eq!((sum.value(), product.value()), (7.0, -18.0));
    assert_eq!((tape.gradient(sum)[x], tape.gradient(product)[x]), (2.0, -12.0));
    let [of_one, times_one] = [[x].iter().sum::<Var<'_>>(), [x].iter().product()];
    assert_eq!((tape.gradient(of_one)[x], tape.gradient(times_one)[x]), (1.0, 1.0));
    let zero = tape.new_input("zero", 0.0);
    let product: Var<'_> = [x, zero, x].iter().product();
    assert_eq!(tape.gradient(product)[zero], 9.0, "a factor of 0 hides no slope");
}

#[test]
fn a_sum_of_nothing_is_the_constant_zero() {
    let nothing: [Var<'_>; 0] = [];
    let (sum, product) = (nothing.iter().sum::<Var<'_>>(), nothing.iter().product::<Var<'_>>());
    assert_eq!((bits(sum.value()), sum.slot()), (bits(0.0), None));
    assert_eq!((bits(product.value()), product.slot()), (bits(1.0), None));
    for (op, unit) in [
        (Op::Sum, 0.0),
        (Op::Product, 1.0),
        (Op::Dot, 0.0),
        (Op::Norm, 0.0),
        (Op::LogSumExp, f64::NEG_INFINITY),
    ] {
        let v = <Var<'_> as Number>::call(op, &nothing);
        assert_eq!((bits(v.value()), v.slot()), (bits(unit), None), "{}", op.name());
    }
    let constants: Var<'_> = [1.0, 2.0].iter().map(Var::from).sum();
    assert_eq!((constants.value(), constants.slot()), (3.0, None));
}

#[test]
fn comparisons_are_those_of_values_and_record_no_slot() {
    let tape = Tape::new();
    for (a, b) in [(1.0, 2.0), (2.0, 1.0), (2.0, 2.0), (0.0, -0.0), (f64::NAN, 1.0)] {
        let [x, y] = tape.input_array([a, b]);
        let expected = (a == b, a < b, a <= b, a > b, a >= b, a.partial_cmp(&b));
        assert_eq!((x == y, x < y, x <= y, x > y, x >= y, x.partial_cmp(&y)), expected);
        assert_eq!((x == b, x < b, x <= b, x > b, x >= b, x.partial_cmp(&b)), expected);
        assert_eq!((a == y, a < y, a <= y, a > y, a >= y, a.partial_cmp(&y)), expected);
        assert_eq!(x != y, a != b);
    }
    assert_eq!(tape.len(), 10);
}

/// A function that uses what generic code can: operators, constants on the right, sums and methods.
fn generic<N: Real>(x: &[N]) -> N {
    let total: N = x.iter().copied().sum();
    let scaled: N = [(total + 1.0) / 2.0, (x[0] - 3.0) * 4.0, x[1] % x[0]].into_iter().product();
    if x[0] > x[1] { -scaled / x[1] } else { scaled * N::constant(0.5) - x[0] }
}

#[test]
fn generic_code_gives_the_same_in_every_number() {
    let tape = Tape::new();
    for x in [[2.0, 0.75], [0.75, 2.0], [-1.0, 0.5]] {
        let v = tape.input_array(x);
        let recorded = generic(&v);
        assert_eq!(bits(recorded.value()), bits(generic(&x)));
        let gradient = tape.gradient(recorded);
        for k in 0..2 {
            let dual = |j: usize| if j == k { Dual::new(x[j], 1.0) } else { Dual::constant(x[j]) };
            let along = generic(&[dual(0), dual(1)]);
            assert_eq!(bits(along.value()), bits(generic(&x)));
            assert_relative_eq!(along.tangent(), gradient[v[k]], max_relative = 1e-14);
        }
    }
}

/// The methods that are written by hand, and some of those that the table makes.
fn methods<N: Number>(x: N, y: N, z: N) -> Vec<N> {
    vec![
        x.abs(),
        x.sqrt(),
        x.floor(),
        x.mul_add(y, z),
        x.compare(y),
        z.select(x, y),
        x.powi(-3),
        x.powf(2.5),
        x.polygamma(2),
        N::dot(&[x, y], &[z, x]),
        x.exp(),
        x.hypot(y),
        x.clamp(y, x),
        x.log(y),
    ]
}

#[test]
fn methods_are_the_primitives_of_their_names() {
    let (x, y, z) = (1.75, 0.5, -2.0);
    let expected = [
        (Op::Abs, vec![x]),
        (Op::Sqrt, vec![x]),
        (Op::Floor, vec![x]),
        (Op::MulAdd, vec![x, y, z]),
        (Op::Compare, vec![x, y]),
        (Op::Select, vec![z, x, y]),
        (Op::Powi, vec![x, -3.0]),
        (Op::Pow, vec![x, 2.5]),
        (Op::Polygamma, vec![2.0, x]),
        (Op::Dot, vec![x, y, z, x]),
        (Op::Exp, vec![x]),
        (Op::Hypot, vec![x, y]),
        (Op::Clamp, vec![x, y, x]),
        (Op::Log, vec![x, y]),
    ];
    let values: Vec<f64> = expected.iter().map(|(op, args)| op.value(args)).collect();
    assert_eq!(all_bits(methods(x, y, z)), all_bits(values.clone()), "f64");
    let lanes = methods(Lanes([x; 3]), Lanes([y; 3]), Lanes([z; 3]));
    for (v, (op, args)) in lanes.iter().zip(&expected) {
        let args: Vec<_> = args.iter().map(|x| Lanes([*x])).collect();
        assert_eq!(bits(v.0[2]), bits(Lanes::call(*op, &args).0[0]), "Lanes, {op:?}");
    }
    let dual = methods(Dual::new(x, 1.0), Dual::constant(y), Dual::constant(z));
    assert_eq!(all_bits(dual.iter().map(|v| v.value())), all_bits(values.clone()), "Dual");
    let tape = Tape::new();
    let [a, b, c] = tape.input_array([x, y, z]);
    let recorded = methods(a, b, c);
    assert_eq!(all_bits(recorded.iter().map(|v| v.value())), all_bits(values), "Var");
    for (v, (op, args)) in recorded.into_iter().zip(&expected) {
        let slot = tape.slot(v.slot().expect("a slot"));
        assert_eq!(format!("{:?}", slot.kind), format!("{op:?}"));
        let of_operand = |operand: &Operand| match *operand {
            Operand::Slot(slot) => tape.at(slot).value(),
            Operand::Constant(x) => x,
        };
        assert_eq!(&slot.args.iter().map(of_operand).collect::<Vec<_>>(), args, "{}", op.name());
    }
    let along_x = all_bits(dual.iter().map(|v| v.tangent()));
    assert_eq!(along_x, all_bits(methods(a, b, c).iter().map(|v| tape.gradient(*v)[a])));
}
