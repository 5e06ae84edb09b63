//! Programs whose loops were found against the interpreter: `cargo +nightly fuzz run rolled`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wengert_fuzz::programs::rolled(bytes));
