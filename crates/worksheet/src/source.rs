//! The text of a sheet and the places in it: files, byte spans, lines and columns.
//! It must not know what the text says.

use std::ops::Range;

/// The longest file that is read: 16 MiB.
pub const LONGEST_FILE: usize = 16 << 20;

/// A stretch of bytes in one of the sources.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Which source: an index into [`Sources`].
    pub source: u32,
    /// The first byte.
    pub start: u32,
    /// The byte past the last.
    pub end: u32,
}

impl Span {
    /// The span that covers both, in the source of the first.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end), ..self }
    }

    /// Whether another span lies within this one.
    pub fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// One named text.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called in messages: a path, `<stdin>`, `--given`.
    pub name: String,
    /// The text itself.
    pub text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// A text under a name; its lines are counted once, here.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let ends = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Self { name: name.into(), text, line_starts }
    }

    /// The line (from 1) that holds a byte.
    pub fn line(&self, byte: u32) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).max(1)
    }

    /// The text of a line, without its end.
    pub fn line_text(&self, line: usize) -> &str {
        let start = self.line_starts[line - 1] as usize;
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| *next as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// The byte at which a line begins.
    pub fn line_start(&self, line: usize) -> u32 {
        self.line_starts[line - 1]
    }

    /// Line and column of a byte.
    pub fn position(&self, byte: u32) -> Position {
        let line = self.line(byte);
        let start = self.line_starts[line - 1] as usize;
        let end = (byte as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }
}

/// All texts of one check, in the order in which they are read.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text and returns its number.
    pub fn add(&mut self, source: Source) -> u32 {
        self.all.push(source);
        self.all.len() as u32 - 1
    }

    /// The text of that number.
    pub fn get(&self, source: u32) -> &Source {
        &self.all[source as usize]
    }

    /// The words under a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or_default()
    }

    /// Where a span begins.
    pub fn position(&self, span: Span) -> Position {
        self.get(span.source).position(span.start)
    }

    /// The line on which a span begins.
    pub fn line(&self, span: Span) -> usize {
        self.get(span.source).line(span.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("s", "a\nσ(z₁) = 1\n");
        let at = source.text.find('=').unwrap() as u32;
        assert_eq!(source.position(at), Position { line: 2, column: 7 });
        assert_eq!(source.line_text(2), "σ(z₁) = 1");
        assert_eq!(source.position(source.text.len() as u32).line, 3);
    }
}
