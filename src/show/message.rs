//! Errors as sentences. It must not know how they arise.

use crate::derive::Error;
use crate::tape::guard::Place;
use std::fmt;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::BranchChanged { place, comparison } => write!(
                f,
                "at this point the comparison `{}` at {place} goes the other way than when the \
                 program was recorded; record it again at this point, or use `Recorded`",
                comparison.symbol(),
            ),
            Error::Unsupported { custom } => write!(
                f,
                "custom primitive `{custom}` gives its partials in f64 only, and this derivative \
                 needs them in another number; build it from primitives, or give it a program",
            ),
        }
    }
}

impl std::error::Error for Error {}
