//! Drivers that record, sweep and forget: one call, one answer. They must not keep anything.

use super::Workspace;
use crate::tape::Tape;
use crate::var::Var;

/// The value and the gradient of a function of a slice, at `x`.
///
/// ```
/// use wengert::prelude::*;
///
/// fn rosenbrock<N: Number>(v: &[N]) -> N {
///     (v[1] - v[0].square()).square() * 100.0 + (v[0] - 1.0).square()
/// }
/// let (value, gradient) = value_and_gradient(|v| rosenbrock(v), &[1.0, 2.0]);
/// assert_eq!((value, gradient), (100.0, vec![-400.0, 200.0]));
/// ```
///
/// A function that does not depend on its arguments has the gradient 0.
pub fn value_and_gradient(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> (f64, Vec<f64>) {
    let tape = Tape::new();
    let y = f(&tape.input_slice(x));
    let mut gradient = vec![0.0; x.len()];
    if y.slot().is_some() {
        tape.gradient_in(&mut Workspace::new(), y).write_inputs(&mut gradient);
    }
    (y.value(), gradient)
}

/// The gradient of a function of a slice, at `x`.
///
/// ```
/// use wengert::prelude::*;
///
/// assert_eq!(gradient(|v| v[0] * v[1].exp(), &[2.0, 0.0]), [1.0, 2.0]);
/// ```
pub fn gradient(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> Vec<f64> {
    value_and_gradient(f, x).1
}
