//! What must be found, and what must not, in programs of many kinds. It must not know how.

mod check;
mod random;

use super::free::Free;
use super::turns::Reader;
use super::{Part, parts};
use crate::custom::Custom;
use crate::derive::{record, record_vec};
use crate::op::Number;
use crate::program::Program;
use crate::var::Var;
use check::check;
use std::sync::Arc;

/// The loops of a program as length and turns, after a check of all its parts.
fn loops(program: &Program) -> Vec<(usize, usize)> {
    let parts = parts(&program.code, &program.outputs);
    check(program, &parts).unwrap();
    parts.iter().filter(|part| part.turns > 1).map(|part| (part.length, part.turns)).collect()
}

/// The loops of a function of so many inputs.
fn loops_of(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, inputs: usize) -> Vec<(usize, usize)> {
    loops(&record(f, &points(inputs)))
}

/// The same for a function of several outputs.
fn loops_of_vec(
    f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
    inputs: usize,
) -> Vec<(usize, usize)> {
    loops(&record_vec(f, &points(inputs)))
}

fn points(count: usize) -> Vec<f64> {
    (0..count).map(|k| 0.5 + 0.01 * k as f64).collect()
}

/// Additions one by one, where `sum` would record a list.
fn total<'t>(terms: impl IntoIterator<Item = Var<'t>>) -> Var<'t> {
    terms.into_iter().reduce(|x, y| x + y).unwrap()
}

/// A chained Rosenbrock function, summed as its terms come.
fn rosenbrock<'t>(x: &[Var<'t>]) -> Var<'t> {
    total(x.windows(2).map(|p| (p[1] - p[0].square()).square() * 100.0 + (1.0 - p[0]).square()))
}

#[test]
fn a_chain_is_one_loop_with_a_sum() {
    // the first term has nothing to be added to: a turn begins behind it
    assert_eq!(loops_of(rosenbrock, 50), [(8, 48)]);
    assert_eq!(loops_of(rosenbrock, 3000), [(8, 2998)]);
}

/// A cell of a ring of 40 after a step of Lax and Wendroff.
fn cell<'t>(u: &[Var<'t>], i: usize) -> Var<'t> {
    let (l, m, r) = (u[(i + 39) % 40], u[i], u[(i + 1) % 40]);
    m - (r - l) * 0.2 + (r - m * 2.0 + l) * 0.08
}

#[test]
fn a_step_on_a_ring_is_a_loop_each() {
    let found = loops_of(
        |x| {
            let steps = (0..6).fold(x.to_vec(), |u, _| (0..40).map(|i| cell(&u, i)).collect());
            total(steps.iter().map(|u| u.square()))
        },
        40,
    );
    assert_eq!(found, [[(8, 40)].repeat(6), vec![(2, 39)]].concat());
}

fn log_sum_exp<'t>(x: &[Var<'t>]) -> Var<'t> {
    let largest = x[1..].iter().fold(x[0], |most, x| if *x > most { *x } else { most });
    total(x.iter().map(|x| (*x - largest).exp())).ln() + largest
}

/// The density of one of several normal distributions in 4 dimensions, up to constants.
fn log_density<'t>(parameters: &[Var<'t>], point: usize) -> Var<'t> {
    let (mean, factor) = parameters[1..].split_at(4);
    let centred: Vec<_> = (0..4).map(|i| (0.7 * (point + i) as f64).sin() - mean[i]).collect();
    let mut y: Vec<_> = (0..4).map(|i| factor[i] * centred[i]).collect();
    let mut below = factor[4..].iter();
    for (column, x) in centred.iter().enumerate() {
        for (y, entry) in y[column + 1..].iter_mut().zip(&mut below) {
            *y += *entry * *x;
        }
    }
    parameters[0] - total(y.iter().map(|y| y.square())) * 0.5
}

#[test]
fn a_mixture_is_a_loop_over_components_for_each_point() {
    let found = loops_of(
        |x| {
            let components: Vec<_> = x.chunks(15).collect();
            total((0..9).map(|point| {
                let terms: Vec<_> = components.iter().map(|x| log_density(x, point)).collect();
                log_sum_exp(&terms)
            }))
        },
        15 * 25,
    );
    assert_eq!(found, [(29, 25), (3, 24)].repeat(9));
}

fn layer<'t>(parameters: &mut &[Var<'t>], x: &[Var<'t>], rows: usize, dot: bool) -> Vec<Var<'t>> {
    let weights = parameters.split_off(..rows * x.len()).unwrap();
    let biases = parameters.split_off(..rows).unwrap();
    let product = |row: &[Var<'t>]| match dot {
        true => Var::dot(row, x),
        false => total(row.iter().zip(x).map(|(w, x)| *w * *x)),
    };
    weights.chunks(x.len()).zip(biases).map(|(row, b)| product(row) + *b).collect()
}

fn perceptron<'t>(x: &[Var<'t>], dot: bool) -> Var<'t> {
    let mut parameters = x;
    let mut h: Vec<_> = (0..64).map(|i| Var::constant((0.37 * i as f64).sin())).collect();
    for _ in 0..2 {
        h = layer(&mut parameters, &h, 32, dot);
        h.iter_mut().for_each(|h| *h = h.tanh());
    }
    let z = layer(&mut parameters, &h, 10, dot);
    total(z.iter().map(|z| z.exp())).ln() - z[3]
}

