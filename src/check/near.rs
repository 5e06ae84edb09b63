//! Points near by: where agreement at one point may be chance, both functions are run beside it. It
//! must not know which derivative is checked, nor what a mistake looks like.
//!
//! A gradient that is twice the right one is right at a minimum, and one with two components exchanged
//! is right where all inputs are equal. So a point that is special is moved a little in all inputs at
//! once, in one direction and in the opposite one. A move counts if it stays on the same piece of the
//! function; a side counts against a component if that is wrong at the whole move and at half of it, by
//! more than a small share of what it changed by. So neither a special case in the code under test nor
//! digits that it loses near the point are taken for a mistake.

use super::examine::At;
use super::judge::{KNOWN, MARGIN, judge};
use super::options::Check;
use super::random::Random;
use super::report::{Component, NearBy, Reason, Verdict};
use super::scene::{Scene, tried};

/// Moves that are tried until one stays on the piece: as shares of the largest.
const SHARES: [f64; 2] = [1.0, 1.0 / 256.0];

/// The largest move of an input, as a share of it.
const LARGEST: f64 = 0.02;

/// An error bound is nothing beside derivatives that are larger by this factor.
const NEGLIGIBLE: f64 = 1e-9;

/// What points near by say of the components.
pub(crate) struct Near {
    pub(crate) says: NearBy,
    /// Points at which components are wrong that are right at the point, and these components.
    pub(crate) scenes: Vec<Scene>,
    pub(crate) wrong: Vec<usize>,
}

/// The whole move in one direction, and half of it.
type Side = [Scene; 2];

impl Check {
    /// Looks at points near by, if the point is special, and corrects the verdicts on components that
    /// are right at the point.
    pub(crate) fn near_by(&self, scene: &Scene, components: &mut [Component], at: At<'_>) -> Near {
        let nothing = |says| Near { says, scenes: Vec::new(), wrong: Vec::new() };
        if !is_special(scene, components) {
            return nothing(NearBy::Unasked);
        }
        let sides = if self.only_here { Vec::new() } else { self.sides(scene, at) };
        let scenes = || sides.iter().flatten();
        let constant = scenes().all(|near| near.yours == scene.yours)
            && scenes().any(|near| near.truth != scene.truth);
        let mut wrong: Vec<Vec<usize>> = vec![Vec::new(); sides.len()];
        for (k, component) in components.iter_mut().enumerate() {
            if component.verdict != Verdict::Right {
                continue;
            }
            // At a border a number that stays may be meant for the one side.
            let stays = || scenes().all(|near| near.yours[k] == scene.yours[k]);
            let meant = constant || scene.behind[k].is_some() && stays();
            let off = |side: &Side| side.iter().all(|near| self.is_off(scene, near, k));
            for (side, wrong) in
                sides.iter().zip(&mut wrong).filter(|(side, _)| !meant && off(side))
            {
                wrong.push(k);
                if component.verdict == Verdict::Right {
                    let (yours, truth) = (side[0].yours[k], side[0].truth[k]);
                    component.cannot_tell(Reason::WrongNearBy { yours, truth });
                }
            }
            if let Reason::Zero { bound } = component.reason
                && !self.is_zero(bound, k, scene, &mut scenes())
            {
                component.cannot_tell(Reason::BelowError { bound });
            }
        }
        if self.only_here || sides.is_empty() || constant {
            return nothing(match (self.only_here, sides.is_empty()) {
                (true, _) => NearBy::Unasked,
                (_, true) => NearBy::Nothing,
                _ => NearBy::Constant,
            });
        }
        let points = 2 * sides.len();
        let most = (0..sides.len()).rev().max_by_key(|side| wrong[*side].len());
        let found = most.filter(|side| !wrong[*side].is_empty());
        let Some(side) = found else { return nothing(NearBy::Right { points }) };
        let scenes: Vec<Scene> = sides.into_iter().nth(side).into_iter().flatten().collect();
        let says = NearBy::Wrong { x: scenes[0].x.clone() };
        Near { says, scenes, wrong: wrong.swap_remove(side) }
    }

    /// The sides of a point on which a move stays on the piece.
    fn sides(&self, scene: &Scene, at: At<'_>) -> Vec<Side> {
        let mut random = Random::new(self.seed);
        let largest = scene.x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let mut step = |x: &f64| {
            let size = if *x == 0.0 { 0.05 * largest.max(1.0) } else { x.abs() };
            let sign = if random.between(0.0, 1.0) < 0.5 { -1.0 } else { 1.0 };
            sign * size * LARGEST * random.between(0.5, 1.0)
        };
        let steps: Vec<f64> = scene.x.iter().map(&mut step).collect();
        let moved = |share: f64| {
            let x: Vec<f64> = scene.x.iter().zip(&steps).map(|(x, h)| x + share * h).collect();
            tried(|| at(&x)).filter(|near| {
                let finite = near.truth.iter().chain(&near.yours).any(|d| d.is_finite());
                finite && scene.borders.meet(&near.borders)
            })
        };
        let side = |sign: f64| {
            SHARES.iter().find_map(|share| Some([moved(sign * share)?, moved(sign * share / 2.0)?]))
        };
        [1.0, -1.0].into_iter().filter_map(side).collect()
    }

