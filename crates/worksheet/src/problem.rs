//! What can be wrong with the writing of a sheet, as data: code, message, places, help.
//! It must not know how a message is drawn.

use crate::source::Span;

/// The kinds of problem, each with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character that means nothing here.
    Character,
    /// A token where another was expected.
    Syntax,
    /// A bracket without its partner.
    Bracket,
    /// Brackets nested too deep.
    Nesting,
    /// A sheet with too many operations, or a file that is too long.
    Size,
    /// A name like `w5+`.
    NamePlus,
    /// A name that the sheet does not define.
    UnknownName,
    /// A function that the library does not have.
    UnknownFunction,
    /// A function with the wrong number of arguments.
    Arguments,
    /// A number that stands above its own formula.
    NumberFirst,
    /// A second, different formula for a quantity.
    SecondFormula,
    /// A quantity that depends on itself.
    Circular,
    /// A value or a derivative that is NaN.
    Undefined,
    /// A file that could not be read.
    File,
    /// An alias that could not be used.
    Alias,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 15] = [
        Self::Character,
        Self::Syntax,
        Self::Bracket,
        Self::Nesting,
        Self::Size,
        Self::NamePlus,
        Self::UnknownName,
        Self::UnknownFunction,
        Self::Arguments,
        Self::NumberFirst,
        Self::SecondFormula,
        Self::Circular,
        Self::Undefined,
        Self::File,
        Self::Alias,
    ];

    /// The code as it is printed and asked for.
    pub fn text(self) -> &'static str {
        match self {
            Self::Character => "character",
            Self::Syntax => "syntax",
            Self::Bracket => "bracket",
            Self::Nesting => "nesting",
            Self::Size => "size",
            Self::NamePlus => "name-plus",
            Self::UnknownName => "unknown-name",
            Self::UnknownFunction => "unknown-function",
            Self::Arguments => "arguments",
            Self::NumberFirst => "number-first",
            Self::SecondFormula => "second-formula",
            Self::Circular => "circular",
            Self::Undefined => "undefined",
            Self::File => "file",
            Self::Alias => "alias",
        }
    }
}

/// A place with what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What.
    pub text: String,
}

/// One problem: the first label is the main place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// The places, the main one first; none only where no text could be read.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None }
    }

    /// A problem at a place.
    pub fn at(
        code: Code,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        Self::new(code, message).label(span, label)
    }

    /// The same with one more place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// The same with what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The main place.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

impl std::error::Error for Problem {}

/// Something on the sheet that was not judged, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where.
    pub span: Span,
    /// Why.
    pub reason: String,
}
