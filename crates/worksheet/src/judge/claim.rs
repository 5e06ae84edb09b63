//! What is said of each number: verdicts, steps, faults, as data.
//! It must not know how a verdict is reached.

use crate::{digits::Claimed, model::Target, problem::Problem, source::Span};

/// What is said of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// True to the digits given.
    Ok,
    /// Off only because rounded numbers were carried on.
    Rounding,
    /// Cut instead of rounded.
    Truncated,
    /// Follows from the author's own numbers, which are wrong earlier.
    Carried,
    /// Follows from nothing on the sheet.
    Slip,
    /// Asked for, and answered.
    Answered,
    /// Could not be judged.
    Unchecked,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Rounding,
        Self::Truncated,
        Self::Carried,
        Self::Slip,
        Self::Answered,
        Self::Unchecked,
    ];

    /// The word for it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rounding => "rounding",
            Self::Truncated => "truncated",
            Self::Carried => "carried",
            Self::Slip => "slip",
            Self::Answered => "answered",
            Self::Unchecked => "unchecked",
        }
    }

    /// Whether the number is wrong.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::Slip | Self::Carried)
    }
}

/// How the links before a number did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Whether the formulas written are right; nothing if there is none.
    pub formula: Option<bool>,
    /// Whether the numbers put in are right.
    pub numbers: Option<bool>,
    /// Whether the result follows from the numbers put in.
    pub arithmetic: Option<bool>,
}

/// A link that is not equal to the one before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The chain that it is in.
    pub chain: usize,
    /// Where it stands.
    pub span: Span,
    /// What is wrong with it.
    pub text: String,
    /// Which step it is.
    pub step: Step,
}

/// What a link before the last number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A formula in names.
    Formula,
    /// Numbers put in.
    Numbers,
    /// A number in the middle of a chain.
    Number,
}

/// One number claimed or asked for, and what is said of it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The chain that it is in.
    pub chain: usize,
    /// The link that it is.
    pub link: usize,
    /// What it is of.
    pub target: Target,
    /// How the page writes that.
    pub name: String,
    /// Where the number stands.
    pub span: Span,
    /// The number, unless it was asked for.
    pub number: Option<Claimed>,
    /// What is said of it.
    pub verdict: Verdict,
    /// What follows from the author's own numbers.
    pub own: Option<f64>,
    /// How far rounding may have moved that.
    pub reach: f64,
    /// The truth.
    pub truth: Option<f64>,
    /// The first-hand slips that a carried number comes from, as claims.
    pub from: Vec<u32>,
    /// For a slip, the slips behind the numbers that it should follow from, as claims.
    pub beneath: Vec<u32>,
    /// The carried numbers that come from a slip, as claims.
    pub into: Vec<u32>,
    /// How the links before it did.
    pub steps: Steps,
    /// The earlier links of the chain that are faulty.
    pub faults: Vec<Fault>,
    /// Why it could not be judged.
    pub reason: Option<String>,
}

/// What the judge found.
#[derive(Debug, Default)]
pub struct Judgement {
    /// One entry for every number claimed or asked for.
    pub claims: Vec<Claim>,
    /// Faulty links of chains that claim no number.
    pub faults: Vec<Fault>,
    /// Second formulas on a plain sheet.
    pub problems: Vec<Problem>,
}
