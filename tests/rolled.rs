//! Programs whose repeated parts run as loops, against the programs themselves. It must not know how
//! loops are found.

mod common;

use common::all_bits;
use common::recipes::recipes;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Arc;
use wengert::prelude::*;
use wengert::{Custom, Error, Lanes, Rolled, record_vec};

fn rolled(f: &Program) -> Rolled {
    f.roll().expect("no custom primitive without a program")
}

/// Values and products with cotangents, as loops.
fn in_loops(f: &Program, x: &[f64], y_bar: &[f64]) -> [Vec<f64>; 2] {
    let (mut y, mut x_bar) = (vec![f64::NAN; f.outputs()], vec![f64::NAN; f.inputs()]);
    let (loops, mut workspace) = (rolled(f), Workspace::new());
    for _ in 0..2 {
        loops.vjp_into(x, y_bar, &mut y, &mut x_bar, &mut workspace).expect("it goes as recorded");
        let mut alone = vec![f64::NAN; y.len()];
        loops.values_into(x, &mut alone, &mut workspace).expect("it goes as recorded");
        assert_eq!(all_bits(alone), all_bits(y.iter().copied()));
    }
    [y, x_bar]
}

/// The same in one lane of a sweep, whose functions are those of loops.
fn in_a_lane(f: &Program, x: &[f64], y_bar: &[f64]) -> [Vec<f64>; 2] {
    let [x, y_bar] = [x, y_bar].map(|all| all.iter().map(|x| Lanes([*x])).collect::<Vec<_>>());
    let (y, x_bar) = f.reverse(&x, &y_bar).expect("it goes as recorded");
    [y, x_bar].map(|all| all.into_iter().map(|x| x.0[0]).collect())
}

fn cotangents(count: usize) -> Vec<f64> {
    (0..count).map(|k| 1.5 - (k % 7) as f64 * 0.25).collect()
}

/// Holds loops to a sweep, to rounding.
fn agree(f: &Program, x: &[f64]) {
    let y_bar = cotangents(f.outputs());
    let (found, wanted) = (in_loops(f, x, &y_bar), in_a_lane(f, x, &y_bar));
    for (found, wanted) in found.iter().zip(&wanted) {
        let largest = wanted.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        for (k, (x, y)) in found.iter().zip(wanted).enumerate() {
            assert!((x - y).abs() <= 1e-12 * largest, "{k}: {x}, not {y}");
        }
    }
}

/// Loops as (slots of a turn, turns).
fn loops(f: &Program) -> Vec<(usize, usize)> {
    rolled(f).loops().map(|part| (part.length, part.turns)).collect()
}

fn ramp(count: usize) -> Vec<f64> {
    (0..count).map(|i| 0.5 + 0.001 * (i * i % 977) as f64).collect()
}

fn rosenbrock<N: Number>(x: &[N]) -> N {
    let term = |x: &[N]| (x[1] - x[0].square()).square() * 100.0 + (x[0] - 1.0).square();
    x.windows(2).map(term).sum()
}

#[test]
fn a_sum_over_a_window_is_one_loop() {
    for count in [2, 3, 9, 10, 17, 100, 1000] {
        let x = ramp(count);
        agree(&record(|v| rosenbrock(v), &x), &x);
    }
    assert_eq!(loops(&record(|v| rosenbrock(v), &ramp(1000))), [(8, 998)]);
}

/// The end of one loop and the beginning of the next look alike, so that either could have the slots
/// between them.
#[test]
fn two_loops_do_not_share_slots() {
    let f = record_vec(
        |v| {
            let (x, mut all, mut before) = (v[0], Vec::new(), v[0]);
            for turn in 0..800 {
                let (sine, power) = (before.sin(), x.exp());
                let last = if turn < 400 { power.tanh() } else { power.cos() };
                all.extend([sine, power, last]);
                before = if turn < 400 { last } else { x };
            }
            all
        },
        &[0.4],
    );
    assert_eq!(loops(&f), [(3, 400), (3, 399)]);
    agree(&f, &[0.4]);
}

