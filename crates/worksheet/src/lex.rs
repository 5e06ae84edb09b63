//! Tokens, and how a line of the worksheet language is cut into them.
//! It must not know how tokens form statements.

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
    source::Span,
};

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
    /// `(`, `[` or `{`
    Open,
    /// `)`, `]` or `}`
    Close,
    /// `,`
    Comma,
    /// `=`
    Equal,
    /// `~` or `≈`
    About,
    /// `?`
    Asked,
    /// Something that is not understood: an index into the reasons.
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

/// Cuts `text`, which begins at byte `start` of its source, into tokens.
///
/// # Errors
///
/// A character that begins no token, or a number beyond what an f64 holds.
pub fn tokens(
    text: &str,
    at: Span,
    names: &mut Names,
    out: &mut Vec<Token>,
) -> Result<(), Problem> {
    let mut input = LocatingSlice::new(text);
    loop {
        space(&mut input);
        let start = input.current_token_start();
        let Some(next) = input.peek_token() else { return Ok(()) };
        let span =
            |end: usize| Span { start: at.start + start as u32, end: at.start + end as u32, ..at };
        if let Some(power) = superscripts(&mut input) {
            push_power(&power, span(input.current_token_start()), out)?;
        } else if let Ok(raw) = token(&mut input) {
            let place = span(input.current_token_start());
            out.push(Token { tok: raw.tok(place, names)?, span: place });
        } else {
            return Err(strange(next, span(start + next.len_utf8())));
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
    let _: Result<&str> = take_while(0.., char::is_whitespace).parse_next(input);
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
        '(' | '[' => Tok::Open,
        ')' | ']' => Tok::Close,
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

fn push_power(power: &str, span: Span, out: &mut Vec<Token>) -> Result<(), Problem> {
    let digits = power.trim_start_matches('-');
    let mut push = |tok| out.push(Token { tok, span });
    [Tok::Caret, Tok::Open].into_iter().for_each(&mut push);
    power[digits.len()..].chars().for_each(|_| push(Tok::Minus));
    push(Tok::Number(literal(digits, span)?));
    push(Tok::Close);
    Ok(())
}

/// Reads a number as written.
///
/// # Errors
///
/// A number beyond what an f64 holds.
pub fn literal(text: &str, span: Span) -> Result<Literal, Problem> {
    let ascii = text.replace('−', "-");
    let (mantissa, exponent) = ascii.split_once(['e', 'E']).unwrap_or((&ascii, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, d)| d.len() as i64);
    let exponent = exponent.parse::<i64>().unwrap_or(0);
    let places = (decimals - exponent).clamp(-400, 400) as i16;
    let whole = !mantissa.contains('.') && places <= 0;
    let value = ascii.parse::<f64>().ok().filter(|v| v.is_finite());
    let value = value.ok_or_else(|| {
        Problem::at(Code::Syntax, span, "this is not a number that can be computed with", "here")
            .help("numbers reach to about 1.8e308")
    })?;
    Ok(Literal { value, places, whole })
}

fn strange(c: char, span: Span) -> Problem {
    let problem = Problem::at(
        Code::Character,
        span,
        format!("`{c}` means nothing in a worksheet"),
        "not understood",
    );
    match c {
        '<' | '>' => problem.help("a worksheet claims equalities: write `=`, or `~` for about"),
        '\\' => problem.help("LaTeX is read in Markdown files; here write `sigmoid(z)`, `a/b`"),
        ';' => problem.help("one statement a line, with nothing at its end"),
        '|' => problem.help("write `abs(x)`"),
        '$' | '€' | '%' => {
            problem.help("quantities are plain numbers; a comment begins with `#`")
        }
        '"' | '`' => problem.help("a comment begins with `#`"),
        '√' => problem.help("write `sqrt(x)`"),
        _ => problem,
    }
}
