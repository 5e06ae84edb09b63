//! crate page


mod code;
mod custom;
mod derive;
mod math;
mod names;
mod op;
mod show;
mod sweep;
mod table;
mod tape;
mod var;

pub use custom::Custom;
pub use derive::{Gradient, Label, Workspace, gradient, value_and_gradient};
pub use op::{Notation, Number, Op, Real, Row};
pub use tape::{Mark, Memory, Operand, Scope, Slot, SlotKind, Tape};
pub use var::Var;

/// What most programs want.
pub mod prelude {
    pub use crate::{Custom, Gradient, Number, Op, Real, Tape, Var, Workspace, gradient, value_and_gradient};
    pub use approx::{assert_abs_diff_eq, assert_relative_eq};
}
