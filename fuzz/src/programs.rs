//! Programs made of bytes: every row, constants, comparisons, programs within programs, and parts
//! that are repeated as loops repeat them. Compiled and rolled they are held to the interpreter. It must
//! not know how a program is compiled.

use std::sync::Arc;
use wengert::prelude::*;
use wengert::{CompileMode, Error, Rolled};

/// Bytes that are taken one by one; zeros when they are used up.
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    pub fn below(&mut self, most: usize) -> usize {
        usize::from(self.byte()) % most.max(1)
    }
}

/// Where rows have their edges, and ordinary numbers.
const NUMBERS: [f64; 24] = [
    0.5,
    1.0,
    -1.0,
    2.0,
    -0.75,
    0.1,
    3.0,
    -2.5,
    0.3,
    1.7,
    -0.2,
    10.0,
    0.0,
    -0.0,
    40.0,
    -800.0,
    1e-310,
    1e200,
    -1e200,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    1.0 + f64::EPSILON,
    5e-324,
];

/// Which numbers and rows a program is made of.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// Every row and every number.
    Any,
    /// Rows without a kink, and numbers of moderate size.
    Smooth,
    /// Rows that give small whole numbers for small whole numbers: nothing is ever rounded.
    Whole,
}

#[derive(Clone, Copy)]
enum Arg {
    Slot(usize),
    Constant(f64),
}

#[derive(Clone)]
enum Step {
    Call(Op, Vec<Arg>),
    /// A comparison is recorded, and its answer is the slot.
    Ask(Arg, Arg),
    /// A program within the program.
    Inner(Arg, Arg),
}

/// A program before it is recorded.
pub struct Recipe {
    kind: Kind,
    inputs: Vec<f64>,
    steps: Vec<Step>,
    values: Vec<f64>,
}

/// The names of rows that keep whole numbers whole, derivatives included: a maximum shares ties.
const WHOLE: [&str; 15] = [
    "add", "sub", "mul", "neg", "square", "mul_add", "abs", "select", "compare", "relu", "signum",
    "sum", "dot", "product", "copysign",
];

/// The most slots: repetitions grow fast.
const MOST: usize = 1500;

impl Recipe {
    pub fn new(kind: Kind, bytes: &mut Bytes<'_>) -> Recipe {
        let count = 1 + bytes.below(40);
        let inputs = (0..count).map(|_| number(kind, bytes)).collect::<Vec<_>>();
        let mut recipe = Recipe { kind, values: inputs.clone(), inputs, steps: Vec::new() };
        while !bytes.0.is_empty() && recipe.values.len() < MOST {
            match bytes.byte() {
                0..=20 => recipe.repeat(bytes),
                21..=28 => {
                    let (x, y) = (recipe.arg(bytes), recipe.arg(bytes));
                    recipe.push(Step::Inner(x, y));
                }
                29..=32 if kind == Kind::Any => {
                    let (x, y) = (recipe.arg(bytes), recipe.arg(bytes));
                    recipe.push(Step::Ask(x, y));
                }
                row => recipe.call(usize::from(row), bytes),
            }
        }
        if recipe.steps.is_empty() {
            recipe.push(Step::Call(Op::Neg, vec![Arg::Slot(0)]));
        }
        recipe
    }

    fn arg(&self, bytes: &mut Bytes<'_>) -> Arg {
        match bytes.byte() {
            0..=40 => Arg::Constant(number(self.kind, bytes)),
            // Most often what was computed last.
            far @ 41..=190 => {
                Arg::Slot(self.values.len() - 1 - usize::from(far) % self.values.len().min(8))
            }
            far => Arg::Slot(usize::from(far) * 7 % self.values.len()),
        }
    }

