//! What a check found, as data. It must not know how it was found, nor how it is printed.

use super::finding::Finding;
use super::kinks::NearKink;
use super::linear::Site;

/// What is known of a derivative written by hand, or of one component of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It agrees with the truth to as many digits as f64 leaves, and these are at least three; or both
    /// are zero, as far as rounding tells.
    Right,
    /// It differs from the truth by more than rounding can explain.
    Wrong,
    /// It can be called neither right nor wrong, for the reason that is given.
    CannotTell,
}

/// Why a verdict is what it is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Reason {
    /// Both agree to so many digits.
    Agrees {
        /// Decimal digits, at most 16.
        digits: u32,
    },
    /// Both are zero as far as rounding tells: neither is larger than the error that the truth may
    /// have, and that error is small beside the derivatives near by.
    Zero {
        /// The bound of that error.
        bound: f64,
    },
    /// The point is at this border, and yours is the limit of the slopes on both sides of it.
    Beside {
        /// The border.
        border: NearKink,
        /// Decimal digits to which yours and the limit agree.
        digits: u32,
    },
    /// They agree at the point, and by chance: at points near by they do not.
    WrongNearBy {
        /// What yours is at a point near by.
        yours: f64,
        /// What it should be there.
        truth: f64,
    },
    /// They differ by more than the error of the truth.
    Differs,
    /// Yours is not a number, and the truth is.
    Nan,
    /// The truth itself is not a number, or infinite where yours is not: the function is not
    /// differentiable here.
    NoTruth,
    /// They differ by less than the error that the truth may have.
    BelowError {
        /// The bound of that error.
        bound: f64,
    },
    /// They differ by less than the absolute tolerance that was asked for. It is an excuse, and no
    /// proof: a derivative as small as that could have the wrong sign.
    Excused {
        /// The tolerance.
        within: f64,
    },
    /// The point is at a kink or at the border of a recorded branch, as far as rounding tells: there
    /// the derivative is a convention, or that of one side.
    AtKink(NearKink),
    /// The slopes to the left and to the right differ, so there is a kink in between.
    BetweenKinks {
        /// The slope to the left.
        left: f64,
        /// The slope to the right.
        right: f64,
    },
    /// The values are too rough at every step for a slope to be seen: they jump, or are rounded
    /// too much.
    TooRough,
    /// The differences say that it is wrong, and the Taylor remainder that it is right.
    WitnessesDisagree {
        /// The order at which the remainder vanishes: 2 if right, 1 if wrong.
        order: f64,
    },
    /// The reverse sweep and the dual numbers disagree, so that neither can be a judge.
    OracleDisagrees {
        /// What the dual numbers give.
        dual: f64,
    },
}

/// Which component a line of the report is about: a block of the arguments, and an index in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The block.
    pub block: String,
    /// The index in the block, one number a dimension; empty for a single number.
    pub index: Vec<usize>,
}

/// One component: yours, the truth, and the verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Which it is.
    pub part: Part,
    /// What the code under test gives.
    pub yours: f64,
    /// What it should give.
    pub truth: f64,
    /// Bound of the error of the truth.
    pub bound: f64,
    /// Right, wrong, or neither.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// What points near by say. They are looked at where agreement at one point may be chance: where a
/// derivative is zero, two of them are equal, inputs are equal or round numbers, or the point is at
/// a border. Points near by count if they are on the same piece of the function, or on one of those
/// that meet at the point.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NearBy {
    /// They were not looked at.
    Unasked,
    /// What is right at the point is right at so many points near by.
    Right {
        /// How many.
        points: usize,
    },
    /// Components that are right at the point are wrong here ([`Reason::WrongNearBy`]).
    Wrong {
        /// The point.
        x: Vec<f64>,
    },
    /// Yours are the same numbers wherever one looks, and the truth is not: they are taken to be
    /// meant for the one point.
    Constant,
    /// No point near by is on the same piece, with derivatives that are finite.
    Nothing,
}

/// What was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Question {
    /// A gradient.
    Gradient,
    /// A Jacobian.
    Jacobian,
    /// Products of a Hessian with vectors.
    Product,
    /// The partials of the custom primitive of this name.
    Custom(String),
}

/// How the truth was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oracle {
    /// By sweeps through the function, exact to rounding.
    Sweep,
    /// By extrapolated differences of its values.
    Differences,
}

/// What a check found. It prints as a message for the one who wrote the derivative.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::{Verdict, check_gradient};
///
/// let report = check_gradient(|v| v[0].square() * v[1], |x| vec![x[0] * x[1], x[0] * x[0]], &[3.0, 5.0]);
/// assert_eq!(report.verdict(), Verdict::Wrong);
/// assert!(report.to_string().contains("half of the truth"), "{report}");
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    /// What was checked.
    pub question: Question,
    /// How the truth was found.
    pub oracle: Oracle,
    /// Component by component.
    pub components: Vec<Component>,
    /// What the differences suggest, the likeliest first: at the point, or near by if it is there
    /// that something is wrong.
    pub findings: Vec<Finding>,
    /// What points near by say.
    pub near_by: NearBy,
    /// How fast the error of the linear model `f(x) + g (y - x)` vanishes: as the square of the
    /// distance where the gradient `g` is right, and in proportion to the distance where it is
    /// wrong. Measured for black boxes, where rounding leaves enough to measure.
    pub taylor: Option<f64>,
    /// The value or derivative that is not finite and makes the truth so, if one does.
    pub origin: Option<Site>,
}

impl Report {
    /// Wrong if a component is, else right if all are.
    pub fn verdict(&self) -> Verdict {
        let any = |verdict| self.components.iter().any(|c| c.verdict == verdict);
        match (any(Verdict::Wrong), any(Verdict::CannotTell)) {
            (true, _) => Verdict::Wrong,
            (false, true) => Verdict::CannotTell,
            (false, false) => Verdict::Right,
        }
    }

    /// Whether all components are right.
    pub fn is_right(&self) -> bool {
        self.verdict() == Verdict::Right
    }

    /// Whether all components are right or excused.
    pub fn passes(&self) -> bool {
        let passes = |c: &Component| {
            c.verdict == Verdict::Right || matches!(c.reason, Reason::Excused { .. })
        };
        self.components.iter().all(passes)
    }

    /// The components that are wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(|c| c.verdict == Verdict::Wrong)
    }
}
