//! Statements from tokens: chains, and expressions by operator precedence with a stack of its own.
//! It must not know where the tokens come from, nor recurse.

use std::{collections::HashSet, ops::Range};

use wengert::Op;

use crate::{
    ast::{Body, Expr, Front, Head, Kind, Link, Node, Nodes, Relation, Statement, arguments},
    functions,
    lex::{Bracket, Strange, Tok, Token},
    names::{Name, Names},
    problem::Problem,
    source::Span,
    values::constant_of,
};

mod errors;
mod slope;

/// The deepest nesting of brackets.
pub const DEEPEST: usize = 1000;
/// The most operations and operands on a sheet.
pub const MOST_NODES: usize = 2_000_000;

/// What the parser needs to know of the sheet, and where it puts expressions.
#[derive(Debug)]
pub struct Context<'a> {
    /// All names.
    pub names: &'a mut Names,
    /// The names that some statement or alias is about.
    pub known: &'a HashSet<Name>,
    /// The node list.
    pub nodes: &'a mut Nodes,
    /// What was not understood among the tokens.
    pub strange: &'a Strange,
    /// What is forgiven: LaTeX multiplies without a sign.
    pub front: Front,
}

enum Pending {
    Infix { op: Op, binds: u8, span: Span },
    Prefix { op: Op, span: Span },
    Bracket { sort: Bracket, call: Option<(Op, Span)>, commas: u32, span: Span },
}

struct Parser<'a, 'c> {
    context: &'a mut Context<'c>,
    tokens: &'a [Token],
    at: usize,
    pending: Vec<Pending>,
    depth: usize,
}

/// The longest word that is tried as a product of names.
const LONGEST_PRODUCT: usize = 24;

const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const PREFIX: u8 = 3;
const POWER: u8 = 4;

/// Parses the head of a statement: the tokens up to the first link.
///
/// # Errors
///
/// The first thing in it that is not understood.
pub fn head(
    tokens: &[Token],
    part: Range<usize>,
    context: &mut Context<'_>,
) -> Result<Statement, Problem> {
    let front = context.front;
    let span = tokens[0].span.to(tokens[part.end - 1].span);
    let mut parser = Parser::new(tokens, part, context)?;
    let head = parser.expression()?;
    let head_span = parser.written(0);
    let head = parser.head(head);
    parser.end_of_part()?;
    Ok(Statement { head, head_span, links: Vec::new(), damaged: false, front, span })
}

/// Parses one link of a statement, from its sign on.
///
/// # Errors
///
/// The first thing in it that is not understood.
pub fn link(
    tokens: &[Token],
    part: Range<usize>,
    context: &mut Context<'_>,
) -> Result<Link, Problem> {
    let relation = match tokens[part.start].tok {
        Tok::About => Relation::About,
        _ => Relation::Equal,
    };
    let mut parser = Parser::new(tokens, part, context)?;
    parser.at += 1;
    let link = parser.link(relation)?;
    parser.end_of_part()?;
    Ok(link)
}

/// What is said of a row of tokens without a sign of equality.
pub fn no_claim(tokens: &[Token], names: &Names, head: Span) -> Problem {
    errors::no_claim(tokens, names, head)
}

