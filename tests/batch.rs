//! Batches against one point at a time: the same bits, whatever the number of points and threads.
//! It must not know how points are put into lanes.

mod common;

use common::all_bits;
use common::recipes::{Recipe, recipes};
use proptest::prelude::*;
use std::sync::Arc;
use wengert::prelude::*;
use wengert::{Batch, Error, Lanes};

/// Every way to run a batch.
fn batches(f: &Program) -> Vec<Batch<'_>> {
    vec![
        f.batch(),
        #[cfg(feature = "rayon")]
        f.batch().on_all_cores(),
    ]
}

/// The point at which a recipe was made, and others near it, all within its domain.
fn points(recipe: &Recipe, count: usize) -> Vec<f64> {
    let near = |k: usize| {
        let moved: Vec<f64> = recipe.inputs.iter().map(|x| x + 1e-4 * (k % 40) as f64).collect();
        recipe.elsewhere(&moved)
    };
    (0..count).flat_map(near).collect()
}

/// Values and gradients one point at a time, in the one lane of a number of its own.
fn one_by_one(f: &Program, points: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let one = |x: &[f64]| {
        let x: Vec<_> = x.iter().map(|x| Lanes([*x])).collect();
        let (y, x_bar) = f.reverse(&x, &[Lanes([1.0])]).expect("no comparisons");
        (y[0].0[0], x_bar.iter().map(|bar| bar.0[0]).collect())
    };
    let (values, gradients): (Vec<f64>, Vec<Vec<f64>>) = points.chunks(f.inputs()).map(one).unzip();
    (values, gradients.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_has_the_bits_of_single_points(recipe in recipes(), count in 0..100usize) {
        let tape = Tape::new();
        let slots = recipe.record(&tape);
        let f = tape.program(&slots[recipe.output()..]);
        let points = points(&recipe, count);
        let (values, gradients) = one_by_one(&f, &points);
        for mut batch in batches(&f) {
            let (found, slopes) = batch.values_and_gradients(&points).expect("no comparisons");
            prop_assert_eq!(all_bits(found), all_bits(values.iter().copied()));
            prop_assert_eq!(all_bits(slopes), all_bits(gradients.iter().copied()));
            let found = batch.values(&points).expect("no comparisons");
            prop_assert_eq!(all_bits(found), all_bits(values.iter().copied()));
        }
        let all = tape.program(&slots);
        let wanted = points.chunks(all.inputs()).flat_map(|x| {
            let x: Vec<_> = x.iter().map(|x| Lanes([*x])).collect();
            all.replay(&x).expect("no comparisons").into_iter().map(|v| v.0[0])
        });
        let wanted = all_bits(wanted);
        for mut batch in batches(&all) {
            let found = batch.values(&points).expect("no comparisons");
            prop_assert_eq!(all_bits(found), wanted.clone());
        }
    }
}

#[test]
fn what_has_no_vector_function_has_the_bits_of_plain_numbers() {
    let f = record(|v| (v[0] * v[1]).sin() / v[0].sqrt() + v[1].atan2(v[0]).square(), &[1.0, 1.0]);
    let points: Vec<f64> = (0..2 * 75).map(|k| 0.3 + f64::from(k % 31) / 8.0).collect();
    let one = |x| f.value_and_gradient(x).expect("no comparisons");
    let (values, gradients): (Vec<f64>, Vec<Vec<f64>>) = points.chunks(2).map(one).unzip();
    for mut batch in batches(&f) {
        let (found, slopes) = batch.values_and_gradients(&points).expect("no comparisons");
        assert_eq!(all_bits(found), all_bits(values.iter().copied()));
        assert_eq!(all_bits(slopes), all_bits(gradients.concat()));
    }
}

#[test]
fn long_programs_have_the_bits_of_short_ones() {
    let f = record(|v| (0..6000).fold(v[0], |sum, _| (sum * v[1]).tanh() + v[0]), &[0.4, 0.9]);
    assert!(f.len() > 16_384, "{}", f.len());
    let points: Vec<f64> = (0..2 * 77).map(|k| 0.1 + f64::from(k) / 200.0).collect();
    let (values, gradients) = one_by_one(&f, &points);
    for mut batch in batches(&f) {
        let (found, slopes) = batch.values_and_gradients(&points).expect("no comparisons");
        assert_eq!(all_bits(found), all_bits(values.iter().copied()));
        assert_eq!(all_bits(slopes), all_bits(gradients.iter().copied()));
    }
}

#[test]
fn the_first_point_off_the_branch_is_named() {
    let f = record(|v| if v[0] < 10.0 && v[1] > -5.0 { v[0] * v[1] } else { v[0] }, &[1.0, 1.0]);
    let mut points: Vec<f64> = (0..2 * 1000).map(|k| f64::from(k % 7)).collect();
    for mut batch in batches(&f) {
        assert!(batch.values(&points).is_ok());
    }
    points[2 * 803] = 11.0;
    points[2 * 802 + 1] = -6.0;
    points[2 * 990] = 12.0;
    let alone = f.value(&points[2 * 802..][..2]).expect_err("the second comparison");
    for mut batch in batches(&f) {
        let error = batch.values_and_gradients(&points).expect_err("three points are off");
        assert_eq!(error, Error::AtPoint { point: 802, error: Box::new(alone.clone()) });
        let message = error.to_string();
        assert!(message.contains("point 802") && message.contains("batch.rs"), "{message}");
    }
}

#[test]
fn lanes_that_are_left_over_meet_no_other_domain() {
    // At 0, which would fill lanes easily, the bounds of the clamp are crossed, and it panics.
    let f = record(|v| v[0].clamp(v[1], v[1] * 2.0), &[1.5, 1.0]);
    for mut batch in batches(&f) {
        let (values, gradients) =
            batch.values_and_gradients(&[1.5, 1.0, 9.0, 1.0, 0.5, 1.0]).expect("no comparisons");
        assert_eq!(values, [1.5, 2.0, 1.0]);
        assert_eq!(gradients, [1.0, 0.0, 0.0, 2.0, 0.0, 1.0]);
    }
}

#[test]
fn edges_that_one_lane_takes_and_another_does_not_stay_apart() {
    let f = record(|v| v[0].select(v[0].sqrt(), v[0] * 0.0) + v[0].ln().max(v[1]), &[1.0, 0.0]);
    let points = [4.0, 0.0, 0.0, 0.0, -1.0, 0.5, 1.0, 0.0];
    let (values, gradients) = one_by_one(&f, &points);
    for mut batch in batches(&f) {
        let (found, slopes) = batch.values_and_gradients(&points).expect("no comparisons");
        assert_eq!(all_bits(found), all_bits(values.iter().copied()));
        assert_eq!(all_bits(slopes), all_bits(gradients.iter().copied()));
    }
}

/// A primitive of the user's own, without a program.
struct Cube;

impl Custom for Cube {
    fn name(&self) -> &str {
        "cube"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0] * x[0] * x[0]
    }
    fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
        partials[0] = 3.0 * x[0] * x[0];
    }
}

