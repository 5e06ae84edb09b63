//! Units of a network among the quantities: a weighted sum, and the activation of it. It must not
//! know how many layers there are, nor any activation.

use super::{Formula, Steps, Use};

/// A unit: a weighted sum that is used once, by an activation that depends on nothing else.
#[derive(Clone, Debug)]
pub struct Unit {
    /// The weighted sum, whose adjoint is the unit's delta.
    pub net: usize,
    /// The activation of it.
    pub out: usize,
    /// Whether the activation is used by the sums of other units only, each time with a weight: then
    /// delta is the slope times the sum of weights times the deltas above.
    pub hidden: bool,
}

/// The units that an adjoint reached, those nearest the output first.
pub(super) fn find(steps: &Steps) -> Vec<Unit> {
    let mut units: Vec<Unit> = Vec::new();
    for out in (0..steps.all.len()).rev() {
        let Some(net) = net(steps, out) else { continue };
        let is_weighted = |by: &Use| {
            matches!(by.formula, Formula::Quantity(_)) && units.iter().any(|u| u.net == by.by)
        };
        let uses = &steps.all[out].uses;
        let hidden = !uses.is_empty() && uses.iter().all(is_weighted);
        units.push(Unit { net, out, hidden });
    }
    units
}

/// The weighted sum that this is the activation of.
fn net(steps: &Steps, out: usize) -> Option<usize> {
    let step = &steps.all[out];
    let net = step.edges.first()?.from;
    let alone = step.edges.iter().all(|edge| edge.from == net);
    let [only] = &steps.all[net].uses[..] else { return None };
    let bends = !matches!(only.formula, Formula::Constant(_)) && step.asked && out != steps.output;
    let is_sum = |edge: &super::Edge| {
        matches!(edge.formula, Formula::Quantity(_) | Formula::Constant(_)) && edge.from != net
    };
    let edges = &steps.all[net].edges;
    let weighs = edges.iter().any(|edge| matches!(edge.formula, Formula::Quantity(_)));
    (alone && bends && weighs && edges.iter().all(is_sum)).then_some(net)
}
