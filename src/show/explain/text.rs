//! A derivation as plain text in the worksheet language. It must not know what it says.

use super::document::{Block, Chain, Piece};
use super::math::Math;
use super::numbers::{Shown, exact, shown, with_more};
use crate::derive::Steps;
use crate::table::Notation;

/// The widest line.
const WIDTH: usize = 100;
/// How tightly a call or a name binds.
const ATOM: u8 = 9;
/// How tightly a sum binds.
const SUM: u8 = 1;
/// How tightly a product binds.
const PRODUCT: u8 = 2;
/// How tightly a leading minus binds.
const PREFIX: u8 = 3;

pub(super) fn render(steps: &Steps, blocks: &[Block]) -> String {
    let mut text = String::new();
    for (k, block) in blocks.iter().enumerate() {
        match block {
            Block::Heading(pieces) => {
                text += if k > 0 { "\n" } else { "" };
                text += &comment(&format!("== {} ==", sentence(steps, pieces)));
            }
            Block::Note(pieces) => {
                text.push('\n');
                text += &comment(&sentence(steps, pieces));
            }
            Block::Path(path) => {
                let names: Vec<String> = path.iter().map(|q| name(steps, *q)).collect();
                text += &format!("#   {}\n", names.join(" -> "));
            }
            Block::Chain(chain) => text += &statement(steps, chain),
        }
    }
    text
}

/// A comment, broken into lines.
fn comment(words: &str) -> String {
    let mut lines = vec!["#".to_owned()];
    for word in words.split(' ') {
        let line = lines.len() - 1;
        if lines[line].chars().count() + word.chars().count() < WIDTH {
            lines[line] += &format!(" {word}");
        } else {
            lines.push(format!("# {word}"));
        }
    }
    lines.join("\n") + "\n"
}

fn sentence(steps: &Steps, pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Math(math) => in_names(steps, math),
    };
    pieces.iter().map(piece).collect()
}

fn statement(steps: &Steps, chain: &Chain) -> String {
    let links: Vec<String> = chain.links.iter().map(|link| in_names(steps, link)).collect();
    let note = chain.note.as_ref().map(|pieces| format!("    # {}", sentence(steps, pieces)));
    let line = links.join(" = ") + &note.unwrap_or_default();
    match chain.tall || line.chars().count() > WIDTH {
        true => links.join("\n    = ") + "\n",
        false => line + "\n",
    }
}

/// How quantities are called.
pub(in crate::show) struct Names<'a> {
    pub(in crate::show) name: &'a dyn Fn(usize) -> String,
    pub(in crate::show) output: usize,
}

impl Names<'_> {
    fn of(&self, quantity: usize) -> String {
        (self.name)(quantity)
    }

    /// A formula in these names.
    #[cfg(feature = "page")]
    pub(in crate::show) fn write(&self, formula: &crate::derive::Formula) -> String {
        write(self, &Math::names(formula)).0
    }
}

fn in_names(steps: &Steps, math: &Math) -> String {
    let names = Names { name: &|quantity| name(steps, quantity), output: steps.output() };
    write(&names, math).0
}

/// A formula, and how tightly it binds.
fn write(names: &Names<'_>, math: &Math) -> (String, u8) {
    match math {
        Math::Exact(x) => number(exact(*x), false),
        Math::Rounded(x) => number(shown(*x), false),
        Math::Longer(x, more) => number(with_more(*x, *more), false),
        Math::Signed(x) => number(shown(*x), *x > 0.0),
        Math::Quantity(k) => (names.of(*k), ATOM),
        Math::Total(k) => (format!("d{}/d{}", names.of(names.output), names.of(*k)), ATOM),
        Math::Local(by, k) => (format!("d{}/d{}", names.of(*by), names.of(*k)), ATOM),
        Math::Delta(k) => (format!("delta_{}", names.of(*k)), ATOM),
        Math::Custom { name, slope: None, args } => (call(names, name, args), ATOM),
        Math::Custom { name, slope: Some(k), args } => {
            (call(names, &format!("{name}_slope{k}"), args), ATOM)
        }
        Math::Apply(op, args) => match (op.row().notation, &args[..]) {
            (Notation::Infix(symbol, level), [x, y]) => {
                let right = write(names, y);
                let right = if math.continues(y) { (right.0, ATOM) } else { right };
                (infix(symbol, level, write(names, x), right, y.number().is_some()), level)
            }
            (Notation::Prefix(symbol, _), [x]) => {
                let (text, level) = write(names, x);
                let (needed, own) = match level {
                    _ if text.starts_with('-') => (ATOM + 1, PREFIX),
                    PRODUCT => (PRODUCT, SUM),
                    level => (PRODUCT, level.min(PREFIX)),
                };
                (format!("{symbol}{}", at_least(needed, (text, level))), own.max(SUM))
            }
            (Notation::Postfix(symbol, level), [x]) => {
                (format!("{}{symbol}", at_least(level + 1, write(names, x))), level)
            }
            _ => (call(names, op.name(), args), ATOM),
        },
    }
}

fn number(shown: Shown, signed: bool) -> (String, u8) {
    let Shown { decimals, exponent } = shown;
    let sign = if signed { "+" } else { "" };
    let plain = !decimals.starts_with('-') && !decimals.contains('/') && !signed;
    let level = if plain { ATOM } else { PRODUCT };
    match exponent {
        None => (format!("{sign}{decimals}"), level),
        Some(exponent) => (format!("{sign}{decimals}e{exponent}"), level),
    }
}

fn call(names: &Names<'_>, name: &str, args: &[Math]) -> String {
    let args: Vec<String> = args.iter().map(|arg| write(names, arg).0).collect();
    format!("{name}({})", args.join(", "))
}

/// Sums with spaces, what binds tighter without. A negative number is taken away.
fn infix(symbol: &str, level: u8, x: (String, u8), y: (String, u8), is_number: bool) -> String {
    let is_power = level > PREFIX;
    let left = at_least(if is_power { level + 1 } else { level }, x);
    match (symbol, y.0.strip_prefix('-')) {
        ("+", Some(minus)) if is_number => return format!("{left} - {minus}"),
        _ => {}
    }
    let needed = match is_power {
        _ if y.0.starts_with('-') => ATOM + 1,
        true => ATOM,
        false => level + 1,
    };
    let right = at_least(needed, y);
    match level == SUM || symbol == "%" {
        true => format!("{left} {symbol} {right}"),
        false => format!("{left}{symbol}{right}"),
    }
}

/// In brackets, unless it binds as tightly as this.
fn at_least(level: u8, (text, own): (String, u8)) -> String {
    if own >= level { text } else { format!("({text})") }
}

/// The name of a quantity; `%7` is the slot 7, which has no name.
pub(in crate::show) fn name(steps: &Steps, quantity: usize) -> String {
    let step = &steps.all()[quantity];
    step.name.clone().unwrap_or_else(|| format!("%{}", step.slot))
}
