//! What would make a faulty formula right, tried on the formula as it is written: the mistakes of
//! the table the other way round. It must not look at anyone's numbers.

use smallvec::smallvec;
use wengert::Op;

use super::{
    Kinds,
    edit::{Action, Edit, evaluate},
    similar,
    text::Writer,
};
use crate::{
    ast::{Expr, Kind, Node, arguments},
    model::{Model, Target},
    truth::Truth,
    values::constant,
};

/// The longest formula that is tried, and the most names that may be missing from it.
const LONGEST: usize = 300;
const MOST_MISSING: usize = 12;

/// Whether two values are the same but for the noise of f64.
pub(crate) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-300
}

/// What is wrong with a formula that should be worth `right`, in words.
pub(crate) fn hint(
    model: &Model,
    truth: &Truth,
    about: Target,
    expr: Expr,
    right: f64,
) -> Option<String> {
    let nodes = model.nodes.of(expr);
    if nodes.len() > LONGEST {
        return None;
    }
    no_path(model, truth, nodes)
        .or_else(|| mend(model, truth, about, expr, right).into_iter().next().map(|(_, text)| text))
        .or_else(|| other_quantity(model, truth, nodes))
}

/// The single mistakes after which a formula that should be worth `right` reads as it does, the
/// most plausible first.
pub(super) fn mend(
    model: &Model,
    truth: &Truth,
    about: Target,
    expr: Expr,
    right: f64,
) -> Vec<(Kinds, String)> {
    let nodes = model.nodes.of(expr);
    if nodes.len() > LONGEST {
        return Vec::new();
    }
    let leaves = nodes.iter().map(|node| leaf(truth, node.kind)).collect();
    let mut mender = Mender { model, truth, nodes, leaves, right, found: Vec::new() };
    let missing = mender.missing(about, expr);
    for (at, node) in nodes.iter().enumerate() {
        match node.kind {
            Kind::Quantity(q) => mender.quantity(at, q),
            Kind::Apply(op, _) => mender.operation(at, op),
            _ => {}
        }
    }
    for at in 0..nodes.len() {
        mender.part(at, &missing);
    }
    mender.found.sort_by_key(|(kind, _)| *kind);
    mender.found
}

struct Mender<'m> {
    model: &'m Model,
    truth: &'m Truth,
    nodes: &'m [Node],
    leaves: Vec<f64>,
    right: f64,
    found: Vec<(Kinds, String)>,
}

