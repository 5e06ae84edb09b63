//! Saved programs that were tampered with: `cargo +nightly fuzz run load`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    wengert_fuzz::saves::load(bytes);
});
