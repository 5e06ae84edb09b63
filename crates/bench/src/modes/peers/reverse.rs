//! `reverse`: a tape of stored partials behind a `RefCell`, 32 bytes an operation.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::{Bytes, Mode};
use crate::workloads::Workload;
use ::reverse::{Gradient, Tape, Var};

pub const NAME: &str = "reverse";
pub const LACKS: &[&str] = &["dot", "erfc"];

/// A tape that is cleared and recorded for every gradient. Adjoints are allocated by the crate.
pub struct Reverse<W> {
    workload: W,
    tape: Tape,
}

impl<W: Workload + Clone> Reverse<W> {
    pub fn new(workload: &W) -> Self {
        Reverse { workload: workload.clone(), tape: Tape::new() }
    }
}

impl<W: Workload> Mode for Reverse<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.tape.clear();
        let x: Vec<_> = x.iter().map(|x| Foreign::Variable(self.tape.add_var(*x))).collect();
        let y = self.workload.primal(&x).variable();
        let gradient = y.grad();
        for (bar, x) in x_bar.iter_mut().zip(&x) {
            *bar = gradient.wrt(&x.variable());
        }
        y.val()
    }

    /// A slot is two partials and two positions.
    fn bytes(&self) -> Bytes {
        let slots = self.tape.len();
        Bytes { tape: slots * size_of::<[u64; 4]>(), adjoints: slots * size_of::<f64>() }
    }
}

impl Peer for Var<'_> {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.val
    }
    #[inline(always)]
    fn subtract_from(self, x: f64) -> Self {
        x - self
    }
    /// Not `x / self`, whose derivative is wrong in this crate.
    #[inline(always)]
    fn divide(self, x: f64) -> Self {
        Var::recip(&self) * x
    }
    #[inline(always)]
    fn recip(self) -> Self {
        Var::recip(&self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Var::sqrt(&self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Var::exp(&self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Var::ln(&self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Var::tanh(&self)
    }
}
