//! Functions that pick one of their arguments, and the product that remembers that nothing came.
//! It must not know what an adjoint is.

/// The larger argument; NaN if either is, and +0 is larger than -0 (IEEE 754-2019, maximum).
pub(crate) fn maximum(x: f64, y: f64) -> f64 {
    if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x > y || (x == y && x.is_sign_positive()) {
        x
    } else {
        y
    }
}

/// The smaller argument; NaN if either is, and -0 is smaller than +0 (IEEE 754-2019, minimum).
pub(crate) fn minimum(x: f64, y: f64) -> f64 {
    -maximum(-x, -y)
}

/// The product x y, never -0; but -0 where x is -0, which stands for "nothing came".
pub(crate) fn chain(x: f64, y: f64) -> f64 {
    if nothing(x) { -0.0 } else { x * y + 0.0 }
}

/// The product x y as [`chain`] gives it, where t > 0; NaN where t is, and else -0. Where x is -0 it
/// is -0, whatever y and t are.
pub(crate) fn gate(x: f64, y: f64, t: f64) -> f64 {
    if t <= 0.0 || nothing(x) {
        -0.0
    } else if t.is_nan() {
        t
    } else {
        x * y + 0.0
    }
}

/// The sign of t, 0 at 0; but 0 where x is -0.
pub(crate) fn open(x: f64, t: f64) -> f64 {
    if nothing(x) || t == 0.0 { 0.0 } else { t.signum() }
}

fn nothing(x: f64) -> bool {
    x == 0.0 && x.is_sign_negative()
}
