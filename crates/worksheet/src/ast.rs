//! A sheet as it was written: statements, chains of links, and expressions as flat postfix lists.
//! It must not know values, nor which name means what.

use wengert::Op;

use crate::{names::Name, source::Span};

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Literal {
    /// What it says.
    pub value: f64,
    /// How many decimals it has; negative for a positive exponent (`1.5e3` has -2).
    pub places: i16,
    /// Whether it is written as a whole number, which is exact unless it is written with `~`.
    pub whole: bool,
}

impl Literal {
    /// One unit in the last place; 0 where that is smaller than any f64.
    pub fn unit(self) -> f64 {
        let power = -i32::from(self.places);
        match power {
            -300..=300 => 10f64.powi(power),
            // There a product of tens loses its digits.
            _ => format!("1e{power}").parse().unwrap_or(0.0),
        }
    }

    /// How many digits stand from the first that is not 0 to the last; none if all are 0.
    pub fn digits(self) -> usize {
        let magnitude = self.value.abs().log10().floor();
        let digits = magnitude + f64::from(self.places) + 1.0;
        if self.value == 0.0 { 0 } else { digits.max(0.0) as usize }
    }
}

/// What a node of an expression does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number.
    Number(Literal),
    /// A constant of mathematics: e or π.
    Constant(f64),
    /// A name, before it is known what it means.
    Name(Name),
    /// The derivative of one name by another, before it is known what they mean.
    Slope(Name, Name),
    /// The value of a quantity: an index into the model.
    Quantity(u32),
    /// The derivative of one quantity by another.
    Derivative(u32, u32),
    /// A primitive applied to that many of the results before it.
    Apply(Op, u32),
}

/// One node of an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// What it does.
    pub kind: Kind,
    /// How many nodes it and its arguments take: they end here.
    pub size: u32,
    /// Where it is written.
    pub span: Span,
}

/// An expression: a stretch of the node list, arguments before their use, the result last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Expr {
    /// The first node.
    pub start: u32,
    /// The node past the last.
    pub end: u32,
}

/// How a link claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `~` or `≈`
    About,
}

/// What stands in a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// An expression.
    Expr(Expr),
    /// `?`
    Asked,
}

/// One link of a chain: `= body`.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The sign before it.
    pub relation: Relation,
    /// What it says.
    pub body: Body,
    /// Where the body is written.
    pub span: Span,
}

/// What a chain is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// A quantity by name.
    Name(Name),
    /// The derivative of one by another.
    Slope(Name, Name),
    /// An expression, which names nothing.
    Expr(Expr),
}

/// Where a statement comes from: it decides what is forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// Read before the page, and outranking it.
    Given,
    /// The worksheet language.
    Plain,
    /// LaTeX math.
    Latex,
}

/// One chain.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What it is about.
    pub head: Head,
    /// Where that is written.
    pub head_span: Span,
    /// The links, in order; at least one.
    pub links: Vec<Link>,
    /// Whether some of it could not be read: what the quantity is made of is not known then.
    pub damaged: bool,
    /// Where it comes from.
    pub front: Front,
    /// All of it.
    pub span: Span,
}

/// All nodes of all expressions of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Nodes {
    /// The nodes, one expression after the other.
    pub all: Vec<Node>,
}

impl Nodes {
    /// The nodes of an expression.
    pub fn of(&self, expr: Expr) -> &[Node] {
        &self.all[expr.start as usize..expr.end as usize]
    }

    /// Where an expression is written.
    pub fn span(&self, expr: Expr) -> Span {
        let nodes = self.of(expr);
        nodes.iter().skip(1).fold(nodes[0].span, |all, node| all.to(node.span))
    }

    /// The number that an expression is, if it is nothing else: a literal, or one with a minus.
    pub fn bare(&self, expr: Expr) -> Option<Literal> {
        match self.of(expr) {
            [Node { kind: Kind::Number(n), .. }] => Some(*n),
            [Node { kind: Kind::Number(n), .. }, Node { kind: Kind::Apply(Op::Neg, 1), .. }] => {
                Some(Literal { value: -n.value, ..*n })
            }
            nodes => scientific(nodes),
        }
    }

    /// Whether an expression is a number times a power of ten that no f64 holds.
    pub fn is_out_of_range(&self, expr: Expr) -> bool {
        let nodes = self.of(expr);
        power_of_ten(nodes).is_some() && scientific(nodes).is_none()
    }

    /// Whether an expression is a formula in names.
    pub fn is_symbolic(&self, expr: Expr) -> bool {
        let named = |kind| !matches!(kind, Kind::Number(_) | Kind::Constant(_) | Kind::Apply(..));
        self.of(expr).iter().any(|node| named(node.kind))
    }
}

/// A number times a power of ten, as in 3.5·10^-5: its last place is that of the whole.
fn scientific(nodes: &[Node]) -> Option<Literal> {
    let (mantissa, exponent) = power_of_ten(nodes)?;
    let value: f64 = format!("{}e{exponent}", mantissa.value).parse().ok()?;
    let fits = value.is_finite() && (value != 0.0 || mantissa.value == 0.0);
    let places = i32::from(mantissa.places) - exponent;
    let (places, whole) = (places.clamp(-400, 400) as i16, mantissa.whole && exponent >= 0);
    fits.then_some(Literal { value, places, whole })
}

/// The number and the power of ten that it is multiplied by, as they are written.
fn power_of_ten(nodes: &[Node]) -> Option<(Literal, i32)> {
    let (negative, nodes) = match nodes {
        [inner @ .., Node { kind: Kind::Apply(Op::Neg, 1), .. }] => (true, inner),
        // -3.5·10^-5 is (-3.5)·10^-5.
        [first, Node { kind: Kind::Apply(Op::Neg, 1), .. }, rest @ ..] => {
            let (mantissa, exponent) = power_of_ten(&[&[*first], rest].concat())?;
            return Some((negated(mantissa), exponent));
        }
        _ => (false, nodes),
    };
    let kinds: Vec<Kind> = nodes.iter().map(|node| node.kind).take(7).collect();
    let (mantissa, ten, power, sign) = match kinds[..] {
        [
            Kind::Number(m),
            Kind::Number(ten),
            Kind::Number(p),
            Kind::Apply(Op::Pow, 2),
            Kind::Apply(Op::Mul, 2),
        ] => (m, ten, p, 1),
        [
            Kind::Number(m),
            Kind::Number(ten),
            Kind::Number(p),
            Kind::Apply(Op::Neg, 1),
            Kind::Apply(Op::Pow, 2),
            Kind::Apply(Op::Mul, 2),
        ] => (m, ten, p, -1),
        _ => return None,
    };
    let fits = ten.value == 10.0 && power.whole && power.value <= 10_000.0;
    let mantissa = if negative { negated(mantissa) } else { mantissa };
    fits.then_some((mantissa, sign * power.value as i32))
}

fn negated(literal: Literal) -> Literal {
    Literal { value: -literal.value, ..literal }
}

/// The argument positions of the node at `at` in a postfix list, first to last.
pub fn arguments(nodes: &[Node], at: usize) -> Vec<usize> {
    let Kind::Apply(_, count) = nodes[at].kind else { return Vec::new() };
    let mut args = Vec::with_capacity(count as usize);
    let mut end = at;
    for _ in 0..count {
        args.push(end - 1);
        end -= nodes[end - 1].size as usize;
    }
    args.reverse();
    args
}
