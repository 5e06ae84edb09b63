//! The error function, the bell curve and the normal distribution, exact far in the tails.
//! It must not know which of them is the slope of which.

use super::exact::Twofold;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

/// 1 / sqrt(2 pi).
const FRAC_1_SQRT_2_PI: f64 = 0.398_942_280_401_432_7;

/// What 1 / sqrt 2 is more than the f64 nearest to it.
const FRAC_1_SQRT_2_REST: f64 = -4.833_646_656_726_457e-17;

/// The error function, within 1 ulp (fdlibm's, as in libm).
pub(crate) fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// 1 - erf(x), within 2 ulp, in the tail too (fdlibm's, as in libm).
pub(crate) fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// e^(-x^2), within 2 ulp: what is rounded off the square is a factor of its own.
pub(crate) fn gauss(x: f64) -> f64 {
    if x.abs() > 28.0 {
        return 0.0;
    }
    let square = Twofold::product(x, x);
    let v = (-square.high).exp();
    v.mul_add(-square.low, v)
}

/// The normal density e^(-x^2 / 2) / sqrt(2 pi), within 3 ulp.
pub(crate) fn norm_pdf(x: f64) -> f64 {
    if x.abs() > 40.0 {
        return 0.0;
    }
    let square = Twofold::product(x, x);
    let v = (-square.high / 2.0).exp() * FRAC_1_SQRT_2_PI;
    v.mul_add(-square.low / 2.0, v)
}

/// The normal distribution function erfc(-x / sqrt 2) / 2 (Abramowitz-Stegun 26.2.29), within
/// 4 ulp.
///
/// In the lower tail an ulp of t = -x / sqrt 2 is 2 t^2 ulps of the answer, so the step from the
/// rounded t to the true one is taken along the slope of erfc.
pub(crate) fn norm_cdf(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0);
    let t = Twofold::product(-x, FRAC_1_SQRT_2);
    let step = (-x).mul_add(FRAC_1_SQRT_2_REST, t.low);
    let v = 0.5 * erfc(t.high);
    (-0.5 * FRAC_2_SQRT_PI * step).mul_add(gauss(t.high), v)
}
