//! Powers, their slope, cube roots and logarithms to any base.
//! It must not know how the table writes the slopes of these.

use super::exact::Twofold;
use super::order::of_two;
use smallvec::SmallVec;

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

/// A partial derivative of x^y, i times in x and j times in y: `order` is i + 1000 j. NaN where that is
/// no whole number from 0 to 65535.
///
/// It is x^(y-i) times the sum over m of binomial(j, m) f^(m)(y) ln^(j-m) x, with f(y) =
/// y (y - 1) .. (y - i + 1) (Leibniz). Within i + 4 ulp for j = 0, and of the largest term of the sum
/// elsewhere. For x = 0 it is the limit from the right, but 0 for x = y = i = 0 < j, for 0^y
/// is flat; for a negative x it is NaN unless y is whole and j is 0 (infinities count as even).
pub(crate) fn pow_derivative(order: f64, x: f64, y: f64) -> f64 {
    let Some((i, j)) = of_two(order).filter(|_| !x.is_nan() && !y.is_nan()) else {
        return f64::NAN;
    };
    let whole = y.is_infinite() || y.fract() == 0.0;
    if x < 0.0 && (j > 0 || !whole) {
        return f64::NAN;
    }
    let terms = of_logarithm(i, j, y);
    let size = if x == 0.0 || x.is_infinite() {
        at_an_end(&terms, x.abs(), y, i)
    } else {
        between(&terms, x.abs(), y, i)
    };
    let odd = (y.abs() % 2.0 == 1.0) != (i % 2 == 1);
    if x.is_sign_negative() && whole && odd && j == 0 { -size } else { size }
}

/// What stands at ln^j x, ln^(j-1) x, .. in that sum, as far as f has derivatives: binomial(j, m)
/// f^(m)(y), from the powers of e in the product of y - k + e.
fn of_logarithm(i: u32, j: u32, y: f64) -> SmallVec<[f64; 16]> {
    let mut terms = SmallVec::from_elem(0.0, i.min(j) as usize + 1);
    terms[0] = 1.0;
    for k in 0..i {
        for m in (0..terms.len()).rev() {
            let below = if m > 0 { terms[m - 1] } else { 0.0 };
            terms[m] = terms[m] * (y - f64::from(k)) + below;
        }
    }
    let mut falling = 1.0; // binomial(j, m) m! = j (j - 1) .. (j - m + 1)
    for (m, term) in terms.iter_mut().enumerate() {
        *term *= falling;
        falling *= f64::from(j) - m as f64;
    }
    terms.resize(j as usize + 1, 0.0);
    terms
}

/// The sum for 0 < x < inf.
fn between(terms: &[f64], x: f64, y: f64, i: u32) -> f64 {
    let exponent = Twofold::sum(y, -f64::from(i));
    let root = x.powf(exponent.high / 2.0);
    if root == 0.0 {
        return 0.0;
    }
    let ln = x.ln();
    let sum = terms.iter().fold(0.0, |sum, term| sum * ln + term);
    if sum == 0.0 {
        return 0.0;
    }
    let power = x.powf(exponent.high);
    let size = if power.is_normal() { sum * power } else { root * sum * root };
    let plain = exponent.low == 0.0 || size.is_infinite() || exponent.low.is_nan();
    if plain { size } else { size.mul_add(exponent.low * ln, size) }
}

/// Its limit at 0 and at infinity, where the highest power of the logarithm tells.
fn at_an_end(terms: &[f64], x: f64, y: f64, i: u32) -> f64 {
    let (exponent, j) = (y - f64::from(i), terms.len() - 1);
    if exponent != 0.0 && (exponent > 0.0) == (x == 0.0) {
        return 0.0;
    }
    let Some((m, term)) = terms.iter().enumerate().find(|(_, term)| **term != 0.0) else {
        return 0.0;
    };
    if exponent == 0.0 && m == j {
        return *term;
    }
    if x == 0.0 && y == 0.0 && i == 0 {
        return 0.0;
    }
    let sign = if x == 0.0 && (j - m) % 2 == 1 { -1.0 } else { 1.0 };
    (sign * term).signum() * f64::INFINITY
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
