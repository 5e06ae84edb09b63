//! The cardinal sine and its derivatives. It must not know that they are the slopes of one another.

use super::order::of_one;

/// sin(x) / x, within 2 ulp; 1 at 0 and 0 at infinity, its limits.
pub(crate) fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else {
        x.sin() / x
    }
}

/// The slope of sinc, (cos x - sin(x) / x) / x, within 4 ulp up to its first zero but 0 (at 4.49);
/// near later zeros within 1 ulp of 1 / x. It is 0 at infinity, its limit.
///
/// Near 0 it is the power series: the sum of (-1)^k 2k x^(2k - 1) / (2k + 1)!.
pub(crate) fn sinc_slope(x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0_f64.copysign(-x);
    }
    if x.abs() > 2.0 {
        return (x.cos() - x.sin() / x) / x;
    }
    let square = x * x;
    let mut sum = 1.0;
    for k in (1..=13).rev() {
        let k = f64::from(k);
        sum = 1.0 - sum * square / (2.0 * k * (2.0 * k + 3.0));
    }
    -x / 3.0 * sum
}

/// The n-th derivative of sinc; NaN where `order` is no whole number from 0 to 65535.
///
/// For n > 1 within 4 ulp of 1 / (n + 1 + |x|), the size of its waves, and relatively exact near 0. It
/// is 0 at infinity, its limit.
///
/// x sinc x = sin x, so x sinc^(n) + n sinc^(n-1) is the n-th derivative of sin (Leibniz). From sinc
/// itself n grows where |x| > n; else n falls, from an order where hardly anything depends on what
/// it is begun with. Either way an error is multiplied by less than 1 at each step.
pub(crate) fn sinc_derivative(order: f64, x: f64) -> f64 {
    match of_one(order) {
        _ if x.is_nan() => f64::NAN,
        None => f64::NAN,
        Some(0) => sinc(x),
        Some(1) => sinc_slope(x),
        Some(_) if x.is_infinite() => 0.0,
        Some(n) => by_recurrence(n, x),
    }
}

fn by_recurrence(n: u32, x: f64) -> f64 {
    let (sin, cos) = x.sin_cos();
    let of_sin = |n: u32| [sin, cos, -sin, -cos][n as usize % 4];
    if x.abs() > f64::from(n) {
        return (1..=n).fold(sinc(x), |below, k| (of_sin(k) - f64::from(k) * below) / x);
    }
    let (mut last, mut influence) = (n, 1.0);
    while influence > 1e-20 {
        last += 1;
        influence *= x.abs() / f64::from(last);
    }
    let begun = of_sin(last + 1) / f64::from(last + 1);
    (n + 1..=last).rev().fold(begun, |above, k| (of_sin(k) - x * above) / f64::from(k))
}
