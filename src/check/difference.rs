//! Derivatives from values alone, with an estimate of their error; and the order of the Taylor
//! remainder, a second witness.
//!
//! The function is sampled along a line at steps of all decades, from where the argument is rounded
//! up to the size of the point. At each step a polynomial of degree 4 is fitted to 13 values by least
//! squares. What it leaves over tells how rough the function is on that scale: by rounding at small
//! steps, by its shape at large ones. The slope is taken from the step at which that, divided by the
//! step, is least.
//!
//! So the noise of the values is estimated from the values, as by R. W. Hamming (*Introduction to
//! Applied Numerical Analysis*, 1971) and J. J. Moré and S. M. Wild (*Estimating computational noise*, SIAM
//! J. Sci. Comput. 33, 2011), who take the smooth part out by a table of differences. Orthogonal
//! polynomials on given points are G. E. Forsythe's (J. SIAM 5, 1957). The points have no common
//! distance and the steps no common ratio, so that no oscillation is seen at its multiples alone.
//! Values in f32, or rounded to decimals, are known by the grid that they lie on.
//!
//! It must not know what the derivatives are compared with.

use super::rounded::UNIT;
use std::f64::consts::PI;

/// A derivative from differences.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    /// NaN if the values are too rough at every step.
    pub(crate) slope: f64,
    /// A bound of its error; infinite if there is no slope.
    pub(crate) error: f64,
    /// The step at which it was found.
    pub(crate) step: f64,
    /// How far the values are from smooth there.
    pub(crate) noise: f64,
    /// The slopes to the left and right, where they do not come together.
    pub(crate) kink: Option<(f64, f64)>,
}

/// Steps from the smallest to the largest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    /// How large the numbers at the point are.
    size: f64,
    smallest: f64,
    largest: f64,
}

impl Range {
    /// The steps that make sense at a point: from some thousand roundings of it up to half of it, or of
    /// 1 where it is small.
    pub(crate) fn of(x: &[f64]) -> Range {
        let size = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let largest = 0.5 * size.clamp(1.0, 1e300);
        let smallest = if size > 0.0 { 1e-13 * size } else { 1e-15 };
        Range { size, smallest: smallest.max(1e-24 * largest), largest }
    }
}

/// Each step is this share of the next one: of no power and no root of 2 or 10.
const SHRINK: f64 = 0.1373;

/// Values at a step, beside that at the point itself.
const POINTS: usize = 12;
const DEGREE: usize = 4;

/// How much larger than what a fit leaves over, divided by the step, the error of its slope is. What a
/// polynomial of degree 4 does not follow of the next power changes the slope by up to 7 times what
/// is left of it; noise changes it by less.
const WEIGHT: f64 = 16.0;

/// A fit explains the values if it leaves over at most this share of their spread: a kink leaves 3
/// per cent.
const EXPLAINED: f64 = 0.01;

/// Rounding is followed by noise where what is left over rises by more than this at once, ...
const RISE: f64 = 30.0;
/// ... or, from a little above rounding, by more than the next powers of a smooth function do, ...
const JUMP: f64 = 1e6;
/// ... and by less than this afterwards, while what is left over at a kink grows as the step does,
/// and at smooth functions much faster.
const FLAT: f64 = 6.0;

/// Values at one step, and the fit.
#[derive(Clone, Debug)]
struct Look {
    step: f64,
    /// The values, less the one at the point.
    values: Vec<f64>,
    largest: f64,
    spread: f64,
    slope: f64,
    left_over: f64,
}

/// Values of a function along a line.
#[derive(Clone, Debug)]
pub(crate) struct Samples {
    size: f64,
    middle: f64,
    /// From the smallest step to the largest.
    looks: Vec<Look>,
    kink: Option<Kink>,
}

/// Slopes to the left and right that stay apart, and how far rounding may be to blame.
#[derive(Clone, Copy, Debug)]
struct Kink {
    left: f64,
    right: f64,
    gap: f64,
    step: f64,
}

/// Numbers as small as that have lost their digits.
const SUBNORMAL: f64 = 1e-320;

