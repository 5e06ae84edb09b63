//! Checks of Jacobians, Hessian-vector products and custom primitives. It must not know what a
//! mistake looks like.

use super::black_box::{block, moved};
use super::borders::Borders;
use super::bounds::{self, Bounds};
use super::difference::{Grain, Range, Samples};
use super::examine::Examined;
use super::gradient::limits_of_partials;
use super::options::{Check, parts};
use super::random::Random;
use super::report::{Component, Oracle, Part, Question, Report};
use super::scene::{Behind, Scene, remembering_tape, tried};
use super::sides::{Limit, limits, scale};
use super::suspect::whole_pattern;
use crate::custom::Custom;
use crate::tape::Tape;
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
        let rows = f(&remembering_tape().input_slice(x)).len();
        let examined = Examined {
            question: Question::Jacobian,
            blocks: vec![block("J", &[rows, x.len()])],
            at: &|x| Some(rows_at(&f, &jacobian, x)).filter(|at| at.truth.len() == rows * x.len()),
            limits: &|scene| limits_of_partials(&|v| Some(f(v)), &scene.x, &scene.behind),
            elsewhere: &|_| Vec::new(),
            settled_by_a_line: true,
        };
        self.examine(x, examined)
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
        let mut random = Random::new(self.seed);
        let directions = if self.directions == 0 { DIRECTIONS } else { self.directions };
        let directions: Vec<Vec<f64>> =
            (0..directions).map(|_| random.direction(x.len())).collect();
        let examined = Examined {
            question: Question::Product,
            blocks: vec![block("product", &[directions.len(), x.len()])],
            at: &|x| Some(products_at(&f, &hvp, &directions, x)),
            limits: &|scene| limits_of_products(&f, &directions, &scene.x),
            elsewhere: &|_| Vec::new(),
            settled_by_a_line: false,
        };
        self.examine(x, examined)
    }

    /// [`check_custom`](crate::check_custom) with these options.
    #[track_caller]
    pub fn custom(&self, custom: &Arc<dyn Custom>, x: &[f64]) -> Report {
        let partials = |x: &[f64]| {
            let mut partials = vec![0.0; x.len()];
            custom.partials(x, custom.value(x), &mut partials);
            partials
        };
        let blocks = self.layout(x.len());
        let question = Question::Custom(custom.name().to_owned());
        if let Some(program) = custom.program() {
            if let Err(error) = program.value(x) {
                panic!("{error}");
            }
            let mut report = self.gradient_of(&|v| Some(program.inline(v).ok()?[0]), &partials, x);
            report.question = question;
            return report;
        }
        let yours = partials(x);
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
}

/// A Jacobian at a point.
///
/// # Panics
/// If there are not outputs times inputs entries.
#[track_caller]
fn rows_at<F, G>(f: &F, jacobian: &G, x: &[f64]) -> Scene
where
    F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
    G: Fn(&[f64]) -> Vec<f64>,
{
    let tape = remembering_tape();
    let outputs = f(&tape.input_slice(x));
    let (rows, columns, yours) = (outputs.len(), x.len(), jacobian(x));
    assert_eq!(
        yours.len(),
        rows * columns,
        "the Jacobian has {} entries, and is {rows} outputs by {columns} inputs",
        yours.len(),
    );
    let borders = Borders::new(&tape, &tape.program(&outputs), x);
    let (mut truth, mut bounds, mut behind) = (Vec::new(), Bounds::default(), Vec::new());
    for y in outputs {
        let program = tape.program(&[y]);
        truth.extend(program.gradient(x).expect("replayed where it was recorded"));
        let of_row = bounds::of_gradient(&program, x);
        bounds.truth.extend(of_row.truth);
        bounds.taught.extend(of_row.taught);
        behind.extend(Behind::own(borders.behind(columns, y.slot())));
    }
    Scene { borders, behind, ..Scene::of_numbers(x, yours, truth, bounds) }
}

/// Products of a Hessian with directions, at a point.
///
/// # Panics
/// If a product has another length than `x`, or the function uses a custom primitive that has no
/// program.
#[track_caller]
fn products_at<F, G>(f: &F, hvp: &G, directions: &[Vec<f64>], x: &[f64]) -> Scene
where
    F: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    G: Fn(&[f64], &[f64]) -> Vec<f64>,
{
    let tape = remembering_tape();
    let y = f(&tape.input_slice(x));
    let program = tape.program(&[y]);
    let (mut yours, mut truth, mut bound) = (Vec::new(), Vec::new(), Vec::new());
    for x_dot in directions {
        let product = hvp(x, x_dot);
        let (given, inputs) = (product.len(), x.len());
        assert_eq!(given, inputs, "the product has {given} components, the point {inputs}");
        yours.extend(product);
        truth.extend(program.hvp(x, x_dot).unwrap_or_else(|error| panic!("{error}")).1);
        bound.extend(bounds::of_product(&program, x, x_dot));
    }
    let borders = Borders::new(&tape, &program, x);
    // A direction moves all inputs, so a product depends on each border that any input reaches.
    let own = borders.behind(x.len(), y.slot());
    let nearest = own.iter().flatten().min().copied();
    let depends =
        |own: Option<usize>| Some(Behind { border: own.or(nearest)?, by_own_input: own.is_some() });
    let of_inputs: Vec<Option<Behind>> = own.into_iter().map(depends).collect();
    let behind = of_inputs.repeat(directions.len());
    Scene { borders, behind, ..Scene::of_numbers(x, yours, truth, Bounds::alike(bound)) }
}

/// What the products come to on both sides of a point, along each direction.
fn limits_of_products(
    f: &impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    directions: &[Vec<f64>],
    x: &[f64],
) -> Vec<Option<Limit>> {
    let along = |x_dot: &[f64], step: f64| {
        let (tape, x) = (Tape::new(), moved(x, x_dot, step));
        tape.program(&[f(&tape.input_slice(&x))]).hvp(&x, x_dot).ok()
    };
    let mut found = Vec::new();
    for x_dot in directions {
        let (middle, _) = along(x_dot, 0.0).unwrap_or_default();
        let at = |step: f64| {
            let (slopes, products) = tried(|| along(x_dot, step))?;
            Some(slopes.into_iter().zip(products).map(|(slope, d)| [slope, d]).collect())
        };
        found.extend(limits(&middle, &at, scale(x)).into_iter().map(Some));
    }
    found
}
