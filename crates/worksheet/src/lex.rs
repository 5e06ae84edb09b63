//! Tokens, and how a line of the worksheet language is cut into them.
//! It must not know how tokens form statements.

use unicode_normalization::UnicodeNormalization;
use winnow::{
    Parser, Result,
    ascii::digit0,
    combinator::{alt, opt, preceded, repeat},
    stream::{LocatingSlice, Location, Stream},
    token::{any, one_of, take_while},
};

use crate::{
    ast::Literal,
    names::{self, Name, Names},
    problem::{Code, Problem},
    read::MOST_MESSAGES,
    source::Span,
};

/// The sorts of bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// `( )`
    Round,
    /// `[ ]`
    Square,
    /// `{ }`
    Curly,
    /// `| |`: an absolute value.
    Bar,
    /// One that LaTeX makes without showing it: a group, or a part of a fraction.
    Group,
}

impl Bracket {
    /// How the opening one is written.
    pub fn open(self) -> &'static str {
        match self {
            Self::Round => "(",
            Self::Square => "[",
            Self::Curly | Self::Group => "{",
            Self::Bar => "|",
        }
    }

    /// How the closing one is written.
    pub fn close(self) -> &'static str {
        match self {
            Self::Round => ")",
            Self::Square => "]",
            Self::Curly | Self::Group => "}",
            Self::Bar => "|",
        }
    }
}

/// The kinds of token that both front ends produce.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tok {
    /// A number.
    Number(Literal),
    /// A number in one character, like ½: it may stand before its factor.
    Glyph(Literal),
    /// A name.
    Name(Name),
    /// A function by a LaTeX command, which needs no brackets.
    Command(Name),
    /// A derivative in one piece, from `\frac{\partial E}{\partial w}`.
    Slope(Name, Name),
    /// `∂`
    Partial,
    /// `+`
    Plus,
    /// `-` or `−`
    Minus,
    /// `*`, `·` or `×`
    Star,
    /// `/` or `÷`
    Slash,
    /// `^`
    Caret,
    /// An opening bracket.
    Open(Bracket),
    /// A closing bracket.
    Close(Bracket),
    /// `|`, which opens or closes an absolute value.
    Bar,
    /// `,`
    Comma,
    /// `=`
    Equal,
    /// `~` or `≈`
    About,
    /// `?`
    Asked,
    /// Something that is not understood: which of the [`Strange`] things it is.
    Unknown(u32),
}

/// One token and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub tok: Tok,
    /// Where it is.
    pub span: Span,
}

type Input<'i> = LocatingSlice<&'i str>;

/// What was not understood in a text, in order. A token stands in its place, so that the statement
/// around it keeps its borders.
#[derive(Clone, Debug, Default)]
pub struct Strange {
    problems: Vec<Problem>,
}

impl Strange {
    /// Keeps a problem and gives the token that stands for it. Past [`MOST_MESSAGES`] the last one
    /// stands for all: no sheet gets as many messages.
    pub fn tok(&mut self, problem: Problem) -> Tok {
        if self.problems.len() <= MOST_MESSAGES {
            self.problems.push(problem);
        }
        Tok::Unknown(self.problems.len() as u32 - 1)
    }

    /// The first thing among tokens that is not understood.
    pub fn first(&self, tokens: &[Token]) -> Option<Problem> {
        tokens.iter().find_map(|token| match token.tok {
            Tok::Unknown(which) => {
                let mut problem = self.problems[which as usize].clone();
                if let Some(label) = problem.labels.first_mut() {
                    label.span = token.span;
                }
                Some(problem)
            }
            _ => None,
        })
    }
}

/// Cuts `text`, which stands at `at` in its source, into tokens. What begins no token, and a number
/// that no f64 holds, is kept in `strange` and leaves a [`Tok::Unknown`].
pub fn tokens(
    text: &str,
    at: Span,
    names: &mut Names,
    strange: &mut Strange,
    out: &mut Vec<Token>,
) {
    let mut input = LocatingSlice::new(text);
    loop {
        space(&mut input);
        let start = input.current_token_start();
        let Some(next) = input.peek_token() else { return };
        let span =
            |end: usize| Span { start: at.start + start as u32, end: at.start + end as u32, ..at };
        if let Some(power) = superscripts(&mut input) {
            push_power(&power, span(input.current_token_start()), strange, out);
        } else if let Ok(raw) = token(&mut input) {
            let place = span(input.current_token_start());
            let tok = raw.tok(place, names).unwrap_or_else(|problem| strange.tok(problem));
            out.push(Token { tok, span: place });
        } else {
            input.next_token();
            let place = span(start + next.len_utf8());
            out.push(Token { tok: strange.tok(unread(next, place)), span: place });
        }
    }
}

enum Raw<'i> {
    Number(&'i str),
    Name(&'i str),
    Sign(Tok),
}

impl Raw<'_> {
    fn tok(&self, place: Span, names: &mut Names) -> Result<Tok, Problem> {
        match self {
            Raw::Number(text) => Ok(Tok::Number(literal(text, place)?)),
            Raw::Name(text) => Ok(Tok::Name(names.name(text))),
            Raw::Sign(tok) => Ok(*tok),
        }
    }
}

