//! What every example prints, against `tests/golden` and the pages of the book. It must not know what an
//! example does.
//!
//! `UPDATE_GOLDEN=1 cargo test --all-features --test golden` writes the files anew. Examples that
//! require a feature are run only when all are on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

/// Names, without extension, of the files in a folder of this crate.
fn names(folder: &str, extension: &str) -> BTreeSet<String> {
    let files = fs::read_dir(in_crate(folder)).unwrap().map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The folders of the book with a page for each example.
const PAGES: [&str; 2] = ["docs/drivers", "docs/lessons"];

/// Whether this test is built with all that an example could require.
const ALL_FEATURES: bool = cfg!(all(
    feature = "nalgebra",
    feature = "ndarray",
    feature = "argmin",
    feature = "places",
    feature = "jit"
));

/// Whether the manifest says that an example requires a feature.
fn is_featured(example: &str) -> bool {
    let manifest = fs::read_to_string(in_crate("Cargo.toml")).unwrap();
    manifest.contains(&format!("name = \"{example}\"\nrequired-features"))
}

/// The folder of the programs, all of them built at once: with the features of this test, so that
/// nothing is built twice where the whole workspace is tested.
fn examples() -> &'static Path {
    static EXAMPLES: OnceLock<PathBuf> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.args(["build", "--quiet", "--workspace", "--examples", "--manifest-path"]);
        cargo.arg(in_crate("Cargo.toml"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        if ALL_FEATURES {
            cargo.arg("--all-features");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the examples do not build");
        let test = env::current_exe().expect("a test has a path");
        let built = test.ancestors().nth(2).expect("a folder for what is built");
        built.join("examples")
    })
}

/// Runs an example in the profile of this test; returns what it prints.
fn run(example: &str) -> String {
    let output = Command::new(examples().join(example)).current_dir(in_crate("")).output();
    let output = output.unwrap_or_else(|error| panic!("example {example}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "example {example} failed:\n{errors}");
    String::from_utf8(output.stdout).expect("examples print UTF-8")
}

/// The first line in which two texts differ.
fn difference(printed: &str, expected: &str) -> Option<String> {
    for k in 0..printed.lines().count().max(expected.lines().count()) {
        let line = |text| str::lines(text).nth(k).unwrap_or("(nothing)").to_owned();
        let (printed, expected) = (line(printed), line(expected));
        if printed != expected {
            let number = k + 1;
            return Some(format!("line {number}\n  printed  {printed}\n  expected {expected}"));
        }
    }
    None
}

/// A page of the book about an example, with the example and what it prints in its two blocks.
fn page(example: &str, page: &str, printed: &str) -> String {
    let source = fs::read_to_string(in_crate(&format!("examples/{example}.rs"))).unwrap();
    let mut page = page.to_owned();
    for (begins, within) in [("```rust,ignore\n", source.as_str()), ("```text\n", printed)] {
        let start = page.find(begins).unwrap_or_else(|| panic!("{example}: no {begins}"));
        let start = start + begins.len();
        let end = page[start..].find("```").expect("a block ends") + start;
        page.replace_range(start..end, within);
    }
    page
}

/// Where the page about an example, if there is one in this folder, differs from what it should be.
/// It is written anew if asked for.
fn fault_of_page(folder: &str, example: &str, printed: &str, update: bool) -> Option<String> {
    let path = in_crate(&format!("{folder}/{example}.md"));
    let found = fs::read_to_string(&path).ok()?;
    let wanted = page(example, &found, printed);
    if update {
        fs::write(&path, wanted).unwrap();
        return None;
    }
    difference(&found, &wanted).map(|fault| format!("page {}, {fault}", path.display()))
}

#[test]
fn every_example_prints_its_golden_file() {
    let update = env::var_os("UPDATE_GOLDEN").is_some();
    let mut faults = Vec::new();
    for example in names("examples", "rs") {
        let path = in_crate(&format!("tests/golden/{example}.txt"));
        let printed = (ALL_FEATURES || !is_featured(&example)).then(|| run(&example));
        if let Some(printed) = printed.as_ref().filter(|_| update) {
            fs::write(&path, printed).unwrap();
        }
        let found = match (printed, fs::read_to_string(&path)) {
            (_, Err(_)) => Some("has no golden file".to_owned()),
            (Some(printed), Ok(expected)) => difference(&printed, &expected),
            (None, Ok(_)) => None,
        };
        faults.extend(found.map(|fault| format!("{example}: {fault}")));
        let golden = fs::read_to_string(&path).unwrap_or_default();
        for folder in PAGES {
            faults.extend(fault_of_page(folder, &example, &golden, update));
        }
    }
    let faults = faults.join("\n");
    assert!(faults.is_empty(), "{faults}\nIf this is meant: just golden");
}

#[test]
fn every_golden_file_has_its_example() {
    let orphans = &names("tests/golden", "txt") - &names("examples", "rs");
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn every_page_has_its_example() {
    for folder in PAGES {
        let orphans = &names(folder, "md") - &names("examples", "rs");
        assert!(orphans.is_empty(), "{folder}: {orphans:?}");
    }
}

#[test]
fn examples_are_short() {
    for example in names("examples", "rs") {
        let text = fs::read_to_string(in_crate(&format!("examples/{example}.rs"))).unwrap();
        let lines = text.lines().count();
        assert!(lines <= 60, "{example} has {lines} lines; 60 are its limit");
        assert!(text.starts_with("//! "), "{example} does not say what it shows");
    }
}
