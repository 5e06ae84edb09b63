//! A number that counts the primitive operations that are applied to it.
//! It must not know what they are for.

use std::cell::Cell;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use wengert::{Number, Op};

/// A value; every operation on one is counted on its thread.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Count(f64);

thread_local! {
    static OPS: Cell<usize> = const { Cell::new(0) };
}

impl Count {
    /// Operations that are made meanwhile.
    pub fn during<T>(work: impl FnOnce() -> T) -> usize {
        let before = OPS.get();
        work();
        OPS.get() - before
    }

    fn counted(ops: usize, value: f64) -> Count {
        OPS.set(OPS.get() + ops);
        Count(value)
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident $op:tt)*) => { $(
        impl $Trait for Count {
            type Output = Count;
            fn $method(self, y: Count) -> Count {
                Count::counted(1, self.0 $op y.0)
            }
        }
        impl $Trait<f64> for Count {
            type Output = Count;
            fn $method(self, y: f64) -> Count {
                Count::counted(1, self.0 $op y)
            }
        }
    )* };
}
operators! { Add add + Sub sub - Mul mul * Div div / Rem rem % }

impl Neg for Count {
    type Output = Count;
    fn neg(self) -> Count {
        Count::counted(1, -self.0)
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Count>>(terms: I) -> Count {
        terms.reduce(|sum, term| sum + term).unwrap_or(Count(0.0))
    }
}

impl Product for Count {
    fn product<I: Iterator<Item = Count>>(factors: I) -> Count {
        factors.reduce(|product, factor| product * factor).unwrap_or(Count(1.0))
    }
}

impl Number for Count {
    fn constant(x: f64) -> Count {
        Count(x)
    }
    fn abs(self) -> Count {
        Count::counted(1, self.0.abs())
    }
    fn sqrt(self) -> Count {
        Count::counted(1, self.0.sqrt())
    }
    fn mul_add(self, y: Count, z: Count) -> Count {
        Count::counted(1, self.0.mul_add(y.0, z.0))
    }
    fn floor(self) -> Count {
        Count::counted(1, self.0.floor())
    }
    fn compare(self, y: Count) -> Count {
        Count::counted(1, self.0.compare(y.0))
    }
    fn select(self, x: Count, y: Count) -> Count {
        Count::counted(1, self.0.select(x.0, y.0))
    }

    /// A list of `n` terms is `n - 1` sums, and a product more for each pair of a dot product.
    fn call(op: Op, args: &[Count]) -> Count {
        let values: Vec<f64> = args.iter().map(|x| x.0).collect();
        let ops = if op.arity().is_some() { 1 } else { args.len() - 1 };
        Count::counted(ops, op.value(&values))
    }
}
