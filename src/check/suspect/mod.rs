//! What the pattern of wrong components suggests: the search for a mistake that explains them all. It
//! must not know how a finding reads.

mod change;
mod constants;
mod edges;
mod operands;
mod paths;
mod whole;

use super::bounds::Bounds;
use super::finding::{Finding, Meaning, Mistake, SlopeChange};
use super::options::{Block, parts};
use super::report::{Component, Reason, Verdict};
use super::scene::Scene;

/// What a search has to go by.
pub(crate) struct Suspects<'a> {
    /// The point, and others near by at which an explanation must hold too.
    pub(crate) scenes: &'a [Scene],
    pub(crate) blocks: &'a [Block],
    pub(crate) wrong: &'a [usize],
    /// Components of which it is known what they should be, right and wrong ones: an explanation must
    /// give them all.
    pub(crate) known: &'a [bool],
}

/// A suspicion and how readily to believe it: the smaller, the more.
type Suspicion = (u8, Mistake);

/// The most findings that are of use to anyone.
const MOST: usize = 3;

/// Components that are looked into one by one at most.
const ALONE: usize = 6;

/// How much more doubtful than the likeliest an alternative may be.
const ALTERNATIVE: u8 = 9;

/// The components that a suspicion must explain: those that are wrong, and those about which it
/// must say what they are.
pub(crate) struct Case<'a> {
    wrong: Vec<usize>,
    judged: Vec<usize>,
    blocks: &'a [Block],
}

/// Slots that the sweeps of a search may pass, so that it ends within seconds.
const BUDGET: usize = 20_000_000;

/// Whether a search must end. Each trial begins at the first scene, so that its sweeps are counted.
fn is_spent(scenes: &[Scene]) -> bool {
    scenes[0].linear.as_ref().is_some_and(|recorded| recorded.linear.swept() > BUDGET)
}

/// Looks for what explains all wrong components, else for what explains a block or one of them.
pub(crate) fn suspect(suspects: &Suspects<'_>) -> Vec<Finding> {
    let Suspects { scenes, blocks, wrong, known } = suspects;
    let names = parts(blocks);
    let scene = &scenes[0];
    let mut findings = Vec::new();
    let (nan, wrong): (Vec<usize>, Vec<usize>) =
        wrong.iter().partition(|k| scene.yours[**k].is_nan());
    let named = |of: &[usize]| of.iter().map(|k| names[*k].clone()).collect::<Vec<_>>();
    if !nan.is_empty() {
        findings.push(Finding { mistake: Mistake::Nan, parts: named(&nan) });
    }
    let cases = cases(blocks, &wrong, known);
    let mut explained = vec![false; names.len()];
    for case in cases {
        if case.wrong.is_empty() || case.wrong.iter().any(|k| explained[*k]) {
            continue;
        }
        let found = search(scenes, &case);
        if !found.is_empty() {
            case.wrong.iter().for_each(|k| explained[*k] = true);
        }
        let finding = |mistake| Finding { mistake, parts: named(&case.wrong) };
        findings.extend(found.into_iter().map(finding));
    }
    let left: Vec<usize> = wrong.iter().copied().filter(|k| !explained[*k]).collect();
    findings.extend(nearly(scene, &left).map(|mistake| Finding { mistake, parts: named(&left) }));
    findings
}

/// Everything at once, then block by block, then one by one.
fn cases<'a>(blocks: &'a [Block], wrong: &[usize], known: &[bool]) -> Vec<Case<'a>> {
    let all = known.len();
    let mut is_wrong = vec![false; all];
    wrong.iter().for_each(|k| is_wrong[*k] = true);

    let case = |of: Vec<usize>| {
        let judged: Vec<usize> = of.into_iter().filter(|k| known[*k]).collect();
        let wrong = judged.iter().copied().filter(|k| is_wrong[*k]).collect();
        Case { wrong, judged, blocks }
    };
    let mut cases = vec![case((0..all).collect())];
    let mut start = 0;
    for block in blocks {
        cases.push(case((start..start + block.len()).collect()));
        start += block.len();
    }
    cases.extend(wrong.iter().take(ALONE).map(|k| case(vec![*k])));
    cases
}

