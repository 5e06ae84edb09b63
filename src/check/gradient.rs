//! The check of a gradient against the reverse sweep. It must not know what a mistake looks like.

use super::judge::{confirmed, judge};
use super::kinks::{NearKink, kinks_of};
use super::options::{Check, parts};
use super::random::Random;
use super::report::{Component, Oracle, Question, Reason, Report, Verdict};
use super::scene::{ByHand, Function, Scene};
use super::suspect::{Suspects, suspect};
use crate::var::Var;

/// Components that are computed a second time by dual numbers.
const CROSS_CHECKED: usize = 64;

/// Other points at which a suspicion must hold too.
const ELSEWHERE: usize = 2;

impl Check {
    /// [`check_gradient`](crate::check_gradient) with these options.
    ///
    /// # Panics
    /// If the gradient has another length than `x`, or the blocks are longer.
    #[track_caller]
    pub fn gradient(
        &self,
        f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
        gradient: impl Fn(&[f64]) -> Vec<f64>,
        x: &[f64],
    ) -> Report {
        let scene = Scene::new(&f, &gradient, x);
        let components = self.judge_scene(&scene);
        let wrong: Vec<usize> =
            (0..x.len()).filter(|k| components[*k].verdict == Verdict::Wrong).collect();
        let mut report = Report::new(Question::Gradient, Oracle::Sweep, components);
        report.origin = origin(&scene);
        if wrong.is_empty() {
            return report;
        }
        let mut scenes = vec![scene];
        scenes.extend(self.elsewhere(&f, &gradient, &scenes[0]));
        let blocks = self.layout(x.len());
        report.findings = suspect(&Suspects { scenes: &scenes, blocks: &blocks, wrong: &wrong });
        report
    }

    /// The verdict on every component.
    #[track_caller]
    fn judge_scene(&self, scene: &Scene) -> Vec<Component> {
        let parts = parts(&self.layout(scene.x.len()));
        let duals = scene.by_duals(CROSS_CHECKED);
        let kinks = scene
            .linear
            .as_ref()
            .map_or_else(Vec::new, |recorded| kinks_of(&recorded.linear, recorded.output, 0.0));
        let component = |(k, part)| {
            let (yours, truth, bound) = (scene.yours[k], scene.truth[k], scene.bounds.truth[k]);
            let (mut verdict, mut reason) =
                judge(yours, truth, [bound, scene.bounds.taught[k]], self.limits);
            let doubted = duals.get(k).filter(|dual| !confirmed(**dual, truth, bound, self.limits));
            if let Some(dual) = doubted {
                (verdict, reason) = (Verdict::CannotTell, Reason::OracleDisagrees { dual: *dual });
            } else if let (Verdict::Wrong, Some(kink)) = (verdict, behind(scene, k, &kinks)) {
                (verdict, reason) = (Verdict::CannotTell, Reason::AtKink(kink.clone()));
            }
            Component { part, yours, truth, bound, verdict, reason }
        };
        parts.into_iter().enumerate().map(component).collect()
    }

    /// The same check at points near by, as far as it makes sense there.
    fn elsewhere(&self, f: Function<'_>, gradient: ByHand<'_>, scene: &Scene) -> Vec<Scene> {
        let mut random = Random::new(self.seed);
        let largest = scene.x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
        let mut moved = |x: &f64| match *x {
            0.0 => largest.max(1.0) * 1e-3 * random.between(0.5, 1.0),
            x => x * (1.0 + random.between(-0.02, 0.02)),
        };
        let points: Vec<Vec<f64>> =
            (0..ELSEWHERE).map(|_| scene.x.iter().map(&mut moved).collect()).collect();
        let scenes = points.iter().map(|x| Scene::new(f, gradient, x));
        scenes.filter(|other| scene.is_like(other)).collect()
    }
}

/// The kink, among those that the point is at, that a derivative is taken through.
fn behind<'k>(scene: &Scene, input: usize, kinks: &'k [NearKink]) -> Option<&'k NearKink> {
    let recorded = scene.linear.as_ref().filter(|_| !kinks.is_empty())?;
    let reached = recorded.linear.reached_by(*recorded.linear.inputs.get(input)?);
    kinks.iter().find(|kink| kink.slot().is_some_and(|slot| reached[slot]))
}

/// The first slot whose value or adjoint is not finite, where the truth is not.
fn origin(scene: &Scene) -> Option<super::linear::Site> {
    let recorded = scene.linear.as_ref()?;
    if scene.truth.iter().all(|d| d.is_finite()) {
        return None;
    }
    let diagnosis = super::diagnose::diagnosis(&recorded.linear, recorded.output);
    diagnosis.value.or(diagnosis.adjoint).map(|fault| fault.site)
}

impl Report {
    /// A report without findings.
    pub(crate) fn new(question: Question, oracle: Oracle, components: Vec<Component>) -> Report {
        Report { question, oracle, components, findings: Vec::new(), taylor: None, origin: None }
    }
}
