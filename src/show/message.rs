//! Errors as sentences. It must not know how they arise.

use crate::derive::{Error, LoadProblem};
use crate::tape::guard::{Comparison, Place};
use std::fmt;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::BranchChanged { place, comparison: Comparison::Cast(method) } => write!(
                f,
                "at this point the cast `{method}` at {place} gives another number than when the \
                 program was recorded; record it again at this point, or use `Recorded`",
            ),
            Error::BranchChanged { place, comparison } => write!(
                f,
                "at this point the comparison `{}` at {place} goes the other way than when the \
                 program was recorded; record it again at this point, or use `Recorded`",
                comparison.symbol(),
            ),
            Error::AtPoint { point, error } => {
                write!(f, "point {point} of the batch, counted from 0: {error}")
            }
            Error::Unsupported { custom } => write!(
                f,
                "custom primitive `{custom}` gives its partials in f64 only, and this derivative \
                 needs them in another number; build it from primitives, or give it a program",
            ),
            Error::Load { slot: Some(slot), problem } => {
                write!(f, "not a saved program that can be trusted: at slot {slot}, {problem}")
            }
            Error::Load { slot: None, problem } => {
                write!(f, "not a saved program that can be trusted: {problem}")
            }
        }
    }
}

#[cfg(feature = "jit")]
impl fmt::Display for crate::emit::CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use crate::emit::CompileError;
        let why = match self {
            CompileError::Machine(why) => {
                write!(f, "no code can be written for this machine: {why}")
            }
            CompileError::Custom(custom) => write!(
                f,
                "code cannot look into the custom primitive `{custom}`; build it from primitives, or \
                 give it a program",
            ),
            CompileError::Code(why) => write!(f, "the code generator refused the program: {why}"),
            CompileError::Memory(why) => write!(f, "there is no memory for code: {why}"),
        };
        why.and_then(|()| write!(f, " (the program can be interpreted: `compile_or_interpret`)"))
    }
}

impl fmt::Display for LoadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadProblem::Format(found) => write!(f, "it calls itself `{found}`"),
            LoadProblem::Version { found, known } => {
                write!(f, "it is of version {found}, and this is a reader of version {known}")
            }
            LoadProblem::Checksum => {
                write!(f, "its checksum does not fit, so it was changed after it was saved")
            }
            LoadProblem::TooDeep(most) => {
                write!(f, "it calls programs within programs, more than {most} deep")
            }
            LoadProblem::Kind(kind) => write!(f, "no primitive is known as `{kind}`"),
            LoadProblem::Program(number) => write!(f, "there is no inner program {number}"),
            LoadProblem::InnerOutputs(outputs) => {
                write!(f, "an inner program has {outputs} outputs, and can have only one")
            }
            LoadProblem::Arity(given) => write!(f, "the primitive does not take {given} arguments"),
            LoadProblem::Order(slot) => {
                write!(f, "an argument is slot {slot}, which does not come before its use")
            }
            LoadProblem::Constant(place) => write!(f, "there is no constant {place}"),
            LoadProblem::Bounds => write!(
                f,
                "an exponent or order is not a constant whole number, or bounds are the wrong way \
                 round"
            ),
            LoadProblem::Point => write!(f, "the point does not have a number for each input"),
            LoadProblem::Comparison(asked) => write!(f, "`{asked}` is no comparison"),
            LoadProblem::Name(name) => write!(f, "`{name}` names a slot that does not exist"),
        }
    }
}

impl std::error::Error for Error {}
