//! LaTeX math as people write it, cut into rows of the same tokens as the worksheet language.
//! It must not know what the statements mean, nor recurse.

use super::{Reading, Row, is_relation, plain};
use crate::{
    ast::Front,
    functions,
    lex::{self, Bracket, Tok, Token},
    problem::{Code, Problem},
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
        aligned: false,
        balanced: is_balanced(&text),
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
    /// Whether a sign of alignment stands before the row.
    aligned: bool,
    /// Whether every brace of the text has its partner; if not, a row ends all that is open.
    balanced: bool,
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
        let problem = Problem::at(Code::Character, self.span(start), reason, "");
        self.strange(start, problem);
    }

    fn strange(&mut self, start: usize, problem: Problem) {
        let tok = self.reading.strange.tok(problem);
        self.push(tok, start);
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '&', '~']).len();
        self.aligned |= self.row.is_empty() && rest[..blank].contains('&');
        self.at += blank;
    }

    fn top(&self) -> bool {
        self.open.is_empty() && self.brackets == 0
    }

    /// Whether the end of a row is one here: not within braces, and not within brackets unless the
    /// next row begins a statement.
    fn row_ends(&self) -> bool {
        let inside = self.brackets > 0 && !begins_statement(self.rest());
        !self.balanced || (self.open.is_empty() && !inside)
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
            '(' => Tok::Open(Bracket::Round),
            '[' => Tok::Open(Bracket::Square),
            ')' => Tok::Close(Bracket::Round),
            ']' => Tok::Close(Bracket::Square),
            '|' => Tok::Bar,
            ',' => Tok::Comma,
            '=' | '←' => Tok::Equal,
            '≈' => Tok::About,
            '?' => Tok::Asked,
            '∂' => Tok::Partial,
            _ => return self.unknown(start, format!("`{c}` is not understood in math")),
        };
        match tok {
            Tok::Open(_) => self.brackets += 1,
            Tok::Close(_) => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
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
            Err(problem) => self.strange(start, problem),
        }
        true
    }

    /// A comment, to the end of the line. One that holds the end of a row was a percent sign to its
    /// author, or holds a whole row: the next row is not part of this one.
    fn comment(&mut self) {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        let place = self.span(start);
        let comment = &self.text[start..self.at];
        plain::directives(comment, place, self.reading);
        if comment.trim_end().ends_with("\\\\") && self.open.is_empty() {
            self.end_row();
        }
    }

    fn open_brace(&mut self, brace: Brace) {
        let start = self.at;
        self.at += 1;
        self.open.push(brace);
        self.push(Tok::Open(Bracket::Group), start);
    }

    fn close_brace(&mut self) {
        let start = self.at;
        self.at += 1;
        let Some(brace) = self.open.pop() else {
            return self.unknown(start, "this brace was never opened");
        };
        self.push(Tok::Close(Bracket::Group), start);
        self.after_argument(brace);
    }

    /// Ends the row of tokens: one that begins with `=` goes on with the row above.
    fn end_row(&mut self) {
        let mut row = std::mem::take(&mut self.row);
        self.open.clear();
        self.brackets = 0;
        let aligned = std::mem::take(&mut self.aligned);
        let Some(first) = row.first().copied() else { return };
        let relation = is_relation(first.tok);
        let own = !aligned && plain::begins_statement(&row);
        if (relation || is_sign(first.tok) || (self.goes_on() && !own))
            && self.begun
            && let Some(above) = self.reading.rows.last_mut()
        {
            if is_sign(first.tok) {
                above.joints.push(above.tokens.len());
            }
            if !aligned && row.len() > 3 && (relation || is_sign(first.tok)) {
                above.seams.push(above.tokens.len());
            }
            above.tokens.append(&mut row);
            return;
        }
        self.flush();
        if relation {
            return self
                .reading
                .unread(first.span, "this continues a chain, but there is none above");
        }
        self.reading.rows.push(Row::new(row, Front::Latex));
        self.begun = true;
    }

    /// Whether the row above stops where something must follow.
    fn goes_on(&self) -> bool {
        let last = self.reading.rows.last().and_then(|row| row.tokens.last());
        last.is_some_and(|t| is_sign(t.tok) || is_relation(t.tok))
    }

    /// The last row is complete.
    fn flush(&mut self) {
        if !std::mem::take(&mut self.begun) {
            return;
        }
        let Some(row) = self.reading.rows.last() else { return };
        let tokens = &row.tokens;
        let reads = |t: &Token| is_relation(t.tok) || matches!(t.tok, Tok::Unknown(_));
        if !tokens.iter().any(reads) {
            let span = tokens[0].span.to(tokens[tokens.len() - 1].span);
            self.reading.rows.pop();
            self.reading.unread(span, "this claims nothing: no `=` follows");
        }
    }
}

fn is_balanced(text: &str) -> bool {
    let (mut depth, mut escaped) = (0_i64, false);
    for c in text.bytes() {
        match c {
            b'{' if !escaped => depth += 1,
            b'}' if !escaped => depth -= 1,
            _ => {}
        }
        escaped = c == b'\\' && !escaped;
    }
    depth == 0
}

/// Whether the row that a text begins with reads as a statement of its own: a name, and no operator
/// before its first sign of equality.
fn begins_statement(text: &str) -> bool {
    let row = text.split("\\\\").next().unwrap_or_default().trim_start();
    let signs = ["=", "≈", "\\approx"];
    let head = signs.iter().filter_map(|sign| row.find(sign)).min().map_or("", |at| &row[..at]);
    head.starts_with(|c: char| c.is_alphabetic() || c == '\\')
        && !head.contains(['+', '-', '*', '/', ')', ']'])
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

impl Scan<'_> {
    /// A word that the library knows as a function, whatever its capitals: ReLU, Softplus.
    fn function_word(word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        functions::lookup(word)
            .map(|_| word.to_owned())
            .or_else(|| functions::lookup(&lower).map(|_| lower))
    }
}
