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

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Limits = Limits { relative: 1e-9, excused: 0.0 };

    fn reason(yours: f64, truth: f64, errors: [f64; 2], limits: Limits) -> &'static str {
        match judge(yours, truth, errors, limits) {
            (Verdict::Right, Reason::Agrees { .. }) => "agrees",
            (Verdict::Right, Reason::Zero { .. }) => "zero",
            (Verdict::CannotTell, Reason::NoTruth) => "no truth",
            (Verdict::CannotTell, Reason::BelowError { .. }) => "below",
            (Verdict::CannotTell, Reason::Excused { .. }) => "excused",
            (Verdict::Wrong, Reason::Nan) => "nan",
            (Verdict::Wrong, Reason::Differs) => "differs",
            other => panic!("{other:?}"),
        }
    }

    /// Each threshold from both sides: what is given, the truth, bounds of the errors of the truth and
    /// of the textbook's form.
    #[test]
    fn each_threshold_has_two_sides() {
        let table = [
            // As many digits as are asked for.
            (1.0 + 0.9e-9, 1.0, [0.0, 0.0], "agrees"),
            (1.0 + 1.1e-9, 1.0, [0.0, 0.0], "differs"),
            (-1e-300 * (1.0 + 0.9e-9), -1e-300, [0.0, 0.0], "agrees"),
            (-1e-300 * (1.0 + 1.1e-9), -1e-300, [0.0, 0.0], "differs"),
            // Eight times the bound of the truth: nothing can be told within.
            (1.079, 1.0, [1e-2, 1e-2], "below"),
            (1.081, 1.0, [1e-2, 1e-2], "differs"),
            (0.921, 1.0, [1e-2, 1e-2], "below"),
            (0.919, 1.0, [1e-2, 1e-2], "differs"),
            // Eight times that of the textbook: right within, if three digits are left.
            (1.0 + 7.9e-4, 1.0, [0.0, 1e-4], "agrees"),
            (1.0 + 8.1e-4, 1.0, [0.0, 1e-4], "differs"),
            (1.0 - 9e-4, 1.0, [0.0, 1.24e-4], "agrees"),
            (1.0 - 9e-4, 1.0, [0.0, 1.26e-4], "differs"),
            (1.0 - 9e-4, 1.0, [1.24e-4, 1.24e-4], "agrees"),
            (1.0 - 9e-4, 1.0, [1.26e-4, 1.26e-4], "below"),
            // Both within eight times the bound: zero, as far as rounding tells.
            (7.9e-15, -7.9e-15, [1e-15, 1e-15], "zero"),
            (8.1e-15, -7.9e-15, [1e-15, 1e-15], "differs"),
            (7.9e-15, -8.1e-15, [1e-15, 1e-15], "differs"),
            (8.1e-15, 7.9e-15, [1e-15, 1e-15], "below"),
            (7.9e-12, 7.9e-15, [1e-15, 1e-12], "zero"),
            (8.1e-12, 7.9e-15, [1e-15, 1e-12], "differs"),
            (1.4e-17, -1.4e-17, [2e-15, 2e-15], "zero"),
            (0.0, 1e-17, [0.0, 0.0], "differs"),
            // What is not finite.
            (1.0, f64::NAN, [0.0, 0.0], "no truth"),
            (f64::NAN, f64::NAN, [0.0, 0.0], "no truth"),
            (f64::NAN, 1.0, [0.0, 0.0], "nan"),
            (f64::INFINITY, f64::INFINITY, [0.0, 0.0], "agrees"),
            (f64::NEG_INFINITY, f64::INFINITY, [0.0, 0.0], "differs"),
            (1e9, f64::INFINITY, [0.0, 0.0], "no truth"),
            (f64::INFINITY, 1e9, [0.0, 0.0], "differs"),
            (1.0, 2.0, [f64::INFINITY, f64::INFINITY], "below"),
        ];
        for (k, (yours, truth, errors, expected)) in table.into_iter().enumerate() {
            assert_eq!(
                reason(yours, truth, errors, USUAL),
                expected,
                "line {k}: {yours:e}, {truth:e}"
            );
        }
    }

    #[test]
    fn what_is_asked_for_is_heard() {
        let limits = Limits { relative: 1e-2, excused: 0.5 };
        assert_eq!(reason(1.009, 1.0, [0.0, 0.0], limits), "agrees");
        assert_eq!(reason(1.02, 1.0, [0.0, 0.0], limits), "excused");
        assert_eq!(reason(1.49, 1.0, [0.0, 0.0], limits), "excused");
        assert_eq!(reason(1.51, 1.0, [0.0, 0.0], limits), "differs");
        let excused = judge(1.4, 1.0, [0.0, 0.0], limits).1;
        assert_eq!(excused, Reason::Excused { within: 0.5 });
        let below = judge(1.5, 1.0, [0.1, 0.1], USUAL).1;
        assert_eq!(below, Reason::BelowError { bound: 0.8 });
        let zero = judge(1e-16, 0.0, [1e-15, 2e-15], USUAL).1;
        assert_eq!(zero, Reason::Zero { bound: 1.6e-14 });
    }

    #[test]
    fn digits_are_counted_from_none_to_sixteen() {
        let table = [(2.0, 0), (0.5, 0), (0.11, 0), (0.09, 1), (1.1e-9, 8), (0.9e-9, 9)];
        for (difference, expected) in table {
            assert_eq!(digits(difference, 1.0), expected, "{difference}");
        }
        assert_eq!(
            (digits(1.1e-15, 1.0), digits(1.1e-16, 1.0), digits(0.9e-16, 1.0)),
            (14, 15, 16)
        );
        assert_eq!((digits(1e-30, 1.0), digits_of(3.0, 3.0), digits_of(1.1, 1.0)), (16, 16, 1));
        assert_eq!(judge(2.0, 2.0, [0.0, 0.0], USUAL).1, Reason::Agrees { digits: 16 });
        assert_eq!(judge(1.0 + 1e-12, 1.0, [0.0; 2], USUAL).1, Reason::Agrees { digits: 11 });
    }

    #[test]
    fn digits_are_lost_within_eight_times_the_bound() {
        assert!(is_lost(1.079, 1.0, 1e-2) && is_lost(0.921, 1.0, 1e-2));
        assert!(!is_lost(1.081, 1.0, 1e-2) && !is_lost(0.919, 1.0, 1e-2));
    }

    #[test]
    fn dual_numbers_confirm_within_eight_times_the_bound_and_the_digits_asked_for() {
        assert!(confirmed(1.079, 1.0, 1e-2, USUAL) && !confirmed(1.081, 1.0, 1e-2, USUAL));
        assert!(confirmed(1.0 + 0.9e-9, 1.0, 0.0, USUAL));
        assert!(!confirmed(1.0 + 1.1e-9, 1.0, 0.0, USUAL));
        assert!(!confirmed(1.0, -1.0, 0.0, USUAL));
        assert!(confirmed(f64::NAN, 1.0, 0.0, USUAL) && confirmed(1.0, f64::INFINITY, 0.0, USUAL));
    }

    #[test]
    fn a_limit_holds_within_its_error_and_the_digits_asked_for() {
        assert!(is_within(1.009, 1.0, 1e-2, USUAL) && !is_within(1.011, 1.0, 1e-2, USUAL));
        assert!(is_within(1.0 + 0.9e-9, 1.0, 0.0, USUAL));
        assert!(!is_within(1.0 + 1.1e-9, 1.0, 0.0, USUAL));
    }
}
