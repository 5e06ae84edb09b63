//! `num-traits` on the numbers: identities and constants on all, order and `Float` on those that can
//! branch. It must not know any rule, and must let no derivative be lost in silence.
//!
//! `Float` wants casts to plain numbers. On [`Active`] they are possible, guarded and listed; a
//! [`Var`] or [`Dual`] refuses: its `to_f64` and the rest are `None`, unless it is a constant.
//! Where std and `docs/conventions.md` differ, in `max` and `min` of a NaN, the convention holds.

use super::active::Active;
use crate::number::{Dual, Lanes};
use crate::op::{Number, Real};
use crate::var::Var;
use num_traits::{
    Bounded, Float, FloatConst, FromPrimitive, Inv, MulAdd, MulAddAssign, Num, NumCast, One, Pow,
    Signed, ToPrimitive, Zero,
};
use std::num::FpCategory;

/// A constant.
#[inline]
fn c<N: Number>(x: f64) -> N {
    N::constant(x)
}

macro_rules! constants {
    ($($name:ident)+) => { $(
        fn $name() -> Self {
            c(<f64 as FloatConst>::$name())
        }
    )+ };
}

macro_rules! from_integers {
    ($($method:ident $Integer:ty)+) => { $(
        fn $method(n: $Integer) -> Option<Self> {
            Some(c(n as f64))
        }
    )+ };
}

macro_rules! powers {
    (one [$($generics:tt)*] $Self:ty, $Exponent:ty, $power:ident) => {
        impl<$($generics)*> Pow<$Exponent> for $Self {
            type Output = Self;
            #[inline]
            fn pow(self, n: $Exponent) -> Self {
                Number::$power(self, n.into())
            }
        }
    };
    ($generics:tt $Self:ty: $($power:ident $Exponent:ty),+) => {
        $(powers!(one $generics $Self, $Exponent, $power);)+
    };
}

/// What every number can do.
macro_rules! number {
    ([$($generics:tt)*] $Self:ty) => {
        impl<$($generics)*> Zero for $Self {
            #[inline]
            fn zero() -> Self {
                c(0.0)
            }
            #[track_caller]
            fn is_zero(&self) -> bool {
                *self == Self::zero()
            }
        }

        impl<$($generics)*> One for $Self {
            #[inline]
            fn one() -> Self {
                c(1.0)
            }
            #[track_caller]
            fn is_one(&self) -> bool {
                *self == Self::one()
            }
        }

        impl<$($generics)*> Num for $Self {
            type FromStrRadixErr = <f64 as Num>::FromStrRadixErr;

            fn from_str_radix(text: &str, radix: u32) -> Result<Self, Self::FromStrRadixErr> {
                <f64 as Num>::from_str_radix(text, radix).map(c)
            }
        }

        impl<$($generics)*> Bounded for $Self {
            fn min_value() -> Self {
                c(f64::MIN)
            }
            fn max_value() -> Self {
                c(f64::MAX)
            }
        }

        impl<$($generics)*> FloatConst for $Self {
            constants! { E FRAC_1_PI FRAC_1_SQRT_2 FRAC_2_PI FRAC_2_SQRT_PI FRAC_PI_2 FRAC_PI_3
                FRAC_PI_4 FRAC_PI_6 FRAC_PI_8 LN_10 LN_2 LOG10_E LOG2_E PI SQRT_2 TAU LOG10_2 LOG2_10 }
        }

        impl<$($generics)*> FromPrimitive for $Self {
            from_integers! { from_i64 i64 from_u64 u64 from_i128 i128 from_u128 u128 }

            fn from_f64(x: f64) -> Option<Self> {
                Some(c(x))
            }
        }

        impl<$($generics)*> MulAdd for $Self {
            type Output = Self;
            #[inline]
            fn mul_add(self, y: Self, z: Self) -> Self {
                Number::mul_add(self, y, z)
            }
        }

        impl<$($generics)*> MulAddAssign for $Self {
            #[inline]
            fn mul_add_assign(&mut self, y: Self, z: Self) {
                *self = Number::mul_add(*self, y, z);
            }
        }

        impl<$($generics)*> Inv for $Self {
            type Output = Self;
            #[inline]
            fn inv(self) -> Self {
                Number::recip(self)
            }
        }

        impl<$($generics)*> Pow<Self> for $Self {
            type Output = Self;
            #[inline]
            fn pow(self, y: Self) -> Self {
                Number::pow(self, y)
            }
        }
        powers! { [$($generics)*] $Self: powi i8, powi u8, powi i16, powi u16, powi i32, powf f32,
            powf f64 }
    };
}

macro_rules! functions {
    ($($name:ident)+) => { functions! { $($name())+ } };
    ($($name:ident($($y:ident)*))+) => { $(
        #[inline]
        fn $name(self $(, $y: Self)*) -> Self {
            Number::$name(self $(, $y)*)
        }
    )+ };
}

macro_rules! limits {
    ($($name:ident $value:expr;)+) => { $(
        #[inline]
        fn $name() -> Self {
            c($value)
        }
    )+ };
}

