//! Sparse Jacobians: coloured once, evaluated many times. They must not know how the pattern was
//! found.

use super::colouring::Colouring;
use super::{Csr, Pattern};
use crate::derive::evaluate::along;
use crate::derive::workspace::DIRECTIONS;
use crate::derive::{Error, Workspace};
use crate::number::Lanes;
use crate::program::Program;
use crate::sweep::read;
use std::sync::Arc;

/// A program's Jacobian by compressed sweeps. It keeps a copy of the program, its pattern and a
/// colouring.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record_vec(|v| v.windows(2).map(|v| v[0] * v[1]).collect(), &[1.0; 1000]);
/// let jacobian = f.sparse_jacobian();
/// assert_eq!(jacobian.sweeps(), 1);
/// assert_eq!(jacobian.evaluate(&[2.0; 1000])?[(7, 8)], 2.0);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseJacobian {
    program: Program,
    pattern: Arc<Pattern>,
    colouring: Colouring,
    /// Rows by colour, if sweeps go down; else they go up, and columns are coloured.
    rows: Option<Vec<Vec<usize>>>,
}

impl Program {
    /// The Jacobian as a sparse matrix: finds the pattern and colours it. What shares no output is
    /// seeded together and swept up, or what shares no input is swept down, whichever is cheaper.
    /// Costs the [pattern](Program::jacobian_pattern), and for each entry the length of its row.
    pub fn sparse_jacobian(&self) -> SparseJacobian {
        let pattern = Arc::new(self.jacobian_pattern());
        let (colouring, down) = cheaper(&pattern, &pattern.transpose());
        let rows = down.then(|| colouring.classes());
        SparseJacobian { program: self.clone(), pattern, colouring, rows }
    }
}

/// The colouring that takes fewer sweeps, and whether it is one of rows. Entries of a row all
/// differ in colour, so the longest row says what columns take at least, and the other way round.
fn cheaper(pattern: &Pattern, transposed: &Pattern) -> (Colouring, bool) {
    let up = |colours: usize| colours.div_ceil(DIRECTIONS);
    let (least_up, least_down) = (up(pattern.longest_row()), transposed.longest_row());
    let columns = (least_up <= least_down).then(|| Colouring::of_columns(pattern));
    match columns {
        Some(columns) if up(columns.colours) <= least_down => return (columns, false),
        _ => {}
    }
    let rows = Colouring::of_columns(transposed);
    if rows.colours < least_up {
        return (rows, true);
    }
    let columns = columns.unwrap_or_else(|| Colouring::of_columns(pattern));
    if up(columns.colours) <= rows.colours { (columns, false) } else { (rows, true) }
}

impl SparseJacobian {
    /// Where the entries are.
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// Number of colours: of columns, or of rows where sweeps go down.
    pub fn colours(&self) -> usize {
        self.colouring.colours
    }

    /// Number of sweeps that an evaluation takes.
    pub fn sweeps(&self) -> usize {
        if self.rows.is_some() { self.colours() } else { self.colours().div_ceil(DIRECTIONS) }
    }

    /// The Jacobian at a point.
    ///
    /// # Errors
    /// [`Error::BranchChanged`], where a recorded comparison goes the other way.
    pub fn evaluate(&self, x: &[f64]) -> Result<Csr, Error> {
        let mut jacobian = Csr::zeros(self.pattern.clone());
        self.evaluate_into(x, jacobian.values_mut(), &mut Workspace::new())?;
        Ok(jacobian)
    }

    /// [`evaluate`](SparseJacobian::evaluate) in a workspace; `values` holds the entries row by row.
    ///
    /// # Panics
    /// If `x` or `values` has another length than there are inputs or entries.
    #[track_caller]
    pub fn evaluate_into(
        &self,
        x: &[f64],
        values: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        assert_eq!(values.len(), self.pattern.len(), "length of the slice against the entries");
        match &self.rows {
            None => self.sweep_up(x, values, workspace),
            Some(rows) => self.sweep_down(rows, x, values, workspace),
        }
    }

    fn sweep_up(
        &self,
        x: &[f64],
        values: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let (program, room) = (&self.program, &mut workspace.duals);
        for first in (0..self.colours()).step_by(DIRECTIONS) {
            program.run(room, x.len(), |k| along(x[k], self.colouring.of[k] as usize, first))?;
            for (i, output) in program.outputs.iter().enumerate() {
                let Lanes(sums) = read(&program.code, &room.values[..], *output).tangent();
                let start = self.pattern.row_starts()[i];
                for (value, j) in values[start..].iter_mut().zip(self.pattern.row(i)) {
                    let lane = (self.colouring.of[*j] as usize).wrapping_sub(first);
                    sums.get(lane).inspect(|sum| *value = **sum);
                }
            }
        }
        Ok(())
    }

    fn sweep_down(
        &self,
        rows: &[Vec<usize>],
        x: &[f64],
        values: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let (program, room) = (&self.program, &mut workspace.real);
        program.run(room, x.len(), |k| x[k])?;
        for rows in rows {
            room.unreached(program.reach());
            rows.iter().for_each(|i| room.seed(program.outputs[*i], 1.0));
            room.reverse(&program.code);
            for i in rows {
                let start = self.pattern.row_starts()[*i];
                for (value, j) in values[start..].iter_mut().zip(self.pattern.row(*i)) {
                    *value = room.bar(program.code.inputs()[*j]);
                }
            }
        }
        Ok(())
    }
}
