//! Slips of the pen: two digits transposed, or one digit wrong.
//! It must not know what the number is of.

use super::{Explanation, Kinds, Search};
use crate::digits::{Fit, rounded, significant};

impl Search<'_, '_> {
    /// Compares the claimed digits with those that should stand there.
    pub(super) fn digits(&mut self) {
        let Some(number) = self.claim.number else { return };
        let written = self.author.model.sources.text(self.claim.span);
        let written: String = written.chars().filter(|c| !c.is_whitespace()).collect();
        for value in [self.claim.own, self.claim.truth].into_iter().flatten() {
            let right = rounded(value, number.literal, 0);
            if let Some(text) = compare(&written, &right) {
                // One digit of many may be any: less plausible than what gives them all.
                let class = if text.starts_with("two") { 1 } else { 3 };
                let rank = (class, Kinds::Digits, 0);
                self.found.push(Explanation::plain(Kinds::Digits, text, rank));
                return;
            }
        }
        self.shifted();
    }

    /// The right digits, with the decimal point in another place.
    fn shifted(&mut self) {
        let Some(number) = self.claim.number else { return };
        for value in [self.claim.own, self.claim.truth].into_iter().flatten() {
            let shift = |power: i32| value * 10f64.powi(power);
            let fits = |power: &i32| number.fit(shift(*power)) == Fit::Rounded;
            if let Some(power) = [1, -1, 2, -2, 3, -3].into_iter().find(fits) {
                let written = self.author.model.sources.text(self.claim.span);
                let right = significant(value, written.matches(char::is_numeric).count().min(6));
                let text = format!("a decimal point misplaced: {written} for {right}");
                let far = power.unsigned_abs() as u8;
                self.found.push(Explanation::plain(Kinds::Point, text, (1, Kinds::Point, far)));
                return;
            }
        }
    }
}

/// How one writing becomes the other by a slip of the pen, if it does.
pub(super) fn compare(written: &str, right: &str) -> Option<String> {
    let (a, b): (Vec<char>, Vec<char>) = (written.chars().collect(), right.chars().collect());
    let significant =
        written.trim_start_matches(['-', '0', '.']).matches(|c: char| c.is_ascii_digit()).count();
    if a.len() != b.len() || significant < 3 {
        return None;
    }
    let wrong: Vec<usize> = (0..a.len()).filter(|i| a[*i] != b[*i]).collect();
    match wrong[..] {
        [i] if significant > 3 && a[i].is_ascii_digit() && b[i].is_ascii_digit() => {
            Some(format!("one digit wrong: {} for {} in {right}", a[i], b[i]))
        }
        [i, j] if a[i] == b[j] && a[j] == b[i] && j - i <= 2 => {
            Some(format!("two digits transposed: {written} for {right}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn slips_of_the_pen() {
        assert!(compare("0.5182", "0.5812").unwrap().starts_with("two digits"));
        assert!(compare("0.5842", "0.5812").unwrap().starts_with("one digit wrong: 4 for 1"));
        assert_eq!(compare("0.5912", "0.5812"), compare("0.5912", "0.5812"));
        assert_eq!(compare("0.9912", "0.5812"), None);
        assert_eq!(compare("0.4", "0.3"), None);
    }
}