/// The suspicions that explain a case, the most credible first.
fn search(scenes: &[Scene], case: &Case<'_>) -> Vec<Mistake> {
    let mut found: Vec<Suspicion> = whole::patterns(scenes, case);
    found.extend(paths::changed_slopes(scenes, case));
    found.extend(constants::wrong_constants(scenes, case));
    found.extend(operands::wrong_operands(scenes, case));
    found.sort_by_key(|(doubt, _)| *doubt);
    let mut mistakes: Vec<Mistake> = Vec::new();
    let least = found.first().map_or(0, |(doubt, _)| *doubt);
    for (doubt, mistake) in found {
        let credible = doubt <= least + ALTERNATIVE && mistakes.len() < MOST;
        if credible && !mistakes.contains(&mistake) {
            mistakes.push(mistake);
        }
    }
    mistakes
}

/// What can be told from the numbers alone, without a tape.
pub(crate) fn whole_pattern(components: &[Component], blocks: &[Block]) -> Vec<Finding> {
    let of = |value: fn(&Component) -> f64| components.iter().map(value).collect::<Vec<f64>>();
    let bounds = Bounds::alike(of(|c| c.bound));
    let scene = Scene::of_numbers(&[], of(|c| c.yours), of(|c| c.truth), bounds);
    of_components(&[scene], components, blocks)
}

/// What the components that are wrong suggest, at these points.
pub(crate) fn of_components(
    scenes: &[Scene],
    components: &[Component],
    blocks: &[Block],
) -> Vec<Finding> {
    let of = |verdict: Verdict| move |k: &usize| components[*k].verdict == verdict;
    let wrong: Vec<usize> = (0..components.len()).filter(of(Verdict::Wrong)).collect();
    if wrong.is_empty() {
        return Vec::new();
    }
    let at_border = |c: &Component| matches!(c.reason, Reason::AtKink(_) | Reason::Beside { .. });
    let known: Vec<bool> = components.iter().map(|c| !at_border(c)).collect();
    suspect(&Suspects { scenes, blocks, wrong: &wrong, known: &known })
}

/// Says that numbers are nearly right, if they are to three digits.
fn nearly(scene: &Scene, left: &[usize]) -> Option<Mistake> {
    let off = |k: &usize| {
        let (yours, truth) = (scene.yours[*k], scene.truth[*k]);
        (yours - truth).abs() / yours.abs().max(truth.abs())
    };
    let most = left.iter().map(off).fold(0.0, f64::max);
    let digits = -most.log10();
    (!left.is_empty() && digits >= 3.0).then_some(Mistake::Nearly { digits: digits as u32 })
}

/// How close a hypothesis must come to yours in a component: far closer than yours is to the truth.
fn room(scene: &Scene, k: usize) -> f64 {
    let (yours, truth) = (scene.yours[k], scene.truth[k]);
    let (scale, apart) = (yours.abs().max(truth.abs()), (yours - truth).abs());
    let close = if apart > 1e-9 * scale { (1e-3 * apart).min(1e-7 * scale) } else { 1e-7 * scale };
    close.max(1e-13 * scale) + 16.0 * scene.bounds.truth[k].min(1e-3 * scale)
}

/// Whether a number is yours, in a component.
fn is_yours(scene: &Scene, k: usize, hypothesis: f64) -> bool {
    (hypothesis - scene.yours[k]).abs() <= room(scene, k)
}

