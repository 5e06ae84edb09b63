//! What a partial in the table may be made of beside primitives: a constant, and a jump from 0 to 1.
//! It must not know any row.

use super::Number;

/// A constant of whatever number a rule runs in.
pub(super) fn c<N: Number>(x: f64) -> N {
    N::constant(x)
}

/// 1 where x > 0, else 0.
pub(super) fn positive<N: Number>(x: N) -> N {
    x.select(c(1.0), c(0.0))
}
