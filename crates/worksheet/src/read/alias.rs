//! Aliases: two spellings that are one quantity, or one derivative.
//! It must not know whether either is on the sheet.

use crate::{
    lex::{self, Strange, Tok, Token},
    names::{Name, Names},
    problem::{Code, Problem},
    source::{Sources, Span},
};

/// One side of an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// A quantity.
    Name(Name),
    /// A derivative, as it is written.
    Slope(Name, Name),
}

impl Side {
    /// The names in it.
    pub fn names(&self) -> impl Iterator<Item = Name> + use<> {
        let (first, second) = match *self {
            Self::Name(name) => (name, None),
            Self::Slope(of, wrt) => (of, Some(wrt)),
        };
        std::iter::once(first).chain(second)
    }
}

/// Reads `A=B`, where each side is a name or a derivative.
///
/// # Errors
///
/// Anything else.
pub fn parse(sources: &Sources, names: &mut Names, span: Span) -> Result<(Side, Side), Problem> {
    let text = sources.text(span);
    let mut tokens = Vec::new();
    let mut strange = Strange::default();
    lex::tokens(text, span, names, &mut strange, &mut tokens);
    if let Some(problem) = strange.first(&tokens) {
        return Err(problem);
    }
    let equal = tokens.iter().position(|t| t.tok == Tok::Equal);
    let sides = equal.map(|at| (side(names, &tokens[..at]), side(names, &tokens[at + 1..])));
    match sides {
        Some((Some(a @ Side::Name(_)), Some(b @ Side::Name(_)))) => Ok((a, b)),
        Some((Some(a @ Side::Slope(..)), Some(b @ Side::Slope(..)))) => Ok((a, b)),
        _ => Err(Problem::at(Code::Alias, span, "this is not an alias", "not understood").help(
            "an alias joins two spellings: `out_h1=h1`, or of a derivative: `dŷ1/dh1=do1/dy1`",
        )),
    }
}

fn side(names: &mut Names, tokens: &[Token]) -> Option<Side> {
    let toks: Vec<Tok> = tokens.iter().map(|t| t.tok).collect();
    let d = |names: &Names, name: Name| names.text(name) == "d";
    match toks[..] {
        [Tok::Name(name)] => Some(Side::Name(name)),
        [Tok::Name(of), Tok::Slash, Tok::Name(wrt)] => {
            let mut bare = |name| {
                let text = names.text(name).strip_prefix('d')?.to_owned();
                (!text.is_empty()).then(|| names.name(&text))
            };
            Some(Side::Slope(bare(of)?, bare(wrt)?))
        }
        [Tok::Partial, Tok::Name(of), Tok::Slash, Tok::Partial, Tok::Name(wrt)] => {
            Some(Side::Slope(of, wrt))
        }
        [Tok::Name(d1), Tok::Name(of), Tok::Slash, Tok::Name(d2), Tok::Name(wrt)]
            if d(names, d1) && d(names, d2) =>
        {
            Some(Side::Slope(of, wrt))
        }
        _ => None,
    }
}
