//! The quick tape against the tape: the same code gives the same bits. It must not know how either
//! stores what it records.

mod common;

use common::recipes::recipes;
use common::{all_bits, bits};
use proptest::prelude::*;
use std::panic::catch_unwind;
use std::sync::Arc;
use wengert::{Custom, Number, QuickTape, QuickVar, Tape, Workspace};

fn quick_gradient(tape: &QuickTape, y: QuickVar<'_>, inputs: usize) -> Vec<f64> {
    let mut x_bar = vec![f64::NAN; inputs];
    tape.gradient_into(y, &mut x_bar, &mut Workspace::new());
    x_bar
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
            prop_assert_eq!(
                all_bits(tape.gradient(recorded[slot]).to_vec()),
                all_bits(quick_gradient(&quick, quickly[slot], recipe.inputs.len()))
            );
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
    let length = message(|| {
        let tape = QuickTape::new();
        let x = tape.inputs(&[1.0])[0];
        tape.gradient_into(x, &mut [0.0; 2], &mut Workspace::new());
    });
    assert!(length.contains("length of the slice against the number of inputs"), "{length}");
}
