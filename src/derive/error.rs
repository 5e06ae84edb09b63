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
}

impl From<&Guard> for Error {
    fn from(guard: &Guard) -> Error {
        Error::BranchChanged { place: guard.place.clone(), comparison: guard.comparison }
    }
}
