//! What a check is asked to do, and the functions that ask for the usual. It must not know how a
//! check is done.

use super::judge::Limits;
use super::report::{Part, Report};
use crate::custom::Custom;
use crate::program::Program;
use crate::var::Var;
use std::sync::Arc;

/// A check of derivatives written by hand, with its options.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::Check;
///
/// // x = (W, b): W is 2 by 2, and b a single number.
/// let check = Check::new().block("W", &[2, 2]).block("b", &[]);
/// let report = check.gradient(
///     |v| v[0] * v[3] - v[1] * v[2] + v[4].square(),
///     |x| vec![x[3], -x[2], x[1], x[0], 2.0 * x[4]],
///     &[1.0, 2.0, 3.0, 4.0, 5.0],
/// );
/// let wrong: Vec<String> = report.wrong().map(|c| c.part.to_string()).collect();
/// assert_eq!(wrong, ["W[1, 0]"]);
/// ```
#[derive(Clone, Debug)]
pub struct Check {
    blocks: Vec<Block>,
    pub(crate) limits: Limits,
    pub(crate) directions: usize,
    pub(crate) seed: u64,
    pub(crate) only_here: bool,
}

/// A stretch of the arguments, with its name and shape.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
}

impl Block {
    pub(crate) fn len(&self) -> usize {
        self.shape.iter().product()
    }
}

impl Default for Check {
    fn default() -> Check {
        Check::new()
    }
}

impl Check {
    /// The usual: every component, to nine digits or as many as rounding leaves, nothing excused.
    pub fn new() -> Check {
        let limits = Limits { relative: 1e-9, excused: 0.0 };
        Check { blocks: Vec::new(), limits, directions: 0, seed: 1, only_here: false }
    }

    /// Names the next stretch of the arguments, and says its shape: `&[]` for a single number,
    /// `&[2, 3]` for a matrix of two rows, row by row. With shapes, a transposed matrix is known for
    /// what it is.
    #[must_use]
    pub fn block(mut self, name: &str, shape: &[usize]) -> Check {
        self.blocks.push(Block { name: name.to_owned(), shape: shape.to_vec() });
        self
    }

    /// Takes a component for right if it differs from the truth by at most this share of it; 1e-9 if
    /// not said. Looser where the code under test is meant to be an approximation.
    #[must_use]
    pub fn relative(mut self, tolerance: f64) -> Check {
        self.limits.relative = tolerance;
        self
    }

    /// Excuses differences up to an absolute tolerance. An excused component is not called right: a
    /// derivative as small as the tolerance could have the wrong sign.
    #[must_use]
    pub fn excuse(mut self, tolerance: f64) -> Check {
        self.limits.excused = tolerance;
        self
    }

    /// Checks along this many random directions instead of every component: for black boxes and
    /// Hessians of many inputs, where each component would cost several evaluations.
    #[must_use]
    pub fn directions(mut self, directions: usize) -> Check {
        self.directions = directions;
        self
    }

    /// Where the random directions and neighbouring points begin; 1 if not said.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Check {
        self.seed = seed;
        self
    }

    /// Judges at the point alone, and looks at no points near by: for a formula that is meant to hold
    /// there and nowhere else, such as one for vectors of length 1.
    ///
    /// ```
    /// use wengert::prelude::*;
    /// use wengert::Check;
    ///
    /// let f = |v: &[f64]| vec![v[1] * v[1], -v[0] * v[1]]; // of x/|(x, y)|, where the length is 1
    /// let check = Check::new();
    /// assert!(!check.gradient(|v| v[0] / v[0].hypot(v[1]), f, &[1.0, 0.0]).is_right());
    /// assert!(check.only_here().gradient(|v| v[0] / v[0].hypot(v[1]), f, &[1.0, 0.0]).is_right());
    /// ```
    #[must_use]
    pub fn only_here(mut self) -> Check {
        self.only_here = true;
        self
    }

    /// The blocks, and for what is left a block `x`.
    #[track_caller]
    pub(crate) fn layout(&self, inputs: usize) -> Vec<Block> {
        let named: usize = self.blocks.iter().map(Block::len).sum();
        assert!(
            named <= inputs,
            "the blocks take {named} numbers, and the point has {inputs}; their shapes are wrong"
        );
        let mut blocks = self.blocks.clone();
        if named < inputs {
            let name = if blocks.is_empty() { "x" } else { "the rest" };
            blocks.push(Block { name: name.to_owned(), shape: vec![inputs - named] });
        }
        blocks
    }
}

/// The name of each component in these blocks.
pub(crate) fn parts(blocks: &[Block]) -> Vec<Part> {
    blocks.iter().flat_map(|block| (0..block.len()).map(|k| part(block, k))).collect()
}

fn part(block: &Block, mut k: usize) -> Part {
    let mut index = vec![0; block.shape.len()];
    for (axis, size) in block.shape.iter().enumerate().rev() {
        index[axis] = k % size;
        k /= size;
    }
    Part { block: block.name.clone(), index }
}

