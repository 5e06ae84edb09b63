//! Direction and inverse distance of a point in the plane, at any scale.
//! It must not know that these are the slopes of hypot and atan2.

use super::order::of_two;

/// The cosine of the direction (x, y): x / hypot(x, y), within 3 ulp at every scale.
/// It is 0 at the origin, where hypot has a kink, and NaN where both are infinite.
pub(crate) fn unit(x: f64, y: f64) -> f64 {
    let largest = x.abs().max(y.abs());
    if x.is_nan() || y.is_nan() || (x.is_infinite() && y.is_infinite()) {
        f64::NAN
    } else if largest == 0.0 {
        0.0
    } else if x.is_infinite() {
        x.signum()
    } else {
        let scale = scale_of(largest);
        x * scale / (x * scale).hypot(y * scale)
    }
}

/// x / r for a vector of length r with an entry x, within 1 ulp: 0 where the length is 0, and ±1 where
/// both are infinite.
pub(crate) fn direction(x: f64, r: f64) -> f64 {
    if r == 0.0 && !x.is_nan() {
        0.0
    } else if x.is_infinite() && r.is_infinite() {
        x.signum() * r.signum()
    } else {
        x / r
    }
}

/// x / (x^2 + y^2), within 3 ulp at every scale; NaN at the origin, 0 at any infinity.
pub(crate) fn turn(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() || (x == 0.0 && y == 0.0) {
        return f64::NAN;
    }
    if x.is_infinite() || y.is_infinite() {
        return 0.0_f64.copysign(x);
    }
    let scale = scale_of(x.abs().max(y.abs()));
    let (x, y) = (x * scale, y * scale);
    let square = x.mul_add(x, y * y);
    if scale < 1.0 { x / square * scale } else { x * scale / square }
}

/// A partial derivative of x / (x^2 + y^2), i times in x and j times in y: `order` is i + 1000 j. NaN at
/// the origin, and where that is no whole number from 0 to 65535; 0 at any infinity.
///
/// With z = x + iy it is the real part of 1 / z, so this is that of i^j (-1)^k k! / z^(k + 1), with k =
/// i + j: powers of the conjugate of z, over those of |z|^2. Within 4 k + 4 ulp of the modulus, and
/// relatively exact near the axes and the diagonals.
pub(crate) fn turn_derivative(order: f64, x: f64, y: f64) -> f64 {
    let Some((i, j)) = of_two(order).filter(|_| !x.is_nan() && !y.is_nan()) else {
        return f64::NAN;
    };
    if x == 0.0 && y == 0.0 {
        return f64::NAN;
    }
    if x.is_infinite() || y.is_infinite() {
        return 0.0;
    }
    let scale = scale_of(x.abs().max(y.abs()));
    let (x, y) = (x * scale, y * scale);
    let k = i + j;
    let (re, im) = power(x, -y, k + 1);
    let part = [re, -im, -re, im][j as usize % 4];
    let square = x.mul_add(x, y * y);
    let size = (0..=k).fold(part, |v, m| v / square * scale * f64::from(m.max(1)));
    if k.is_multiple_of(2) { size } else { -size }
}

/// (x + iy)^n for n > 0, by powers of the square (x - y) (x + y) + 2ixy, which loses nothing at the
/// diagonals.
fn power(x: f64, y: f64, n: u32) -> (f64, f64) {
    if n == 1 {
        return (x, y);
    }
    let (re, im) = power((x - y) * (x + y), 2.0 * x * y, n / 2);
    if n.is_multiple_of(2) {
        return (re, im);
    }
    (x * re - y * im, x * im + y * re)
}

/// A power of two that brings a positive size near to 1 (to 2^74 at the very least and most).
fn scale_of(size: f64) -> f64 {
    let (_, exponent) = libm::frexp(size);
    2f64.powi((-exponent).clamp(-1000, 1000))
}
