//! What can be wrong with a replay, as data. It must not know how a message reads.

use crate::tape::guard::{Comparison, Guard, Place};

/// Why a program could not be evaluated, or not be read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// At this point a comparison that the recorded code made goes the other way, so the code would
    /// have run along another branch, which was not recorded. Record again at this point, or use
    /// [`Recorded`](crate::Recorded), which does so.
    BranchChanged {
        /// Where the comparison was made.
        place: Place,
        /// What was asked.
        comparison: Comparison,
    },
    /// A custom primitive gives its partials in f64 only, and this derivative needs them in another
    /// number.
    Unsupported {
        /// The primitive's name.
        custom: String,
    },
    /// One point of a [batch](crate::Batch) could not be evaluated.
    AtPoint {
        /// Its place among the points, from 0.
        point: usize,
        /// Why.
        error: Box<Error>,
    },
    /// What was read is not a saved program, or not an undamaged one.
    Load {
        /// The slot at which it shows, if it shows at one.
        slot: Option<usize>,
        /// What is wrong.
        problem: LoadProblem,
    },
}

/// What is wrong with a saved program.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadProblem {
    /// It does not call itself a program.
    Format(String),
    /// It is of a version that this crate does not know.
    Version {
        /// The version that it names.
        found: u32,
        /// The version that this crate writes and reads.
        known: u32,
    },
    /// Its checksum does not fit: a part was changed after it was saved.
    Checksum,
    /// Programs are called within programs deeper than this.
    TooDeep(usize),
    /// No primitive has this name or number.
    Kind(String),
    /// No program within it has this number.
    Program(usize),
    /// A program that is called as a primitive has this many outputs, not one.
    InnerOutputs(usize),
    /// The primitive does not take this many arguments.
    Arity(usize),
    /// An argument is this slot, which does not come before its use.
    Order(usize),
    /// An argument is this constant, which does not exist.
    Constant(usize),
    /// An exponent or order is not a constant whole number, or bounds are the wrong way round.
    Bounds,
    /// The point does not have a number for each input.
    Point,
    /// A guard asks a question that is not known.
    Comparison(String),
    /// This name belongs to a slot that does not exist.
    Name(String),
}

impl From<&Guard> for Error {
    fn from(guard: &Guard) -> Error {
        Error::BranchChanged { place: guard.place.clone(), comparison: guard.comparison }
    }
}
