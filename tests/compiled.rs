//! Compiled programs against the interpreter, to the last bit. It must not know what code looks like.
#![cfg(feature = "jit")]

mod common;

use common::recipes::recipes;
use common::{all_bits, bits};
use proptest::prelude::*;
use std::sync::Arc;
use wengert::{CompileError, CompileMode, Compiled, Custom, Error, Number, Op, Program, Tape, Var};
use wengert::{Workspace, record, record_vec};

const MODES: [CompileMode; 2] = [CompileMode::Thorough, CompileMode::Quick];

fn compiled(program: &Program) -> [Compiled; 2] {
    MODES.map(|mode| program.compile_in(mode).expect("this machine is known"))
}

/// Holds values and derivatives at a point against the interpreter's.
fn agree(program: &Program, code: &Compiled, x: &[f64], what: &str) {
    let outputs = program.outputs();
    let y_bar: Vec<f64> = match outputs {
        1 => vec![1.0],
        _ => (0..outputs).map(|k| 1.5 - k as f64).collect(),
    };
    let (mut y, mut y_too) = (vec![f64::NAN; outputs], vec![f64::NAN; outputs]);
    let (mut bar, mut bar_too) = (vec![9.0; x.len()], vec![9.0; x.len()]);
    let mut workspace = Workspace::new();
    let right = program.vjp_into(x, &y_bar, &mut y, &mut bar, &mut workspace);
    let found = code.vjp_into(x, &y_bar, &mut y_too, &mut bar_too, &mut Workspace::new());
    assert_eq!(right, found, "{what} at {x:?}");
    if right.is_ok() {
        assert_eq!(all_bits(y.clone()), all_bits(y_too), "{what}: values at {x:?}");
        let derivatives = (all_bits(bar.clone()), all_bits(bar_too.clone()));
        assert_eq!(derivatives.0, derivatives.1, "{what}: {bar:?}, not {bar_too:?}, at {x:?}");
        let mut y_alone = vec![f64::NAN; outputs];
        code.values_into(x, &mut y_alone, &mut workspace).unwrap();
        assert_eq!(all_bits(y), all_bits(y_alone), "{what}: values alone at {x:?}");
    }
}

fn agree_in_both_modes(program: &Program, points: &[Vec<f64>], what: &str) {
    for code in compiled(program) {
        points.iter().for_each(|x| agree(program, &code, x, what));
    }
}

/// Where rows have their edges.
const EDGES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    -2.5,
    40.0,
    -800.0,
    1e-310,
    1e200,
    -1e200,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    1.0 + f64::EPSILON,
];

/// Points whose numbers are edges, in every combination of two and many of three.
fn edges(count: usize) -> Vec<Vec<f64>> {
    let total = EDGES.len().pow(count as u32).min(2 * 256);
    let step = (EDGES.len().pow(count as u32) / total).max(1);
    let point =
        |n: usize| (0..count).map(|k| EDGES[n * step / 16usize.pow(k as u32) % 16]).collect();
    (0..total).map(point).collect()
}

/// How a row is recorded: whole numbers stand as constants.
fn call<'t>(op: Op, x: &[Var<'t>]) -> Var<'t> {
    let whole = |name: &&str| **name == *"n";
    let args = op.row().args.iter().zip(x).map(|(name, x)| match whole(name) {
        true => Number::constant(2.0),
        false => *x,
    });
    Var::call(op, &args.collect::<Vec<_>>())
}

#[test]
fn every_row_has_the_bits_of_the_interpreter_at_every_edge() {
    for op in Op::ALL {
        let arity = op.arity().unwrap_or(4);
        let at = vec![0.25; arity];
        let program = match op.arity() {
            Some(_) => record(|x| call(*op, x), &at),
            None => record(|x| Var::call(*op, x), &at),
        };
        let points: Vec<Vec<f64>> = edges(arity.min(3))
            .into_iter()
            .map(|mut x| {
                x.resize(arity, 0.75);
                x
            })
            .filter(|x| !op.row().args.contains(&"lo") || x[1] <= x[2])
            .collect();
        agree_in_both_modes(&program, &points, op.name());
    }
}

