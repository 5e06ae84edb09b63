//! What the documents say, against what is. It must not know anything that they do not say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use wengert::{Number, Op, Tape, Var};

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(in_crate(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of a language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let begins = format!("```{language}\n");
    text.split(&begins).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The cells of every table row whose table has these headings.
fn rows<'a>(text: &'a str, headings: &str) -> Vec<Vec<&'a str>> {
    let cells = |line: &'a str| line.trim_matches('|').split('|').map(str::trim).collect();
    let tables = text.split(headings).skip(1);
    tables
        .flat_map(|table| table.lines().skip(2).take_while(|line| line.starts_with('|')).map(cells))
        .collect()
}

/// A number as the documents write it; a dash is an edge that is not taken, of which 0 comes.
fn number(text: &str) -> f64 {
    if text == "-" { 0.0 } else { text.parse().unwrap_or_else(|_| panic!("no number: `{text}`")) }
}

fn same(x: f64, y: f64) -> bool {
    x == y || x.is_nan() && y.is_nan()
}

#[test]
fn conventions_are_what_the_rows_give() {
    let text = read("docs/conventions.md");
    let rows = rows(&text, "| at | value | slopes | why |");
    assert!(rows.len() > 50, "{} conventions", rows.len());
    for row in rows {
        let (name, args) = row[0].trim_end_matches(')').split_once('(').unwrap();
        let op = *Op::ALL.iter().find(|op| op.name() == name).expect(name);
        let args: Vec<f64> = args.split(", ").map(number).collect();
        let value = op.value(&args);
        assert!(same(value, number(row[1])), "{} is {value:?}, not {}", row[0], row[1]);
        let slopes: Vec<&str> = row[2].split(", ").collect();
        let partials = op.partials(&args, value);
        let agree = partials.iter().zip(&slopes).all(|(x, y)| same(*x, number(y)));
        assert!(agree && partials.len() == slopes.len(), "slopes of {}: {partials:?}", row[0]);
        let taken: Vec<bool> = slopes.iter().map(|slope| *slope != "-").collect();
        assert_eq!(edges_taken(op, &args), taken, "edges of {}", row[0]);
    }
}

/// Which edges are taken. Behind each argument stands a square root at 0, times 0: its slope is NaN
/// if anything reaches it, and 0 if nothing does.
fn edges_taken(op: Op, args: &[f64]) -> Vec<bool> {
    let tape = Tape::new();
    let probes = tape.input_slice(&vec![0.0; args.len()]);
    let args: Vec<Var<'_>> = args.iter().zip(&probes).map(|(x, p)| x - p.sqrt() * 0.0).collect();
    let gradient = tape.gradient(Number::call(op, &args));
    probes.iter().map(|probe| gradient[*probe].is_nan()).collect()
}

#[test]
fn textbook_forms_are_the_same_function() {
    let points = [0.3, 0.7, 1.3, 2.0, -0.4, -1.5];
    let mut compared = 0;
    for op in Op::ALL {
        let Some(arity @ 1..=3) = op.arity() else { continue };
        for first in 0..points.len() {
            let args: Vec<f64> = (0..arity).map(|k| points[(first + k) % points.len()]).collect();
            if !(op.row().domain)(&args) || (op.row().args.contains(&"lo") && args[1] > args[2]) {
                continue;
            }
            let value = op.value(&args);
            if value.is_nan() {
                continue;
            }
            let (computed, shown) = (op.partials(&args, value), op.textbook(&args, value));
            for (x, y) in computed.iter().zip(&shown) {
                let agree = same(*x, *y) || (x - y).abs() <= 1e-12 * x.abs();
                assert!(agree, "{}{args:?}: {computed:?} and {shown:?}", op.name());
                compared += usize::from(x.to_bits() != y.to_bits());
            }
        }
    }
    assert!(compared > 10, "only {compared} textbook forms differ in a bit");
}

