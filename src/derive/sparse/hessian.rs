//! Sparse Hessians: coloured once, evaluated many times. They must not know how the pattern was
//! found.

use super::colouring::Colouring;
use super::{Csr, Pattern, Take};
use crate::derive::evaluate::along;
use crate::derive::lengths::check_length;
use crate::derive::workspace::DIRECTIONS;
use crate::derive::{Error, Workspace};
use crate::number::OneSided;
use crate::program::Program;
use crate::sweep::Room;
use std::sync::Arc;

/// The Hessian of a program with one output by compressed Hessian-vector products. It keeps a copy
/// of the program, its pattern and a colouring.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v.windows(2).map(|v| (v[1] - v[0].square()).square()).sum(), &[1.0; 1000]);
/// let hessian = f.sparse_hessian()?;
/// assert_eq!((hessian.pattern().len(), hessian.sweeps()), (2998, 1));
/// let h = hessian.evaluate(&[1.0; 1000])?;
/// assert_eq!([h[(5, 4)], h[(5, 5)], h[(5, 6)], h[(5, 7)]], [-4.0, 10.0, -4.0, 0.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SparseHessian {
    program: Program,
    pattern: Arc<Pattern>,
    colouring: Colouring,
    /// For each sweep, what is read from its products.
    takes: Vec<Vec<Take>>,
}

impl Program {
    /// The Hessian of the only output as a sparse matrix: finds the pattern and colours it, so that
    /// of each two entries that mirror each other one can be read off a few products.
    /// Costs the [pattern](Program::hessian_pattern), and about its entries times their rows.
    ///
    /// # Errors
    /// [`Error::Unsupported`], for a custom primitive without a program.
    ///
    /// # Panics
    /// If there is not one output.
    #[track_caller]
    pub fn sparse_hessian(&self) -> Result<SparseHessian, Error> {
        let pattern = Arc::new(self.hessian_pattern()?);
        let colouring = Colouring::star(&pattern);
        let takes = takes(&pattern, &colouring);
        Ok(SparseHessian { program: self.clone(), pattern, colouring, takes })
    }
}

impl SparseHessian {
    /// Where the entries are.
    pub fn pattern(&self) -> &Arc<Pattern> {
        &self.pattern
    }

    /// Number of colours: of products that hold all entries.
    pub fn colours(&self) -> usize {
        self.colouring.colours
    }

    /// Number of sweeps up and down that an evaluation takes.
    pub fn sweeps(&self) -> usize {
        self.takes.len()
    }

    /// The Hessian at a point, with both entries of each mirrored pair.
    ///
    /// # Errors
    /// [`Error::BranchChanged`], where a recorded comparison goes the other way.
    pub fn evaluate(&self, x: &[f64]) -> Result<Csr, Error> {
        Csr::filled(&self.pattern, |values, workspace| self.evaluate_into(x, values, workspace))
    }

    /// [`evaluate`](SparseHessian::evaluate) in a workspace; `values` holds the entries row by row.
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
        let (program, room) = (&self.program, &mut workspace.duals);
        for (sweep, takes) in self.takes.iter().enumerate() {
            let first = sweep * DIRECTIONS;
            program.run(room, x.len(), |k| along(x[k], self.colouring.of[k] as usize, first))?;
            let value = |slot: usize| room.values[slot].value();
            if sweep == 0 && program.is_at_kink(&mut workspace.args, value) {
                return self.to_one_side(x, values, &mut workspace.one_sided);
            }
            program.reverse_of(room);
            for take in takes {
                let input = program.code.inputs()[take.at as usize];
                values[take.entry] = room.bar(input).tangent().0[take.lane as usize];
            }
        }
        Ok(())
    }

    /// The same at a kink, a colour at a time: to the side into which its inputs move together.
    fn to_one_side(
        &self,
        x: &[f64],
        values: &mut [f64],
        room: &mut Room<OneSided>,
    ) -> Result<(), Error> {
        for colour in 0..self.colouring.colours {
            let moves = |k: usize| self.colouring.of[k] as usize == colour;
            self.program.to_one_side(room, x, |k| f64::from(u8::from(moves(k))))?;
            let takes = self.takes[colour / DIRECTIONS].iter();
            for take in takes.filter(|take| take.lane as usize == colour % DIRECTIONS) {
                let input = self.program.code.inputs()[take.at as usize];
                values[take.entry] = room.bar(input).tangent();
            }
        }
        Ok(())
    }
}

/// Where each entry is read: at its own row if its column has the only such colour there, else at
/// the row of the entry that mirrors it.
fn takes(pattern: &Pattern, colouring: &Colouring) -> Vec<Vec<Take>> {
    let mut takes = vec![Vec::new(); colouring.colours.div_ceil(DIRECTIONS)];
    let mut beside = vec![(usize::MAX, 0); colouring.colours];
    let colour = |j: usize| colouring.of[j] as usize;
    let mut entries = 0..;
    for i in 0..pattern.rows() {
        for j in pattern.row(i) {
            let (row, count) = &mut beside[colour(*j)];
            *count = if *row == i { *count + 1 } else { 1 };
            *row = i;
        }
        for (j, entry) in pattern.row(i).iter().zip(&mut entries) {
            let alone = beside[colour(*j)].1 == 1;
            let (input, from) = if alone { (i, *j) } else { (*j, i) };
            let lane = (colour(from) % DIRECTIONS) as u32;
            takes[colour(from) / DIRECTIONS].push(Take { entry, at: input as u32, lane });
        }
    }
    takes
}
