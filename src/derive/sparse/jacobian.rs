//! Sparse Jacobians: coloured once, evaluated many times. They must not know how the pattern was
//! found, nor why an entry is read where it is.

use super::partition::Partition;
use super::{Csr, Pattern, Take};
use crate::derive::evaluate::along;
use crate::derive::lengths::check_length;
use crate::derive::workspace::DIRECTIONS;
use crate::derive::{Error, Workspace};
use crate::program::Program;
use crate::sweep::read;
use std::sync::Arc;

/// A program's Jacobian by compressed sweeps. It keeps a copy of the program, its pattern, a
/// colouring, and where each entry is read.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record_vec(|v| v.windows(2).map(|v| v[0] * v[1]).collect(), &[1.0; 1000]);
/// let jacobian = f.sparse_jacobian();
/// assert_eq!(jacobian.sweeps(), 1);
/// assert_eq!(jacobian.evaluate(&[2.0; 1000])?[(7, 8)], 2.0);
///
/// // An arrow: the full first row is swept down, the full first column and the diagonal up.
/// fn arrow<N: Number>(v: &[N]) -> Vec<N> {
///     let full = v.iter().copied().sum();
///     [full].into_iter().chain(v[1..].iter().map(|x| *x * v[0])).collect()
/// }
/// let arrow = record_vec(|v| arrow(v), &[1.0; 1000]);
/// assert_eq!(arrow.sparse_jacobian().sweeps(), 2);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseJacobian {
    program: Program,
    pattern: Arc<Pattern>,
    partition: Partition,
    /// For each sweep up, what is read at the outputs.
    up: Vec<Vec<Take>>,
    /// For each sweep down, the outputs that are seeded, and what is read at the inputs.
    down: Vec<(Vec<usize>, Vec<Take>)>,
}

impl Program {
    /// The Jacobian as a sparse matrix: finds the pattern and colours it. What shares no output is
    /// seeded together and swept up, and what shares no input is swept down; a few full rows among
    /// sparse ones, or full columns, are swept the other way than the rest.
    /// Costs the [pattern](Program::jacobian_pattern), and for each entry the length of its row.
    pub fn sparse_jacobian(&self) -> SparseJacobian {
        let pattern = Arc::new(self.jacobian_pattern());
        let partition = Partition::of(&pattern);
        let Partition { columns, rows, .. } = &partition;
        let mut up = vec![Vec::new(); columns.colours.div_ceil(DIRECTIONS)];
        let mut down: Vec<_> = rows.classes().into_iter().map(|rows| (rows, Vec::new())).collect();
        for (entry, (i, j)) in pattern.iter().enumerate() {
            if partition.goes_down(i, j) {
                down[rows.of[i] as usize].1.push(Take { entry, at: j as u32, lane: 0 });
            } else {
                let (sweep, lane) =
                    (columns.of[j] as usize / DIRECTIONS, columns.of[j] as usize % DIRECTIONS);
                up[sweep].push(Take { entry, at: i as u32, lane: lane as u32 });
            }
        }
        SparseJacobian { program: self.clone(), pattern, partition, up, down }
    }
}

impl SparseJacobian {
    /// Where the entries are.
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// Number of colours: of columns that are swept up, and of rows that are swept down.
    pub fn colours(&self) -> usize {
        self.partition.columns.colours + self.partition.rows.colours
    }

    /// Number of sweeps that an evaluation takes, up and down together.
    pub fn sweeps(&self) -> usize {
        self.up.len() + self.down.len()
    }

    /// The Jacobian at a point.
    ///
    /// # Errors
    /// [`Error::BranchChanged`], where a recorded comparison goes the other way.
    pub fn evaluate(&self, x: &[f64]) -> Result<Csr, Error> {
        Csr::filled(&self.pattern, |values, workspace| self.evaluate_into(x, values, workspace))
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
        check_length("the slice", values.len(), self.pattern.len(), "entry");
        self.sweep_up(x, values, workspace)?;
        if self.up.is_empty() || !self.down.is_empty() {
            self.sweep_down(x, values, workspace)?; // replays, so that every guard was asked
        }
        Ok(())
    }

    fn sweep_up(
        &self,
        x: &[f64],
        values: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let (program, room) = (&self.program, &mut workspace.duals);
        let colour = |k: usize| self.partition.columns.of[k] as usize;
        for (sweep, takes) in self.up.iter().enumerate() {
            program.run(room, x.len(), |k| along(x[k], colour(k), sweep * DIRECTIONS))?;
            for take in takes {
                let output = program.outputs[take.at as usize];
                let sums = read(&program.code, &room.values[..], output).tangent();
                values[take.entry] = sums.0[take.lane as usize];
            }
        }
        Ok(())
    }

    fn sweep_down(
        &self,
        x: &[f64],
        values: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let (program, room) = (&self.program, &mut workspace.real);
        program.run(room, x.len(), |k| x[k])?;
        for (rows, takes) in &self.down {
            room.unreached(program.reach());
            rows.iter().for_each(|i| room.seed(program.outputs[*i], 1.0));
            room.reverse(&program.code);
            for take in takes {
                values[take.entry] = room.bar(program.code.inputs()[take.at as usize]);
            }
        }
        Ok(())
    }
}
