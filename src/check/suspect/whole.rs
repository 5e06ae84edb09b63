//! Patterns that show in the numbers alone: signs, factors, orders. It must not know tapes.

use super::super::judge::is_lost;
use super::super::scene::Scene;
use super::{Case, Meaning, Mistake, Suspicion, explains, is_yours};

/// Components among which an order is looked for at most.
const MOST_PERMUTED: usize = 500;

/// The patterns that explain a case.
pub(super) fn patterns(scenes: &[Scene], case: &Case<'_>) -> Vec<Suspicion> {
    let mut found = Vec::new();
    let wrong = &case.wrong;
    if explains(scenes, wrong, |scene, k| Some(-scene.truth[k])) {
        found.push((10, Mistake::Sign));
    }
    found.extend(rounding(scenes, wrong));
    found.extend(orders(scenes, case));
    found.extend(factor(scenes, case));
    found.extend(factor_of(scenes, case));
    found
}

/// Numbers that are right but for the way in which they were rounded.
fn rounding(scenes: &[Scene], wrong: &[usize]) -> Option<Suspicion> {
    let single = |scene: &Scene, k: &usize| {
        let (yours, truth) = (scene.yours[*k], scene.truth[*k]);
        yours.is_finite()
            && f64::from(yours as f32) == yours
            && (yours - truth).abs() <= 1e-5 * truth.abs()
    };
    if scenes.iter().all(|scene| wrong.iter().all(|k| single(scene, k))) {
        return Some((5, Mistake::SinglePrecision));
    }
    let scene = &scenes[0];
    let lost = |k: &usize| is_lost(scene.yours[*k], scene.truth[*k], scene.bounds.taught[*k]);
    let vanished = wrong.iter().all(|k| scene.yours[*k] == 0.0);
    let doubt = if vanished { 34 } else { 88 };
    wrong.iter().all(lost).then_some((doubt, Mistake::LostDigits))
}

/// The right numbers at the wrong places.
fn orders(scenes: &[Scene], case: &Case<'_>) -> Vec<Suspicion> {
    let (wrong, judged) = (&case.wrong, &case.judged);
    let mut found = Vec::new();
    if wrong.len() < 2 {
        return found;
    }
    let ordered = |over: &[usize], order: &dyn Fn(usize) -> Option<usize>| {
        scenes.iter().all(|scene| {
            over.iter().enumerate().all(|(place, k)| {
                is_yours(scene, *k, order(place).map_or(0.0, |from| scene.truth[over[from]]))
            })
        })
    };
    for (over, rows, columns) in matrices(case) {
        if ordered(&over, &|k| Some(k % rows * columns + k / rows)) {
            return vec![(20, Mistake::Transposed { rows, columns })];
        }
        for by in [1, columns - 1] {
            if columns > 2 && ordered(&over, &|k| Some(k / columns * columns + (k + by) % columns))
            {
                let by = if by == 1 { 1 } else { -1 };
                return vec![(21, Mistake::Shifted { by })];
            }
        }
    }
    if wrong.len() == 2 && ordered(wrong, &|k| Some(1 - k)) {
        return vec![(20, Mistake::Swapped)];
    }
    let half = wrong.len() / 2;
    for over in [wrong, judged] {
        let n = over.len();
        for (rows, columns) in shapes(case, over) {
            if ordered(over, &|k| Some(k % rows * columns + k / rows)) {
                found.push((20, Mistake::Transposed { rows, columns }));
            }
        }
        if n > 2 && ordered(over, &|k| Some(n - 1 - k)) {
            found.push((22, Mistake::Reversed));
        }
        for by in [1, -1, 2, -2] {
            let around = |k: usize| Some((k as isize + by).rem_euclid(n as isize) as usize);
            let off = |k: usize| usize::try_from(k as isize + by).ok().filter(|from| *from < n);
            if n > 2 * by.unsigned_abs() && (ordered(over, &around) || ordered(over, &off)) {
                found.push((21, Mistake::Shifted { by }));
            }
        }
    }
    if wrong.len().is_multiple_of(2) && ordered(wrong, &|k| Some((k + half) % wrong.len())) {
        found.push((20, Mistake::Swapped));
    }
    if let (true, Some(order)) = (found.is_empty(), permutation(&scenes[0], wrong)) {
        let pairs = (0..order.len()).all(|k| order[order[k]] == k);
        found.push(if pairs { (20, Mistake::Swapped) } else { (23, Mistake::Permuted) });
    }
    found
}

/// The block that is said to be a matrix and has all wrong components, with its shape.
fn matrices(case: &Case<'_>) -> Vec<(Vec<usize>, usize, usize)> {
    let mut start = 0;
    let mut found = Vec::new();
    for block in case.blocks {
        let stretch = start..start + block.len();
        if let [rows, columns] = block.shape[..]
            && case.wrong.iter().all(|k| stretch.contains(k))
        {
            found.push((stretch.collect(), rows, columns));
        }
        start += block.len();
    }
    found
}

/// The shapes that components may have as a matrix, where nothing is said.
fn shapes(case: &Case<'_>, over: &[usize]) -> Vec<(usize, usize)> {
    let n = over.len();
    let said = case.blocks.iter().any(|block| block.shape.len() == 2);
    (2..n).filter(|rows| !said && n.is_multiple_of(*rows)).map(|rows| (rows, n / rows)).collect()
}

