//! Gradients through long loops of equal steps, from a bounded number of snapshots. It must not know
//! what a step computes.

mod schedule;
mod side;

pub use schedule::{Action, Schedule};

use super::Error;
use super::lengths::check_length;
use crate::op::UNREACHED;
use crate::program::Program;
use crate::var::Var;
use side::{Recorder, Replayer, Side};
use std::fmt;

/// A loop of equal steps, and a loss of the state after the last one. Its gradient takes memory for
/// one step and a few snapshots, where a tape of the whole loop would grow with the steps.
///
/// A step maps the state, with parameters behind it if there are any, to the next state. The loss
/// is given the last state and the same parameters. The gradient has the bits of that of one long
/// tape, unless a step returns one variable twice.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::TimeLoop;
///
/// // A population p grows at the rate r: 1000 steps of p + r p (1 - p) / 100.
/// let grow = |v: &[f64]| v[0] + v[1] * v[0] * (1.0 - v[0]) / 100.0;
/// let mut growth = TimeLoop::new(
///     |v| vec![v[0] + v[1] * v[0] * (1.0 - v[0]) / 100.0],
///     |v| v[0],
///     1000,
/// );
/// let (last, slopes) = growth.value_and_gradient(&[0.01, 0.5])?;
/// assert_eq!(last, (0..1000).fold(0.01, |p, _| grow(&[p, 0.5])));
/// let higher = (0..1000).fold(0.01, |p, _| grow(&[p, 0.5 + 1e-6]));
/// assert_abs_diff_eq!(slopes[1], (higher - last) / 1e-6, epsilon = 1e-4);
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// Costs, beside one replay and one sweep down for each step, the [`Schedule`]'s steps forward: with
/// the snapshots that a new loop has, about the root of twice the steps, less than two for each step.
pub struct TimeLoop<'f> {
    step: Box<dyn Side + 'f>,
    loss: Box<dyn Side + 'f>,
    steps: usize,
    snapshots: usize,
    saved: Vec<f64>,
    state: Vec<f64>,
    next: Vec<f64>,
    bars: Vec<f64>,
}

