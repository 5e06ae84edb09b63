//! Sparse Jacobians and Hessians: pattern, colouring, and compressed sweeps. They must not know any
//! primitive.

mod colouring;
mod csr;
mod depends;
mod hessian;
mod jacobian;
mod pattern;
mod sets;

pub use csr::Csr;
pub use hessian::SparseHessian;
pub use jacobian::SparseJacobian;
pub use pattern::Pattern;
