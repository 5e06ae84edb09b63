//! What a printed number stands for: the interval of half a unit, and the digits cut off.
//! It must not know what the number is of.

use crate::ast::Literal;

/// A number that is claimed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claimed {
    /// The number as written.
    pub literal: Literal,
    /// Whether it is written with `~`.
    pub about: bool,
}

/// How a value fits the digits of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The value rounds to the digits.
    Rounded,
    /// The digits are the value's, cut off.
    Cut,
    /// Neither.
    Not,
}

impl Claimed {
    /// A number written with `=`.
    pub fn exactly(literal: Literal) -> Self {
        Self { literal, about: false }
    }

    /// Half a unit of the last place; nothing for a whole number that is not `~`.
    pub fn half(self) -> f64 {
        if self.literal.whole && !self.about { 0.0 } else { 0.5 * self.literal.unit() }
    }

    /// How far from the digits a value may be and still round to them, noise of f64 included.
    fn slack(self, value: f64) -> f64 {
        self.half() * (1.0 + 1e-9) + 2e-13 * value.abs().max(self.literal.value.abs())
    }

    /// How a value fits; one that is not finite fits no digits.
    pub fn fit(self, value: f64) -> Fit {
        let claimed = self.literal.value;
        if !value.is_finite() {
            return Fit::Not;
        }
        if (value - claimed).abs() <= self.slack(value) {
            return Fit::Rounded;
        }
        let rest = value.abs() - claimed.abs();
        let same_side = claimed == 0.0 || (claimed < 0.0) == (value < 0.0);
        let cut = same_side && rest > 0.0 && rest < 2.0 * self.half();
        if cut { Fit::Cut } else { Fit::Not }
    }

    /// Whether the value is within the digits and so much more; a reach without bounds reaches nothing.
    pub fn within(self, value: f64, reach: f64) -> bool {
        value.is_finite()
            && reach.is_finite()
            && (value - self.literal.value).abs() <= self.slack(value) + reach * 1.02
    }
}

/// The most digits that tell one f64 from another.
const MOST_DIGITS: usize = 17;

/// A value to the digits of a claim, and two more if asked for.
pub fn rounded(value: f64, literal: Literal, more: i16) -> String {
    let places = usize::try_from(literal.places.max(0) + more).unwrap_or(0);
    if literal.places > 17 {
        let significant = literal.digits().saturating_sub(1) + more as usize;
        return format!("{value:.*e}", significant.min(MOST_DIGITS - 1));
    }
    format!("{value:.places$}")
}

/// What should stand in place of a claim: to its digits, as far as these can say it.
pub fn instead(value: f64, claimed: Claimed) -> String {
    let literal = claimed.literal;
    let text = rounded(value, literal, 0);
    let count = |text: &str| {
        text.trim_start_matches(['-', '0', '.']).matches(|c: char| c.is_ascii_digit()).count()
    };
    let wanted = count(&rounded(literal.value, literal, 0)).max(3);
    let lost = count(&text) == 0 && value.abs() > 1e-12;
    let exact = claimed.half() == 0.0 && text.parse() != Ok(value);
    if value.is_finite() && (lost || count(&text) > (wanted + 6).min(15)) {
        return significant(value, wanted);
    }
    if exact { readable(value) } else { text }
}

/// A value to so many significant digits, without trailing zeros.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let text = format!("{value:.*e}", digits.saturating_sub(1));
    let Some((mantissa, magnitude)) = text.split_once('e') else { return text };
    let magnitude: i32 = magnitude.parse().unwrap_or(0);
    if (-5..digits.max(9) as i32).contains(&magnitude) {
        let places = usize::try_from(digits as i32 - 1 - magnitude).unwrap_or(0);
        return trimmed(&format!("{value:.places$}")).to_owned();
    }
    format!("{}e{magnitude}", trimmed(mantissa))
}

/// Digits without the zeros at their end.
fn trimmed(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

/// A value for reading: nine significant digits at most, no trailing zeros.
pub fn readable(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..=15).contains(&magnitude) {
        return format!("{value:.8e}");
    }
    let places = (8 - magnitude).max(0) as usize;
    trimmed(&format!("{value:.places$}")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lex::literal, source::Span};

    fn fit(text: &str, value: f64) -> Fit {
        Claimed::exactly(literal(text, Span::default()).unwrap()).fit(value)
    }

    #[test]
    fn intervals_of_half_a_unit() {
        assert_eq!(fit("0.5812", 0.581150964), Fit::Rounded);
        assert_eq!(fit("0.58120", 0.581150964), Fit::Not);
        assert_eq!(fit("0.3578", 0.35775), Fit::Rounded);
        assert_eq!(fit("0.3577", 0.35775), Fit::Rounded);
        assert_eq!(fit("0.5932", 0.593269992), Fit::Cut);
        assert_eq!(fit("3.51e-5", 3.5149e-5), Fit::Rounded);
        assert_eq!(fit("6", 6.0), Fit::Rounded);
        assert_eq!(fit("6", 6.2), Fit::Not);
        assert_eq!(fit("1500", 1500.4), Fit::Not);
    }

    #[test]
    fn what_is_not_finite_fits_no_digits() {
        let claimed = Claimed::exactly(literal("1234.56", Span::default()).unwrap());
        for value in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(claimed.fit(value), Fit::Not);
            assert!(!claimed.within(value, 1.0) && !claimed.within(1234.0, value));
        }
        assert!(claimed.within(1234.0, 1.0));
    }

    #[test]
    fn what_should_stand_there_has_the_digits_of_the_claim() {
        let show = |text: &str, value| {
            instead(value, Claimed::exactly(literal(text, Span::default()).unwrap()))
        };
        assert_eq!(show("0.5812", 0.581150964), "0.5812");
        assert_eq!(show("42.0", 288534813701160512.0), "2.89e17");
        assert_eq!(show("187067.9", 15588.989), "15589.0");
        assert_eq!(show("8", 8.25), "8.25");
        assert_eq!(show("8", 9.0), "9");
        assert_eq!(show("1.5", 0.00123), "0.00123");
        assert_eq!(show("1.5", 0.0), "0.0");
        assert_eq!(show("1500", 1499.0), "1499");
    }

    #[test]
    fn values_are_written_for_reading() {
        assert_eq!(readable(0.297432905123), "0.297432905");
        assert_eq!(readable(2.0), "2");
        assert_eq!(readable(1200.0), "1200");
        assert_eq!(readable(1e-9), "1.00000000e-9");
    }
}
