//! Guest crates: `num-traits`, `nalgebra`, `ndarray` and `argmin` at work on the numbers of this
//! crate. No guest may know a rule of its own: all go through [`Number`](crate::Number).
//!
//! | feature | what it gives |
//! |---|---|
//! | `num-traits` | `Float` and friends on [`Var`](crate::Var), [`Dual`](crate::Dual) and [`Active`], the rest also on [`Lanes`](crate::Lanes) |
//! | `nalgebra` | [`Active`] as an element type: it is a `RealField` |
//! | `ndarray` | [`Active`] as an element type: it is an `NdFloat` |
//! | `argmin` | `Objective`, which feeds solvers with exact gradients and Hessians; `Residuals`, with exact Jacobians |
//!
//! Matrix crates want elements that live as long as they please, so they cannot hold a
//! [`Var<'t>`](crate::Var), which lives no longer than its tape. They hold an [`Active`] instead, a
//! variable of the recording that is open on this thread:
//!
//! ```
//! use wengert::guest::{Active, record_active};
//!
//! fn mean<F: num_traits::Float>(x: &[F]) -> F {
//!     x.iter().fold(F::zero(), |sum, x| sum + *x) / F::from(x.len()).unwrap()
//! }
//! let program = record_active(|x: &[Active]| mean(x).exp(), &[1.0, -1.0]);
//! assert_eq!(program.gradient(&[1.0, -1.0])?, [0.5, 0.5]);
//! # Ok::<(), wengert::Error>(())
//! ```

#![cfg_attr(feature = "nalgebra", doc = "")]
#![cfg_attr(feature = "nalgebra", doc = include_str!("../../docs/guests.md"))]

/// Hands `$read` the functions of one number that all guests know, by the name that they and
/// [`Number`](crate::Number) have for them.
macro_rules! shared_functions {
    ($read:ident) => {
        $read! { floor ceil round trunc fract recip sqrt cbrt exp exp2 exp_m1 ln ln_1p log2 log10
        sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh }
    };
}

mod active;
#[cfg(feature = "argmin")]
mod argmin;
mod casts;
#[cfg(feature = "argmin")]
mod finite;
#[cfg(feature = "argmin")]
mod least_squares;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
mod ndarray;
mod num_traits;
mod operators;
#[cfg(feature = "nalgebra")]
mod raw;
mod recording;

pub use active::Active;
#[cfg(feature = "argmin")]
pub use argmin::{Curvature, MatrixFree, Objective};
pub use casts::{Cast, borders_active, casts, kinks_near_active};
#[cfg(feature = "argmin")]
pub use finite::{NotFinite, Quantity};
#[cfg(feature = "argmin")]
pub use least_squares::{Residuals, Singular};
pub use recording::{active, active_vec, record_active, record_active_vec};
pub use recording::{gradient_active, value_and_gradient_active};
