//! Least squares in `argmin`: residuals with their exact Jacobian, for the solvers of Gauss and Newton.
//! It must not know solvers, nor how a derivative is found.

use super::finite::{NotFinite, Quantity};
use crate::derive::{Error, Matrix, record_vec};
use crate::program::Program;
use crate::var::Var;
use argmin::core::{CostFunction, Error as ArgminError, Gradient, Jacobian, Operator};
use argmin_math::{ArgminDot, ArgminInv, ArgminTranspose};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Residuals whose sum of squares is to be least, with their exact Jacobian, over a `Vec<f64>`.
///
/// For `GaussNewton` it is an `Operator` with a `Jacobian`; for all other solvers a `CostFunction`,
/// half the sum of squares, with its `Gradient`. It is recorded once, and again where a branch has
/// changed; it can be shared between threads, which take turns. Where a residual or an entry of the
/// Jacobian is NaN or infinite, the run ends with the error [`NotFinite`], which names it.
///
/// ```
/// use argmin::core::{Executor, State};
/// use argmin::solver::gaussnewton::GaussNewton;
/// use wengert::{Number, guest::Residuals};
///
/// let data = [(0.0, 3.25), (0.5, 2.4258), (1.0, 1.8733), (2.0, 1.2547), (4.0, 0.8519)];
/// let curve = |p: &[f64], t: f64| p[0] * (-p[1] * t).exp() + p[2];
/// let off = Residuals::new(
///     |p| data.iter().map(|(t, y)| p[0] * (-p[1] * *t).exp() + p[2] - *y).collect(),
///     &[2.0, 1.0, 0.5],
/// );
/// let run = Executor::new(off, GaussNewton::new())
///     .configure(|state| state.param(vec![2.0, 1.0, 0.5]).max_iters(20))
///     .run()?;
/// let p = run.state.get_best_param().unwrap();
/// assert!(data.iter().all(|(t, y)| (curve(p, *t) - y).abs() < 1e-4), "{p:?}");
/// # Ok::<(), argmin::core::Error>(())
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
pub struct Residuals<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    f: F,
    program: Mutex<(Program, usize)>,
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Residuals<F> {
    /// Records the function at `x`.
    pub fn new(f: F, x: &[f64]) -> Residuals<F> {
        let program = Mutex::new((record_vec(&f, x), 1));
        Residuals { shared: Arc::new(Shared { f, program }) }
    }

    /// Asks the program, recorded again if a branch has changed.
    fn ask<T>(
        &self,
        x: &[f64],
        question: impl Fn(&Program) -> Result<T, Error>,
    ) -> Result<T, ArgminError> {
        let mut kept = self.shared.program.lock().unwrap_or_else(PoisonError::into_inner);
        let (program, recordings) = &mut *kept;
        match question(program) {
            Err(Error::BranchChanged { .. }) => {
                (*program, *recordings) = (record_vec(&self.shared.f, x), *recordings + 1);
                Ok(question(program)?)
            }
            answer => Ok(answer?),
        }
    }
}

