//! The quick tape against the tape: the same code gives the same values to the last bit, and the same
//! gradients but for the rounding of the products that it forms in another order. It must not know
//! how either stores what it records.

mod common;

use common::recipes::recipes;
use common::{all_bits, bits};
use proptest::prelude::*;
use std::panic::catch_unwind;
use std::sync::Arc;
use wengert::{Custom, Number, Operand, QuickTape, QuickVar, SlotKind, Tape, Workspace};

fn quick_gradient(tape: &QuickTape, y: QuickVar<'_>, inputs: usize) -> Vec<f64> {
    let mut x_bar = vec![f64::NAN; inputs];
    tape.gradient_into(y, &mut x_bar, &mut Workspace::new());
    x_bar
}

/// For each slot, what rounding may do to the derivative in it: on every edge the last digit of what
/// flows, or the least f64 where that is more, and what was wrong before, carried down.
fn rounding(tape: &Tape, output: usize) -> Vec<f64> {
    let least = f64::from_bits(1);
    let (mut sizes, mut errors) = (vec![0.0; output + 1], vec![0.0; output + 1]);
    sizes[output] = 1.0;
    for position in (0..=output).rev() {
        let slot = tape.slot(position);
        let SlotKind::Op(op) = slot.kind else { continue };
        let values = slot.args.iter().map(|arg| match *arg {
            Operand::Slot(x) => tape.slot(x).value,
            Operand::Constant(x) => x,
        });
        let partials = op.partials(&values.collect::<Vec<_>>(), slot.value);
        for (arg, partial) in slot.args.iter().zip(partials) {
            if let Operand::Slot(x) = *arg {
                let flows = sizes[position] * partial.abs();
                sizes[x] += flows;
                errors[x] += errors[position] * partial.abs() + f64::EPSILON * flows + least;
            }
        }
    }
    errors
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_program_has_the_gradient_of_the_tape(recipe in recipes()) {
        let (tape, quick) = (Tape::new(), QuickTape::new());
        let recorded = recipe.record(&tape);
        let quickly = recipe.run(&quick.inputs(&recipe.inputs));
        for (v, w) in recorded.iter().zip(&quickly) {
            prop_assert_eq!(bits(v.value()), bits(w.value()));
        }
        for slot in [recipe.output(), recipe.output() / 2] {
            let gradient = tape.gradient(recorded[slot]).to_vec();
            let quickly = quick_gradient(&quick, quickly[slot], recipe.inputs.len());
            // A nested maximum records slots of its own, so a slot is asked for its position.
            let errors = recorded[slot].slot().map_or(Vec::new(), |slot| rounding(&tape, slot));
            for (k, (x_bar, own)) in gradient.iter().zip(quickly).enumerate() {
                let bound = 8.0 * errors.get(k).copied().unwrap_or(0.0);
                let off = (x_bar - own).abs();
                prop_assert!(off <= bound, "input {}: {:e} for {:e}", k, own, x_bar);
            }
        }
    }
}

/// What may not flow along an edge that is not taken, as one of eleven functions.
fn edge<N: Number>(k: usize, x: &[N]) -> N {
    let zero = N::constant(0.0);
    match k {
        0 => x[0].select(x[0].sqrt(), zero),
        1 => x[0].max(x[1]),
        2 => x[0].max(x[0]),
        3 => x[1].relu() + x[0].relu(),
        4 => x[0].clamp(zero, x[1].abs()),
        5 => x[0].ln().max(zero),
        6 => x[0].sqrt() * zero,
        7 => N::call(wengert::Op::Product, &[x[0], x[1], zero]),
        8 => N::dot(&[x[0], zero], &[x[1], x[1]]),
        9 => x[0] * f64::INFINITY,
        _ => x[0].copysign(x[1]) + x[1].floor(),
    }
}

