//! Random programs over every primitive, each within its domain and away from its kinks, with
//! shared sub-expressions and constants in any place. It must not know what is asked of them.

use super::measured::slope;
use proptest::prelude::*;
use std::fmt;
use wengert::{Number, Op, Tape, Var};

/// A random program: values of inputs, and steps each of which appends one slot.
#[derive(Clone, Default)]
pub(crate) struct Recipe {
    pub(crate) inputs: Vec<f64>,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) op: Op,
    pub(crate) args: Vec<Arg>,
}

#[derive(Clone, Copy)]
pub(crate) enum Arg {
    Slot(usize),
    Constant(f64),
}

impl Arg {
    fn read<N: Number>(self, slots: &[N]) -> N {
        match self {
            Arg::Slot(slot) => slots[slot],
            Arg::Constant(x) => N::constant(x),
        }
    }
}

impl Step {
    pub(crate) fn args<N: Number>(&self, slots: &[N]) -> Vec<N> {
        self.args.iter().map(|arg| arg.read(slots)).collect()
    }

    /// Whether the primitive is defined, smooth and of moderate size here and a little way around.
    fn is_tame(&self, slots: &[f64]) -> bool {
        const MARGIN: f64 = 1.0 / 16.0;
        let (row, x) = (self.op.row(), self.args(slots));
        let inside = |k: usize, by: f64| {
            let mut near = x.clone();
            near[k] += by;
            (row.domain)(&near)
        };
        let moves = |k: &usize| matches!(self.args[*k], Arg::Slot(_));
        let moderate = |y: f64| y == 0.0 || (1e-3..30.0).contains(&y.abs());
        let sharp = |k: usize| {
            let (slope, off) = slope(self.op, &x, k);
            moderate(slope) && off < 1e-9
        };
        (0..x.len()).filter(moves).all(|k| inside(k, MARGIN) && inside(k, -MARGIN))
            && row.kink.is_none_or(|(_, distance)| distance(&x) > MARGIN)
            && moderate(self.op.value(&x))
            && (0..x.len()).filter(moves).all(sharp)
    }
}

impl Recipe {
    /// Position of the output: the last slot.
    pub(crate) fn output(&self) -> usize {
        self.inputs.len() + self.steps.len() - 1
    }

    /// All slots, from these inputs.
    pub(crate) fn run<N: Number>(&self, x: &[N]) -> Vec<N> {
        self.run_with(x, |_, v| v)
    }

    /// The same, with each new slot going through `change`, which is given its position.
    pub(crate) fn run_with<N: Number>(&self, x: &[N], change: impl Fn(usize, N) -> N) -> Vec<N> {
        let mut slots = x.to_vec();
        for step in &self.steps {
            let v = N::call(step.op, &step.args(&slots));
            slots.push(change(slots.len(), v));
        }
        slots
    }

    /// These inputs, if the program can run there: it panics where bounds of a clamp are crossed. Else
    /// its own inputs.
    pub(crate) fn elsewhere(&self, x: &[f64]) -> Vec<f64> {
        let mut slots = x.to_vec();
        for step in &self.steps {
            let args = step.args(&slots);
            let ordered = !step.op.row().args.contains(&"lo") || args[1] <= args[2];
            if !ordered {
                return self.inputs.clone();
            }
            slots.push(step.op.value(&args));
        }
        x.to_vec()
    }

    /// All slots, recorded on a tape.
    pub(crate) fn record<'t>(&self, tape: &'t Tape) -> Vec<Var<'t>> {
        self.run(&tape.input_slice(&self.inputs))
    }

    fn push(&mut self, slots: &mut Vec<f64>, step: Step) {
        let recorded = step.args.iter().any(|arg| matches!(arg, Arg::Slot(_)));
        if recorded && step.is_tame(slots) {
            slots.push(step.op.value(&step.args(slots)));
            self.steps.push(step);
        }
    }
}

impl fmt::Debug for Recipe {
    /// A listing, one slot a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inputs.iter().enumerate().try_for_each(|(k, x)| write!(f, "\n%{k} = {x:?}"))?;
        let text = |arg: &Arg| match arg {
            Arg::Slot(slot) => format!("%{slot}"),
            Arg::Constant(x) => format!("{x:?}"),
        };
        (self.inputs.len()..).zip(&self.steps).try_for_each(|(k, step)| {
            let args: Vec<_> = step.args.iter().map(text).collect();
            write!(f, "\n%{k} = {}({})", step.op.name(), args.join(", "))
        })
    }
}

/// An argument before it is known which slots there are: how far back, or else a constant.
type Pick = Result<u8, f64>;

fn pick() -> impl Strategy<Value = Pick> {
    prop_oneof![3 => any::<u8>().prop_map(Ok), 1 => (-3.0..3.0).prop_map(Err)]
}

/// A step before it is known which slots there are.
fn draft(op: Op) -> impl Strategy<Value = (Op, Vec<Pick>)> {
    let arity = op.arity().map_or(1..=6, |arity| arity..=arity);
    let evenly = move |mut picks: Vec<Pick>| {
        if op == Op::Dot && picks.len() % 2 == 1 {
            picks.push(picks[0]);
        }
        (op, picks)
    };
    prop::collection::vec(pick(), arity).prop_map(evenly)
}

/// The step of a draft: recent slots are taken more often, and what is called `n` is a whole number.
fn step((op, picks): (Op, Vec<Pick>), slots: &[f64]) -> Step {
    let back = |far: u8| (usize::from(far).pow(3) * slots.len()) >> 24;
    let arg = |(k, pick): (usize, Pick)| match (op.row().args.get(k), pick) {
        (Some(&"n"), Ok(far)) => Arg::Constant(f64::from(far % 5)),
        (Some(&"n"), Err(x)) => Arg::Constant(x.abs().round()),
        (_, Ok(far)) => Arg::Slot(slots.len() - 1 - back(far)),
        (_, Err(x)) => Arg::Constant(x),
    };
    let mut args: Vec<Arg> = picks.into_iter().enumerate().map(arg).collect();
    if op.row().args.contains(&"lo") && args[1].read(slots) > args[2].read(slots) {
        args.swap(1, 2);
    }
    Step { op, args }
}

/// Recipes of one to five inputs and up to some forty steps.
pub(crate) fn recipes() -> impl Strategy<Value = Recipe> {
    let drafts = prop::collection::vec(prop::sample::select(Op::ALL).prop_flat_map(draft), 1..80);
    (prop::collection::vec(-3.0..3.0, 1..=5), drafts).prop_map(|(inputs, drafts)| {
        let (mut slots, mut recipe) = (inputs.clone(), Recipe { inputs, steps: Vec::new() });
        for draft in drafts {
            let step = step(draft, &slots);
            recipe.push(&mut slots, step);
        }
        if recipe.steps.is_empty() {
            recipe.push(&mut slots, Step { op: Op::Neg, args: vec![Arg::Slot(0)] });
        }
        recipe
    })
}