/// Advection on a ring: each step reads the one before it.
fn advection<N: Number>(x: &[N], steps: usize) -> N {
    let count = x.len();
    let step = |u: Vec<N>| -> Vec<N> {
        let cell = |i: usize| {
            let (l, m, r) = (u[(i + count - 1) % count], u[i], u[(i + 1) % count]);
            m - (r - l) * 0.2 + (r - m * 2.0 + l) * 0.08
        };
        (0..count).map(cell).collect()
    };
    let last = (0..steps).fold(x.to_vec(), |u, _| step(u));
    last.iter().map(|u| u.square()).sum()
}

#[test]
fn steps_on_a_ring_are_loops() {
    for (count, steps) in [(5, 3), (8, 1), (40, 7), (100, 20)] {
        let x = ramp(count);
        agree(&record(|v| advection(v, steps), &x), &x);
    }
    let found = loops(&record(|v| advection(v, 20), &ramp(100)));
    assert_eq!(found, [vec![(8, 98); 20], vec![(2, 99)]].concat());
}

/// A perceptron of one hidden layer, and the logarithm of a sum of exponentials.
fn perceptron<N: Number>(v: &[N], with_dot: bool) -> N {
    let data: Vec<f64> = (0..24).map(|i| (0.37 * i as f64).sin()).collect();
    let (w, v) = v.split_at(24 * 16);
    let (b, w_too) = v.split_at(16);
    let h: Vec<N> = (0..16)
        .map(|i| {
            let row = &w[24 * i..][..24];
            let data: Vec<N> = data.iter().map(|x| N::constant(*x)).collect();
            let sum = if with_dot {
                N::dot(row, &data)
            } else {
                row.iter().zip(&data).map(|(w, x)| *w * *x).sum()
            };
            (sum + b[i]).tanh()
        })
        .collect();
    let z = w_too.chunks(16).map(|row| row.iter().zip(&h).map(|(w, h)| *w * *h).sum::<N>());
    z.map(|z| z.exp()).sum::<N>().ln()
}

#[test]
fn neurons_of_a_layer_are_turns() {
    let x: Vec<f64> = (0..24 * 16 + 16 + 16 * 9).map(|i| 0.3 * (1.7 * i as f64).sin()).collect();
    for with_dot in [false, true] {
        let f = record(|v| perceptron(v, with_dot), &x);
        agree(&f, &x);
        assert!(loops(&f).iter().any(|(_, turns)| *turns == 16), "{:?}", loops(&f));
    }
}

/// Groups that read the same parameters at a distance, with constants of their own, and choose the
/// largest of their terms by comparing.
fn mixture<N: Real>(v: &[N], groups: usize) -> N {
    let group = |g: usize| {
        let c = |i: usize| (0.7 * (3 * g + i) as f64).sin();
        let terms: Vec<N> = v
            .chunks(4)
            .map(|p| {
                let square = |i: usize| ((p[i] - c(i)) * p[3]).square();
                p[0] - (square(0) + square(1) + square(2)) * 0.5
            })
            .collect();
        let largest = terms[1..].iter().fold(terms[0], |most, x| if *x > most { *x } else { most });
        terms.iter().fold(N::constant(0.0), |sum, x| sum + (*x - largest).exp()).ln() + largest
    };
    (0..groups).fold(N::constant(0.0), |sum, g| sum + group(g))
}

#[test]
fn groups_that_share_parameters_are_loops_with_their_own_constants() {
    let x: Vec<f64> = (0..4 * 25).map(|i| (1.3 * i as f64).cos()).collect();
    let f = record(|v| mixture(v, 12), &x);
    agree(&f, &x);
    assert!(loops(&f).iter().filter(|(_, turns)| *turns == 25).count() == 12, "{:?}", loops(&f));
}

