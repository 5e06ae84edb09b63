//! `aad`: a tape of stored partials behind a `RefCell`, 32 bytes an operation.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::Mode;
use crate::workloads::Workload;
use ::aad::{Tape, Variable};
use std::f64::consts::FRAC_2_SQRT_PI;

pub const NAME: &str = "aad";
pub const LACKS: &[&str] = &["dot"];

/// A tape of its own for every gradient: the crate cannot clear one. It is made with the room that
/// the workload needs, which the crate can.
pub struct Aad<W> {
    workload: W,
    slots: usize,
}

impl<W: Workload + Clone> Aad<W> {
    pub fn new(workload: &W) -> Self {
        // A sigmoid is one operation of the workload and four of this tape.
        let slots = workload.points()[0].len() + 2 * workload.ops();
        Aad { workload: workload.clone(), slots }
    }
}

impl<W: Workload> Mode for Aad<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let tape = Tape::with_capacity(self.slots);
        let x: Vec<_> = tape.create_variables_iter(x).map(Foreign::Variable).collect();
        let y = self.workload.primal(&x).variable();
        let gradients = y.compute_gradients().expect("the output is on the tape");
        for (bar, x) in x_bar.iter_mut().zip(&x) {
            *bar = gradients.get_gradient(&x.variable()).expect("inputs are on the tape");
        }
        y.value()
    }
}

impl Peer for Variable<'_, f64> {
    #[inline(always)]
    fn value(&self) -> f64 {
        Variable::value(self)
    }
    #[inline(always)]
    fn subtract_from(self, x: f64) -> Self {
        x - self
    }
    #[inline(always)]
    fn divide(self, x: f64) -> Self {
        x / self
    }
    #[inline(always)]
    fn recip(self) -> Self {
        Variable::<f64>::recip(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Variable::<f64>::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Variable::<f64>::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Variable::<f64>::ln(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Variable::<f64>::tanh(self)
    }
    /// By the crate's own way to add a function.
    #[inline(always)]
    fn erfc(self) -> Self {
        self.apply_unary_function(libm::erfc, |x| -FRAC_2_SQRT_PI * (-x * x).exp())
    }
}
