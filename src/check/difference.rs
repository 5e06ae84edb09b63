//! Derivatives from values alone: extrapolated differences with an estimate of their error, and the
//! order of the Taylor remainder. It must not know what the derivatives are compared with.

use super::rounded::UNIT;

/// A derivative from differences.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) slope: f64,
    pub(crate) error: f64,
    /// The slopes to the left and right, where they do not come together.
    pub(crate) kink: Option<(f64, f64)>,
}

/// Steps begin at these shares of the scale, and shrink from there by `SHRINK`.
const FIRST: [f64; 5] = [0.5, 5e-2, 5e-3, 5e-4, 5e-5];
const SHRINK: f64 = 1.4;
const ROWS: usize = 10;

/// The derivative at 0 of a function of one number, whose argument changes on this scale.
pub(crate) fn derivative(f: impl Fn(f64) -> f64, scale: f64) -> Estimate {
    let mut best = Estimate { slope: f64::NAN, error: f64::INFINITY, kink: None };
    for first in FIRST {
        let (slope, error) = ridders(&f, first * scale);
        if error < best.error {
            (best.slope, best.error) = (slope, error);
        }
    }
    best.kink = kink(&f, scale);
    best
}

/// Central differences with shrinking steps, extrapolated to the step 0 (Ridders 1982): the entry of
/// the tableau that differs least from its neighbours, and by how much it does. Rounding of the
/// values is added to that, so that an entry that agrees by luck is not believed.
fn ridders(f: &impl Fn(f64) -> f64, first: f64) -> (f64, f64) {
    let (mut step, mut above) = (first, Vec::<f64>::new());
    let (mut slope, mut error) = (f64::NAN, f64::INFINITY);
    for row in 0..ROWS {
        let (right, left) = (f(step), f(-step));
        let noise = 2.0 * UNIT * right.abs().max(left.abs()) / step;
        let mut entries = vec![(right - left) / (2.0 * step)];
        let mut factor = SHRINK * SHRINK;
        for k in 1..=row {
            let entry = (entries[k - 1] * factor - above[k - 1]) / (factor - 1.0);
            let differs = (entry - entries[k - 1]).abs().max((entry - above[k - 1]).abs());
            if differs + noise < error {
                (slope, error) = (entry, differs + noise);
            }
            entries.push(entry);
            factor *= SHRINK * SHRINK;
        }
        step /= SHRINK;
        above = entries;
    }
    (slope, error)
}

/// The slopes to the left and right if they stay apart however small the step: over three decades
/// of steps, their difference neither shrinks nor is a matter of rounding.
fn kink(f: &impl Fn(f64) -> f64, scale: f64) -> Option<(f64, f64)> {
    let middle = f(0.0);
    let sides = |step: f64| ((middle - f(-step)) / step, (f(step) - middle) / step);
    let steps = [1e-3, 1e-4, 1e-5, 1e-6].map(|share| share * scale);
    let gaps = steps.map(|step| sides(step).1 - sides(step).0);
    let noise = 8.0 * UNIT * middle.abs() / steps[3];
    let least = gaps.iter().fold(f64::INFINITY, |least, gap| least.min(gap.abs()));
    let most = gaps.iter().fold(0.0, |most: f64, gap| most.max(gap.abs()));
    (least > 100.0 * noise && least > 0.5 * most).then(|| sides(steps[3]))
}

/// The order at which `f(step) - f(0) - slope * step` vanishes: 2 if the slope is right, 1 if it is
/// wrong. None where rounding leaves too little to see.
pub(crate) fn taylor_order(f: impl Fn(f64) -> f64, slope: f64, scale: f64) -> Option<f64> {
    let middle = f(0.0);
    let mut points = Vec::new();
    let mut step = 1e-1 * scale;
    for _ in 0..24 {
        let value = f(step);
        let remainder = (value - middle - slope * step).abs();
        let noise = 4.0 * UNIT * value.abs().max(middle.abs());
        if remainder > 1e3 * noise && remainder.is_finite() {
            points.push((step.ln(), remainder.ln()));
        }
        step *= 0.5;
    }
    let points = &points[points.len().saturating_sub(5)..];
    (points.len() >= 3).then(|| fitted_slope(points))
}

/// The slope of a line through points, by least squares.
fn fitted_slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|p| p.0), mean(|p| p.1));
    let covariance: f64 = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
    covariance / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Case = (fn(f64) -> f64, f64);

    #[test]
    fn the_estimate_of_the_error_is_honest() {
        let cases: [Case; 5] = [
            (|h| (1.0 + h).exp(), 1f64.exp()),
            (|h| (0.3 + h).sin(), 0.3f64.cos()),
            (|h| 1e-7 * (2.0 + h).ln(), 0.5e-7),
            (|h| 1.0 / (1.0 + 25.0 * (0.1 + h).powi(2)), -5.0 / (1.25f64).powi(2)),
            (|h| 1.0 + 1e-12 * h, 1e-12),
        ];
        for (k, (f, truth)) in cases.into_iter().enumerate() {
            let found = derivative(f, 1.0);
            let off = (found.slope - truth).abs();
            assert!(off <= 4.0 * found.error, "{k}: {found:?}, and it is off by {off:e}");
            assert!(k == 4 || found.error < 1e-8 * truth.abs(), "{k}: {found:?}");
            assert!(found.kink.is_none(), "{k}: {found:?}");
        }
    }

    #[test]
    fn kinks_are_seen() {
        let found = derivative(|h: f64| (1.0 + h) + 2.0 * h.max(0.0), 1.0);
        let (left, right) = found.kink.unwrap();
        assert!((left - 1.0).abs() < 1e-6 && (right - 3.0).abs() < 1e-6);
    }

    #[test]
    fn the_remainder_is_of_second_order_if_the_slope_is_right() {
        let f = |h: f64| (1.0 + h).exp();
        assert!((taylor_order(f, 1f64.exp(), 1.0).unwrap() - 2.0).abs() < 0.05);
        assert!((taylor_order(f, 2.0, 1.0).unwrap() - 1.0).abs() < 0.05);
        assert_eq!(taylor_order(|h| 1.0 + h, 1.0, 1.0), None);
    }
}
