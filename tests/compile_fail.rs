//! What the compiler refuses, one program for each promise, with all that it says. It must not know
//! what happens at run time; that is in `misuse.rs`.
//!
//! `TRYBUILD=overwrite cargo test --test compile_fail` writes the messages anew.

// Other crates add candidates to the hints of rustc: `cargo test --package wengert --test compile_fail`.
#![cfg(not(any(feature = "num-traits", feature = "wasm")))]

#[test]
fn the_compiler_refuses() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}

fn is_send<T: Send>() {}
fn is_sync<T: Sync>() {}

/// What these promise beside is a bound, so that it compiles is the test.
#[test]
fn what_may_cross_threads_may() {
    is_send::<wengert::Tape>();
    is_send::<wengert::Workspace>();
    is_send::<wengert::Program>();
    is_sync::<wengert::Program>();
    is_send::<wengert::Error>();
    is_sync::<wengert::Error>();
}
