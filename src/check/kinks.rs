//! Kinks and recorded branches: which ones decided, and which are so near that a step of a given
//! length may take the function over to another piece.
//!
//! Tapes, programs and ambient recordings are read alike: a program is replayed and read as a tape,
//! and so is the program of a custom primitive, within the slot that runs it. It must not know
//! derivatives.

use super::linear::{Compared, Linear, Site};
use crate::derive::Error;
use crate::program::Program;
use crate::tape::{Comparison, Operand, Place, SlotKind, Tape};
use crate::var::Var;
use std::cmp::Ordering;

/// A kink or a recorded branch, and how far away it is.
#[derive(Clone, Debug, PartialEq)]
pub struct NearKink {
    /// How far the arguments of the slot are from it, up to a factor; the difference of the two
    /// sides of a comparison.
    pub distance: f64,
    /// What it is.
    pub kind: KinkKind,
}

/// What a kink is of.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum KinkKind {
    /// A primitive that is not smooth.
    Primitive {
        /// Where it is recorded.
        site: Site,
        /// Where it is not smooth, in the words of the table.
        at: &'static str,
        /// The custom primitives in whose programs it is, the outermost first.
        within: Vec<Site>,
    },
    /// A comparison that the code branched on, or a cast.
    Branch(Border),
}

/// A comparison that recorded code made, or a cast of an ambient variable, with what was compared
/// and what was answered.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Border {
    /// Where it was made.
    pub place: Place,
    /// What was asked.
    pub comparison: Comparison,
    /// The two values that were compared. For a cast, what was cast comes first.
    pub values: [f64; 2],
    /// What was answered.
    pub answer: Answer,
    /// The custom primitives in whose programs it was made, the outermost first.
    pub within: Vec<Site>,
}

/// What was answered to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It does not hold.
    No,
    /// It holds.
    Yes,
    /// The order of the two, to `partial_cmp`.
    Order(Option<Ordering>),
}

/// A threshold up to here sets a point apart from all others: code that asks whether a number is
/// smaller asks whether it is 0.
const TINY: f64 = 1e-6;

impl Tape {
    /// The kinks and recorded branches within `distance` on the way to `output`, the nearest first:
    /// there the derivative is about to change, or is a convention.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 0.001);
    /// let y = x.abs() + (x - 3.0).relu();
    /// let near = tape.kinks_near(y, 0.01);
    /// assert_eq!(near.len(), 1);
    /// assert_eq!(near[0].to_string(), "`abs` (%1) is 0.001 from its kink at x = 0");
    /// ```
    ///
    /// All branches on the tape count, because what is computed after one depends on it. Programs
    /// of custom primitives are looked into. Costs one look at each slot, and a replay of each such
    /// program.
    ///
    /// # Panics
    /// If `output` is a variable of another tape.
    #[track_caller]
    pub fn kinks_near(&self, output: Var<'_>, distance: f64) -> Vec<NearKink> {
        output.check_tape(self);
        near(&Linear::whole(self), output.slot().as_slice(), distance)
    }

    /// The recorded branches that were decided at their border, and the casts, in the order in which
    /// they were recorded: comparisons of equal numbers, of a number with itself apart, and those
    /// that tell whether a number is 0 or nearly so (the threshold is a constant up to 1e-6, and
    /// the number is not larger).
    ///
    /// The derivative there is that of the piece that was taken. Where it holds at this point alone,
    /// as the piece of `x == 0` does, it says nothing about the function.
    ///
    /// ```
    /// use wengert::check::Answer;
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 0.0);
    /// let y = if x == 0.0 { Var::constant(1.0) } else { x.sin() / x };
    /// assert_eq!(y.value(), 1.0);
    /// let borders = tape.borders();
    /// assert_eq!((borders[0].values, borders[0].answer), ([0.0, 0.0], Answer::Yes));
    /// ```
    ///
    /// A function that returns a constant has its borders too. Costs as much as
    /// [`kinks_near`](Tape::kinks_near).
    pub fn borders(&self) -> Vec<Border> {
        borders(&Linear::whole(self))
    }

    /// The slot of an output.
    #[track_caller]
    pub(crate) fn slot_of(&self, output: Var<'_>) -> usize {
        output.check_tape(self);
        match output.slot() {
            Some(slot) => slot,
            None => panic!("the output is a constant, {}, on no tape", output.value()),
        }
    }
}

impl Program {
    /// [`Tape::kinks_near`] for a program at `x`, on the way to any output. The error is a branch
    /// that goes the other way there.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].max(v[1]), &[1.0, 2.0]);
    /// assert_eq!(f.kinks_near(&[3.0, 2.75], 0.5)?[0].distance, 0.25);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Panics
    /// If `x` has another length than the inputs.
    #[track_caller]
    pub fn kinks_near(&self, x: &[f64], distance: f64) -> Result<Vec<NearKink>, Error> {
        let outputs = self.outputs.iter().filter(|arg| !arg.is_constant());
        let outputs: Vec<usize> = outputs.map(|arg| arg.index()).collect();
        Ok(near(&Linear::whole(&self.tape_at(x)?), &outputs, distance))
    }

