//! `argmin` fed with exact gradients and Hessians: L-BFGS and Newton-CG in Rosenbrock's valley, and
//! a logistic regression.

use argmin::core::{Error, Executor, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::newton::NewtonCG;
use argmin::solver::quasinewton::LBFGS;
use wengert::guest::Objective;
use wengert::{Number, Var};

fn rosenbrock<N: Number>(x: &[N]) -> N {
    let valley = |x: &[N]| (x[1] - x[0].square()).square() * 100.0 + (x[0] - 1.0).square();
    x.windows(2).map(valley).sum()
}

/// Hours of study; an examination was passed with these, and failed with those.
const PASSED: [f64; 10] = [1.75, 2.25, 2.75, 3.25, 4.0, 4.25, 4.5, 4.75, 5.0, 5.5];
const FAILED: [f64; 10] = [0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5];

/// The negative log-likelihood of a logistic regression on them.
fn logistic<N: Number>(p: &[N]) -> N {
    let passed = PASSED.iter().map(|hours| (-(p[1] * *hours + p[0])).softplus());
    let failed = FAILED.iter().map(|hours| (p[1] * *hours + p[0]).softplus());
    passed.chain(failed).sum()
}

/// Minimises by L-BFGS with gradients, then by Newton-CG with Hessian-vector products too.
fn compare<F>(name: &str, f: F, start: &[f64]) -> Result<(), Error>
where
    F: for<'t> Fn(&[Var<'t>]) -> Var<'t>,
{
    println!("{name} from {start:?}");
    let search = MoreThuenteLineSearch::new();
    let quasi = LBFGS::new(search.clone(), 7).with_tolerance_cost(1e-12)?;
    let run = Executor::new(Objective::new(&f, start), quasi)
        .configure(|state| state.param(start.to_vec()).max_iters(200))
        .run()?;
    let best = run.state.get_best_param().expect("it ran");
    println!("  L-BFGS     {:3} steps to {best:.6?}", run.state.get_iter());

    // The factor has this solver take true Newton steps: the docs of `Objective` say why.
    let objective = Objective::new(|x| f(x) * 1e10, start).matrix_free();
    let newton = NewtonCG::new(search).with_tolerance(1e-6)?;
    let run = Executor::new(objective, newton)
        .configure(|state| state.param(start.to_vec()).max_iters(200))
        .run()?;
    let best = run.state.get_best_param().expect("it ran");
    println!("  Newton-CG  {:3} steps to {best:.6?}", run.state.get_iter());
    Ok(())
}

fn main() -> Result<(), Error> {
    compare("Rosenbrock", |x| rosenbrock(x), &[-1.2, 1.0])?;
    compare("logistic", |p| logistic(p), &[0.0, 0.0])
}
