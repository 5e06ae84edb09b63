//! Loops in machine code against the programs that they were found in, and against the same loops in
//! lanes: the same answers to rounding, the same errors. It must not know what code looks like.
#![cfg(feature = "jit")]

mod common;

use common::recipes::recipes;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Arc;
use wengert::{CompileMode, Compiled, Custom, Error, Number, Op, Program, Tape, Var};
use wengert::{Workspace, record, record_vec};

fn close(found: &[f64], wanted: &[f64], what: &str) {
    let finite = wanted.iter().filter(|x| x.is_finite());
    let largest = finite.fold(1e-300_f64, |largest, x| largest.max(x.abs()));
    for (k, (x, y)) in found.iter().zip(wanted).enumerate() {
        let alike = x == y || x.is_nan() && y.is_nan() || (x - y).abs() <= 1e-12 * largest;
        assert!(alike, "{what}: number {k} is {x}, not {y}");
    }
}

fn loops_of(program: &Program) -> Compiled {
    program.roll().expect("no custom primitives").compile().expect("this machine is known")
}

/// Holds values and derivatives at a point against the interpreter's.
fn agree(program: &Program, code: &Compiled, x: &[f64], what: &str) {
    let outputs = program.outputs();
    let y_bar: Vec<f64> = (0..outputs).map(|k| 1.5 - 0.25 * (k % 9) as f64).collect();
    let (mut y, mut y_too) = (vec![f64::NAN; outputs], vec![f64::NAN; outputs]);
    let (mut bar, mut bar_too) = (vec![9.0; x.len()], vec![9.0; x.len()]);
    let mut workspace = Workspace::new();
    let right = program.vjp_into(x, &y_bar, &mut y, &mut bar, &mut Workspace::new());
    let found = code.vjp_into(x, &y_bar, &mut y_too, &mut bar_too, &mut workspace);
    assert_eq!(right, found, "{what}");
    if right.is_ok() {
        close(&y_too, &y, &format!("{what}: values"));
        close(&bar_too, &bar, &format!("{what}: derivatives"));
        let mut y_alone = vec![f64::NAN; outputs];
        code.values_into(x, &mut y_alone, &mut workspace).unwrap();
        close(&y_alone, &y, &format!("{what}: values alone"));
    }
}

fn check(program: &Program, x: &[f64], what: &str) {
    agree(program, &loops_of(program), x, what);
}

fn wave(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.55 + 0.3 * (1.7 * i as f64).sin()).collect()
}

fn banana<'t>(x: Var<'t>, y: Var<'t>) -> Var<'t> {
    (y - x.square()).square() * 100.0 + (1.0 - x).square()
}

#[test]
fn rosenbrock() {
    for n in (2..12).chain([101, 1000]) {
        let x = wave(n);
        let f = record(|v| v.windows(2).map(|p| banana(p[0], p[1])).sum(), &x);
        check(&f, &x, &format!("{n} inputs"));
    }
}

/// So many steps of Lax and Wendroff on a ring.
fn advection<'t>(x: &[Var<'t>], steps: usize) -> Var<'t> {
    let (mut state, n) = (x.to_vec(), x.len());
    for _ in 0..steps {
        let next = (0..n).map(|i| {
            let (l, m, r) = (state[(i + n - 1) % n], state[i], state[(i + 1) % n]);
            m - (r - l) * 0.2 + (r - m * 2.0 + l) * 0.08
        });
        state = next.collect();
    }
    state.iter().map(|u| u.square()).sum()
}

#[test]
fn steps_on_a_ring() {
    for n in [5, 8, 9, 100] {
        let x = wave(n);
        let f = record(|v| advection(v, 7), &x);
        check(&f, &x, &format!("a ring of {n}"));
        if n == 100 {
            assert!(f.roll().unwrap().loops().count() >= 7, "the steps are loops");
        }
    }
}

