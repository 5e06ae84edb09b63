//! What can be done wrong with a slope, each as a change of one partial. It must not know where on
//! the tape it is tried.

use super::super::linear::{Edge, Linear, LinearSlot};
use super::SlopeChange;
use crate::op::Op;
use crate::tape::SlotKind;

/// Mistakes that anyone makes, and how much each is doubted.
const ORDINARY: [(u8, SlopeChange); 18] = [
    (42, SlopeChange::Sign),
    (44, SlopeChange::Twice),
    (44, SlopeChange::Half),
    (45, SlopeChange::One),
    (46, SlopeChange::Value),
    (46, SlopeChange::After),
    (46, SlopeChange::Before),
    (50, SlopeChange::Other),
    (52, SlopeChange::TimesArgument(0)),
    (52, SlopeChange::OverArgument(0)),
    (52, SlopeChange::TimesArgument(1)),
    (52, SlopeChange::OverArgument(1)),
    (54, SlopeChange::TimesValue),
    (54, SlopeChange::OverValue),
    (56, SlopeChange::Complement),
    (57, SlopeChange::Squared),
    (57, SlopeChange::Root),
    (58, SlopeChange::Reciprocal),
];

impl SlopeChange {
    /// All of them, with how readily each is believed; the more ordinary first.
    pub(super) fn all() -> Vec<(u8, SlopeChange)> {
        let mut all = ORDINARY.to_vec();
        all.extend((1..=4).map(|steps| (47, SlopeChange::FactorBefore(steps))));
        all.extend((1..=3).map(|steps| (49, SlopeChange::FactorAfter(steps))));
        all.extend(["sigmoid", "tanh"].map(|of| (59, SlopeChange::TimesSlopeOf(of))));
        let smooth = |op: &&Op| op.arity() == Some(1) && op.row().kink.is_none() && **op != Op::Neg;
        let alone = Op::ALL.iter().filter(smooth);
        all.extend(alone.map(|op| (60, SlopeChange::Of(op.name()))));
        all
    }

    /// The partial that the mistake gives, if it can be made there.
    pub(super) fn apply(self, linear: &Linear, slot: &LinearSlot, edge: &Edge) -> Option<f64> {
        let (p, v) = (edge.partial, slot.value);
        let alone = slot.edges.len() == 1;
        let argument =
            |k: usize| slot.edges.get(k).map(|edge| edge.value).filter(|_| slot.edges.len() < 3);
        let other = || match &slot.edges[..] {
            [x, y] => Some(if edge.argument == 0 { y } else { x }),
            _ => None,
        };
        Some(match self {
            SlopeChange::Sign => -p,
            SlopeChange::Twice => 2.0 * p,
            SlopeChange::Half => 0.5 * p,
            SlopeChange::One => 1.0,
            SlopeChange::Value => Some(v).filter(|_| alone)?,
            SlopeChange::After => {
                op(slot).filter(|_| alone)?.partials(&[v], op(slot)?.value(&[v]))[0]
            }
            SlopeChange::Before => {
                op(slot).filter(|_| alone)?.textbook(&[edge.value], edge.value)[0]
            }
            SlopeChange::TimesArgument(k) => p * argument(k)?,
            SlopeChange::OverArgument(k) => p / argument(k)?,
            SlopeChange::TimesValue => p * v,
            SlopeChange::OverValue => p / v,
            SlopeChange::Other => other()?.partial,
            SlopeChange::Complement => 1.0 - p,
            SlopeChange::Squared => p * p,
            SlopeChange::Root => p.abs().sqrt().copysign(p),
            SlopeChange::Reciprocal => 1.0 / p,
            SlopeChange::FactorBefore(steps) => {
                let mut at = partner(slot, edge)?;
                for _ in 0..steps {
                    at = linear.slots[at.from()?].edges.first()?;
                }
                at.value
            }
            SlopeChange::FactorAfter(steps) => {
                partner(slot, edge)?;
                let mut at = slot.position;
                for _ in 0..steps {
                    at = linear.first_user(at)?;
                }
                linear.slots[at].value
            }
            SlopeChange::Of(name) => {
                let other = op(slot).filter(|op| alone && op.name() != name).and(named(name))?;
                other.partials(&[edge.value], other.value(&[edge.value]))[0]
            }
            SlopeChange::TimesSlopeOf(name) => {
                let other = named(name)?;
                p * other.partials(&[v], other.value(&[v]))[0]
            }
        })
    }
}

/// The primitive of a slot that has one of the table.
fn op(slot: &LinearSlot) -> Option<Op> {
    match slot.kind {
        SlotKind::Op(op) => Some(op),
        _ => None,
    }
}

fn named(name: &str) -> Option<Op> {
    Op::ALL.iter().copied().find(|op| op.name() == name)
}

/// What an argument is multiplied by, if it is: the other factor, or its partner in a dot product.
fn partner<'s>(slot: &'s LinearSlot, edge: &Edge) -> Option<&'s Edge> {
    let half = slot.edges.len() / 2;
    let partner = slot.edges.get((edge.argument + half) % (2 * half).max(1))?;
    (partner.value == edge.partial && partner.partial == edge.value).then_some(partner)
}
