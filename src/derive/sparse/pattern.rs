//! Sparsity patterns: where a Jacobian or a Hessian can differ from 0, whatever the inputs. They
//! must not know values.

use super::depends::Depends;
use super::sets::Sets;
use crate::derive::Error;
use crate::program::Program;
use crate::sweep::{Room, read};

/// Positions in a matrix, row by row, each row in ascending order.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record_vec(|v| vec![v[0] * v[2], v[1].exp(), v[2].floor()], &[1.0, 2.0, 3.5]);
/// let pattern = f.jacobian_pattern();
/// let rows: Vec<&[usize]> = (0..3).map(|i| pattern.row(i)).collect();
/// assert_eq!(rows, [&[0, 2][..], &[1], &[]]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    columns: usize,
    row_starts: Vec<usize>,
    column_indices: Vec<usize>,
}

impl Program {
    /// Where the Jacobian can differ from 0: a row an output, a column an input.
    ///
    /// The sets of inputs that the slots depend on are carried up the tape once, and those that are
    /// not needed any more are forgotten. A primitive whose slope is 0 wherever it has one, as
    /// that of `floor`, passes nothing on; a custom primitive depends on all of its arguments, or,
    /// if it has a program, on what that depends on. Costs a few replays, and the time to write the
    /// sets down.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record_vec(|v| vec![v[0] + v[1], v[1] + v[2]], &[1.0, 2.0, 3.0]);
    /// assert!(f.jacobian_pattern().iter().eq([(0, 0), (0, 1), (1, 1), (1, 2)]));
    /// ```
    pub fn jacobian_pattern(&self) -> Pattern {
        let sets = Sets::new(self.inputs());
        let roots: Vec<u32> = {
            let mut room = Room::default();
            self.up(&mut room, &sets);
            self.outputs.iter().map(|y| read(&self.code, &room.values[..], *y).set()).collect()
        };
        Pattern::of(self.inputs(), sets, &roots)
    }

    /// Where the Hessian of the only output can differ from 0: the pattern of the Jacobian of the
    /// gradient, made symmetric. Inputs that meet only in sums leave no entry.
    ///
    /// The sets are carried up the tape and down again once, as values and adjoints are.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0] * v[1] + v[2].square() + v[0] * 5.0, &[1.0, 2.0, 3.0]);
    /// assert!(f.hessian_pattern()?.iter().eq([(0, 1), (1, 0), (2, 2)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Unsupported`], for a custom primitive without a program.
    ///
    /// # Panics
    /// If there is not one output.
    #[track_caller]
    pub fn hessian_pattern(&self) -> Result<Pattern, Error> {
        self.check_scalar();
        self.check_customs()?;
        let sets = Sets::new(self.inputs());
        let roots: Vec<u32> = {
            let mut room = Room::default();
            self.up(&mut room, &sets);
            self.reverse_of(&mut room);
            self.code.inputs().iter().map(|slot| room.bar(*slot).set()).collect()
        };
        let below = Pattern::of(self.inputs(), sets, &roots);
        Ok(below.union(&below.transpose()))
    }

    fn up<'s>(&self, room: &mut Room<Depends<'s>>, sets: &'s Sets) {
        let replayed = self.run(room, self.inputs(), |k| Depends::input(sets, k));
        replayed.expect("what has no value takes every branch");
    }
}

impl Pattern {
    /// A row for each of the sets.
    fn of(columns: usize, sets: Sets, roots: &[u32]) -> Pattern {
        let mut pattern = Pattern { columns, row_starts: vec![0], column_indices: Vec::new() };
        sets.write_out(roots, |row| pattern.push_row(row.iter().map(|k| *k as usize)));
        pattern
    }

    fn push_row(&mut self, row: impl Iterator<Item = usize>) {
        self.column_indices.extend(row);
        self.row_starts.push(self.column_indices.len());
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_starts.len() - 1
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.column_indices.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns of the entries of a row, in ascending order.
    ///
    /// # Panics
    /// If there are not so many rows.
    pub fn row(&self, i: usize) -> &[usize] {
        assert!(i < self.rows(), "row {i} of a pattern of {} rows", self.rows());
        &self.column_indices[self.row_starts[i]..self.row_starts[i + 1]]
    }

    /// The number of an entry, counted row by row, if there is one at this row and column.
    pub fn position(&self, i: usize, j: usize) -> Option<usize> {
        self.row(i).binary_search(&j).ok().map(|k| self.row_starts[i] + k)
    }

    /// Rows and columns of all entries, row by row.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.rows()).flat_map(|i| self.row(i).iter().map(move |j| (i, *j)))
    }

    /// Where each row starts among the entries, and behind them where the last one ends.
    pub fn row_starts(&self) -> &[usize] {
        &self.row_starts
    }

    /// The columns of all entries, row by row.
    pub fn column_indices(&self) -> &[usize] {
        &self.column_indices
    }

    /// Entries of the longest row.
    pub(super) fn longest_row(&self) -> usize {
        self.row_starts.windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or(0)
    }

    /// The same without the entries of some rows, which stay as empty rows.
    pub(super) fn only_rows(&self, keep: impl Fn(usize) -> bool) -> Pattern {
        let mut kept =
            Pattern { columns: self.columns, row_starts: vec![0], column_indices: vec![] };
        (0..self.rows()).for_each(|i| {
            let row = if keep(i) { self.row(i) } else { &[] };
            kept.push_row(row.iter().copied());
        });
        kept
    }

    /// Rows and columns exchanged.
    pub fn transpose(&self) -> Pattern {
        let mut row_starts = vec![0; self.columns + 1];
        self.column_indices.iter().for_each(|j| row_starts[j + 1] += 1);
        (0..self.columns).for_each(|j| row_starts[j + 1] += row_starts[j]);
        let mut next = row_starts.clone();
        let mut column_indices = vec![0; self.len()];
        for (i, j) in self.iter() {
            column_indices[next[j]] = i;
            next[j] += 1;
        }
        Pattern { columns: self.rows(), row_starts, column_indices }
    }

    /// The entries of both, which have the same shape.
    fn union(&self, other: &Pattern) -> Pattern {
        if self == other {
            return self.clone();
        }
        let mut union =
            Pattern { columns: self.columns, row_starts: vec![0], column_indices: Vec::new() };
        let mut row = Vec::new();
        for i in 0..self.rows() {
            row.clear();
            row.extend(self.row(i).iter().chain(other.row(i)));
            row.sort_unstable();
            row.dedup();
            union.push_row(row.iter().copied());
        }
        union
    }
}