impl<F> Residuals<F> {
    /// How often the function was recorded: once, and once more for every change of branch.
    pub fn recordings(&self) -> usize {
        self.shared.program.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

impl<F> Clone for Residuals<F> {
    /// Another handle of the same recording.
    fn clone(&self) -> Residuals<F> {
        Residuals { shared: self.shared.clone() }
    }
}

impl<F> fmt::Debug for Residuals<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Residuals").field("recordings", &self.recordings()).finish_non_exhaustive()
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Operator for Residuals<F> {
    type Param = Vec<f64>;
    type Output = Vec<f64>;

    fn apply(&self, x: &Vec<f64>) -> Result<Vec<f64>, ArgminError> {
        let residuals = self.ask(x, |program| program.values(x))?;
        NotFinite::check(Quantity::Residuals, &residuals, None, x)?;
        Ok(residuals)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Jacobian for Residuals<F> {
    type Param = Vec<f64>;
    type Jacobian = Matrix;

    fn jacobian(&self, x: &Vec<f64>) -> Result<Matrix, ArgminError> {
        let jacobian = self.ask(x, |program| program.jacobian(x))?;
        NotFinite::check(Quantity::Jacobian, jacobian.data(), Some(x.len()), x)?;
        Ok(jacobian)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> CostFunction for Residuals<F> {
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, ArgminError> {
        let cost = self.apply(x)?.iter().map(|off| off * off).sum::<f64>() / 2.0;
        NotFinite::check(Quantity::Value, &[cost], None, x)?;
        Ok(cost)
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Gradient for Residuals<F> {
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    /// The residuals are their own cotangents: one sweep, and no matrix.
    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, ArgminError> {
        let gradient = self.ask(x, |program| Ok(program.vjp(x, &program.values(x)?)?.1))?;
        NotFinite::check(Quantity::Gradient, &gradient, None, x)?;
        Ok(gradient)
    }
}

/// A square matrix without an inverse: at this point some parameter, or combination of them, moves
/// no residual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular {
    /// The column that depends on those before it.
    pub column: usize,
}

impl fmt::Display for Singular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the matrix has no inverse: column {}, counted from 0, depends on those before it, so \
             that at this point some combination of parameters moves no residual",
            self.column
        )
    }
}

impl std::error::Error for Singular {}

#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
impl ArgminTranspose<Matrix> for Matrix {
    fn t(self) -> Matrix {
        from_entries(self.columns(), self.rows(), |i, j| self[(j, i)])
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
impl ArgminDot<Matrix, Matrix> for Matrix {
    /// # Panics
    /// If the columns of one are not as many as the rows of the other.
    fn dot(&self, other: &Matrix) -> Matrix {
        assert_eq!(self.columns(), other.rows(), "columns against the rows of the other matrix");
        from_entries(self.rows(), other.columns(), |i, j| {
            (0..other.rows()).map(|k| self[(i, k)] * other[(k, j)]).sum()
        })
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
impl ArgminDot<Vec<f64>, Vec<f64>> for Matrix {
    /// # Panics
    /// If the vector is not as long as a row.
    fn dot(&self, x: &Vec<f64>) -> Vec<f64> {
        assert_eq!(self.columns(), x.len(), "columns against the length of the vector");
        (0..self.rows()).map(|i| self.row(i).iter().zip(x).map(|(a, x)| a * x).sum()).collect()
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "argmin")))]
impl ArgminInv<Matrix> for Matrix {
    /// By elimination with the largest pivot of each column.
    ///
    /// # Errors
    /// [`Singular`], if a column has no pivot but 0 or NaN.
    ///
    /// # Panics
    /// If the matrix is not square.
    fn inv(&self) -> Result<Matrix, ArgminError> {
        let n = self.rows();
        assert_eq!(self.columns(), n, "columns against the rows of a matrix to be inverted");
        let unit = |i: usize| (0..n).map(move |j| f64::from(i == j));
        let mut rows: Vec<Vec<f64>> =
            (0..n).map(|i| self.row(i).iter().copied().chain(unit(i)).collect()).collect();
        for column in 0..n {
            let size = |i: &usize| rows[*i][column].abs();
            let largest = (column..n).max_by(|i, j| size(i).total_cmp(&size(j)));
            rows.swap(column, largest.expect("this row at the least"));
            let pivot = rows[column].clone();
            if pivot[column] == 0.0 || !pivot[column].is_finite() {
                return Err(Singular { column }.into());
            }
            for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != column) {
                let factor = row[column] / pivot[column];
                row.iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
            }
        }
        Ok(from_entries(n, n, |i, j| rows[i][n + j] / rows[i][i]))
    }
}

fn from_entries(rows: usize, columns: usize, entry: impl Fn(usize, usize) -> f64) -> Matrix {
    let mut matrix = Matrix::zeros(rows, columns);
    for (i, j) in (0..rows).flat_map(|i| (0..columns).map(move |j| (i, j))) {
        matrix[(i, j)] = entry(i, j);
    }
    matrix
}
