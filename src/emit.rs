//! What can be compiled: numbers whose operations write code, run through the same two sweeps. It
//! must not know any rule.

pub(crate) mod lanes;
mod list;
#[cfg(feature = "page")]
pub(crate) mod page;
#[cfg(feature = "wasm")]
pub mod wasm;

#[cfg(feature = "jit")]
mod jit;
mod roll;

#[cfg(feature = "jit")]
#[cfg_attr(docsrs, doc(cfg(feature = "jit")))]
pub use jit::{CompileError, CompileMode, Compiled};
pub use roll::{Loop, Rolled};
