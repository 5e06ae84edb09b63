//! The operators of variables, spelled out for every pairing. It must not know how a slot is stored.

use super::Var;
use crate::op::Op;
use crate::tape::guard::Comparison;
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

impl From<f64> for Var<'_> {
    fn from(x: f64) -> Self {
        Var::constant(x)
    }
}

/// An operator on variables and plain numbers, by value and by reference, in every pairing.
macro_rules! operators {
    ($($Trait:ident $method:ident $op:tt)*) => { $(
        impl<'t> $Trait for Var<'t> {
            type Output = Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn $method(self, y: Var<'t>) -> Var<'t> {
                Var::record(Op::$Trait, self, y, self.value $op y.value)
            }
        }
        operators!(forward $Trait $method: (&Var<'t>, Var<'t>) (Var<'t>, &Var<'t>) (&Var<'t>, &Var<'t>)
            (Var<'t>, f64) (Var<'t>, &f64) (&Var<'t>, f64) (&Var<'t>, &f64)
            (f64, Var<'t>) (&f64, Var<'t>) (f64, &Var<'t>) (&f64, &Var<'t>));
    )* };
    (forward $Trait:ident $method:ident: $(($X:ty, $Y:ty))*) => { $(
        impl<'t> $Trait<$Y> for $X {
            type Output = Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn $method(self, y: $Y) -> Var<'t> {
                $Trait::$method(Var::from(self), Var::from(y))
            }
        }
    )* };
}
operators! { Add add + Sub sub - Mul mul * Div div / Rem rem % }

impl<'t> From<&Var<'t>> for Var<'t> {
    fn from(x: &Var<'t>) -> Var<'t> {
        *x
    }
}

impl From<&f64> for Var<'_> {
    fn from(x: &f64) -> Self {
        Var::constant(*x)
    }
}

impl<'t> Neg for Var<'t> {
    type Output = Var<'t>;
    #[inline]
    fn neg(self) -> Var<'t> {
        Var::record(Op::Neg, self, self, -self.value)
    }
}

impl<'t> Neg for &Var<'t> {
    type Output = Var<'t>;
    fn neg(self) -> Var<'t> {
        -*self
    }
}

/// Sums and products of iterators: one slot for the whole list. A sum of nothing is the constant 0.
macro_rules! folds {
    ($($Trait:ident $method:ident $unit:literal $op:tt)*) => { $(
        impl<'t> $Trait for Var<'t> {
            fn $method<I: Iterator<Item = Var<'t>>>(terms: I) -> Var<'t> {
                Var::fold(Op::$Trait, $unit, |x, y| x $op y, terms)
            }
        }
        impl<'a, 't: 'a> $Trait<&'a Var<'t>> for Var<'t> {
            fn $method<I: Iterator<Item = &'a Var<'t>>>(terms: I) -> Var<'t> {
                terms.copied().$method()
            }
        }
    )* };
}
folds! { Sum sum 0.0 + Product product 1.0 * }

/// Comparisons of values, each remembered with the question that was asked.
macro_rules! comparisons {
    ($(($X:ty, $Y:ty))*) => { $(
        impl<'t> PartialEq<$Y> for $X {
            #[track_caller]
            fn eq(&self, y: &$Y) -> bool {
                Var::from(self).guard(Comparison::Equal, Var::from(y)) != 0
            }
        }
        impl<'t> PartialOrd<$Y> for $X {
            #[track_caller]
            fn partial_cmp(&self, y: &$Y) -> Option<Ordering> {
                let order = Var::from(self).guard(Comparison::Order, Var::from(y));
                (order != 2).then(|| order.cmp(&0))
            }
            comparisons!(ask $Y: lt Less le LessOrEqual gt Greater ge GreaterOrEqual);
        }
    )* };
    (ask $Y:ty: $($method:ident $Comparison:ident)*) => { $(
        #[track_caller]
        fn $method(&self, y: &$Y) -> bool {
            Var::from(self).guard(Comparison::$Comparison, Var::from(y)) != 0
        }
    )* };
}
comparisons! { (Var<'t>, Var<'t>) (Var<'t>, f64) (f64, Var<'t>) }
