//! `argmin`'s solvers fed with exact derivatives: each finds the minimum that is known, or that a
//! direct solution gives. It must not know how a derivative is found.

use super::panic_message;
use argmin::core::{CostFunction, Executor, Gradient, Hessian, IterState, Jacobian, Operator};
use argmin::core::{Solver, State, TerminationReason};
use argmin::solver::gaussnewton::{GaussNewton, GaussNewtonLS};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::newton::NewtonCG;
use argmin::solver::quasinewton::LBFGS;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use argmin_math::{ArgminDot, ArgminInv, ArgminTranspose};
use std::cell::Cell;
use std::sync::Arc;
use wengert::guest::{Active, NotFinite, Objective, Quantity, Residuals, Singular, active};
use wengert::{Custom, Matrix, Number, Recorded, Var};

fn rosenbrock<N: Number>(x: &[N]) -> N {
    let valley = |x: &[N]| (x[1] - x[0].square()).square() * 100.0 + (x[0] - 1.0).square();
    x.windows(2).map(valley).sum()
}

/// Hours of study, and whether the examination was passed.
const PASSED: [(f64, bool); 20] = [
    (0.50, false),
    (0.75, false),
    (1.00, false),
    (1.25, false),
    (1.50, false),
    (1.75, false),
    (1.75, true),
    (2.00, false),
    (2.25, true),
    (2.50, false),
    (2.75, true),
    (3.00, false),
    (3.25, true),
    (3.50, false),
    (4.00, true),
    (4.25, true),
    (4.50, true),
    (4.75, true),
    (5.00, true),
    (5.50, true),
];

/// The negative log-likelihood of a logistic regression on them.
fn logistic<N: Number>(p: &[N]) -> N {
    let surprise = |(hours, passed): &(f64, bool)| {
        let z = p[0] + p[1] * *hours;
        if *passed { (-z).softplus() } else { z.softplus() }
    };
    PASSED.iter().map(surprise).sum()
}

type LineSearch = MoreThuenteLineSearch<Vec<f64>, Vec<f64>, f64>;

/// Where the solver ends, and how many steps it took.
fn minimum<O, S, G, H>(objective: O, solver: S, start: &[f64]) -> (Vec<f64>, u64)
where
    O: CostFunction<Param = Vec<f64>, Output = f64>,
    S: Solver<O, IterState<Vec<f64>, G, (), H, (), f64>>,
    IterState<Vec<f64>, G, (), H, (), f64>: State<Param = Vec<f64>, Float = f64>,
{
    let run = Executor::new(objective, solver)
        .configure(|state| state.param(start.to_vec()).max_iters(1000))
        .run()
        .unwrap();
    let best = run.state.get_best_param().unwrap().clone();
    (best, run.state.get_iter())
}

fn lbfgs() -> LBFGS<LineSearch, Vec<f64>, Vec<f64>, f64> {
    LBFGS::new(MoreThuenteLineSearch::new(), 7).with_tolerance_cost(0.0).unwrap()
}

fn newton() -> NewtonCG<LineSearch, f64> {
    NewtonCG::new(MoreThuenteLineSearch::new()).with_tolerance(1e-6).unwrap()
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64], tolerance: f64) {
    let off = |(x, y): (&f64, &f64)| (x - y).abs() <= tolerance;
    assert!(found.iter().zip(expected).all(off), "{found:?}, and not {expected:?}");
}

const START: [f64; 2] = [-1.2, 1.0];

/// So long a valley has its only minimum on this side.
const FAR: [f64; 50] = [0.0; 50];

#[test]
fn lbfgs_finds_the_bottom_of_the_valley() {
    let (best, _) = minimum(Objective::new(|x| rosenbrock(x), &START), lbfgs(), &START);
    assert_near(&best, &[1.0; 2], 1e-7);
}

