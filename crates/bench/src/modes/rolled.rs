//! Recorded once, its repeated parts found and run as loops in lanes, at every point.
//! It must not know more of the library than its users do.

use super::{Bytes, Mode, Preparation};
use crate::workloads::Workload;
use cpu_time::ProcessTime;
use wengert::{Rolled, Workspace, record};

/// A workload's loops, found when it is first asked for.
pub struct Loops<W> {
    workload: W,
    rolled: Option<(Rolled, f64)>,
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
            let start = ProcessTime::now();
            let rolled = program.roll().expect("no custom primitives");
            (rolled, start.elapsed().as_secs_f64())
        });
        let value = rolled.value_and_gradient_into(x, x_bar, &mut self.workspace);
        value.expect("the workloads do not branch")
    }

    fn bytes(&self) -> Bytes {
        let steps = self.rolled.as_ref().map_or(0, |(rolled, _)| rolled.bytes());
        Bytes { tape: steps, adjoints: self.workspace.bytes() }
    }

    fn preparation(&self) -> Option<Preparation> {
        self.rolled.as_ref().map(|(rolled, seconds)| Preparation {
            seconds: *seconds,
            slots: rolled.program().len() - rolled.program().inputs(),
        })
    }
}
