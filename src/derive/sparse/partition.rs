//! Which entries of a Jacobian are read on the way up, and which on the way down, so that few sweeps
//! show them all. It must not know what the entries are.

use super::Pattern;
use super::colouring::Colouring;
use crate::derive::workspace::DIRECTIONS;
use std::cmp::Reverse;

/// A colour for each column that is swept up, and for each row that is swept down. An entry is read
/// where it stands alone: in the sum of its column's colour, or in that of its row's.
///
/// The long rows, or else the long columns, are taken apart and swept the other way. So an arrow,
/// which has one full row and one full column, takes a handful of sweeps, where columns alone or
/// rows alone would each need a colour of their own. Direct two-way colouring by such a cut is by
/// Coleman and Verma, "The efficient computation of sparse Jacobian matrices using automatic
/// differentiation", SIAM J. Sci. Comput. 19 (1998).
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) columns: Colouring,
    pub(super) rows: Colouring,
    /// Whether it is rows that were taken apart.
    by_rows: bool,
}

/// A way to cut: the longest so many rows (or columns) are swept on their own.
#[derive(Clone, Copy)]
struct Cut {
    by_rows: bool,
    apart: usize,
    /// Sweeps that it takes at least.
    least: usize,
}

impl Partition {
    /// The one with the fewest sweeps of: all up, all down, the best cut by rows, by columns.
    pub(super) fn of(pattern: &Pattern) -> Partition {
        let transposed = pattern.transpose();
        let (rows, columns) = (longest_first(pattern), longest_first(&transposed));
        let (by_rows, by_columns) =
            (cuts(pattern, &rows, true), cuts(&transposed, &columns, false));
        let shortest = |cuts: &[Cut]| cuts.iter().copied().min_by_key(|cut| cut.least);
        let (up, down) = (by_rows.first().copied(), by_rows.last().copied());
        let mut cuts: Vec<Cut> =
            [up, down, shortest(&by_rows), shortest(&by_columns)].into_iter().flatten().collect();
        cuts.sort_by_key(|cut| cut.least); // stable: of equal ones those without a cut come first
        let mut best: Option<Partition> = None;
        for cut in cuts {
            if best.as_ref().is_some_and(|best| best.sweeps() <= cut.least) {
                break;
            }
            let found = match cut.by_rows {
                true => cut.colour(pattern, &rows),
                false => cut.colour(&transposed, &columns).transposed(),
            };
            if best.as_ref().is_none_or(|best| found.sweeps() < best.sweeps()) {
                best = Some(found);
            }
        }
        best.expect("all up is one of them")
    }

    /// Sweeps up and down together.
    fn sweeps(&self) -> usize {
        self.columns.colours.div_ceil(DIRECTIONS) + self.rows.colours
    }

    /// Whether an entry is read on the way down.
    pub(super) fn goes_down(&self, i: usize, j: usize) -> bool {
        if self.by_rows { self.rows.has(i) } else { !self.columns.has(j) }
    }

    fn transposed(self) -> Partition {
        Partition { columns: self.rows, rows: self.columns, by_rows: !self.by_rows }
    }
}

impl Cut {
    /// Colours the rows that are apart, and the columns of what is left.
    fn colour(self, pattern: &Pattern, longest_first: &[usize]) -> Partition {
        let mut apart = vec![false; pattern.rows()];
        longest_first[..self.apart].iter().for_each(|i| apart[*i] = true);
        let (long, rest) = (pattern.only_rows(|i| apart[i]), pattern.only_rows(|i| !apart[i]));
        let rows = Colouring::of_columns(&long.transpose());
        Partition { columns: Colouring::of_columns(&rest), rows, by_rows: true }
    }
}

fn longest_first(pattern: &Pattern) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..pattern.rows()).collect();
    rows.sort_by_key(|i| Reverse(pattern.row(*i).len()));
    rows
}

/// Every cut, from none to all rows. Rows that are apart differ in colour where they share a column,
/// and of the columns of a row that is left no two have one colour.
fn cuts(pattern: &Pattern, longest_first: &[usize], by_rows: bool) -> Vec<Cut> {
    let (lanes_apart, lanes_left) = if by_rows { (1, DIRECTIONS) } else { (DIRECTIONS, 1) };
    let (mut shared, mut most) = (vec![0_usize; pattern.columns()], 0_usize);
    let mut cut = |apart: usize| {
        let row = longest_first.get(apart).map_or(&[][..], |i| pattern.row(*i));
        let least = most.div_ceil(lanes_apart) + row.len().div_ceil(lanes_left);
        for j in row {
            shared[*j] += 1;
            most = most.max(shared[*j]);
        }
        Cut { by_rows, apart, least }
    };
    (0..=longest_first.len()).map(&mut cut).collect()
}
