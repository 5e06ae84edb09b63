//! What can be computed from a tape. It must not format anything.

mod compare;
mod error;
mod evaluate;
mod gradient;
mod matrix;
mod one_shot;
mod record;
mod simplify;
mod workspace;

pub use error::{Error, LoadProblem};
pub use gradient::{Gradient, Label};
pub use matrix::Matrix;
pub use one_shot::{gradient, hessian, hvp, jacobian, jvp, value_and_gradient, vjp};
pub use record::{Recorded, record, record_vec};
pub use workspace::Workspace;