fn network<'t>(parameters: &[Var<'t>], sizes: &[usize], with_dot: bool) -> Var<'t> {
    let mut rest = parameters;
    let mut h: Vec<Var<'t>> = Vec::new();
    for (layer, size) in sizes.windows(2).enumerate() {
        let (n, m) = (size[0], size[1]);
        let (w, others) = rest.split_at(n * m);
        let (b, others) = others.split_at(m);
        rest = others;
        let z = (0..m).map(|i| {
            let row = &w[i * n..][..n];
            match (layer, with_dot) {
                (0, _) => {
                    let term = |j: usize| row[j] * (0.37 * j as f64).sin();
                    (1..n).fold(term(0), |sum, j| sum + term(j)) + b[i]
                }
                (_, true) => Var::dot(row, &h) + b[i],
                (_, false) => (1..n).fold(row[0] * h[0], |sum, j| sum + row[j] * h[j]) + b[i],
            }
        });
        let z: Vec<_> = z.collect();
        let is_last = layer + 2 == sizes.len();
        h = if is_last { z } else { z.iter().map(|z| z.tanh()).collect() };
    }
    h.iter().map(|z| z.exp()).sum::<Var<'_>>().ln() - h[1]
}

/// Of all rows a number each, side by side or overlapping, with what all rows share.
#[test]
fn rows_of_neighbours() {
    for (n, m, step) in (2..12).flat_map(|n| [(n, 3, n), (n, 8, n + 2), (n, 9, n - 1), (n, 6, 2)]) {
        let x = wave(n + m * step.max(n));
        let f = record_vec(
            |v| {
                let (shared, rows) = v.split_at(n);
                let product = |i: usize, j: usize| rows[i * step + j] * shared[j];
                let row = |i: usize| (0..n).map(|j| product(i, j)).reduce(|x, y| x + y).unwrap();
                let square = |i: usize, j: usize| rows[i * n.min(m) + j].square();
                let crossed = |i: usize| {
                    let all = (0..n.min(m)).map(|j| square(i, j) * square(j, i));
                    all.reduce(|x, y| x + y).unwrap()
                };
                let sums = (0..m).map(|i| row(i).tanh() * shared[0]);
                sums.chain((0..n.min(m)).map(crossed)).chain([v[n + 1]]).collect()
            },
            &x,
        );
        check(&f, &x, &format!("{m} rows of {n}, {step} apart"));
    }
}

#[test]
fn networks() {
    let sizes = [16, 9, 8, 5];
    let x: Vec<f64> =
        (0..16 * 9 + 9 + 9 * 8 + 8 + 8 * 5 + 5).map(|i| 0.3 * (1.7 * i as f64).sin()).collect();
    for with_dot in [false, true] {
        let f = record(|v| network(v, &sizes, with_dot), &x);
        check(&f, &x, &format!("dot: {with_dot}"));
    }
}

#[test]
fn a_mixture() {
    let x = wave(30);
    let f = record(
        |v| {
            let (weights, centres) = v.split_at(3);
            let points = (0..60).map(|k| [(0.3 * k as f64).sin(), (0.7 * k as f64).cos()]);
            let terms = points.map(|point| {
                let parts: Vec<Var<'_>> = (0..3)
                    .map(|j| {
                        let squares = (0..2).map(|d| (centres[2 * j + d] - point[d]).square());
                        weights[j] - squares.sum::<Var<'_>>() * (-centres[6 + j]).exp()
                    })
                    .collect();
                Var::call(Op::LogSumExp, &parts)
            });
            terms.sum::<Var<'_>>() - weights.iter().map(|w| w.exp()).sum::<Var<'_>>().ln() * 60.0
        },
        &x,
    );
    check(&f, &x, "a mixture");
}

/// How turns find what they take: neighbours, at equal distances, forwards and backwards, here and
/// there, or one of them the same for all.
#[derive(Clone, Copy, Debug)]
enum Found {
    Near,
    Far,
    Backwards,
    Anywhere,
    Shared,
}

impl Found {
    const ALL: [Found; 5] =
        [Found::Near, Found::Far, Found::Backwards, Found::Anywhere, Found::Shared];

    fn arg(self, turn: usize, k: usize, turns: usize) -> usize {
        match self {
            Found::Near => turn + k,
            Found::Far => 4 * turn + k,
            Found::Backwards => 2 * (turns - 1 - turn) + k,
            Found::Anywhere => (turn * turn * 7 + 3 * k + turn) % (4 * turns + 4),
            Found::Shared if k == 1 => 4 * turns,
            Found::Shared => turn + 2 * k,
        }
    }
}

