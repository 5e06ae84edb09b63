//! Recorded once, its repeated parts found and run as loops, in lanes or as machine
//! code, at every point.
//! It must not know more of the library than its users do.

use super::{Bytes, Cost, Mode, Preparation, prepare};
use crate::workloads::Workload;
use wengert::{Compiled, Rolled, Workspace, record};

/// A workload's loops, found when it is first asked for.
pub struct Loops<W> {
    workload: W,
    rolled: Option<(Rolled, Cost)>,
    workspace: Workspace,
}

impl<W: Workload + Clone> Loops<W> {
    pub fn new(workload: &W) -> Self {
        Loops { workload: workload.clone(), rolled: None, workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for Loops<W> {
    fn name(&self) -> &'static str {
        "rolled"
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (rolled, _) = self.rolled.get_or_insert_with(|| {
            let program = record(|v| self.workload.primal(v), x);
            prepare(|| program.roll().expect("no custom primitives"))
        });
        let value = rolled.value_and_gradient_into(x, x_bar, &mut self.workspace);
        value.expect("the workloads do not branch")
    }

    fn bytes(&self) -> Bytes {
        let steps = self.rolled.as_ref().map_or(0, |(rolled, _)| rolled.bytes());
        Bytes { tape: steps, adjoints: self.workspace.bytes() }
    }

    fn preparation(&self) -> Option<Preparation> {
        self.rolled.as_ref().map(|(rolled, cost)| Preparation {
            cost: *cost,
            slots: rolled.program().len() - rolled.program().inputs(),
        })
    }
}

/// A workload's loops as machine code, found and compiled when it is first asked for.
pub struct CompiledLoops<W> {
    workload: W,
    code: Option<(Compiled, Cost)>,
    workspace: Workspace,
}

impl<W: Workload + Clone> CompiledLoops<W> {
    pub fn new(workload: &W) -> Self {
        CompiledLoops { workload: workload.clone(), code: None, workspace: Workspace::new() }
    }
}

impl<W: Workload> Mode for CompiledLoops<W> {
    fn name(&self) -> &'static str {
        "rolled-compiled"
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (code, _) = self.code.get_or_insert_with(|| {
            let program = record(|v| self.workload.primal(v), x);
            prepare(|| {
                let rolled = program.roll().expect("no custom primitives");
                rolled.compile().expect("the machine is known")
            })
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