/// The order in which the numbers are the right ones, if they are in any.
fn permutation(scene: &Scene, wrong: &[usize]) -> Option<Vec<usize>> {
    let same = |k: usize, from: usize| is_yours(scene, k, scene.truth[from]);
    if !(3..=MOST_PERMUTED).contains(&wrong.len()) {
        return None;
    }
    let mut free = vec![true; wrong.len()];
    let order = wrong.iter().map(|k| {
        let from = (0..wrong.len()).find(|from| free[*from] && same(*k, wrong[*from]))?;
        free[from] = false;
        Some(from)
    });
    order.collect()
}

/// One factor, the same in all components, that is the value of a quantity wherever one looks.
fn factor_of(scenes: &[Scene], case: &Case<'_>) -> Option<Suspicion> {
    let linear = &scenes[0].linear.as_ref()?.linear;
    let value =
        |scene: &Scene, slot: usize| Some(scene.linear.as_ref()?.linear.slots.get(slot)?.value);
    let fits = |slot: usize, over: bool| {
        explains(scenes, &case.wrong, |scene, k| {
            let factor = value(scene, slot)?;
            Some(if over { scene.truth[k] / factor } else { scene.truth[k] * factor })
        })
    };
    let slots = (0..linear.slots.len()).filter(|_| scenes.len() > 1);
    let found = slots.flat_map(|slot| [(slot, false), (slot, true)]).find(|(s, o)| fits(*s, *o));
    found.map(|(slot, over)| (62, Mistake::FactorOf { site: linear.site(slot), over }))
}

/// The factor between yours and the truth at a point, if it is the same in all wrong components, and
/// where it may come from.
pub(super) fn constant_factor(scene: &Scene, case: &Case<'_>) -> Option<(f64, Meaning)> {
    let at = *case.wrong.iter().find(|k| scene.truth[**k] != 0.0)?;
    let factor = scene.yours[at] / scene.truth[at];
    let fits = |k: &usize| is_yours(scene, *k, factor * scene.truth[*k]);
    (factor.is_finite() && case.wrong.iter().all(fits)).then(|| (factor, meaning(factor, case)))
}

/// One factor between yours and the truth, the same in all components and everywhere.
fn factor(scenes: &[Scene], case: &Case<'_>) -> Option<Suspicion> {
    let (scene, wrong) = (&scenes[0], &case.wrong);
    let at = *wrong.iter().find(|k| scene.truth[**k] != 0.0)?;
    let factor = scene.yours[at] / scene.truth[at];
    if !factor.is_finite() || factor == 0.0 || (factor + 1.0).abs() < 1e-9 {
        return None;
    }
    for power in [1.0, -1.0, 2.0, 0.5, -0.5] {
        let of_value = |scene: &Scene, whole: f64| whole * scene.value.powf(power);
        for whole in [1.0, -1.0, 2.0, 0.5] {
            let hypothesis = |s: &Scene, k: usize| Some(of_value(s, whole) * s.truth[k]);
            if scenes.len() > 1 && explains(scenes, wrong, hypothesis) {
                return Some((41, Mistake::Factor { factor, meaning: Meaning::Value }));
            }
        }
    }
    explains(scenes, wrong, |scene, k| Some(factor * scene.truth[k])).then(|| {
        let meaning = meaning(factor, case);
        let evident = wrong.len() > 2 || meaning != Meaning::Unknown;
        let doubt = match meaning {
            Meaning::Unknown if wrong.len() == 1 => 90,
            Meaning::Whole if wrong.len() == 1 && is_odd(factor) => 45,
            _ if evident => 30,
            _ => 80,
        };
        (doubt, Mistake::Factor { factor, meaning })
    })
}

/// Whether a factor is one that nobody forgets: a sign, and a whole number beyond 2 with it.
fn is_odd(factor: f64) -> bool {
    factor < 0.0 && !(0.4..2.1).contains(&factor.abs())
}

fn meaning(factor: f64, case: &Case<'_>) -> Meaning {
    let is = |known: f64| (factor.abs() / known - 1.0).abs() < 1e-7;
    let either = |known: f64| is(known) || is(1.0 / known);
    let counts = [case.wrong.len(), case.judged.len()];
    let of_blocks = case.blocks.iter().flat_map(|block| &block.shape);
    let count = counts.iter().chain(of_blocks).find(|n| **n > 2 && either(**n as f64));
    match count {
        Some(n) => Meaning::Count(*n),
        None if (2..=64).any(|n| either(f64::from(n))) => Meaning::Whole,
        None if either(180.0 / std::f64::consts::PI) => Meaning::Degrees,
        None if [100.0, 252.0, 365.0, 1000.0].into_iter().any(either) => Meaning::Units,
        None if either(std::f64::consts::LN_2) || either(std::f64::consts::LN_10) => {
            Meaning::Logarithm
        }
        None if either((2.0 * std::f64::consts::PI).sqrt()) => Meaning::RootTwoPi,
        None => Meaning::Unknown,
    }
}