/// A turn that calls a row, and is long enough for few turns to be worth a loop.
fn turn<'t>(op: Op, v: &[Var<'t>], at: impl Fn(usize) -> usize) -> Var<'t> {
    let count = op.arity().unwrap_or(4);
    let names = op.row().args;
    let args: Vec<Var<'t>> = (0..count)
        .map(|k| match (op, k) {
            (Op::Clamp | Op::Clip, 1) => v[at(1)] * 0.1 - 1.0,
            (Op::Clamp | Op::Clip, 2) => v[at(2)] * 0.1 + 1.0,
            _ if op.arity().is_some() && names[k] == "n" => Var::constant(2.0),
            _ => v[at(k)],
        })
        .collect();
    let square = (v[at(1)] - v[at(2)]).square();
    (0..10).fold(Var::call(op, &args), |sum, k| sum * v[at(0)] - square * (0.1 * f64::from(k)))
}

#[test]
fn every_row_in_a_loop_of_any_length() {
    for op in Op::ALL {
        for (n, turns) in [1, 2, 3, 4, 5, 7, 8, 9, 100].into_iter().enumerate() {
            let all = if turns == 9 { &Found::ALL[..] } else { &Found::ALL[n % 5..][..1] };
            for found in all {
                let what = format!("{}, {turns} turns, {found:?}", op.name());
                let x: Vec<f64> =
                    (0..4 * turns + 4).map(|i| 1.4 * (0.9 * i as f64).sin()).collect();
                let at = |k| move |j| found.arg(k, j, turns);
                let each = record_vec(|v| (0..turns).map(|k| turn(*op, v, at(k))).collect(), &x);
                check(&each, &x, &what);
                let positive: Vec<f64> = x.iter().map(|x| 0.5 + 0.2 * x).collect();
                let sum = record(|v| (0..turns).map(|k| turn(*op, v, at(k))).sum(), &positive);
                check(&sum, &positive, &format!("sum of {what}"));
            }
        }
    }
}

#[test]
fn rows_are_in_loops() {
    let x = wave(9);
    for op in Op::ALL {
        let f = record_vec(|v| (0..5).map(|k| turn(*op, v, |j| k + j)).collect(), &x);
        assert!(f.roll().unwrap().loops().count() > 0, "{}", op.name());
    }
}

#[test]
fn an_edge_that_is_not_taken_poisons_nothing() {
    let edges = [0.0, -0.0, 1.0, -1.0, 2.0, 40.0, -800.0, 1e-310, 1e200, f64::INFINITY, f64::NAN];
    for shift in 0..edges.len() {
        let x: Vec<f64> = (0..22).map(|i| edges[(i * (shift + 1) + shift) % edges.len()]).collect();
        let f = record_vec(
            |v| {
                let turns = v.windows(2).map(|p| {
                    let root = p[0].select(p[0].sqrt(), p[1] * 0.0);
                    let bounded = p[0].clamp(Var::constant(-1.0), Var::constant(1.0));
                    root.max(p[1].ln()) * bounded + p[0].relu() + p[1].abs().min(p[0])
                });
                turns.collect()
            },
            &x,
        );
        check(&f, &x, "edges");
    }
}

proptest! {
    // The same programs every time: of others, as of unit(v, v), only rounding may be left.
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_turns(recipe in recipes(), turns in 4_usize..20, step in 1_usize..4) {
        prop_assume!(recipe.steps.iter().all(|step| !step.op.row().args.contains(&"lo")));
        let n = recipe.inputs.len();
        let x: Vec<f64> = (0..n + turns * step)
            .map(|k| recipe.inputs[k % n] * (1.0 + 0.001 * k as f64))
            .collect();
        let at = |turn: usize| turn * step..turn * step + n;
        let has_nan = |turn: usize| recipe.run(&x[at(turn)]).iter().any(|x| x.is_nan());
        let signs = recipe.steps.iter().any(|step| step.op == Op::Copysign);
        prop_assume!(!signs || !(0..turns).any(has_nan)); // the sign of a NaN may be either
        let last = recipe.output();
        let sum = record(|v| (0..turns).map(|turn| recipe.run(&v[at(turn)])[last]).sum(), &x);
        let each =
            record_vec(|v| (0..turns).map(|turn| recipe.run(&v[at(turn)])[last]).collect(), &x);
        check(&each, &x, "turns");
        if sum.value(&x).is_ok_and(f64::is_finite) {
            check(&sum, &x, "a sum of turns");
        }
    }
}

