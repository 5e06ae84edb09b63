//! The examination that all checks against a recording have in common: judge each component, look at
//! borders from both sides and at points near by, and search for what explains the rest. It must not
//! know which derivative is checked.

use super::finding::Mistake;
use super::judge::{confirmed, digits_of, is_within, judge};
use super::near::Near;
use super::options::{Block, Check, parts};
use super::report::{Component, NearBy, Oracle, Part, Question, Reason, Report, Verdict};
use super::scene::{Behind, Scene};
use super::sides::Limit;
use super::suspect::{Suspects, of_components, suspect};

/// Components that are computed a second time, by dual numbers or from both sides of a border.
pub(crate) const CROSS_CHECKED: usize = 64;

/// What is known of a derivative at a point, if the function can be run there.
pub(crate) type At<'a> = &'a dyn Fn(&[f64]) -> Option<Scene>;

/// A derivative to examine.
pub(crate) struct Examined<'a> {
    pub(crate) question: Question,
    /// The blocks of its components.
    pub(crate) blocks: Vec<Block>,
    /// What is known of it at a point, if anything.
    pub(crate) at: At<'a>,
    /// For each component of a scene, what the slopes on both sides of its border come to, if it
    /// depends on one and the slopes were looked at.
    pub(crate) limits: &'a dyn Fn(&Scene) -> Vec<Option<Limit>>,
    /// Other points at which an explanation of what is wrong must hold too, if any are of use.
    pub(crate) elsewhere: &'a dyn Fn(&Scene) -> Vec<Scene>,
    /// Whether the slopes on both sides along one line settle what the derivative is. They do for a
    /// partial derivative, and not for a second one, which is a matter of all lines.
    pub(crate) settled_by_a_line: bool,
}

impl Check {
    /// Examines a derivative at a point.
    #[track_caller]
    pub(crate) fn examine(&self, x: &[f64], examined: Examined<'_>) -> Report {
        let Some(scene) = (examined.at)(x) else { panic!("the function cannot be run at {x:?}") };
        let mut components = self.judge_scene(&scene, &examined);
        let near = self.near_by(&scene, &mut components, examined.at);
        let is_wrong = components.iter().any(|c| c.verdict == Verdict::Wrong);
        let mut report = Report::new(examined.question.clone(), Oracle::Sweep, components);
        report.origin = origin(&scene);
        report.near_by = near.says.clone();
        if is_wrong {
            let mut scenes = vec![scene];
            scenes.extend((examined.elsewhere)(&scenes[0]));
            report.findings = of_components(&scenes, &report.components, &examined.blocks);
        } else if let NearBy::Wrong { .. } = near.says {
            let Near { scenes, wrong, .. } = &near;
            let known = vec![true; report.components.len()];
            let blocks = &examined.blocks;
            report.findings = suspect(&Suspects { scenes, blocks, wrong, known: &known });
            // Near the point all are nearly right.
            report.findings.retain(|f| !matches!(f.mistake, Mistake::Nearly { .. }));
        }
        report
    }

    /// The verdict on every component, from this point alone.
    #[track_caller]
    fn judge_scene(&self, scene: &Scene, examined: &Examined<'_>) -> Vec<Component> {
        let parts = parts(&examined.blocks);
        let duals = scene.by_duals(CROSS_CHECKED);
        let sides: Vec<Option<Limit>> = match scene.borders.is_empty() {
            true => vec![None; parts.len()],
            false => (examined.limits)(scene),
        };
        let component = |(k, part): (usize, Part)| {
            let (yours, truth, bound) = (scene.yours[k], scene.truth[k], scene.bounds.truth[k]);
            let (verdict, reason) =
                judge(yours, truth, [bound, scene.bounds.taught[k]], self.limits);
            let mut component = Component { part, yours, truth, bound, verdict, reason };
            let doubted = duals.get(k).filter(|dual| !confirmed(**dual, truth, bound, self.limits));
            if let Some(dual) = doubted {
                component.cannot_tell(Reason::OracleDisagrees { dual: *dual });
            } else if let Some(behind) = scene.behind[k] {
                let limit = sides[k].unwrap_or(Limit::Unknown);
                self.at_border(&mut component, scene, behind, limit, examined.settled_by_a_line);
            }
            component
        };
        parts.into_iter().enumerate().map(component).collect()
    }

    /// What can be said of a component that depends on a border. It is never wrong: its truth is the
    /// slope of one side, or of a single point. If the slopes of both sides come together, that is
    /// the derivative, and yours is right if it is that.
    fn at_border(
        &self,
        component: &mut Component,
        scene: &Scene,
        Behind { border, by_own_input }: Behind,
        limit: Limit,
        settled_by_a_line: bool,
    ) {
        let Some(name) = scene.borders.name(border) else { return };
        let (yours, truth) = (component.yours, component.truth);
        let is_unbounded =
            matches!(component.reason, Reason::BelowError { bound } if bound.is_infinite());
        let is_wrong = component.verdict == Verdict::Wrong || is_unbounded;
        let at_border = Reason::AtKink(name.clone());
        match limit {
            _ if matches!(component.reason, Reason::Excused { .. }) => {}
            Limit::Both { slope, error } if is_within(truth, slope, error, self.limits) => {
                if is_wrong && by_own_input {
                    component.cannot_tell(at_border);
                }
            }
            _ if !settled_by_a_line => component.cannot_tell(at_border),
            Limit::Both { slope, error } => {
                (component.truth, component.bound) = (slope, error);
                if is_within(yours, slope, error, self.limits) {
                    let digits = digits_of(yours, slope);
                    component.verdict = Verdict::Right;
                    component.reason = Reason::Beside { border: name, digits };
                } else {
                    component.cannot_tell(at_border);
                }
            }
            Limit::Apart { left, right } => {
                let between = left.min(right) <= truth && truth <= left.max(right);
                if is_wrong || !between {
                    component.cannot_tell(at_border);
                }
            }
            Limit::Unknown => {
                if is_wrong || scene.borders.is_equality(border) {
                    component.cannot_tell(at_border);
                }
            }
        }
    }
}

impl Component {
    pub(crate) fn cannot_tell(&mut self, reason: Reason) {
        (self.verdict, self.reason) = (Verdict::CannotTell, reason);
    }
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
        let (findings, near_by) = (Vec::new(), NearBy::Unasked);
        Report { question, oracle, components, findings, near_by, taylor: None, origin: None }
    }
}