/// The slope of a b in a is b, and at b = -0 something has reached it: times an infinite adjoint it is NaN,
/// 0 x inf.
#[test]
fn a_slope_of_minus_zero_within_a_program_is_a_slope() {
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0] * v[1], &[1.0, 1.0]));
    let tape = Tape::new();
    let [a, b] = tape.input_array([2.0, -0.0]);
    let program = tape.program(&[tape.custom(&inner, &[a, b]) * f64::INFINITY]);
    assert!(program.gradient(&[2.0, -0.0]).unwrap()[0].is_nan());
    agree_in_both_modes(&program, &[vec![2.0, -0.0], vec![2.0, 0.0], vec![2.0, 3.0]], "a b");
    let mut found = [0.0; 2];
    let rolled = program.roll().unwrap();
    rolled.gradient_into(&[2.0, -0.0], &mut found, &mut Workspace::new()).unwrap();
    assert!(found[0].is_nan() && found[1] == f64::INFINITY, "{found:?}");
}

#[test]
fn rows_of_constants_and_variables_have_the_bits_of_the_interpreter() {
    for op in Op::ALL.iter().filter(|op| op.arity() == Some(2) && op.row().args[1] != "n") {
        for constant in [0.0, -0.0, 1.0, -1.0, 2.0, f64::NAN] {
            let constant_of = || Var::constant(constant);
            if op.row().args[0] != "n" {
                let left = record(|x| Var::call(*op, &[x[0], constant_of()]), &[0.5]);
                agree_in_both_modes(&left, &edges(1), op.name());
                let right = record(|x| Var::call(*op, &[constant_of(), x[0]]), &[0.5]);
                agree_in_both_modes(&right, &edges(1), op.name());
            }
        }
    }
}

#[test]
fn derivatives_of_rows_compile_too() {
    for op in Op::ALL.iter().filter(|op| op.arity() == Some(1)) {
        let program = record(|x| Var::call(*op, &[x[0] * x[1]]), &[0.5, 0.75]);
        let points: Vec<Vec<f64>> = edges(2).into_iter().step_by(3).collect();
        agree_in_both_modes(&program.derivative().unwrap(), &points, op.name());
    }
}

#[test]
fn an_edge_that_is_not_taken_poisons_nothing() {
    let program = record(
        |v| {
            let root = v[0].select(v[0].sqrt(), v[1] * 0.0);
            root.max(v[1].ln()) * v[0].clamp(Var::constant(-1.0), Var::constant(1.0)) + v[0].relu()
        },
        &[2.0, 1.0],
    );
    agree_in_both_modes(&program, &edges(2), "edges");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_have_the_bits_of_the_interpreter(
        recipe in recipes(),
        elsewhere in prop::collection::vec(-3.0..3.0, 5),
    ) {
        let last = record(|x| recipe.run(x)[recipe.output()], &recipe.inputs);
        let all = record_vec(|x| recipe.run(x), &recipe.inputs);
        let elsewhere = recipe.elsewhere(&elsewhere[..recipe.inputs.len()]);
        // The sign of a NaN is nobody's, but `copysign` shows it.
        let shows = recipe.steps.iter().any(|step| step.op == Op::Copysign)
            && recipe.run(&elsewhere).iter().any(|x| x.is_nan());
        let elsewhere = if shows { recipe.inputs.clone() } else { elsewhere };
        let points = [recipe.inputs.clone(), elsewhere];
        agree_in_both_modes(&last, &points, "one output");
        agree_in_both_modes(&all, &points, "all outputs");
    }

    #[test]
    fn random_programs_of_many_pieces_have_the_bits_of_the_interpreter(
        recipe in recipes(),
        turns in 20_usize..60,
    ) {
        // Away from where it was made, its bounds might cross.
        prop_assume!(recipe.steps.iter().all(|step| !step.op.row().args.contains(&"lo")));
        let program = record(|x| {
            let mut x = x.to_vec();
            for _ in 0..turns {
                let slots = recipe.run(&x);
                let next = slots[recipe.output()].sin() + slots[slots.len() / 2].relu();
                x.rotate_left(1);
                x[0] = x[0] * 0.5 + next;
            }
            x.iter().copied().sum()
        }, &recipe.inputs);
        agree_in_both_modes(&program, std::slice::from_ref(&recipe.inputs), "many pieces");
    }
}