impl<'f> TimeLoop<'f> {
    /// A loop whose step and loss are recorded each time anew, on a tape for one step that is used
    /// again: they may take other branches at other states.
    pub fn new(
        step: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>> + 'f,
        loss: impl for<'t> Fn(&[Var<'t>]) -> Var<'t> + 'f,
        steps: usize,
    ) -> TimeLoop<'f> {
        let loss = Recorder::new(move |v: &[_]| vec![loss(v)]);
        TimeLoop::of(Box::new(Recorder::new(step)), Box::new(loss), steps)
    }

    /// A loop whose step and loss were recorded once and are replayed. A state where a recorded
    /// comparison goes the other way is an error.
    ///
    /// # Panics
    /// If the loss has not one output, or not as many inputs as the step.
    pub fn of_programs(step: Program, loss: Program, steps: usize) -> TimeLoop<'f> {
        loss.check_scalar();
        assert_eq!(loss.inputs(), step.inputs(), "inputs of the loss against those of the step");
        TimeLoop::of(Box::new(Replayer::new(step)), Box::new(Replayer::new(loss)), steps)
    }

    fn of(step: Box<dyn Side + 'f>, loss: Box<dyn Side + 'f>, steps: usize) -> TimeLoop<'f> {
        let snapshots = Schedule::snapshots_for(steps, 2);
        let [saved, state, next, bars] = [const { Vec::new() }; 4];
        TimeLoop { step, loss, steps, snapshots, saved, state, next, bars }
    }

    /// The same with another number of snapshots, that of the first state included: fewer cost more
    /// steps forward.
    ///
    /// # Panics
    /// If it is 0.
    pub fn with_snapshots(self, snapshots: usize) -> TimeLoop<'f> {
        assert!(snapshots > 0, "a loop is reversed from at least one snapshot, of its first state");
        TimeLoop { snapshots, ..self }
    }

    /// The most states that it keeps at a time.
    pub fn snapshots(&self) -> usize {
        self.snapshots
    }

    /// Bytes in use after a gradient: snapshots, and program, values and adjoints of one step.
    pub fn bytes(&self) -> usize {
        let numbers = [&self.saved, &self.state, &self.next, &self.bars];
        numbers.iter().map(|v| size_of_val(&v[..])).sum::<usize>()
            + self.step.bytes()
            + self.loss.bytes()
    }

    /// The loss, and its gradient in the first state and the parameters, which `x` holds in this
    /// order.
    ///
    /// # Errors
    /// [`Error::BranchChanged`], if the programs were recorded and a comparison goes the other way.
    pub fn value_and_gradient(&mut self, x: &[f64]) -> Result<(f64, Vec<f64>), Error> {
        let mut x_bar = vec![0.0; x.len()];
        let value = self.value_and_gradient_into(x, &mut x_bar)?;
        Ok((value, x_bar))
    }

    /// The same with the gradient written to a slice. If step and loss are programs, nothing is
    /// allocated after the first time, but for the schedule's 8 bytes a snapshot.
    ///
    /// # Panics
    /// If `x` and `x_bar` differ in length, or a step returns more numbers than it takes, or not
    /// the same number each time.
    pub fn value_and_gradient_into(&mut self, x: &[f64], x_bar: &mut [f64]) -> Result<f64, Error> {
        check_length("the gradient", x_bar.len(), x.len(), "number of the point");
        self.state.clear();
        self.state.extend(x);
        self.next.clear();
        self.bars.clear();
        self.bars.resize(x.len(), UNREACHED);
        let mut value = if self.steps == 0 { self.end()? } else { f64::NAN };
        for action in Schedule::new(self.steps, self.snapshots) {
            match action {
                Action::Save { place } => self.save(place),
                Action::Restore { place } => self.restore(place, x),
                Action::Advance { from, to } => (from..to).try_for_each(|_| self.advance())?,
                Action::Reverse { step } => {
                    self.advance()?;
                    if step + 1 == self.steps {
                        value = self.end()?;
                    }
                    self.pull();
                }
            }
        }
        x_bar.iter_mut().zip(&self.bars).for_each(|(to, bar)| *to = bar + 0.0);
        Ok(value)
    }

    /// Keeps the state in a place. The first one stays with the caller.
    fn save(&mut self, place: usize) {
        if let Some(k) = place.checked_sub(1) {
            let width = self.next.len();
            self.saved.resize((self.snapshots.min(self.steps) - 1) * width, 0.0);
            self.saved[k * width..][..width].copy_from_slice(&self.state[..width]);
        }
    }

    fn restore(&mut self, place: usize, first: &[f64]) {
        let width = self.next.len();
        let saved = place.checked_sub(1).map(|k| &self.saved[k * width..]);
        self.state[..width].copy_from_slice(&saved.unwrap_or(first)[..width]);
    }

    fn advance(&mut self) -> Result<(), Error> {
        let (before, length) = (self.next.len(), self.state.len());
        self.step.up(&self.state, &mut self.next)?;
        let width = self.next.len();
        assert!(width <= length, "the step was given {length} numbers and returned {width}");
        assert!(before == 0 || width == before, "a step returned {before} numbers, then {width}");
        self.state[..width].copy_from_slice(&self.next);
        Ok(())
    }

    /// The loss of the state at hand, and its adjoints.
    fn end(&mut self) -> Result<f64, Error> {
        let mut value = Vec::with_capacity(1);
        self.loss.up(&self.state, &mut value)?;
        self.loss.down(&[1.0], &mut self.bars);
        Ok(value[0])
    }

    /// Carries the adjoints down through the step that was run last. Those of the parameters go on
    /// adding up.
    fn pull(&mut self) {
        let width = self.next.len();
        self.next.copy_from_slice(&self.bars[..width]);
        self.bars[..width].fill(UNREACHED);
        self.step.down(&self.next, &mut self.bars);
    }
}

impl fmt::Debug for TimeLoop<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all = f.debug_struct("TimeLoop");
        all.field("steps", &self.steps).field("snapshots", &self.snapshots).finish_non_exhaustive()
    }
}
