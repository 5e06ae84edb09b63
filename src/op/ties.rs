//! Which rows stand for others where more is known of their arguments than the call says: bounds that
//! are constants, and maxima of maxima. It must not know who records.

use super::Op;

/// How a row shares a tie among more than two arguments: the row that weighs its two arguments, and
/// the order in which [`Op::Tally`] is given them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extreme {
    /// The row of four arguments: two values, and how many arguments stand behind each.
    pub(crate) weighed: Op,
    /// Whether the larger value attains it, or the smaller one.
    pub(crate) larger: bool,
}

impl Op {
    /// The row to record, given which arguments are constants.
    #[inline(always)]
    pub(crate) fn settled(self, is_constant: impl Iterator<Item = bool>) -> Op {
        let fixed = self.of_constants();
        if fixed as u8 != self as u8 && is_constant.skip(1).all(|constant| constant) {
            fixed
        } else {
            self
        }
    }

    /// Whether the arguments are at its kink: what it gives there is a convention.
    pub(crate) fn is_at_kink(self, x: &[f64]) -> bool {
        self.row().kink.is_some_and(|(_, distance)| distance(x) == 0.0)
    }

    /// Whether what it gives at its kink depends on the direction of the way through alone: there it
    /// may be asked of the tangents in place of the arguments.
    pub(crate) fn is_of_direction_alone(self) -> bool {
        matches!(self, Op::Compare | Op::Unit | Op::Direction)
    }

    /// For a row that is a maximum or a minimum: how its ties are shared where it is nested.
    #[inline(always)]
    pub(crate) const fn extreme(self) -> Option<Extreme> {
        match self {
            Op::Max | Op::MaxTied => Some(Extreme { weighed: Op::MaxTied, larger: true }),
            Op::Min | Op::MinTied => Some(Extreme { weighed: Op::MinTied, larger: false }),
            _ => None,
        }
    }
}
