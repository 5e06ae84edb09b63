//! How many digits of a number are shown, so that a reader can follow by hand. It must not know
//! where a number comes from.

/// Decimals of a number worked out, at least.
const PLACES: i32 = 6;
/// Significant digits of a number worked out, at least.
const DIGITS: i32 = 5;

/// A number as decimals, and a power of ten where it is very small or very large.
#[derive(Debug, PartialEq)]
pub(in crate::show) struct Shown {
    pub(in crate::show) decimals: String,
    pub(in crate::show) exponent: Option<i32>,
}

impl Shown {
    /// The number that a reader sees.
    pub(super) fn value(&self) -> f64 {
        let Shown { decimals, exponent } = self;
        let (number, below) = decimals.split_once('/').unwrap_or((decimals, "1"));
        let part = |text: &str| text.parse().unwrap_or(f64::NAN);
        part(&format!("{number}e{}", exponent.unwrap_or(0))) / part(below)
    }
}

/// A number worked out: to six decimals, or to more if less than five digits would be left; shorter
/// where that is exact.
pub(in crate::show) fn shown(x: f64) -> Shown {
    with_more(x, 0)
}

/// Half a unit of the last digit that is shown of a number.
pub(super) fn half_unit(x: f64) -> f64 {
    let magnitude = if x == 0.0 { 0 } else { x.abs().log10().floor() as i32 };
    let places = if is_plain(magnitude) { places(magnitude) } else { DIGITS - magnitude };
    0.5 * 10f64.powi(-places)
}

fn is_plain(magnitude: i32) -> bool {
    (-7..9).contains(&magnitude)
}

fn places(magnitude: i32) -> i32 {
    PLACES.max(DIGITS - 1 - magnitude)
}

/// The same with so many more digits.
pub(super) fn with_more(x: f64, more: u8) -> Shown {
    if x == 0.0 || !x.is_finite() {
        return exact(x + 0.0);
    }
    let magnitude = x.abs().log10().floor() as i32;
    let more = usize::from(more);
    if is_plain(magnitude) {
        let rounded = format!("{x:.*}", places(magnitude) as usize + more);
        let short = shortest(&format!("{:.*}", (12 - magnitude).clamp(0, 17) as usize, x));
        let decimals = if short.len() < rounded.len() { short } else { rounded };
        return Shown { decimals, exponent: None };
    }
    split(&format!("{x:.*e}", DIGITS as usize + more))
}

/// A constant: all of its digits, or a short fraction that it is.
pub(super) fn exact(x: f64) -> Shown {
    let short = x.to_string();
    let below = x.recip().round();
    if short.len() > 10 && below.abs() < 1e4 && below.recip() == x {
        let sign = if x < 0.0 { "-" } else { "" };
        return Shown { decimals: format!("{sign}1/{}", below.abs()), exponent: None };
    }
    if !x.is_finite() || short.len() <= 20 {
        return Shown { decimals: short, exponent: None };
    }
    split(&format!("{x:e}"))
}

fn split(scientific: &str) -> Shown {
    let (decimals, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    Shown { decimals: shortest(decimals), exponent: exponent.parse().ok() }
}

/// Without zeros at the end of its decimals.
fn shortest(decimals: &str) -> String {
    match decimals.contains('.') {
        true => decimals.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => decimals.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_enough_and_not_too_many() {
        let text = |x| {
            let Shown { decimals, exponent } = shown(x);
            exponent.map_or(decimals.clone(), |n| format!("{decimals}e{n}"))
        };
        for (x, want) in [
            (0.036161756, "0.036162"),
            (0.000440117, "0.00044012"),
            (0.749438402, "0.749438"),
            (0.1 * 3.0, "0.3"),
            (-0.019379, "-0.019379"),
            (386.6559, "386.6559"),
            (386.65593381, "386.655934"),
            (1.0, "1"),
            (-0.0, "0"),
            (1.23456789e-9, "1.23457e-9"),
            (5e20, "5e20"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(text(x), want);
        }
    }
}
