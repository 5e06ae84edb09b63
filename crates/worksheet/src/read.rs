//! From texts to one sheet: which front end reads what, givens first, then the page.
//! It must not know what the statements mean.

use std::{collections::HashSet, ops::Range};

use crate::{
    ast::{Front, Nodes, Statement},
    lex::{Strange, Tok, Token},
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
    /// Where lines begin that go on with the row by their first sign, and would be statements
    /// without it: `= b = ...`. They are not part of the row if nothing else is said of `b`.
    pub seams: Vec<usize>,
    /// Where lines begin that go on with a formula by their first operator: where such a line cannot
    /// be read, the row may be read without it.
    pub joints: Vec<usize>,
    /// Whether it was parted from the row above at a seam.
    pub stray: bool,
    /// Whether the last line asks to go on below, where another statement begins.
    pub cut: bool,
    /// Where they come from.
    pub front: Front,
}

impl Row {
    pub(crate) fn new(tokens: Vec<Token>, front: Front) -> Self {
        let (seams, joints) = (Vec::new(), Vec::new());
        Self { tokens, seams, joints, stray: false, cut: false, front }
    }

    /// The row without the lines at its seams whose names nothing else is said of, and these.
    fn split(mut self, known: &HashSet<Name>) -> (Self, Vec<Self>) {
        let mut strays = Vec::new();
        while let Some(seam) = self.seams.pop() {
            if seam_name(&self.tokens[seam..]).is_some_and(|name| !known.contains(&name)) {
                let stray = Self::new(self.tokens.split_off(seam), self.front);
                strays.insert(0, Self { stray: true, ..stray });
            }
        }
        (self, strays)
    }

    /// The parts that are read each for itself, so that an error costs its own part alone: the
    /// head, and each link with its sign.
    fn parts(&self) -> Vec<Range<usize>> {
        let after_another = |at: usize| is_relation(self.tokens[at - 1].tok);
        let begins = |at: &usize| is_relation(self.tokens[*at].tok) && !after_another(*at);
        let mut parts = Vec::new();
        let mut start = 0;
        for at in (1..self.tokens.len()).filter(begins).chain([self.tokens.len()]) {
            parts.push(start..at);
            start = at;
        }
        parts
    }

    /// A part up to the last line that goes on with it before an error.
    fn before_line_with(&self, problem: &Problem, part: &Range<usize>) -> Option<Range<usize>> {
        let wrong = problem.span().start;
        let inside = |joint: &usize| part.contains(joint) && *joint > part.start;
        let before = |joint: &usize| self.tokens[*joint].span.start <= wrong;
        let line = self.joints.iter().copied().filter(inside).rfind(before)?;
        Some(part.start..line)
    }
}

