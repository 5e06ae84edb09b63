//! Quantities of a recorded function, numbers and lists, as words. It must not know what is said
//! about them.

use crate::check::{Part, Site};
use std::fmt;

impl fmt::Display for Part {
    /// `W[1, 2]`, or `b` for a single number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.index.is_empty() {
            return f.pad(&self.block);
        }
        let index: Vec<String> = self.index.iter().map(usize::to_string).collect();
        f.pad(&format!("{}[{}]", self.block, index.join(", ")))
    }
}

impl fmt::Display for Site {
    /// `mean` (`sum` at src/loss.rs:12:20), as much of it as is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &self.place {
            Some(place) => format!(" at {place}"),
            None => String::new(),
        };
        match (&self.name, self.input) {
            (Some(name), Some(_)) => write!(f, "input `{name}`"),
            (None, Some(input)) => write!(f, "input #{input}"),
            (Some(name), None) => write!(f, "`{name}` (`{}`{place})", self.primitive),
            (None, None) if self.place.is_some() => write!(f, "`{}`{place}", self.primitive),
            (None, None) => write!(f, "`{}` (%{})", self.primitive, self.slot),
        }
    }
}

/// A number in so many significant digits, in the plainest form.
pub(super) fn digits(x: f64, digits: usize) -> String {
    let exponent = x.abs().log10().floor();
    if x == 0.0 || !x.is_finite() {
        x.to_string()
    } else if (-4.0..6.0).contains(&exponent) {
        let places = (digits as i32 - 1 - exponent as i32).max(0) as usize;
        trimmed(&format!("{x:.places$}"))
    } else {
        let text = format!("{x:.*e}", digits - 1);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        format!("{}e{exponent}", trimmed(mantissa))
    }
}

/// A decimal fraction without zeros at its end.
fn trimmed(text: &str) -> String {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    }
}

/// Two numbers with six significant digits, or as many as it takes to tell them apart.
pub(super) fn apart(x: f64, y: f64) -> [String; 2] {
    let texts = |count: usize| [digits(x, count), digits(y, count)];
    let count = (6..17).find(|count| x == y || texts(*count)[0] != texts(*count)[1]);
    texts(count.unwrap_or(17))
}

/// Things in a row: `a, b and c`, and no more than five of them.
pub(super) fn list(of: &[String]) -> String {
    match of {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] if of.len() <= 5 => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} more", of[..4].join(", "), of.len() - 4),
    }
}

/// `1 slot`, `2 slots`.
pub(super) fn count(n: usize, of: &str) -> String {
    if n == 1 { format!("1 {of}") } else { format!("{n} {of}s") }
}
