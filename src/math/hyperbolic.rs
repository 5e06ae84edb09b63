//! Inverse hyperbolic functions, by ln_1p so that no digit is lost at either end.
//! It must not know their slopes.

use std::f64::consts::LN_2;

/// Beyond this (2^28) the 1 beside x^2 is below half an ulp.
const LARGE: f64 = 268_435_456.0;

/// The inverse of sinh, within 3 ulp: ln(x + sqrt(x^2 + 1)) (DLMF 4.37.16), odd by construction.
pub(crate) fn asinh(x: f64) -> f64 {
    let size = x.abs();
    let v = if size > LARGE {
        size.ln() + LN_2
    } else {
        (size + size * size / (size.hypot(1.0) + 1.0)).ln_1p()
    };
    v.copysign(x)
}

/// The inverse of cosh, within 3 ulp: ln(x + sqrt(x^2 - 1)) (DLMF 4.37.19); NaN below 1.
pub(crate) fn acosh(x: f64) -> f64 {
    if x > LARGE {
        return x.ln() + LN_2;
    }
    if x < 1.0 {
        return f64::NAN;
    }
    let above = x - 1.0;
    (above + (above * (x + 1.0)).sqrt()).ln_1p()
}

/// The inverse of tanh, within 3 ulp: ln((1 + x) / (1 - x)) / 2 (DLMF 4.37.24);
/// infinite at ±1 and NaN beyond.
pub(crate) fn atanh(x: f64) -> f64 {
    let size = x.abs();
    let v = 0.5 * (2.0 * size / (1.0 - size)).ln_1p();
    v.copysign(x)
}
