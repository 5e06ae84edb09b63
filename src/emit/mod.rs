//! What a program can be compiled to: numbers that write code. It must not know any primitive.

#[cfg(feature = "jit")]
mod jit;

#[cfg(feature = "jit")]
#[cfg_attr(docsrs, doc(cfg(feature = "jit")))]
pub use jit::{CompileError, CompileMode, Compiled};
