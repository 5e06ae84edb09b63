//! Constants that were taken for others, such as one column of the data for another: the slope of an
//! edge is a constant operand, and yours is another constant, at every point. It must not try
//! mistakes; it solves for the constants.

use super::super::linear::{Edge, Linear, LinearSlot};
use super::super::scene::{Recorded, Scene};
use super::operands::adjoints;
use super::paths::groups;
use super::whole::constant_factor;
use super::{Case, Meaning, Mistake, Suspicion, is_spent, is_yours};
use crate::tape::{Operand, SlotKind};
use smallvec::SmallVec;

/// An edge whose slope is a constant: its slot, which argument it is, and where it comes from.
#[derive(Clone, Copy, PartialEq)]
struct Fixed {
    slot: usize,
    argument: usize,
    from: usize,
}

/// One constant that was taken, and the one that belongs there.
type Taken = (Fixed, f64, f64);

/// The constants that explain a case: one, or one at each edge of a group of edges that are alike.
pub(super) fn wrong_constants(scenes: &[Scene], case: &Case<'_>) -> Option<Suspicion> {
    let recordings: Option<Vec<&Recorded>> = scenes.iter().map(|s| s.linear.as_ref()).collect();
    let recordings = recordings.filter(|all| all.len() > 1)?;
    let (linear, output) = (&recordings[0].linear, recordings[0].output);
    if is_spent(scenes) {
        return None;
    }
    let bars: Vec<Vec<f64>> = recordings.iter().map(|r| adjoints(&r.linear, r.output)).collect();
    let mut single: Vec<Vec<Taken>> = Vec::new();
    for group in groups(linear, output) {
        let edges: Vec<Fixed> = group.iter().flat_map(|slot| fixed(&linear.slots[*slot])).collect();
        let Some(taken) = solve(scenes, &recordings, &bars, case, &edges) else { continue };
        match taken.len() {
            1 if single.contains(&taken) => {}
            1 => single.push(taken),
            _ => return Some((43, mistake(linear, &taken)?)),
        }
    }
    // A plain factor is the likelier mistake, unless it is one that nobody forgets.
    let doubt = match (constant_factor(&scenes[0], case), single.len()) {
        (Some((_, Meaning::Unknown)), 1) => 31,
        (Some((factor, _)), 1) => {
            if factor > 0.0 {
                39
            } else {
                29
            }
        }
        (None, 1) => 48,
        (Some((_, Meaning::Unknown)), _) => 79,
        _ => return None,
    };
    Some((doubt, mistake(linear, single.first()?)?))
}

fn mistake(linear: &Linear, taken: &[Taken]) -> Option<Mistake> {
    let (edge, yours, truth) = *taken.first()?;
    let at = &linear.slots[edge.slot];
    let variables = at.edges.iter().filter(|edge| edge.from().is_some()).count();
    Some(Mistake::WrongConstant {
        site: linear.site(edge.slot),
        argument: (variables > 1).then_some(edge.argument),
        yours,
        truth,
        edges: taken.len(),
    })
}

/// The edges of a slot whose slope is a matter of its constant operands, as far as this point shows.
fn fixed(slot: &LinearSlot) -> Vec<Fixed> {
    let SlotKind::Op(op) = slot.kind else { return Vec::new() };
    let other = |edge: &Edge| match edge.operand {
        Operand::Constant(c) => 1.5 * c + 0.5,
        Operand::Slot(_) => edge.value,
    };
    if slot.edges.iter().all(|edge| edge.from().is_some()) {
        return Vec::new();
    }
    let x: SmallVec<[f64; 4]> = slot.edges.iter().map(other).collect();
    let partials = op.partials(&x, op.value(&x));
    let edge = |(edge, other): (&Edge, &f64)| {
        let from = edge.from().filter(|_| edge.taken && edge.partial != *other)?;
        Some(Fixed { slot: slot.position, argument: edge.argument, from })
    };
    slot.edges.iter().zip(&partials).filter_map(edge).collect()
}

/// The constants at these edges that give what is yours at every point, if each component depends on
/// one of the edges at most.
fn solve(
    scenes: &[Scene],
    recordings: &[&Recorded],
    bars: &[Vec<f64>],
    case: &Case<'_>,
    edges: &[Fixed],
) -> Option<Vec<Taken>> {
    let mut taken: Vec<Taken> = Vec::new();
    let mut explained = vec![false; case.judged.len()];
    for edge in edges {
        if is_spent(scenes) {
            return None;
        }
        let effect = |n: usize| {
            let recorded = recordings[n];
            let along = recorded.linear.of_inputs(&adjoints(&recorded.linear, edge.from));
            let bar = bars[n][edge.slot];
            along.into_iter().map(|d| bar * d).collect::<Vec<f64>>()
        };
        let effects = effect(0);
        let apart = |n: usize, k: usize| scenes[n].yours[k] - scenes[n].truth[k];
        let Some(first) = case.wrong.iter().copied().find(|k| effects[*k] != 0.0) else { continue };
        let change = apart(0, first) / effects[first];
        let partial = |n: usize| recordings[n].linear.slots[edge.slot].edges[edge.argument].partial;
        let truth = partial(0);
        if (1..scenes.len()).any(|n| partial(n) != truth) {
            return None;
        }
        for (n, scene) in scenes.iter().enumerate() {
            let effects = if n == 0 { effects.clone() } else { effect(n) };
            for (k, explained) in case.judged.iter().zip(&mut explained) {
                if effects[*k] == 0.0 {
                    continue;
                }
                let given = scene.truth[*k] + change * effects[*k];
                if !is_yours(scene, *k, given) || (n == 0 && *explained) {
                    return None;
                }
                *explained = true;
            }
        }
        let yours = truth + change;
        if yours.abs() <= 1e-9 * truth.abs() {
            return None; // Nothing flows: that is a path that is missing.
        }
        taken.push((*edge, yours, truth));
    }
    let left = |k: &usize| case.judged.iter().position(|j| j == k).is_none_or(|at| !explained[at]);
    (!taken.is_empty() && !case.wrong.iter().any(left)).then_some(taken)
}