    /// Whether a component is wrong at a point near by, by more than a small share of what it moved.
    fn is_off(&self, scene: &Scene, near: &Scene, k: usize) -> bool {
        let (yours, truth) = (near.yours[k], near.truth[k]);
        let bounds = [near.bounds.truth[k], near.bounds.taught[k]];
        let change = |x: f64, y: f64| Some((x - y).abs()).filter(|d| d.is_finite()).unwrap_or(0.0);
        let moved = change(yours, scene.yours[k]).max(change(truth, scene.truth[k]));
        yours.is_finite()
            && truth.is_finite()
            && (yours - truth).abs() > KNOWN * moved + MARGIN * near.bounds.taught[k]
            && judge(yours, truth, bounds, self.limits).0 == Verdict::Wrong
    }

    /// Whether a component that is zero as far as rounding tells can be believed to be: it is known
    /// and right near by, or its error is nothing beside the derivatives of this point and of those.
    fn is_zero<'s>(
        &self,
        bound: f64,
        k: usize,
        scene: &'s Scene,
        near: &mut dyn Iterator<Item = &'s Scene>,
    ) -> bool {
        let size = |scene: &Scene| {
            let finite = scene.truth.iter().filter(|d| d.is_finite());
            finite.fold(0.0, |most: f64, d| most.max(d.abs()))
        };
        let mut largest = size(scene);
        for near in near {
            let bounds = [near.bounds.truth[k], near.bounds.taught[k]];
            let judged = judge(near.yours[k], near.truth[k], bounds, self.limits).1;
            if matches!(judged, Reason::Agrees { .. }) && near.truth[k] != 0.0 {
                return true;
            }
            largest = largest.max(size(near));
        }
        bound <= NEGLIGIBLE * largest
    }
}

/// Whether agreement at a point may be chance.
fn is_special(scene: &Scene, components: &[Component]) -> bool {
    let right = || components.iter().filter(|c| c.verdict == Verdict::Right);
    let zero = |c: &Component| c.yours == 0.0 || matches!(c.reason, Reason::Zero { .. });
    right().next().is_some()
        && (!scene.borders.is_empty()
            || right().any(zero)
            || has_equal(right().map(|c| c.truth))
            || has_equal(scene.x.iter().copied())
            || scene.x.iter().any(|x| is_round(*x)))
}

/// Whether two numbers are equal up to their sign.
fn has_equal(numbers: impl Iterator<Item = f64>) -> bool {
    let mut sizes: Vec<f64> = numbers.map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.windows(2).any(|pair| pair[1] - pair[0] <= 1e-12 * pair[1])
}

/// Whether a number is a small whole number, or in quarters: sums, products and powers of such are
/// often equal.
fn is_round(x: f64) -> bool {
    x.abs() <= 8.0 && (4.0 * x).fract() == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::bounds::Bounds;

    fn scene(yours: f64, truth: f64, bound: f64) -> Scene {
        Scene::of_numbers(&[1.0], vec![yours], vec![truth], Bounds::alike(vec![bound]))
    }

    #[test]
    fn a_point_near_by_is_off_by_more_than_a_thousandth_of_the_move() {
        let (check, here) = (Check::new(), scene(0.0, 0.0, 0.0));
        let off = |yours: f64, truth: f64, bound: f64| {
            check.is_off(&here, &scene(yours, truth, bound), 0)
        };
        assert!(off(1.0, 1.0 - 1.1e-3, 0.0) && !off(1.0, 1.0 - 0.9e-3, 0.0));
        assert!(off(-1.0, 1.0, 0.0) && off(1e-20, 2e-20, 0.0) && !off(1.0, 1.0, 0.0));
        assert!(off(1.0, 1.083, 1e-2) && !off(1.0, 1.079, 1e-2));
        assert!(!off(f64::NAN, 1.0, 0.0) && !off(1.0, f64::INFINITY, 0.0));
        // What was infinite at the point has moved by nothing that can be measured.
        let pole = scene(f64::INFINITY, f64::INFINITY, 0.0);
        assert!(check.is_off(&pole, &scene(1.0, 1.0 - 1e-6, 0.0), 0));
        let lenient = Check::new().relative(0.1);
        assert!(!lenient.is_off(&here, &scene(1.0, 1.05, 0.0), 0));
    }

    #[test]
    fn a_zero_is_believed_if_it_is_known_near_by_or_small_beside_others() {
        let (check, here) = (Check::new(), scene(1e-17, -1e-17, 1e-16));
        let zero =
            |bound: f64, near: Scene| check.is_zero(bound, 0, &here, &mut [&near].into_iter());
        assert!(zero(1e-15, scene(1e-3, 1e-3, 1e-16)), "known and right");
        assert!(!zero(1e-15, scene(1e-17, 2e-17, 1e-16)), "unknown there too");
        assert!(zero(0.9e-9, scene(2.0, 1.0, 0.0)) && !zero(1.1e-9, scene(2.0, 1.0, 0.0)));
        assert!(!zero(1e-15, scene(0.0, 0.0, 1e-16)), "0 is not known to be right");
    }

    #[test]
    fn special_are_equal_and_round_numbers() {
        assert!(has_equal([0.3, 0.5, -0.3].into_iter()) && !has_equal([0.3, 0.5].into_iter()));
        assert!(has_equal([0.3, 0.3 + 1e-13].into_iter()));
        assert!(!has_equal([0.3, 0.3 + 1e-12].into_iter()));
        assert!([0.0, -0.0, 1.0, -2.0, 0.25, 7.75, 8.0].into_iter().all(is_round));
        assert!(![0.1, 8.25, 9.0, 0.3, f64::NAN, f64::INFINITY].into_iter().any(is_round));
    }
}
