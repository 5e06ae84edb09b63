//! What the parser says when a statement is not one: where, what was meant, what to write.
//! It must not decide what is an error.

use wengert::{Notation, Op};

use super::{DEEPEST, MOST_NODES, Parser, Pending};
use crate::{
    functions,
    lex::{Bracket, Tok, Token},
    names::{Name, Names},
    problem::{Code, Problem},
    source::Span,
};

fn describe(tok: Tok) -> &'static str {
    match tok {
        Tok::Number(_) | Tok::Glyph(_) => "a number",
        Tok::Name(_) => "a name",
        Tok::Command(_) => "a function",
        Tok::Slope(..) | Tok::Partial => "a derivative",
        Tok::Plus => "`+`",
        Tok::Minus => "`-`",
        Tok::Star => "`*`",
        Tok::Slash => "`/`",
        Tok::Caret => "`^`",
        Tok::Open(_) => "an opening bracket",
        Tok::Close(_) => "a closing bracket",
        Tok::Bar => "`|`",
        Tok::Comma => "`,`",
        Tok::Equal => "`=`",
        Tok::About => "`~`",
        Tok::Asked => "`?`",
        Tok::Unknown(_) => "something that is not understood",
    }
}

/// A token where an operator, a relation or the end should be.
pub(super) fn unexpected(parser: &Parser<'_, '_>) -> Problem {
    let token = parser.tokens[parser.at];
    let message = format!("expected an operator or `=`, found {}", describe(token.tok));
    let problem = Problem::at(Code::Syntax, token.span, message, "not expected here");
    match token.tok {
        Tok::Number(_)
        | Tok::Glyph(_)
        | Tok::Name(_)
        | Tok::Open(_)
        | Tok::Bar
        | Tok::Command(_) => {
            problem.help("a product needs its sign: write `*` between the factors")
        }
        Tok::Asked => problem.help("`?` stands alone after `=`: it asks for the number"),
        _ => problem,
    }
}

/// Nothing where a number, a name or a bracket should be.
pub(super) fn missing(parser: &Parser<'_, '_>) -> Problem {
    if let Some(problem) = name_plus(parser) {
        return problem;
    }
    let Some(token) = parser.tokens.get(parser.at) else {
        let message = "the line ends where a number or a name should be";
        return Problem::at(Code::Syntax, parser.end(), message, "something is missing after this")
            .help("to ask for the number, write `?`");
    };
    let message = format!("expected a number or a name, found {}", describe(token.tok));
    let problem =
        Problem::at(Code::Syntax, token.span, message, "something is missing before this");
    match token.tok {
        Tok::Asked => problem.help("`?` stands alone after `=`: it asks for the number"),
        Tok::Star if parser.at > 0 && parser.tokens[parser.at - 1].tok == Tok::Star => {
            problem.help("a power is written `^`")
        }
        Tok::Equal if parser.at > 0 && parser.tokens[parser.at - 1].tok == Tok::Equal => {
            problem.help("one `=` is enough")
        }
        Tok::Close(_) => problem.help("a pair of brackets holds an expression"),
        _ => problem,
    }
}

/// `w5+ = ...`, which is read as a sum that stops.
fn name_plus(parser: &Parser<'_, '_>) -> Option<Problem> {
    let [.., name, plus] = parser.tokens.get(..parser.at)? else { return None };
    let Tok::Name(word) = name.tok else { return None };
    let relation = matches!(parser.tok(0), None | Some(Tok::Equal | Tok::About));
    if plus.tok != Tok::Plus || name.span.end != plus.span.start || !relation {
        return None;
    }
    let text = parser.context.names.text(word);
    let message = format!("`{text}+` is not a name");
    Some(
        Problem::at(Code::NamePlus, name.span.to(plus.span), message, "a sum stops here")
            .help(format!("write `{text}'` for the updated quantity")),
    )
}

/// A bracket that is never closed.
pub(super) fn unclosed(parser: &Parser<'_, '_>, open: Span) -> Problem {
    let problem = Problem::at(Code::Bracket, open, "this bracket is never closed", "opened here");
    match parser.peek() {
        Some(token) => problem.label(token.span, "the link ends here"),
        None => problem.label(parser.end(), "the line ends here"),
    }
}

/// A bracket that was never opened.
pub(super) fn unopened(span: Span) -> Problem {
    Problem::at(Code::Bracket, span, "this bracket was never opened", "nothing to close")
}

