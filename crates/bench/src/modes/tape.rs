//! Record and reverse: every gradient is recorded anew, on one tape and in one workspace.
//! It must not know more of the library than its users do.

use super::{Bytes, Mode};
use crate::workloads::Workload;
use wengert::{Tape, Workspace};

/// A tape that is cleared and recorded for every gradient.
pub struct Record<W> {
    workload: W,
    tape: Tape,
    workspace: Workspace,
}

impl<W: Workload + Clone> Record<W> {
    pub fn new(workload: &W) -> Self {
        Record { workload: workload.clone(), tape: Tape::new(), workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for Record<W> {
    fn name(&self) -> &'static str {
        "tape"
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.tape.clear();
        let x = self.tape.input_slice(x);
        let y = self.workload.primal(&x);
        self.tape.gradient_in(&mut self.workspace, y).write_inputs(x_bar);
        y.value()
    }

    fn bytes(&self) -> Bytes {
        Bytes { tape: self.tape.memory().bytes, adjoints: self.workspace.bytes() }
    }
}