/// Checks a gradient written by hand against the reverse sweep through the function itself, which is
/// cross-checked by dual numbers.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::check_gradient;
///
/// let report = check_gradient(
///     |v| (v[0] * v[1]).sin(),
///     |x| vec![x[1] * (x[0] * x[1]).cos(), x[0] * (x[0] * x[1]).cos()],
///     &[0.3, 2.0],
/// );
/// assert!(report.is_right(), "{report}");
/// ```
///
/// A generic function is passed as `|v| f(v)`. The judgement is relative, and takes into account
/// how far rounding may have taken the truth. Where the gradient is wrong, both are run at two points
/// near by, to tell what the mistake is. Where agreement may be chance, as at a minimum or where
/// inputs are equal, both are run near by as well ([`NearBy`](crate::check::NearBy)). A component that
/// depends on a kink, or on a recorded comparison whose sides are equal, is never wrong: it is judged
/// by the slopes on both sides, or the border is named ([`Reason::AtKink`](crate::check::Reason::AtKink)).
///
/// Costs a few gradients, and a replay for each of the first 64 inputs; a special point costs up to
/// eight times as much, a border twelve replays for each of the first 64 inputs that it depends on, and
/// the search for a mistake some thousand sweeps more.
///
/// # Panics
/// If the gradient has another length than `x`.
#[track_caller]
pub fn check_gradient(
    f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    x: &[f64],
) -> Report {
    Check::new().gradient(f, gradient, x)
}

/// Checks a gradient of a function on plain numbers, by differences of its values. The step is
/// searched over all decades, and how rough the values are is estimated from the values themselves
/// (J. J. Moré and S. M. Wild, *Estimating computational noise*, 2011), so that a difference counts only
/// where it is larger than its error. A verdict of wrong that the Taylor remainder, a second witness,
/// does not share is taken back.
///
/// ```
/// use wengert::{Verdict, check_black_box};
///
/// let f = |x: &[f64]| (x[0] * x[1]).sin();
/// let report = check_black_box(f, |x| vec![x[1] * (x[0] * x[1]).cos(); 2], &[0.3, 2.0]);
/// let verdicts: Vec<Verdict> = report.components.iter().map(|c| c.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Right, Verdict::Wrong]);
/// ```
///
/// Costs 200 to 400 evaluations a component, or a direction if [`Check::directions`] are asked for.
///
/// # Panics
/// If the gradient has another length than `x`.
#[track_caller]
pub fn check_black_box(
    f: impl Fn(&[f64]) -> f64,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
    x: &[f64],
) -> Report {
    Check::new().black_box(f, gradient, x)
}

/// Checks a Jacobian written by hand, row by row: a row an output, a column an input.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::check_jacobian;
///
/// let polar = |v: &[f64]| vec![v[1].cos(), v[1].sin(), -v[0] * v[1].sin(), v[0] * v[1].cos()];
/// let report =
///     check_jacobian(|v| vec![v[0] * v[1].cos(), v[0] * v[1].sin()], polar, &[2.0, 0.5]);
/// assert!(report.to_string().contains("transposed"), "{report}");
/// ```
///
/// # Panics
/// If there are not outputs times inputs entries.
#[track_caller]
pub fn check_jacobian(
    f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
    jacobian: impl Fn(&[f64]) -> Vec<f64>,
    x: &[f64],
) -> Report {
    Check::new().jacobian(f, jacobian, x)
}

/// Checks products of the Hessian with vectors: `hvp(x, x_dot)` is the derivative of the gradient
/// along `x_dot`. Three random directions are tried, or as many as [`Check::directions`] says. Where a
/// kink or border decides what a product is, none is wrong: it is right if it agrees, and the products on
/// both sides come to the same; otherwise nothing can be told, and the kink is named.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::check_hvp;
///
/// let hvp = |x: &[f64], d: &[f64]| vec![2.0 * (x[1] * d[0] + x[0] * d[1]), 2.0 * x[0] * d[0]];
/// let report = check_hvp(|v| v[0].square() * v[1], hvp, &[3.0, 5.0]);
/// assert!(report.is_right(), "{report}");
/// ```
///
/// # Panics
/// If a product has another length than `x`, or the function uses a custom primitive that has no
/// program.
#[track_caller]
pub fn check_hvp(
    f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    hvp: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    x: &[f64],
) -> Report {
    Check::new().hvp(f, hvp, x)
}

/// Checks the partials of a custom primitive against differences of its value, or against the
/// program that it has.
///
/// ```
/// use std::sync::Arc;
/// use wengert::prelude::*;
/// use wengert::check_custom;
///
/// struct Cube;
/// impl Custom for Cube {
///     fn name(&self) -> &str {
///         "cube"
///     }
///     fn value(&self, x: &[f64]) -> f64 {
///         x[0].powi(3)
///     }
///     fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
///         partials[0] = 2.0 * x[0].powi(2);
///     }
/// }
/// let cube: Arc<dyn Custom> = Arc::new(Cube);
/// assert!(check_custom(&cube, &[2.0]).to_string().contains("wrong"));
/// ```
#[track_caller]
pub fn check_custom(custom: &Arc<dyn Custom>, x: &[f64]) -> Report {
    Check::new().custom(custom, x)
}

impl Program {
    /// Checks a gradient written by hand against this program's own.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].exp() * v[1], &[0.0, 1.0]);
    /// let report = f.check_gradient(|x| vec![x[1] * x[0].exp(), x[0].exp()], &[0.5, 2.0]);
    /// assert!(report.is_right(), "{report}");
    /// ```
    ///
    /// # Panics
    /// If there is not one output, a comparison goes the other way at `x`, or the gradient has
    /// another length than `x`.
    #[track_caller]
    pub fn check_gradient(&self, gradient: impl Fn(&[f64]) -> Vec<f64>, x: &[f64]) -> Report {
        assert_eq!(self.outputs(), 1, "a gradient is of one output; check the Jacobian");
        if let Err(error) = self.value(x) {
            panic!("{error}");
        }
        Check::new().gradient_of(&|v| Some(self.inline(v).ok()?[0]), &gradient, x)
    }
}
