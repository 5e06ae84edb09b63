//! A sparse matrix, row by row. It must not know what it holds.

use super::Pattern;
use crate::derive::lengths::check_length;
use crate::derive::{Error, Matrix, Workspace};
use std::ops::Index;
use std::sync::Arc;

/// A sparse matrix in compressed rows: a pattern, and a value for each of its entries.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record_vec(|v| vec![v[0] * v[2], v[1].square()], &[1.0, 2.0, 3.0]);
/// let jacobian = f.sparse_jacobian().evaluate(&[1.0, 2.0, 3.0])?;
/// assert_eq!(jacobian.row_starts(), [0, 2, 3]);
/// assert_eq!(jacobian.column_indices(), [0, 2, 1]);
/// assert_eq!(jacobian.values(), [3.0, 1.0, 4.0]);
/// assert_eq!(jacobian.to_dense().data(), [3.0, 0.0, 1.0, 0.0, 4.0, 0.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    pattern: Arc<Pattern>,
    values: Vec<f64>,
}

impl Csr {
    /// A matrix of zeros, with room for the entries of a pattern.
    pub fn zeros(pattern: Arc<Pattern>) -> Csr {
        let values = vec![0.0; pattern.len()];
        Csr { pattern, values }
    }

    /// The matrix that something writes into the entries of a pattern.
    pub(super) fn filled(
        pattern: &Arc<Pattern>,
        write: impl FnOnce(&mut [f64], &mut Workspace) -> Result<(), Error>,
    ) -> Result<Csr, Error> {
        let mut matrix = Csr::zeros(pattern.clone());
        write(&mut matrix.values, &mut Workspace::new())?;
        Ok(matrix)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.pattern.rows()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.pattern.columns()
    }

    /// Where the entries are.
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// Where each row starts among the entries, and behind them where the last one ends.
    pub fn row_starts(&self) -> &[usize] {
        self.pattern.row_starts()
    }

    /// The columns of all entries, row by row.
    pub fn column_indices(&self) -> &[usize] {
        self.pattern.column_indices()
    }

    /// The values of all entries, row by row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values of all entries, row by row, to write to.
    pub fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    /// Row, column and value of each entry, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.pattern.iter().zip(&self.values).map(|((i, j), value)| (i, j, *value))
    }

    /// All numbers, those that are 0 by the pattern included.
    pub fn to_dense(&self) -> Matrix {
        let mut dense = Matrix::zeros(self.rows(), self.columns());
        self.iter().for_each(|(i, j, value)| dense[(i, j)] = value);
        dense
    }

    /// The product with a vector, written to `y`.
    ///
    /// # Panics
    /// If `x` is not as long as a row, or `y` not as long as a column.
    #[track_caller]
    pub fn times_into(&self, x: &[f64], y: &mut [f64]) {
        check_length("the vector", x.len(), self.columns(), "column");
        check_length("the product", y.len(), self.rows(), "row");
        y.fill(0.0);
        self.iter().for_each(|(i, j, value)| y[i] += value * x[j]);
    }
}

impl Index<(usize, usize)> for Csr {
    type Output = f64;

    /// The number at a row and a column; 0 where there is no entry.
    ///
    /// # Panics
    /// If there are not so many rows or columns.
    fn index(&self, (i, j): (usize, usize)) -> &f64 {
        assert!(j < self.columns(), "column {j} of a matrix of {} columns", self.columns());
        self.pattern.position(i, j).map_or(&0.0, |at| &self.values[at])
    }
}