    fn call(&mut self, row: usize, bytes: &mut Bytes<'_>) {
        let rows: Vec<Op> = Op::ALL.iter().copied().filter(|op| self.takes(*op)).collect();
        let op = rows[row % rows.len()];
        let count = op.arity().unwrap_or(1 + bytes.below(7));
        let mut args: Vec<Arg> = (0..count).map(|_| self.arg(bytes)).collect();
        if op == Op::Dot && count % 2 == 1 {
            args.push(args[0]);
        }
        for (arg, name) in args.iter_mut().zip(op.row().args) {
            if *name == "n" {
                *arg = Arg::Constant(f64::from(bytes.byte() % 6));
            }
        }
        if !args.iter().any(|arg| matches!(arg, Arg::Slot(_))) {
            args[usize::from(op.row().args[0] == "n")] = Arg::Slot(self.values.len() - 1);
        }
        self.push(Step::Call(op, args));
    }

    fn takes(&self, op: Op) -> bool {
        match self.kind {
            Kind::Any => true,
            Kind::Smooth => op.row().kink.is_none(),
            Kind::Whole => WHOLE.contains(&op.name()),
        }
    }

    /// The last few steps again and again: each turn reads what the turn before it computed, and the
    /// next of the inputs.
    fn repeat(&mut self, bytes: &mut Bytes<'_>) {
        let (length, turns) = (1 + bytes.below(self.steps.len().min(12)), 1 + bytes.below(50));
        if self.steps.len() < length {
            return;
        }
        let first = self.steps.len() - length;
        let (count, begin) = (self.inputs.len(), self.inputs.len() + first);
        let body = self.steps[first..].to_vec();
        for turn in 1..=turns {
            let ahead = |arg: &Arg| match *arg {
                Arg::Slot(slot) if slot >= begin => Arg::Slot(slot + turn * length),
                Arg::Slot(slot) if slot < count => Arg::Slot((slot + turn) % count),
                Arg::Slot(slot) if slot + length >= begin => Arg::Slot(slot + turn * length),
                other => other,
            };
            let mut whole = self.values.len() < MOST;
            for step in &body {
                whole = whole
                    && self.push(match step {
                        Step::Call(op, args) => Step::Call(*op, args.iter().map(ahead).collect()),
                        Step::Ask(x, y) => Step::Ask(ahead(x), ahead(y)),
                        Step::Inner(x, y) => Step::Inner(ahead(x), ahead(y)),
                    });
            }
            if !whole {
                break;
            }
        }
    }

    /// Appends a step, if it is what the kind of program allows.
    fn push(&mut self, step: Step) -> bool {
        let value = step.value(&self.values);
        let fits = value.is_some_and(|value| match self.kind {
            Kind::Any => true,
            Kind::Smooth => value.abs() < 100.0 && step.is_mild(&self.values),
            Kind::Whole => value.abs() < 1000.0 && value == value.trunc(),
        });
        if fits {
            self.values.extend(value);
            self.steps.push(step);
        }
        fits
    }

    /// The program, with its last slots for outputs.
    pub fn program(&self, outputs: usize) -> Program {
        let tape = Tape::new();
        let mut vars = tape.input_slice(&self.inputs);
        let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0] * v[1] + v[0], &[1.0, 1.0]));
        for step in &self.steps {
            vars.push(step.record(&tape, &vars, &inner));
        }
        tape.program(&vars[vars.len().saturating_sub(outputs)..])
    }

    pub fn inputs(&self) -> &[f64] {
        &self.inputs
    }

    /// Whether the program can run there: it panics where the bounds of a clamp are crossed.
    pub fn runs_at(&self, x: &[f64]) -> bool {
        let mut values = x.to_vec();
        self.steps.iter().all(|step| {
            let value = step.value(&values);
            values.extend(value);
            value.is_some()
        })
    }

    /// Whether the sign of a NaN may show there, to which machine code is not held.
    fn shows_a_sign_of_nan(&self, x: &[f64]) -> bool {
        let copies = |step: &Step| matches!(step, Step::Call(Op::Copysign, _));
        let mut values = x.to_vec();
        self.steps.iter().for_each(|step| values.extend(step.value(&values)));
        self.steps.iter().any(copies) && values.iter().any(|x| x.is_nan())
    }
}