/// A factor on the function, without which Newton-CG takes the steps of steepest descent: it ends
/// its inner iteration where the square of the residual is small against the gradient.
const STEEP: f64 = 1e10;

#[test]
fn newton_cg_finds_it_with_hessians_in_fewer_steps() {
    let (_, quasi) = minimum(Objective::new(|x| rosenbrock(x), &START), lbfgs(), &START);
    let steep = Objective::new(|x| rosenbrock(x) * STEEP, &START);
    let (best, steps) = minimum(steep, newton(), &START);
    assert_near(&best, &[1.0; 2], 1e-9);
    assert!(steps < 30 && steps < quasi, "{steps} and {quasi}");
}

#[test]
fn newton_cg_needs_no_matrix() {
    let objective = Objective::new(|x| rosenbrock(x), &FAR);
    assert_near(&minimum(objective, lbfgs(), &FAR).0, &[1.0; 50], 1e-6);
    let steep = Objective::new(|x| rosenbrock(x) * STEEP, &FAR).matrix_free();
    let (best, steps) = minimum(steep, newton(), &FAR);
    assert_near(&best, &[1.0; 50], 1e-9);
    assert!(steps < 200, "{steps}");
}

#[test]
fn trust_regions_find_it_either_way() {
    let solver = || TrustRegion::new(Steihaug::new().with_max_iters(20));
    let dense = Objective::new(|x| rosenbrock(x), &START);
    assert_near(&minimum(dense.clone(), solver(), &START).0, &[1.0; 2], 1e-6);
    assert_near(&minimum(dense.matrix_free(), solver(), &START).0, &[1.0; 2], 1e-6);
}

#[test]
fn a_logistic_regression_finds_its_textbook_coefficients() {
    let expected = [-4.0777, 1.5046];
    let objective = Objective::new(|p| logistic(p), &[0.0, 0.0]);
    let (quasi, _) = minimum(objective.clone(), lbfgs(), &[0.0, 0.0]);
    let steep = Objective::new(|p| logistic(p) * STEEP, &[0.0, 0.0]);
    let (exact, steps) = minimum(steep, newton(), &[0.0, 0.0]);
    assert!(steps < 10, "{steps}");
    assert_near(&quasi, &expected, 5e-5);
    assert_near(&exact, &expected, 5e-5);
    assert_near(&quasi, &exact, 1e-6);
    assert_near(&objective.gradient(&exact).unwrap(), &[0.0, 0.0], 1e-6);
}

#[test]
fn a_nonlinear_least_squares_fit_finds_the_curve_that_made_the_data() {
    let times: Vec<f64> = (0..12).map(|k| f64::from(k) * 0.5).collect();
    let data: Vec<f64> = times.iter().map(|t| 2.5 * (-0.8 * t).exp() + 0.75).collect();
    let squares = |p: &[Active]| {
        let error = |(t, y): (&f64, &f64)| ((-p[1] * t).exp() * p[0] + p[2] - y).square();
        times.iter().zip(&data).map(error).sum::<Active>()
    };
    let (start, truth) = ([1.0, 0.3, 0.0], [2.5, 0.8, 0.75]);
    let quasi = Objective::new(active(&squares), &start);
    assert_near(&minimum(quasi, lbfgs(), &start).0, &truth, 1e-6);
    let steep = Objective::new(active(|p: &[Active]| squares(p) * STEEP), &start);
    assert_near(&minimum(steep, newton(), &start).0, &truth, 1e-6);
}

/// The residuals of Osborne's first problem: two decays and a constant, in 33 measurements.
fn decays<N: Number>(p: &[N], data: &[f64]) -> Vec<N> {
    let model = |t: f64| p[0] + p[1] * (-p[3] * t).exp() + p[2] * (-p[4] * t).exp();
    data.iter().enumerate().map(|(k, y)| model(10.0 * k as f64) - *y).collect()
}

