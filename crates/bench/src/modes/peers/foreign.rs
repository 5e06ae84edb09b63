//! One number that lets every peer run the workloads: a variable of the peer, or a constant.
//! It must not know any peer, nor do anything that a user of the peer would not write.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use wengert::{Number, Op};

/// A variable of a peer: its operators with variables and with plain numbers on the right, and
/// what else the workloads need. All of it is small and inlined, so that nothing stands between
/// the workload and the peer.
pub trait Peer:
    Copy
    + Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
{
    /// Its value.
    fn value(&self) -> f64;
    /// `x - self`.
    fn subtract_from(self, x: f64) -> Self;
    /// `x / self`.
    fn divide(self, x: f64) -> Self;
    /// `1 / self`.
    fn recip(self) -> Self {
        self.divide(1.0)
    }
    /// The square root.
    fn sqrt(self) -> Self;
    /// The exponential.
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The hyperbolic tangent, unless the peer is listed as lacking it.
    fn tanh(self) -> Self {
        lacking("tanh")
    }
    /// The complementary error function, unless the peer is listed as lacking it.
    fn erfc(self) -> Self {
        lacking("erfc")
    }
}

/// What a peer computes with.
#[derive(Clone, Copy, Debug)]
pub enum Foreign<T> {
    /// No derivative flows to it.
    Constant(f64),
    /// One of the peer's own.
    Variable(T),
}

use Foreign::{Constant, Variable};

impl<T: Peer> Foreign<T> {
    #[inline(always)]
    fn value(self) -> f64 {
        match self {
            Constant(x) => x,
            Variable(x) => x.value(),
        }
    }

    /// The peer's own variable: an output that depends on the inputs is one.
    #[inline(always)]
    pub fn variable(self) -> T {
        match self {
            Constant(x) => panic!("the output is the constant {x}: it depends on no input"),
            Variable(x) => x,
        }
    }

    #[inline(always)]
    fn map(self, constant: impl Fn(f64) -> f64, variable: impl Fn(T) -> T) -> Self {
        match self {
            Constant(x) => Constant(constant(x)),
            Variable(x) => Variable(variable(x)),
        }
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident $op:tt |$x:ident, $y:ident| $constant_first:expr;)*) => { $(
        impl<T: Peer> $Trait for Foreign<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                match (self, other) {
                    (Variable(x), Variable(y)) => Variable(x $op y),
                    (Variable(x), Constant(y)) => Variable(x $op y),
                    (Constant($x), Variable($y)) => Variable($constant_first),
                    (Constant(x), Constant(y)) => Constant(x $op y),
                }
            }
        }
        impl<T: Peer> $Trait<f64> for Foreign<T> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, y: f64) -> Self {
                self.map(|x| x $op y, |x| x $op y)
            }
        }
    )* };
}
operators! {
    Add add + |x, y| y + x;
    Sub sub - |x, y| y.subtract_from(x);
    Mul mul * |x, y| y * x;
    Div div / |x, y| y.divide(x);
}

impl<T: Peer> Neg for Foreign<T> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|x| -x, |x| -x)
    }
}

impl<T: Peer> Rem for Foreign<T> {
    type Output = Self;
    fn rem(self, _: Self) -> Self {
        lacking("rem")
    }
}

impl<T: Peer> Sum for Foreign<T> {
    #[inline(always)]
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.reduce(|sum, term| sum + term).unwrap_or(Constant(0.0))
    }
}

impl<T: Peer> Product for Foreign<T> {
    #[inline(always)]
    fn product<I: Iterator<Item = Self>>(factors: I) -> Self {
        factors.reduce(|product, factor| product * factor).unwrap_or(Constant(1.0))
    }
}

impl<T: Peer> PartialEq for Foreign<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value() == other.value()
    }
}

impl<T: Peer> PartialOrd for Foreign<T> {
    #[inline(always)]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value().partial_cmp(&other.value())
    }
}

impl<T: Peer> Number for Foreign<T> {
    #[inline(always)]
    fn constant(x: f64) -> Self {
        Constant(x)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(f64::sqrt, T::sqrt)
    }
    #[inline(always)]
    fn square(self) -> Self {
        self * self
    }
    #[inline(always)]
    fn exp(self) -> Self {
        self.map(f64::exp, T::exp)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        self.map(f64::ln, T::ln)
    }
    #[inline(always)]
    fn tanh(self) -> Self {
        self.map(f64::tanh, T::tanh)
    }
    #[inline(always)]
    fn erfc(self) -> Self {
        self.map(libm::erfc, T::erfc)
    }
    /// No peer has one: what its user would write.
    #[inline(always)]
    fn sigmoid(self) -> Self {
        self.map(|x| 1.0 / (1.0 + (-x).exp()), |x| ((-x).exp() + 1.0).recip())
    }

    fn abs(self) -> Self {
        lacking("abs")
    }
    fn floor(self) -> Self {
        lacking("floor")
    }
    fn mul_add(self, _: Self, _: Self) -> Self {
        lacking("mul_add")
    }
    fn compare(self, _: Self) -> Self {
        lacking("compare")
    }
    fn select(self, _: Self, _: Self) -> Self {
        lacking("select")
    }
    fn call(op: Op, _: &[Self]) -> Self {
        lacking(op.name())
    }
}

/// Refuses a function that a workload uses and does not ask for in `Workload::needs`, or one that
/// no workload has used so far.
#[cold]
fn lacking(function: &str) -> ! {
    panic!(
        "peers are not asked for `{function}`: give it to the trait `Peer`, or name it in \
         `Workload::needs` and in `LACKS` of the peers that have none"
    )
}