#[test]
fn a_layer_is_a_loop_over_neurons() {
    let parameters = 65 * 32 + 33 * 32 + 33 * 10;
    let plain = loops_of(|x| perceptron(x, false), parameters);
    assert_eq!(plain, [(128, 32), (1, 32), (64, 32), (1, 32), (64, 10), (2, 9)]);
    let dot = loops_of(|x| perceptron(x, true), parameters);
    assert_eq!(dot, [(2, 32), (1, 32), (2, 32), (1, 32), (2, 10), (2, 9)]);
}

#[test]
fn nested_loops_are_cut_where_it_saves_most() {
    fn row<'t>(x: &[Var<'t>], i: usize) -> Var<'t> {
        total(x.iter().map(|y| (*y * (i + 2) as f64).sin().exp() * x[1])).ln()
    }
    let nested = |outer: usize, inner: usize| {
        loops_of_vec(|x| (0..outer).map(|i| row(x, i)).collect(), inner)
    };
    // a row is 4 slots, then 5 each, then a logarithm
    assert_eq!(nested(100, 4), [(20, 100)]);
    assert_eq!(nested(5, 100), [(5, 99)].repeat(5));
}

#[test]
fn sums_that_are_used_between_do_not_add_up() {
    let prefix_sums = loops_of_vec(
        |x| {
            let mut sums = vec![x[0]];
            x[1..].iter().for_each(|x| sums.push(sums[sums.len() - 1] + x.sin()));
            sums
        },
        200,
    );
    assert_eq!(prefix_sums, []);
    let guarded =
        loops_of(|x| x[1..].iter().fold(x[0], |y, x| if y > 0.0 { y + x.sin() } else { y }), 200);
    assert_eq!(guarded, []);
    let twice = loops_of(|x| x[1..].iter().fold(x[0], |y, x| y + x.sin() * y), 200);
    assert_eq!(twice, []);
    let alone = loops_of(|x| x[1..].iter().fold(x[0], |y, x| y + x.sin()), 200);
    assert_eq!(alone, [(2, 199)]);
}

#[test]
fn a_loop_ends_behind_a_sum_that_is_used() {
    let found = loops_of_vec(
        |x| {
            let first = x[1..100].iter().fold(x[0], |sum, x| sum - x.sin());
            let second = x[100..].iter().fold(first, |sum, x| sum - x.sin());
            vec![second, first]
        },
        300,
    );
    assert_eq!(found, [(2, 99), (2, 200)]);
}

#[test]
fn a_loop_begins_where_its_sum_goes_on_from_before() {
    // the first turn adds to what is of the same turn
    let within = loops_of(
        |x| {
            let mut sum = None;
            for x in x {
                let (sine, exponential) = (x.sin(), x.exp());
                sum = Some(sine + sum.unwrap_or(exponential));
            }
            sum.unwrap()
        },
        200,
    );
    assert_eq!(within, [(3, 199)]);
    // the first turns add to the same, and those behind them to each other
    let apart = |first: usize| {
        loops_of_vec(
            |x| {
                let mut sums = vec![x[0]];
                for (k, x) in x.iter().enumerate() {
                    let so_far = sums[if k < first { 0 } else { k }];
                    sums.push(so_far + x.sin());
                }
                vec![sums[200]]
            },
            200,
        )
    };
    assert_eq!(apart(2), [(2, 198)]);
    assert_eq!(apart(100), [(2, 100), (2, 100)]);
}

#[test]
fn lists_of_different_lengths_are_not_alike() {
    let found = |length: fn(usize) -> usize| {
        loops_of_vec(
            |x| (1..100).map(|k| Var::dot(&x[..length(k)], &x[k..k + length(k)]).sin()).collect(),
            200,
        )
    };
    assert_eq!(found(|k| k), []);
    assert_eq!(found(|k| 100 - k), []);
    assert_eq!(found(|_| 5), [(2, 99)]);
}

#[test]
fn a_recurrence_is_no_loop() {
    assert_eq!(loops_of(|x| (0..100).fold(x[0], |y, _| y.sin()), 1), []);
    assert_eq!(loops_of(|x| (0..500).fold(x[0], |y, _| x[1] - (y * 2.0).cos()), 2), []);
    assert_eq!(loops_of(|x| (0..500).fold(x[0], |y, _| y + y), 1), []);
    assert_eq!(loops_of(|x| (0..500).fold(x[0], |y, _| x[1] - y), 2), []);
}

