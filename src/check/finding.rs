//! Mistakes in derivatives, as data. It must not know how they are found, nor how they read.

use super::linear::Site;
use super::report::Part;

/// A mistake that would explain what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was done.
    pub mistake: Mistake,
    /// The components that it explains.
    pub parts: Vec<Part>,
}

/// A mistake in a derivative, told from what it gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Mistake {
    /// Components are NaN.
    Nan,
    /// The form of a derivative that textbooks give was computed where it loses its digits.
    LostDigits,
    /// The numbers are rounded to 24 bits.
    SinglePrecision,
    /// The sign is wrong.
    Sign,
    /// A constant factor: yours is the truth times this.
    Factor {
        /// The factor.
        factor: f64,
        /// Where it may come from.
        meaning: Meaning,
    },
    /// A factor that is the value of a quantity: yours is the truth times that, or divided by it.
    FactorOf {
        /// The quantity.
        site: Site,
        /// Whether it is divided by that.
        over: bool,
    },
    /// Two components, or two blocks, have each other's value.
    Swapped,
    /// Every component has the value of another one, so many places further on.
    Shifted {
        /// How many places.
        by: isize,
    },
    /// The components are in the opposite order.
    Reversed,
    /// A matrix is transposed.
    Transposed {
        /// Rows of the right one.
        rows: usize,
        /// Columns of the right one.
        columns: usize,
    },
    /// The right numbers are in another order.
    Permuted,
    /// What flows along an edge of the tape, or along all edges like it, is left out.
    MissingPath {
        /// The quantity that the function depends on.
        from: Site,
        /// Where it is used.
        into: Site,
        /// How many edges are like this one.
        edges: usize,
    },
    /// A quantity that depends on the arguments was taken for a constant.
    TakenForConstant {
        /// The quantity.
        site: Site,
        /// How many are like it.
        slots: usize,
    },
    /// The slope of a primitive was got wrong, in the way that is said.
    Slope {
        /// The primitive.
        site: Site,
        /// Of which argument, if it has several and one of them is meant.
        argument: Option<usize>,
        /// What was done with it.
        change: SlopeChange,
    },
    /// A factor was taken from another quantity than the one that belongs there.
    WrongOperand {
        /// Where the factor is used.
        site: Site,
        /// What was taken.
        used: Site,
        /// What belongs there.
        belongs: Site,
        /// Whether what was taken is the argument of the activation whose result belongs there.
        before: bool,
    },
    /// The slope of a primitive is a constant, such as a number of the data, and another one was taken.
    WrongConstant {
        /// The primitive.
        site: Site,
        /// In which argument, if several are variables.
        argument: Option<usize>,
        /// What was taken.
        yours: f64,
        /// What belongs there.
        truth: f64,
        /// How many edges have another constant, each its own, this one included.
        edges: usize,
    },
    /// The slope of a primitive has another value than it should, and nothing known gives that.
    SlopeOff {
        /// The primitive.
        site: Site,
        /// In which argument.
        argument: usize,
        /// What the slope must have been.
        yours: f64,
        /// What it should be.
        truth: f64,
    },
    /// It is the derivative with respect to another quantity.
    WrongQuantity {
        /// With respect to which, for each of the parts.
        instead: Vec<Site>,
    },
    /// It is the derivative of another quantity.
    OtherOutput {
        /// Of which.
        site: Site,
    },
    /// The numbers are nearly right.
    Nearly {
        /// To how many digits.
        digits: u32,
    },
}

/// Where a constant factor may come from.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Meaning {
    /// It is a small whole number, or one over it.
    Whole,
    /// It is the number of these components, or one over it.
    Count(usize),
    /// It converts degrees and radians.
    Degrees,
    /// It converts units: per cent, or days of a year.
    Units,
    /// It converts natural logarithms and others.
    Logarithm,
    /// It is the square root of 2 pi, or one over it.
    RootTwoPi,
    /// It is the value of the function, or one over it: the derivative of another function of it.
    Value,
    /// Nothing is known of it.
    Unknown,
}

