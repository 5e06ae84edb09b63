//! `ad_trait`, reverse mode: one graph a thread, of operations and values, 40 bytes an operation.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::Mode;
use crate::workloads::Workload;
use ::ad_trait::AD;
use ::ad_trait::reverse_ad::adr::{GlobalComputationGraph, adr};
use std::ops::{Add, Div, Mul, Neg, Sub};

pub const NAME: &str = "ad_trait";
pub const LACKS: &[&str] = &["dot", "erfc"];

/// The thread's graph, which is reset and recorded for every gradient, as the crate's own driver
/// does. Adjoints are allocated by the crate.
pub struct AdTrait<W> {
    workload: W,
}

impl<W: Workload + Clone> AdTrait<W> {
    pub fn new(workload: &W) -> Self {
        AdTrait { workload: workload.clone() }
    }
}

impl<W: Workload> Mode for AdTrait<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        GlobalComputationGraph::get().reset();
        let variable = |x: &f64| Foreign::Variable(Variable(adr::new_variable(*x, false)));
        let x: Vec<_> = x.iter().map(variable).collect();
        let y = self.workload.primal(&x).variable();
        let gradient = y.0.get_backwards_mode_grad();
        for (bar, x) in x_bar.iter_mut().zip(&x) {
            *bar = gradient.wrt(&x.variable().0);
        }
        y.value()
    }
}

/// The crate's number. It has operators with numbers of the crate's own alone: a plain number
/// becomes a constant, which is what its own `add_scalar` and so on do.
#[derive(Clone, Copy, Debug)]
struct Variable(adr);

macro_rules! operators {
    ($($Trait:ident $method:ident $op:tt)*) => { $(
        impl $Trait for Variable {
            type Output = Self;
            #[inline(always)]
            fn $method(self, y: Self) -> Self {
                Variable(self.0 $op y.0)
            }
        }
        impl $Trait<f64> for Variable {
            type Output = Self;
            #[inline(always)]
            fn $method(self, y: f64) -> Self {
                Variable(self.0 $op adr::constant(y))
            }
        }
    )* };
}
operators! { Add add + Sub sub - Mul mul * Div div / }

impl Neg for Variable {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Variable(-self.0)
    }
}

/// The crate's functions are those of the traits that its own trait demands.
macro_rules! functions {
    ($($function:ident)*) => { $(
        #[inline(always)]
        fn $function(self) -> Self {
            #[inline(always)]
            fn of<T: AD>(x: T) -> T {
                x.$function()
            }
            Variable(of(self.0))
        }
    )* };
}

impl Peer for Variable {
    #[inline(always)]
    fn value(&self) -> f64 {
        self.0.value()
    }
    #[inline(always)]
    fn subtract_from(self, x: f64) -> Self {
        Variable(adr::constant(x) - self.0)
    }
    #[inline(always)]
    fn divide(self, x: f64) -> Self {
        Variable(adr::constant(x) / self.0)
    }
    functions! { sqrt exp ln tanh }
}
