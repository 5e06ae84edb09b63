//! Compiled once, run at every point: machine code of a program, written with care or in haste.
//! It must not know more of the library than its users do.

use super::{Bytes, Cost, Mode, Preparation, prepare};
use crate::workloads::Workload;
use wengert::{CompileMode, Compiled, Workspace, record};

/// A workload's code, compiled when it is first asked for.
pub struct Code<W> {
    workload: W,
    mode: CompileMode,
    code: Option<(Compiled, Cost)>,
    workspace: Workspace,
}

impl<W: Workload + Clone> Code<W> {
    pub fn new(workload: &W, mode: CompileMode) -> Self {
        Code { workload: workload.clone(), mode, code: None, workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for Code<W> {
    fn name(&self) -> &'static str {
        match self.mode {
            CompileMode::Thorough => "compiled",
            CompileMode::Quick => "compiled-quick",
        }
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (code, _) = self.code.get_or_insert_with(|| {
            let program = record(|v| self.workload.primal(v), x);
            prepare(|| program.compile_in(self.mode).expect("the machine is known"))
        });
        let value = code.value_and_gradient_into(x, x_bar, &mut self.workspace);
        value.expect("the workloads do not branch")
    }

    fn bytes(&self) -> Bytes {
        let code = self.code.as_ref().map_or(0, |(code, _)| code.bytes());
        Bytes { tape: code, adjoints: self.workspace.bytes() }
    }

    fn preparation(&self) -> Option<Preparation> {
        self.code.as_ref().map(|(code, cost)| Preparation {
            cost: *cost,
            slots: code.program().len() - code.program().inputs(),
        })
    }
}
