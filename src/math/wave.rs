//! The cardinal sine and its slope.
//! It must not know that the one is the slope of the other.

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
