//! The parser, in all front ends: `cargo +nightly fuzz run parse`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wengert_fuzz::sheets::parse(bytes));
