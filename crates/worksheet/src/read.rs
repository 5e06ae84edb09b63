//! From texts to one sheet: which front end reads what, givens first, then the page.
//! It must not know what the statements mean.

use std::collections::HashSet;

use crate::{
    ast::{Front, Nodes, Statement},
    lex::{Tok, Token},
    names::{Name, Names},
    parse,
    problem::{Code, Problem, Unread},
    source::{LONGEST_FILE, Source, Sources, Span},
};

pub mod alias;
pub mod latex;
pub mod markdown;
pub mod plain;

pub use alias::Side;

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The worksheet language.
    Plain,
    /// Markdown: its `worksheet` fences, or, without any, its math.
    Markdown,
}

impl Format {
    /// The format of a file, by its name, and for standard input by what it holds.
    pub fn of(source: &Source) -> Self {
        let ending = source.name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let text = &source.text;
        match ending.to_ascii_lowercase().as_str() {
            "md" | "markdown" | "tex" | "mdx" => Self::Markdown,
            "ws" | "txt" => Self::Plain,
            _ if ["```worksheet", "\\begin{", "$$", "\\["].iter().any(|m| text.contains(m)) => {
                Self::Markdown
            }
            _ => Self::Plain,
        }
    }
}

/// A row of tokens that is to be one statement.
#[derive(Clone, Debug)]
pub struct Row {
    /// The tokens; never none.
    pub tokens: Vec<Token>,
    /// Where they come from.
    pub front: Front,
}

/// Everything that was read, in one representation for all front ends.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The texts.
    pub sources: Sources,
    /// The names.
    pub names: Names,
    /// The expressions.
    pub nodes: Nodes,
    /// The statements: the given ones first, then the page's, in order.
    pub statements: Vec<Statement>,
    /// Pairs of spellings that are one quantity.
    pub aliases: Vec<(Side, Side)>,
    /// What stops the sheet from being read in full.
    pub problems: Vec<Problem>,
    /// What was passed over, and why.
    pub unread: Vec<Unread>,
    /// The source that is the page.
    pub page: u32,
}

/// The most messages that a sheet gets: past them the rest of it is not read.
pub const MOST_MESSAGES: usize = 1000;

impl Sheet {
    /// Whether the rest is not read.
    pub(crate) fn is_full(&self) -> bool {
        let last = self.problems.last();
        self.problems.len() > MOST_MESSAGES || last.is_some_and(|p| p.code == Code::Size)
    }

    /// Lists a problem; after too many, that the rest is not read.
    pub(crate) fn problem(&mut self, problem: Problem) {
        match self.problems.len() {
            n if n < MOST_MESSAGES => self.problems.push(problem),
            MOST_MESSAGES => {
                let message = format!("more than {MOST_MESSAGES} errors: the rest is not read");
                let last = Problem::at(problem.code, problem.span(), message, "from here on");
                self.problems.push(last);
            }
            _ => {}
        }
    }

    /// Lists what is passed over; after too many, that there is more of it.
    pub(crate) fn pass_over(&mut self, unread: Unread) {
        match self.unread.len() {
            n if n < MOST_MESSAGES => self.unread.push(unread),
            MOST_MESSAGES => {
                let reason = "and more that is not understood, from here on".to_owned();
                self.unread.push(Unread { reason, ..unread });
            }
            _ => {}
        }
    }
}

/// What stands in the comments of a text: `--given "..."` and `--alias "..."`.
#[derive(Debug, Default)]
pub(crate) struct Directives {
    pub(crate) givens: Vec<Span>,
    pub(crate) aliases: Vec<Span>,
}

/// A sheet while it is read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) sheet: Sheet,
    pub(crate) directives: Directives,
    pub(crate) rows: Vec<Row>,
    pub(crate) reasons: Vec<String>,
}

/// Reads a page with what is given beside it: more statements, and aliases as `A=B`.
pub fn read(page: Source, givens: Vec<Source>, aliases: &[String]) -> Sheet {
    let mut reading = Reading::default();
    let given: Vec<u32> = givens.into_iter().map(|g| reading.sheet.sources.add(g)).collect();
    for source in given {
        reading.text(source, Front::Given);
    }
    let given_rows = std::mem::take(&mut reading.rows);
    let format = Format::of(&page);
    let page = reading.sheet.sources.add(page);
    reading.sheet.page = page;
    match format {
        Format::Plain => reading.text(page, Front::Plain),
        Format::Markdown => markdown::rows(page, &mut reading),
    }
    let page_rows = std::mem::replace(&mut reading.rows, given_rows);
    reading.directives(aliases);
    let given_rows = std::mem::take(&mut reading.rows);
    let rows: Vec<Row> = given_rows.into_iter().chain(page_rows).collect();
    reading.parse(&rows);
    reading.sheet
}

