//! `RustQuant_autodiff`: a graph of stored partials behind a `RefCell`, 32 bytes an operation.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::{Bytes, Mode};
use crate::workloads::Workload;
use RustQuant_autodiff::{Accumulate, Gradient, Graph, Variable, Vertex};

pub const NAME: &str = "RustQuant";
pub const LACKS: &[&str] = &["dot"];

/// A graph that is cleared and recorded for every gradient. Adjoints are allocated by the crate.
pub struct RustQuant<W> {
    workload: W,
    graph: Graph,
}

impl<W: Workload + Clone> RustQuant<W> {
    pub fn new(workload: &W) -> Self {
        RustQuant { workload: workload.clone(), graph: Graph::new() }
    }
}

impl<W: Workload> Mode for RustQuant<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.graph.clear();
        let x: Vec<_> = x.iter().map(|x| Foreign::Variable(self.graph.var(*x))).collect();
        let y = self.workload.primal(&x).variable();
        let gradient = y.accumulate();
        for (bar, x) in x_bar.iter_mut().zip(&x) {
            *bar = gradient.wrt(&x.variable());
        }
        y.value()
    }

    fn bytes(&self) -> Bytes {
        let slots = self.graph.len();
        Bytes { tape: slots * size_of::<Vertex>(), adjoints: slots * size_of::<f64>() }
    }
}

impl Peer for Variable<'_> {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.value
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
        Variable::recip(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Variable::sqrt(self)
    }
    #[inline(always)]
    fn exp(self) -> Self {
        Variable::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Variable::ln(self)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        Variable::tanh(self)
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        Variable::erfc(self)
    }
}
