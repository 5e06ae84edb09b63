//! Checks by differences of values, for functions on plain numbers. It must not know tapes.

use super::difference::{Estimate, Grain, Range, Samples, taylor_order};
use super::judge::judge;
use super::options::{Block, Check, parts};
use super::random::Random;
use super::report::{Component, Oracle, Part, Question, Reason, Report, Verdict};
use super::suspect::whole_pattern;

/// A line through the point: where it goes, and at which steps it is looked at.
struct Line {
    part: Part,
    direction: Vec<f64>,
    range: Range,
}

impl Check {
    /// [`check_black_box`](crate::check_black_box) with these options.
    ///
    /// # Panics
    /// If the gradient has another length than `x`, or the blocks are longer.
    #[track_caller]
    pub fn black_box(
        &self,
        f: impl Fn(&[f64]) -> f64,
        gradient: impl Fn(&[f64]) -> Vec<f64>,
        x: &[f64],
    ) -> Report {
        let g = gradient(x);
        let (given, inputs) = (g.len(), x.len());
        assert_eq!(given, inputs, "the gradient has {given} components, and the point {inputs}");
        let lines = self.lines(x);
        let along = |line: &Line, h: f64| f(&moved(x, &line.direction, h));
        let samples: Vec<Samples> =
            lines.iter().map(|line| Samples::new(|h| along(line, h), line.range)).collect();
        let grain = Grain::of(&samples);
        let found: Vec<Estimate> = samples.iter().map(|samples| samples.estimate(grain)).collect();
        let component = |(line, found): (&Line, &Estimate)| {
            let yours = dot(&g, &line.direction);
            let (verdict, reason) = self.judge_estimate(yours, found);
            let part = line.part.clone();
            Component { part, yours, truth: found.slope, bound: found.error, verdict, reason }
        };
        let components = lines.iter().zip(&found).map(component).collect();
        let mut report = Report::new(Question::Gradient, Oracle::Differences, components);
        let order = |k: usize, yours: f64| taylor_order(|h| along(&lines[k], h), yours, &found[k]);
        hear_second_witness(&mut report.components, order);
        report.taylor = match report.verdict() {
            Verdict::Wrong => {
                let wrong = report.components.iter().position(|c| c.verdict == Verdict::Wrong);
                wrong.and_then(|k| order(k, report.components[k].yours))
            }
            Verdict::Right => self.taylor_at_random(&f, &g, x, &found),
            Verdict::CannotTell => None,
        };
        if self.directions == 0 {
            report.findings = whole_pattern(&report.components, &self.layout(inputs));
        }
        report
    }

    /// The order of the Taylor remainder along a random direction, where it is that of a right
    /// gradient: the values may be too rough there to tell.
    fn taylor_at_random(
        &self,
        f: &impl Fn(&[f64]) -> f64,
        g: &[f64],
        x: &[f64],
        found: &[Estimate],
    ) -> Option<f64> {
        let direction = Random::new(self.seed).direction(x.len());
        let finest = found.iter().copied().reduce(|a, b| if b.step < a.step { b } else { a })?;
        let noise = found.iter().fold(0.0, |most: f64, found| most.max(found.noise));
        let finest = Estimate { noise, ..finest };
        let along = |h| f(&moved(x, &direction, h));
        taylor_order(along, dot(g, &direction), &finest).filter(|order| *order > TAYLOR)
    }

    /// The axes, or as many random directions as were asked for.
    #[track_caller]
    fn lines(&self, x: &[f64]) -> Vec<Line> {
        if self.directions > 0 {
            let mut random = Random::new(self.seed);
            let line = |k| {
                let direction = random.direction(x.len());
                Line { part: direction_part(k), direction, range: Range::of(x) }
            };
            return (0..self.directions).map(line).collect();
        }
        let axis = |(k, part)| {
            let mut direction = vec![0.0; x.len()];
            direction[k] = 1.0;
            Line { part, direction, range: Range::of(&x[k..=k]) }
        };
        parts(&self.layout(x.len())).into_iter().enumerate().map(axis).collect()
    }

    /// Judges against differences: at a kink, nothing can be said of a slope between both sides.
    pub(crate) fn judge_estimate(&self, yours: f64, found: &Estimate) -> (Verdict, Reason) {
        let (mut verdict, mut reason) = judge(yours, found.slope, [found.error; 2], self.limits);
        // Differences are too coarse to say that a derivative is zero.
        if let Reason::Zero { bound } = reason {
            (verdict, reason) = (Verdict::CannotTell, Reason::BelowError { bound });
        }
        match found.kink {
            Some((left, right)) if verdict != Verdict::Right => {
                (Verdict::CannotTell, Reason::BetweenKinks { left, right })
            }
            _ if found.noise.is_infinite() => (Verdict::CannotTell, Reason::TooRough),
            _ => (verdict, reason),
        }
    }
}

/// An order above this is that of a right gradient.
const TAYLOR: f64 = 1.5;

/// Takes back what the Taylor remainder does not confirm: where it shrinks as it does for a right
/// gradient, one of the two witnesses errs.
fn hear_second_witness(components: &mut [Component], order: impl Fn(usize, f64) -> Option<f64>) {
    for (k, component) in components.iter_mut().enumerate() {
        if component.verdict == Verdict::Wrong
            && let Some(order) = order(k, component.yours).filter(|order| *order > TAYLOR)
        {
            component.verdict = Verdict::CannotTell;
            component.reason = Reason::WitnessesDisagree { order };
        }
    }
}

fn direction_part(k: usize) -> Part {
    Part { block: "direction".to_owned(), index: vec![k] }
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

pub(crate) fn moved(x: &[f64], direction: &[f64], h: f64) -> Vec<f64> {
    x.iter().zip(direction).map(|(x, d)| x + h * d).collect()
}

/// One block for the arguments of something with a name.
pub(crate) fn block(name: &str, shape: &[usize]) -> Block {
    Block { name: name.to_owned(), shape: shape.to_vec() }
}
