//! The verdict on one component. It must not know where the numbers come from.

use super::report::{Reason, Verdict};

/// How much larger than the first-order bound a difference must be to count: what was computed by
/// hand has rounding errors of its own, of the same kind.
pub(crate) const MARGIN: f64 = 8.0;

/// A component is known if its error is at most this share of it: to three digits.
pub(crate) const KNOWN: f64 = 1e-3;

/// What a check asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) relative: f64,
    pub(crate) excused: f64,
}

/// Judges a number against the truth, whose error has a bound. The judgement is relative, so that the
/// size of a derivative does not matter. `taught` bounds the error of the formula that people write:
/// what lies within it is right as long as it leaves three digits. Two numbers that both lie within
/// the error of rounding are zero, as far as rounding tells.
pub(crate) fn judge(
    yours: f64,
    truth: f64,
    [bound, taught]: [f64; 2],
    limits: Limits,
) -> (Verdict, Reason) {
    if truth.is_nan() {
        return (Verdict::CannotTell, Reason::NoTruth);
    }
    if yours.is_nan() {
        return (Verdict::Wrong, Reason::Nan);
    }
    if yours == truth {
        return (Verdict::Right, Reason::Agrees { digits: 16 });
    }
    if truth.is_infinite() && yours.is_finite() {
        return (Verdict::CannotTell, Reason::NoTruth);
    }
    if yours.is_infinite() {
        return (Verdict::Wrong, Reason::Differs);
    }
    let (difference, scale) = ((yours - truth).abs(), yours.abs().max(truth.abs()));
    let (error, allowed) = (MARGIN * bound, MARGIN * taught);
    let agrees = (Verdict::Right, Reason::Agrees { digits: digits(difference, scale) });
    let is_rounding = difference <= allowed && allowed <= KNOWN * scale;
    let is_zero = truth.abs() <= error && yours.abs() <= allowed && allowed.is_finite();
    if difference <= limits.relative * scale || is_rounding {
        agrees
    } else if is_zero {
        (Verdict::Right, Reason::Zero { bound: allowed })
    } else if difference <= error {
        (Verdict::CannotTell, Reason::BelowError { bound: error })
    } else if difference <= limits.excused {
        (Verdict::CannotTell, Reason::Excused { within: limits.excused })
    } else {
        (Verdict::Wrong, Reason::Differs)
    }
}

/// To how many decimal digits two numbers agree.
fn digits(difference: f64, scale: f64) -> u32 {
    (-(difference / scale).log10()).clamp(0.0, 16.0) as u32
}

/// Whether a number is that of a derivative which is known up to an error.
pub(crate) fn is_within(yours: f64, slope: f64, error: f64, limits: Limits) -> bool {
    (yours - slope).abs() <= error + limits.relative * yours.abs().max(slope.abs())
}

/// To how many digits the two agree, for a message.
pub(crate) fn digits_of(yours: f64, truth: f64) -> u32 {
    if yours == truth {
        return 16;
    }
    digits((yours - truth).abs(), yours.abs().max(truth.abs()))
}

/// Whether a difference is what the formula of the textbook loses.
pub(crate) fn is_lost(yours: f64, truth: f64, taught: f64) -> bool {
    (yours - truth).abs() <= MARGIN * taught
}

/// Whether what the dual numbers give is the truth, as far as rounding lets one tell.
pub(crate) fn confirmed(dual: f64, truth: f64, bound: f64, limits: Limits) -> bool {
    let allowed = MARGIN * bound + limits.relative * dual.abs().max(truth.abs());
    !(dual.is_finite() && truth.is_finite()) || (dual - truth).abs() <= allowed
}
