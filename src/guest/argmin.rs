//! `argmin` fed with exact derivatives: a recorded function as a problem that its solvers take. It
//! must not know solvers, nor how a derivative is found.

use super::finite::{NotFinite, Quantity};
use crate::derive::{Error, Recorded, Workspace};
use crate::program::Program;
use crate::var::Var;
use argmin::core::{CostFunction, Error as ArgminError, Gradient, Hessian};
use argmin_math::ArgminDot;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

/// A function to be minimised, with its exact gradient and Hessian, over a `Vec<f64>`.
///
/// It is recorded once, and again where a branch has changed. It can be shared between threads,
/// which take turns.
///
/// ```
/// use argmin::core::Executor;
/// use argmin::solver::linesearch::MoreThuenteLineSearch;
/// use argmin::solver::newton::NewtonCG;
/// use wengert::Number;
/// use wengert::guest::Objective;
///
/// fn rosenbrock<N: Number>(x: &[N]) -> N {
///     (x[1] - x[0].square()).square() * 100.0 + (x[0] - 1.0).square()
/// }
/// let start = vec![-1.2, 1.0];
/// let objective = Objective::new(|x| rosenbrock(x) * 1e10, &start); // see below
/// let solver = NewtonCG::new(MoreThuenteLineSearch::new()).with_tolerance(1e-6)?;
/// let run = Executor::new(objective, solver).configure(|s| s.param(start).max_iters(30)).run()?;
/// let best = run.state.best_param.unwrap();
/// assert!((best[0] - 1.0).abs() < 1e-9 && (best[1] - 1.0).abs() < 1e-9);
/// # Ok::<(), argmin::core::Error>(())
/// ```
///
/// Where the value, the gradient or the Hessian is NaN or infinite, or the point itself is, the run ends
/// with the error [`NotFinite`], which names it: a line search would go on for ever.
///
/// A function of [`Active`](super::Active) variables becomes one of plain variables by
/// [`active`](super::active()).
///
/// `NewtonCG` of argmin 0.11 ends its inner iteration where the *square* of the residual is small
/// against the gradient. Once gradients are below 1 that is at once, and its steps are those of steepest
/// descent. A large constant factor on the function, as above, has it take true Newton steps: here 23
/// instead of more than 2000.
#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
#[derive(Debug)]
pub struct Objective<F> {
    shared: Arc<Shared<F>>,
}

type Shared<F> = Mutex<(Recorded<F>, Workspace)>;

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Objective<F> {
    /// Records the function at `x`.
    pub fn new(f: F, x: &[f64]) -> Objective<F> {
        Objective::from(Recorded::new(f, x))
    }

    /// The same function with its Hessian as an operator instead of a matrix: for Newton-CG and trust
    /// regions, which only multiply by it, that is a gradient's cost for each product, and no
    /// memory for a matrix.
    ///
    /// ```
    /// use argmin::core::Hessian;
    /// use argmin_math::ArgminDot;
    /// use wengert::guest::Objective;
    ///
    /// let f = Objective::new(|x| x[0] * x[0] * x[1], &[1.0, 1.0]).matrix_free();
    /// let curvature = f.hessian(&vec![3.0, 5.0])?;
    /// assert_eq!(curvature.dot(&vec![1.0, 0.0]), [10.0, 6.0]);
    /// # Ok::<(), argmin::core::Error>(())
    /// ```
    pub fn matrix_free(self) -> MatrixFree<F> {
        MatrixFree(self)
    }

    /// How often the function was recorded: once, and once more for every change of branch.
    pub fn recordings(&self) -> usize {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).0.recordings()
    }

    /// Asks the program, recorded again if a branch has changed.
    fn ask<T>(
        &self,
        x: &[f64],
        question: impl Fn(&Program, &mut Workspace) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let (recorded, workspace) =
            &mut *self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let workspace = RefCell::new(workspace);
        recorded.evaluate(x, |program| match question(program, &mut workspace.borrow_mut()) {
            Err(changed @ Error::BranchChanged { .. }) => Err(changed),
            answer => Ok(answer),
        })
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> From<Recorded<F>> for Objective<F> {
    fn from(recorded: Recorded<F>) -> Objective<F> {
        Objective { shared: Arc::new(Mutex::new((recorded, Workspace::new()))) }
    }
}

impl<F> Clone for Objective<F> {
    /// Another handle of the same recording.
    fn clone(&self) -> Objective<F> {
        Objective { shared: self.shared.clone() }
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> CostFunction for Objective<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, ArgminError> {
        let value = self.ask(x, |program, workspace| program.value_into(x, workspace))?;
        NotFinite::check(Quantity::Value, &[value], None, x)?;
        Ok(value)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Gradient for Objective<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, ArgminError> {
        let gradient = self.ask(x, |program, workspace| {
            let mut gradient = vec![0.0; x.len()];
            program.gradient_into(x, &mut gradient, workspace).map(|()| gradient)
        })?;
        NotFinite::check(Quantity::Gradient, &gradient, None, x)?;
        Ok(gradient)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Hessian for Objective<F> {
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, x: &Vec<f64>) -> Result<Vec<Vec<f64>>, ArgminError> {
        let hessian = self.ask(x, |program, _| program.hessian(x))?;
        NotFinite::check(Quantity::Hessian, hessian.data(), Some(x.len()), x)?;
        Ok((0..x.len()).map(|i| hessian.row(i).to_vec()).collect())
    }
}

/// An [`Objective`] whose Hessian is a [`Curvature`]: no matrix is formed.
#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
#[derive(Debug)]
pub struct MatrixFree<F>(Objective<F>);

impl<F> Clone for MatrixFree<F> {
    fn clone(&self) -> MatrixFree<F> {
        MatrixFree(self.0.clone())
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> CostFunction for MatrixFree<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, ArgminError> {
        self.0.cost(x)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Gradient for MatrixFree<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, ArgminError> {
        self.0.gradient(x)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Hessian for MatrixFree<F> {
    type Param = Vec<f64>;
    type Hessian = Curvature<F>;

    fn hessian(&self, x: &Vec<f64>) -> Result<Curvature<F>, ArgminError> {
        self.0.ask(x, |program, _| program.check_customs())?;
        Ok(Curvature { objective: self.0.clone(), point: x.clone() })
    }
}

/// The Hessian at a point, which only multiplies: each product is a Hessian-vector product.
#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
#[derive(Debug)]
pub struct Curvature<F> {
    objective: Objective<F>,
    point: Vec<f64>,
}

impl<F> Clone for Curvature<F> {
    fn clone(&self) -> Curvature<F> {
        Curvature { objective: self.objective.clone(), point: self.point.clone() }
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> ArgminDot<Vec<f64>, Vec<f64>> for Curvature<F> {
    /// # Panics
    /// If the vector has another length than the point.
    fn dot(&self, x_dot: &Vec<f64>) -> Vec<f64> {
        let product = self.objective.ask(&self.point, |program, workspace| {
            let (mut gradient, mut product) = (vec![0.0; x_dot.len()], vec![0.0; x_dot.len()]);
            program.hvp_into(&self.point, x_dot, &mut gradient, &mut product, workspace)?;
            Ok(product)
        });
        product.unwrap_or_else(|error| panic!("{error}"))
    }
}
