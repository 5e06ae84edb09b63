//! Record and reverse on a tape of partials: every gradient is recorded anew, on one quick tape.
//! It must not know more of the library than its users do.

use super::{Bytes, Mode};
use crate::workloads::Workload;
use wengert::{QuickTape, Workspace};

/// A quick tape that is cleared and recorded for every gradient.
pub struct Quick<W> {
    workload: W,
    tape: QuickTape,
    workspace: Workspace,
}

impl<W: Workload + Clone> Quick<W> {
    pub fn new(workload: &W) -> Self {
        Quick { workload: workload.clone(), tape: QuickTape::new(), workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for Quick<W> {
    fn name(&self) -> &'static str {
        "quick"
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.tape.clear();
        let x = self.tape.inputs(x);
        let y = self.workload.primal(&x);
        self.tape.gradient_into(y, x_bar, &mut self.workspace);
        y.value()
    }

    fn bytes(&self) -> Bytes {
        Bytes { tape: self.tape.bytes(), adjoints: self.workspace.bytes() }
    }
}
