//! Machine code against the interpreter, bit for bit: `cargo +nightly fuzz run compiled`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wengert_fuzz::programs::compiled(bytes));
