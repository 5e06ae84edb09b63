//! One point of a check: the function recorded there, what the code under test gives, the truth with
//! its error, the borders that the point is at, and the truth again from dual numbers. It must not
//! judge.

use super::borders::Borders;
use super::bounds::{self, Bounds};
use super::linear::{Edge, Linear, LinearSlot};
use crate::op::Op;
use crate::program::Program;
use crate::tape::{SlotKind, Tape};
use crate::var::Var;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A function to record, where it can be.
pub(crate) type Function<'a> = &'a dyn for<'t> Fn(&[Var<'t>]) -> Option<Var<'t>>;

/// A gradient by hand, whatever it is.
pub(crate) type ByHand<'a> = &'a dyn Fn(&[f64]) -> Vec<f64>;

/// What is known at one point.
pub(crate) struct Scene {
    pub(crate) x: Vec<f64>,
    pub(crate) value: f64,
    pub(crate) yours: Vec<f64>,
    pub(crate) truth: Vec<f64>,
    pub(crate) bounds: Bounds,
    /// The recording of a function whose gradient is checked, unless it is a constant.
    pub(crate) linear: Option<Recorded>,
    pub(crate) borders: Borders,
    /// For each component, the border that it depends on, if it does on one.
    pub(crate) behind: Vec<Option<Behind>>,
}

/// The border that a component depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Behind {
    pub(crate) border: usize,
    /// Whether the component's own input reaches what decides. In a product with a Hessian another
    /// one may, that the direction moves.
    pub(crate) by_own_input: bool,
}

impl Behind {
    /// Of derivatives in inputs that reach these borders.
    pub(crate) fn own(behind: Vec<Option<usize>>) -> Vec<Option<Behind>> {
        let own = |border: usize| Behind { border, by_own_input: true };
        behind.into_iter().map(|border| border.map(own)).collect()
    }
}

/// The recording of a function that is not a constant.
pub(crate) struct Recorded {
    pub(crate) program: Program,
    pub(crate) linear: Linear,
    pub(crate) output: usize,
}

/// A tape that remembers places, if this build can.
pub(crate) fn remembering_tape() -> Tape {
    #[cfg(feature = "places")]
    return Tape::with_places();
    #[cfg(not(feature = "places"))]
    Tape::new()
}

/// What `run` gives at a point that was not asked about; nothing if the code under test panics there,
/// as it may outside of its domain.
pub(crate) fn tried<T>(run: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}

impl Scene {
    /// Runs both at `x`, if the function can be.
    ///
    /// # Panics
    /// If the gradient has another length than `x`.
    #[track_caller]
    pub(crate) fn new(f: Function<'_>, gradient: ByHand<'_>, x: &[f64]) -> Option<Scene> {
        let tape = remembering_tape();
        let y = f(&tape.input_slice(x))?;
        let (value, output) = (y.value(), y.slot());
        let yours = gradient(x);
        assert_eq!(
            yours.len(),
            x.len(),
            "the gradient has {} components, and the point {}",
            yours.len(),
            x.len()
        );
        let program = tape.program(&[y]);
        let borders = Borders::new(&tape, &program, x);
        let behind = Behind::own(borders.behind(x.len(), output));
        let Some(output) = output else {
            let zeros = vec![0.0; x.len()];
            let (truth, bounds) = (zeros.clone(), Bounds::alike(zeros));
            let x = x.to_vec();
            return Some(Scene { x, value, yours, truth, bounds, linear: None, borders, behind });
        };
        let truth = tape.gradient(y).to_vec();
        let bounds = bounds::of_gradient(&program, x);
        let linear = Linear::new(&tape, output);
        let linear = Some(Recorded { program, linear, output });
        Some(Scene { x: x.to_vec(), value, yours, truth, bounds, linear, borders, behind })
    }

    /// Numbers that are compared without a recording and without borders.
    pub(crate) fn of_numbers(x: &[f64], yours: Vec<f64>, truth: Vec<f64>, bounds: Bounds) -> Scene {
        let (borders, behind) = (Borders::default(), vec![None; yours.len()]);
        Scene {
            x: x.to_vec(),
            value: f64::NAN,
            yours,
            truth,
            bounds,
            linear: None,
            borders,
            behind,
        }
    }

    /// The derivative in each input by dual numbers, one replay each; of the first `most` alone, and of
    /// none without a recording.
    pub(crate) fn by_duals(&self, most: usize) -> Vec<f64> {
        let Some(recorded) = &self.linear else { return Vec::new() };
        let along = |k: usize| {
            let mut x_dot = vec![0.0; self.x.len()];
            x_dot[k] = 1.0;
            // A custom primitive that is no function may take another branch: NaN agrees with nothing.
            recorded.program.jvp(&self.x, &x_dot).map_or(f64::NAN, |(_, y_dot)| y_dot[0])
        };
        (0..self.x.len().min(most)).map(along).collect()
    }

    /// Whether another scene shows the same program with finite derivatives, so that slots can be
    /// compared one by one.
    pub(crate) fn is_like(&self, other: &Scene) -> bool {
        let (Some(a), Some(b)) = (&self.linear, &other.linear) else { return false };
        let from = |slot: &LinearSlot| slot.edges.iter().map(Edge::from).collect::<Vec<_>>();
        let same = |(a, b): (&LinearSlot, &LinearSlot)| {
            primitive(&a.kind) == primitive(&b.kind) && from(a) == from(b)
        };
        let finite = other.yours.iter().chain(&other.truth).all(|d| d.is_finite());
        finite
            && a.output == b.output
            && a.linear.slots.len() == b.linear.slots.len()
            && a.linear.slots.iter().zip(&b.linear.slots).all(same)
    }
}

/// The primitive of the table that a slot is, if it is one.
fn primitive(kind: &SlotKind) -> Option<Op> {
    match kind {
        SlotKind::Op(op) => Some(*op),
        _ => None,
    }
}
