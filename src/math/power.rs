//! Powers, their slope, cube roots and logarithms to any base.
//! It must not know how the table writes the slopes of these.

use super::exact::Twofold;

/// x to the whole power n, within 1 ulp: unlike that of repeated multiplication its error does not
/// grow with n. By IEEE 754 the zeroth power of anything is 1, of NaN too.
pub(crate) fn powi(x: f64, n: f64) -> f64 {
    x.powf(n)
}

/// The slope of x^y in x: y x^(y-1), within 4 ulp.
///
/// Where y - 1 is rounded to d, with the remainder r, x^(y-1) is x^d (1 + r ln x).
/// It is 0 for y = 0, whatever x; NaN for a negative x unless y is whole (infinities count as
/// even).
pub(crate) fn pow_slope(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() || (x < 0.0 && y.is_finite() && y.fract() != 0.0) {
        return f64::NAN;
    }
    let even = y % 2.0 == 0.0 || y.is_infinite();
    let sign = if x.is_sign_negative() && even { -1.0 } else { 1.0 };
    sign * slope_of_size(x.abs(), y)
}

/// The same for x >= 0, where neither argument is NaN.
fn slope_of_size(x: f64, y: f64) -> f64 {
    let exponent = Twofold::sum(y, -1.0);
    let power = x.powf(exponent.high);
    if y == 0.0 || (power == 0.0 && y.is_infinite()) {
        return 0.0;
    }
    let size = if power.is_normal() {
        y * power
    } else {
        let root = x.powf(exponent.high / 2.0);
        y * root * root
    };
    let plain = exponent.low == 0.0 || size == 0.0 || size.is_infinite() || exponent.low.is_nan();
    if plain { size } else { size.mul_add(exponent.low * x.ln(), size) }
}

/// The slope of x^y in y: x^y ln x, within 4 ulp, also where x^y is subnormal and this is not.
///
/// It is 0 at x = 0 for y >= 0 (at y = 0 by convention), NaN for a negative x.
pub(crate) fn pow_log(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    let power = x.powf(y);
    if (x == 0.0 && y >= 0.0) || (x.is_infinite() && power == 0.0) {
        return 0.0;
    }
    if power.is_normal() || power.is_infinite() {
        return power * x.ln();
    }
    let root = x.powf(y / 2.0);
    root * x.ln() * root
}

/// The cube root, within 1 ulp (CORE-MATH's, as in libm).
pub(crate) fn cbrt(x: f64) -> f64 {
    libm::cbrt(x)
}

/// The logarithm of x to the base y: ln x / ln y, within 3 ulp; exact at powers of 2 and 10.
pub(crate) fn log(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x.log2()
    } else if y == 10.0 {
        x.log10()
    } else {
        x.ln() / y.ln()
    }
}
