//! Single precision. It must not know any primitive but those that every number has.

use super::operators::operators;
use crate::custom::Custom;
use crate::op::{Number, Op, Spare, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use smallvec::SmallVec;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// An `f32` as a number, for code that is generic over [`Number`] and for
/// [`Program::replay`](crate::Program::replay) and [`reverse`](crate::Program::reverse).
///
/// Every primitive is computed in f64 and rounded to f32 once, sums over lists included; constants
/// are rounded too. For the operators and `sqrt` these are the bits of plain `f32`; everything else is
/// as exact as f32 can be, but for a last bit where f64 lies just at the middle of two of them.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::F32;
///
/// fn length<N: Number>(v: &[N]) -> N {
///     (v[0] * v[0] + v[1] * v[1]).sqrt()
/// }
/// let v = [0.1_f32, 0.7];
/// assert_eq!(length(&v.map(F32)).0, (v[0] * v[0] + v[1] * v[1]).sqrt());
/// let slope = length(&[Dual::new(F32(0.6), F32(1.0)), Dual::constant(0.8)]).tangent();
/// assert_relative_eq!(slope.0, 0.6, epsilon = 1e-7);
/// ```
///
/// A variable on a tape always holds an f64: every f32 is one, `f64::from(x)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct F32(pub f32);

impl F32 {
    /// A number in double precision, rounded to the nearest f32.
    #[inline]
    fn rounded(x: f64) -> F32 {
        F32(x as f32)
    }

    #[inline]
    fn wide(self) -> f64 {
        f64::from(self.0)
    }
}

impl From<f32> for F32 {
    #[inline]
    fn from(x: f32) -> F32 {
        F32(x)
    }
}

impl Number for F32 {
    #[inline]
    fn constant(x: f64) -> Self {
        F32::rounded(x)
    }
    #[inline]
    fn abs(self) -> Self {
        F32(self.0.abs())
    }
    #[inline]
    fn sqrt(self) -> Self {
        F32(self.0.sqrt())
    }
    #[inline]
    fn mul_add(self, y: Self, z: Self) -> Self {
        F32::rounded(self.wide().mul_add(y.wide(), z.wide()))
    }
    #[inline]
    fn floor(self) -> Self {
        F32(self.0.floor())
    }
    #[inline]
    fn compare(self, y: Self) -> Self {
        F32::rounded(self.wide().compare(y.wide()))
    }
    #[inline]
    fn select(self, x: Self, y: Self) -> Self {
        F32::rounded(self.wide().select(x.wide(), y.wide()))
    }
    #[inline]
    fn powi(self, n: i32) -> Self {
        F32::rounded(Number::powi(self.wide(), n))
    }
    fn call(op: Op, args: &[Self]) -> Self {
        F32::rounded(op.value(&wide(args)))
    }
    #[inline(always)]
    fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
        F32::rounded(value(&wide(args)))
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8, _: &Place) -> bool {
        comparison.ask(self.wide(), y.wide()) == expected
    }
    #[inline]
    fn is_unreached(self) -> bool {
        self.wide().is_unreached()
    }
    #[inline]
    fn as_seed(self) -> Self {
        if self.0 == 0.0 { F32(UNREACHED as f32) } else { self }
    }
    #[inline]
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        F32((self.0 + 0.0) + bar.0 * partial.0)
    }
    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        F32::rounded(custom.value(&wide(x)))
    }
    fn custom_partials(custom: &Arc<dyn Custom>, x: &[Self], v: Self, partials: &mut [Self]) {
        let mut exact: Spare<f64> = SmallVec::from_elem(0.0, x.len());
        custom.partials(&wide(x), v.wide(), &mut exact);
        partials.iter_mut().zip(exact).for_each(|(to, from)| *to = F32::rounded(from));
    }
}

fn wide(x: &[F32]) -> Spare<f64> {
    x.iter().map(|x| x.wide()).collect()
}

operators! { one [] F32: Add add |x, y| F32(x.0 + y.0) }
operators! { one [] F32: Sub sub |x, y| F32(x.0 - y.0) }
operators! { one [] F32: Mul mul |x, y| F32(x.0 * y.0) }
operators! { one [] F32: Div div |x, y| F32(x.0 / y.0) }
operators! { one [] F32: Rem rem |x, y| F32(x.0 % y.0) }

impl Neg for F32 {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        F32(-self.0)
    }
}

impl Sum for F32 {
    /// Rounded once, as the primitive is.
    fn sum<I: Iterator<Item = F32>>(terms: I) -> F32 {
        F32::rounded(terms.map(F32::wide).reduce(|x, y| x + y).unwrap_or(0.0))
    }
}

impl Product for F32 {
    /// Rounded once, as the primitive is.
    fn product<I: Iterator<Item = F32>>(factors: I) -> F32 {
        F32::rounded(factors.map(F32::wide).reduce(|x, y| x * y).unwrap_or(1.0))
    }
}