/// What the numbers that can branch can do, questions included: each is asked by comparisons, which
/// are remembered.
macro_rules! real {
    ([$($generics:tt)*] $Self:ty) => {
        impl<$($generics)*> Signed for $Self {
            fn abs(&self) -> Self {
                Number::abs(*self)
            }
            fn abs_sub(&self, y: &Self) -> Self {
                Float::abs_sub(*self, *y)
            }
            fn signum(&self) -> Self {
                Number::signum(*self)
            }
            #[track_caller]
            fn is_positive(&self) -> bool {
                self.is_sign_positive()
            }
            #[track_caller]
            fn is_negative(&self) -> bool {
                self.is_sign_negative()
            }
        }

        impl<$($generics)*> NumCast for $Self {
            #[track_caller]
            fn from<T: ToPrimitive>(x: T) -> Option<Self> {
                x.to_f64().map(c)
            }
        }

        impl<$($generics)*> Float for $Self {
            limits! {
                nan f64::NAN;
                infinity f64::INFINITY;
                neg_infinity f64::NEG_INFINITY;
                neg_zero -0.0;
                min_value f64::MIN;
                min_positive_value f64::MIN_POSITIVE;
                max_value f64::MAX;
                epsilon f64::EPSILON;
            }
            shared_functions!(functions);
            functions! { abs() signum() max(y) min(y) hypot(y) atan2(x) log(base) copysign(sign)
                clamp(lo hi) mul_add(y z) }

            fn powi(self, n: i32) -> Self {
                Number::powi(self, n)
            }
            fn powf(self, y: Self) -> Self {
                Number::pow(self, y)
            }
            fn sin_cos(self) -> (Self, Self) {
                (Number::sin(self), Number::cos(self))
            }
            fn to_degrees(self) -> Self {
                self * (180.0 / std::f64::consts::PI)
            }
            fn to_radians(self) -> Self {
                self * (std::f64::consts::PI / 180.0)
            }
            fn abs_sub(self, y: Self) -> Self {
                Number::compare(self, y).select(self - y, c(0.0))
            }
            #[track_caller]
            #[allow(clippy::eq_op)]
            fn is_nan(self) -> bool {
                !self.eq(&self)
            }
            #[track_caller]
            fn is_infinite(self) -> bool {
                Number::abs(self) == c::<Self>(f64::INFINITY)
            }
            #[track_caller]
            fn is_finite(self) -> bool {
                Number::abs(self) < c::<Self>(f64::INFINITY)
            }
            #[track_caller]
            fn is_normal(self) -> bool {
                self.is_finite() && Number::abs(self) >= c::<Self>(f64::MIN_POSITIVE)
            }
            #[track_caller]
            fn is_subnormal(self) -> bool {
                Number::abs(self) < c::<Self>(f64::MIN_POSITIVE) && self != c::<Self>(0.0)
            }
            #[track_caller]
            fn is_sign_positive(self) -> bool {
                Number::copysign(c::<Self>(1.0), self) > c::<Self>(0.0)
            }
            #[track_caller]
            fn is_sign_negative(self) -> bool {
                Number::copysign(c::<Self>(1.0), self) < c::<Self>(0.0)
            }
            #[track_caller]
            fn classify(self) -> FpCategory {
                match () {
                    _ if self.is_nan() => FpCategory::Nan,
                    _ if self.is_infinite() => FpCategory::Infinite,
                    _ if self.is_normal() => FpCategory::Normal,
                    _ if self == c::<Self>(0.0) => FpCategory::Zero,
                    _ => FpCategory::Subnormal,
                }
            }
            /// # Panics
            /// If it is a variable that refuses to be cast.
            #[track_caller]
            fn integer_decode(self) -> (u64, i16, i8) {
                let value = self.to_f64();
                Float::integer_decode(value.unwrap_or_else(|| refuse::<Self>("integer_decode")))
            }
        }
    };
}

#[cold]
#[track_caller]
fn refuse<N>(method: &str) -> ! {
    panic!(
        "`{method}` would make a plain number of a {} and lose its derivative; `.value()` is the \
         way out",
        std::any::type_name::<N>(),
    )
}

number! { ['t] Var<'t> }
number! { [N: Number + PartialEq] Dual<N> }
number! { [const K: usize] Lanes<K> }
number! { [] Active }
real! { ['t] Var<'t> }
real! { [N: Real + ToPrimitive] Dual<N> }
real! { [] Active }

/// Casts to all primitive types, of the plain number that `$plain` finds in the variable, if any.
macro_rules! casts {
    ([$($generics:tt)*] $Self:ty: |$x:ident, $method:ident, $whole:ident| $plain:expr) => {
        impl<$($generics)*> ToPrimitive for $Self {
            casts! { one $x $method $whole $plain;
                true: to_isize isize to_i8 i8 to_i16 i16 to_i32 i32 to_i64 i64 to_i128 i128
                    to_usize usize to_u8 u8 to_u16 u16 to_u32 u32 to_u64 u64 to_u128 u128 }
            casts! { one $x $method $whole $plain; false: to_f32 f32 to_f64 f64 }
        }
    };
    (one $x:ident $m:ident $whole:ident $plain:expr; $w:literal: $($method:ident $Primitive:ty)+) => { $(
        #[track_caller]
        fn $method(&self) -> Option<$Primitive> {
            let ($x, $m, $whole) = (*self, stringify!($method), $w);
            $plain.and_then(|plain| plain.$method())
        }
    )+ };
}
casts! { ['t] Var<'t>: |x, _method, _whole| x.tape().is_none().then_some(x.value()) }
casts! { [N: Number + ToPrimitive] Dual<N>: |x, _method, _whole| x.constant_value() }
casts! { [] Active: |x, method, whole| Some(x.cast(method, whole)) }
