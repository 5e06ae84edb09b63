//! Recorded once, replayed at every point: the interpreter of a program, up and down.
//! It must not know more of the library than its users do.

use super::{Bytes, Mode};
use crate::workloads::Workload;
use wengert::{Program, Workspace, record};

/// A workload's program, recorded when it is first asked for.
pub struct Replay<W> {
    workload: W,
    program: Option<Program>,
    workspace: Workspace,
}

impl<W: Workload + Clone> Replay<W> {
    pub fn new(workload: &W) -> Self {
        Replay { workload: workload.clone(), program: None, workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for Replay<W> {
    fn name(&self) -> &'static str {
        "program"
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let program = self.program.get_or_insert_with(|| record(|v| self.workload.primal(v), x));
        let value = program.value_and_gradient_into(x, x_bar, &mut self.workspace);
        value.expect("the workloads do not branch")
    }

    fn bytes(&self) -> Bytes {
        let tape = self.program.as_ref().map_or(0, |program| 16 * program.len());
        Bytes { tape, adjoints: self.workspace.bytes() }
    }
}