/// His measurements (Osborne 1972, in Moré, Garbow and Hillstrom, "Testing unconstrained optimization
/// software", ACM TOMS 7 (1981), problem 17).
const MEASURED: [f64; 33] = [
    0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685,
    0.658, 0.628, 0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448,
    0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
];

#[test]
fn gauss_and_newton_find_the_published_fit() {
    let start = vec![0.5, 1.5, -1.0, 0.01, 0.02];
    let off = Residuals::new(|p| decays(p, &MEASURED), &start);
    let run = Executor::new(off.clone(), GaussNewton::new().with_tolerance(1e-12).unwrap())
        .configure(|state| state.param(start.clone()).max_iters(50))
        .run()
        .unwrap();
    let best = run.state.get_best_param().unwrap();
    // The sum of squares at the minimum is 5.46489e-5, as published.
    let squares = 2.0 * off.cost(best).unwrap();
    assert!((squares - 5.46489e-5).abs() < 5e-10, "{squares:e} at {best:?}");
    assert!(off.gradient(best).unwrap().iter().all(|slope| slope.abs() < 1e-7));
    assert!(run.state.get_iter() < 20, "{} steps", run.state.get_iter());
    assert_eq!(off.recordings(), 1);
}

#[test]
fn gauss_and_newton_take_a_line_search() {
    let (start, truth) = (vec![1.0, 0.3, 0.0], [2.5, 0.8, 0.75]);
    let times: Vec<f64> = (0..12).map(|k| f64::from(k) * 0.5).collect();
    let data: Vec<f64> = times.iter().map(|t| 2.5 * (-0.8 * t).exp() + 0.75).collect();
    let off = Residuals::new(
        |p| times.iter().zip(&data).map(|(t, y)| (-p[1] * t).exp() * p[0] + p[2] - y).collect(),
        &start,
    );
    let search: LineSearch = MoreThuenteLineSearch::new();
    let run = Executor::new(off.clone(), GaussNewtonLS::new(search))
        .configure(|state| state.param(start.clone()).max_iters(100))
        .run()
        .unwrap();
    assert_near(run.state.get_best_param().unwrap(), &truth, 1e-4);
    assert_near(&minimum(off, lbfgs(), &start).0, &truth, 1e-5);
}

#[test]
fn residuals_with_branches_are_recorded_again() {
    fn bent<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
        vec![if x[0] > 1.0 { x[0] * 2.0 } else { x[0].square() }, x[1] - 3.0]
    }
    let off = Residuals::new(bent, &[2.0, 0.0]);
    assert_eq!(off.jacobian(&vec![3.0, 1.0]).unwrap().data(), [2.0, 0.0, 0.0, 1.0]);
    assert_eq!(off.apply(&vec![0.5, 1.0]).unwrap(), [0.25, -2.0]);
    assert_eq!(off.gradient(&vec![0.5, 1.0]).unwrap(), [0.25, -2.0]);
    assert_eq!(off.recordings(), 2);
}

#[test]
fn a_matrix_is_inverted_or_named_singular() {
    let mut matrix = Matrix::zeros(3, 3);
    matrix.data_mut().copy_from_slice(&[0.0, 2.0, 1.0, 1.0, -1.0, 0.0, 3.0, 0.5, 4.0]);
    let unit: Matrix = matrix.dot(&matrix.inv().unwrap());
    for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
        assert!((unit[(i, j)] - f64::from(i == j)).abs() < 1e-14, "{unit:?}");
    }
    assert_eq!(matrix.clone().t()[(0, 2)], 3.0);
    matrix.data_mut().copy_from_slice(&[1.0, 2.0, 0.0, 2.0, 4.0, 0.0, 0.0, 0.0, 1.0]);
    let error = matrix.inv().unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Singular { column: 1 }));
    assert!(error.to_string().contains("column 1, counted from 0, depends on those before it"));
}