impl Mender<'_> {
    fn attempt(&mut self, at: usize, action: Action, kind: Kinds, text: impl Fn(&Self) -> String) {
        let edit: Edit = smallvec![(at, action)];
        if same(evaluate(self.nodes, &self.leaves, &edit), self.right) {
            let text = text(self);
            let signed = |found: &(Kinds, String)| found.0 == Kinds::Sign;
            if kind == Kinds::Sign && self.found.iter().any(signed) {
                return;
            }
            if self.found.iter().all(|(_, said)| *said != text) {
                self.found.push((kind, text));
            }
        }
    }

    fn name(&self, at: usize) -> String {
        Writer { model: self.model, nodes: self.nodes, notes: &[] }.name_at(at)
    }

    /// The names that a factor may be missing of: those of the formula, and of what it is about.
    fn missing(&self, about: Target, expr: Expr) -> Vec<u32> {
        let formula = match about {
            Target::Quantity(q) | Target::Derivative(q, _) => self.model.formula(q),
            Target::Expression(_) => None,
        };
        let reads = [Some(expr), formula].into_iter().flatten().flat_map(|e| self.model.reads(e));
        let mut found: Vec<u32> = Vec::new();
        for kind in reads {
            if let Kind::Quantity(q) = kind
                && found.len() < MOST_MISSING
                && !found.contains(&q)
            {
                found.push(q);
            }
        }
        found
    }

    /// One name for another.
    fn quantity(&mut self, at: usize, q: u32) {
        let model = self.model;
        let family = model.family(q).take(16).map(|r| (Kinds::Neighbour, r));
        let alike = model.alike(q).map(|r| (Kinds::Neighbour, r));
        let updates = model.quantities[q as usize].updates.into_iter().chain(model.updated(q));
        let updates = updates.map(|r| (Kinds::Updated, r));
        let around = model.around_activation(q).into_iter().map(|r| (Kinds::Place, r));
        let rivals: Vec<(Kinds, u32)> = family.chain(updates).chain(around).chain(alike).collect();
        for (kind, rival) in rivals {
            let value = self.truth.values[rival as usize];
            self.attempt(at, Action::Value(value), kind, |s| {
                format!("{} in place of {}", s.model.spelled(q), s.model.spelled(rival))
            });
        }
    }

    /// One sign, one quotient, one function.
    fn operation(&mut self, at: usize, op: Op) {
        let args = arguments(self.nodes, at);
        let turned = |s: &Self| format!("the sign of {} turned", s.name(args[1]));
        match op {
            Op::Add => self.attempt(at, Action::Apply(Op::Sub), Kinds::Sign, turned),
            Op::Sub => self.attempt(at, Action::Apply(Op::Add), Kinds::Sign, turned),
            Op::Neg => self.attempt(at, Action::Keep(0), Kinds::Sign, |s| {
                format!("a minus before {} that does not belong there", s.name(args[0]))
            }),
            Op::Div => self.attempt(at, Action::Swap, Kinds::Exchanged, |s| {
                format!("the quotient {} turned over", s.name(at))
            }),
            _ => {}
        }
        for other in similar::functions(op) {
            self.attempt(at, Action::Apply(other), Kinds::Function, |_| {
                format!("{} in place of {}", op.name(), other.name())
            });
        }
    }

    /// What a part may have lost: its minus, its power, a factor, a divisor.
    fn part(&mut self, at: usize, missing: &[u32]) {
        self.attempt(at, Action::Scale(-1.0), Kinds::Sign, |s| {
            format!("the minus before {} lost", s.name(at))
        });
        for (by, number) in [(2.0, "2"), (0.5, "1/2")] {
            self.attempt(at, Action::Scale(by), Kinds::Factor, |_| {
                format!("the factor {number} left out")
            });
        }
        self.attempt(at, Action::Then(Op::Square), Kinds::Factor, |s| {
            format!("the square of {} left out", s.name(at))
        });
        self.attempt(at, Action::Then(Op::Sqrt), Kinds::Place, |s| {
            format!("sqrt of {} left out", s.name(at))
        });
        for q in missing {
            let value = self.truth.values[*q as usize];
            let spelled = |s: &Self| s.model.spelled(*q).to_owned();
            self.attempt(at, Action::Scale(value), Kinds::Factor, |s| {
                format!("the factor {} left out", spelled(s))
            });
            self.attempt(at, Action::Scale(value.recip()), Kinds::Factor, |s| {
                format!("the divisor {} left out", spelled(s))
            });
        }
    }
}

/// A link of the chain rule between quantities that have nothing to do with each other.
fn no_path(model: &Model, truth: &Truth, nodes: &[Node]) -> Option<String> {
    nodes.iter().find_map(|node| match node.kind {
        Kind::Derivative(of, wrt) if truth.slope(of, wrt) == 0.0 => {
            let slope = model.describe(Target::Derivative(of, wrt));
            Some(format!(
                "no path leads from {} to {}, so {slope} is 0",
                model.spelled(wrt),
                model.spelled(of)
            ))
        }
        _ => None,
    })
}

/// A formula that is right, but of another quantity.
fn other_quantity(model: &Model, truth: &Truth, nodes: &[Node]) -> Option<String> {
    let value = truth.nodes(nodes);
    let found = truth.values.iter().position(|other| same(*other, value))?;
    Some(format!("this is {}", model.spelled(found as u32)))
}

fn leaf(truth: &Truth, kind: Kind) -> f64 {
    match kind {
        Kind::Quantity(q) => truth.values[q as usize],
        Kind::Derivative(of, wrt) => truth.slope(of, wrt),
        // An operation is no leaf: what stands here for it is never read.
        Kind::Apply(..) => 0.0,
        kind => constant(kind),
    }
}