/// How the values of a function are rounded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grain {
    /// Relative to their size.
    unit: f64,
    /// To multiples of this.
    quantum: f64,
}

/// A slope that explains the values at its step.
#[derive(Clone, Copy, Debug)]
struct Fit {
    step: f64,
    slope: f64,
    noise: f64,
    error: f64,
}

impl Samples {
    /// Takes the values of a function of one number around 0.
    pub(crate) fn new(f: impl Fn(f64) -> f64, range: Range) -> Samples {
        let middle = f(0.0);
        let shorter = |step: &f64| Some(step * SHRINK).filter(|step| *step >= range.smallest);
        let steps: Vec<f64> = std::iter::successors(Some(range.largest), shorter).collect();
        let looks = steps.iter().rev().map(|step| Look::new(&f, middle, *step)).collect();
        let kink = [1e-1, 1e-4, 1e-7].iter().find_map(|top| kink(&f, middle, top * range.largest));
        Samples { size: range.size, middle, looks, kink }
    }

    /// The derivative at 0, where the values on all lines have this grain.
    pub(crate) fn estimate(&self, grain: Grain) -> Estimate {
        let own = Grain::of(std::slice::from_ref(self));
        let grain = Grain { unit: grain.unit.max(own.unit), ..grain };
        let mut fits = self.fits(grain);
        let better = |a: Fit, b: Fit| if b.error < a.error { b } else { a };
        let best = fits.iter().copied().reduce(better);
        let kink = self.kink.filter(|kink| {
            let noise = 4.0 * grain.unit * self.middle.abs() + grain.quantum;
            kink.gap > 200.0 * noise / kink.step
        });
        let sides = |kink: Kink| (kink.left, kink.right);
        let Some(Fit { step, slope, noise, error }) = best else {
            let (slope, error, noise) = (f64::NAN, f64::INFINITY, f64::INFINITY);
            let step = self.looks.first().map_or(0.0, |look| look.step);
            return Estimate { slope, error, step, noise, kink: kink.map(sides) };
        };
        // A slope that is known at a smaller step stands between the point and the kink.
        let kink = kink.filter(|kink| error > 1e-2 * kink.gap).map(sides);
        // What is there on a smaller scale is there.
        fits.retain(|fit| fit.step < step && (fit.slope - slope).abs() > fit.error + error);
        let apart = fits.iter().map(|fit| (fit.slope - slope).abs());
        Estimate { slope, error: apart.fold(error, f64::max), step, noise, kink }
    }

    /// The slopes at the steps where a polynomial explains the values, from the smallest step on.
    fn fits(&self, grain: Grain) -> Vec<Fit> {
        let mut noise: Vec<f64> = Vec::with_capacity(self.looks.len());
        for look in &self.looks {
            let own =
                look.left_over.max(grain.unit * look.largest).max(grain.quantum).max(SUBNORMAL);
            noise.push(noise.last().map_or(own, |finer| own.max(*finer)));
        }
        let smooth = self.first_smooth(grain, &noise);
        let fit = |k: usize| {
            let Look { step, slope, largest, spread, .. } = self.looks[k];
            let noise = noise[k];
            let (slope, error) = if noise <= (4.0 * grain.unit * largest).max(EXPLAINED * spread) {
                (slope, WEIGHT * noise / step)
            } else if k == 0 && WEIGHT * (noise + spread) / step <= self.slightest() {
                // However it bends there, it is level beside what it does elsewhere.
                (0.0, WEIGHT * (noise + spread) / step)
            } else {
                return None;
            };
            Some(Fit { step, slope, noise, error })
        };
        let steeper = |fit: Fit, k: usize| match self.structure(&noise, smooth, k) {
            Some(step) => Fit { error: fit.error.max(fit.noise / step), ..fit },
            None => fit,
        };
        (smooth..noise.len()).filter_map(|k| Some(steeper(fit(k)?, k))).collect()
    }