impl<'a, 'c> Parser<'a, 'c> {
    /// A parser at the beginning of a part whose tokens are all understood.
    fn new(
        tokens: &'a [Token],
        part: Range<usize>,
        context: &'a mut Context<'c>,
    ) -> Result<Self, Problem> {
        match context.strange.first(&tokens[part.clone()]) {
            Some(problem) => Err(problem),
            None => Ok(Self { context, tokens, at: part.start, pending: Vec::new(), depth: 0 }),
        }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn tok(&self, ahead: usize) -> Option<Tok> {
        self.tokens.get(self.at + ahead).map(|token| token.tok)
    }

    /// The last token that was read, where something is missing behind it.
    fn end(&self) -> Span {
        self.tokens[self.at.saturating_sub(1).min(self.tokens.len() - 1)].span
    }

    /// Where everything stands that was read from a token on, brackets included.
    fn written(&self, first: usize) -> Span {
        self.tokens[first.min(self.tokens.len() - 1)].span.to(self.end())
    }

    fn head(&self, expr: Expr) -> Head {
        match self.context.nodes.of(expr) {
            [Node { kind: Kind::Name(name), .. }] => Head::Name(*name),
            [Node { kind: Kind::Slope(of, wrt), .. }] => Head::Slope(*of, *wrt),
            _ => Head::Expr(expr),
        }
    }

    /// The part ends where the next link begins.
    fn end_of_part(&self) -> Result<(), Problem> {
        match self.tok(0) {
            None | Some(Tok::Equal | Tok::About) => Ok(()),
            Some(_) => Err(errors::unexpected(self)),
        }
    }

    fn link(&mut self, relation: Relation) -> Result<Link, Problem> {
        if let Some(Token { tok: Tok::Asked, span }) = self.peek() {
            self.at += 1;
            return Ok(Link { relation, body: Body::Asked, span });
        }
        let first = self.at;
        let expr = self.expression()?;
        if self.context.nodes.is_out_of_range(expr) {
            return Err(errors::out_of_range(self.written(first)));
        }
        // A number is what its digits are, whatever brackets stand around it.
        let bare = self.context.nodes.bare(expr).map(|_| self.context.nodes.span(expr));
        let span = bare.unwrap_or_else(|| self.written(first));
        Ok(Link { relation, body: Body::Expr(expr), span })
    }

    /// Parses until a relation or the end.
    fn expression(&mut self) -> Result<Expr, Problem> {
        let start = self.context.nodes.all.len() as u32;
        loop {
            self.operand()?;
            while self.closes() {
                self.close()?;
            }
            if !self.operator()? {
                break;
            }
        }
        self.reduce(0);
        if let Some(Pending::Bracket { span, .. }) = self.pending.last() {
            return Err(errors::unclosed(self, *span));
        }
        Ok(Expr { start, end: self.context.nodes.all.len() as u32 })
    }

    /// Reads signs and brackets up to and including one number, name or derivative.
    fn operand(&mut self) -> Result<(), Problem> {
        loop {
            let Some(Token { tok, span }) = self.peek() else { return Err(errors::missing(self)) };
            if let Some((of, wrt, used)) = slope::read(self) {
                let last = self.tokens[self.at + used - 1].span;
                self.at += used;
                return self.leaf(Kind::Slope(of, wrt), span.to(last));
            }
            self.at += 1;
            match tok {
                Tok::Plus => {}
                Tok::Minus => self.minus(span)?,
                Tok::Open(Bracket::Bar) | Tok::Bar => self.open_bar(span)?,
                Tok::Open(sort) => self.open(sort, None, span)?,
                Tok::Number(n) | Tok::Glyph(n) => return self.leaf(Kind::Number(n), span),
                Tok::Slope(of, wrt) => return self.leaf(Kind::Slope(of, wrt), span),
                Tok::Command(name) => self.command(name, span)?,
                Tok::Name(name) => {
                    if self.name(name, span)? {
                        return Ok(());
                    }
                }
                _ => {
                    self.at -= 1;
                    return Err(errors::missing(self));
                }
            }
        }
    }

    fn minus(&mut self, span: Span) -> Result<(), Problem> {
        if self.pending.len() > MOST_NODES / 2 {
            return Err(errors::too_long(span));
        }
        self.pending.push(Pending::Prefix { op: Op::Neg, span });
        Ok(())
    }

    /// A name as an operand; false if it opened a call, so that an operand is still to come.
    fn name(&mut self, name: Name, span: Span) -> Result<bool, Problem> {
        let known = self.context.known.contains(&name);
        let op = match self.tok(0) {
            Some(Tok::Open(_)) if !known => functions::lookup(self.context.names.text(name)),
            _ => None,
        };
        if let Some(op) = op {
            self.open_call(op, span)?;
            return Ok(false);
        }
        let called = matches!(self.tok(0), Some(Tok::Open(sort)) if sort != Bracket::Bar);
        if called && self.context.front != Front::Latex {
            return Err(errors::no_function(self, name, span));
        }
        let pieces = self.product(name);
        for piece in pieces.iter().take(pieces.len().saturating_sub(1)) {
            self.leaf(Kind::Name(*piece), span)?;
            self.reduce(PRODUCT);
            self.pending.push(Pending::Infix { op: Op::Mul, binds: PRODUCT, span });
        }
        let name = pieces.last().copied().unwrap_or(name);
        let kind = match self.context.names.text(name) {
            "e" if !known => Kind::Constant(std::f64::consts::E),
            "pi" | "π" if !known => Kind::Constant(std::f64::consts::PI),
            _ => Kind::Name(name),
        };
        self.leaf(kind, span)?;
        Ok(true)
    }

    /// In LaTeX, an unknown name that is known names written without a space: `wx` for w x.
    fn product(&self, name: Name) -> Vec<Name> {
        let text = self.context.names.text(name);
        let unknown = self.context.front == Front::Latex && !self.context.known.contains(&name);
        if !unknown || text.len() > LONGEST_PRODUCT {
            return Vec::new();
        }
        // The shortest way to write each beginning as known names.
        let mut ways: Vec<Option<Vec<Name>>> = vec![None; text.len() + 1];
        ways[0] = Some(Vec::new());
        let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
        for end in ends {
            let starts = text.char_indices().map(|(i, _)| i).filter(|i| *i < end);
            let found = starts.filter_map(|start| {
                let piece = self.context.names.known(&text[start..end])?;
                let mut way =
                    ways[start].clone().filter(|_| self.context.known.contains(&piece))?;
                way.push(piece);
                Some(way)
            });
            ways[end] = found.min_by_key(Vec::len);
        }
        ways.pop().flatten().unwrap_or_default()
    }

    /// A LaTeX function: with brackets a call, without them a prefix to the next factor.
    fn command(&mut self, name: Name, span: Span) -> Result<(), Problem> {
        let op = functions::lookup(self.context.names.text(name));
        let op = op.ok_or_else(|| errors::no_function(self, name, span))?;
        if let Some(Tok::Open(_)) = self.tok(0) {
            return self.open_call(op, span);
        }
        self.pending.push(Pending::Prefix { op, span });
        Ok(())
    }

    /// The bracket after the name of a function. Bars around its argument are an absolute value.
    fn open_call(&mut self, op: Op, span: Span) -> Result<(), Problem> {
        let Token { tok, span: bracket } = self.tokens[self.at];
        self.at += 1;
        match tok {
            Tok::Open(Bracket::Bar) => {
                self.pending.push(Pending::Prefix { op, span });
                self.open_bar(bracket)
            }
            Tok::Open(sort) => self.open(sort, Some((op, span)), bracket),
            _ => Ok(()),
        }
    }

    /// The bar that begins an absolute value.
    fn open_bar(&mut self, span: Span) -> Result<(), Problem> {
        self.open(Bracket::Bar, functions::lookup("abs").map(|abs| (abs, span)), span)
    }

    fn open(&mut self, sort: Bracket, call: Option<(Op, Span)>, span: Span) -> Result<(), Problem> {
        self.depth += 1;
        // A fraction in LaTeX opens two brackets.
        let deepest = if self.context.front == Front::Latex { 2 * DEEPEST } else { DEEPEST };
        if self.depth > deepest {
            return Err(errors::too_deep(span));
        }
        self.pending.push(Pending::Bracket { sort, call, commas: 0, span });
        Ok(())
    }

    /// Whether a bracket closes here. After an operand a bar does, if one is open innermost.
    fn closes(&self) -> bool {
        let bracket = |pending: &Pending| match pending {
            Pending::Bracket { sort, .. } => Some(*sort),
            _ => None,
        };
        match self.tok(0) {
            Some(Tok::Close(_)) => true,
            Some(Tok::Bar) => self.pending.iter().rev().find_map(bracket) == Some(Bracket::Bar),
            _ => false,
        }
    }

    fn close(&mut self) -> Result<(), Problem> {
        self.reduce(0);
        let Token { tok, span } = self.tokens[self.at];
        let Some(Pending::Bracket { sort, call, commas, span: opened }) = self.pending.pop() else {
            return Err(errors::unopened(span));
        };
        if let Tok::Close(other) = tok
            && other != sort
        {
            return Err(errors::unlike((sort, opened), (other, span)));
        }
        self.at += 1;
        self.depth -= 1;
        call.map_or(Ok(()), |(op, name)| self.apply_call(op, commas + 1, name.to(span)))
    }

    /// Reads an infix operator, a comma, or, in LaTeX, the product sign that is not written.
    fn operator(&mut self) -> Result<bool, Problem> {
        let Some(Token { tok, span }) = self.peek() else { return Ok(false) };
        let (op, binds) = match tok {
            Tok::Plus => (Op::Add, SUM),
            Tok::Minus => (Op::Sub, SUM),
            Tok::Star => (Op::Mul, PRODUCT),
            Tok::Slash => (Op::Div, PRODUCT),
            Tok::Caret => (Op::Pow, POWER),
            Tok::Comma => return self.comma(span).map(|()| true),
            Tok::Equal | Tok::About => return Ok(false),
            _ if self.implicit() => (Op::Mul, PRODUCT),
            _ => return Err(errors::unexpected(self)),
        };
        self.reduce(if op == Op::Pow { POWER + 1 } else { binds });
        let written = matches!(tok, Tok::Plus | Tok::Minus | Tok::Star | Tok::Slash | Tok::Caret);
        self.at += usize::from(written);
        self.pending.push(Pending::Infix { op, binds, span });
        Ok(true)
    }

    fn implicit(&self) -> bool {
        let glyph = self.at > 0 && matches!(self.tokens[self.at - 1].tok, Tok::Glyph(_));
        (glyph || self.context.front == Front::Latex) && self.tok(0) != Some(Tok::Asked)
    }

    fn comma(&mut self, span: Span) -> Result<(), Problem> {
        self.reduce(0);
        match self.pending.last_mut() {
            Some(Pending::Bracket { sort, call: Some(_), commas, .. }) if *sort != Bracket::Bar => {
                *commas += 1;
            }
            _ => return Err(errors::comma(span)),
        }
        self.at += 1;
        Ok(())
    }

    /// Applies the pending operators that bind at least so tightly, down to the last bracket.
    fn reduce(&mut self, binds_at_least: u8) {
        loop {
            match self.pending.last() {
                Some(&Pending::Infix { op, binds, span }) if binds >= binds_at_least => {
                    self.pending.pop();
                    self.apply(op, 2, span);
                }
                Some(&Pending::Prefix { op, span }) if PREFIX >= binds_at_least => {
                    self.pending.pop();
                    self.apply(op, 1, span);
                }
                _ => return,
            }
        }
    }

    fn apply_call(&mut self, op: Op, given: u32, span: Span) -> Result<(), Problem> {
        if matches!(op, Op::Max | Op::Min) && given > 2 {
            (1..given).for_each(|_| self.apply(op, 2, span));
            return Ok(());
        }
        let found = functions::overload(op, given as usize);
        let op = found.ok_or_else(|| errors::arguments(op, given, span))?;
        self.apply(op, given, span);
        self.check_constants(op, span)
    }

    /// Refuses a call of which an argument must be another constant, or a constant at all.
    fn check_constants(&self, op: Op, span: Span) -> Result<(), Problem> {
        if op.row().accepts.is_none() {
            return Ok(());
        }
        let nodes = &self.context.nodes.all;
        let constants: Vec<Option<f64>> = arguments(nodes, nodes.len() - 1)
            .into_iter()
            .map(|at| constant_of(&nodes[at + 1 - nodes[at].size as usize..=at]))
            .collect();
        op.accepts(&constants).map_err(|wanted| errors::refused(op, wanted, span))
    }

    fn apply(&mut self, op: Op, count: u32, span: Span) {
        let nodes = &mut self.context.nodes.all;
        let mut start = nodes.len();
        for _ in 0..count {
            start -= nodes[start - 1].size as usize;
        }
        let size = (nodes.len() - start) as u32 + 1;
        nodes.push(Node { kind: Kind::Apply(op, count), size, span });
    }

    fn leaf(&mut self, kind: Kind, span: Span) -> Result<(), Problem> {
        if self.context.nodes.all.len() + self.pending.len() >= MOST_NODES {
            return Err(errors::too_long(span));
        }
        self.context.nodes.all.push(Node { kind, size: 1, span });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
