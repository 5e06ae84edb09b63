//! The limit: the adjoint that each workload brings with it, written by hand.
//! It must not know tapes.

use super::{BASELINE, Mode};
use crate::workloads::Workload;

/// A workload's own adjoint.
pub struct Adjoint<W> {
    workload: W,
}

impl<W: Workload + Clone> Adjoint<W> {
    pub fn new(workload: &W) -> Self {
        Adjoint { workload: workload.clone() }
    }
}

impl<W: Workload> Mode for Adjoint<W> {
    fn name(&self) -> &'static str {
        BASELINE
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.workload.adjoint(x, x_bar)
    }
}
