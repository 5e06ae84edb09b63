//! Slopes on both sides of a border, and the slope at the border where they come together. It must
//! not know what makes the border.
//!
//! Beside a border slopes are exact. Those at three steps that halve are extrapolated to the step 0
//! (Neville). If the values pass over the border without a jump and the slopes of both sides have one
//! limit, that is the derivative at the border, whatever was recorded there.

use super::rounded::UNIT;

/// The value of a quantity, and its slope, beside a border.
pub(crate) type Beside = [f64; 2];

/// What the slopes on both sides come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Limit {
    /// The same on both sides, up to this error: the derivative.
    Both { slope: f64, error: f64 },
    /// One on each side.
    Apart { left: f64, right: f64 },
    /// None that can be told: there is a jump, a value that is not finite, or another border.
    Unknown,
}

/// First steps, as shares of the scale.
const FIRST: [f64; 2] = [1e-3, 1e-6];

/// Slopes are known if they are extrapolated to this share of their size.
const KNOWN: f64 = 1e-4;

/// Slopes of both sides that differ by less than this share are one.
const SAME: f64 = 1e-6;

/// The limits for quantities with these values at the border. `at` gives values and slopes at a step.
pub(crate) fn limits(
    middle: &[f64],
    at: &dyn Fn(f64) -> Option<Vec<Beside>>,
    scale: f64,
) -> Vec<Limit> {
    let mut limits = vec![Limit::Unknown; middle.len()];
    for first in FIRST {
        if limits.iter().all(|limit| *limit != Limit::Unknown) {
            break;
        }
        let side = |sign: f64| {
            let steps = [1.0, 0.5, 0.25].map(|share| sign * share * first * scale);
            let sampled: Option<Vec<Vec<Beside>>> = steps.into_iter().map(at).collect();
            Some((sampled?, steps))
        };
        let (Some(left), Some(right)) = (side(-1.0), side(1.0)) else { continue };
        for (k, limit) in limits.iter_mut().enumerate().filter(|(_, l)| **l == Limit::Unknown) {
            let of = |(sampled, steps): &(Vec<Vec<Beside>>, [f64; 3])| {
                one_sided(middle[k], [0, 1, 2].map(|n| sampled[n][k]), *steps)
            };
            if let (Some(left), Some(right)) = (of(&left), of(&right)) {
                *limit = together(left, right);
            }
        }
    }
    limits
}

/// The limit of the slopes of one side, its error, and the size of the slopes that it is taken from.
#[derive(Clone, Copy)]
struct OneSided {
    slope: f64,
    error: f64,
    size: f64,
}

fn one_sided(middle: f64, at: [Beside; 3], steps: [f64; 3]) -> Option<OneSided> {
    let [a, b, c] = at.map(|[_, slope]| slope);
    let (ab, bc) = (2.0 * b - a, 2.0 * c - b);
    let slope = (4.0 * bc - ab) / 3.0;
    let size = a.abs().max(b.abs()).max(c.abs());
    let error = (slope - bc).abs() + 16.0 * UNIT * size;
    let known = slope.is_finite() && error <= KNOWN * size || size == 0.0;
    let [value, _] = at[2];
    let rise = steps[2] * (slope + c) / 2.0;
    let rounding = 8.0 * UNIT * (middle.abs() + value.abs());
    let steady = (value - middle - rise).abs() <= 1e-2 * steps[2].abs() * size + rounding;
    (known && steady).then_some(OneSided { slope, error, size })
}

fn together(left: OneSided, right: OneSided) -> Limit {
    let size = left.size.max(right.size);
    let error = left.error + right.error + SAME * size;
    if (left.slope - right.slope).abs() <= error {
        Limit::Both { slope: (left.slope + right.slope) / 2.0, error }
    } else {
        Limit::Apart { left: left.slope, right: right.slope }
    }
}

/// The size of the numbers at a point, on which a step is measured; 1 where they are small.
pub(crate) fn scale(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest > 0.0 { largest.clamp(1e-3, 1e300) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit of a function of one number with its derivative, at 0.
    fn limit(middle: f64, f: impl Fn(f64) -> Beside) -> Limit {
        limits(&[middle], &|t| Some(vec![f(t)]), 1.0)[0]
    }

    #[test]
    fn a_smooth_function_has_one_limit() {
        let Limit::Both { slope, error } = limit(1.0, |t| [t.exp(), t.exp()]) else { panic!() };
        assert!((slope - 1.0).abs() <= 1e-9 && error <= 2e-6, "{slope} {error:e}");
        let Limit::Both { slope, .. } = limit(0.0, |t| [t * t, 2.0 * t]) else { panic!() };
        assert!(slope.abs() < 1e-15, "{slope:e}");
        assert!(matches!(limit(0.0, |_| [0.0, 0.0]), Limit::Both { slope: 0.0, .. }));
    }

    #[test]
    fn a_kink_has_two() {
        let found = limit(0.0, |t| [t.abs(), t.signum()]);
        assert_eq!(found, Limit::Apart { left: -1.0, right: 1.0 });
    }

    #[test]
    fn a_jump_or_a_pole_has_none() {
        assert_eq!(limit(0.0, |t| [f64::from(t > 0.0), 0.0]), Limit::Unknown);
        assert_eq!(
            limit(0.0, |t| [t.abs().sqrt(), 0.5 * t.signum() / t.abs().sqrt()]),
            Limit::Unknown
        );
        assert_eq!(limit(0.0, |_| [f64::NAN, f64::NAN]), Limit::Unknown);
        assert_eq!(limits(&[0.0], &|_| None, 1.0), [Limit::Unknown]);
    }
}