    /// A slope that would hardly be seen among the values of the largest steps.
    fn slightest(&self) -> f64 {
        let largest = self.looks.iter().rfind(|look| look.spread.is_finite());
        largest.map_or(0.0, |look| 1e-3 * look.spread / look.step)
    }

    /// The step on whose scale that which is left over at step `k` came up, if it is no noise, which
    /// is there from the first step on, and did not come up just now: an oscillation, which may be
    /// steep.
    fn structure(&self, noise: &[f64], smooth: usize, k: usize) -> Option<f64> {
        let began = (smooth..k).find(|j| 10.0 * noise[*j] >= noise[k])?;
        let first = noise[smooth].max(*noise.get(smooth + 1)?);
        let is_noise = noise[k] <= 3.0 * first;
        (!is_noise && began + 2 <= k).then(|| self.looks[began].step)
    }

    /// The first step beyond those at which the values are smooth between two jumps, as they are
    /// where rounding within the function is a constant for a while; and beyond those that a
    /// function in single precision does not see.
    fn first_smooth(&self, grain: Grain, noise: &[f64]) -> usize {
        let jumps = |k: &usize| {
            let rounding = grain.unit * self.looks[*k].largest;
            let least = if noise[*k] <= 8.0 * rounding { RISE } else { JUMP };
            let rises = noise[*k] <= 1e3 * rounding && noise[k + 1] > least * noise[*k];
            let flat = |k: usize| noise.get(k + 1).is_some_and(|next| *next < FLAT * noise[k]);
            rises && (flat(k + 1) || flat(k + 2) && noise[k + 2] < 1e3 * noise[k + 1])
        };
        let jump = (0..noise.len().saturating_sub(1)).rev().find(jumps).map_or(0, |k| k + 1);
        let unseen = |look: &&Look| grain.unit > UNIT && look.step < 32.0 * grain.unit * self.size;
        jump.max(self.looks.iter().take_while(unseen).count())
    }

    /// What the values are multiples of, where those that differ first lie on a grid; else 0.
    fn quantum(&self) -> f64 {
        let differing = |look: &&Look| look.values.iter().filter(|x| **x != 0.0).count() >= 4;
        let Some(look) = self.looks.iter().find(differing) else {
            return decimal(&[self.middle]);
        };
        let mut values = look.values.clone();
        values.push(0.0);
        values.sort_by(f64::total_cmp);
        values.dedup();
        let gaps = values.windows(2).map(|pair| pair[1] - pair[0]);
        let least = gaps.fold(f64::INFINITY, f64::min);
        let is_multiple = |x: &f64| {
            let multiple = x / least;
            multiple.abs() < 1e3 && (multiple - multiple.round()).abs() < 1e-3
        };
        if values.iter().all(is_multiple) {
            return least;
        }
        values.iter_mut().for_each(|x| *x += self.middle);
        decimal(&values)
    }
}

impl Grain {
    /// How all these values are rounded: they are of one function.
    pub(crate) fn of(samples: &[Samples]) -> Grain {
        let looks = || samples.iter().flat_map(|samples| &samples.looks);
        let values = samples.iter().flat_map(|s| {
            let others = s.looks.iter().flat_map(|look| &look.values);
            others.map(|x| x + s.middle).chain([s.middle])
        });
        let zeros =
            values.filter(|x| x.is_finite() && *x != 0.0).map(|x| x.to_bits().trailing_zeros());
        let zeros = zeros.min().unwrap_or(0).min(52);
        let differing = looks().flat_map(|look| &look.values).filter(|x| **x != 0.0).count();
        let unit = match (zeros >= SINGLE, differing >= 8) {
            (true, true) => 2f64.powi(zeros as i32 - 53),
            (true, false) => 2f64.powi(SINGLE as i32 - 53),
            _ => UNIT,
        };
        Grain { unit, quantum: samples.iter().map(Samples::quantum).fold(0.0, f64::max) }
    }
}