    /// [`Tape::borders`] for a program at `x`. The error is a branch that goes the other way there.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| if v[0] < 1.0 { v[0].square() } else { v[0] * 2.0 - 1.0 }, &[1.5]);
    /// assert_eq!(f.borders(&[2.0])?.len(), 0);
    /// assert_eq!(f.borders(&[1.0])?.len(), 1);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Panics
    /// If `x` has another length than the inputs.
    #[track_caller]
    pub fn borders(&self, x: &[f64]) -> Result<Vec<Border>, Error> {
        Ok(borders(&Linear::whole(&self.tape_at(x)?)))
    }
}

/// The kinks of a linearized tape on the way to its outputs, and the branches that were recorded,
/// the nearest first.
pub(crate) fn near(linear: &Linear, outputs: &[usize], distance: f64) -> Vec<NearKink> {
    let mut kinks = Vec::new();
    visit(linear, &linear.reached_from_all(outputs), &[], &mut |kink, _| {
        kinks.extend(Some(kink).filter(|kink| kink.distance <= distance));
    });
    kinks.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    kinks
}

/// The branches that were decided at their border, and the casts.
pub(crate) fn borders(linear: &Linear) -> Vec<Border> {
    let mut borders = Vec::new();
    let reached = vec![false; linear.slots.len()];
    visit(linear, &reached, &[], &mut |kink, decided| match kink.kind {
        KinkKind::Branch(border) if decided => borders.push(border),
        _ => {}
    });
    borders
}

/// The primitives within a distance of their kinks, on the way to an output.
pub(crate) fn kinks_of(linear: &Linear, output: usize, distance: f64) -> Vec<NearKink> {
    let mut kinks = near(linear, &[output], distance);
    kinks.retain(|kink| matches!(kink.kind, KinkKind::Primitive { .. }));
    kinks
}

/// Hands over every primitive that has a kink and is reached, and every comparison, each with
/// whether it was decided at its border; those within custom primitives too.
fn visit(
    linear: &Linear,
    reached: &[bool],
    within: &[Site],
    found: &mut dyn FnMut(NearKink, bool),
) {
    for compared in &linear.compared {
        let distance = distance(linear, compared);
        let kind = KinkKind::Branch(Border::new(compared, within));
        found(NearKink { distance, kind }, decides(compared, distance));
    }
    for k in 0..linear.slots.len() {
        if let Some((at, distance)) = kink(linear, k).filter(|_| reached[k]) {
            let (site, within) = (linear.site(k), within.to_vec());
            let kind = KinkKind::Primitive { site, at, within };
            found(NearKink { distance, kind }, false);
        }
        if let Some((inner, output)) = linear.inner(k) {
            let outputs = output.filter(|_| reached[k]);
            let reached = inner.reached_from_all(outputs.as_slice());
            visit(&inner, &reached, &[within, &[linear.site(k)]].concat(), found);
        }
    }
}

/// Where a slot is not smooth, and how far its arguments are from there.
fn kink(linear: &Linear, slot: usize) -> Option<(&'static str, f64)> {
    let SlotKind::Op(op) = linear.slots[slot].kind else { return None };
    let (at, away) = op.row().kink?;
    let args: Vec<f64> = linear.slots[slot].edges.iter().map(|edge| edge.value).collect();
    Some((at, away(&args)))
}

/// How far a comparison is from another answer: the difference of its sides, or how far a side that
/// is piecewise constant is from its next jump. A jump rarely makes two numbers equal, so it is left
/// out where that was asked. A number compared with itself is far.
fn distance(linear: &Linear, compared: &Compared) -> f64 {
    let jumps = compared.operands.iter().filter_map(|operand| match operand {
        Operand::Slot(slot) if linear.is_piecewise_constant(*slot) => kink(linear, *slot),
        _ => None,
    });
    let jump = jumps.map(|(_, away)| away).reduce(f64::min);
    let [x, y] = compared.values;
    match (compared.guard.comparison, compared.operands[0] == compared.operands[1]) {
        (Comparison::Cast(_), _) => jump.unwrap_or(0.0),
        (_, true) => f64::INFINITY,
        _ if x == y => 0.0,
        (Comparison::Equal, _) => (x - y).abs(),
        _ => (x - y).abs().min(jump.unwrap_or(f64::INFINITY)),
    }
}

/// Whether a comparison was decided at its border, or is a cast, which decides everywhere.
fn decides(compared: &Compared, distance: f64) -> bool {
    let is_told_from_0 = match compared.operands {
        [Operand::Slot(_), Operand::Constant(tiny)] => compared.values[0].abs() <= tiny.abs(),
        [Operand::Constant(tiny), Operand::Slot(_)] => compared.values[1].abs() <= tiny.abs(),
        _ => false,
    };
    let [x, y] = compared.values.map(f64::abs);
    let is_cast = matches!(compared.guard.comparison, Comparison::Cast(_));
    is_cast || distance == 0.0 || is_told_from_0 && x.max(y) <= TINY
}

impl Border {
    pub(crate) fn new(compared: &Compared, within: &[Site]) -> Border {
        let guard = &compared.guard;
        let answer = match (guard.comparison, guard.outcome) {
            (Comparison::Order, 2) => Answer::Order(None),
            (Comparison::Order, order) => Answer::Order(Some(order.cmp(&0))),
            (_, 0) => Answer::No,
            _ => Answer::Yes,
        };
        let (place, comparison) = (guard.place.clone(), guard.comparison);
        Border { place, comparison, values: compared.values, answer, within: within.to_vec() }
    }
}