impl Reading {
    fn text(&mut self, source: u32, front: Front) {
        let length = self.sheet.sources.get(source).text.len();
        let span = Span { source, start: 0, end: length.min(LONGEST_FILE) as u32 };
        if length > LONGEST_FILE {
            return self.sheet.problem(too_long(span));
        }
        plain::rows(&[span], front, self);
    }

    /// Follows what comments and the command line say beside the statements.
    fn directives(&mut self, aliases: &[String]) {
        for span in std::mem::take(&mut self.directives.givens) {
            plain::rows(&[span], Front::Given, self);
        }
        let mut spans = std::mem::take(&mut self.directives.aliases);
        spans.extend(aliases.iter().map(|text| {
            let source = self.sheet.sources.add(Source::new("--alias", text.as_str()));
            Span { source, start: 0, end: text.len() as u32 }
        }));
        for span in spans {
            match alias::parse(&self.sheet.sources, &mut self.sheet.names, span) {
                Ok(pair) => self.sheet.aliases.push(pair),
                Err(problem) => self.sheet.problem(problem),
            }
        }
    }

    fn parse(&mut self, rows: &[Row]) {
        let known = self.known(rows);
        for row in rows {
            if self.sheet.is_full() {
                return;
            }
            let mark = self.sheet.nodes.all.len();
            match self.statement(&row.tokens, row.front, &known) {
                Ok(statement) => self.sheet.statements.push(statement),
                Err(problem) if row.front == Front::Latex && problem.code != Code::Size => {
                    self.sheet.nodes.all.truncate(mark);
                    self.forgive(&row.tokens, problem, &known);
                }
                Err(problem) => {
                    self.sheet.nodes.all.truncate(mark);
                    self.sheet.problem(problem);
                }
            }
        }
    }

    fn statement(
        &mut self,
        tokens: &[Token],
        front: Front,
        known: &HashSet<Name>,
    ) -> Result<Statement, Problem> {
        let Sheet { names, nodes, .. } = &mut self.sheet;
        parse::statement(tokens, &mut parse::Context { names, known, nodes, front })
    }

    /// Lists the links that are not understood as unread, and reads the chain without them.
    fn forgive(&mut self, tokens: &[Token], problem: Problem, known: &HashSet<Name>) {
        let chain = links(tokens);
        let mut problems = Vec::new();
        let mut kept = vec![chain[0]];
        for link in &chain[1..] {
            let mark = self.sheet.nodes.all.len();
            let read = self.statement(&[chain[0], *link].concat(), Front::Latex, known);
            self.sheet.nodes.all.truncate(mark);
            match read {
                Ok(_) => kept.push(*link),
                Err(problem) => problems.push(problem),
            }
        }
        if kept.len() == 1 || problems.is_empty() {
            problems = vec![problem];
        } else if let Ok(statement) = self.statement(&kept.concat(), Front::Latex, known) {
            self.sheet.statements.push(statement);
        }
        for problem in problems {
            self.unread(problem.span(), problem.to_string());
        }
    }

    pub(crate) fn unread(&mut self, span: Span, reason: impl Into<String>) {
        self.sheet.pass_over(Unread { span, reason: reason.into() });
    }

    /// The names that some statement or alias is about, before any is parsed.
    fn known(&mut self, rows: &[Row]) -> HashSet<Name> {
        let names = &mut self.sheet.names;
        let mut known = HashSet::new();
        for row in rows {
            let Some((name, updates)) = head(&row.tokens) else { continue };
            known.insert(name);
            if updates {
                known.insert(names.primed(name));
            }
        }
        for (a, b) in &self.sheet.aliases {
            known.extend([a, b].into_iter().flat_map(|side| side.names()));
        }
        known
    }
}

/// The name that a row is about, and whether it updates it (`w = w - ...`).
fn head(tokens: &[Token]) -> Option<(Name, bool)> {
    let tok = |i: usize| tokens.get(i).map(|token| token.tok);
    let (Some(Tok::Name(name)), Some(Tok::Equal | Tok::About)) = (tok(0), tok(1)) else {
        return None;
    };
    let again = tok(2) == Some(Tok::Name(name));
    Some((name, again && matches!(tok(3), Some(Tok::Minus | Tok::Plus))))
}

/// The head of a chain, then its links, each with its sign.
fn links(tokens: &[Token]) -> Vec<&[Token]> {
    let mut links = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate().skip(1) {
        if matches!(token.tok, Tok::Equal | Tok::About) {
            links.push(&tokens[start..at]);
            start = at;
        }
    }
    links.push(&tokens[start..]);
    links
}

/// The message for a text past the limit.
pub(crate) fn too_long(span: Span) -> Problem {
    let at = Span { end: span.start, ..span };
    Problem::at(Code::Size, at, "the file is longer than 16 MiB", "not read")
        .help("split the sheet into several files")
}

#[cfg(test)]
mod tests;
