//! Sparse Jacobians and Hessians: pattern, colouring, and compressed sweeps. They must not know any
//! primitive.

mod colouring;
mod csr;
mod depends;
mod hessian;
mod jacobian;
mod partition;
mod pattern;
mod sets;

pub use csr::Csr;
pub use hessian::SparseHessian;
pub use jacobian::SparseJacobian;
pub use pattern::Pattern;

/// An entry, and where it stands alone: in the result of which lane, at which output or input.
#[derive(Clone, Copy, Debug)]
struct Take {
    entry: usize,
    at: u32,
    lane: u32,
}
