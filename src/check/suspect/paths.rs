//! Mistakes at an edge of the tape, or at all edges like it: what flows along is left out, or its
//! slope is wrong. Each is tried, by a sweep with the partials changed. It must not know what a
//! slope can be mistaken for.

use super::super::linear::{Edge, Linear, LinearSlot};
use super::super::scene::{Recorded, Scene};
use super::{Case, Mistake, SlopeChange, Suspicion, is_spent, is_yours};
use crate::tape::SlotKind;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

/// Which arguments of a slot are meant.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    One(usize),
    /// The first or second half: one of the two vectors of a dot product.
    Half(usize),
}

impl Which {
    fn has(self, slot: &LinearSlot, edge: &Edge) -> bool {
        match self {
            Which::All => true,
            Which::One(argument) => edge.argument == argument,
            Which::Half(half) => edge.argument * 2 / slot.edges.len().max(1) == half,
        }
    }
}

/// A mistake to try: on these slots and arguments, nothing flows, or the slope is changed.
struct Trial<'a> {
    slots: &'a BTreeSet<usize>,
    which: Which,
    change: Option<SlopeChange>,
}

impl Trial<'_> {
    /// What the partial of an edge becomes; `None` where nothing flows.
    fn partial(&self, linear: &Linear, slot: usize, edge: &Edge) -> Option<f64> {
        let at = &linear.slots[slot];
        if !self.slots.contains(&slot) || !self.which.has(at, edge) {
            return edge.taken.then_some(edge.partial);
        }
        let changed = self.change?.apply(linear, at, edge).filter(|p| p.is_finite());
        changed.or(edge.taken.then_some(edge.partial))
    }

    /// Whether it changes anything.
    fn matters(&self, linear: &Linear) -> bool {
        self.slots.iter().any(|slot| {
            let at = &linear.slots[*slot];
            at.edges.iter().filter(|edge| edge.from().is_some()).any(|edge| {
                self.which.has(at, edge)
                    && self.partial(linear, *slot, edge).unwrap_or(0.0) != edge.partial
            })
        })
    }

    /// Whether it gives what is yours, at the point and everywhere else.
    fn explains(&self, scenes: &[Scene], judged: &[usize]) -> bool {
        scenes.iter().all(|scene| {
            scene.linear.as_ref().is_some_and(|Recorded { linear, output, .. }| {
                let bars = linear.adjoints(*output, |slot, edge| self.partial(linear, slot, edge));
                let gradient = linear.of_inputs(&bars);
                judged.iter().all(|k| is_yours(scene, *k, gradient[*k]))
            })
        })
    }

    fn suspicion(&self, linear: &Linear, doubt: u8) -> Option<Suspicion> {
        let slot = *self.slots.last()?;
        let (site, at) = (linear.site(slot), &linear.slots[slot]);
        let argument = match self.which {
            Which::One(k) if at.edges.len() > 1 => Some(k),
            _ => None,
        };
        if let Some(change) = self.change {
            return Some((doubt, Mistake::Slope { site, argument, change }));
        }
        let edges = at.edges.iter().filter(|edge| self.which.has(at, edge));
        let from: Vec<usize> = edges.filter_map(Edge::from).collect();
        let count = self.slots.len();
        Some(match (self.which, &from[..]) {
            (_, [from]) => {
                let from = linear.site(*from);
                (doubt, Mistake::MissingPath { from, into: site, edges: count })
            }
            (Which::Half(_), [from, ..]) => {
                let from = linear.site(*from);
                (doubt, Mistake::MissingPath { from, into: site, edges: count })
            }
            _ => (doubt + 1, Mistake::TakenForConstant { site, slots: count }),
        })
    }
}

/// The mistakes at edges that explain a case.
pub(super) fn changed_slopes(scenes: &[Scene], case: &Case<'_>) -> Vec<Suspicion> {
    let Some(Recorded { linear, output, .. }) = &scenes[0].linear else { return Vec::new() };
    let mut found = Vec::new();
    let all = [(35, None)].into_iter();
    let changes: Vec<(u8, Option<SlopeChange>)> =
        all.chain(SlopeChange::all().into_iter().map(|(doubt, c)| (doubt, Some(c)))).collect();
    let groups = groups(linear, *output);
    for (doubt, change) in changes {
        for slots in &groups {
            for which in arguments(linear, slots) {
                let trial = Trial { slots, which, change };
                if !trial.matters(linear) {
                    continue;
                }
                if is_spent(scenes) {
                    return found;
                }
                if trial.explains(scenes, &case.judged) {
                    let alike = u8::from(slots.len() == 1 && groups.len() > 40);
                    found.extend(trial.suspicion(linear, doubt + alike));
                }
            }
        }
    }
    found
}

/// Slots that a mistake may be made at together: those of one line of source, those that compute
/// the same formula of the same kinds of things, and every slot by itself; the largest groups first,
/// for they are tried while the budget lasts.
pub(super) fn groups(linear: &Linear, output: usize) -> Vec<BTreeSet<usize>> {
    let reached = linear.reached_from(output);
    let slots = (0..=output).filter(|k| reached[*k] && !linear.slots[*k].edges.is_empty());
    let slots: Vec<usize> = slots.collect();
    let mut groups: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    let mut of_line = BTreeMap::<_, BTreeSet<usize>>::new();
    let mut of_formula = BTreeMap::<u64, BTreeSet<usize>>::new();
    for k in &slots {
        if let Some(place) = linear.slots[*k].place {
            let line = (formula(linear, *k, 0), place.file(), place.line(), place.column());
            of_line.entry(line).or_default().insert(*k);
        }
        for depth in 0..=5 {
            of_formula.entry(formula(linear, *k, depth)).or_default().insert(*k);
        }
        groups.insert(BTreeSet::from([*k]));
    }
    groups.extend(of_line.into_values());
    groups.extend(of_formula.into_values());
    let mut groups: Vec<BTreeSet<usize>> = groups.into_iter().collect();
    groups.sort_by_key(|slots| usize::MAX - slots.len());
    groups
}

/// A number that is the same for the same formula, looked at to some depth.
fn formula(linear: &Linear, slot: usize, depth: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    let at = &linear.slots[slot];
    match &at.kind {
        SlotKind::Op(op) => op.hash(&mut hasher),
        other => discriminant(other).hash(&mut hasher),
    }
    for edge in &at.edges {
        match edge.from() {
            Some(from) if depth > 0 => formula(linear, from, depth - 1).hash(&mut hasher),
            from => from.is_some().hash(&mut hasher),
        }
    }
    (depth, hasher.finish()).hash(&mut hasher);
    hasher.finish()
}

/// The arguments that a mistake may be made at.
fn arguments(linear: &Linear, slots: &BTreeSet<usize>) -> Vec<Which> {
    let most = slots.iter().map(|slot| linear.slots[*slot].edges.len()).max().unwrap_or(0);
    let mut which = vec![Which::All];
    if most > 1 {
        which.extend((0..most.min(16)).map(Which::One));
    }
    if most > 3 && most.is_multiple_of(2) {
        which.extend([Which::Half(0), Which::Half(1)]);
    }
    which
}
