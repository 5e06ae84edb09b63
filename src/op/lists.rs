//! Partials of n-ary primitives that need all arguments at once, in any number. It must not know
//! the table.

use super::{Internal, Number, Op, Spare, c};

/// Room for the plain numbers that a list of arguments is made of, such as the values of tangents:
/// what has grown once is used again. See [`Number::call_in`].
#[derive(Clone, Debug, Default)]
pub struct ListRoom {
    pub(crate) values: Spare<f64>,
    spare: Spare<f64>,
}

impl ListRoom {
    /// The value of a primitive over a list of plain numbers, and its partials for `slope`.
    pub(super) fn slopes(
        &mut self,
        op: Op,
        args: impl Iterator<Item = f64>,
        slope: &mut impl FnMut(usize, f64),
    ) -> f64 {
        let ListRoom { values, spare } = self;
        values.clear();
        values.extend(args);
        let value = op.value(values);
        op.partials_of_list(values, value, spare, &mut ListRoom::default(), slope);
        value
    }
}

/// The product of all factors but one, for each: those before it times those after it.
pub(super) fn before_and_after<N: Number>(
    x: &[N],
    after: &mut Spare<N>,
    slope: &mut impl FnMut(usize, N),
) {
    after.clear();
    after.resize(x.len(), c(1.0));
    for k in (1..x.len()).rev() {
        after[k - 1] = after[k] * x[k];
    }
    let mut before = c::<N>(1.0);
    for (k, x) in x.iter().enumerate() {
        slope(k, before * after[k]);
        before = before * *x;
    }
}

/// The share of each exponential in their sum, of which `v` is the logarithm. They are shifted by its
/// whole part, so that none overflows; that is flat, so that no derivative goes through the shift.
///
/// Each is a part beside the sum of those before it and those after it, so that the slope of a share
/// near 1 is not the share less its square.
pub(super) fn softmax<N: Number>(
    x: &[N],
    v: N,
    room: &mut Spare<N>,
    slope: &mut impl FnMut(usize, N),
) {
    let shift = v.floor().clamp(c(-f64::MAX), c(f64::MAX));
    room.clear();
    room.extend(x.iter().map(|x| (*x - shift).exp()));
    room.resize(2 * x.len(), c(0.0));
    let (terms, after) = room.split_at_mut(x.len());
    for k in (1..x.len()).rev() {
        after[k - 1] = after[k] + terms[k];
    }
    let mut before = c::<N>(0.0);
    for (k, term) in terms.iter().enumerate() {
        slope(k, term.part(before + after[k]));
        before = before + *term;
    }
}

/// The number that one of these attains, by steps that also count how many do: `step` is given two
/// numbers and how many arguments stand behind each.
pub(super) fn attained<N: Number>(x: &[N], none: f64, step: impl Fn([N; 4]) -> (N, N)) -> N {
    let Some((first, rest)) = x.split_first() else { return c(none) };
    rest.iter().fold((*first, c(1.0)), |(v, count), x| step([v, *x, count, c(1.0)])).0
}

/// The direction of a vector of length `v`: the share of each entry in it. None where two entries are
/// infinite, as for `hypot`.
pub(super) fn directions<N: Number>(
    x: &[N],
    v: N,
    room: &mut ListRoom,
    slope: &mut impl FnMut(usize, N),
) {
    let length = v * N::call_in(Op::Lone, x, room);
    x.iter().enumerate().for_each(|(k, x)| slope(k, x.direction(length)));
}

/// For a dot product of two vectors, one behind the other: the partner of each entry.
pub(super) fn partners<N: Number>(x: &[N], slope: &mut impl FnMut(usize, N)) {
    let (left, right) = x.split_at(x.len() / 2);
    right.iter().chain(left).enumerate().for_each(|(k, partner)| slope(k, *partner));
}

impl Op {
    /// For a primitive that adds up terms, how many lists of equal length stand one behind another in
    /// its own: a term is the product of one entry of each.
    pub(crate) fn adds_up(self) -> Option<usize> {
        match self {
            Op::Sum => Some(1),
            Op::Dot => Some(2),
            _ => None,
        }
    }

    /// The value of a primitive over a list that is plain arithmetic, in any number and in the order
    /// of the list.
    pub(crate) fn unrolled<N: Number>(self, x: &[N]) -> Option<N> {
        let added = |x: N, y: N| x + y;
        match self {
            Op::Sum => Some(x.iter().copied().reduce(added).unwrap_or(c(0.0))),
            Op::Product => Some(x.iter().copied().reduce(|x, y| x * y).unwrap_or(c(1.0))),
            Op::Dot => {
                let (left, right) = x.split_at(x.len() / 2);
                let products = left.iter().zip(right).map(|(x, y)| *x * *y);
                Some(products.reduce(added).unwrap_or(c(0.0)))
            }
            _ => None,
        }
    }
}