#[test]
fn a_branch_that_changes_is_the_error_of_the_program() {
    let x = wave(20);
    let f = record(
        |v| {
            let pairs = v.windows(2);
            pairs.map(|p| if p[0] > p[1] { p[0] * p[1] } else { p[1].square() }).sum()
        },
        &x,
    );
    let code = loops_of(&f);
    agree(&f, &code, &x, "as recorded");
    let mut changed = x.clone();
    changed.swap(7, 8);
    assert!(matches!(code.value(&changed), Err(Error::BranchChanged { .. })));
    assert_eq!(code.value(&changed), f.value(&changed));
    agree(&f, &code, &changed, "a changed branch");
}

#[test]
fn a_branch_within_a_custom_primitive_is_asked_too() {
    let inner = record(|v| if v[0] > 0.0 { v[0].exp() * v[1] } else { v[1] }, &[1.0, 1.0]);
    let inner: Arc<dyn Custom> = Arc::new(inner);
    let tape = Tape::new();
    let x = tape.input_slice(&wave(9));
    let terms = x.windows(2).map(|p| tape.custom(&inner, &[p[0], p[1]]));
    let f = tape.program(&[terms.sum()]);
    let code = loops_of(&f);
    agree(&f, &code, &wave(9), "as recorded");
    let mut changed = wave(9);
    changed[4] = -1.0;
    assert!(f.value(&changed).is_err());
    agree(&f, &code, &changed, "a changed branch");
}

#[test]
#[should_panic(expected = "min > max")]
fn bounds_that_cross_panic_as_they_do_in_the_interpreter() {
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    let f = record(|v| v.windows(3).map(|p| p[0].clamp(p[1], p[2])).sum(), &x);
    let code = loops_of(&f);
    agree(&f, &code, &x, "in order");
    let mut crossed = x;
    crossed[5] = 7.5;
    _ = code.value(&crossed);
}

#[test]
fn modes_agree_and_loops_are_smaller() {
    let x = wave(400);
    let f = record(|v| v.windows(2).map(|p| banana(p[0], p[1])).sum(), &x);
    let quick = f.roll().unwrap().compile_in(CompileMode::Quick).unwrap();
    let thorough = loops_of(&f);
    assert_eq!(quick.value_and_gradient(&x), thorough.value_and_gradient(&x));
    assert!(thorough.bytes() < f.compile().unwrap().bytes() / 8);
    assert_eq!(thorough.interpreted_because(), None);
}

#[test]
fn loops_agree_with_lanes() {
    let x = wave(100);
    let f = record(|v| advection(v, 5), &x);
    let rolled = f.roll().unwrap();
    let (value, gradient) = rolled.value_and_gradient(&x).unwrap();
    let (found, slopes) = rolled.compile().unwrap().value_and_gradient(&x).unwrap();
    close(&[found], &[value], "value");
    close(&slopes, &gradient, "gradient");
}

#[test]
fn code_is_shared_by_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let x = wave(64);
    let program = record(|v| v.windows(2).map(|p| banana(p[0], p[1])).sum(), &x);
    let code = loops_of(&program);
    is_shared(&code);
    std::thread::scope(|scope| {
        for k in 0..4 {
            let (code, program, mut x) = (&code, &program, x.clone());
            x[k] += 0.1 * k as f64;
            scope.spawn(move || agree(program, code, &x, "in a thread"));
        }
    });
}

#[test]
fn a_workspace_that_has_grown_is_enough() {
    let x = wave(50);
    let each = record_vec(|v| v.windows(2).map(|p| banana(p[0], p[1]).sin()).collect(), &x);
    let sum = record(|v| v.windows(2).map(|p| banana(p[0], p[1])).sum(), &x);
    let (each, sum, y_bar) = (loops_of(&each), loops_of(&sum), [1.0; 49]);
    let (mut y, mut x_bar, mut workspace) = ([0.0; 49], [0.0; 50], Workspace::new());
    let mut all = || {
        each.values_into(&x, &mut y, &mut workspace).unwrap();
        each.vjp_into(&x, &y_bar, &mut y, &mut x_bar, &mut workspace).unwrap();
        sum.value_into(&x, &mut workspace).unwrap();
        sum.gradient_into(&x, &mut x_bar, &mut workspace).unwrap();
    };
    all();
    assert_eq!(allocation_counter::measure(all).count_total, 0);
}