#[test]
fn edges_are_taken_alike() {
    let points = [[0.0, 1.0], [-0.0, -1.0], [2.0, 2.0], [f64::NAN, 1.0], [1.0, f64::INFINITY]];
    for (point, k) in points.iter().flat_map(|point| (0..11).map(move |k| (point, k))) {
        let (tape, quick) = (Tape::new(), QuickTape::new());
        let (y, z) = (edge(k, &tape.input_slice(point)), edge(k, &quick.inputs(point)));
        assert_eq!(bits(y.value()), bits(z.value()), "value {k} at {point:?}");
        let (ours, theirs) = (quick_gradient(&quick, z, 2), tape.gradient(y).to_vec());
        assert_eq!(all_bits(ours), all_bits(theirs), "gradient {k} at {point:?}");
    }
}

/// Chains whose products of partials leave the range of a number, or lose digits there, though their
/// ends do not.
#[test]
fn products_of_partials_neither_overflow_nor_lose_digits() {
    fn chain<N: Number>(factors: &[f64], x: N) -> N {
        factors.iter().fold(x, |y, factor| y * *factor)
    }
    let chains: [(&[f64], f64); 5] = [
        (&[1e-200, 1e-120, 1e200, 1e123], 1e3),
        (&[1e200, 1e120, 1e-200, 1e-117], 1e3),
        (&[3e-170, 1e-150, 1e160, 1e160], 3.0),
        (&[f64::MIN_POSITIVE, 0.5, 2.0, f64::MAX, 0.25], 1.0),
        (&[-1e-300, 0.0, 1e300], 0.0),
    ];
    for (factors, expected) in chains {
        let quick = QuickTape::new();
        // At 0, so that no value is ever out of range and the slopes are all there is.
        let x = quick.inputs(&[0.0])[0];
        let slope = quick_gradient(&quick, chain(factors, x), 1)[0];
        assert!((slope - expected).abs() <= 1e-15 * expected.abs(), "{factors:?}: {slope:e}");
    }
    let quick = QuickTape::new();
    let x = quick.inputs(&[0.0])[0];
    assert!(quick_gradient(&quick, x.sqrt().square(), 1)[0].is_nan(), "0 times infinity");
    assert_eq!(quick_gradient(&quick, (x - x) * 1e300 * 1e8, 1), [0.0]);
}

#[test]
fn a_function_of_one_argument_takes_no_slot() {
    let quick = QuickTape::new();
    let x = quick.inputs(&[0.3, 0.4]);
    let y = (x[0].sin().exp() * 3.0 - 1.0).sqrt();
    assert_eq!(quick.len(), 2);
    let z = y * x[1] + y;
    assert_eq!((quick.len(), quick.bytes()), (4, 56));
    let slope = (0.3f64.sin().exp() * 3.0 - 1.0).sqrt() + 0.0;
    let gradient = quick_gradient(&quick, z, 2);
    assert!((gradient[1] - slope).abs() < 1e-15, "{gradient:?}");
}

/// A sum is recorded with the slot before it; whoever still has that slot finds it as it was.
#[test]
fn a_sum_leaves_its_terms_as_they_were() {
    let quick = QuickTape::new();
    let x = quick.inputs(&[2.0, 3.0, 5.0, 7.0]);
    let product = x[0] * x[1];
    let sum = product + x[2];
    assert_eq!((quick.len(), quick.bytes()), (6, 28), "the sum is in the entry of the product");
    let other = product + x[3];
    let more = x[3] + other;
    let all = sum * product + more + more;
    // (ab + c) ab + 2 (ab + 2d)
    assert_eq!(all.value(), 11.0 * 6.0 + 2.0 * (6.0 + 14.0));
    assert_eq!(quick_gradient(&quick, product, 4), [3.0, 2.0, 0.0, 0.0]);
    assert_eq!(quick_gradient(&quick, sum, 4), [3.0, 2.0, 1.0, 0.0]);
    assert_eq!(quick_gradient(&quick, other, 4), [3.0, 2.0, 0.0, 1.0]);
    assert_eq!(quick_gradient(&quick, more, 4), [3.0, 2.0, 0.0, 2.0]);
    assert_eq!(quick_gradient(&quick, all, 4), [3.0 * 19.0, 2.0 * 19.0, 6.0, 4.0]);
    assert_eq!(quick_gradient(&quick, x[2], 4), [0.0, 0.0, 1.0, 0.0]);
}

