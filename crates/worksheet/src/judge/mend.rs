//! What would make a faulty formula right: one name for another, one sign, or a link that exists.
//! It must not look at anyone's numbers.

use smallvec::smallvec;
use wengert::Op;

use super::links::same;
use crate::{
    ast::{Expr, Kind, Node},
    diagnose::edit::{Action, Edit, evaluate},
    model::{Model, Target},
    truth::Truth,
    values::constant,
};

/// The longest formula that is tried.
const LONGEST: usize = 300;

/// What is wrong with a formula that should be worth `right`, if one change mends it.
pub(super) fn mend(model: &Model, truth: &Truth, expr: Expr, right: f64) -> Option<String> {
    let nodes = model.nodes.of(expr);
    if nodes.len() > LONGEST {
        return None;
    }
    no_path(model, truth, nodes)
        .or_else(|| one_change(model, truth, nodes, right))
        .or_else(|| other_quantity(model, truth, nodes))
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

fn one_change(model: &Model, truth: &Truth, nodes: &[Node], right: f64) -> Option<String> {
    let leaves: Vec<f64> = nodes.iter().map(|node| leaf(truth, node.kind)).collect();
    let mends = |edit: Edit| same(evaluate(nodes, &leaves, &edit), right);
    let value = |q: u32| truth.values[q as usize];
    for (at, node) in nodes.iter().enumerate() {
        let found = match node.kind {
            Kind::Quantity(q) => {
                let rivals = model.family(q).take(16).chain(model.around_activation(q));
                let mut rivals =
                    rivals.filter(|r| mends(smallvec![(at, Action::Value(value(*r)))]));
                rivals.next().map(|r| {
                    format!("{} stands where {} belongs", model.spelled(q), model.spelled(r))
                })
            }
            Kind::Apply(op, _) => {
                let other = match op {
                    Op::Add => Action::Apply(Op::Sub),
                    Op::Sub => Action::Apply(Op::Add),
                    Op::Neg => Action::Keep(0),
                    _ => Action::Scale(-1.0),
                };
                mends(smallvec![(at, other)]).then(|| "one sign is turned".to_owned())
            }
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
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
        kind => constant(kind).unwrap_or(0.0),
    }
}
