//! Functions that are taken for one another, and those that want an angle.
//! It must not know who takes them.

use wengert::Op;

/// Functions of one sort: a person may reach for one and want another.
const SORTS: [&[Op]; 3] =
    [&[Op::Ln, Op::Log10, Op::Log2], &[Op::Sin, Op::Cos], &[Op::Asin, Op::Acos]];

/// The functions that take an angle, and those that give one.
const OF_ANGLES: [Op; 3] = [Op::Sin, Op::Cos, Op::Tan];
const TO_ANGLES: [Op; 3] = [Op::Asin, Op::Acos, Op::Atan];

/// The others of a function's sort.
pub(super) fn functions(op: Op) -> impl Iterator<Item = Op> {
    let sort = SORTS.into_iter().find(|sort| sort.contains(&op)).unwrap_or_default();
    sort.iter().copied().filter(move |other| *other != op)
}

/// Whether a function takes an angle.
pub(super) fn takes_angle(op: Op) -> bool {
    OF_ANGLES.contains(&op)
}

/// Whether a function gives an angle.
pub(super) fn gives_angle(op: Op) -> bool {
    TO_ANGLES.contains(&op)
}