/// Whether a hypothesis gives all that is yours, in every scene.
fn explains(
    scenes: &[Scene],
    judged: &[usize],
    hypothesis: impl Fn(&Scene, usize) -> Option<f64>,
) -> bool {
    scenes.iter().all(|scene| {
        judged.iter().all(|k| hypothesis(scene, *k).is_some_and(|h| is_yours(scene, *k, h)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::options::Check;
    use crate::check::report::Part;
    use crate::check::scene::{ByHand, Function};
    use crate::op::Number;

    /// The findings on a gradient, and how many slots the sweeps of the search passed.
    fn searched(f: Function<'_>, gradient: ByHand<'_>, x: &[f64]) -> (Vec<Finding>, usize) {
        let nearer: Vec<f64> = x.iter().map(|x| x * 1.01).collect();
        let scenes = [x, &nearer].map(|x| Scene::new(f, gradient, x).unwrap());
        let wrong: Vec<usize> =
            (0..x.len()).filter(|k| scenes[0].yours[*k] != scenes[0].truth[*k]).collect();
        let (blocks, known) = (Check::new().layout(x.len()), vec![true; x.len()]);
        let suspects = Suspects { scenes: &scenes, blocks: &blocks, wrong: &wrong, known: &known };
        let findings = suspect(&suspects);
        (findings, scenes[0].linear.as_ref().unwrap().linear.swept())
    }

    #[test]
    fn a_search_in_a_long_tape_ends_when_its_sweeps_are_spent() {
        let x: Vec<f64> = (0..20_000).map(|k| 0.5 + 1e-5 * k as f64).collect();
        let wrong = |x: &[f64]| x.iter().map(|x| 2.0 * x.sin() * x.cos() + 1e-3).collect();
        let (_, swept) = searched(&|v| Some(v.iter().map(|x| x.sin().square()).sum()), &wrong, &x);
        let one = 3 * x.len() + 1;
        assert!(swept > BUDGET / 2, "the search gave up after {swept} slots");
        assert!(swept <= BUDGET + 20 * one, "the search went on to {swept} slots");
    }

    #[test]
    fn a_search_for_operands_is_counted_too() {
        let x: Vec<f64> = (0..600).map(|k| 0.5 + 1e-3 * k as f64).collect();
        let wrong = |x: &[f64]| x.iter().map(|x| 2.0 * x.sin() * x.cos() + 1e-3).collect();
        let (_, swept) = searched(&|v| Some(v.iter().map(|x| x.sin().square()).sum()), &wrong, &x);
        let one = 3 * x.len() + 1;
        assert!((1_000 * one..BUDGET + 20 * one).contains(&swept), "{swept} slots");
    }

    #[test]
    fn six_components_are_looked_into_one_by_one() {
        let x: Vec<f64> = (1..=8).map(|k| 0.3 * f64::from(k)).collect();
        let wrong = |x: &[f64]| {
            let factors = [3.0, 5.0, 7.0, 11.0, 13.0, 17.0, 19.0, 23.0];
            x.iter().zip(factors).map(|(x, by)| by * x.cos()).collect()
        };
        let (findings, _) = searched(&|v| Some(v.iter().map(|x| x.sin()).sum()), &wrong, &x);
        let mut explained: Vec<&Part> = findings.iter().flat_map(|f| &f.parts).collect();
        explained.dedup();
        assert_eq!(explained.len(), 6, "{findings:?}");
    }

    #[test]
    fn alternatives_are_told_if_they_are_nearly_as_likely() {
        let half = |x: &[f64]| vec![0.5 * x[0].cos()];
        let (findings, _) = searched(&|v| Some(v[0].sin()), &half, &[0.7]);
        assert_eq!(findings.len(), 1, "the slope by half is the less likely story: {findings:?}");
        let half = |x: &[f64]| vec![0.2 * x[0].cos()];
        let (findings, _) = searched(&|v| Some(v[0].sin() * 0.4), &half, &[0.7]);
        let names: Vec<&str> = findings.iter().map(|f| f.mistake.name()).collect();
        assert_eq!(names, ["factor", "wrong constant"]);
    }

    #[test]
    fn a_component_of_which_the_truth_is_not_known_need_not_be_explained() {
        let f: Function<'_> = &|v| Some(v[0].sin() + v[1].exp());
        let wrong: ByHand<'_> = &|x| vec![-x[0].cos(), 7.0];
        let scenes = [[0.3, 0.5], [0.31, 0.51]].map(|x| Scene::new(f, wrong, &x).unwrap());
        let blocks = Check::new().layout(2);
        let named = |known: [bool; 2]| {
            let suspects =
                Suspects { scenes: &scenes, blocks: &blocks, wrong: &[0], known: &known };
            cases(&blocks, &[0], &known).len() + suspect(&suspects).len()
        };
        assert_eq!(named([true, false]), 4, "three cases, and the sign");
    }
}