/// What was done with a slope in place of the right thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SlopeChange {
    /// Its sign is wrong.
    Sign,
    /// It is twice as large as it should be.
    Twice,
    /// It is half as large as it should be.
    Half,
    /// It was left out, as if it were 1.
    One,
    /// The value of the primitive was taken for it.
    Value,
    /// It was taken at the result, where it belongs at the argument.
    After,
    /// The form that wants the result was given the argument.
    Before,
    /// There is one factor too many of the argument of this number.
    TimesArgument(usize),
    /// There is one factor too few of the argument of this number.
    OverArgument(usize),
    /// There is one factor of the result too many.
    TimesValue,
    /// There is one factor of the result too few.
    OverValue,
    /// The slope in the other argument was taken.
    Other,
    /// One less the slope was taken.
    Complement,
    /// The slope was squared.
    Squared,
    /// The square root of the slope was taken.
    Root,
    /// One over the slope was taken.
    Reciprocal,
    /// Its factor was taken so many steps before the result that belongs there, such as before an
    /// activation.
    FactorBefore(usize),
    /// Its factor was taken so many steps after the slot, such as a state after a step in place of
    /// the one before it.
    FactorAfter(usize),
    /// The slope of another primitive was taken.
    Of(&'static str),
    /// The slope of another primitive was multiplied in, at the result.
    TimesSlopeOf(&'static str),
}

impl Mistake {
    /// A short name of the kind of mistake.
    pub fn name(&self) -> &'static str {
        match self {
            Mistake::Nan => "not a number",
            Mistake::LostDigits => "lost digits",
            Mistake::SinglePrecision => "single precision",
            Mistake::Sign | Mistake::Slope { change: SlopeChange::Sign, .. } => "sign",
            Mistake::Factor { .. } | Mistake::FactorOf { .. } => "factor",
            Mistake::Slope { change: SlopeChange::Twice | SlopeChange::Half, .. } => "factor",
            Mistake::Swapped => "swapped",
            Mistake::Shifted { .. } => "shifted",
            Mistake::Reversed => "reversed",
            Mistake::Transposed { .. } => "transposed",
            Mistake::Permuted => "permuted",
            Mistake::MissingPath { .. } => "missing path",
            Mistake::TakenForConstant { .. } => "taken for a constant",
            Mistake::Slope { change: SlopeChange::One, .. } => "forgotten slope",
            Mistake::Slope { change: SlopeChange::Value, .. } => "value for slope",
            Mistake::Slope { change: SlopeChange::After, .. } => "slope at the wrong place",
            Mistake::Slope { change: SlopeChange::Before, .. } => "slope at the wrong place",
            Mistake::Slope { change: SlopeChange::FactorBefore(_), .. } => "before the activation",
            Mistake::Slope { change: SlopeChange::FactorAfter(_), .. } => "wrong operand",
            Mistake::Slope { .. } | Mistake::SlopeOff { .. } => "wrong slope",
            Mistake::WrongConstant { .. } => "wrong constant",
            Mistake::WrongOperand { before: true, .. } => "before the activation",
            Mistake::WrongOperand { .. } => "wrong operand",
            Mistake::WrongQuantity { .. } => "wrong quantity",
            Mistake::OtherOutput { .. } => "another output",
            Mistake::Nearly { .. } => "nearly right",
        }
    }
}

impl Mistake {
    /// The quantities of the recording that it is about.
    pub(crate) fn sites(&self) -> Vec<&Site> {
        match self {
            Mistake::MissingPath { from, into, .. } => vec![from, into],
            Mistake::WrongOperand { site, used, belongs, .. } => vec![site, used, belongs],
            Mistake::WrongQuantity { instead } => instead.iter().collect(),
            Mistake::TakenForConstant { site, .. }
            | Mistake::Slope { site, .. }
            | Mistake::SlopeOff { site, .. }
            | Mistake::WrongConstant { site, .. }
            | Mistake::FactorOf { site, .. }
            | Mistake::OtherOutput { site } => vec![site],
            _ => Vec::new(),
        }
    }
}