fn number(kind: Kind, bytes: &mut Bytes<'_>) -> f64 {
    match (kind, bytes.byte()) {
        (Kind::Whole, byte) => f64::from(byte % 9) - 4.0,
        (Kind::Smooth, byte) => NUMBERS[usize::from(byte) % 12],
        (_, 255) => f64::from_bits(u64::from_le_bytes(std::array::from_fn(|_| bytes.byte()))),
        (_, byte) => NUMBERS[usize::from(byte) % NUMBERS.len()],
    }
}

impl Step {
    /// The value; none where there cannot be one.
    fn value(&self, slots: &[f64]) -> Option<f64> {
        let read = |arg: &Arg| match *arg {
            Arg::Slot(slot) => slots[slot],
            Arg::Constant(x) => x,
        };
        match self {
            Step::Call(op, args) => {
                let args: Vec<f64> = args.iter().map(read).collect();
                let fits = op.accepts(&args.iter().copied().map(Some).collect::<Vec<_>>()).is_ok();
                fits.then(|| op.value(&args))
            }
            Step::Ask(x, y) => Some(if read(x) < read(y) { 1.0 } else { read(y) }),
            Step::Inner(x, y) => Some(read(x) * read(y) + read(x)),
        }
    }

    /// Whether no partial is large.
    fn is_mild(&self, slots: &[f64]) -> bool {
        let Step::Call(op, args) = self else { return true };
        let read = |arg: &Arg| match *arg {
            Arg::Slot(slot) => slots[slot],
            Arg::Constant(x) => x,
        };
        let x: Vec<f64> = args.iter().map(read).collect();
        let partials = op.partials(&x, op.value(&x));
        let small = |(arg, p): (&Arg, &f64)| p.abs() < 100.0 || matches!(arg, Arg::Constant(_));
        args.iter().zip(&partials).all(small)
    }

