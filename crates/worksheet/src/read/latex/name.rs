//! Names in LaTeX: letters and digits, accents, subscripts, primes and `^{new}`.
//! It must not know what a name stands for.

use super::{Scan, commands};
use crate::{
    lex::Tok,
    names::{is_first, is_prime},
};

impl Scan<'_> {
    /// Reads a name that begins with a letter; false if none begins here.
    pub(super) fn name(&mut self) -> bool {
        let start = self.at;
        let Some(base) = letters(self.rest()) else { return false };
        self.at += base.len();
        if base == "x" && self.product_sign(start) {
            self.push(Tok::Star, start);
            return true;
        }
        self.finish_name(base.to_owned(), start);
        true
    }

    /// Reads what follows the letters of a name, and pushes it.
    pub(super) fn finish_name(&mut self, base: String, start: usize) {
        match self.name_tail(base) {
            Ok(name) => {
                let name = Self::function_word(&name).unwrap_or(name);
                self.push_name(&name, start);
            }
            Err(reason) => self.unknown(start, reason),
        }
    }

    /// Digits, subscripts, primes and the marks of an update, in any sensible order.
    pub(super) fn name_tail(&mut self, base: String) -> Result<String, String> {
        let mut name = base;
        let digits =
            self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
        name.push_str(&self.rest()[..digits]);
        self.at += digits;
        let mut primes = 0;
        loop {
            let rest = self.rest();
            let after = rest.trim_start_matches(' ');
            if rest.starts_with(is_prime) {
                self.at += self.peek().map_or(0, char::len_utf8);
                primes += 1;
            } else if let Some(below) = after.strip_prefix('_') {
                self.at += rest.len() - below.len();
                name = format!("{name}_{}", self.subscript()?);
            } else if let Some((mark, width)) = after.strip_prefix('^').and_then(superscript) {
                self.at += rest.len() - after.len() + 1 + width;
                primes += usize::from(mark == Mark::New);
                if let Mark::Layer(layer) = mark {
                    name = format!("{name}⁽{layer}⁾");
                }
            } else {
                return Ok(name + &"'".repeat(primes));
            }
        }
    }

    fn subscript(&mut self) -> Result<String, String> {
        self.skip_space();
        let rest = self.rest();
        if let Some(inner) = rest.strip_prefix('{') {
            let length = inner.find('}').filter(|end| !inner[..*end].contains('{'));
            let (text, width) = match length {
                Some(end) => (&inner[..end], end + 2),
                None => nested(rest).ok_or("a subscript that never ends")?,
            };
            self.at += width;
            return flat(text).ok_or_else(|| format!("the subscript `{text}` is not understood"));
        }
        if let Some(word) = letters(rest) {
            let more = rest[word.len()..].find(|c: char| !c.is_ascii_digit());
            let width = more.map_or(rest.len(), |m| word.len() + m);
            self.at += width;
            return Ok(rest[..width].to_owned());
        }
        let width = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if width > 0 {
            self.at += width;
            return Ok(rest[..width].to_owned());
        }
        let (command, width) = commands::word(rest).ok_or("a subscript that is not understood")?;
        self.at += width;
        commands::greek(command)
            .map(str::to_owned)
            .ok_or_else(|| format!("the subscript `\\{command}` is not understood"))
    }

    /// Whether the letter x, just read, multiplies two numbers.
    fn product_sign(&self, start: usize) -> bool {
        let before = self.row.last().map(|t| t.tok);
        let number = |c: char| c.is_ascii_digit() || c == '.';
        let rest = self.rest();
        let next = rest.trim_start();
        let signed = next.trim_start_matches(['-', '(', ' ']);
        let spaced = self.text[..start].ends_with(' ') && rest.starts_with(' ');
        let follows = next.starts_with(number) || (spaced && signed.starts_with(number));
        let touching = rest.starts_with(|c: char| c.is_ascii_digit());
        matches!(before, Some(Tok::Number(_) | Tok::Close(_)))
            && follows
            && (spaced || !touching || { matches!(before, Some(Tok::Number(_))) })
    }
}

#[derive(PartialEq)]
enum Mark {
    New,
    Old,
    Layer(String),
}

/// What a superscript says of a name, if it is no power.
fn superscript(after: &str) -> Option<(Mark, usize)> {
    let (text, width) = match after.strip_prefix('{') {
        Some(_) => nested(after)?,
        None => {
            let width = match commands::word(after) {
                Some((_, width)) => width,
                None => after.chars().next()?.len_utf8(),
            };
            (&after[..width], width)
        }
    };
    let plain = flat(text)?;
    let bare = plain.trim_matches(['(', ')', '[', ']']);
    let mark = match bare {
        "new" | "+" | "updated" | "neu" | "next" | "t+1" | "k+1" | "n+1" | "'" => Mark::New,
        "old" | "t" | "k" if bare != "t" || plain != bare => Mark::Old,
        _ if plain != bare && bare.chars().all(|c| c.is_ascii_digit()) => Mark::Layer(bare.into()),
        _ => return None,
    };
    Some((mark, width))
}

/// The letters that begin a name.
pub(super) fn letters(text: &str) -> Option<&str> {
    let accent = |c: char| ('\u{300}'..='\u{36f}').contains(&c);
    let end = text.find(|c: char| !is_first(c) && !accent(c)).unwrap_or(text.len());
    (end > 0 && text.starts_with(is_first)).then(|| &text[..end])
}

/// The longest group that is looked at as one word.
const LONGEST_WORD: usize = 1000;

/// The inside of a pair of braces that may hold others, and how many bytes it all takes.
pub(super) fn nested(text: &str) -> Option<(&str, usize)> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(LONGEST_WORD) {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some((&text[1..at], at + 1)),
            '}' => depth = depth.checked_sub(1)?,
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// A subscript or word without its markup; nothing if it holds more than a word.
pub(super) fn flat(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let width = match commands::word(rest) {
            Some((command, width)) => {
                out.push_str(commands::in_a_word(command)?);
                width
            }
            None if matches!(c, '{' | '}' | ' ') => 1,
            None if c.is_alphanumeric() || "_,+()[]-".contains(c) || is_prime(c) => {
                out.push(c);
                c.len_utf8()
            }
            None => return None,
        };
        rest = &rest[width..];
    }
    Some(out)
}
