//! The functions that speed is measured on, each with the adjoint that an expert would write by hand.
//! A workload must not know how it is timed, nor by whom it is differentiated.

mod advection;
mod black_scholes;
mod gmm;
mod mlp;
mod net222;
mod rosenbrock;

pub use advection::Advection;
pub use black_scholes::BlackScholes;
pub use gmm::Gmm;
pub use mlp::Mlp;
pub use net222::Net222;
pub use rosenbrock::Rosenbrock;

use wengert::Real;

/// A function of scalars, written once for every number, and its adjoint in plain `f64`.
///
/// The adjoint obeys one rule: its value is computed in the order of the primal, so that the two
/// are the same to the last bit where they call the same functions. Within that rule it may do
/// whatever makes it fast, and it keeps the buffers that it needs from one call to the next.
pub trait Workload {
    /// Name on the command line and in the table.
    fn name(&self) -> String;

    /// Primitive operations of one evaluation; the same number for every mode.
    fn ops(&self) -> usize;

    /// What it asks of a number that not every library has: `dot`, `erfc`, `tanh`.
    #[cfg_attr(not(feature = "peers"), allow(dead_code))]
    fn needs(&self) -> &'static [&'static str] {
        &[]
    }

    /// The points at which a gradient is taken, one after the other.
    fn points(&self) -> Vec<Vec<f64>>;

    /// The function as a user of the library writes it.
    fn primal<N: Real>(&self, x: &[N]) -> N;

    /// The value at `x`; the gradient goes to `x_bar`, whatever was there before.
    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64;
}

#[cfg(test)]
mod tests;
