//! Operators, sums, comparisons and approximate equality of the ambient variable. It must not know
//! what they do: each asks the core's variable.

use super::active::Active;
use super::recording::Home;
use crate::var::Var;
use approx::{AbsDiffEq, RelativeEq, UlpsEq};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{
    Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Rem, RemAssign, Sub, SubAssign,
};

impl From<f64> for Active {
    fn from(x: f64) -> Active {
        Active::constant(x)
    }
}

impl From<&f64> for Active {
    fn from(x: &f64) -> Active {
        Active::constant(*x)
    }
}

impl From<&Active> for Active {
    fn from(x: &Active) -> Active {
        *x
    }
}

/// An operator on variables and plain numbers, by value and by reference, in every pairing, and its
/// assigning form.
macro_rules! operators {
    ($($Trait:ident $method:ident $Assign:ident $assign:ident)*) => { $(
        impl $Trait for Active {
            type Output = Active;
            #[inline]
            #[track_caller]
            fn $method(self, y: Active) -> Active {
                let home = Home::of(&[self, y]);
                home.take($Trait::$method(home.lend(self), home.lend(y)))
            }
        }
        impl<T> $Assign<T> for Active
        where
            Active: $Trait<T, Output = Active>,
        {
            #[inline]
            #[track_caller]
            fn $assign(&mut self, y: T) {
                *self = $Trait::$method(*self, y);
            }
        }
        operators!(forward $Trait $method: (&Active, Active) (Active, &Active) (&Active, &Active)
            (Active, f64) (Active, &f64) (&Active, f64) (&Active, &f64)
            (f64, Active) (&f64, Active) (f64, &Active) (&f64, &Active));
    )* };
    (forward $Trait:ident $method:ident: $(($X:ty, $Y:ty))*) => { $(
        impl $Trait<$Y> for $X {
            type Output = Active;
            #[inline]
            #[track_caller]
            fn $method(self, y: $Y) -> Active {
                $Trait::$method(Active::from(self), Active::from(y))
            }
        }
    )* };
}
operators! { Add add AddAssign add_assign Sub sub SubAssign sub_assign Mul mul MulAssign mul_assign
Div div DivAssign div_assign Rem rem RemAssign rem_assign }

impl Neg for Active {
    type Output = Active;
    #[inline]
    #[track_caller]
    fn neg(self) -> Active {
        let home = Home::of(&[self]);
        home.take(-home.lend(self))
    }
}

impl Neg for &Active {
    type Output = Active;
    #[track_caller]
    fn neg(self) -> Active {
        -*self
    }
}

/// Sums and products of iterators: one slot for the whole list.
macro_rules! folds {
    ($($Trait:ident $method:ident)*) => { $(
        impl $Trait for Active {
            fn $method<I: Iterator<Item = Active>>(terms: I) -> Active {
                let terms: SmallVec<[Active; 8]> = terms.collect();
                let home = Home::of(&terms);
                home.take(terms.iter().map(|x| home.lend(*x)).$method::<Var<'_>>())
            }
        }
        impl<'a> $Trait<&'a Active> for Active {
            fn $method<I: Iterator<Item = &'a Active>>(terms: I) -> Active {
                terms.copied().$method()
            }
        }
    )* };
}
folds! { Sum sum Product product }

/// Comparisons of values, each remembered with the question that was asked.
macro_rules! comparisons {
    ($(($X:ty, $Y:ty))*) => { $(
        impl PartialEq<$Y> for $X {
            comparisons!(ask $Y: PartialEq eq);
            #[track_caller]
            #[allow(clippy::partialeq_ne_impl)] // so that the guard names the place of the `!=`
            fn ne(&self, y: &$Y) -> bool {
                !self.eq(y)
            }
        }
        impl PartialOrd<$Y> for $X {
            #[track_caller]
            fn partial_cmp(&self, y: &$Y) -> Option<Ordering> {
                let (x, y) = (Active::from(self), Active::from(y));
                let home = Home::of(&[x, y]);
                home.lend(x).partial_cmp(&home.lend(y))
            }
            comparisons!(ask $Y: PartialOrd lt le gt ge);
        }
    )* };
    (ask $Y:ty: $Trait:ident $($method:ident)*) => { $(
        #[track_caller]
        fn $method(&self, y: &$Y) -> bool {
            let (x, y) = (Active::from(self), Active::from(y));
            let home = Home::of(&[x, y]);
            $Trait::$method(&home.lend(x), &home.lend(y))
        }
    )* };
}
comparisons! { (Active, Active) (Active, f64) (f64, Active) }

/// As for `f64`, by comparisons that are remembered.
impl AbsDiffEq for Active {
    type Epsilon = Active;

    fn default_epsilon() -> Active {
        Active::constant(f64::default_epsilon())
    }

    #[track_caller]
    fn abs_diff_eq(&self, other: &Active, epsilon: Active) -> bool {
        (*self - *other).abs() <= epsilon
    }
}

impl RelativeEq for Active {
    fn default_max_relative() -> Active {
        Active::constant(f64::default_max_relative())
    }

    #[track_caller]
    fn relative_eq(&self, other: &Active, epsilon: Active, max_relative: Active) -> bool {
        if *self == *other {
            return true;
        }
        let (x, y) = (self.abs(), other.abs());
        if x == f64::INFINITY || y == f64::INFINITY {
            return false;
        }
        let difference = (*self - *other).abs();
        difference <= epsilon || difference <= x.max(y) * max_relative
    }
}

impl UlpsEq for Active {
    fn default_max_ulps() -> u32 {
        f64::default_max_ulps()
    }

    /// Bits are not a smooth function of anything, so where these decide both numbers are cast.
    #[track_caller]
    fn ulps_eq(&self, other: &Active, epsilon: Active, max_ulps: u32) -> bool {
        if self.abs_diff_eq(other, epsilon) {
            return true;
        }
        let (x, y) = (self.cast("ulps_eq", false), other.cast("ulps_eq", false));
        x.ulps_eq(&y, 0.0, max_ulps)
    }
}
