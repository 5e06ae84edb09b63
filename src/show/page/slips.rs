//! Slips that a page can plant, in words. It must not know what they do to a number.

use crate::derive::{Formula, Steps};
use crate::emit::page::Slip;
use crate::show::explain::text::name;

/// The most switches of one kind: each makes the page larger.
fn most(steps: &Steps) -> usize {
    if steps.all().len() > 300 { 1 } else { 3 }
}

/// The slips that make sense here, each with what its switch says.
pub(super) fn found(steps: &Steps, weights: &[usize]) -> Vec<(Slip, String)> {
    let mut slips = neighbours(steps);
    slips.extend(paths(steps));
    if uses_weights_above(steps, weights) {
        let words = "on the way down, the layers above have already updated their weights";
        slips.push((Slip::Updated, words.to_owned()));
    }
    slips
}

/// A quantity in place of another of its family: the first one that a formula reads in place of
/// another that it reads as well.
fn neighbours(steps: &Steps) -> Vec<(Slip, String)> {
    let all = steps.all();
    let mut slips = Vec::new();
    for (k, step) in all.iter().enumerate() {
        let made = |q: usize| all[q].formula.is_some();
        let read = step.edges.iter().enumerate().filter(|(_, edge)| made(edge.from));
        let mut pairs = read.flat_map(|(at, edge)| {
            step.edges
                .iter()
                .filter(|other| made(other.from))
                .map(move |other| (at, edge.from, other.from))
        });
        let alike =
            |a: usize, b: usize| a > b && family(&name(steps, a)) == family(&name(steps, b));
        if let Some((at, of, other)) = pairs.find(|(_, of, other)| alike(*of, *other)) {
            let [user, of, by] = [k, of, other].map(|q| name(steps, q));
            let slip = Slip::Neighbour(k, at, other);
            slips.push((slip, format!("{user} reads {by} in place of {of}")));
        }
    }
    slips.truncate(most(steps));
    slips
}

/// A name without its numbers.
fn family(name: &str) -> String {
    name.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// What comes by the last of several users is forgotten.
fn paths(steps: &Steps) -> Vec<(Slip, String)> {
    let all = steps.all();
    let mut slips = Vec::new();
    let several = (0..all.len()).rev().filter(|k| all[*k].uses.len() > 1);
    let (made, given): (Vec<usize>, Vec<usize>) = several.partition(|k| all[*k].formula.is_some());
    for k in made.into_iter().chain(given) {
        let by = all[k].uses[all[k].uses.len() - 1].by;
        let words = format!("the path to {} by way of {} is lost", name(steps, k), name(steps, by));
        slips.push((Slip::Path(k, by), words));
    }
    slips.truncate(most(steps));
    slips
}

/// Whether a weight stands between two quantities that are both worked out.
fn uses_weights_above(steps: &Steps, weights: &[usize]) -> bool {
    let made = steps.all().iter().filter(|step| step.formula.is_some());
    made.flat_map(|step| &step.uses).any(|by| match by.formula {
        Formula::Quantity(weight) => weights.contains(&weight),
        _ => false,
    })
}
