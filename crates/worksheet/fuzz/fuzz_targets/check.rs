//! The whole check, and every way of writing its report: `cargo fuzz run check`.
//! It must not look at what is found.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wengert_worksheet::{
    layout::layout,
    render,
    report::{Options, check},
    source::Source,
};

fuzz_target!(|input: (&str, &str, bool, bool)| {
    let (page, given, markdown, absolute) = input;
    let name = if markdown { "page.md" } else { "sheet.ws" };
    let givens = vec![Source::new("--given", given)];
    let report = check(Source::new(name, page), Options { givens, absolute, ..Options::default() });
    render::human(&report, true);
    render::short(&report);
    render::json(&report);
    render::sarif([&report]);
    let once = layout(page);
    assert_eq!(layout(&once), once);
});