/// Sums of products are one entry a product, whichever side the sum is on; and dot products have the
/// gradient of the tape where factors are zero, constant, or beyond what a product may be.
#[test]
fn sums_of_products_and_dots_are_one() {
    let (quick, n) = (QuickTape::new(), 40);
    let values: Vec<f64> = (0..2 * n).map(|i| if i % 7 == 0 { 0.0 } else { i as f64 }).collect();
    let x = quick.inputs(&values);
    let (w, v) = x.split_at(n);
    let sum = (1..n).fold(w[0] * v[0], |sum, i| match i % 2 {
        0 => sum + w[i] * v[i],
        _ => w[i] * v[i] + sum,
    });
    assert_eq!((quick.len(), quick.bytes()), (2 * n + 2 * n - 1, 28 * n));
    let partners: Vec<f64> = values[n..].iter().chain(&values[..n]).copied().collect();
    assert_eq!(quick_gradient(&quick, sum, 2 * n), partners);
    let dot = QuickVar::dot(w, v);
    assert_eq!(bits(dot.value()), bits(sum.value()));
    assert_eq!(quick_gradient(&quick, dot, 2 * n), partners);
    let tiny = w[1] * 1e-200;
    let odd = QuickVar::dot(&[tiny, w[2], w[3]], &[v[1] * 1e-200, QuickVar::constant(4.0), v[3]]);
    let slopes = quick_gradient(&quick, odd * 1e300, 2 * n);
    assert_eq!((slopes[2], slopes[3]), (4e300, values[n + 3] * 1e300));
    assert!((slopes[1] - values[n + 1] * 1e-100).abs() < 1e-113, "{:e}", slopes[1]);
}

/// The `k`th of the arguments of a list, in one of eleven orders: of inputs side by side, or at a
/// distance, near or far, downwards or again and again; of constants among them; and of slots that
/// were computed, the last of which is the one just below.
fn argument<N: Number>(order: usize, x: &[N], slots: &[N], k: usize) -> N {
    let constant = N::constant(k as f64 - 2.0);
    match order {
        0 => x[k],
        1 => x[3 * k],
        2 => x[300 * k % x.len()],
        3 => x[x.len() - 1 - k],
        4 => x[k % 2],
        5 => x[k / 2],
        6 if k.is_multiple_of(3) => constant,
        6 => x[k],
        7 if k < 2 => constant,
        7 => -x[k],
        8 => constant,
        9 => slots[k],
        _ if k.is_multiple_of(5) => slots[k],
        _ => x[k] * 2.0,
    }
}

fn of_lists<N: Number>(orders: [usize; 2], length: usize, x: &[N]) -> N {
    let slots: Vec<N> = (0..length).map(|k| (x[k] * x[k + 1] + x[0]) * -0.5).collect();
    let [u, v] =
        orders.map(|order| (0..length).map(|k| argument(order, x, &slots, k)).collect::<Vec<N>>());
    let joined: Vec<N> = u.iter().chain(&v).copied().collect();
    N::dot(&u, &v) * x[2] + N::call(wengert::Op::Norm, &joined) + slots[length - 1]
}

/// Lists of all lengths and orders, and with numbers of all kinds among the inputs.
#[test]
fn lists_have_the_gradient_of_the_tape() {
    let odd = [1.0, 0.0, 3e-320, f64::INFINITY, f64::NAN, 1e200];
    let (mut quick, mut workspace) = (QuickTape::new(), Workspace::new());
    for (length, value) in [1, 2, 3, 8, 17, 33, 70].into_iter().flat_map(|l| odd.map(|x| (l, x))) {
        let values: Vec<f64> =
            (0..256).map(|k| if k == length / 2 { value } else { 1.0 + (k % 7) as f64 }).collect();
        for orders in (0..11).flat_map(|u| (0..11).map(move |v| [u, v])) {
            let tape = Tape::new();
            let y = of_lists(orders, length, &tape.input_slice(&values));
            quick.clear();
            let z = of_lists(orders, length, &quick.inputs(&values));
            let mut ours = [0.0; 256];
            quick.gradient_into(z, &mut ours, &mut workspace);
            let pairs = ours.into_iter().zip(tape.gradient(y).to_vec());
            for (k, (own, other)) in pairs.chain([(z.value(), y.value())]).enumerate() {
                let is_close = (own - other).abs() <= 1e-13 * other.abs();
                assert!(
                    is_close || bits(own) == bits(other),
                    "{orders:?}, {length} long, {value:e} among them: {own:e} for {other:e} at {k}"
                );
            }
        }
    }
}

