//! Derivatives of the wrong thing: with respect to another quantity, of another quantity, or with a
//! factor taken from another quantity. It must not change a slope.

use super::super::linear::{Edge, Linear};
use super::super::scene::{Recorded, Scene};
use super::edges::changed_edge;
use super::{Case, Mistake, Suspicion, explains, is_spent, is_yours};

/// Slots of a tape beyond which each slot is not differentiated.
const MOST: usize = 2_000;

/// The confusions that explain a case.
pub(super) fn wrong_operands(scenes: &[Scene], case: &Case<'_>) -> Vec<Suspicion> {
    let recordings: Option<Vec<&Recorded>> = scenes.iter().map(|s| s.linear.as_ref()).collect();
    let Some(recordings) = recordings.filter(|all| all[0].linear.slots.len() <= MOST) else {
        return Vec::new();
    };
    let bars: Vec<Vec<f64>> = recordings.iter().map(|r| adjoints(&r.linear, r.output)).collect();
    let mut found = Vec::new();
    found.extend(quantity(scenes, &recordings, &bars, case));
    found.extend(operand(scenes, &recordings, &bars, case));
    found.extend(changed_edge(scenes, &recordings, &bars, case));
    found.extend(output(scenes, &recordings, case));
    found
}

pub(super) fn adjoints(linear: &Linear, output: usize) -> Vec<f64> {
    linear.adjoints(output, |_, edge| edge.taken.then_some(edge.partial))
}

/// Each wrong component is the derivative in another slot.
fn quantity(
    scenes: &[Scene],
    recordings: &[&Recorded],
    bars: &[Vec<f64>],
    case: &Case<'_>,
) -> Option<Suspicion> {
    let linear = &recordings[0].linear;
    let slot_for = |k: &usize| {
        let is_it = |slot: &usize| {
            let pairs = scenes.iter().zip(bars);
            pairs.into_iter().all(|(scene, bars)| is_yours(scene, *k, bars[*slot]))
        };
        let input = linear.inputs[*k];
        let uses = |slot: &usize| linear.slots[*slot].edges.iter().any(|e| e.from() == Some(input));
        let candidates: Vec<usize> = (0..bars[0].len()).filter(is_it).collect();
        candidates.iter().find(|slot| uses(slot)).or(candidates.first()).copied()
    };
    let slots: Option<Vec<usize>> = case.wrong.iter().map(slot_for).collect();
    let instead: Vec<_> = slots?.into_iter().map(|slot| linear.site(slot)).collect();
    let certain = instead.iter().all(|site| site.input.is_some());
    Some((if certain { 33 } else { 47 }, Mistake::WrongQuantity { instead }))
}

/// Each wrong component has one use, as a factor of something, and what it should be multiplied by
/// there was taken from elsewhere.
fn operand(
    scenes: &[Scene],
    recordings: &[&Recorded],
    bars: &[Vec<f64>],
    case: &Case<'_>,
) -> Option<Suspicion> {
    let linear = &recordings[0].linear;
    let mut suspicion = None;
    for k in &case.wrong {
        let (user, edge) = only_use(linear, linear.inputs[*k])?;
        let slot = &linear.slots[user];
        let belongs = slot
            .edges
            .iter()
            .find(|other| other.argument != edge.argument && other.value == edge.partial)?;
        let belongs = belongs.from()?;
        let fits = |candidate: &usize| {
            scenes.iter().zip(recordings).zip(bars).all(|((scene, recorded), bars)| {
                let factor = recorded.linear.slots[*candidate].value;
                is_yours(scene, *k, bars[user] * factor)
            })
        };
        let argument = match &linear.slots[belongs].edges[..] {
            [argument] => argument.from(),
            _ => None,
        };
        let before = argument.filter(fits);
        let used = before.or_else(|| (0..linear.slots.len()).find(fits))?;
        let [site, used, belongs] = [user, used, belongs].map(|slot| linear.site(slot));
        let before = before.is_some();
        let doubt = if before { 34 } else { 48 };
        suspicion = Some((doubt, Mistake::WrongOperand { site, used, belongs, before }));
    }
    suspicion
}

/// The only slot that uses an input, and the edge along which it does.
fn only_use(linear: &Linear, input: usize) -> Option<(usize, Edge)> {
    let edges = linear.slots.iter().enumerate();
    let mut uses = edges.flat_map(|(k, slot)| {
        slot.edges.iter().filter(|edge| edge.from() == Some(input)).map(move |edge| (k, *edge))
    });
    uses.next().filter(|_| uses.next().is_none())
}

/// All components are the derivatives of another slot.
fn output(scenes: &[Scene], recordings: &[&Recorded], case: &Case<'_>) -> Option<Suspicion> {
    let linear = &recordings[0].linear;
    let gradient = |recorded: &Recorded, slot| {
        let bars = adjoints(&recorded.linear, slot);
        recorded.linear.of_inputs(&bars)
    };
    let is_it = |slot: &usize| {
        if is_spent(scenes) {
            return false;
        }
        let first = gradient(recordings[0], *slot);
        case.judged.iter().all(|k| is_yours(&scenes[0], *k, first[*k]))
            && scenes.iter().zip(recordings).all(|(scene, recorded)| {
                let gradient = gradient(recorded, *slot);
                explains(std::slice::from_ref(scene), &case.judged, |_, k| Some(gradient[k]))
            })
    };
    let inner = linear.inputs.len()..recordings[0].output;
    let slot = inner.rev().filter(|_| case.judged.len() > 1).find(is_it)?;
    Some((36, Mistake::OtherOutput { site: linear.site(slot) }))
}
