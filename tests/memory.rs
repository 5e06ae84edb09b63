//! What is allocated, counted on the thread that does it: nothing, where that is promised, and no
//! more than is stated elsewhere. It must not know what is computed.

use allocation_counter::measure;
use std::sync::Arc;
use wengert::prelude::*;

/// How many allocations `f` makes.
fn allocations(f: impl FnOnce()) -> u64 {
    measure(f).count_total
}

struct Mean;

impl Custom for Mean {
    fn name(&self) -> &str {
        "mean"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x.iter().sum::<f64>() / x.len() as f64
    }
    fn partials(&self, x: &[f64], _: f64, partials: &mut [f64]) {
        partials.fill(1.0 / x.len() as f64);
    }
}

/// Something of every kind that is recorded: names in a scope, constants, comparisons, lists and a
/// custom primitive.
fn mixture<'t>(x: &[Var<'t>], custom: &Arc<dyn Custom>) -> Var<'t> {
    let tape = x[0].tape().expect("a variable");
    let mut v = x[0];
    for layer in ["layer1", "layer2", "layer3"] {
        let _scope = tape.scope(layer);
        let weight = tape.new_input("weight", 0.5);
        let sum: Var<'_> = x.iter().sum();
        let product: Var<'_> = x.iter().product();
        v = (v * weight + sum * 0.125 - product).tanh().named("hidden");
        v = v + tape.custom(custom, &x[..4]) + v.mul_add(weight, x[1]) % 3.25;
        v = if v > 0.0 { v.clamp(x[0], x[1] + 100.0) } else { v };
    }
    let list = |op| Number::call(op, x);
    (list(Op::LogSumExp) + list(Op::Norm) + list(Op::Dot) + v).named("loss")
}

fn point<const K: usize>() -> [f64; K] {
    std::array::from_fn(|k| 0.5 + k as f64 / 100.0)
}

#[test]
fn recording_again_after_a_rewind_or_clear_allocates_nothing() {
    let (mut tape, custom): (Tape, Arc<dyn Custom>) = (Tape::new(), Arc::new(Mean));
    let x = point::<8>();
    mixture(&tape.input_array(x), &custom);
    let size = tape.memory();
    for _ in 0..2 {
        let again = allocations(|| {
            tape.clear();
            mixture(&tape.input_array(x), &custom);
        });
        assert_eq!((again, tape.memory()), (0, size), "cleared");
    }
    tape.clear();
    tape.input_array(x);
    let mark = tape.mark();
    for _ in 0..2 {
        let again = allocations(|| {
            tape.rewind(mark);
            let x: [Var<'_>; 8] = std::array::from_fn(|k| tape.input(k));
            mixture(&x, &custom);
        });
        assert_eq!((again, tape.memory()), (0, size), "rewound");
    }
}

#[test]
fn names_given_in_another_order_allocate_nothing() {
    let mut tape = Tape::new();
    let names = ["x", "a name that is longer than others", "z"];
    tape.inputs(names, [1.0, 2.0, 3.0]);
    let again = allocations(|| {
        for [first, second] in [[2, 0], [1, 2], [0, 1], [1, 0], [2, 1], [0, 2]] {
            tape.clear();
            tape.inputs([names[first], names[second]], [1.0, 2.0]);
            assert_eq!(tape.var(names[first]).slot(), Some(0));
            assert!(tape.get(names[3 - first - second]).is_none(), "a name that was cleared");
        }
    });
    assert_eq!(again, 0);
    assert_eq!(tape.names(), [("x".to_owned(), 0), ("z".to_owned(), 1)]);
}

#[test]
fn a_sweep_in_a_grown_workspace_allocates_nothing() {
    let (tape, custom): (Tape, Arc<dyn Custom>) = (Tape::new(), Arc::new(Mean));
    let x = tape.input_slice(&point::<40>());
    let loss = mixture(&x, &custom);
    let (mut workspace, mut x_bar) = (Workspace::new(), vec![0.0; x.len() + 3]);
    tape.gradient_in(&mut workspace, loss);
    let again = allocations(|| {
        let gradient = tape.gradient_in(&mut workspace, loss);
        gradient.write_inputs(&mut x_bar);
        assert_eq!((gradient[x[0]], gradient["loss"]), (x_bar[0], 1.0));
        tape.vjp_in(&mut workspace, &[(loss, 2.0), (x[0], 1.0)]);
    });
    assert_eq!(again, 0);
    assert!(x_bar.iter().all(|bar| bar.is_finite() && *bar != 0.0), "{x_bar:?}");
}

#[test]
fn a_replay_in_a_grown_workspace_allocates_nothing() {
    let (tape, custom): (Tape, Arc<dyn Custom>) = (Tape::new(), Arc::new(Mean));
    let program = tape.program(&[mixture(&tape.input_slice(&point::<40>()), &custom)]);
    let (x, mut workspace) = (program.point().to_vec(), Workspace::new());
    let mut x_bar = vec![0.0; x.len()];
    for allowed in [u64::MAX, 0] {
        let made = allocations(|| {
            program.value_into(&x, &mut workspace).expect("no branch changes");
            program.gradient_into(&x, &mut x_bar, &mut workspace).expect("no branch changes");
        });
        assert!(made <= allowed, "{made} allocations");
    }
}

#[test]
fn every_derivative_in_a_grown_workspace_allocates_nothing() {
    let program = record(|v| v[0].hypot(v[1]) * v[2] - v[3].exp(), &point::<4>());
    let (x, x_dot, mut workspace) = (point::<4>(), [1.0; 4], Workspace::new());
    let ([mut y, mut y_dot], [mut x_bar, mut product]) = ([[0.0]; 2], [[0.0; 4]; 2]);
    let (w, mut hessian) = (&mut workspace, [0.0; 16]);
    for allowed in [u64::MAX, 0] {
        let made = allocations(|| {
            program.jvp_into(&x, &x_dot, &mut y, &mut y_dot, w).expect("no branches");
            program.vjp_into(&x, &[1.0], &mut y, &mut x_bar, w).expect("no branches");
            program.jacobian_into(&x, &mut x_bar, w).expect("no branches");
            program.hvp_into(&x, &x_dot, &mut x_bar, &mut product, w).expect("no branches");
            program.hessian_into(&x, &mut hessian, w).expect("no branches");
        });
        assert!(made <= allowed, "{made} allocations");
    }
    assert!(hessian.iter().all(|d| d.is_finite()));
}

/// The product of every primitive over a list.
fn lists<'t>(v: &[Var<'t>]) -> Var<'t> {
    let all = Op::ALL.iter().filter(|op| op.arity().is_none());
    all.map(|op| <Var<'t> as Number>::call(*op, v)).product()
}