/// A workspace serves one sweep after the other, also from slots far below the last and by partials
/// that are infinite: nothing of a sweep is left for the next.
#[test]
fn a_sweep_leaves_nothing_behind() {
    let (quick, mut workspace) = (QuickTape::new(), Workspace::new());
    let x = quick.inputs(&[0.0, 4.0, 3.0]);
    let product = x[1] * x[2];
    let inner = product + x[2];
    let root = x[0].sqrt() * x[1];
    let outer = x[0].select(root, inner) * x[1];
    let both = inner * product;
    for (y, expected) in [
        (both, [0.0, 81.0, 120.0]),
        (inner, [0.0, 3.0, 5.0]),
        (outer, [0.0, 27.0, 20.0]),
        (root, [f64::INFINITY, 0.0, 0.0]),
        (x[1], [0.0, 1.0, 0.0]),
        (outer, [0.0, 27.0, 20.0]),
    ] {
        let mut gradient = [f64::NAN; 3];
        quick.gradient_into(y, &mut gradient, &mut workspace);
        assert_eq!(gradient, expected, "{y:?}");
    }
}

#[test]
fn custom_primitives_sums_and_constants_work() {
    struct Double;
    impl Custom for Double {
        fn name(&self) -> &str {
            "double"
        }
        fn value(&self, x: &[f64]) -> f64 {
            2.0 * x[0]
        }
        fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
            partials[0] = 2.0;
        }
    }
    let tape = QuickTape::new();
    let x = tape.inputs(&[3.0, 4.0]);
    let custom: Arc<dyn Custom> = Arc::new(Double);
    let y = QuickVar::custom(&custom, &x[..1]) * x[1] + x.iter().sum::<QuickVar<'_>>();
    assert_eq!((y.value(), quick_gradient(&tape, y, 2)), (31.0, vec![9.0, 7.0]));
    let constant = QuickVar::constant(2.0) * 3.0;
    assert_eq!(quick_gradient(&tape, constant, 2), [0.0, 0.0]);
    assert_eq!(quick_gradient(&tape, (x[0] * x[1]).detach(), 2), [0.0, 0.0]);
    assert!(x[0] < x[1] && x[0] != 4.0 && 5.0 > x[1]);
}

#[test]
fn misuse_panics() {
    let message = |misuse: fn()| {
        let panic = catch_unwind(misuse).unwrap_err();
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    };
    let strangers = message(|| {
        let (a, b) = (QuickTape::new(), QuickTape::new());
        let _ = a.inputs(&[1.0])[0] + b.inputs(&[2.0, 3.0])[1];
    });
    assert_eq!(
        strangers,
        "a variable of a quick tape (2 slots) was used with a quick tape (1 slots): \
         variables of two tapes cannot meet"
    );
    let among_products = message(|| {
        let (a, b) = (QuickTape::new(), QuickTape::new());
        QuickVar::dot(&a.inputs(&[1.0, 2.0]), &b.inputs(&[2.0, 3.0]));
    });
    assert!(among_products.ends_with("variables of two tapes cannot meet"), "{among_products}");
    let length = message(|| {
        let tape = QuickTape::new();
        let x = tape.inputs(&[1.0])[0];
        tape.gradient_into(x, &mut [0.0; 2], &mut Workspace::new());
    });
    assert!(length.contains("length of the slice against the number of inputs"), "{length}");
}
