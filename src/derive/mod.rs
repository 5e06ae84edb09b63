//! What can be computed from a tape. It must not format anything.

mod any_number;
mod batch;
mod checkpoint;
mod compare;
mod error;
mod evaluate;
mod gradient;
mod gradient_vars;
mod lengths;
mod matrix;
mod one_shot;
mod one_sided;
mod record;
mod simplify;
mod sparse;
mod steps;
mod workspace;

pub use batch::Batch;
pub use checkpoint::{Action, Schedule, TimeLoop};
pub use error::{Error, LoadProblem};
pub use gradient::{Gradient, Label};
pub(crate) use lengths::check_length;
pub use matrix::Matrix;
pub use one_shot::{gradient, hessian, hvp, jacobian, jvp, value_and_gradient, vjp};
pub use record::{Recorded, record, record_vec};
pub use sparse::{Csr, Pattern, SparseHessian, SparseJacobian};
pub use steps::{Edge, Formula, Step, Steps, Unit, Use};
pub use workspace::Workspace;
