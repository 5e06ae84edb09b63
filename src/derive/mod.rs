//! What can be computed from a tape. It must not format anything.

mod gradient;
mod one_shot;

pub use gradient::{Gradient, Label, Workspace};
pub use one_shot::{gradient, value_and_gradient};
