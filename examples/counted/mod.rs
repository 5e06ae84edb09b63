//! A number that counts what is done with it. It must not know what is computed.

use std::cell::Cell;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use wengert::{Number, Op};

thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });

/// A plain number; each operation on it adds one to the count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted(pub(crate) f64);

/// How many operations something takes, and its result.
pub(crate) fn count<T>(work: impl FnOnce() -> T) -> (usize, T) {
    COUNT.set(0);
    let result = work();
    (COUNT.get(), result)
}

impl Counted {
    fn apply(op: Op, args: &[Counted]) -> Counted {
        // A fold over a list of n is n - 1 operations.
        COUNT.set(COUNT.get() + op.arity().map_or(args.len() - 1, |_| 1));
        Counted(op.value(&args.iter().map(|x| x.0).collect::<Vec<f64>>()))
    }
}

impl Number for Counted {
    fn constant(x: f64) -> Counted {
        Counted(x)
    }
    fn call(op: Op, args: &[Counted]) -> Counted {
        Counted::apply(op, args)
    }
    fn abs(self) -> Counted {
        Counted::apply(Op::Abs, &[self])
    }
    fn sqrt(self) -> Counted {
        Counted::apply(Op::Sqrt, &[self])
    }
    fn mul_add(self, y: Counted, z: Counted) -> Counted {
        Counted::apply(Op::MulAdd, &[self, y, z])
    }
    fn floor(self) -> Counted {
        Counted::apply(Op::Floor, &[self])
    }
    fn compare(self, y: Counted) -> Counted {
        Counted::apply(Op::Compare, &[self, y])
    }
    fn select(self, x: Counted, y: Counted) -> Counted {
        Counted::apply(Op::Select, &[self, x, y])
    }
    /// What the sweep down adds at each edge: one product and one sum.
    fn accumulate(self, bar: Counted, partial: Counted) -> Counted {
        self + bar * partial
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident $free:pat)+) => { $(
        impl $Trait for Counted {
            type Output = Counted;
            fn $method(self, y: Counted) -> Counted {
                Counted::apply(Op::$Trait, &[self, y])
            }
        }
        impl $Trait<f64> for Counted {
            type Output = Counted;
            fn $method(self, y: f64) -> Counted {
                match y {
                    $free => self,
                    y => Counted::apply(Op::$Trait, &[self, Counted(y)]),
                }
            }
        }
    )+ };
}
// Adding the constant 0 is free: the sweep does so to mark what it reached.
operators! { Add add 0.0 Sub sub 0.0 Mul mul 1.0 Div div 1.0 Rem rem f64::INFINITY }

impl Neg for Counted {
    type Output = Counted;
    fn neg(self) -> Counted {
        Counted::apply(Op::Neg, &[self])
    }
}
impl Sum for Counted {
    fn sum<I: Iterator<Item = Counted>>(terms: I) -> Counted {
        Counted::apply(Op::Sum, &terms.collect::<Vec<_>>())
    }
}
impl Product for Counted {
    fn product<I: Iterator<Item = Counted>>(factors: I) -> Counted {
        Counted::apply(Op::Product, &factors.collect::<Vec<_>>())
    }
}
