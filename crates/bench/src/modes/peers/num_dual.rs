//! `num-dual`, forward mode: a value and all of its derivatives at once, without a tape.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::Mode;
use crate::workloads::Workload;
use ::num_dual::{DualNum, DualSVec64, gradient};
use nalgebra::SVector;

pub const NAME: &str = "num-dual";
pub const LACKS: &[&str] = &["dot", "erfc"];

/// How many inputs it is compiled for.
pub const INPUTS: usize = 10;

/// The crate's `gradient`, on the stack.
pub struct NumDual<W> {
    workload: W,
}

impl<W: Workload + Clone> NumDual<W> {
    pub fn new(workload: &W) -> Self {
        NumDual { workload: workload.clone() }
    }
}

impl<W: Workload> Mode for NumDual<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let f = |x: SVector<DualSVec64<INPUTS>, INPUTS>| {
            let x: [_; INPUTS] = x.data.0[0];
            self.workload.primal(&x.map(Foreign::Variable)).variable()
        };
        let (value, slopes) = gradient(f, &SVector::from_column_slice(x));
        x_bar.copy_from_slice(slopes.as_slice());
        value
    }
}

impl<const N: usize> Peer for DualSVec64<N> {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.re
    }
    #[inline(always)]
    fn subtract_from(self, x: f64) -> Self {
        -self + x
    }
    #[inline(always)]
    fn divide(self, x: f64) -> Self {
        DualNum::recip(&self) * x
    }
    #[inline(always)]
    fn recip(self) -> Self {
        DualNum::recip(&self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        DualNum::sqrt(&self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        DualNum::exp(&self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        DualNum::ln(&self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        DualNum::tanh(&self)
    }
}
