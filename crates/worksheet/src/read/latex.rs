//! LaTeX math as people write it, cut into rows of the same tokens as the worksheet language.
//! It must not know what the statements mean, nor recurse.

use super::{Reading, Row, plain};
use crate::{
    ast::Front,
    functions,
    lex::{self, Tok, Token},
    source::Span,
};

mod commands;
mod fraction;
mod name;

/// Cuts the inside of one piece of math into rows.
pub(crate) fn rows(span: Span, reading: &mut Reading) {
    let text = reading.sheet.sources.text(span).to_owned();
    let mut scan = Scan {
        text: &text,
        at: 0,
        base: span,
        reading,
        row: Vec::new(),
        open: Vec::new(),
        brackets: 0,
        begun: false,
    };
    while scan.at < text.len() {
        scan.step();
    }
    scan.end_row();
    scan.flush();
}

/// What a closing brace ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Brace {
    Group,
    Above,
    Below,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    base: Span,
    reading: &'a mut Reading,
    row: Vec<Token>,
    open: Vec<Brace>,
    brackets: usize,
    /// Whether the row that is being collected may be continued by one that begins with `=`.
    begun: bool,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn span(&self, start: usize) -> Span {
        let at = |byte: usize| self.base.start + byte as u32;
        Span { start: at(start), end: at(self.at), ..self.base }
    }

    fn push(&mut self, tok: Tok, start: usize) {
        let span = self.span(start);
        self.row.push(Token { tok, span });
    }

    fn push_name(&mut self, name: &str, start: usize) {
        let name = self.reading.sheet.names.name(name);
        self.push(Tok::Name(name), start);
    }

    fn unknown(&mut self, start: usize, reason: impl Into<String>) {
        self.reading.reasons.push(reason.into());
        self.push(Tok::Unknown(self.reading.reasons.len() as u32 - 1), start);
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '&', '~']).len();
    }

    fn top(&self) -> bool {
        self.open.is_empty() && self.brackets == 0
    }

    fn step(&mut self) {
        self.skip_space();
        let start = self.at;
        let Some(c) = self.peek() else { return };
        match c {
            '\\' => return self.command(),
            '%' => return self.comment(),
            '{' => return self.open_brace(Brace::Group),
            '}' => return self.close_brace(),
            '0'..='9' | '.' if self.number() => return,
            ',' | ';' if self.top() => {
                self.at += 1;
                return self.end_row();
            }
            '.' => {
                self.at += 1;
                return;
            }
            ':' if self.rest().starts_with(":=") => {
                self.at += 1;
                return;
            }
            _ if self.name() => return,
            _ => self.at += c.len_utf8(),
        }
        self.sign(c, start);
    }

    fn sign(&mut self, c: char, start: usize) {
        let tok = match c {
            '+' => Tok::Plus,
            '-' | '−' | '–' => Tok::Minus,
            '*' | '·' | '×' | '⋅' => Tok::Star,
            '/' | '÷' => Tok::Slash,
            '^' => Tok::Caret,
            '(' | '[' => Tok::Open,
            ')' | ']' => Tok::Close,
            ',' => Tok::Comma,
            '=' | '←' => Tok::Equal,
            '≈' => Tok::About,
            '?' => Tok::Asked,
            '∂' => Tok::Partial,
            _ => return self.unknown(start, format!("`{c}` is not understood in math")),
        };
        self.brackets += usize::from(tok == Tok::Open);
        self.brackets -= usize::from(tok == Tok::Close && self.brackets > 0);
        self.push(tok, start);
    }

    /// A number; a point that ends a sentence is not part of it.
    fn number(&mut self) -> bool {
        let rest = self.rest();
        let mut seen_point = false;
        let mut digits = rest.char_indices().map(|(i, c)| {
            let next = rest.as_bytes().get(i + 1).is_some_and(u8::is_ascii_digit);
            let point = c == '.' && !seen_point && next;
            seen_point |= point;
            (i, point || c.is_ascii_digit())
        });
        let length = digits.find(|(_, part)| !part).map_or(rest.len(), |(i, _)| i);
        if length == 0 {
            return false;
        }
        let start = self.at;
        self.at += length + exponent(&rest[length..]);
        let span = self.span(start);
        match lex::literal(&self.text[start..self.at], span) {
            Ok(literal) => self.push(Tok::Number(literal), start),
            Err(problem) => self.unknown(start, problem.to_string()),
        }
        true
    }

    fn comment(&mut self) {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        let place = self.span(start);
        plain::directives(&self.text[start..self.at], place, self.reading);
    }

    fn open_brace(&mut self, brace: Brace) {
        let start = self.at;
        self.at += 1;
        self.open.push(brace);
        self.push(Tok::Open, start);
    }

    fn close_brace(&mut self) {
        let start = self.at;
        self.at += 1;
        let Some(brace) = self.open.pop() else {
            return self.unknown(start, "this brace was never opened");
        };
        self.push(Tok::Close, start);
        self.after_argument(brace);
    }

    /// Ends the row of tokens: one that begins with `=` goes on with the row above.
    fn end_row(&mut self) {
        let mut row = std::mem::take(&mut self.row);
        self.open.clear();
        self.brackets = 0;
        let Some(first) = row.first().copied() else { return };
        let relation = matches!(first.tok, Tok::Equal | Tok::About);
        if (relation || is_sign(first.tok) || self.goes_on())
            && self.begun
            && let Some(above) = self.reading.rows.last_mut()
        {
            above.tokens.append(&mut row);
            return;
        }
        self.flush();
        if relation {
            return self
                .reading
                .unread(first.span, "this continues a chain, but there is none above");
        }
        self.reading.rows.push(Row { tokens: row, front: Front::Latex });
        self.begun = true;
    }

    /// Whether the row above stops where something must follow.
    fn goes_on(&self) -> bool {
        let last = self.reading.rows.last().and_then(|row| row.tokens.last());
        last.is_some_and(|t| is_sign(t.tok) || matches!(t.tok, Tok::Equal | Tok::About))
    }

    /// The last row is complete: what is not understood in it is taken out and listed.
    fn flush(&mut self) {
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let Some(row) = self.reading.rows.pop() else { return };
        if let Some(tokens) = self.reading.understood(row.tokens) {
            self.reading.rows.push(Row { tokens, front: Front::Latex });
        }
    }
}

