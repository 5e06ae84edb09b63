//! `echidna`, twice: its reverse mode with one tape a thread, and its bytecode, recorded once.
//! It must not know more of the crate than its users do.

use super::foreign::{Foreign, Peer};
use crate::modes::Mode;
use crate::workloads::Workload;
use ::echidna::{BReverse, BytecodeTape, Reverse, Scalar};
use num_traits::Float;

pub const NAME: &str = "echidna";
pub const BYTECODE: &str = "echidna-bytecode";
pub const LACKS: &[&str] = &["dot", "erfc"];

/// The crate's `grad`: it records on a tape that it keeps for the thread, and allocates adjoints
/// and the answer.
pub struct Echidna<W> {
    workload: W,
}

impl<W: Workload + Clone> Echidna<W> {
    pub fn new(workload: &W) -> Self {
        Echidna { workload: workload.clone() }
    }
}

impl<W: Workload> Mode for Echidna<W> {
    fn name(&self) -> &'static str {
        NAME
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let mut value = f64::NAN;
        let gradient = ::echidna::grad(
            |x: &[Reverse<f64>]| {
                let y = self.workload.primal(&variables(x)).variable();
                value = Scalar::value(&y);
                y
            },
            x,
        );
        x_bar.copy_from_slice(&gradient);
        value
    }
}

/// The crate's bytecode: recorded and optimised once, at the first point, and then replayed and
/// reversed in buffers that are kept.
pub struct Bytecode<W> {
    workload: W,
    tape: Option<BytecodeTape<f64>>,
    adjoints: Vec<f64>,
}

impl<W: Workload + Clone> Bytecode<W> {
    pub fn new(workload: &W) -> Self {
        Bytecode { workload: workload.clone(), tape: None, adjoints: Vec::new() }
    }
}

impl<W: Workload> Mode for Bytecode<W> {
    fn name(&self) -> &'static str {
        BYTECODE
    }

    #[inline]
    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let tape = self.tape.get_or_insert_with(|| {
            let f = |x: &[BReverse<f64>]| self.workload.primal(&variables(x)).variable();
            let (mut tape, _) = ::echidna::record(f, x);
            tape.optimize();
            tape
        });
        x_bar.copy_from_slice(&tape.gradient_with_buf(x, &mut self.adjoints));
        tape.output_value()
    }
}

fn variables<T: Copy>(x: &[T]) -> Vec<Foreign<T>> {
    x.iter().map(|x| Foreign::Variable(*x)).collect()
}

macro_rules! peers {
    ($($Variable:ty)*) => { $(
        impl Peer for $Variable {
            #[inline(always)]
            fn value(&self) -> f64 {
                Scalar::value(self)
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
                Float::recip(self)
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Float::sqrt(self)
            }
            #[inline(always)]
            fn exp(self) -> Self {
                Float::exp(self)
            }
            #[inline(always)]
            fn ln(self) -> Self {
                Float::ln(self)
            }
            #[inline(always)]
            fn tanh(self) -> Self {
                Float::tanh(self)
            }
        }
    )* };
}
peers! { Reverse<f64> BReverse<f64> }
