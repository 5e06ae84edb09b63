//! Checks of Jacobians, Hessian-vector products and custom primitives. It must not know what a
//! mistake looks like.

use super::black_box::{block, moved};
use super::bounds::{self, Bounds};
use super::difference::{Grain, Range, Samples};
use super::judge::judge;
use super::options::{Block, Check, parts};
use super::random::Random;
use super::report::{Component, Oracle, Part, Question, Report};
use super::scene::remembering_tape;
use super::suspect::whole_pattern;
use crate::custom::Custom;
use crate::var::Var;
use std::sync::Arc;

/// Directions in which Hessian-vector products are checked if no number was said.
const DIRECTIONS: usize = 3;

impl Check {
    /// [`check_jacobian`](crate::check_jacobian) with these options; blocks are of the columns.
    ///
    /// # Panics
    /// If there are not outputs times inputs entries.
    #[track_caller]
    pub fn jacobian(
        &self,
        f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
        jacobian: impl Fn(&[f64]) -> Vec<f64>,
        x: &[f64],
    ) -> Report {
        let tape = remembering_tape();
        let outputs = f(&tape.input_slice(x));
        let (rows, columns) = (outputs.len(), x.len());
        let yours = jacobian(x);
        assert_eq!(
            yours.len(),
            rows * columns,
            "the Jacobian has {} entries, and is {rows} outputs by {columns} inputs",
            yours.len(),
        );
        let (mut truth, mut bounds) = (Vec::new(), Bounds::default());
        for y in outputs {
            let program = tape.program(&[y]);
            truth.extend(program.gradient(x).expect("replayed where it was recorded"));
            let of_row = bounds::of_gradient(&program, x);
            bounds.truth.extend(of_row.truth);
            bounds.taught.extend(of_row.taught);
        }
        let blocks = [block("J", &[rows, columns])];
        self.compare(Question::Jacobian, &blocks, &yours, &truth, &bounds)
    }

    /// [`check_hvp`](crate::check_hvp) with these options.
    ///
    /// # Panics
    /// If a product has another length than `x`, or the function uses a custom primitive that has
    /// no program.
    #[track_caller]
    pub fn hvp(
        &self,
        f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
        hvp: impl Fn(&[f64], &[f64]) -> Vec<f64>,
        x: &[f64],
    ) -> Report {
        let tape = remembering_tape();
        let program = tape.program(&[f(&tape.input_slice(x))]);
        let mut random = Random::new(self.seed);
        let directions = if self.directions == 0 { DIRECTIONS } else { self.directions };
        let (mut yours, mut truth, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..directions {
            let x_dot = random.direction(x.len());
            let product = hvp(x, &x_dot);
            let (given, inputs) = (product.len(), x.len());
            assert_eq!(given, inputs, "the product has {given} components, the point {inputs}");
            yours.extend(product);
            let own = program.hvp(x, &x_dot).unwrap_or_else(|error| panic!("{error}"));
            truth.extend(own.1);
            bound.extend(bounds::of_product(&program, x, &x_dot));
        }
        let blocks = [block("product", &[directions, x.len()])];
        self.compare(Question::Product, &blocks, &yours, &truth, &Bounds::alike(bound))
    }

    /// [`check_custom`](crate::check_custom) with these options.
    #[track_caller]
    pub fn custom(&self, custom: &Arc<dyn Custom>, x: &[f64]) -> Report {
        let mut yours = vec![0.0; x.len()];
        let value = custom.value(x);
        custom.partials(x, value, &mut yours);
        let blocks = self.layout(x.len());
        let question = Question::Custom(custom.name().to_owned());
        if let Some(program) = custom.program() {
            let truth = program.gradient(x).unwrap_or_else(|error| panic!("{error}"));
            let bounds = bounds::of_gradient(program, x);
            return self.compare(question, &blocks, &yours, &truth, &bounds);
        }
        let along = |k: usize| {
            let mut axis = vec![0.0; x.len()];
            axis[k] = 1.0;
            Samples::new(|h| custom.value(&moved(x, &axis, h)), Range::of(&x[k..=k]))
        };
        let samples: Vec<Samples> = (0..x.len()).map(along).collect();
        let grain = Grain::of(&samples);
        let component = |(k, part): (usize, Part)| {
            let found = samples[k].estimate(grain);
            let (verdict, reason) = self.judge_estimate(yours[k], &found);
            let (truth, bound) = (found.slope, found.error);
            Component { part, yours: yours[k], truth, bound, verdict, reason }
        };
        let components = parts(&blocks).into_iter().enumerate().map(component).collect();
        let mut report = Report::new(question, Oracle::Differences, components);
        report.findings = whole_pattern(&report.components, &blocks);
        report
    }

    /// Judges numbers one by one, and looks at all of them together.
    fn compare(
        &self,
        question: Question,
        blocks: &[Block],
        yours: &[f64],
        truth: &[f64],
        bounds: &Bounds,
    ) -> Report {
        let component = |(k, part): (usize, Part)| {
            let (yours, truth, bound) = (yours[k], truth[k], bounds.truth[k]);
            let errors = [bound, bounds.taught[k]];
            let (verdict, reason) = judge(yours, truth, errors, self.limits);
            Component { part, yours, truth, bound, verdict, reason }
        };
        let components = parts(blocks).into_iter().enumerate().map(component).collect();
        let mut report = Report::new(question, Oracle::Sweep, components);
        report.findings = whole_pattern(&report.components, blocks);
        report
    }
}