#[test]
fn a_comparison_that_goes_the_other_way_is_the_programs_error() {
    let x: Vec<f64> = (0..4 * 25).map(|i| (1.3 * i as f64).cos()).collect();
    let f = record(|v| mixture(v, 12), &x);
    let elsewhere: Vec<f64> = x.iter().map(|x| -x).collect();
    let wanted = f.value_and_gradient(&elsewhere).expect_err("another term is the largest");
    assert!(matches!(wanted, Error::BranchChanged { .. }));
    assert_eq!(rolled(&f).value_and_gradient(&elsewhere).as_ref(), Err(&wanted));
    assert_eq!(rolled(&f).value(&elsewhere).as_ref(), Err(&wanted));
}

proptest! {
    // The same programs every time: of others, as of unit(v, v), only rounding may be left.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    /// Turns that share nothing, or the first input: with and without sums over the turns.
    #[test]
    fn random_turns_are_those_of_a_sweep(recipe in recipes(), turns in 1..70usize) {
        let count = recipe.inputs.len();
        let near = |turn: usize| recipe.inputs.iter().map(move |x| x + 1e-4 * (turn % 40) as f64);
        let x: Vec<f64> = (0..turns).flat_map(near).collect();
        let f = record_vec(|v| {
            v.chunks(count).map(|x| recipe.run(x)[recipe.output()]).collect()
        }, &x);
        let y_bar = cotangents(turns);
        let [y, x_bar] = in_loops(&f, &x, &y_bar);
        let [y_wanted, bar_wanted] = in_a_lane(&f, &x, &y_bar);
        prop_assert_eq!(all_bits(y), all_bits(y_wanted));
        prop_assert_eq!(all_bits(x_bar), all_bits(bar_wanted));
        let shared = record(|v| {

            v.chunks(count).fold(Number::constant(0.0), |sum: Var<'_>, x| {
                let x: Vec<Var<'_>> = v[..1].iter().chain(&x[1..]).copied().collect();
                sum + recipe.run(&x)[recipe.output()]
            })
        }, &x);
        let (found, wanted) = (in_loops(&shared, &x, &[1.0]), in_a_lane(&shared, &x, &[1.0]));
        for (found, wanted) in found.iter().flatten().zip(wanted.iter().flatten()) {
            let size = wanted.abs().max(1.0) * 1e-9;
            let alike = found.to_bits() == wanted.to_bits() || found.is_nan() && wanted.is_nan();
            prop_assert!(alike || found == wanted || (found - wanted).abs() <= size, "{} {}", found, wanted);
        }
    }
}

#[test]
fn sums_with_inputs_constants_and_repeated_terms_keep_all_terms() {
    let x = ramp(12);
    let f = record_vec(
        |v| {
            let squares: Vec<Var<'_>> = v.iter().map(|x| x.square()).collect();
            let twice: Vec<Var<'_>> = squares.iter().chain(&squares).copied().collect();
            let mixed: Vec<Var<'_>> = v
                .iter()
                .copied()
                .chain([Var::constant(2.0), squares[3], squares[3] * v[0]])
                .collect();
            let of_inputs = v.iter().copied().sum();
            let products = Var::dot(v, &squares);
            let constants = Var::dot(&[Var::constant(2.0); 9], &[Var::constant(0.5); 9]);
            vec![
                twice.iter().copied().sum(),
                squares.iter().copied().sum(),
                mixed.iter().copied().sum(),
                of_inputs,
                products,
                constants,
            ]
        },
        &x,
    );
    agree(&f, &x);
    let y = in_loops(&f, &x, &[0.0; 6])[0].clone();
    let (sum, squares): (f64, f64) = (x.iter().sum(), x.iter().map(|x| x * x).sum());
    let cubes: f64 = x.iter().map(|x| x.powi(3)).sum();
    let mixed = sum + 2.0 + x[3] * x[3] * (1.0 + x[0]);
    for (y, wanted) in y.iter().zip([2.0 * squares, squares, mixed, sum, cubes, 9.0]) {
        assert!((y - wanted).abs() < 1e-12 * wanted, "{y} {wanted}");
    }
}