/// The last decimal of numbers that have up to nine of them and may have been rounded there; else 0.
fn decimal(values: &[f64]) -> f64 {
    let is_multiple = |x: &f64, unit: f64| {
        let (multiple, rounding) = ((x / unit).abs(), 16.0 * UNIT * (x / unit).abs());
        multiple < 1e10 && (multiple - multiple.round()).abs() <= rounding
    };
    let mut units = (3..10).map(|digits| 10f64.powi(-digits));
    units.find(|unit| values.iter().all(|x| is_multiple(x, *unit))).unwrap_or(0.0)
}

/// Bits that are 0 in an f64 that was an f32.
const SINGLE: u32 = 29;

impl Look {
    fn new(f: &impl Fn(f64) -> f64, middle: f64, step: f64) -> Look {
        let points = points();
        let values: Vec<f64> = points.iter().map(|point| f(point * step) - middle).collect();
        let largest = values.iter().map(|x| (x + middle).abs()).fold(middle.abs(), f64::max);
        let most = values.iter().copied().fold(0.0, f64::max);
        let spread = most - values.iter().copied().fold(0.0, f64::min);
        let size = if spread > 0.0 { spread } else { 1.0 };
        let (mut slope, mut left_over) = fitted(&points, values.iter().map(|x| x / size));
        (slope, left_over) = (slope * size / step, left_over * size);
        if !left_over.is_finite() {
            left_over = f64::INFINITY;
        }
        Look { step, values, largest, spread, slope, left_over }
    }
}

/// Where to look, within a step of 1: as dense towards the ends as Chebyshev's points, by the golden
/// section, so that no two are opposite.
fn points() -> [f64; POINTS] {
    let golden = (5f64.sqrt() - 1.0) / 2.0;
    std::array::from_fn(|k| -(PI * (0.5 + golden * (k + 1) as f64).fract()).cos())
}

/// The slope at 0 of the polynomial that is nearest to these values and to 0 at 0, and the standard
/// deviation of what it leaves over.
fn fitted(points: &[f64], values: impl Iterator<Item = f64>) -> (f64, f64) {
    let t: Vec<f64> = points.iter().copied().chain([0.0]).collect();
    let mut rest: Vec<f64> = values.chain([0.0]).collect();
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    // Two polynomials that are orthogonal on the points: their values there, value and slope at 0.
    let (mut before, mut this) = (vec![0.0; t.len()], vec![1.0; t.len()]);
    let (mut at_before, mut at) = ([0.0, 0.0], [1.0, 0.0]);
    let (mut size_before, mut slope) = (1.0, 0.0);
    for degree in 0..=DEGREE {
        let size = dot(&this, &this);
        let share = dot(&this, &rest) / size;
        slope += share * at[1];
        rest.iter_mut().zip(&this).for_each(|(rest, p)| *rest -= share * p);
        let raised: Vec<f64> = t.iter().zip(&this).map(|(t, p)| t * p).collect();
        let a = dot(&raised, &this) / size;
        let b = if degree == 0 { 0.0 } else { size / size_before };
        let next = raised.iter().zip(this.iter().zip(&before)).map(|(r, (p, q))| r - a * p - b * q);
        (this, before) = (next.collect(), this);
        let at_next = [-a * at[0] - b * at_before[0], at[0] - a * at[1] - b * at_before[1]];
        (at, at_before, size_before) = (at_next, at, size);
    }
    let freedom = (t.len() - DEGREE - 1) as f64;
    (slope, (dot(&rest, &rest) / freedom).sqrt())
}

/// The slopes to the left and right if they stay apart however small the step, over three decades of
/// steps from `top` down: their difference does not shrink, as it does where the function bends, nor
/// grow, as noise does.
fn kink(f: &impl Fn(f64) -> f64, middle: f64, top: f64) -> Option<Kink> {
    let sides = |step: f64| ((middle - f(-step)) / step, (f(step) - middle) / step);
    let steps = [1.0, 0.11, 0.013, 0.0017].map(|share| share * top);
    let gaps = steps.map(&sides).map(|(left, right)| right - left);
    let least = gaps.iter().fold(f64::INFINITY, |least, gap| least.min(gap.abs()));
    let most = gaps.iter().fold(0.0, |most: f64, gap| most.max(gap.abs()));
    let (left, right) = sides(steps[3]);
    (least > 0.5 * most).then_some(Kink { left, right, gap: least, step: steps[3] })
}

