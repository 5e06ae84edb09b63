//! A derivation as LaTeX: a document of its own, and the formulas of the Markdown. It must not know
//! what it says.

use super::document::{Block, Chain, Piece};
use super::math::Math;
use super::numbers::{Shown, exact, shown, with_more};
use super::text::name;
use crate::derive::Steps;
use crate::show::names::{in_document, latex_name};
use crate::table::Notation;

/// How tightly a name binds.
const ATOM: u8 = 9;
/// How tightly a fraction and a leading minus bind.
const PREFIX: u8 = 3;
/// How tightly a product binds.
const PRODUCT: u8 = 2;
/// How tightly a sum binds.
const SUM: u8 = 1;

const HEAD: &str = r"\documentclass[a4paper,landscape]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=2cm]{geometry}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
";

/// What a document says that has letters which the fonts of LaTeX have not. With fonts that have them,
/// LuaLaTeX and XeLaTeX show them by `\renewcommand{\codepoint}[1]{\text{\symbol{"#1}}}`.
const CODEPOINTS: &str = r"\newcommand{\codepoint}[1]{\ensuremath{\langle\text{U+#1}\rangle}}
";

pub(super) fn render(steps: &Steps, blocks: &[Block]) -> String {
    let (text, unknown) = in_document(&body(steps, blocks));
    let mut head = HEAD.to_owned();
    let mut note = String::new();
    if let Some(first) = unknown.first() {
        head += CODEPOINTS;
        for c in &unknown {
            head += &format!("% U+{:04X} is {c}\n", *c as u32);
        }
        note = format!(
            "Letters that the fonts of this document do not have are written by their numbers in \
             Unicode, as \\codepoint{{{:04X}}}.\n\n",
            *first as u32
        );
    }
    format!("{head}\\begin{{document}}\n{note}{text}\\end{{document}}\n")
}

fn body(steps: &Steps, blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut rest = blocks;
    while let Some(block) = rest.first() {
        let chains: Vec<&Chain> = rest.iter().map_while(chain_of).collect();
        rest = &rest[chains.len().max(1)..];
        match block {
            Block::Heading(pieces) => {
                text += &format!("\\section*{{{}}}\n", sentence(steps, pieces));
            }
            Block::Note(pieces) => text += &format!("\n{}\n", sentence(steps, pieces)),
            Block::Path(path) => {
                text +=
                    &format!("\\begin{{equation*}}\n  {}\n\\end{{equation*}}\n", ways(steps, path));
            }
            Block::Chain(_) => {
                text += &format!("\\begin{{align*}}\n{}\n\\end{{align*}}\n", rows(steps, &chains));
            }
        }
    }
    text
}

pub(super) fn chain_of(block: &Block) -> Option<&Chain> {
    match block {
        Block::Chain(chain) => Some(chain),
        _ => None,
    }
}

/// The quantities on a way, with arrows.
pub(super) fn ways(steps: &Steps, path: &[usize]) -> String {
    let names: Vec<String> = path.iter().map(|q| latex_name(&name(steps, *q))).collect();
    names.join(r" \to ")
}

/// Chains as rows that are aligned at their first sign of equality.
pub(super) fn rows(steps: &Steps, chains: &[&Chain]) -> String {
    let rows: Vec<String> = chains.iter().map(|chain| row(steps, chain)).collect();
    rows.join(" \\\\\n")
}

fn row(steps: &Steps, chain: &Chain) -> String {
    let links: Vec<String> = chain.links.iter().map(|link| math(steps, link)).collect();
    let (head, tail) = links.split_first().expect("a chain says something");
    let length: usize = tail.iter().map(String::len).sum();
    let break_at = if chain.tall || length > 140 { " \\\\\n  &= " } else { " = " };
    let note = chain.note.as_ref().map(|note| format!(" && \\text{{{}}}", sentence(steps, note)));
    format!("  {head} &= {}{}", tail.join(break_at), note.unwrap_or_default())
}

/// A sentence with formulas in it.
pub(super) fn sentence(steps: &Steps, pieces: &[Piece]) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Math(formula) => format!("${}$", math(steps, formula)),
    };
    pieces.iter().map(piece).collect()
}

fn math(steps: &Steps, math: &Math) -> String {
    write(steps, math).0
}