#[test]
fn lists_of_any_length_allocate_nothing_in_a_grown_workspace() {
    const N: usize = 100;
    let (program, x, x_dot) = (record(lists, &point::<N>()), point::<N>(), [1.0; N]);
    let several = record_vec(|v| vec![lists(v), lists(&v[20..]), lists(&v[40..])], &x[..60]);
    let (mut workspace, mut batch) = (Workspace::new(), program.batch());
    let ([mut y, mut y_dot], [mut x_bar, mut product]) = ([[0.0]; 2], [[0.0; N]; 2]);
    let (w, mut hessian, mut jacobian) = (&mut workspace, vec![0.0; N * N], vec![0.0; 3 * 60]);
    for allowed in [u64::MAX, 0] {
        let made = allocations(|| {
            program.jvp_into(&x, &x_dot, &mut y, &mut y_dot, w).expect("no branches");
            program.hvp_into(&x, &x_dot, &mut x_bar, &mut product, w).expect("no branches");
            program.hessian_into(&x, &mut hessian, w).expect("no branches");
            several.jacobian_into(&x[..60], &mut jacobian, w).expect("no branches");
            batch.values_and_gradients_into(&x, &mut y, &mut x_bar).expect("no branches");
        });
        assert!(made <= allowed, "{made} allocations");
    }
    assert!(hessian.iter().chain(&jacobian).all(|d| d.is_finite()));
}

#[test]
fn inputs_without_names_pay_nothing_for_names() {
    let tape = Tape::new();
    let made = measure(|| (0..1_000_000).for_each(|k| _ = tape.input_array([k as f64])));
    assert!(made.count_total < 100, "{} allocations", made.count_total);
    assert!(made.bytes_current < 50_000_000, "{} bytes", made.bytes_current);
    assert_eq!(tape.memory().slots, 1_000_000);
}

/// Operations of the long chains.
const LONG: usize = 10_000_000;

/// Records a chain of `LONG` steps on a thread with a small stack, and sweeps it; returns the bytes
/// of tape for each operation, the value and the slope.
fn long_chain(
    step: impl for<'t> Fn(Var<'t>, usize) -> Var<'t> + Send + 'static,
) -> (f64, f64, f64) {
    let run = move || {
        let tape = Tape::new();
        let x = tape.new_input("x", 0.75);
        let y = (0..LONG).fold(x, step);
        let bytes = tape.memory().bytes as f64 / LONG as f64;
        (bytes, y.value(), tape.gradient(y)[x])
    };
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    small.spawn(run).expect("a thread").join().expect("no overflow of its stack")
}

#[test]
fn a_chain_of_ten_million_operations_takes_24_bytes_each() {
    let (bytes, value, slope) = long_chain(|v, _| -v);
    assert!(bytes <= 16.001, "{bytes} bytes an operation");
    assert_eq!((value, slope), (0.75, 1.0));
    let (bytes, value, slope) = long_chain(|v, k| v * (1.0 + (k + 1) as f64 * 1e-15));
    assert!(bytes <= 24.001, "{bytes} bytes an operation, each with a constant of its own");
    assert_relative_eq!(value, 0.75 * slope, max_relative = 1e-8);
    assert_relative_eq!(slope, (0.5e-15 * (LONG as f64).powi(2)).exp(), max_relative = 1e-8);
}