/// The order at which `f(step) - f(0) - slope * step` vanishes: 2 if the slope is right, 1 if it is
/// wrong. It is looked at from ten times the step down at which the derivative was found, and as far as
/// the noise of the values leaves something to see; `None` if that is too little.
pub(crate) fn taylor_order(f: impl Fn(f64) -> f64, slope: f64, found: &Estimate) -> Option<f64> {
    let middle = f(0.0);
    let mut points = Vec::new();
    let mut step = 10.0 * found.step;
    for _ in 0..40 {
        let value = f(step);
        let remainder = (value - middle - slope * step).abs();
        let noise = found.noise.max(UNIT * value.abs().max(middle.abs()));
        if remainder > 1e2 * noise && remainder.is_finite() {
            points.push((step.ln(), remainder.ln()));
        }
        step *= 0.53;
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

    fn derivative(f: impl Fn(f64) -> f64, size: f64) -> Estimate {
        let samples = Samples::new(f, Range::of(&[size]));
        samples.estimate(Grain::of(std::slice::from_ref(&samples)))
    }

    #[test]
    fn the_estimate_of_the_error_is_honest() {
        let cases: [Case; 6] = [
            (|h| (1.0 + h).exp(), 1f64.exp()),
            (|h| (0.3 + h).sin(), 0.3f64.cos()),
            (|h| 1e-7 * (2.0 + h).ln(), 0.5e-7),
            (|h| 1.0 / (1.0 + 25.0 * (0.1 + h).powi(2)), -5.0 / (1.25f64).powi(2)),
            (|h| 1.0 / (1e-8 + h), -1e16),
            (|h| 1.0 + 1e-12 * h, 1e-12),
        ];
        for (k, (f, truth)) in cases.into_iter().enumerate() {
            let found = derivative(f, if k == 4 { 1e-8 } else { 1.0 });
            let off = (found.slope - truth).abs();
            assert!(off <= found.error, "{k}: {found:?}, and it is off by {off:e}");
            assert!(k == 5 || found.error < 1e-8 * truth.abs(), "{k}: {found:?}");
            assert!(found.kink.is_none(), "{k}: {found:?}");
        }
    }

    #[test]
    fn kinks_are_seen() {
        let found = derivative(|h: f64| (1.0 + h) + 2.0 * h.max(0.0), 1.0);
        let (left, right) = found.kink.unwrap();
        assert!((left - 1.0).abs() < 1e-6 && (right - 3.0).abs() < 1e-6);
        assert!(derivative(|h: f64| (1e-6 + h).abs(), 1.0).kink.is_none());
    }

    #[test]
    fn the_noise_is_that_of_the_values() {
        let noise = |f: fn(f64) -> f64| derivative(f, 0.7).noise;
        assert!((5e-17..3e-15).contains(&noise(|h| (0.7 + h).sin())));
        assert!((3e-8..1e-6).contains(&noise(|h| ((0.7 + h) as f32).sin() as f64)));
        assert!((3e-6..1e-4).contains(&noise(|h| ((0.7 + h).sin() * 1e5).round() / 1e5)));
    }

    #[test]
    fn what_jumps_everywhere_has_no_slope() {
        let found = derivative(|h: f64| (h * 1e9).floor().rem_euclid(7.0).sqrt() * h.exp(), 1.0);
        assert!(found.error > 1e3 || found.slope.is_nan(), "{found:?}");
    }

    #[test]
    fn the_remainder_is_of_second_order_if_the_slope_is_right() {
        let f = |h: f64| (1.0 + h).exp();
        let order = |slope| taylor_order(f, slope, &derivative(f, 1.0)).unwrap();
        assert!((order(1f64.exp()) - 2.0).abs() < 0.05);
        assert!((order(2.0) - 1.0).abs() < 0.05);
        let line = |h: f64| 1.0 + h;
        assert_eq!(taylor_order(line, 1.0, &derivative(line, 1.0)), None);
    }
}
