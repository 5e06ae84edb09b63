//! How sensitive an output is, and how exact: condition numbers and a bound of the rounding error,
//! from one sweep. It must not know how they are printed.

use super::linear::{Linear, Site};
use super::rounded::{UNIT, own_error};
use crate::tape::{SlotKind, Tape};
use crate::var::Var;

/// The sensitivity of an output to its inputs and to the rounding of every slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// The output.
    pub output: Site,
    /// Its value.
    pub value: f64,
    /// Of every input that it depends on, in the order of declaration.
    pub inputs: Vec<Influence>,
    /// Of every slot that is rounded and matters, the largest error first.
    pub slots: Vec<Influence>,
    /// To first order, a bound of the rounding error of the value: the sum of what all slots
    /// contribute. Inputs are taken to be exact.
    pub rounding: f64,
}

/// What a slot does to the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Influence {
    /// The slot.
    pub site: Site,
    /// Its value.
    pub value: f64,
    /// Its adjoint: how much the output changes if this one does.
    pub adjoint: f64,
    /// By how many per cent the output changes if this one changes by one per cent.
    pub condition: f64,
    /// What its rounding contributes to the error of the output, at most.
    pub error: f64,
}

impl Sensitivity {
    /// The condition number: the per cents by which the output changes at most if every input
    /// changes by one.
    pub fn condition(&self) -> f64 {
        self.inputs.iter().map(|input| input.condition).sum()
    }

    /// Decimal digits of the value that rounding leaves.
    pub fn digits(&self) -> f64 {
        match self.rounding {
            0.0 => 16.0,
            rounding => (-(rounding / self.value.abs()).log10()).clamp(0.0, 16.0),
        }
    }
}

impl Tape {
    /// How sensitive `output` is to each input, and how much the rounding of each slot may have
    /// changed it (F. L. Bauer, *Computational graphs and rounding error*, 1974).
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [x, y] = tape.inputs(["x", "y"], [1.0, 1e-8]);
    /// let lost = ((x + y).square() - 1.0) / y; // 2, but for 8 digits that cancel
    /// let sensitivity = tape.sensitivity(lost);
    /// assert!((7.0..9.0).contains(&sensitivity.digits()));
    /// assert!((lost.value() - (2.0 + 1e-8)).abs() < sensitivity.rounding);
    /// assert_eq!(sensitivity.slots[0].site.primitive, "add");
    /// ```
    ///
    /// One sweep, whatever the number of inputs.
    ///
    /// # Panics
    /// If `output` is a constant, or a variable of another tape.
    #[track_caller]
    pub fn sensitivity(&self, output: Var<'_>) -> Sensitivity {
        let slot = self.slot_of(output);
        sensitivity(&Linear::new(self, slot), slot)
    }
}

fn sensitivity(linear: &Linear, output: usize) -> Sensitivity {
    let bars = linear.adjoints(output, |_, edge| edge.taken.then_some(edge.partial));
    let value = linear.slots[output].value;
    let influence = |k: usize, own: f64| {
        let (of, adjoint) = (linear.slots[k].value, bars[k]);
        let condition = if adjoint == 0.0 { 0.0 } else { (adjoint * of / value).abs() };
        let error = if own == 0.0 { 0.0 } else { (adjoint * own).abs() };
        Influence { site: linear.site(k), value: of, adjoint, condition, error }
    };
    let reached = linear.reached_from(output);
    let on_the_way = || (0..=output).filter(|k| reached[*k]);
    let is_input = |k: &usize| matches!(linear.slots[*k].kind, SlotKind::Input);
    let inputs = on_the_way().filter(is_input).map(|k| influence(k, 0.0)).collect();
    let slots = on_the_way().filter(|k| !is_input(k)).map(|k| influence(k, rounding(linear, k)));
    let mut slots: Vec<Influence> = slots.filter(|slot| slot.error != 0.0).collect();
    slots.sort_by(|a, b| b.error.total_cmp(&a.error));
    let rounding = slots.iter().map(|slot| slot.error).sum();
    Sensitivity { output: linear.site(output), value, inputs, slots, rounding }
}

/// The rounding error of one slot.
fn rounding(linear: &Linear, k: usize) -> f64 {
    let slot = &linear.slots[k];
    let x: Vec<f64> = slot.edges.iter().map(|edge| edge.value).collect();
    match slot.kind {
        SlotKind::Op(op) => own_error(op, &x, slot.value),
        _ => 8.0 * UNIT * slot.value.abs(),
    }
}
