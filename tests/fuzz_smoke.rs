//! The targets of the fuzzer that are about programs, on a fixed number of inputs: saves that were tampered
//! with, loops and machine code against the interpreter. It must not know how either is made.
#![cfg(all(feature = "serde", feature = "jit"))]
#![allow(unreachable_pub)] // the fuzzer, which shares these modules, is another crate

#[path = "../fuzz/src/programs.rs"]
mod programs;
#[path = "../fuzz/src/saves.rs"]
mod saves;
#[path = "../fuzz/src/smoke.rs"]
mod smoke;

use std::cell::Cell;
use std::path::Path;

fn run(target: &str, count: usize, work: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    smoke::smoke(&corpus, count, work);
}

#[test]
fn a_save_that_was_tampered_with_is_an_error_or_runs() {
    let (loaded, refused) = (Cell::new(0), Cell::new(0));
    run("load", 2000, |bytes| {
        let count = if saves::load(bytes) { &loaded } else { &refused };
        count.set(count.get() + 1);
    });
    // Else the checksum does not fit, or nothing is tampered with.
    assert!(loaded.get() > 300 && refused.get() > 300, "{loaded:?} loaded, {refused:?} refused");
}

#[test]
fn loops_are_what_the_interpreter_is() {
    run("rolled", 200, programs::rolled);
}

#[test]
fn machine_code_is_what_the_interpreter_is() {
    run("compiled", 150, programs::compiled);
}