fn space(input: &mut Input<'_>) {
    // A file may begin with the mark of its byte order.
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let _: Result<&str> = take_while(0.., blank).parse_next(input);
}

fn token<'i>(input: &mut Input<'i>) -> Result<Raw<'i>> {
    alt((number.map(Raw::Number), name.map(Raw::Name), sign.map(Raw::Sign))).parse_next(input)
}

/// Digits with a point, an exponent, or both.
pub fn number<'i>(input: &mut Input<'i>) -> Result<&'i str> {
    let digits = || take_while(1.., |c: char| c.is_ascii_digit());
    let mantissa = alt(((digits(), opt(('.', digit0))).void(), preceded('.', digits()).void()));
    let exponent = (one_of(['e', 'E']), opt(one_of(['+', '-', '−'])), digits());
    (mantissa, opt(exponent)).take().parse_next(input)
}

fn name<'i>(input: &mut Input<'i>) -> Result<&'i str> {
    let braces = ("{", take_while(1.., |c: char| names::is_inner(c) || c == ','), "}");
    let piece = alt((
        ('_', braces).void(),
        take_while(1.., |c: char| names::is_inner(c) && c != '_').void(),
        '_'.void(),
    ));
    let inner = repeat::<_, _, (), _, _>(0.., piece);
    (one_of(names::is_first), inner, take_while(0.., names::is_prime)).take().parse_next(input)
}

fn sign(input: &mut Input<'_>) -> Result<Tok> {
    any.verify_map(sign_of).parse_next(input)
}

fn sign_of(c: char) -> Option<Tok> {
    Some(match c {
        '+' => Tok::Plus,
        '-' | '−' | '–' => Tok::Minus,
        '*' | '·' | '×' | '⋅' | '∗' => Tok::Star,
        '/' | '÷' => Tok::Slash,
        '^' => Tok::Caret,
        '(' => Tok::Open(Bracket::Round),
        '[' => Tok::Open(Bracket::Square),
        '{' => Tok::Open(Bracket::Curly),
        ')' => Tok::Close(Bracket::Round),
        ']' => Tok::Close(Bracket::Square),
        '}' => Tok::Close(Bracket::Curly),
        '|' => Tok::Bar,
        ',' => Tok::Comma,
        '=' => Tok::Equal,
        '~' | '≈' => Tok::About,
        '?' => Tok::Asked,
        '∂' => Tok::Partial,
        _ => Tok::Glyph(glyph(c)?),
    })
}

fn glyph(c: char) -> Option<Literal> {
    let value = match c {
        '½' => 0.5,
        '⅓' => 1.0 / 3.0,
        '⅔' => 2.0 / 3.0,
        '¼' => 0.25,
        '¾' => 0.75,
        '⅕' => 0.2,
        '⅛' => 0.125,
        _ => return None,
    };
    Some(Literal { value, places: 0, whole: true })
}

fn superscripts(input: &mut Input<'_>) -> Option<String> {
    let raised = |c: char| "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".contains(c);
    let run: Result<&str> = take_while(1.., raised).parse_next(input);
    let plain = |c| match c {
        '⁻' => '-',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        c => char::from_digit(c as u32 - '⁰' as u32, 10).unwrap_or('0'),
    };
    run.ok().map(|run| run.chars().map(plain).collect())
}

fn push_power(power: &str, span: Span, strange: &mut Strange, out: &mut Vec<Token>) {
    let digits = power.trim_start_matches('-');
    let mut push = |tok| out.push(Token { tok, span });
    [Tok::Caret, Tok::Open(Bracket::Group)].into_iter().for_each(&mut push);
    power[..power.len() - digits.len()].chars().for_each(|_| push(Tok::Minus));
    push(match literal(digits, span) {
        Ok(literal) => Tok::Number(literal),
        Err(problem) => strange.tok(problem),
    });
    push(Tok::Close(Bracket::Group));
}

/// Reads a number as written.
///
/// # Errors
///
/// What an f64 cannot stand for: a number beyond its range at either end, or a whole number that
/// lies between two of its values.
pub fn literal(text: &str, span: Span) -> Result<Literal, Problem> {
    let ascii = text.replace('−', "-");
    let (mantissa, exponent) = ascii.split_once(['e', 'E']).unwrap_or((&ascii, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, d)| d.len() as i64);
    let power = exponent.parse::<i64>().unwrap_or(0).clamp(-1_000_000, 1_000_000);
    let places = (decimals - power).clamp(-400, 400) as i16;
    let whole = !mantissa.contains('.') && places <= 0;
    let refuse = |message: &str, help: String| {
        Err(Problem::at(Code::Syntax, span, message, "here").help(help))
    };
    let value = ascii.parse().unwrap_or(f64::INFINITY);
    let is_zero = mantissa.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    if !value.is_finite() {
        let help = "numbers reach to about 1.8e308";
        return refuse("this is not a number that can be computed with", help.into());
    }
    if value == 0.0 && !is_zero {
        let help = "the smallest is about 4.9e-324; it would be taken for 0";
        return refuse("this number is too small to be computed with", help.into());
    }
    let digits = mantissa.trim_start_matches('0');
    if mantissa == ascii && whole && value >= EXACT && format!("{value:.0}") != digits {
        let help = format!(
            "past 2^53 only some whole numbers can be computed with: the nearest is {value:.0}; \
             rounded it is written {value:e}"
        );
        return refuse("this whole number cannot be computed with exactly", help);
    }
    Ok(Literal { value, places, whole })
}

