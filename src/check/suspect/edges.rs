//! Which single partial must be off, and by how much, to give what is yours: a gradient is linear in
//! each. It must not try mistakes; it solves for them.

use super::super::linear::Edge;
use super::super::scene::{Recorded, Scene};
use super::operands::adjoints;
use super::{Case, Mistake, Suspicion, is_spent, is_yours};

/// One edge with another partial than it should have explains all. If that partial is the value of
/// another slot, a factor was mistaken.
pub(super) fn changed_edge(
    scenes: &[Scene],
    recordings: &[&Recorded],
    bars: &[Vec<f64>],
    case: &Case<'_>,
) -> Option<Suspicion> {
    let linear = &recordings[0].linear;
    let reached = linear.reached_from(recordings[0].output);
    let mut off = None;
    for user in (0..linear.slots.len()).filter(|k| reached[*k] && scenes.len() > 1) {
        for (k, edge) in linear.slots[user].edges.iter().enumerate() {
            let Some(from) = edge.from() else { continue };
            if is_spent(scenes) {
                return off;
            }
            let solved = |n: usize| {
                let (change, moved) = solve(&scenes[n], recordings[n], &bars[n], case, user, from)?;
                Some((recordings[n].linear.slots[user].edges[k].partial + change, moved))
            };
            let solved: Option<Vec<(f64, usize)>> = (0..scenes.len()).map(solved).collect();
            let Some(solved) = solved else { continue };
            let partials: Vec<f64> = solved.iter().map(|(partial, _)| *partial).collect();
            let at = linear.slots[user].edges.iter();
            let belongs =
                at.filter(|e| e.argument != k && e.value == edge.partial).find_map(Edge::from);
            if let (Some(belongs), Some(used)) = (belongs, with_values(recordings, &partials)) {
                let [site, used, belongs] = [user, used, belongs].map(|slot| linear.site(slot));
                let mistake = Mistake::WrongOperand { site, used, belongs, before: false };
                return Some((61, mistake));
            }
            if off.is_none() && solved[0].1 > 1 {
                let (site, yours, truth) = (linear.site(user), partials[0], edge.partial);
                off = Some((85, Mistake::SlopeOff { site, argument: k, yours, truth }));
            }
        }
    }
    off
}

/// The slot that has these values, scene by scene.
fn with_values(recordings: &[&Recorded], values: &[f64]) -> Option<usize> {
    let has = |slot: &usize| {
        recordings.iter().zip(values).all(|(recorded, value)| {
            let own = recorded.linear.slots[*slot].value;
            (own - value).abs() <= 1e-6 * own.abs().max(value.abs())
        })
    };
    (0..recordings[0].linear.slots.len()).find(has)
}

/// By how much the partial of an edge must be off to give what is yours, and how many of the wrong
/// components it moves.
fn solve(
    scene: &Scene,
    recorded: &Recorded,
    bars: &[f64],
    case: &Case<'_>,
    user: usize,
    from: usize,
) -> Option<(f64, usize)> {
    let along = recorded.linear.of_inputs(&adjoints(&recorded.linear, from));
    let effect = |k: usize| bars[user] * along[k];
    let apart = |k: usize| scene.yours[k] - scene.truth[k];
    let larger = |a: &&usize, b: &&usize| effect(**a).abs().total_cmp(&effect(**b).abs());
    let most = *case.wrong.iter().max_by(larger)?;
    let change = apart(most) / effect(most);
    let fits = |k: &usize| is_yours(scene, *k, scene.truth[*k] + change * effect(*k));
    let explained = change.is_finite() && case.judged.iter().all(fits);
    let moved = case.wrong.iter().filter(|k| effect(**k) != 0.0).count();
    explained.then_some((change, moved))
}