#[test]
fn a_long_program_has_the_bits_of_the_interpreter() {
    let x: Vec<f64> = (0..1000).map(|i| 0.5 + 0.001 * f64::from(i % 977)).collect();
    let program = record(|v| v.windows(2).map(|p| banana(p[0], p[1])).sum(), &x);
    agree_in_both_modes(&program, &[x], "rosenbrock");
}

#[test]
fn what_is_done_two_at_once_has_the_bits_of_the_interpreter() {
    let program = record(
        |v| {
            let (weights, x) = v.split_at(32);
            let sums = weights.chunks(4).map(|row| {
                let terms = row.iter().zip(x).map(|(w, x)| *w * *x);
                terms.reduce(|sum, term| sum + term).expect("four terms")
            });
            let roots = v.iter().map(|x| (x.square() + 1.0).sqrt() - (-x.abs()) / 3.0);
            let sums: Var<'_> = sums.map(|sum| sum * sum).sum();
            sums + roots.sum::<Var<'_>>()
        },
        &[0.5; 36],
    );
    let ordinary: Vec<f64> = (0..36).map(|i| f64::from(i * 7 % 36) - 12.5).collect();
    let mut points = vec![ordinary.clone()];
    for k in 0..36 {
        let mut x = ordinary.clone();
        x[k] = EDGES[k % EDGES.len()];
        points.push(x);
    }
    agree_in_both_modes(&program, &points, "neighbours");
}

fn banana<'t>(x: Var<'t>, y: Var<'t>) -> Var<'t> {
    (y - x.square()).square() * 100.0 + (1.0 - x).square()
}

#[test]
fn lists_and_inputs_and_constants_may_be_outputs() {
    let program = record_vec(
        |v| {
            let tail = Number::dot(&v[..2], &v[2..]);
            vec![v[3], tail, Var::constant(7.0), Var::call(Op::Norm, v), tail, v[0]]
        },
        &[1.0, 2.0, 3.0, 4.0],
    );
    agree_in_both_modes(&program, &[vec![0.5, -1.0, 2.0, 0.0], vec![0.0; 4]], "outputs");
    let constant = record(|_| Var::constant(2.0), &[1.0]);
    agree_in_both_modes(&constant, &[vec![4.0]], "a constant");
    let input = record(|v| v[1], &[1.0, 2.0]);
    agree_in_both_modes(&input, &[vec![4.0, 5.0]], "an input");
}

#[test]
fn a_branch_that_changes_is_the_error_of_the_program() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [1.0, 2.0]);
    let smaller = if x < y { x } else { y };
    let program = tape.program(&[if x * 2.0 >= y { smaller * y } else { smaller }]);
    for code in compiled(&program) {
        for at in [[1.0, 2.0], [2.0, 1.0], [1.0, 3.0], [f64::NAN, 1.0], [1.0, f64::NAN]] {
            assert_eq!(code.value(&at), program.value(&at), "{at:?}");
            agree(&program, &code, &at, "guards");
        }
        assert!(matches!(code.value(&[2.0, 1.0]), Err(Error::BranchChanged { .. })));
    }
}

#[test]
fn every_comparison_is_checked() {
    let ask: [fn(Var<'_>, Var<'_>) -> bool; 6] = [
        |x, y| x == y,
        |x, y| x < y,
        |x, y| x <= y,
        |x, y| x > y,
        |x, y| x >= y,
        |x, y| x.partial_cmp(&y).is_some(),
    ];
    let values = [1.0, 2.0, f64::NAN, 0.0, -0.0];
    let points: Vec<Vec<f64>> = values.iter().flat_map(|x| values.map(|y| vec![*x, y])).collect();
    for ask in ask {
        for at in &points {
            let program = record(|v| if ask(v[0], v[1]) { v[0] } else { v[1] * 2.0 }, at);
            agree_in_both_modes(&program, &points, "a comparison");
        }
    }
}