/// A bracket that is closed by one of another sort.
pub(super) fn unlike(open: (Bracket, Span), close: (Bracket, Span)) -> Problem {
    let (opens, closes) = (open.0.open(), close.0.close());
    let message = format!("`{opens}` is closed by `{closes}`");
    Problem::at(Code::Bracket, close.1, message, "closed here")
        .label(open.1, "opened here")
        .help(format!("write `{}` here, or `{}` there", open.0.close(), close.0.open()))
}

/// Brackets past the limit.
pub(super) fn too_deep(span: Span) -> Problem {
    let message = format!("brackets are nested more than {DEEPEST} deep");
    Problem::at(Code::Nesting, span, message, "this one is too deep")
        .help("give an inner part a name, on a line of its own")
}

/// A sheet past the limit.
pub(super) fn too_long(span: Span) -> Problem {
    let message = format!("the sheet has more than {} operations", MOST_NODES / 2);
    Problem::at(Code::Size, span, message, "this one is too many")
        .help("split the sheet into several files")
}

/// A call of what is no function.
pub(super) fn no_function(parser: &Parser<'_, '_>, name: Name, span: Span) -> Problem {
    let text = parser.context.names.text(name);
    if parser.context.known.contains(&name) {
        let message = format!("`{text}` is a quantity, not a function");
        return Problem::at(Code::UnknownFunction, span, message, "called here")
            .help(format!("for a product write `{text}*(...)`"));
    }
    let message = format!("there is no function `{text}`");
    let problem = Problem::at(Code::UnknownFunction, span, message, "not a function");
    match functions::nearest(text, functions::spellings()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem
            .help(format!("for a product write `{text}*(...)`; `wengert ops` lists the functions")),
    }
}

/// A call with too few or too many arguments.
pub(super) fn arguments(op: Op, given: u32, span: Span) -> Problem {
    let needs = op.arity().unwrap_or(0);
    let plural = if needs == 1 { "" } else { "s" };
    let message = format!("`{}` takes {needs} argument{plural}, not {given}", op.name());
    let problem = Problem::at(Code::Arguments, span, message, "called here");
    match given {
        2 if needs == 1 => problem.help("decimals are written with a point: `0.5`, not `0,5`"),
        _ => problem,
    }
}

/// A number times a power of ten beyond what can be computed with.
pub(super) fn out_of_range(span: Span) -> Problem {
    let message = "this is not a number that can be computed with";
    Problem::at(Code::Syntax, span, message, "here")
        .help("numbers reach from about 4.9e-324 to about 1.8e308")
}

/// A call with arguments that the function does not accept.
pub(super) fn refused(op: Op, wanted: &str, span: Span) -> Problem {
    let row = op.row();
    let message = format!("`{}({})`: {wanted}", row.name, row.args.join(", "));
    let problem = Problem::at(Code::Arguments, span, message, "called here");
    match (row.notation, row.args) {
        (Notation::Infix(symbol, _), [x, y]) => {
            problem.help(format!("`{x}{symbol}{y}` takes any number"))
        }
        _ => match example(op) {
            Some(args) => problem.help(format!("as in `{}({args})`", row.name)),
            None => problem,
        },
    }
}

/// The arguments of a call in which a constant stands where one must, if one must anywhere.
fn example(op: Op) -> Option<String> {
    let names = op.row().args;
    let constant = (0..names.len()).find(|k| {
        let given: Vec<_> = (0..names.len()).map(|at| (at == *k).then_some(2.0)).collect();
        op.accepts(&vec![None; names.len()]).is_err() && op.accepts(&given).is_ok()
    })?;
    let shown = |(k, name): (usize, &&str)| if k == constant { "2" } else { *name }.to_owned();
    Some(names.iter().enumerate().map(shown).collect::<Vec<_>>().join(", "))
}

/// A comma outside a call.
pub(super) fn comma(span: Span) -> Problem {
    Problem::at(Code::Syntax, span, "a comma only separates arguments", "not expected here")
        .help("decimals are written with a point, `0.5`; one statement a line")
}

/// A line that claims nothing.
pub(super) fn no_claim(tokens: &[Token], names: &Names, span: Span) -> Problem {
    let text = match tokens {
        [Token { tok: Tok::Name(name), .. }] => Some(names.text(*name)),
        _ => None,
    };
    let problem = Problem::at(Code::Syntax, span, "this line claims nothing", "no `=` follows");
    match text {
        Some(name) => problem.help(format!("to ask for it, write `{name} = ?`")),
        None => problem.help("a statement is `name = formula = number`; a comment begins with `#`"),
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Infix { op, .. } | Self::Prefix { op, .. } => write!(f, "{}", op.name()),
            Self::Bracket { .. } => f.write_str("("),
        }
    }
}
