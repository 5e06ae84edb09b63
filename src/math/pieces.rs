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
    if x == 0.0 && x.is_sign_negative() { -0.0 } else { x * y + 0.0 }
}