#[test]
fn a_function_with_branches_is_recorded_again() {
    fn huber<'t>(x: &[Var<'t>]) -> Var<'t> {
        let bent = |x: Var<'t>| if x.abs() > 1.0 { x.abs() * 2.0 - 1.0 } else { x.square() };
        bent(x[0] - 3.0) + bent(x[1] + 1.0)
    }
    let objective = Objective::from(Recorded::new(huber, &[-5.0, 4.0]));
    let (best, _) = minimum(objective.clone(), lbfgs(), &[-5.0, 4.0]);
    assert_near(&best, &[3.0, -1.0], 1e-6);
    assert!(objective.recordings() > 1);
}

/// A primitive without a program: it has no second derivative.
struct Opaque;

impl Custom for Opaque {
    fn name(&self) -> &str {
        "opaque"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0] * x[0]
    }
    fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
        partials[0] = 2.0 * x[0];
    }
}

#[test]
fn a_hessian_that_cannot_be_had_is_an_error() {
    let opaque: Arc<dyn Custom> = Arc::new(Opaque);
    let objective = Objective::new(move |x| Var::custom(&opaque, &x[..1]) + x[1], &[1.0, 1.0]);
    let x = vec![3.0, 4.0];
    assert_eq!(
        (objective.cost(&x).unwrap(), objective.gradient(&x).unwrap()),
        (13.0, vec![6.0, 1.0])
    );
    let error = objective.hessian(&x).unwrap_err().to_string();
    assert!(error.contains("`opaque` gives its partials in f64 only"), "{error}");
    assert!(objective.matrix_free().hessian(&x).is_err());
}

#[test]
fn threads_take_turns() {
    let objective = Objective::new(|x| rosenbrock(x), &START);
    let at = |k: i32| START.map(|x| x + f64::from(k)).to_vec();
    let costs: Vec<_> = (0..4)
        .map(|k| (k, objective.clone()))
        .map(|(k, objective)| std::thread::spawn(move || objective.cost(&at(k)).unwrap()))
        .collect();
    for (k, cost) in (0..4).zip(costs) {
        assert_eq!(cost.join().unwrap(), rosenbrock(&at(k)));
    }
}

#[test]
fn curvature_multiplies_as_the_hessian_does() {
    let objective = Objective::new(|x| rosenbrock(x), &FAR);
    let x_dot = (0..50).map(|k| f64::from(k).sin()).collect::<Vec<_>>();
    let x = x_dot.iter().map(|x| x.cos()).collect::<Vec<_>>();
    let dense: Vec<f64> = objective.hessian(&x).unwrap().dot(&x_dot);
    let curvature = objective.matrix_free().hessian(&x).unwrap();
    assert_near(&curvature.dot(&x_dot), &dense, 1e-10);
    let message = panic_message(|| curvature.dot(&vec![1.0]));
    assert!(
        message.contains(
            "the tangent has 1 numbers, and should have 50: one for each number of the point"
        ),
        "{message}"
    );
}

/// Counts what a solver asks for, and panics where it would go on for ever.
struct Counted<P> {
    problem: P,
    asked: Cell<usize>,
}

impl<P> Counted<P> {
    fn new(problem: P) -> Counted<P> {
        Counted { problem, asked: Cell::new(0) }
    }

    fn count(&self) {
        self.asked.set(self.asked.get() + 1);
        assert!(self.asked.get() < 1000, "the solver goes on and on");
    }
}

impl<P: CostFunction<Param = Vec<f64>, Output = f64>> CostFunction for &Counted<P> {
    type Param = Vec<f64>;
    type Output = f64;
    fn cost(&self, x: &Vec<f64>) -> Result<f64, argmin::core::Error> {
        self.count();
        self.problem.cost(x)
    }
}

impl<P: Gradient<Param = Vec<f64>, Gradient = Vec<f64>>> Gradient for &Counted<P> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;
    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, argmin::core::Error> {
        self.count();
        self.problem.gradient(x)
    }
}

