//! The check of a gradient against the reverse sweep. It must not know what a mistake looks like.

use super::black_box::moved;
use super::examine::{CROSS_CHECKED, Examined};
use super::options::Check;
use super::random::Random;
use super::report::{Question, Report};
use super::scene::{Behind, ByHand, Function, Scene, tried};
use super::sides::{Limit, limits, scale};
use crate::tape::Tape;
use crate::var::Var;

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
        self.gradient_of(&|v| Some(f(v)), &gradient, x)
    }

    /// The same of a function that may have nothing to say at other points.
    #[track_caller]
    pub(crate) fn gradient_of(&self, f: Function<'_>, gradient: ByHand<'_>, x: &[f64]) -> Report {
        let examined = Examined {
            question: Question::Gradient,
            blocks: self.layout(x.len()),
            at: &|x| Scene::new(f, gradient, x),
            limits: &|scene| limits_of_partials(&|v| Some(vec![f(v)?]), &scene.x, &scene.behind),
            elsewhere: &|scene| self.elsewhere(f, gradient, scene),
            settled_by_a_line: true,
        };
        self.examine(x, examined)
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
        let scenes = points.iter().filter_map(|x| tried(|| Scene::new(f, gradient, x)));
        scenes.filter(|other| scene.is_like(other)).collect()
    }
}

/// A function of several outputs to record, where it can be.
pub(crate) type Functions<'a> = &'a dyn for<'t> Fn(&[Var<'t>]) -> Option<Vec<Var<'t>>>;

/// What the slopes of the outputs come to on both sides of a point, in each input: row by row, as the
/// components of a Jacobian, for those that depend on a border. Of the first such inputs alone.
pub(crate) fn limits_of_partials(
    f: Functions<'_>,
    x: &[f64],
    behind: &[Option<Behind>],
) -> Vec<Option<Limit>> {
    let (columns, mut found) = (x.len(), vec![None; behind.len()]);
    let at_border =
        |k: &usize| behind.iter().skip(*k).step_by(columns).any(|border| border.is_some());
    let Some((middle, _)) = along(f, x, &vec![0.0; columns], 0.0) else { return found };
    for k in (0..columns).filter(at_border).take(CROSS_CHECKED) {
        let mut axis = vec![0.0; columns];
        axis[k] = 1.0;
        let at = |step: f64| {
            let (values, slopes) = tried(|| along(f, x, &axis, step))?;
            Some(values.into_iter().zip(slopes).map(|(value, slope)| [value, slope]).collect())
        };
        for (row, limit) in limits(&middle, &at, scale(&x[k..=k])).into_iter().enumerate() {
            found[row * columns + k] = Some(limit);
        }
    }
    found
}

/// The values of outputs a step along a direction, and their slopes in that direction.
fn along(
    f: Functions<'_>,
    x: &[f64],
    direction: &[f64],
    step: f64,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let (tape, x) = (Tape::new(), moved(x, direction, step));
    let program = tape.program(&f(&tape.input_slice(&x))?);
    program.jvp(&x, direction).ok()
}
