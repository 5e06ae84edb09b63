//! The parser, in all three front ends: `cargo fuzz run parse`.
//! It must not judge.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wengert_worksheet::{read::read, source::Source};

fuzz_target!(|text: &str| {
    for name in ["sheet.ws", "page.md"] {
        let fenced = format!("```worksheet\n{text}\n```\n");
        read(Source::new(name, text), Vec::new(), &[text.lines().next().unwrap_or("").to_owned()]);
        read(Source::new("page.md", fenced), Vec::new(), &[]);
    }
});
