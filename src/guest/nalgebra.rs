//! `nalgebra` with elements that are differentiated: the ambient variable is a real field. It must
//! not know matrices, nor any rule of its own.

use super::active::Active;
use crate::op::Number;
use nalgebra::{ComplexField, Field, RealField};
use num_traits::{FloatConst, Signed, Zero};
use simba::scalar::SubsetOf;
use simba::simd::PrimitiveSimdValue;

#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl PrimitiveSimdValue for Active {}

#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl Field for Active {}

#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl SubsetOf<Active> for Active {
    #[inline]
    fn to_superset(&self) -> Active {
        *self
    }
    #[inline]
    fn from_superset_unchecked(x: &Active) -> Active {
        *x
    }
    #[inline]
    fn is_in_subset(_: &Active) -> bool {
        true
    }
}

/// Plain numbers as constants. The way back is a cast, guarded and listed.
macro_rules! plain {
    ($($Plain:ty)+) => { $(
        #[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
        impl SubsetOf<Active> for $Plain {
            #[inline]
            fn to_superset(&self) -> Active {
                Active::constant((*self).into())
            }
            #[track_caller]
            fn from_superset_unchecked(x: &Active) -> $Plain {
                x.cast("to_subset", false) as $Plain
            }
            #[inline]
            fn is_in_subset(_: &Active) -> bool {
                true
            }
        }
    )+ };
}
plain! { f32 f64 }

macro_rules! functions {
    ($($name:ident)+) => { functions! { $($name())+ } };
    ($($name:ident($($y:ident)*))+) => { $(
        #[inline]
        fn $name(self $(, $y: Active)*) -> Active {
            Number::$name(self $(, $y)*)
        }
    )+ };
}

macro_rules! itself {
    ($($name:ident)+) => { $(
        #[inline]
        fn $name(self) -> Active {
            self
        }
    )+ };
}

/// Matrices of ambient variables, with the decompositions that `nalgebra` has for `f64`. The
/// branches that those take, as a pivot that is chosen, are guarded.
///
/// ```
/// use nalgebra::Matrix2;
/// use wengert::guest::{Active, value_and_gradient_active};
///
/// let log_det = |x: &[Active]| Matrix2::from_row_slice(x).lu().determinant().ln();
/// let (_, gradient) = value_and_gradient_active(log_det, &[2.0, 0.0, 1.0, 4.0]);
/// assert_eq!(gradient, [0.5, -0.125, 0.0, 0.25]); // the inverse, transposed
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl ComplexField for Active {
    type RealField = Active;

    itself! { real conjugate }
    shared_functions!(functions);
    functions! { abs() sinc() hypot(y) log(base) mul_add(y z) }

    fn from_real(x: Active) -> Active {
        x
    }
    fn imaginary(self) -> Active {
        Active::zero()
    }
    fn modulus(self) -> Active {
        Number::abs(self)
    }
    fn modulus_squared(self) -> Active {
        self * self
    }
    fn norm1(self) -> Active {
        Number::abs(self)
    }
    fn scale(self, factor: Active) -> Active {
        self * factor
    }
    fn unscale(self, factor: Active) -> Active {
        self / factor
    }
    #[track_caller]
    fn argument(self) -> Active {
        if self >= 0.0 { Active::zero() } else { Active::PI() }
    }
    #[track_caller]
    fn to_exp(self) -> (Active, Active) {
        if self >= 0.0 { (self, c(1.0)) } else { (-self, c(-1.0)) }
    }
    fn signum(self) -> Active {
        Number::signum(self)
    }
    fn sin_cos(self) -> (Active, Active) {
        Active::sin_cos(self)
    }
    fn powi(self, n: i32) -> Active {
        Number::powi(self, n)
    }
    fn powf(self, y: Active) -> Active {
        Number::pow(self, y)
    }
    fn powc(self, y: Active) -> Active {
        Number::pow(self, y)
    }
    #[track_caller]
    fn is_finite(&self) -> bool {
        num_traits::Float::is_finite(*self)
    }
    #[track_caller]
    fn try_sqrt(self) -> Option<Active> {
        (self >= 0.0).then(|| Number::sqrt(self))
    }
}

fn c(x: f64) -> Active {
    Active::constant(x)
}

macro_rules! constants {
    ($($name:ident $CONSTANT:ident)+) => { $(
        #[inline]
        fn $name() -> Active {
            Active::$CONSTANT()
        }
    )+ };
}

#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl RealField for Active {
    functions! { max(y) min(y) atan2(x) copysign(sign) clamp(lo hi) }
    constants! { pi PI two_pi TAU frac_pi_2 FRAC_PI_2 frac_pi_3 FRAC_PI_3 frac_pi_4 FRAC_PI_4
    frac_pi_6 FRAC_PI_6 frac_pi_8 FRAC_PI_8 frac_1_pi FRAC_1_PI frac_2_pi FRAC_2_PI
    frac_2_sqrt_pi FRAC_2_SQRT_PI e E log2_e LOG2_E log10_e LOG10_E ln_2 LN_2 ln_10 LN_10 }

    #[track_caller]
    fn is_sign_positive(&self) -> bool {
        self.is_positive()
    }
    #[track_caller]
    fn is_sign_negative(&self) -> bool {
        self.is_negative()
    }
    fn min_value() -> Option<Active> {
        Some(c(f64::MIN))
    }
    fn max_value() -> Option<Active> {
        Some(c(f64::MAX))
    }
}
