//! The targets of the fuzzer that are about worksheets, on a fixed number of inputs. It must not look at what
//! is found.

#![allow(unreachable_pub)] // the fuzzer, which shares these modules, is another crate

#[path = "../../../fuzz/src/sheets.rs"]
mod sheets;
#[path = "../../../fuzz/src/smoke.rs"]
mod smoke;

use std::path::Path;

fn run(target: &str, count: usize, work: impl Fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    smoke::smoke(&corpus, count, work);
}

#[test]
fn any_text_is_read() {
    run("parse", 5000, sheets::parse);
}

#[test]
fn any_text_is_judged() {
    run("check", 2000, sheets::whole_check);
}
