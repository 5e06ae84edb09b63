//! The worksheet language: lines, comments, continuations.
//! It must not know what is in a statement.

use super::{Reading, Row};
use crate::{
    ast::Front,
    lex::{self, Tok, Token},
    parse::MOST_NODES,
    problem::{Code, Problem},
    source::Span,
};

/// Cuts stretches of text, which follow each other, into rows of tokens.
pub(crate) fn rows(spans: &[Span], front: Front, reading: &mut Reading) {
    let mut open = Open { row: Vec::new(), goes_on: false, broken: false, front };
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
    open.finish(reading);
}

/// The row that is being collected.
struct Open {
    row: Vec<Token>,
    goes_on: bool,
    broken: bool,
    front: Front,
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
        let names = &mut reading.sheet.names;
        if let Err(problem) = lex::tokens(code, span, names, &mut tokens) {
            reading.sheet.problem(problem);
            self.row.clear();
            (self.broken, self.goes_on) = (true, continued || unfinished(&tokens));
            return;
        }
        self.add(tokens, continued, comment.is_none(), reading);
    }

    fn add(&mut self, tokens: Vec<Token>, continued: bool, blank: bool, reading: &mut Reading) {
        let Some(first) = tokens.first().copied() else {
            self.goes_on &= !blank;
            return;
        };
        let relation = matches!(first.tok, Tok::Equal | Tok::About);
        if !self.goes_on && !relation {
            self.finish(reading);
            self.broken = false;
        } else if relation && self.row.is_empty() && !self.broken {
            reading.sheet.problem(nothing_above(first.span));
            self.broken = true;
        }
        self.goes_on = continued || unfinished(&tokens);
        if self.broken {
            return;
        }
        self.row.extend(tokens);
        if self.row.len() > 2 * MOST_NODES {
            reading.sheet.problem(too_many(first.span));
            self.row.clear();
            self.broken = true;
        }
    }

    fn finish(&mut self, reading: &mut Reading) {
        if !self.row.is_empty() {
            reading.rows.push(Row { tokens: std::mem::take(&mut self.row), front: self.front });
        }
    }
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
                | Tok::Open
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