#[test]
fn looser_rows_are_listed() {
    let text = read("docs/conventions.md");
    let listed: Vec<Vec<String>> = rows(&text, "| row | ulps | reason |")
        .iter()
        .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
        .collect();
    let looser: Vec<Vec<String>> = Op::ALL
        .iter()
        .map(|op| op.row())
        .filter_map(|row| Some(vec![row.name.into(), row.ulps.to_string(), row.looser?.into()]))
        .collect();
    assert_eq!(listed, looser);
}

#[test]
fn readme_shows_what_the_examples_print() {
    let readme = read("README.md");
    let golden = fs::read_dir(in_crate("tests/golden")).unwrap();
    let printed: Vec<String> =
        golden.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let shown = blocks(&readme, "text");
    // A message of the command is held to what is printed by crates/worksheet/tests/documents.rs.
    let shown: Vec<_> = shown.into_iter().filter(|block| !block.starts_with("error[")).collect();
    assert!(!shown.is_empty());
    for block in shown {
        let known = printed.iter().any(|printed| printed.contains(block));
        assert!(known, "no example prints this:\n{block}");
    }
}

/// The lines of a section of the manifest: name and what follows.
fn section<'a>(manifest: &'a str, name: &str) -> Vec<(&'a str, &'a str)> {
    let rest = manifest.split(&format!("[{name}]\n")).nth(1).unwrap();
    let lines = rest.split("\n[").next().unwrap().lines();
    lines.filter_map(|line| line.split_once(" = ")).collect()
}

#[test]
fn readme_lists_every_feature() {
    let (readme, manifest) = (read("README.md"), read("Cargo.toml"));
    let listed = rows(&readme, "| feature | what it gives |");
    let listed: Vec<_> = listed.iter().map(|row| row[0].trim_matches('`')).collect();
    let (features, crates) = (section(&manifest, "features"), section(&manifest, "dependencies"));
    for (name, _) in features.iter().filter(|(name, _)| *name != "default") {
        assert!(listed.contains(name), "README does not list the feature {name}");
    }
    let optional = crates.iter().filter(|(_, what)| what.contains("optional = true"));
    let names: Vec<_> = features.iter().chain(optional).map(|(name, _)| name).collect();
    assert!(listed.iter().all(|name| names.contains(&name)), "not all are features: {listed:?}");
}

#[test]
fn readme_names_the_oldest_rust() {
    let manifest = read("Cargo.toml");
    let version = manifest.split("rust-version = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(read("README.md").contains(&format!("Rust {version} or later")));
}

#[test]
fn continuous_integration_runs_what_readme_says() {
    let (readme, script) = (read("README.md"), read(".ci/run"));
    for command in ["cargo run --release --example backprop\n", "cargo test --workspace\n"] {
        assert!(blocks(&readme, "sh").contains(&command), "README does not say {command}");
        assert!(script.contains(&format!("step {command}")), ".ci/run does not run {command}");
    }
}

/// Every page of the book, from the folder of the crate.
fn pages() -> Vec<String> {
    let mut folders = vec!["docs".to_owned()];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(in_crate(&folder)).unwrap().map(Result::unwrap) {
            let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            match path.ends_with(".md") {
                _ if path == "docs/book" => {} // what mdBook makes
                _ if entry.path().is_dir() => folders.push(path),
                true => pages.push(path),
                false => {}
            }
        }
    }
    assert!(pages.len() > 30, "{pages:?}");
    pages
}

#[test]
fn the_book_has_every_page() {
    let summary = read("docs/SUMMARY.md");
    for page in pages() {
        let page = page.trim_start_matches("docs/");
        let listed = summary.contains(&format!("({page})")) || page == "SUMMARY.md";
        assert!(listed, "docs/SUMMARY.md does not list {page}");
    }
}

/// The anchors that mdBook and code hosts give to the headings of a page.
fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.split("```").step_by(2).flat_map(str::lines).filter(|x| x.starts_with('#'));
    let keeps = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        words.chars().filter(keeps).map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// What a document points at: targets of links, and paths of this repository in backticks.