/// A formula, and how tightly it binds.
fn write(steps: &Steps, math: &Math) -> (String, u8) {
    let slope = |d: &str, of: usize, by: usize| {
        let [of, by] = [of, by].map(|q| latex_name(&name(steps, q)));
        (format!(r"\frac{{{d}{of}}}{{{d}{by}}}"), PREFIX)
    };
    match math {
        Math::Exact(x) => number(exact(*x), false),
        Math::Rounded(x) => number(shown(*x), false),
        Math::Longer(x, more) => number(with_more(*x, *more), false),
        Math::Signed(x) => number(shown(*x), *x > 0.0),
        Math::Quantity(k) => (latex_name(&name(steps, *k)), ATOM),
        Math::Total(k) => slope("d", steps.output(), *k),
        Math::Local(by, k) => slope(r"\partial ", *by, *k),
        Math::Delta(k) => (format!(r"\delta_{{{}}}", latex_name(&name(steps, *k))), ATOM),
        Math::Custom { name, slope, args } => {
            let args: Vec<String> = args.iter().map(|arg| write(steps, arg).0).collect();
            let slope = slope.map(|k| format!("'_{{{}}}", k + 1)).unwrap_or_default();
            (format!(r"{}{slope}\left({}\right)", latex_name(name), args.join(", ")), ATOM)
        }
        Math::Apply(op, args) => {
            let row = op.row();
            let mut written: Vec<(String, u8)> = args.iter().map(|arg| write(steps, arg)).collect();
            if args.last().is_some_and(|last| math.continues(last)) {
                written[args.len() - 1].1 = ATOM;
            }
            let level = match row.notation {
                _ if row.latex.starts_with(r"\frac") => PREFIX,
                Notation::Infix(_, level) | Notation::Postfix(_, level) => level,
                Notation::Prefix(..) if written[0].1 == PRODUCT => SUM,
                Notation::Call(_) if row.latex.contains(" + ") => SUM,
                Notation::Prefix(..) | Notation::Call(_) => PREFIX,
            };
            match row.arity {
                Some(_) => (fill(row.latex, row.args, &written, row.notation), level),
                None => {
                    let list: Vec<String> = written.into_iter().map(|(text, _)| text).collect();
                    (row.latex.replace("#xs", &list.join(", ")), PREFIX)
                }
            }
        }
    }
}

fn number(shown: Shown, signed: bool) -> (String, u8) {
    let Shown { decimals, exponent } = shown;
    let sign = if signed { "+" } else { "" };
    let decimals = decimals.replace("NaN", r"\text{NaN}").replace("inf", r"\infty");
    let plain = !decimals.starts_with('-') && !decimals.contains('/') && !signed;
    let level = if plain { ATOM } else { PRODUCT };
    match exponent {
        None => (format!("{sign}{decimals}"), level),
        Some(exponent) => (format!(r"{sign}{decimals} \cdot 10^{{{exponent}}}"), PRODUCT),
    }
}

/// Puts the arguments into a row's LaTeX, in brackets where they would be misread without.
fn fill(template: &str, names: &[&str], args: &[(String, u8)], notation: Notation) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('#') {
        text += &rest[..at];
        rest = &rest[at + 1..];
        let longest = |k: &usize| names[*k].len();
        let fits = (0..names.len()).filter(|k| rest.starts_with(names[*k]));
        let Some(k) = fits.max_by_key(longest) else { continue };
        rest = &rest[names[k].len()..];
        let (arg, level) = &args[k];
        if text.ends_with("+ ") && arg.starts_with('-') && level >= &PRODUCT {
            text.truncate(text.len() - 2);
            text += &format!("- {}", &arg[1..]);
            continue;
        }
        let needed = needed(&text, rest, notation);
        let minus = !text.is_empty() && needed > 0 && arg.starts_with('-');
        match *level >= needed && !minus {
            true => text += arg,
            false => text += &format!(r"\left({arg}\right)"),
        }
    }
    text + rest
}

/// How tightly an argument must bind to stand between these without brackets.
fn needed(before: &str, after: &str, notation: Notation) -> u8 {
    let fences =
        ["{", r"\left(", r"\left|", ",", r"\lfloor", r"\lceil", r"\|", r"\left[", "cases}"];
    let (before, after) = (before.trim_end(), after.trim_start());
    let opened = fences.iter().chain(&["&", r"\\", "if }"]).any(|fence| before.ends_with(fence));
    let closed = ["}", r"\right", ",", "&", ">"].iter().any(|fence| after.starts_with(fence));
    let level = match notation {
        Notation::Infix(_, level) | Notation::Postfix(_, level) => level,
        Notation::Prefix(..) => SUM,
        Notation::Call(_) if opened && after.starts_with("- ") => SUM,
        Notation::Call(_) if closed && before.ends_with('-') => return SUM + 1,
        Notation::Call(_) => ATOM,
    };
    match (opened && closed, after.starts_with("}^")) {
        (true, true) => ATOM,
        (true, false) => 0,
        (false, _) if before.is_empty() => level,
        (false, _) if opened => level,
        (false, _) => level + 1,
    }
}
