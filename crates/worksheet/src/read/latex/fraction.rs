//! Fractions in LaTeX: as quotients, and as derivatives.
//! It must not know whether a derivative exists.

use super::{Brace, Scan, name};
use crate::{
    lex::{Bracket, Tok},
    names::{Name, Names},
};

impl Scan<'_> {
    /// `\frac`, after the command itself.
    pub(super) fn fraction(&mut self, start: usize) {
        if let Some((of, wrt, width)) = self.derivative() {
            self.at += width;
            return self.push(Tok::Slope(of, wrt), start);
        }
        self.skip_space();
        if let Some((above, width)) = name::nested(self.rest())
            && let Some(reason) = operator(above)
        {
            self.at += width;
            self.skip_space();
            self.at += name::nested(self.rest()).map_or(0, |(_, width)| width);
            return self.unknown(start, reason);
        }
        self.push(Tok::Open(Bracket::Group), start);
        self.argument(Brace::Above);
    }

    /// One argument: a group, which ends later, or a single digit, letter or command.
    fn argument(&mut self, brace: Brace) {
        self.skip_space();
        let start = self.at;
        match self.peek() {
            Some('{') => return self.open_brace(brace),
            Some(c) if c.is_ascii_digit() => {
                self.at += 1;
                let span = self.span(start);
                if let Ok(literal) = crate::lex::literal(&self.text[start..self.at], span) {
                    self.push(Tok::Number(literal), start);
                }
            }
            Some(c) if c.is_alphabetic() => {
                self.at += c.len_utf8();
                self.push_name(&c.to_string(), start);
            }
            Some('\\') => self.command(),
            _ => return self.unknown(start, "a fraction without its parts"),
        }
        self.after_argument(brace);
    }

    /// What comes after an argument: the sign of the quotient, or its end.
    pub(super) fn after_argument(&mut self, brace: Brace) {
        let start = self.at;
        match brace {
            Brace::Group => {}
            Brace::Above => {
                self.push(Tok::Slash, start);
                self.argument(Brace::Below);
            }
            Brace::Below => self.push(Tok::Close(Bracket::Group), start),
        }
    }

    /// `{\partial E}{\partial w}` or `{dE}{dw}`: the names, and the bytes it takes.
    fn derivative(&mut self) -> Option<(Name, Name, usize)> {
        let rest = self.rest();
        let above = rest.trim_start();
        let (of, width) = name::nested(above)?;
        let below = above[width..].trim_start();
        let (wrt, more) = name::nested(below)?;
        let used = rest.len() - below.len() + more;
        let partial = |t: &str| t.trim_start().strip_prefix("\\partial").map(str::to_owned);
        let straight = |t: &str| {
            let t = t.trim_start();
            let t = t.strip_prefix("\\mathrm{d}").or_else(|| t.strip_prefix("\\text{d}"));
            t.map(str::to_owned)
        };
        let curly = partial(of).zip(partial(wrt)).or_else(|| straight(of).zip(straight(wrt)));
        let (of, wrt) = curly.or_else(|| glued(of).zip(glued(wrt)))?;
        let names = &mut self.reading.sheet.names;
        Some((only_name(&of, names)?, only_name(&wrt, names)?, used))
    }
}

/// Why a numerator is not a quotient's: an operator, or a second derivative.
fn operator(above: &str) -> Option<&'static str> {
    let after =
        above.trim().strip_prefix("\\partial").or_else(|| above.trim().strip_prefix("d^"))?;
    let second = after.starts_with('^') || above.trim().starts_with("d^");
    Some(if second {
        "second derivatives are not judged"
    } else {
        "this derivative is not of one quantity by one other"
    })
}

fn glued(text: &str) -> Option<String> {
    let after = text.trim().strip_prefix('d')?;
    let named = after.trim_start().starts_with(|c: char| c.is_alphabetic() || c == '\\');
    (named && !after.contains(['+', '-', '*', '='])).then(|| after.to_owned())
}

/// The name that a piece of LaTeX is, if it is nothing else.
fn only_name(text: &str, names: &mut Names) -> Option<Name> {
    let mut reading = super::Reading::default();
    let source = reading.sheet.sources.add(crate::source::Source::new("", text));
    let base = crate::source::Span { source, start: 0, end: text.len() as u32 };
    let mut scan = Scan {
        text,
        at: 0,
        base,
        reading: &mut reading,
        row: Vec::new(),
        open: Vec::new(),
        brackets: 0,
        begun: false,
        aligned: false,
        balanced: true,
    };
    while scan.at < text.len() && scan.row.len() < 6 {
        scan.skip_space();
        if scan.rest().starts_with("\\frac") {
            return None;
        }
        scan.step();
    }
    let toks: Vec<Tok> = scan.row.iter().map(|t| t.tok).collect();
    match toks[..] {
        [Tok::Name(name)] | [Tok::Open(_), Tok::Name(name), Tok::Close(_)] => {
            Some(names.name(reading.sheet.names.text(name)))
        }
        _ => None,
    }
}
