//! `easy-ml`: a Wengert list of stored partials behind a `RefCell`, 32 bytes an operation.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::Mode;
use crate::workloads::Workload;
use ::easy_ml::differentiation::record_operations::SwappedOperations;
use ::easy_ml::differentiation::{Record, WengertList};
use ::easy_ml::numeric::extra::{Exp, Ln, Sqrt};
use std::f64::consts::FRAC_2_SQRT_PI;

pub const NAME: &str = "easy-ml";
pub const LACKS: &[&str] = &["dot"];

/// A list that is cleared and recorded for every gradient. Adjoints are allocated by the crate.
pub struct EasyMl<W> {
    workload: W,
    list: WengertList<f64>,
}

impl<W: Workload + Clone> EasyMl<W> {
    pub fn new(workload: &W) -> Self {
        EasyMl { workload: workload.clone(), list: WengertList::new() }
    }
}

impl<W: Workload> Mode for EasyMl<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.list.clear();
        let x: Vec<_> = x.iter().map(|x| Foreign::Variable(self.list.variable(*x))).collect();
        let y = self.workload.primal(&x).variable();
        let derivatives = y.derivatives();
        for (bar, x) in x_bar.iter_mut().zip(&x) {
            *bar = derivatives[&x.variable()];
        }
        y.number
    }
}

/// A function by the crate's own way to add one, which returns a record that borrows its argument:
/// the same record is made anew.
#[inline(always)]
fn unary<'a>(
    x: Record<'a, f64>,
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
) -> Record<'a, f64> {
    let v = x.unary(f, slope);
    Record::from_existing((v.number, v.index), x.history())
}

impl Peer for Record<'_, f64> {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.number
    }
    #[inline(always)]
    fn subtract_from(self, x: f64) -> Self {
        self.sub_swapped(x)
    }
    #[inline(always)]
    fn divide(self, x: f64) -> Self {
        self.div_swapped(x)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Sqrt::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Exp::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Ln::ln(self)
    }
    /// As the crate's documentation writes it.
    #[inline(always)]
    fn tanh(self) -> Self {
        unary(self, |x| x.tanh(), |x| 1.0 / (x.cosh() * x.cosh()))
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        unary(self, libm::erfc, |x| -FRAC_2_SQRT_PI * (-x * x).exp())
    }
}