#[test]
fn what_is_not_reached_is_not_computed_on_the_way_down() {
    // the slope of the square root at 0 is infinite, and is not asked for where it is not chosen
    let f = record_vec(
        |v| v.iter().map(|x| Number::select(*x, x.sqrt(), *x * 3.0)).collect(),
        &[1.0; 40],
    );
    let x: Vec<f64> = (0..40).map(|k| if k % 3 == 0 { 0.0 } else { k as f64 }).collect();
    let [_, x_bar] = in_loops(&f, &x, &[1.0; 40]);
    for (x, bar) in x.iter().zip(x_bar) {
        assert_eq!(bar, if *x == 0.0 { 3.0 } else { 0.5 / x.sqrt() });
    }
}

#[test]
fn outputs_may_be_inputs_constants_and_the_same_twice() {
    let f = record_vec(
        |v| {
            let doubled: Vec<Var<'_>> = v.iter().map(|x| *x * 2.0).collect();
            vec![v[0], Var::constant(7.0), doubled[5], doubled[5], v[0]]
        },
        &[1.0; 10],
    );
    let [y, x_bar] = in_loops(&f, &ramp(10), &[1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(y, [0.5, 7.0, 2.0 * ramp(10)[5], 2.0 * ramp(10)[5], 0.5]);
    assert_eq!(x_bar, [6.0, 0.0, 0.0, 0.0, 0.0, 14.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn without_repetition_or_slots_it_is_the_program() {
    let f = record(|v| v[0].sin() * v[1], &[0.5, 2.0]);
    assert_eq!(loops(&f), []);
    agree(&f, &[0.5, 2.0]);
    let constant = record_vec(|_| vec![Var::constant(3.0)], &[1.0, 2.0]);
    assert_eq!(in_loops(&constant, &[1.0, 2.0], &[1.0]), [vec![3.0], vec![0.0, 0.0]]);
}

#[test]
fn a_custom_primitive_needs_a_program() {
    #[derive(Debug)]
    struct Cube;
    impl Custom for Cube {
        fn name(&self) -> &str {
            "cube"
        }
        fn value(&self, x: &[f64]) -> f64 {
            x[0].powi(3)
        }
        fn partials(&self, x: &[f64], _: f64, partials: &mut [f64]) {
            partials[0] = 3.0 * x[0] * x[0];
        }
    }
    let tape = Tape::new();
    let x = tape.input_slice(&ramp(9));
    let cube: Arc<dyn Custom> = Arc::new(Cube);
    let f = tape.program(&[tape.custom(&cube, &x[..1])]);
    assert!(matches!(f.roll(), Err(Error::Unsupported { custom }) if custom == "cube"));
    let tape = Tape::new();
    let x = tape.input_slice(&ramp(9));
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].powi(3), &[1.0]));
    let cubes: Vec<Var<'_>> = x.iter().map(|x| tape.custom(&inner, &[*x])).collect();
    agree(&tape.program(&[cubes.iter().copied().sum()]), &ramp(9));
}

#[test]
fn it_is_shared_among_threads_and_allocates_nothing_in_a_grown_workspace() {
    let x = ramp(100);
    let f = record(|v| rosenbrock(v) + v[0] * log_sum_exp(&v[..20]), &x);
    let (loops, wanted) = (rolled(&f), f.value_and_gradient(&x).unwrap());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let (mut x_bar, mut workspace) = (vec![0.0; 100], Workspace::new());
                let mut all = || {
                    let value = loops.value_into(&x, &mut workspace).unwrap();
                    assert!((value - wanted.0).abs() < 1e-12 * wanted.0);
                    loops.gradient_into(&x, &mut x_bar, &mut workspace).unwrap();
                };
                all();
                assert_eq!(allocation_counter::measure(all).count_total, 0);
            });
        }
    });
}

