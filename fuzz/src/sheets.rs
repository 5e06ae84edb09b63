//! Worksheets of any text: they are read, judged and reported without a panic. It must not look at
//! what is found.

use wengert_worksheet::{
    layout::layout,
    read::read,
    render,
    report::{Options, check},
    source::Source,
};

/// The parser, in all front ends.
pub fn parse(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    let alias = text.lines().next().unwrap_or("").to_owned();
    let fenced = format!("```worksheet\n{text}\n```\n");
    for name in ["sheet.ws", "page.md"] {
        read(Source::new(name, text), Vec::new(), std::slice::from_ref(&alias));
    }
    read(Source::new("page.md", fenced), Vec::new(), &[]);
}

/// The whole check, every way of writing its report, and the layout, which has nothing to do the
/// second time. The first byte says how; what follows a line of `%%` is given.
pub fn whole_check(bytes: &[u8]) {
    let (how, text) = bytes.split_first().unwrap_or((&0, &[]));
    let text = &*String::from_utf8_lossy(text);
    let (page, given) = text.split_once("\n%%\n").unwrap_or((text, ""));
    let name = if how & 1 == 1 { "page.md" } else { "sheet.ws" };
    let givens = vec![Source::new("--given", given)];
    let options = Options { givens, absolute: how & 2 == 2, ..Options::default() };
    let report = check(Source::new(name, page), options);
    render::human(&report, true);
    render::short(&report);
    render::json(&report);
    render::sarif([&report]);
    let once = layout(page);
    assert_eq!(layout(&once), once);
}