#[test]
fn a_custom_primitive_runs_in_lanes() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.0);
    let cube: Arc<dyn Custom> = Arc::new(Cube);
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].exp(), &[1.0]));
    let f = tape.program(&[tape.custom(&cube, &[x]) + tape.custom(&inner, &[x])]);
    let points: Vec<f64> = (0..21).map(|k| 0.1 * f64::from(k)).collect();
    let (values, gradients) = f.batch().values_and_gradients(&points).expect("no comparisons");
    assert_eq!((values, gradients), one_by_one(&f, &points));
}

#[test]
#[should_panic(expected = "5 numbers are no points of a program of 2 inputs")]
fn half_a_point_is_refused() {
    let _ = record(|v| v[0] + v[1], &[1.0, 1.0]).batch().values(&[0.0; 5]);
}

#[test]
fn a_batch_in_grown_room_allocates_nothing() {
    let f = record(|v| (v[0] * v[1]).sin() / v[0].exp(), &[1.0, 1.0]);
    let points: Vec<f64> = (0..2 * 101).map(|k| 0.1 * f64::from(k)).collect();
    let (mut batch, mut values, mut gradients) = (f.batch(), [0.0; 101], [0.0; 202]);
    for allowed in [u64::MAX, 0] {
        let made = allocation_counter::measure(|| {
            let done = batch.values_and_gradients_into(&points, &mut values, &mut gradients);
            done.expect("no comparisons");
        });
        assert!(made.count_total <= allowed, "{} allocations", made.count_total);
    }
}

#[cfg(feature = "rayon")]
#[test]
fn threads_change_no_bit() {
    let f = record(|v| (v[0] * v[1]).sin() + (v[0] / v[1]).exp().ln_1p(), &[1.0, 1.0]);
    let points: Vec<f64> = (0..2 * 1009).map(|k| 1.0 + f64::from(k % 89) / 50.0).collect();
    let (values, gradients) = one_by_one(&f, &points);
    for threads in [1, 2, 3, 8, 300] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let (found, slopes) = pool.install(|| {
            f.batch().on_all_cores().values_and_gradients(&points).expect("no comparisons")
        });
        assert_eq!(all_bits(found), all_bits(values.iter().copied()), "{threads} threads");
        assert_eq!(all_bits(slopes), all_bits(gradients.iter().copied()), "{threads} threads");
    }
}
