//! Kinks and recorded branches near by: where a step of a given length may take the function over
//! to another piece. It must not know derivatives.

use super::linear::{Linear, Site};
use crate::tape::code::Arg;
use crate::tape::{Comparison, Place, SlotKind, Tape};
use crate::var::Var;

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
pub enum KinkKind {
    /// A primitive that is not smooth.
    Primitive {
        /// Where it is recorded.
        site: Site,
        /// Where it is not smooth, in the words of the table.
        at: &'static str,
    },
    /// A comparison that the code branched on.
    Branch {
        /// Where it was made.
        place: Place,
        /// What was asked.
        comparison: Comparison,
    },
}

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
    /// Costs one look at each slot.
    ///
    /// # Panics
    /// If `output` is a constant, or a variable of another tape.
    #[track_caller]
    pub fn kinks_near(&self, output: Var<'_>, distance: f64) -> Vec<NearKink> {
        let last = self.slot_of(output);
        let linear = Linear::new(self, last);
        near(self, &linear, last, distance)
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

/// The kinks of a linearized tape, and the branches that were recorded.
pub(crate) fn near(tape: &Tape, linear: &Linear, output: usize, distance: f64) -> Vec<NearKink> {
    let mut kinks = kinks_of(linear, output, distance);
    let core = tape.core.borrow();
    let value = |arg: Arg| match core.code.term(arg) {
        Ok(slot) => core.code.value(slot as usize),
        Err(constant) => constant,
    };
    for guard in core.code.guards() {
        let margin = (value(guard.x) - value(guard.y)).abs();
        if margin <= distance {
            let (place, comparison) = (guard.place.clone(), guard.comparison);
            let kind = KinkKind::Branch { place, comparison };
            kinks.push(NearKink { distance: margin, kind });
        }
    }
    kinks.sort_by(|a, b| a.distance.total_cmp(&b.distance));
    kinks
}

/// The primitives within a distance of their kinks.
pub(crate) fn kinks_of(linear: &Linear, output: usize, distance: f64) -> Vec<NearKink> {
    let reached = linear.reached_from(output);
    let mut kinks = Vec::new();
    for (k, slot) in linear.slots.iter().enumerate().filter(|(k, _)| reached[*k]) {
        let SlotKind::Op(op) = slot.kind else { continue };
        let Some((at, away)) = op.row().kink else { continue };
        let args: Vec<f64> = slot.edges.iter().map(|edge| edge.value).collect();
        let away = away(&args);
        if away <= distance {
            let kind = KinkKind::Primitive { site: linear.site(k), at };
            kinks.push(NearKink { distance: away, kind });
        }
    }
    kinks
}
