//! How a derivative is recognised among tokens: dE/dw, d E / d w, d(E)/d(w), ∂E/∂w, dE_dw.
//! It must not know whether the derivative exists.

use super::Parser;
use crate::{lex::Tok, names::Name};

/// The derivative that begins at the next token: of what, by what, and how many tokens it takes.
pub(super) fn read(parser: &Parser<'_, '_>) -> Option<(Name, Name, usize)> {
    match parser.tok(0)? {
        Tok::Partial => {
            let (of, used) = part(parser, 0)?;
            let (wrt, more) = denominator(parser, used)?;
            Some((of, wrt, used + more))
        }
        Tok::Name(name) => glued(parser, name).or_else(|| spaced(parser)),
        _ => None,
    }
}

/// Whether a name is `dX` for a quantity X, and no quantity itself.
fn differential(parser: &Parser<'_, '_>, name: Name) -> Option<Name> {
    if parser.context.known.contains(&name) {
        return None;
    }
    quantity(parser, parser.context.names.text(name).strip_prefix('d')?)
}

fn quantity(parser: &Parser<'_, '_>, text: &str) -> Option<Name> {
    let text = text.strip_prefix('_').unwrap_or(text);
    parser.context.names.known(text).filter(|name| parser.context.known.contains(name))
}

fn glued(parser: &Parser<'_, '_>, name: Name) -> Option<(Name, Name, usize)> {
    if let Some(of) = differential(parser, name) {
        let (Some(Tok::Slash), Some(Tok::Name(below))) = (parser.tok(1), parser.tok(2)) else {
            return None;
        };
        return Some((of, differential(parser, below)?, 3));
    }
    underscored(parser, name)
}

fn underscored(parser: &Parser<'_, '_>, name: Name) -> Option<(Name, Name, usize)> {
    let text = parser.context.names.text(name);
    if parser.context.known.contains(&name) || !text.starts_with('d') {
        return None;
    }
    let halves = text.match_indices("_d").map(|(i, _)| (&text[1..i.max(1)], &text[i + 2..]));
    let mut pairs = halves.filter_map(|(of, wrt)| quantity(parser, of).zip(quantity(parser, wrt)));
    pairs.next().map(|(of, wrt)| (of, wrt, 1))
}

fn spaced(parser: &Parser<'_, '_>) -> Option<(Name, Name, usize)> {
    let (of, used) = part(parser, 0)?;
    let (wrt, more) = denominator(parser, used)?;
    let known = |name| parser.context.known.contains(&name);
    (known(of) && known(wrt)).then_some((of, wrt, used + more))
}

fn denominator(parser: &Parser<'_, '_>, at: usize) -> Option<(Name, usize)> {
    if parser.tok(at)? != Tok::Slash {
        return None;
    }
    part(parser, at + 1).map(|(wrt, used)| (wrt, used + 1))
}

/// `d E`, `d(E)` or `∂E`, `∂(E)`: the name and how many tokens.
fn part(parser: &Parser<'_, '_>, at: usize) -> Option<(Name, usize)> {
    let sign = match parser.tok(at)? {
        Tok::Partial => true,
        Tok::Name(d) => parser.context.names.text(d) == "d" && !parser.context.known.contains(&d),
        _ => false,
    };
    match (parser.tok(at + 1)?, parser.tok(at + 2), parser.tok(at + 3)) {
        (Tok::Name(name), ..) if sign => Some((name, 2)),
        (Tok::Open(a), Some(Tok::Name(name)), Some(Tok::Close(b))) if sign && a == b => {
            Some((name, 4))
        }
        _ => None,
    }
}