fn is_sign(tok: Tok) -> bool {
    matches!(tok, Tok::Plus | Tok::Minus | Tok::Star | Tok::Slash)
}

fn exponent(rest: &str) -> usize {
    let Some(after) = rest.strip_prefix(['e', 'E']) else { return 0 };
    let digits = after.strip_prefix(['-', '+']).unwrap_or(after);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if length == 0 { 0 } else { rest.len() - digits.len() + length }
}

impl Reading {
    /// A chain without the links that hold something unknown; nothing if too little is left.
    fn understood(&mut self, tokens: Vec<Token>) -> Option<Vec<Token>> {
        if !tokens.iter().any(|t| matches!(t.tok, Tok::Unknown(_))) {
            let chain = tokens.iter().any(|t| matches!(t.tok, Tok::Equal | Tok::About));
            if !chain {
                let span = tokens[0].span.to(tokens[tokens.len() - 1].span);
                self.unread(span, "this claims nothing: no `=` follows");
            }
            return chain.then_some(tokens);
        }
        let mut kept: Vec<Token> = Vec::new();
        for (at, link) in super::links(&tokens).into_iter().enumerate() {
            let unknown = link.iter().find_map(|t| match t.tok {
                Tok::Unknown(reason) => Some((t.span, self.reasons[reason as usize].clone())),
                _ => None,
            });
            match unknown {
                None => kept.extend_from_slice(link),
                Some((span, reason)) => {
                    self.unread(span, reason);
                    if at == 0 {
                        return None;
                    }
                }
            }
        }
        kept.iter().any(|t| matches!(t.tok, Tok::Equal | Tok::About)).then_some(kept)
    }
}

impl Scan<'_> {
    /// A word that the library knows as a function, whatever its capitals: ReLU, Softplus.
    fn function_word(word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        functions::lookup(word)
            .map(|_| word.to_owned())
            .or_else(|| functions::lookup(&lower).map(|_| lower))
    }
}
