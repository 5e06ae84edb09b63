//! What the targets do with bytes. The same modules are part of `tests/fuzz_smoke.rs` and of
//! `crates/worksheet/tests/fuzz_smoke.rs`, which run a fixed number of inputs on every change.

pub mod programs;
pub mod saves;
pub mod sheets;
pub mod smoke;
