//! Comparisons that recorded code made. It must not know what was recorded.

use crate::tape::code::Arg;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::panic::Location;

/// Which question a comparison asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
#[non_exhaustive]
pub enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Order,
    /// Whether the number is still the one that a cast gave away as a plain number: by the method
    /// of this name, which a guest crate's trait demands.
    Cast(&'static str),
}

/// The methods by which guests cast a variable to a plain number.
#[cfg(any(feature = "num-traits", feature = "serde"))]
pub(crate) const CASTS: [&str; 15] = [
    "to_isize",
    "to_i8",
    "to_i16",
    "to_i32",
    "to_i64",
    "to_i128",
    "to_usize",
    "to_u8",
    "to_u16",
    "to_u32",
    "to_u64",
    "to_u128",
    "to_f32",
    "to_f64",
    "to_subset",
];

impl Comparison {
    /// The answer: 0 or 1 to a question of yes or no; -1, 0 or 1 for an order, and 2 for none.
    pub(crate) fn ask(self, x: f64, y: f64) -> i8 {
        match (self, x.partial_cmp(&y)) {
            (Comparison::Order, order) => order.map_or(2, |order| order as i8),
            (_, None) => 0,
            (Comparison::Equal | Comparison::Cast(_), Some(order)) => {
                (order == Ordering::Equal) as i8
            }
            (Comparison::Less, Some(order)) => (order == Ordering::Less) as i8,
            (Comparison::LessOrEqual, Some(order)) => (order != Ordering::Greater) as i8,
            (Comparison::Greater, Some(order)) => (order == Ordering::Greater) as i8,
            (Comparison::GreaterOrEqual, Some(order)) => (order != Ordering::Less) as i8,
        }
    }

    /// How it is written between its operands.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal | Comparison::Cast(_) => "==",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Order => "partial_cmp",
        }
    }
}

/// A place in source code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Place {
    pub file: Cow<'static, str>,
    pub line: u32,
    pub column: u32,
}

impl From<&'static Location<'static>> for Place {
    fn from(location: &'static Location<'static>) -> Place {
        Place { file: location.file().into(), line: location.line(), column: location.column() }
    }
}

/// A comparison that recorded code made: on other inputs it might have gone the other way.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub(crate) x: Arg,
    pub(crate) y: Arg,
    pub(crate) comparison: Comparison,
    pub(crate) outcome: i8,
    pub(crate) place: Place,
}
