//! Markdown: where its worksheet fences, its math and its comments are.
//! It must not know what stands in them.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{Reading, latex, plain, too_long};
use crate::{
    ast::Front,
    source::{LONGEST_FILE, Span},
};

const DISPLAY: [&str; 9] = [
    "equation",
    "align",
    "aligned",
    "alignat",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "displaymath",
];

/// Reads the fences of a page, or, where there are none, its math.
pub(crate) fn rows(page: u32, reading: &mut Reading) {
    let text = reading.sheet.sources.get(page).text.clone();
    let all = Span { source: page, start: 0, end: text.len().min(LONGEST_FILE) as u32 };
    if text.len() > LONGEST_FILE {
        return reading.sheet.problem(too_long(all));
    }
    let parts = parts(&text);
    let span =
        |range: &Range<usize>| Span { start: range.start as u32, end: range.end as u32, ..all };
    for comment in &parts.html {
        plain::directives(&text[comment.clone()], span(comment), reading);
    }
    if parts.has_fence {
        let fences: Vec<Span> = parts.fences.iter().map(span).collect();
        return plain::rows(&fences, Front::Plain, reading);
    }
    for math in find_math(&text, &parts.code, reading, all) {
        latex::rows(span(&math), reading);
    }
}

#[derive(Default)]
struct Parts {
    has_fence: bool,
    fences: Vec<Range<usize>>,
    code: Vec<Range<usize>>,
    html: Vec<Range<usize>>,
}

fn parts(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut in_sheet = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                in_sheet = info.split_whitespace().next() == Some("worksheet");
                parts.has_fence |= in_sheet;
                parts.code.push(range);
            }
            Event::End(TagEnd::CodeBlock) => in_sheet = false,
            Event::Text(_) if in_sheet => parts.fences.push(range),
            Event::Code(_) => parts.code.push(range),
            Event::Html(_) | Event::InlineHtml(_) => parts.html.push(range),
            _ => {}
        }
    }
    parts
}

/// The insides of all math on the page, in order.
fn find_math(
    text: &str,
    code: &[Range<usize>],
    reading: &mut Reading,
    all: Span,
) -> Vec<Range<usize>> {
    let mut search = Search { text, absent: Vec::new(), found: Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(['$', '\\']) {
        let here = at + step;
        let block = code.partition_point(|c| c.end <= here);
        if let Some(skip) = code.get(block).filter(|c| c.contains(&here)) {
            at = skip.end;
            continue;
        }
        at = match search.math_at(here) {
            Math::Not(width) => here + width,
            Math::Here(inside, end) => {
                found.push(inside);
                end
            }
            Math::Prose(end) => end,
            Math::Endless(width) => {
                let place = Span { start: here as u32, end: (here + width) as u32, ..all };
                reading.unread(place, "this math never ends");
                here + width
            }
        };
    }
    found
}

enum Math {
    Not(usize),
    Here(Range<usize>, usize),
    Prose(usize),
    Endless(usize),
}

struct Search<'a> {
    text: &'a str,
    /// Ends that do not come again: the text is not searched for them twice.
    absent: Vec<String>,
    /// Where each end comes next, so that what lies before it is searched once.
    found: Vec<(String, usize)>,
}

impl Search<'_> {
    fn math_at(&mut self, here: usize) -> Math {
        let rest = &self.text[here..];
        if rest.starts_with("$$") {
            return self.closed(here, 2, "$$");
        }
        if rest.starts_with("\\[") {
            return self.closed(here, 2, "\\]");
        }
        if rest.starts_with("\\(") {
            return self.inline(here, 2, "\\)");
        }
        if rest.starts_with('$') {
            return self.inline(here, 1, "$");
        }
        let escape = rest.starts_with("\\$") || rest.starts_with("\\\\");
        let Some(name) = rest.strip_prefix("\\begin{").and_then(environment) else {
            return Math::Not(if escape { 2 } else { 1 });
        };
        self.closed(here, "\\begin{}".len() + name.len(), &format!("\\end{{{name}}}"))
    }

    fn find(&mut self, start: usize, close: &str) -> Option<usize> {
        if self.absent.iter().any(|a| a == close) {
            return None;
        }
        let known = self.found.iter_mut().find(|(known, _)| known == close);
        if let Some((_, at)) = &known
            && *at >= start
        {
            return Some(*at - start);
        }
        let found = self.text[start..].find(close);
        match (found, known) {
            (None, _) => self.absent.push(close.to_owned()),
            (Some(length), Some((_, at))) => *at = start + length,
            (Some(length), None) => self.found.push((close.to_owned(), start + length)),
        }
        found
    }

    fn closed(&mut self, here: usize, width: usize, close: &str) -> Math {
        let start = here + width;
        let again = self.absent.iter().any(|a| a == close);
        match self.find(start, close) {
            Some(length) => {
                let inside = &self.text[start..start + length];
                match self.is_whole(here, width, inside) {
                    true => Math::Here(start..start + length, start + length + close.len()),
                    false => Math::Endless(width),
                }
            }
            None if again => Math::Not(width),
            None => Math::Endless(width),
        }
    }

    /// Whether what stands up to an end belongs to one piece of math: no math of the same kind
    /// begins in it, and between dollar signs, where an end looks like a beginning, no paragraph
    /// ends.
    fn is_whole(&self, here: usize, width: usize, inside: &str) -> bool {
        match &self.text[here..here + width] {
            "$$" => !inside.trim().is_empty() && !has_blank_line(inside),
            open => !begins_again(inside, open),
        }
    }

    /// Inline math is read where it claims a number or asks for one; else it is prose.
    fn inline(&mut self, here: usize, width: usize, close: &str) -> Math {
        let start = here + width;
        let Some(length) = self.find(start, close) else { return Math::Not(width) };
        let inside = &self.text[start..start + length];
        let end = start + length + close.len();
        // One dollar sign is not ended by two.
        let doubled = close == "$" && self.text[end..].starts_with('$');
        let nested = width == 2 && begins_again(inside, "\\(");
        if doubled || nested || has_blank_line(inside) {
            return Math::Not(width);
        }
        if claims(inside) { Math::Here(start..start + length, end) } else { Math::Prose(end) }
    }
}

/// Whether math of a kind begins in a text; `\\[` only ends a row.
fn begins_again(text: &str, open: &str) -> bool {
    text.match_indices(open).any(|(at, _)| !text[..at].ends_with('\\'))
}

/// Whether a paragraph ends in a text.
fn has_blank_line(text: &str) -> bool {
    let inner = text.split_once('\n').and_then(|(_, rest)| rest.rsplit_once('\n'));
    inner.is_some_and(|(lines, _)| lines.split('\n').any(|line| line.trim().is_empty()))
}

/// The name of a display environment that begins here.
fn environment(rest: &str) -> Option<&str> {
    let end = rest.bytes().take(20).position(|b| b == b'}')?;
    let name = &rest[..end];
    DISPLAY.contains(&name.trim_end_matches('*')).then_some(name)
}

fn claims(math: &str) -> bool {
    let number = |after: &str| {
        let after = after.trim_start().trim_start_matches(['-', '−', '+', ' ']);
        after.starts_with(|c: char| c.is_ascii_digit() || c == '?' || c == '.')
    };
    ["=", "\\approx", "≈"].iter().any(|r| math.split(r).skip(1).any(number))
}
