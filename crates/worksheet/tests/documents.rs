//! What the documents show, against what the tool prints. It must not know how it is found.

use std::{collections::BTreeSet, fs, path::Path};

use wengert_worksheet::{
    diagnose::Kinds,
    explain,
    judge::Verdict,
    render,
    report::{Options, Report, check},
    source::Source,
};

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let parts = text.split("```").skip(1).step_by(2);
    parts.filter_map(|part| Some(part.strip_prefix(language)?.strip_prefix('\n')?.into())).collect()
}

fn report(sheet: &str) -> Report {
    check(Source::new("sheet.ws", sheet), Options::default())
}

#[test]
fn the_readme_shows_what_is_printed() {
    let file = |path: &str| Source::new(path, read(path));
    let givens = vec![file("examples/worksheets/backprop-given.ws")];
    let page = file("examples/worksheets/backprop.md");
    let printed = render::human(&check(page, Options { givens, ..Options::default() }), false);
    let message = printed.split("\n\n").find(|m| m.starts_with("error[slip]: dŷ1/dh1"));
    let message = message.expect("the message on the slope of the activation");
    assert!(blocks(&read("README.md"), "text").contains(&format!("{message}\n")), "{message}");
}

#[test]
fn the_json_form_is_what_is_printed() {
    let text = read("docs/command.md");
    let sheet = &blocks(&text, "worksheet")[0];
    let report = report(sheet);
    let printed: serde_json::Value = serde_json::from_str(&render::json(&report)).expect("JSON");
    let pretty = serde_json::to_string_pretty(&printed).expect("JSON");
    assert_eq!(blocks(&text, "json")[0], pretty + "\n");
}

#[test]
fn every_field_of_the_json_form_is_described() {
    let text = read("docs/command.md");
    let table: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .flat_map(|l| l.split('`'))
        .collect();
    let report = report("a = 1\n");
    let printed: serde_json::Value = serde_json::from_str(&render::json(&report)).expect("JSON");
    let plain = ["version", "file"];
    let fields = printed.as_object().expect("an object").keys();
    for field in fields.filter(|field| !plain.contains(&field.as_str())) {
        assert!(table.contains(field.as_str()), "docs/command.md does not describe {field}");
    }
}

#[test]
fn the_sheet_in_the_docs_is_right() {
    let report = report(&blocks(&read("docs/worksheet.md"), "worksheet")[0]);
    let fine = |verdict| matches!(verdict, Verdict::Ok | Verdict::Answered);
    assert_eq!(report.claims.len(), 7);
    assert!(report.claims.iter().all(|claim| fine(claim.verdict)), "{:?}", report.claims);
    assert_eq!((report.exit_status(), report.faults.len()), (0, 0));
}

#[test]
fn every_verdict_and_every_kind_is_listed() {
    let text = read("docs/worksheet.md");
    let words = Verdict::ALL.into_iter().map(Verdict::text);
    for word in words.chain(Kinds::ALL.into_iter().map(Kinds::text)) {
        assert!(text.contains(&format!("\n| `{word}` | ")), "docs/worksheet.md: {word}");
        assert!(explain::explanation(word).is_some());
    }
}