#[test]
fn constants_may_differ_from_turn_to_turn() {
    let turn = |x: f64| (x + 2.0, x + 3.0);
    let found = loops_of_vec(
        |x| (0..100).map(|k| turn(k as f64)).map(|(a, b)| (x[0] * a).sin() + b).collect(),
        1,
    );
    assert_eq!(found, [(3, 100)]);
}

#[test]
fn what_does_not_repeat_is_one_part() {
    let whole = |program: &Program| parts(&program.code, &program.outputs);
    assert_eq!(whole(&record_vec(|_| Vec::new(), &[])), []);
    let one = Part { start: 0, length: 1, turns: 1 };
    assert_eq!(whole(&record(|x| x[0], &[1.0])), [one]);
    let program = record(|x| (x[0] * x[1]).sin().exp() - x[1].ln() * x[0].sqrt(), &[1.0, 2.0]);
    assert_eq!(whole(&program), [Part { start: 0, length: 9, turns: 1 }]);
}

#[test]
fn inputs_and_custom_primitives_are_in_no_loop() {
    let square: Arc<dyn Custom> = Arc::new(record(|x| x[0] * x[0], &[1.0]));
    let found = loops_of_vec(|x| x.chunks(1).map(|x| Var::custom(&square, x).sin()).collect(), 300);
    assert_eq!(found, []);
}

#[test]
fn what_is_free_is_cut_where_it_is_taken() {
    let mut free = Free::all(100);
    free.take(20..30);
    free.take(60..70);
    free.take(0..5);
    assert_eq!(free.len(), 75);
    assert_eq!(free.within(0..100), [5..20, 30..60, 70..100]);
    assert_eq!(free.within(10..65), [10..20, 30..60]);
    assert_eq!(free.within(40..50), vec![40..50; 1]);
    assert_eq!(free.within(20..30), []);
}

#[test]
fn a_loop_is_clipped_to_whole_turns() {
    let program =
        record_vec(|x| (0..50).map(|k| (x[k] * x[0]).sin() + x[1]).collect(), &points(50));
    let reader = Reader::new(&program.code, &program.outputs);
    let found = reader.all_loops(&Free::all(program.len()), 3).remove(0);
    assert_eq!(found.part, Part { start: 50, length: 3, turns: 50 });
    let clipped = |range| found.clipped(range).map(|clipped| clipped.part);
    assert_eq!(clipped(50..200), Some(found.part));
    assert_eq!(clipped(51..199), Some(Part { start: 53, length: 3, turns: 48 }));
    assert_eq!(clipped(62..74), Some(Part { start: 62, length: 3, turns: 4 }));
    assert_eq!(clipped(62..73), None);
}

#[test]
fn the_check_sees_what_is_wrong() {
    let refused = |program: &Program, parts: &[(usize, usize, usize)], why: &str| {
        let part = |&(start, length, turns): &_| Part { start, length, turns };
        let parts: Vec<Part> = parts.iter().map(part).collect();
        let error = check(program, &parts).unwrap_err();
        assert!(error.contains(why), "{error}");
    };
    let sines = record_vec(|x| vec![x[0].sin(), x[0].sin(), x[0].cos(), x[0].cos() + 1.0], &[1.0]);
    refused(&sines, &[(0, 1, 6)], "a Input");
    refused(&sines, &[(0, 1, 1), (1, 1, 3), (4, 2, 1)], "different primitives");
    refused(&sines, &[(0, 1, 1), (1, 2, 2)], "slots are covered");
    refused(&sines, &[(0, 1, 1), (2, 4, 1)], "does not begin at");
    let chain = record(|x| x[0].sin().sin().sin() * 2.0 * x[0] * x[0], &[1.0]);
    refused(&chain, &[(0, 1, 1), (1, 1, 3), (4, 3, 1)], "does not add up");
    refused(&chain, &[(0, 4, 1), (4, 1, 3)], "argument");
    let sums = |used: usize| {
        record_vec(
            |x| {
                let mut sums = vec![x[0]];
                (0..3).for_each(|k| sums.push(sums[k] + x[1]));
                vec![sums[3], sums[used], (0..3).fold(Var::constant(3.0), |sum, _| sum + x[1])]
            },
            &[1.0, 2.0],
        )
    };
    let cut =
        |start, turns| [(0, start, 1), (start, 1, turns), (start + turns, 8 - start - turns, 1)];
    refused(&sums(2), &cut(2, 3), "used");
    refused(&sums(0), &cut(5, 2), "begins with Constant");
    let parts = cut(2, 3).map(|(start, length, turns)| Part { start, length, turns });
    assert_eq!(check(&sums(0), &parts), Ok(()));
}
