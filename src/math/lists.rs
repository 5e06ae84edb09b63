//! Reductions of a list to one number, in the order of the list.
//! It must not know how the list lies in memory elsewhere.

/// The terms added from left to right; 0 for none.
pub(crate) fn sum(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|v, x| v + x).unwrap_or(0.0)
}

/// The factors multiplied from left to right; 1 for none.
pub(crate) fn product(xs: &[f64]) -> f64 {
    xs.iter().copied().reduce(|v, x| v * x).unwrap_or(1.0)
}

/// The products of the list's first half with its second, added from left to right; 0 for none.
pub(crate) fn dot(xs: &[f64]) -> f64 {
    let (left, right) = xs.split_at(xs.len() / 2);
    left.iter().zip(right).map(|(x, y)| x * y).reduce(|v, x| v + x).unwrap_or(0.0)
}

/// ln of the sum of e^x, shifted by the largest x: within 4 ulp of the larger of that x and the
/// rest. It is -inf for none or where all are, inf where any is.
pub(crate) fn logsumexp(xs: &[f64]) -> f64 {
    let largest = largest(xs.iter().copied(), f64::NEG_INFINITY);
    if !largest.is_finite() {
        return largest;
    }
    largest + xs.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
}

/// The root of the sum of squares, scaled so that no square overflows or underflows; 0 for none.
/// Within (n + 4) / 2 ulp for n terms, and inf where any is infinite.
pub(crate) fn norm(xs: &[f64]) -> f64 {
    let largest = largest(xs.iter().map(|x| x.abs()), 0.0);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let (_, exponent) = libm::frexp(largest);
    let half = 2f64.powi(-exponent / 2);
    let rest = 2f64.powi(-exponent - -exponent / 2);
    let squares = xs.iter().map(|x| (x * half * rest) * (x * half * rest)).sum::<f64>();
    squares.sqrt() / half / rest
}

/// 1, or NaN where more than one entry is infinite.
pub(crate) fn lone(xs: &[f64]) -> f64 {
    if xs.iter().filter(|x| x.is_infinite()).count() > 1 { f64::NAN } else { 1.0 }
}

/// The largest of some numbers and `least`; NaN if any is.
fn largest(xs: impl Iterator<Item = f64>, least: f64) -> f64 {
    xs.fold(least, super::maximum)
}