fn pointers<'a>(document: &str, text: &'a str) -> Vec<(&'a str, PathBuf)> {
    let prose: String = text.split("```").step_by(2).collect();
    let prose: &'a str = String::leak(prose);
    let folder = Path::new(document).parent().unwrap();
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.contains("://")).map(|link| (link, folder.join(link)));
    let code = prose.split('`').skip(1).step_by(2);
    let roots = ["src/", "tests/", "docs/", "examples/", "crates/", ".ci/"];
    let paths = code.filter(|path| roots.iter().any(|root| path.starts_with(root)));
    links.chain(paths.map(|path| (path, path.into()))).collect()
}

/// Whether a link of a page leads up and out of the book. A path in backticks never does.
fn is_outside(path: &Path) -> bool {
    let step = |depth: i32, part: std::path::Component<'_>| match part {
        std::path::Component::ParentDir => depth - 1,
        _ => depth + 1,
    };
    let depths = path.components().scan(0, |depth, part| {
        *depth = step(*depth, part);
        Some(*depth)
    });
    path.starts_with("docs") && depths.skip(1).any(|depth| depth < 1)
}

#[test]
fn links_and_paths_lead_somewhere() {
    let others = ["README.md", "CHANGELOG.md"];
    for document in pages().into_iter().chain(others.map(str::to_owned)) {
        for (pointer, path) in pointers(&document, &read(&document)) {
            let (file, anchor) = match path.to_str().unwrap().split_once('#') {
                Some((file, anchor)) => (file.to_owned(), Some(anchor)),
                None => (path.to_str().unwrap().to_owned(), None),
            };
            let links_out = document.starts_with("docs/") && is_outside(&path);
            assert!(
                !links_out,
                "{document}: the built book has no {pointer}; link to the repository"
            );
            let file = if pointer.starts_with('#') { document.clone() } else { file };
            assert!(in_crate(&file).exists(), "{document} points at {pointer}, which is not there");
            if let Some(anchor) = anchor.filter(|_| file.ends_with(".md")) {
                let found = anchors(&read(&file)).contains(anchor);
                assert!(found, "{document} points at {pointer}, and there is no such heading");
            }
        }
    }
}

/// Every test that a text points at: the file, and the name behind it.
fn tests_pointed_at(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split("tests/").skip(1).filter_map(|rest| rest.split_once(".rs#"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    parts.map(|(file, rest)| (file, rest.split(|c| !is_name(c)).next().unwrap_or(""))).collect()
}

#[test]
fn every_cell_of_numbers_and_sweeps_is_held_by_a_test() {
    let page = read("docs/numbers.md");
    let rows = rows(&page, "| number | up (`replay`) | down (`reverse`) |");
    assert!(rows.len() >= 7, "{} numbers", rows.len());
    for cell in rows.iter().flat_map(|row| &row[1..]) {
        assert!(!tests_pointed_at(cell).is_empty(), "no test holds this: {cell}");
    }
    let library = read("src/lib.rs");
    let table = library.split("//! | number | up | down |").nth(1).unwrap();
    let cells = table.lines().skip(2).take_while(|line| line.starts_with("//! |"));
    assert!(cells.clone().all(|row| row.matches("[test][").count() == 2), "{table}");
    let pointed = [tests_pointed_at(&page), tests_pointed_at(&library)].concat();
    assert!(pointed.len() >= 14 + 2 * cells.count(), "{} tests", pointed.len());
    for (file, name) in pointed {
        let source = read(&format!("tests/{file}.rs"));
        let (before, _) = source.split_once(&format!("fn {name}(")).unwrap_or_else(|| {
            panic!("tests/{file}.rs has no test {name}");
        });
        assert!(before.trim_end().ends_with("#[test]"), "{name} is not a test");
    }
}

/// Every test that the architecture names, in the file named before it.
#[test]
fn the_tests_that_are_named_exist() {
    let text = read("docs/architecture.md");
    let rows = rows(&text, "| invariant | held by |");
    assert!(rows.len() > 10, "{} invariants", rows.len());
    for row in rows {
        let (mut file, mut source) = ("", String::new());
        for name in row[1].split('`').skip(1).step_by(2) {
            if name.ends_with(".rs") {
                (file, source) = (name, read(name));
            } else {
                assert!(source.contains(&format!("fn {name}(")), "{file} has no test {name}");
            }
        }
    }
}
