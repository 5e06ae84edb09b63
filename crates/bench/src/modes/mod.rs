//! The ways to take a gradient that are compared, each behind one small trait.
//! A mode must not know which workload it serves, nor when it is being timed.

mod adjoint;
mod batch;
mod compiled;
#[cfg(feature = "peers")]
mod peers;
mod program;
mod quick;
mod rolled;
mod tape;

use crate::workloads::Workload;
use cpu_time::ProcessTime;
use std::hint::black_box;
use wengert::CompileMode;

/// The name of the mode that all others are compared with.
pub const BASELINE: &str = "adjoint";

/// Every mode, made for one workload. The baseline comes first.
///
/// A new mode is a file of its own and a line here.
pub fn all<W: Workload + Clone + 'static>(workload: &W) -> Vec<Box<dyn Mode>> {
    let mut modes: Vec<Box<dyn Mode>> = vec![
        Box::new(adjoint::Adjoint::new(workload)),
        Box::new(tape::Record::new(workload)),
        Box::new(quick::Quick::new(workload)),
        Box::new(program::Replay::new(workload)),
        Box::new(rolled::Loops::new(workload)),
        Box::new(rolled::CompiledLoops::new(workload)),
        Box::new(compiled::Code::new(workload, CompileMode::Thorough)),
        Box::new(compiled::Code::new(workload, CompileMode::Quick)),
    ];
    if workload.ops() <= batch::LARGEST {
        modes.push(Box::new(batch::Batched::new(workload)));
    }
    modes
}

/// The modes of one workload, and those that it has to do without.
pub struct Modes {
    /// The baseline comes first.
    pub modes: Vec<Box<dyn Mode>>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
}

/// A mode that a workload has to do without.
pub struct LeftOut {
    /// Its name.
    pub mode: &'static str,
    /// Why, as a phrase.
    pub reason: String,
}

/// Every mode of this crate and of its peers, made for one workload.
pub fn with_peers<W: Workload + Clone + 'static>(workload: &W) -> Modes {
    #[allow(unused_mut)]
    let mut modes = Modes { modes: all(workload), left_out: Vec::new() };
    #[cfg(feature = "peers")]
    peers::add_to(&mut modes, workload);
    modes
}

/// One way to take the gradients of one workload, with all that it keeps from one to the next.
pub trait Mode {
    /// Name on the command line and in the table.
    fn name(&self) -> &'static str;

    /// The value at `x`; the gradient goes to `x_bar`, whatever was there before.
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64;

    /// What it holds after a gradient.
    fn bytes(&self) -> Bytes {
        Bytes::default()
    }

    /// What it cost to get ready, once, if that is worth telling.
    fn preparation(&self) -> Option<Preparation> {
        None
    }

    /// So many gradients, at the points in turn: what is timed. The last value is returned.
    fn run(&mut self, points: &[Vec<f64>], gradients: usize, x_bar: &mut [f64]) -> f64 {
        let mut value = f64::NAN;
        for x in points.iter().cycle().take(gradients) {
            value = black_box(self.gradient(black_box(x), black_box(x_bar)));
        }
        value
    }
}

/// Memory that a gradient needs beside its inputs and its answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bytes {
    /// What is recorded: program, values, constants.
    pub tape: usize,
    /// What the reverse sweep works on.
    pub adjoints: usize,
}

/// What was done once, before the first gradient.
#[derive(Clone, Copy, Debug)]
pub struct Preparation {
    pub cost: Cost,
    /// Slots that were worked through, inputs apart.
    pub slots: usize,
}

/// CPU time that it takes to get ready.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// The first time, when much of the code that does it is yet to be fetched.
    pub first: f64,
    /// Any other time, if it was short enough to be done again.
    pub again: Option<f64>,
}

/// How often what is soon made is made again; the least time counts.
const AGAIN: usize = 20;

/// Makes something, and says what that takes.
fn prepare<T>(make: impl Fn() -> T) -> (T, Cost) {
    let timed = || {
        let start = ProcessTime::now();
        let made = make();
        (made, start.elapsed().as_secs_f64())
    };
    let (made, first) = timed();
    let again = (first < 0.05).then(|| (0..AGAIN).map(|_| timed().1).fold(first, f64::min));
    (made, Cost { first, again })
}
