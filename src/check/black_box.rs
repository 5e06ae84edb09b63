//! Checks by differences of values, for functions on plain numbers. It must not know tapes.

use super::difference::{Estimate, derivative, taylor_order};
use super::judge::judge;
use super::options::{Block, Check, parts};
use super::random::Random;
use super::report::{Component, Oracle, Part, Question, Reason, Report, Verdict};
use super::suspect::whole_pattern;

/// A line through the point: where it goes, and what moves along it.
struct Line {
    part: Part,
    direction: Vec<f64>,
    scale: f64,
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
        let components: Vec<Component> =
            lines.iter().map(|line| self.along(&f, &g, x, line)).collect();
        let mut report = Report::new(Question::Gradient, Oracle::Differences, components);
        let direction = Random::new(self.seed).direction(x.len());
        let line = Line { part: direction_part(0), direction, scale: scale(x) };
        let slope = dot(&g, &line.direction);
        report.taylor = taylor_order(|h| f(&moved(x, &line.direction, h)), slope, line.scale);
        if self.directions == 0 {
            report.findings = whole_pattern(&report.components, &self.layout(inputs));
        }
        report
    }

    /// The axes, or as many random directions as were asked for.
    #[track_caller]
    fn lines(&self, x: &[f64]) -> Vec<Line> {
        if self.directions > 0 {
            let mut random = Random::new(self.seed);
            let line = |k| {
                let direction = random.direction(x.len());
                Line { part: direction_part(k), direction, scale: scale(x) }
            };
            return (0..self.directions).map(line).collect();
        }
        let axis = |(k, part)| {
            let mut direction = vec![0.0; x.len()];
            direction[k] = 1.0;
            Line { part, direction, scale: scale(&x[k..=k]) }
        };
        parts(&self.layout(x.len())).into_iter().enumerate().map(axis).collect()
    }

    fn along(&self, f: &impl Fn(&[f64]) -> f64, g: &[f64], x: &[f64], line: &Line) -> Component {
        let yours = dot(g, &line.direction);
        let found = derivative(|h| f(&moved(x, &line.direction, h)), line.scale);
        let (verdict, reason) = self.judge_estimate(yours, &found);
        let part = line.part.clone();
        Component { part, yours, truth: found.slope, bound: found.error, verdict, reason }
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
            _ => (verdict, reason),
        }
    }
}

fn direction_part(k: usize) -> Part {
    Part { block: "direction".to_owned(), index: vec![k] }
}

/// The size of the numbers at a point, on which a step is measured; 1 where they are small.
pub(crate) fn scale(x: &[f64]) -> f64 {
    let largest = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    if largest > 0.0 { largest.clamp(1e-3, 1e300) } else { 1.0 }
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