/// What a run of L-BFGS from a point ends with: it makes the reason of its exit of an error within
/// its line search.
fn end<P>(problem: P, start: &[f64]) -> String
where
    P: CostFunction<Param = Vec<f64>, Output = f64>
        + Gradient<Param = Vec<f64>, Gradient = Vec<f64>>,
{
    let counted = Counted::new(problem);
    let run = Executor::new(&counted, lbfgs())
        .configure(|state| state.param(start.to_vec()).max_iters(100))
        .run();
    match run {
        Err(error) => error.to_string(),
        Ok(run) => match run.state.get_termination_reason() {
            Some(TerminationReason::SolverExit(message)) => message.clone(),
            other => panic!("the run ends by {other:?}"),
        },
    }
}

#[test]
fn a_run_ends_where_a_value_is_not_finite() {
    // The first step from 1e-3 leads to where the logarithm is NaN.
    let ln = Objective::new(|x| x[0].ln() + x[1].square(), &[1e-3, 1.0]);
    let message = end(ln, &[1e-3, 1.0]);
    let said = "the value of the function is NaN; the point is [-999.999, -1]";
    assert!(message.contains(said), "{message}");
    let off = Residuals::new(|x| vec![x[0] - 1.0, x[1].ln() + 9.0], &[2.0, 1e-3]);
    let message = end(off, &[2.0, 1e-3]);
    assert!(message.contains("the list of residuals has NaN at [1]"), "{message}");
}

#[test]
fn a_run_ends_where_a_slope_is_not_finite() {
    // The root of 0 has the value 0 and an infinite slope: a line search would go on for ever.
    let root = Objective::new(|x| x[0].square() + x[1].sqrt(), &[1.0, 0.0]);
    let message = end(root, &[1.0, 0.0]);
    assert!(message.contains("the gradient has inf at [1], counted from 0"), "{message}");
    assert!(message.contains("the point is [1, 0]"), "{message}");
}

#[test]
fn every_question_at_a_point_that_is_not_finite_is_an_error_that_names_it() {
    let what = |error: argmin::core::Error| error.downcast_ref::<NotFinite>().unwrap().clone();
    let objective = Objective::new(|x| x[0].square() * x[1], &[1.0, 1.0]);
    let bad = vec![1.0, f64::NAN];
    let all = [
        what(objective.cost(&bad).unwrap_err()),
        what(objective.gradient(&bad).unwrap_err()),
        what(objective.hessian(&bad).unwrap_err()),
    ];
    assert!(all.iter().all(|found| found.what == Quantity::Point && found.entry == [1]));
    // The second derivative of x^1.5 at 0 is infinite.
    let bent = Objective::new(|x| x[0].square() + x[1].powf(1.5), &[1.0, 0.0]);
    let at = vec![1.0, 0.0];
    assert_eq!(bent.gradient(&at).unwrap(), [2.0, 0.0]);
    let found = what(bent.hessian(&at).unwrap_err());
    assert_eq!((found.what, &found.entry[..]), (Quantity::Hessian, &[1, 1][..]));
    let off = Residuals::new(|x| vec![x[0], x[0] * x[1].sqrt()], &[1.0, 0.0]);
    assert_eq!(off.apply(&at).unwrap(), [1.0, 0.0]);
    let found = what(off.jacobian(&at).unwrap_err());
    assert_eq!((found.what, &found.entry[..]), (Quantity::Jacobian, &[1, 1][..]));
    // The gradient of half the squares is 0 x inf there.
    let at = vec![0.0, 0.0];
    assert_eq!(what(off.gradient(&at).unwrap_err()).what, Quantity::Gradient);
    // Squares that overflow.
    let off = Residuals::new(|x| vec![x[0]], &[1.0]);
    assert_eq!(what(off.cost(&vec![1e200]).unwrap_err()).what, Quantity::Value);
}
