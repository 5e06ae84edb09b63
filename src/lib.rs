//! crate page

mod custom;
mod derive;
mod math;
mod number;
mod op;
mod program;
mod show;
mod sweep;
mod table;
mod tape;
mod var;

pub use custom::Custom;
pub use derive::{Error, Gradient, Label, Matrix, Recorded, Workspace, record, record_vec};
pub use derive::{gradient, hessian, hvp, jacobian, jvp, value_and_gradient, vjp};
pub use number::{Dual, Lanes};
pub use op::{Number, Op, Real, UNREACHED};
pub use program::Program;
pub use table::{Notation, Row};
pub use tape::{Comparison, Mark, Memory, Operand, Place, Scope, Slot, SlotKind, Tape};
pub use var::Var;

/// What most programs want.
pub mod prelude {
    pub use crate::{
        Custom, Dual, Gradient, Lanes, Number, Op, Program, Real, Tape, Var, Workspace,
    };
    pub use crate::{
        gradient, hessian, hvp, jacobian, jvp, record, record_vec, value_and_gradient, vjp,
    };
    pub use approx::{assert_abs_diff_eq, assert_relative_eq};
}
