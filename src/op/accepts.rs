//! What a primitive can have among its arguments, for programs that come from outside. It must not
//! know where they come from.

use super::Op;

impl Op {
    /// Whether it can have these constants among its arguments: an exponent or order that it wants
    /// as a whole number must be one, and bounds must be in order.
    pub(crate) fn accepts(self, constants: &[Option<f64>]) -> bool {
        let whole = |k: usize, range: std::ops::RangeInclusive<f64>| {
            constants[k].is_some_and(|n| n == n.trunc() && range.contains(&n))
        };
        match self {
            Op::Powi => whole(1, f64::from(i32::MIN)..=f64::from(i32::MAX)),
            Op::Polygamma => whole(0, 0.0..=f64::from(u16::MAX)),
            Op::Clamp => constants[1].zip(constants[2]).is_none_or(|(lo, hi)| lo <= hi),
            _ => true,
        }
    }
}
