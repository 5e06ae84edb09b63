//! Every message that the tool can print: a sheet for each, and beside it what is printed.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use expect_test::expect_file;
use wengert_worksheet::{
    diagnose::Kinds,
    explain,
    message::messages,
    problem::Code,
    render,
    report::{Options, Report, check},
    source::Source,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/errors")
}

fn cases() -> Vec<PathBuf> {
    let list = |path: &Path| -> Vec<PathBuf> {
        let mut all: Vec<PathBuf> = fs::read_dir(path)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        all.sort();
        all
    };
    let sheets = list(&folder()).into_iter().flat_map(|class| list(&class));
    sheets.filter(|path| path.extension().is_some_and(|e| e == "ws" || e == "md")).collect()
}

fn report(path: &Path) -> Report {
    let name = path.strip_prefix(folder()).expect("a case").display().to_string();
    check(Source::new(name, fs::read_to_string(path).expect("a sheet")), Options::default())
}

#[test]
fn every_case_prints_its_golden_message() {
    for path in cases() {
        let printed = render::human(&report(&path), false);
        expect_file![path.with_extension("txt")].assert_eq(&printed);
    }
}

#[test]
fn every_case_shows_what_its_class_says() {
    for path in cases() {
        let class = path
            .parent()
            .and_then(Path::file_name)
            .expect("a class")
            .to_string_lossy()
            .into_owned();
        let report = report(&path);
        let said: Vec<&str> = messages(&report).iter().map(|message| message.code).collect();
        let judged = report.claims.iter().any(|claim| claim.verdict.text() == class);
        let latex = path.extension().is_some_and(|e| e == "md") && said.contains(&"unchecked");
        let silent = report.is_empty() && class == "ok";
        assert!(said.contains(&class.as_str()) || judged || latex || silent, "{path:?}: {said:?}");
        let slips = class == "slip";
        if let Some(kind) = Kinds::ALL
            .iter()
            .find(|kind| slips && path.file_stem().is_some_and(|s| s == kind.text()))
        {
            let first = report.explanations.iter().find_map(|e| e.first());
            assert_eq!(first.map(|e| e.kind), Some(*kind), "{path:?}");
        }
    }
}

#[test]
fn every_code_has_a_case() {
    let classes: BTreeSet<String> = cases()
        .iter()
        .filter_map(|path| Some(path.parent()?.file_name()?.to_string_lossy().into_owned()))
        .collect();
    // A file too long to keep, and one that cannot be read, are tested where they arise; that an
    // answer is NaN is said beside it by the other commands, and here in the reason.
    let elsewhere = [Code::Size, Code::File, Code::Undefined];
    for code in Code::ALL.into_iter().filter(|code| !elsewhere.contains(code)) {
        assert!(classes.contains(code.text()), "{}", code.text());
    }
    for class in classes {
        assert!(explain::explanation(&class).is_some(), "{class}");
    }
}

/// The string literals of a source file, tests and comments left out.
fn literals(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    let mut found = Vec::new();
    for line in joined(code).lines().filter(|line| !line.trim_start().starts_with("//")) {
        // What a panic would say of a broken invariant is for nobody who writes a sheet.
        let mut rest = line.replace("'\"'", "' '");
        if let Some((before, after)) = rest.split_once(".expect(\"") {
            let (_, after) = after.split_once('"').expect("the end of a string");
            rest = format!("{before}{after}");
        }
        while let Some((_, after)) = rest.split_once('"') {
            let escaped = |at: usize| after[..at].ends_with('\\') && !after[..at].ends_with("\\\\");
            let end = after.match_indices('"').map(|(at, _)| at).find(|at| !escaped(*at));
            let end = end.expect("the end of a string");
            found.push(after[..end].replace("\\\"", "\"").replace("\\\\", "\\"));
            rest = after[end + 1..].to_owned();
        }
    }
    found
}

/// The code with strings that go on over lines in one.
fn joined(code: &str) -> String {
    let mut out = String::new();
    for line in code.lines() {
        let goes_on = line.ends_with('\\');
        let begun = out.ends_with('\\');
        out.truncate(out.len() - usize::from(begun));
        out.push_str(if begun { line.trim_start() } else { line });
        if !goes_on {
            out.push('\n');
        }
    }
    out
}

/// What stands in a message around the parts that are put in; nothing if it is no sentence.
fn sentence(literal: &str) -> Option<Vec<String>> {
    let literal = literal.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let pieces = literal.split('{').map(|p| p.split_once('}').map_or(p, |(_, after)| after));
    let plain = |p: &str| p.replace('\u{1}', "{").replace('\u{2}', "}").trim().to_owned();
    let pieces: Vec<String> = pieces.map(plain).filter(|p| !p.is_empty()).collect();
    let letters = |p: &String| p.chars().any(char::is_alphabetic);
    (literal.trim().contains(' ') && pieces.iter().any(letters)).then_some(pieces)
}

/// Whether the pieces stand in a text one after the other.
fn holds(text: &str, pieces: &[String]) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| match rest.split_once(piece.as_str()) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// What is said of sheets that are too large to keep is tested in `limits`; the last cannot be
/// reached, since what is not understood is taken out of a row before it is parsed.
const ELSEWHERE: [&str; 12] = [
    "the derivative does not exist there",
    "it is not true, but what follows from your own numbers is not known",
    "the sheet has more than {} operations",
    "this one is too many",
    "in the statement that goes on here",
    "split the sheet into several files",
    "more than {MOST_MESSAGES} errors: the rest is not read",
    "from here on",
    "and more that is not understood, from here on",
    "the file is longer than 16 MiB",
    "not read",
    "something that is not understood",
];

/// Files that say nothing when a sheet is checked: texts of `--explain`, other forms, what `wengert
/// grad` says, and what `explain`, `graph` and `page` do.
const SILENT: [&str; 7] =
    ["explain.rs", "json.rs", "sarif.rs", "gradient.rs", "record.rs", "tests.rs", "layout.rs"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if !SILENT.iter().any(|silent| path.ends_with(silent)) {
            found.push(path);
        }
    }
    found
}

#[test]
fn every_sentence_in_the_code_has_a_case() {
    let golden: Vec<String> = cases()
        .iter()
        .map(|case| fs::read_to_string(case.with_extension("txt")).expect("a golden message"))
        .collect();
    let mut seen = 0;
    let mut missing = Vec::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for literal in literals(&fs::read_to_string(&path).expect("a source")) {
            let Some(pieces) = sentence(&literal) else { continue };
            seen += 1;
            let elsewhere = ELSEWHERE.iter().any(|part| literal.contains(part));
            if !elsewhere && !golden.iter().any(|text| holds(text, &pieces)) {
                missing.push(format!("{}: {literal}", path.display()));
            }
        }
    }
    assert!(seen > 150, "only {seen} sentences are seen");
    assert!(missing.is_empty(), "no sheet in examples/errors shows:\n{}", missing.join("\n"));
}