#[test]
#[should_panic(expected = "the point")]
fn a_point_of_another_length_is_refused() {
    _ = rolled(&record(|v| rosenbrock(v), &ramp(20))).value(&[1.0]);
}

fn log_sum_exp<N: Number>(x: &[N]) -> N {
    N::call(wengert::Op::LogSumExp, x)
}

#[test]
fn a_comparison_within_a_custom_primitive_is_asked_in_every_turn() {
    let tape = Tape::new();
    let x = tape.input_slice(&ramp(20));
    let small = record(|v| if v[0] < 2.0 { v[0].square() } else { v[0] }, &[1.0]);
    let inner: Arc<dyn Custom> = Arc::new(small);
    let all: Vec<Var<'_>> = x.iter().map(|x| tape.custom(&inner, &[*x])).collect();
    let f = tape.program(&[all.iter().copied().sum()]);
    agree(&f, &ramp(20));
    let mut elsewhere = ramp(20);
    elsewhere[13] = 3.0;
    let wanted = f.value_and_gradient(&elsewhere).expect_err("one of them is not small");
    assert_eq!(rolled(&f).value_and_gradient(&elsewhere).as_ref(), Err(&wanted));
    assert_eq!(rolled(&f).value(&elsewhere).as_ref(), Err(&wanted));
}

#[test]
fn a_branch_that_is_not_taken_gives_no_nan_to_another_block() {
    let f = record(
        |v| {
            let not_taken = v[0].asin();
            let many = vec![v[1]; 15];
            let _: Var<'_> = Number::dot(&many, &many); // a loop between the two
            v[0].select(v[1], not_taken)
        },
        &[1.5, 0.25],
    );
    assert_eq!(in_loops(&f, &[1.5, 0.25], &[1.0])[1], [0.0, 1.0]);
}

#[test]
fn an_adjoint_that_arrives_as_minus_zero_has_arrived() {
    let mut x = vec![1.0; 41];
    (x[5], x[40]) = (0.0, 0.0);
    let f = record(
        |v| {
            let roots: Vec<Var<'_>> = v[..40].iter().map(|x| (*x * 1.0).sqrt()).collect();
            -(roots[5] * v[40])
        },
        &x,
    );
    let x_bar = &in_loops(&f, &x, &[1.0])[1];
    assert!(x_bar[5].is_nan(), "0 times infinity, not {}", x_bar[5]);
    assert!(x_bar.iter().enumerate().all(|(k, bar)| k == 5 || *bar == 0.0), "{x_bar:?}");
}

#[test]
fn a_comparison_of_constants_that_fails_is_the_programs_error() {
    #[derive(Debug)]
    struct Product(Program);
    impl Custom for Product {
        fn name(&self) -> &str {
            "product"
        }
        fn value(&self, x: &[f64]) -> f64 {
            x[0] * x[1]
        }
        fn partials(&self, x: &[f64], _: f64, partials: &mut [f64]) {
            partials.copy_from_slice(&[x[1], x[0]]);
        }
        fn program(&self) -> Option<&Program> {
            Some(&self.0)
        }
    }
    let small = record(|v| if v[0] < 2.0 { v[0] * v[1] } else { v[1] }, &[1.0, 1.0]);
    let inner: Arc<dyn Custom> = Arc::new(Product(small));
    let tape = Tape::new();
    let x = tape.input_slice(&ramp(9));
    let all: Vec<Var<'_>> =
        x.iter().map(|x| tape.custom(&inner, &[Var::constant(3.0), *x])).collect();
    let f = tape.program(&all);
    let wanted = f.values(&ramp(9)).expect_err("3 is not less than 2");
    let (mut y, mut room) = (vec![0.0; 9], Workspace::new());
    assert_eq!(rolled(&f).values_into(&ramp(9), &mut y, &mut room).as_ref(), Err(&wanted));
    let point = f.batch().values(&ramp(9)).expect_err("nor in a batch");
    assert!(matches!(point, Error::AtPoint { point: 0, .. }), "{point}");
}
