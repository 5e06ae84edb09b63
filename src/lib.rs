//! Reverse-mode automatic differentiation for scalar programs: build a function from ordinary
//! operators, and its exact derivatives come out by themselves.
//!
//! ```
//! use wengert::prelude::*;
//!
//! let tape = Tape::new();
//! let [x1, x2] = tape.inputs(["x1", "x2"], [0.05, 0.10]); // named inputs, values known at once
//! let [w1, w2, b1] = tape.inputs(["w1", "w2", "b1"], [0.15, 0.20, 0.30]);
//! let h1 = (w1 * x1 + w2 * x2 + b1).sigmoid().named("h1"); // Copy variables
//! let loss = (h1 - 0.01).square() * 0.5;
//! let grad = tape.gradient(loss); // one reverse sweep
//! assert_eq!(grad[w1], grad["w1"]); // by variable or by name
//! for (name, d) in &grad {
//!     println!("{name} {d}"); // in declaration order
//! }
//! ```
//!
//! # One table, one tape, two sweeps, many numbers
//!
//! The **table** states each primitive once: its value, its partials, where it is smooth, how it is
//! written and why. The **tape** is a Wengert list, one flat program, arguments before uses:
//!
//! ```text
//!        slot  name  formula                      the way up (replay)    the way down (reverse)
//!          %0  x     input                        x      = 2             x_bar += y_bar * 1/x
//!          %1        ln(x)                        %1     = 0.693...      x_bar += %2_bar * 3
//!          %2        x * 3                        %2     = 6             %1_bar += y_bar * 1
//!          %3  y     %1 + %2                      y      = 6.693...      y_bar  = 1
//! ```
//!
//! Two **sweeps** read it, and a **number** is anything that can apply a primitive. Every capability
//! is a choice of number and sweep:
//!
//! | number | up | down |
//! |---|---|---|
//! | `f64` | [`Program::value`]: evaluate at new inputs ([test][1]) | [`Tape::gradient`], [`Program::vjp`] ([test][2]) |
//! | [`F32`] | [`Program::replay`]: in single precision ([test][3]) | [`Program::reverse`] ([test][4]) |
//! | [`Dual`] | [`Program::jvp`]: derivatives along a direction ([test][5]) | [`Program::hvp`] ([test][6]) |
//! | [`Lanes`] | [`Batch::values`]: several points at once ([test][7]) | [`Batch::values_and_gradients`] ([test][8]) |
//! | `Dual<f64, Lanes>` | [`Program::jacobian`], several columns at once; [`SparseJacobian`] ([test][9]) | [`Program::hessian`]; [`SparseHessian`] ([test][10]) |
//! | [`Var`] | [`Program::inline`]: record again ([test][11]) | [`Program::derivative`]: a program itself ([test][12]); [`Tape::gradient_vars`]: variables of the same tape |
//!
//! [1]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#a_replay_is_a_recording
//! [2]: https://github.com/wengert-rs/wengert/blob/main/tests/laws.rs#a_gradient_is_what_tangents_say
//! [3]: https://github.com/wengert-rs/wengert/blob/main/tests/single.rs#a_program_in_f32_is_the_code_in_f32
//! [4]: https://github.com/wengert-rs/wengert/blob/main/tests/single.rs#slopes_in_f32_are_those_in_f64_but_for_rounding
//! [5]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#forward_and_reverse_are_transposes
//! [6]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#a_hessian_is_symmetric_and_all_ways_to_it_agree
//! [7]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#lanes_do_not_see_each_other
//! [8]: https://github.com/wengert-rs/wengert/blob/main/tests/batch.rs#a_batch_has_the_bits_of_single_points
//! [9]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#a_jacobian_is_its_products
//! [10]: https://github.com/wengert-rs/wengert/blob/main/tests/sparse.rs#a_hessian_pattern_covers_every_entry_and_evaluates_to_the_same
//! [11]: https://github.com/wengert-rs/wengert/blob/main/tests/rows.rs#a_replay_is_a_recording
//! [12]: https://github.com/wengert-rs/wengert/blob/main/tests/programs.rs#a_derivative_program_is_the_reverse_sweep
//!
//! # Where to begin
//!
//! * [`Tape`] and [`Var`] to build expressions and look at them; [`gradient`] and its companions for
//!   one answer from a closure.
//! * [`record`] for a [`Program`] that is kept, sent to other threads and replayed at other points.
//! * [`TimeLoop`] for long loops of equal steps whose tape would not fit into memory.
//! * [`Number`] for functions that run in every number: `fn f<N: Number>(x: &[N]) -> N`. Pass one by
//!   name as `|v| f(v)`, and write `x * 2.0` rather than `2.0 * x` inside it.
//! * [`Op`] for the table; [`Custom`] for a primitive of your own.
//!
//! # What it promises
//!
//! Values follow IEEE 754 and Rust's std; partials are within 4 ulp of the truth unless a row of the
//! table says otherwise and why. A NaN never vanishes, and never comes from a branch that was not
//! taken. A mistake that the compiler cannot refuse panics with both sides named, in release builds
//! too; whatever comes from a file is an [`Error`].

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod check;
mod custom;
mod derive;
pub mod emit;
#[cfg(feature = "num-traits")]
#[cfg_attr(docsrs, doc(cfg(feature = "num-traits")))]
pub mod guest;
mod math;
mod number;
mod op;
mod program;
mod quick;
#[cfg(feature = "serde")]
mod save;
mod show;
mod sweep;
mod table;
mod tape;
mod var;

pub use check::{
    Check, Report, Verdict, check_black_box, check_custom, check_gradient, check_hvp,
    check_jacobian,
};
pub use custom::Custom;
pub use derive::{Action, Batch, Schedule, TimeLoop};
pub use derive::{Csr, Pattern, SparseHessian, SparseJacobian};
pub use derive::{Edge, Formula, Step, Steps, Unit, Use};
pub use derive::{
    Error, Gradient, Label, LoadProblem, Matrix, Recorded, Workspace, record, record_vec,
};
pub use derive::{gradient, hessian, hvp, jacobian, jvp, value_and_gradient, vjp};
#[cfg(feature = "jit")]
#[cfg_attr(docsrs, doc(cfg(feature = "jit")))]
pub use emit::{CompileError, CompileMode, Compiled};
pub use emit::{Loop, Rolled};
pub use number::{Dual, F32, Lanes};
pub use op::{ListRoom, Number, Op, Real, UNREACHED};
pub use program::Program;
pub use quick::{QuickTape, QuickVar};
#[cfg(feature = "page")]
#[cfg_attr(docsrs, doc(cfg(feature = "page")))]
pub use show::page::Page;
pub use table::{Accepts, Kink, Notation, Row};
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

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../docs/conventions.md")]
struct Documents;