#[test]
fn a_program_within_a_program_is_compiled_with_its_guards() {
    let inner = record(|v| if v[0] > 0.0 { v[0].exp() * v[1] } else { v[1] }, &[1.0, 1.0]);
    let inner: Arc<dyn Custom> = Arc::new(inner);
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [0.5, 2.0]);
    let program = tape.program(&[tape.custom(&inner, &[x * y, y]) + x.relu()]);
    let points = [vec![0.5, 2.0], vec![-1.0, 2.0], vec![-1.0, -2.0], vec![0.0, 1.0]];
    agree_in_both_modes(&program, &points, "inner");
}

struct Opaque;

impl Custom for Opaque {
    fn name(&self) -> &str {
        "opaque"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0] * 3.0
    }
    fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
        partials[0] = 3.0;
    }
}

#[test]
fn what_cannot_be_compiled_is_interpreted_and_says_so() {
    let opaque: Arc<dyn Custom> = Arc::new(Opaque);
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let program = tape.program(&[tape.custom(&opaque, &[x])]);
    let reason = program.compile().unwrap_err();
    assert_eq!(reason, CompileError::Custom("opaque".to_owned()));
    assert!(reason.to_string().contains("`opaque`"), "{reason}");
    let code = program.compile_or_interpret(CompileMode::Quick);
    assert_eq!(code.interpreted_because(), Some(&reason));
    assert_eq!(code.value_and_gradient(&[2.0]), Ok((6.0, vec![3.0])));
}

#[test]
#[should_panic(expected = "min > max")]
fn bounds_that_cross_panic_as_they_do_in_the_interpreter() {
    let program = record(|v| v[0].clamp(v[1], v[2]), &[0.5, 0.0, 1.0]);
    let code = program.compile().expect("this machine is known");
    assert_eq!(code.value(&[5.0, 0.0, 1.0]), Ok(1.0));
    _ = code.value(&[0.5, 1.0, 0.0]);
}

#[test]
fn code_is_shared_by_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    let program = record(|v| v[0].exp() * v[1], &[1.0, 2.0]);
    let code = program.compile().expect("this machine is known");
    is_shared(&code);
    let at = |k: i32| [f64::from(k) * 0.1, 2.0];
    std::thread::scope(|scope| {
        for k in 0..4 {
            let (code, program) = (&code, &program);
            scope.spawn(move || {
                assert_eq!(code.value_and_gradient(&at(k)), program.value_and_gradient(&at(k)));
            });
        }
    });
    assert!(bits(code.value(&at(0)).unwrap()) == bits(2.0));
}

#[test]
fn a_workspace_that_has_grown_is_enough() {
    let program = record_vec(|v| vec![v[0] * v[1].exp(), v[0] - v[1], v[0].sin()], &[0.5, 0.25]);
    let scalar = record(|v| v[0] * v[1].exp(), &[0.5, 0.25]);
    let (x, y_bar) = ([0.75, -0.5], [1.0, 2.0, 3.0]);
    let (mut y, mut x_bar, mut workspace) = ([0.0; 3], [0.0; 2], Workspace::new());
    for (code, scalar) in compiled(&program).iter().zip(&compiled(&scalar)) {
        let mut all = || {
            code.values_into(&x, &mut y, &mut workspace).unwrap();
            code.vjp_into(&x, &y_bar, &mut y, &mut x_bar, &mut workspace).unwrap();
            scalar.value_into(&x, &mut workspace).unwrap();
            scalar.gradient_into(&x, &mut x_bar, &mut workspace).unwrap();
        };
        all();
        assert_eq!(allocation_counter::measure(all).count_total, 0);
    }
}
