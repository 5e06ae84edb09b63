//! The worksheet language: lines, comments, continuations.
//! It must not know what is in a statement.

use super::{Reading, Row, is_relation};
use crate::{
    ast::Front,
    lex::{self, Tok, Token},
    parse::MOST_NODES,
    problem::{Code, Problem},
    source::Span,
};

/// Cuts stretches of text, which follow each other, into rows of tokens.
pub(crate) fn rows(spans: &[Span], front: Front, reading: &mut Reading) {
    let row = Row::new(Vec::new(), front);
    let mut open = Open { row, goes_on: false, set_in: 0 };
    for span in spans {
        let text = reading.sheet.sources.text(*span).to_owned();
        let mut start = span.start;
        for line in text.split_inclusive('\n') {
            if reading.sheet.is_full() {
                return;
            }
            let here = Span { start, end: start + line.len() as u32, ..*span };
            open.line(line.trim_end_matches(['\n', '\r']), here, reading);
            start = here.end;
        }
    }
    open.finish(false, reading);
}

/// The row that is being collected.
struct Open {
    row: Row,
    /// Whether the last line asks to go on below.
    goes_on: bool,
    /// How far the first line is set in.
    set_in: usize,
}

impl Open {
    fn line(&mut self, line: &str, span: Span, reading: &mut Reading) {
        let (code, comment) = split_comment(line);
        if let Some(comment) = comment {
            let start = span.start + code.len() as u32;
            directives(comment, Span { start, ..span }, reading);
        }
        let (code, continued) = match code.trim_end().strip_suffix('\\') {
            Some(rest) => (rest, true),
            None => (code, false),
        };
        let mut tokens = Vec::new();
        lex::tokens(code, span, &mut reading.sheet.names, &mut reading.strange, &mut tokens);
        match tokens.is_empty() {
            true if comment.is_none() => self.goes_on = false,
            true => {}
            false => self.add(tokens, continued, line.len() - line.trim_start().len(), reading),
        }
    }

    fn add(&mut self, tokens: Vec<Token>, continued: bool, set_in: usize, reading: &mut Reading) {
        let first = tokens[0];
        let link = is_relation(first.tok);
        let own = set_in <= self.set_in && begins_statement(&tokens);
        if !link && (own || !self.goes_on) {
            self.finish(self.goes_on, reading);
        }
        let row = &mut self.row;
        let at = row.tokens.len();
        if at == 0 {
            self.set_in = set_in;
            if link {
                reading.sheet.problem(nothing_above(first.span));
            }
        } else if link {
            row.seams.push(at);
        }
        self.goes_on = continued || unfinished(&tokens);
        row.tokens.extend(tokens);
        if row.tokens.len() > 2 * MOST_NODES {
            reading.sheet.problem(too_many(first.span));
            row.tokens.clear();
        }
    }

    fn finish(&mut self, cut: bool, reading: &mut Reading) {
        let empty = Row::new(Vec::new(), self.row.front);
        let row = std::mem::replace(&mut self.row, empty);
        // A chain without a beginning has been listed already.
        if row.tokens.first().is_some_and(|first| !is_relation(first.tok)) {
            reading.rows.push(Row { cut, ..row });
        }
    }
}

/// Whether a line begins a statement: nothing but a quantity, a derivative or a call before the
/// first sign of a link.
pub(crate) fn begins_statement(tokens: &[Token]) -> bool {
    let Some(at) = tokens.iter().position(|token| is_relation(token.tok)) else { return false };
    let of_a_head = |token: &Token| {
        use Tok::{Bar, Close, Name, Open, Partial, Slash, Slope, Unknown};
        let of_names = matches!(token.tok, Name(_) | Partial | Slash | Slope(..));
        of_names || matches!(token.tok, Open(_) | Close(_) | Bar | Unknown(_))
    };
    matches!(tokens[0].tok, Tok::Name(_) | Tok::Partial | Tok::Slope(..) | Tok::Unknown(_))
        && tokens[..at].iter().all(of_a_head)
}

fn unfinished(tokens: &[Token]) -> bool {
    tokens.last().is_some_and(|last| {
        matches!(
            last.tok,
            Tok::Plus
                | Tok::Minus
                | Tok::Star
                | Tok::Slash
                | Tok::Caret
                | Tok::Open(_)
                | Tok::Comma
                | Tok::Equal
                | Tok::About
        )
    })
}

fn split_comment(line: &str) -> (&str, Option<&str>) {
    line.find('#').map_or((line, None), |at| (&line[..at], Some(&line[at..])))
}

fn nothing_above(span: Span) -> Problem {
    Problem::at(Code::Syntax, span, "this continues a chain, but there is none above", "no chain")
        .help("a statement begins with a name: `z1 = ...`")
}

fn too_many(span: Span) -> Problem {
    let message = format!("the sheet has more than {} operations", MOST_NODES / 2);
    Problem::at(Code::Size, span, message, "in the statement that goes on here")
        .help("split the sheet into several files")
}

/// Collects `--given "..."` and `--alias "..."` from a comment.
pub(crate) fn directives(comment: &str, at: Span, reading: &mut Reading) {
    for (word, given) in [("--given", true), ("--alias", false)] {
        for (found, _) in comment.match_indices(word) {
            let Some(inner) = quoted(&comment[found + word.len()..]) else { continue };
            let start = at.start + (found + word.len()) as u32;
            let span =
                Span { start: start + inner.start as u32, end: start + inner.end as u32, ..at };
            let list = &mut reading.directives;
            if given { list.givens.push(span) } else { list.aliases.push(span) }
        }
    }
}

/// The stretch between the quotation marks that `text` begins with.
fn quoted(text: &str) -> Option<std::ops::Range<usize>> {
    let skipped = text.len() - text.trim_start_matches([' ', '\t', '=']).len();
    let mark = text[skipped..].chars().next().filter(|c| ['"', '\''].contains(c))?;
    let length = text[skipped + 1..].find(mark)?;
    Some(skipped + 1..skipped + 1 + length)
}
