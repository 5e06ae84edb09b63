//! The whole check, and every way of writing its report: `cargo +nightly fuzz run check`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wengert_fuzz::sheets::whole_check(bytes));