/// A statement of which nothing is kept, although it is about a quantity.
#[derive(Clone, Copy, Debug)]
pub struct Lost {
    /// The quantity.
    pub name: Name,
    /// Whether a formula in names was lost, and not only a number.
    pub formula: bool,
    /// All of the statement.
    pub span: Span,
    /// Where it comes from.
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
    /// The statements that could not be read.
    pub lost: Vec<Lost>,
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

/// How a part of a row is parsed.
type Parse<T> = fn(&[Token], Range<usize>, &mut parse::Context<'_>) -> Result<T, Problem>;

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
    pub(crate) strange: Strange,
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
    reading.parse(given_rows.into_iter().chain(page_rows).collect());
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

    fn parse(&mut self, rows: Vec<Row>) {
        let (rows, known) = self.known(rows);
        for row in &rows {
            if self.sheet.is_full() {
                return;
            }
            self.row(row, &known);
        }
    }

    /// Reads a row part by part. What is wrong with the first costs the statement, what is wrong
    /// with another costs that part.
    fn row(&mut self, row: &Row, known: &HashSet<Name>) {
        if let Some(name) = seam_name(&row.tokens).filter(|_| row.stray) {
            let problem = self.no_continuation(&row.tokens, name);
            self.wrong(row, problem);
            return self.lose(row, known);
        }
        let mut parts = row.parts().into_iter();
        let begun = parts.next().and_then(|part| self.part(row, known, part, None, parse::head));
        let Some(mut statement) = begun else { return self.lose(row, known) };
        let mut told = None;
        for part in parts {
            if self.sheet.is_full() {
                return;
            }
            let end = row.tokens[part.end - 1].span;
            match self.part(row, known, part.clone(), told, parse::link) {
                Some(link) => {
                    statement.links.push(link);
                    statement.span = statement.span.to(end);
                }
                None => {
                    let lost = &row.tokens[part];
                    statement.damaged |= lost.iter().any(|token| is_of_a_formula(token.tok));
                    told = Some(self.sheet.sources.line(end));
                }
            }
        }
        let told = told.is_some();
        match (statement.links.is_empty(), statement.damaged) {
            (false, _) => self.sheet.statements.push(statement),
            (true, true) => self.lose(row, known),
            (true, false) if told => {}
            (true, false) => {
                let Sheet { names, .. } = &self.sheet;
                let problem = parse::no_claim(&row.tokens, names, statement.head_span);
                self.wrong(row, problem);
            }
        }
    }

    /// Reads one part of a row. What is wrong is listed, once a line on a plain sheet; if it is in a
    /// line that the part can do without, the rest is kept.
    fn part<T>(
        &mut self,
        row: &Row,
        known: &HashSet<Name>,
        part: Range<usize>,
        told: Option<usize>,
        parse: Parse<T>,
    ) -> Option<T> {
        // On a page of LaTeX each link is a formula of its own.
        let end = if row.front == Front::Latex { part.end } else { row.tokens.len() };
        let tokens = &row.tokens[..end];
        let read = |context: &mut parse::Context<'_>| parse(tokens, part.clone(), context);
        let problem = match self.attempt(row.front, known, read) {
            Ok(found) => return Some(found),
            Err(problem) => problem,
        };
        let rest = row.before_line_with(&problem, &part);
        if row.front == Front::Latex || told != Some(self.sheet.sources.line(problem.span())) {
            self.wrong(row, problem);
        }
        let rest = rest?;
        let read = |context: &mut parse::Context<'_>| parse(&tokens[..rest.end], rest, context);
        self.attempt(row.front, known, read).ok()
    }

    /// Parses, and takes back what was put among the nodes if that fails.
    fn attempt<T>(
        &mut self,
        front: Front,
        known: &HashSet<Name>,
        parse: impl FnOnce(&mut parse::Context<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mark = self.sheet.nodes.all.len();
        let Sheet { names, nodes, .. } = &mut self.sheet;
        let strange = &self.strange;
        let found = parse(&mut parse::Context { names, known, nodes, strange, front });
        if found.is_err() {
            self.sheet.nodes.all.truncate(mark);
        }
        found
    }

    /// Lists what is wrong: on a page of LaTeX as unread, on a plain sheet as an error.
    fn wrong(&mut self, row: &Row, problem: Problem) {
        if row.front == Front::Latex && problem.code != Code::Size {
            return self.unread(problem.span(), problem.to_string());
        }
        let at_end = row.tokens.last().is_some_and(|last| last.span == problem.span());
        let problem = match row.cut && at_end {
            true => problem.help(
                "the line below begins a statement of its own; to go on with this one, set it in",
            ),
            false => problem,
        };
        self.sheet.problem(problem);
    }

    /// Notes which quantity a statement is about that is not kept.
    fn lose(&mut self, row: &Row, known: &HashSet<Name>) {
        let (head, rest) = row.tokens.split_at(head_length(&row.tokens));
        let Some(name) = only_name(head).filter(|name| known.contains(name)) else { return };
        let named = |token: &Token| match token.tok {
            Tok::Name(read) => known.contains(&read),
            Tok::Unknown(_) => false,
            tok => is_of_a_formula(tok),
        };
        let (first, last) = (row.tokens[0].span, row.tokens[row.tokens.len() - 1].span);
        let formula = rest.iter().any(named);
        self.sheet.lost.push(Lost { name, formula, span: first.to(last), front: row.front });
    }

    fn no_continuation(&self, tokens: &[Token], name: Name) -> Problem {
        let text = self.sheet.names.text(name);
        let message =
            format!("this goes on with the statement above, and nothing says what `{text}` is");
        Problem::at(Code::Syntax, tokens[0].span.to(tokens[1].span), message, "goes on here")
            .help(format!("to begin a statement: `{text} = ...`, with nothing before it"))
    }

    pub(crate) fn unread(&mut self, span: Span, reason: impl Into<String>) {
        self.sheet.pass_over(Unread { span, reason: reason.into() });
    }

    /// The names that some statement or alias is about, before any is parsed, and the rows, from
    /// which the lines are parted that do not belong to them.
    fn known(&mut self, rows: Vec<Row>) -> (Vec<Row>, HashSet<Name>) {
        let names = &mut self.sheet.names;
        let mut known = HashSet::new();
        for row in &rows {
            if let Some((name, updates)) = head(&row.tokens) {
                known.insert(name);
                if updates {
                    known.insert(names.primed(name));
                }
            }
        }
        for (a, b) in &self.sheet.aliases {
            known.extend([a, b].into_iter().flat_map(|side| side.names()));
        }
        let mut defined = known.clone();
        defined.extend(["e", "pi", "π"].map(|name| names.name(name)));
        let parted = rows.into_iter().flat_map(|row| {
            let (row, strays) = row.split(&defined);
            std::iter::once(row).chain(strays)
        });
        let parted: Vec<Row> = parted.collect();
        // What is wrong with one line must not make another one mean something else.
        for row in &parted {
            let Some(name) = only_name(&row.tokens[..head_length(&row.tokens)]) else { continue };
            // A quantity that is called dE would win over every derivative of E.
            let of = names.text(name).strip_prefix('d').and_then(|of| names.known(of));
            if of.is_none_or(|of| !known.contains(&of)) {
                known.insert(name);
            }
        }
        (parted, known)
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

/// How many tokens stand before the first link; a sign that begins the row is not one's.
fn head_length(tokens: &[Token]) -> usize {
    let signs = tokens.iter().enumerate().skip(1);
    signs.into_iter().find(|(_, token)| is_relation(token.tok)).map_or(tokens.len(), |(at, _)| at)
}

/// The one name of a head that is not understood, or is more than a name without being a formula.
fn only_name(head: &[Token]) -> Option<Name> {
    let (mut found, mut open, mut brackets, mut strange) = (None, 0, 0, false);
    for (at, token) in head.iter().enumerate() {
        match token.tok {
            Tok::Name(name) if found.is_none() => found = Some(name),
            Tok::Unknown(_) | Tok::Asked | Tok::Comma => strange = true,
            Tok::Open(_) => (open, brackets) = (open + 1, brackets + 1),
            Tok::Close(_) => (open, brackets) = (open - 1, brackets + 1),
            Tok::Number(_) | Tok::Glyph(_) | Tok::Bar => {}
            tok if at == 0 && is_relation(tok) => {}
            _ => return None,
        }
    }
    // What is in brackets may be an argument.
    found.filter(|_| strange || brackets == 0 || open != 0)
}

/// The name that a line seems to be a statement about which begins with the sign of a link or with
/// an operator: `= b = ...`.
fn seam_name(tokens: &[Token]) -> Option<Name> {
    use Tok::{About, Equal, Minus, Plus, Slash, Star};
    match tokens {
        [sign, Token { tok: Tok::Name(name), .. }, Token { tok, .. }, ..] if is_relation(*tok) => {
            matches!(sign.tok, Equal | About | Plus | Minus | Star | Slash).then_some(*name)
        }
        _ => None,
    }
}

/// Whether a token is the sign of a link.
pub(crate) fn is_relation(tok: Tok) -> bool {
    matches!(tok, Tok::Equal | Tok::About)
}

/// Whether a token may belong to a formula in names.
fn is_of_a_formula(tok: Tok) -> bool {
    use Tok::{Command, Name, Partial, Slope, Unknown};
    matches!(tok, Name(_) | Command(_) | Slope(..) | Partial | Unknown(_))
}

/// The message for a text past the limit.
pub(crate) fn too_long(span: Span) -> Problem {
    let at = Span { end: span.start, ..span };
    Problem::at(Code::Size, at, "the file is longer than 16 MiB", "not read")
        .help("split the sheet into several files")
}

#[cfg(test)]
mod tests;
