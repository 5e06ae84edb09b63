//! Drivers that record, sweep and forget: one call, one answer. They must not keep anything.

use super::{Matrix, Workspace, record, record_vec};
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

/// The values of a function of several outputs, and its vector-Jacobian product with `y_bar`.
///
/// ```
/// use wengert::prelude::*;
///
/// let (y, x_bar) = vjp(|v| vec![v[0] * v[1], v[0] + v[1]], &[2.0, 3.0], &[1.0, 10.0]);
/// assert_eq!((y, x_bar), (vec![6.0, 5.0], vec![13.0, 12.0]));
/// ```
///
/// # Panics
/// If there are not as many cotangents as outputs.
pub fn vjp(
    f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
    x: &[f64],
    y_bar: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    record_vec(f, x).vjp(x, y_bar).expect(SAME_POINT)
}

/// The values of a function of several outputs, and their derivatives along `x_dot`.
///
/// ```
/// use wengert::prelude::*;
///
/// let (y, y_dot) = jvp(|v| vec![v[0] * v[1], v[0] + v[1]], &[2.0, 3.0], &[1.0, 0.0]);
/// assert_eq!((y, y_dot), (vec![6.0, 5.0], vec![3.0, 1.0]));
/// ```
///
/// # Panics
/// If there are not as many tangents as arguments.
pub fn jvp(
    f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>,
    x: &[f64],
    x_dot: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    record_vec(f, x).jvp(x, x_dot).expect(SAME_POINT)
}

/// The Jacobian of a function of several outputs, forward or reverse by shape.
///
/// ```
/// use wengert::prelude::*;
///
/// let jacobian = jacobian(|v| vec![v[0] * v[1], v[0] + v[1]], &[2.0, 3.0]);
/// assert_eq!(jacobian.data(), [3.0, 2.0, 1.0, 1.0]);
/// ```
pub fn jacobian(f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>, x: &[f64]) -> Matrix {
    record_vec(f, x).jacobian(x).expect(SAME_POINT)
}

/// The Hessian of a function.
///
/// ```
/// use wengert::prelude::*;
///
/// let hessian = hessian(|v| v[0].square() * v[1], &[3.0, 5.0]);
/// assert_eq!(hessian.data(), [10.0, 6.0, 6.0, 0.0]);
/// ```
///
/// # Panics
/// If the function uses a custom primitive that has no program, with its name.
pub fn hessian(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> Matrix {
    record(f, x).hessian(x).unwrap_or_else(|error| panic!("{error}"))
}

/// The gradient of a function, and the product of its Hessian with `x_dot`.
///
/// ```
/// use wengert::prelude::*;
///
/// let (gradient, product) = hvp(|v| v[0].square() * v[1], &[3.0, 5.0], &[1.0, 0.0]);
/// assert_eq!((gradient, product), (vec![30.0, 9.0], vec![10.0, 6.0]));
/// ```
///
/// # Panics
/// If there are not as many tangents as arguments, or the function uses a custom primitive that has
/// no program.
pub fn hvp(
    f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
    x: &[f64],
    x_dot: &[f64],
) -> (Vec<f64>, Vec<f64>) {
    record(f, x).hvp(x, x_dot).unwrap_or_else(|error| panic!("{error}"))
}

const SAME_POINT: &str = "a program replayed where it was recorded takes the same branches";
