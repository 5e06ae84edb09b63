//! The logarithm of the gamma function and its derivatives, the polygamma functions.
//! It must not know that the one leads to the others.

use super::exact::Twofold;
use super::order::of_one;
use std::f64::consts::PI;

/// ln |Gamma(x)|; inf at the poles 0, -1, -2, ..., and at both infinities.
///
/// By fdlibm (as in libm): within 4 ulp for x > -2; below, where it has a zero on either side of
/// each pole, within 4 ulp of ln(pi / |x sin(pi x)|), the larger of the terms that cancel.
pub(crate) fn ln_gamma(x: f64) -> f64 {
    if x <= 0.0 && x == x.floor() { f64::INFINITY } else { libm::lgamma(x) }
}

/// The n-th derivative of digamma, with digamma itself for n = 0; NaN at the poles 0, -1, -2, ..., and
/// where n is no whole number from 0 to 65535.
///
/// It is ±n! zeta(n + 1, x) (DLMF 5.15.1, 25.11.12). Within 4 ulp for positive x and n <= 4
/// (n + 2 ulp to n = 170, then 1e-12). For negative x it is a difference: digamma is within 4 ulp
/// of the larger of its terms; others within n + 4 ulp where n <= 20 and x > -24, and of their
/// terms elsewhere.
pub(crate) fn polygamma(order: f64, x: f64) -> f64 {
    let pole = x <= 0.0 && x == x.floor();
    let Some(n) = of_one(order).filter(|_| !x.is_nan() && !pole) else {
        return f64::NAN;
    };
    if n == 0 {
        return digamma(x);
    }
    let far_from_poles = n <= 20 && x > -24.0 && (x - x.round()).abs() > 0.01;
    let size = if x > 0.0 {
        zeta(order, x)
    } else if far_from_poles {
        zeta_stepped(n, x)
    } else {
        zeta_reflected(order, x)
    };
    if n.is_multiple_of(2) { -size } else { size }
}

/// The slope of ln gamma: DLMF 5.5.4 below -1 and 5.11.2 above 10; between, the recurrence
/// digamma(x + 1) = digamma(x) + 1 / x to the interval from 1 to 2.
fn digamma(x: f64) -> f64 {
    if x < -1.0 {
        let beyond = x - x.round();
        digamma(1.0 - x) - PI / (PI * beyond).tan()
    } else if x < 0.0 {
        digamma_1_to_2(x, 2.0) - (2.0 * x + 1.0) / (x * (x + 1.0))
    } else if x < 1.0 {
        digamma_1_to_2(x, 1.0) - 1.0 / x
    } else if x < 10.0 {
        let steps = (x.floor() - 1.0).max(0.0);
        let sum = (1..=steps as u32).fold(0.0, |sum, k| sum + 1.0 / (x - f64::from(k)));
        digamma_1_to_2(x - steps, 0.0) + sum
    } else {
        x.ln() - 0.5 / x - digamma_tail(1.0 / (x * x))
    }
}

/// The sum of B_2k / (2k x^2k), with `square` 1 / x^2.
fn digamma_tail(square: f64) -> f64 {
    BERNOULLI
        .iter()
        .enumerate()
        .rev()
        .fold(0.0, |sum, (k, b)| (sum + b / (2 * k + 2) as f64) * square)
}

/// The Bernoulli numbers B_2, B_4, ..., B_20.
const BERNOULLI: [f64; 10] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43867.0 / 798.0,
    -174611.0 / 330.0,
];

/// Digamma of x + shift, which is between 1 and 2: the distance to its zero, times a rational
/// function (Maddock, Boost.Math).
fn digamma_1_to_2(x: f64, shift: f64) -> f64 {
    const ZERO: [f64; 3] = [
        1569415565.0 / 1073741824.0,
        381566830.0 / 1073741824.0 / 1073741824.0,
        9.016312093258696e-20,
    ];
    const Y: f64 = 0.995_581_626_892_089_8;
    const P: [f64; 6] = [
        0.254_798_510_611_315_5,
        -0.325_550_311_868_044_9,
        -0.650_318_537_708_965_1,
        -0.289_191_264_447_747_84,
        -0.045_251_321_448_739_06,
        -0.002_071_332_116_774_595,
    ];
    const Q: [f64; 7] = [
        1.0,
        2.076_711_702_373_047,
        1.460_624_290_976_351_5,
        0.435_935_296_926_659_7,
        0.054_151_797_245_674_225,
        0.002_128_498_701_782_114_4,
        -5.578_984_132_167_551e-7,
    ];
    let from_zero = ((x - (ZERO[0] - shift)) - ZERO[1]) - ZERO[2];
    let from_one = x + (shift - 1.0);
    from_zero * Y + from_zero * (polynomial(&P, from_one) / polynomial(&Q, from_one))
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// n! zeta(n + 1, x), the sum of n! / (x + k)^(n + 1) over k >= 0, for x > 0 and n >= 1:
/// terms until x + k is large, then Euler-Maclaurin (DLMF 25.11.28).
fn zeta(n: f64, x: f64) -> f64 {
    let s = n + 1.0;
    let steps = (12.0 + s - x).ceil().max(0.0);
    let far = x + steps;
    if far.is_infinite() {
        return 0.0;
    }
    let mut factor = s / (2.0 * far);
    let mut tail = 0.0;
    for (j, b) in BERNOULLI.iter().enumerate() {
        let k = 2.0 * j as f64 + 2.0;
        tail += b * factor;
        factor *= (s + k - 1.0) * (s + k) / ((k + 1.0) * (k + 2.0) * far * far);
    }
    let last = zeta_term(n, far, far / n + (0.5 + tail));
    (0..steps as u32).rev().fold(last, |sum, k| sum + zeta_term(n, x + f64::from(k), 1.0))
}

/// scale n! / x^(n + 1), where no part of it may overflow or underflow before the whole does.
fn zeta_term(n: f64, x: f64, scale: f64) -> f64 {
    let factorial = libm::tgamma(n + 1.0);
    let power = x.powf(-n - 1.0);
    if factorial.is_infinite() {
        (libm::lgamma(n + 1.0) - (n + 1.0) * x.ln()).exp() * scale
    } else if power.is_normal() {
        factorial * scale * power
    } else {
        let root = x.powf((-n - 1.0) / 2.0);
        (factorial * root) * (scale * root)
    }
}

/// The same sum for x < 0 and not near a pole: terms to the right of 12 in twice the precision, as
/// they have both signs for even n, and the rest, which is small.
fn zeta_stepped(n: u32, x: f64) -> f64 {
    let steps = (12.0 - x).ceil();
    let term = |k: u32| {
        let inverse = Twofold::sum(x, f64::from(k)).recip();
        (0..n).fold(inverse, |power, _| power * inverse)
    };
    let sum = (0..steps as u32).fold(Twofold::new(0.0), |sum, k| sum + term(k));
    let factorial = libm::tgamma(f64::from(n) + 1.0);
    (factorial * sum.high) + (factorial * sum.low + zeta(f64::from(n), x + steps))
}

/// The same sum for x < 0 that is no whole number: over all k, less what lies before.
///
/// With f the fractional part it is zeta(f) ± (zeta(1 - f) - zeta(1 - x)), + for odd n.
fn zeta_reflected(n: f64, x: f64) -> f64 {
    let beyond = x - x.round();
    let (after, before) =
        if beyond > 0.0 { (beyond, 1.0 - beyond) } else { (1.0 + beyond, -beyond) };
    let left = zeta(n, before) - zeta(n, 1.0 - x);
    if n % 2.0 == 0.0 { zeta(n, after) - left } else { zeta(n, after) + left }
}