/// Up to here every whole number is an f64: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Why a character is not read, and what to write instead.
fn unread(c: char, span: Span) -> Problem {
    let name = if is_visible(c) { format!("`{c}`") } else { format!("U+{:04X}", c as u32) };
    let message = format!("{name} means nothing in a worksheet");
    let problem = Problem::at(Code::Character, span, message, "not understood");
    match instead(c) {
        Some(help) => problem.help(help),
        None => match plain(c) {
            Some(sign) => problem.help(format!("write the plain sign `{sign}`")),
            None => problem,
        },
    }
}

/// Whether a character can be seen by itself.
fn is_visible(c: char) -> bool {
    let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}');
    !(c.is_control() || unseen || names::is_accent(c))
}

/// What to write in place of a character that people use.
fn instead(c: char) -> Option<&'static str> {
    Some(match c {
        '<' | '>' | '≤' | '≥' | '≠' => {
            "a worksheet claims equalities: write `=`, or `~` for about"
        }
        '→' | '⇒' | '←' | '≡' | '≜' | '↦' => "write `=`",
        '\\' => "LaTeX is read in Markdown files; here write `sigmoid(z)`, `a/b`",
        ';' => "one statement a line, with nothing at its end",
        ':' => "a quantity is defined by `=`, and a quotient is written `/`",
        '!' => "a factorial is written `exp(ln_gamma(n + 1))`",
        '%' => {
            "five percent are written `5/100`, a remainder `rem(a, b)`; a comment begins with `#`"
        }
        '‖' => "a length is written `norm(x, y)`, an absolute value `|x|`",
        '$' | '€' | '£' | '¥' => "quantities are plain numbers; a comment begins with `#`",
        '"' | '`' | '“' | '”' | '„' | '«' | '»' => "a comment begins with `#`",
        '√' => "write `sqrt(x)`",
        '∛' => "write `cbrt(x)`",
        '°' => "angles are in radians: 30 degrees are written `30*pi/180`",
        '±' | '∓' => "a number stands alone: its digits say how exact it is",
        '∞' => "only finite numbers are judged",
        '∑' | '∏' | '∫' | '…' => "write the terms out",
        '\'' | '′' | '″' | '’' => "a prime stands at the end of a name: `w'`",
        '_' => "a name begins with a letter",
        '.' => "a point stands among digits: `0.5`",
        _ => return None,
    })
}

/// The plain sign that a character is a wide or small form of.
fn plain(c: char) -> Option<char> {
    let mut forms = std::iter::once(c).nfkc();
    let (sign, more) = (forms.next()?, forms.next());
    let known = sign.is_ascii_digit() || sign_of(sign).is_some();
    (more.is_none() && sign != c && sign.is_ascii() && known).then_some(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<f64, String> {
        let found = literal(text, Span::default());
        found.map(|literal| literal.value).map_err(|problem| problem.to_string())
    }

    #[test]
    fn numbers_are_read_as_they_stand_or_refused() {
        for (text, value) in [
            ("1e-323", 1e-323),
            ("5e-324", 5e-324),
            ("0e-400", 0.0),
            ("0.000", 0.0),
            ("9007199254740992", 9007199254740992.0),
            ("9007199254740994", 9007199254740994.0),
            ("0009007199254740994", 9007199254740994.0),
            ("100000000000000000000", 1e20),
            ("1e23", 1e23),
            ("1.7976931348623157e308", f64::MAX),
        ] {
            assert_eq!(read(text), Ok(value), "{text}");
        }
        let long = format!("0.{}", "3".repeat(400));
        assert_eq!(read(&long), Ok(1.0 / 3.0));
        for (text, why) in [
            ("1e-400", "too small"),
            ("2e-324", "too small"),
            ("1e400", "1.8e308"),
            ("1e99999999999999999999", "1.8e308"),
            ("9007199254740993", "the nearest is 9007199254740992;"),
            ("100000000000000000000000", "written 1e23"),
        ] {
            assert!(read(text).expect_err(text).contains(why), "{text}: {:?}", read(text));
        }
        let tiny = format!("0.{}1", "0".repeat(400));
        assert!(read(&tiny).expect_err("too small").contains("too small"));
    }

    #[test]
    fn what_is_not_read_is_named_and_answered() {
        let message = |c| unread(c, Span::default()).to_string();
        assert_eq!(message('@'), "`@` means nothing in a worksheet");
        assert_eq!(message('\u{200b}'), "U+200B means nothing in a worksheet");
        assert_eq!(message('\u{1b}'), "U+001B means nothing in a worksheet");
        assert!(message('＝').ends_with("(write the plain sign `=`)"));
        assert!(message('!').contains("exp(ln_gamma(n + 1))"));
    }
}
