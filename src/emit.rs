//! What can be compiled: numbers whose operations write code, run through the same two sweeps. It
//! must not know any rule.

#[cfg(feature = "page")]
pub(crate) mod page;
pub mod wasm;
