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
        assert!(said.contains(&class.as_str()) || judged || latex, "{path:?}: {said:?}");
        if let Some(kind) =
            Kinds::ALL.iter().find(|kind| path.file_stem().is_some_and(|s| s == kind.text()))
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
    // A file too long to keep, and one that cannot be read, are tested where they arise.
    let elsewhere = [Code::Size, Code::File];
    for code in Code::ALL.into_iter().filter(|code| !elsewhere.contains(code)) {
        assert!(classes.contains(code.text()), "{}", code.text());
    }
    for class in classes {
        assert!(explain::explanation(&class).is_some(), "{class}");
    }
}