    fn record<'t>(&self, tape: &'t Tape, vars: &[Var<'t>], inner: &Arc<dyn Custom>) -> Var<'t> {
        let read = |arg: &Arg| match *arg {
            Arg::Slot(slot) => vars[slot],
            Arg::Constant(x) => Var::constant(x),
        };
        match self {
            Step::Call(op, args) => Var::call(*op, &args.iter().map(read).collect::<Vec<_>>()),
            Step::Ask(x, y) if read(x) < read(y) => Var::constant(1.0),
            Step::Ask(_, y) => read(y),
            Step::Inner(x, y) => tape.custom(inner, &[read(x), read(y)]),
        }
    }
}

/// Points to try: where the program was recorded, and two others where it can run.
fn points(recipe: &Recipe) -> Vec<Vec<f64>> {
    let moved = |by: f64| recipe.inputs().iter().map(|x| x * by + by).collect::<Vec<f64>>();
    let points = [recipe.inputs().to_vec(), moved(2.0), moved(-1.0)];
    points.into_iter().filter(|x| recipe.runs_at(x)).collect()
}

/// Values and products with cotangents, or the error; NaN are one.
type Answer = Result<[Vec<u64>; 2], Error>;

fn answer(
    x: &[f64],
    outputs: usize,
    vjp: impl Fn(&[f64], &[f64], &mut [f64], &mut [f64]) -> Result<(), Error>,
) -> Result<[Vec<f64>; 2], Error> {
    let y_bar: Vec<f64> = (0..outputs).map(|k| 1.0 - k as f64).collect();
    let (mut y, mut x_bar) = (vec![9.0; outputs], vec![9.0; x.len()]);
    vjp(x, &y_bar, &mut y, &mut x_bar)?;
    Ok([y, x_bar])
}

fn bits(answer: Result<[Vec<f64>; 2], Error>) -> Answer {
    let of_one = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    answer.map(|all| all.map(|xs| xs.into_iter().map(of_one).collect()))
}

/// Machine code gives the interpreter's bits, or its error.
pub fn compiled(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let outputs = 1 + bytes.below(3);
    let recipe = Recipe::new(Kind::Any, &mut bytes);
    let program = recipe.program(outputs);
    for mode in [CompileMode::Quick, CompileMode::Thorough] {
        let code = program.compile_in(mode).expect("this machine is known");
        for x in points(&recipe).iter().filter(|x| !recipe.shows_a_sign_of_nan(x)) {
            let mut workspace = Workspace::new();
            let wanted = answer(x, program.outputs(), |x, y_bar, y, x_bar| {
                program.vjp_into(x, y_bar, y, x_bar, &mut Workspace::new())
            });
            let found = answer(x, program.outputs(), |x, y_bar, y, x_bar| {
                code.vjp_into(x, y_bar, y, x_bar, &mut Workspace::new())
            });
            assert_eq!(bits(found), bits(wanted.clone()), "{mode:?} at {x:?}");
            let mut y = vec![9.0; program.outputs()];
            let alone = code.values_into(x, &mut y, &mut workspace);
            let both = alone.map(|()| [y, Vec::new()]);
            assert_eq!(bits(both), bits(wanted.map(|[y, _]| [y, Vec::new()])), "{mode:?} at {x:?}");
        }
    }
}

/// Loops give the interpreter's numbers: all of them where nothing is rounded, and to rounding elsewhere.
pub fn rolled(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let (outputs, how) = (1 + bytes.below(3), bytes.byte());
    let kind = if how & 1 == 0 { Kind::Whole } else { Kind::Smooth };
    let recipe = Recipe::new(kind, &mut bytes);
    let program = recipe.program(outputs);
    let rolled = program.roll().expect("every program within it is a program");
    let code = rolled.compile().expect("this machine is known");
    let x = recipe.inputs();
    let plain = |x: &[f64]| {
        answer(x, program.outputs(), |x, y_bar, y, x_bar| {
            program.vjp_into(x, y_bar, y, x_bar, &mut Workspace::new())
        })
    };
    let wanted = plain(x).expect("nothing is compared");
    let largest = wanted.iter().flatten().fold(1.0_f64, |most, x| most.max(x.abs()));
    // How much is lost to rounding: moving the inputs by an ulp or so moves the answer that much.
    let near: Vec<f64> = x.iter().map(|x| x * (1.0 + 4.0 * f64::EPSILON)).collect();
    let moved = plain(&near).expect("nothing is compared");
    for (how, found) in [("lanes", in_lanes(&rolled, x)), ("machine code", in_code(&code, x))] {
        let found = found.expect("nothing is compared");
        let all = found.iter().zip(&wanted).zip(&moved);
        for ((found, wanted), moved) in all {
            for ((found, wanted), moved) in found.iter().zip(wanted).zip(moved) {
                let off = (found - wanted).abs();
                let fits = match kind {
                    _ if !largest.is_finite() || largest > 1e15 => true, // no longer whole, or lost
                    Kind::Whole => found == wanted,
                    _ => off <= 1e-9 * largest + 1e4 * (moved - wanted).abs(),
                };
                assert!(fits, "in {how} {found}, not {wanted}, at {x:?}");
            }
        }
    }
}

fn in_lanes(rolled: &Rolled, x: &[f64]) -> Result<[Vec<f64>; 2], Error> {
    answer(x, rolled.program().outputs(), |x, y_bar, y, x_bar| {
        rolled.vjp_into(x, y_bar, y, x_bar, &mut Workspace::new())
    })
}

fn in_code(code: &wengert::Compiled, x: &[f64]) -> Result<[Vec<f64>; 2], Error> {
    answer(x, code.program().outputs(), |x, y_bar, y, x_bar| {
        code.vjp_into(x, y_bar, y, x_bar, &mut Workspace::new())
    })
}
