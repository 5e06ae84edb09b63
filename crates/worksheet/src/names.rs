//! One name for each quantity, however it is spelled: subscripts, hats, primes, Greek.
//! It must not know what a name stands for.

use indexmap::IndexSet;
use unicode_normalization::UnicodeNormalization;

/// A name in its one spelling, as a number into [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(u32);

/// Every name of a sheet, once.
#[derive(Clone, Debug, Default)]
pub struct Names {
    all: IndexSet<String>,
}

impl Names {
    /// The name of a spelling, normalised.
    pub fn name(&mut self, spelling: &str) -> Name {
        let name = normalise(spelling);
        Name(self.all.insert_full(name).0 as u32)
    }

    /// The name of a spelling that has been met before.
    pub fn known(&self, spelling: &str) -> Option<Name> {
        self.all.get_index_of(&normalise(spelling)).map(|i| Name(i as u32))
    }

    /// How the name is written.
    pub fn text(&self, name: Name) -> &str {
        &self.all[name.0 as usize]
    }

    /// The updated quantity of a name: `w5'` for `w5`.
    pub fn primed(&mut self, name: Name) -> Name {
        let primed = format!("{}'", self.text(name));
        self.name(&primed)
    }
}

/// The one spelling of a name: composed accents, plain subscripts, `'` for every prime, and a
/// letter with a number as its subscript without the underscore.
///
/// ```
/// use wengert_worksheet::names::normalise;
/// for spelling in ["x1", "x_1", "x₁", "x_{1}"] {
///     assert_eq!(normalise(spelling), "x1");
/// }
/// assert_eq!(normalise("z1_1"), "z1_1");
/// assert_eq!(normalise("out_{h1}"), "out_h1");
/// ```
pub fn normalise(spelling: &str) -> String {
    let flat = flatten(spelling);
    let body = flat.trim_end_matches('\'');
    let primes = &flat[body.len()..];
    match body.split_once('_') {
        Some((base, digits)) if is_letter(base) && is_number(digits) => {
            format!("{base}{digits}{primes}")
        }
        _ => flat,
    }
}

/// The family of a name: its spelling with every number blanked, so that h1 and h2 are one family.
pub fn family(name: &str) -> Option<String> {
    let mut blank = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '0'..='9' if blank.ends_with('#') => {}
            '0'..='9' => blank.push('#'),
            c => blank.push(c),
        }
    }
    blank.contains('#').then_some(blank)
}

/// The letters of a name: without numbers, primes and lines below.
pub fn letters(name: &str) -> String {
    name.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '\'' | '_')).collect()
}

/// Whether two names are easily taken for one another by their letters: the same but for one that
/// one of them has more, as P0 and Pp1.
pub fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let first = short.chars().next();
    let more = long.chars().count() - short.chars().count().min(long.chars().count());
    first.is_some() && first == long.chars().next() && more <= 1 && {
        let mut left = long.chars();
        short.chars().all(|c| left.any(|d| d == c))
    }
}

fn flatten(spelling: &str) -> String {
    let mut flat = String::with_capacity(spelling.len());
    let mut below = false;
    for c in spelling.nfc() {
        let lowered = subscript(c);
        if lowered.is_some() && !below && !flat.ends_with('_') {
            flat.push('_');
        }
        below = lowered.is_some();
        match lowered.unwrap_or(c) {
            '{' | '}' | ' ' => {}
            '′' | '’' => flat.push('\''),
            '″' => flat.push_str("''"),
            'ϵ' => flat.push('ε'),
            'ϕ' => flat.push('φ'),
            'µ' => flat.push('μ'),
            c => flat.push(c),
        }
    }
    flat
}

/// The letter or digit that a Unicode subscript stands for.
pub fn subscript(c: char) -> Option<char> {
    const LETTERS: &str = "ₐaₑeₕhᵢiⱼjₖkₗlₘmₙnₒoₚpᵣrₛsₜtᵤuᵥvₓx";
    match c {
        '₀'..='₉' => char::from_digit(c as u32 - '₀' as u32, 10),
        _ if c.is_ascii() => None,
        _ => {
            let mut pairs = LETTERS.chars();
            std::iter::from_fn(|| Some((pairs.next()?, pairs.next()?)))
                .find(|p| p.0 == c)
                .map(|p| p.1)
        }
    }
}

/// Whether a character may stand inside a name.
pub fn is_inner(c: char) -> bool {
    is_first(c) || c.is_ascii_digit() || c == '_' || is_accent(c) || subscript(c).is_some()
}

/// Whether a character may begin a name.
pub fn is_first(c: char) -> bool {
    c.is_alphabetic() && subscript(c).is_none()
}

/// Whether a character is a prime, which ends a name.
pub fn is_prime(c: char) -> bool {
    matches!(c, '\'' | '′' | '″' | '’')
}

/// Whether a character is an accent that goes on the letter before it.
pub fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_letter(base: &str) -> bool {
    let mut letters = base.nfd().filter(|c| !is_accent(*c));
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn is_number(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_however_written() {
        let same = [
            ["x_{12}", "x₁₂", "x12"],
            ["w5'", "w_5′", "w_{5}'"],
            ["ŷ1", "y\u{302}1", "y\u{302}_1"],
            ["out_h1", "out_{h1}", "out_{h 1}"],
        ];
        for [a, b, c] in same {
            assert_eq!(normalise(a), normalise(b));
            assert_eq!(normalise(a), normalise(c));
        }
    }

    #[test]
    fn different_names_stay_different() {
        for (a, b) in [("z1_1", "z11"), ("out_1", "out1"), ("w5'", "w5"), ("y1", "ŷ1")] {
            assert_ne!(normalise(a), normalise(b));
        }
    }

    #[test]
    fn names_that_are_taken_for_one_another() {
        for (a, b) in [("P0", "Pp1"), ("x", "x'"), ("x1", "x"), ("xh1", "x2"), ("se_m", "sem")] {
            assert!(alike(&letters(a), &letters(b)), "{a} {b}");
        }
        for (a, b) in [("x1", "y1"), ("sx", "sy"), ("Pp1", "Q"), ("T", "tau"), ("h", "hab")] {
            assert!(!alike(&letters(a), &letters(b)), "{a} {b}");
        }
    }

    #[test]
    fn families_blank_their_numbers() {
        assert_eq!(family("h1"), family("h2"));
        assert_eq!(family("w5'").as_deref(), Some("w#'"));
        assert_eq!(family("w12"), family("w7"));
        assert_eq!(family("alpha"), None);
    }
}
