//! What the source must look like for the architecture to hold. It must not run any of it.

use std::fs;
use std::path::Path;

/// A source file: its path below `src`, and its text without unit tests.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_in(&self, room: &str) -> bool {
        self.path == format!("{room}.rs") || self.path.starts_with(&format!("{room}/"))
    }

    /// The core: neither what is built on it, nor what is beside it.
    fn is_core(&self) -> bool {
        !["derive", "check", "emit", "show", "save", "guest", "quick", "lib"]
            .iter()
            .any(|room| self.is_in(room))
    }

    /// Its lines of code, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(k, line)| (k + 1, line));
        lines.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The files of Rust below `src`.
fn sources() -> Vec<Source> {
    files(".rs")
}

/// The files below `src` that end so.
fn files(ending: &str) -> Vec<Source> {
    fn collect(folder: &Path, below: &str, sources: &mut Vec<Source>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                collect(&entry.path(), &format!("{path}/"), sources);
            } else {
                let text = fs::read_to_string(entry.path()).unwrap();
                let text = text.split("#[cfg(test)]\nmod ").next().unwrap().to_owned();
                sources.push(Source { path, text });
            }
        }
    }
    let mut sources = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources);
    sources.retain(|source| source.path.ends_with(ending));
    sources
}

/// Fails with every line of code of these files that is as it must not be.
fn forbid(what: &str, files: impl Fn(&Source) -> bool, is_wrong: impl Fn(&str) -> bool) {
    let sources = sources();
    let lines = sources.iter().filter(|source| files(source)).flat_map(|source| {
        let wrong = source.code().filter(|(_, line)| is_wrong(line));
        wrong.map(|(k, line)| format!("src/{}:{k}: {}", source.path, line.trim()))
    });
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "{what}:\n{}", lines.join("\n"));
}

/// Whether the line names a variant of `Op` and then an arrow: one arm a primitive.
fn matches_on_a_primitive(line: &str) -> bool {
    let pattern = line.split("=>").next().filter(|pattern| pattern.len() < line.len());
    pattern.is_some_and(|pattern| {
        pattern.split("Op::").skip(1).any(|rest| rest.starts_with(|c: char| c.is_uppercase()))
    })
}

#[test]
fn only_the_table_and_its_reader_match_on_primitives() {
    let others = |source: &Source| !source.is_in("op") && !source.is_in("table");
    forbid("a primitive has a second place", others, matches_on_a_primitive);
    assert!(matches_on_a_primitive("    Op::Sin | Op::Cos => 1,"));
    assert!(!matches_on_a_primitive("    SlotKind::Op(op) => 1,"));
}

#[test]
fn imports_point_inward() {
    let outer = |line: &str| {
        let rooms = ["derive", "check", "emit", "show", "save", "guest", "quick"];
        rooms.iter().any(|room| line.contains(&format!("crate::{room}")))
    };
    forbid("the core knows what is built on it", Source::is_core, outer);
    let mathematics = |source: &Source| source.is_in("math");
    forbid("math knows the crate", mathematics, |line| line.contains("crate::"));
}

#[test]
fn showing_does_not_compute_and_deriving_does_not_format() {
    let computes = |line: &str| {
        ["crate::sweep", "crate::math", ".partials(", "Number"].iter().any(|x| line.contains(x))
    };
    forbid("show computes", |source| source.is_in("show"), computes);
    let formats = |line: &str| line.contains("fmt::Display") || line.contains("Display for");
    let inner =
        |source: &Source| source.is_core() || source.is_in("derive") || source.is_in("check");
    forbid("notation outside show", inner, formats);
}

#[test]
fn the_core_does_no_input_or_output_and_has_no_globals() {
    let speaks = |line: &str| {
        ["println!", "eprint", "print!(", "dbg!(", "std::fs", "std::io", "std::env", "std::net"]
            .iter()
            .any(|name| line.contains(name))
    };
    forbid("input or output", |_| true, speaks);
    let global = |line: &str| {
        let line = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        line.contains("thread_local!") || line.starts_with("static ") && !line.contains("&[Row]")
    };
    forbid("a global in the core", |source| !source.is_in("guest"), global);
}

#[test]
fn unsafe_code_stands_in_raw_files_alone() {
    let not_raw = |source: &Source| !source.path.ends_with("raw.rs");
    let is_unsafe = |line: &str| {
        line.contains("unsafe {") || line.contains("unsafe fn") || line.contains("unsafe impl")
    };
    forbid("unsafe outside raw.rs", not_raw, is_unsafe);
}

#[test]
fn every_module_says_what_it_must_not_know() {
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let header = source.text.lines().take_while(|line| line.starts_with("//!"));
        let header = header.map(|line| line[3..].trim()).collect::<Vec<_>>().join(" ");
        let limited =
            ["must not", "never", "No guest may"].iter().any(|word| header.contains(word));
        assert!(limited, "src/{} does not say what it must not know: {header}", source.path);
    }
}

#[test]
fn scripts_of_pages_are_short_and_say_what_they_must_not_know() {
    let scripts = files(".js");
    assert_eq!(scripts.len(), 4);
    for script in scripts {
        let lines = script.text.lines().count();
        assert!(lines <= 500, "src/{} has {lines} lines, of 500", script.path);
        let header = script.text.lines().take_while(|line| line.starts_with("//"));
        let header: String = header.collect();
        assert!(header.contains("must not"), "src/{} does not say what it must not", script.path);
    }
}

#[test]
fn every_test_and_example_says_what_it_is() {
    for folder in ["tests", "tests/common", "tests/compile_fail", "examples"] {
        let files = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        for path in paths.filter(|path| path.extension().is_some_and(|found| found == "rs")) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//! "), "{} opens without a word", path.display());
        }
    }
}

/// The rows of the table: from the head of each to the sentence that ends it.
fn rows(table: &str) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = String::new();
    for line in table.lines() {
        let head = line.trim_start().starts_with(char::is_uppercase) && line.contains(") -> ");
        if head || !row.is_empty() {
            row += &format!("{line}\n");
        }
        if line.ends_with("\";") && !row.is_empty() {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}

#[test]
fn the_rows_are_the_table() {
    let table = sources().into_iter().find(|source| source.path == "table.rs").unwrap();
    let rows = rows(&table.text);
    assert_eq!(rows.len(), wengert::Op::ALL.len(), "a row is not seen as one");
}

#[test]
fn the_core_knows_itself_from_the_inside_out() {
    let knows = |rooms: &'static [&'static str]| {
        move |line: &str| rooms.iter().any(|room| line.contains(&format!("crate::{room}")))
    };
    forbid("the table knows", |source| source.is_in("table"), knows(&[""]));
    let outside_op = &["number", "program", "sweep", "var", "tape::Tape", "tape::code"];
    forbid("op knows", |source| source.is_in("op"), knows(outside_op));
    let outside_number = &["program", "sweep", "var", "tape::Tape", "tape::code"];
    forbid("number knows", |source| source.is_in("number"), knows(outside_number));
    forbid("sweep knows", |source| source.is_in("sweep"), knows(&["var", "tape::Tape", "number"]));
    forbid("derive knows", |source| source.is_in("derive"), knows(&["check", "show", "guest"]));
    forbid("check knows", |source| source.is_in("check"), knows(&["show", "save", "guest"]));
}

#[test]
fn sweeps_and_shows_do_not_change_a_tape() {
    let readers = |source: &Source| ["sweep", "show"].iter().any(|room| source.is_in(room));
    let changes = |line: &str| {
        [".borrow_mut(", "core.get_mut(", ".record(", "code.push"].iter().any(|x| line.contains(x))
    };
    forbid("a tape is changed", readers, changes);
}

#[test]
fn deriving_formats_nothing_but_panics() {
    let formats = |line: &str| {
        ["format!(", "write!(", "writeln!(", ".to_string()"].iter().any(|name| line.contains(name))
    };
    let silent = |source: &Source| source.is_in("derive") || source.is_in("check");
    forbid("derive or check formats", silent, formats);
}

/// Whether a line of a test reads a clock, in Rust or in the script of a page.
fn reads_a_clock(line: &str) -> bool {
    let clocks =
        ["Instant::", "time::Instant", "SystemTime", ".elapsed(", "performance.now", "Date.now"];
    clocks.iter().any(|clock| line.contains(clock)) || line.contains("thread::sleep")
}

/// A busy machine must not make a test red: what is bounded is counted, in steps, sweeps, memory asked
/// for or instructions.
#[test]
fn no_test_reads_a_clock() {
    fn look(folder: &Path, red: &mut Vec<String>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                look(&path, red);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tidy.rs")
            {
                let text = fs::read_to_string(&path).unwrap();
                let lines = (1..).zip(text.lines()).filter(|(_, line)| reads_a_clock(line));
                red.extend(lines.map(|(k, line)| format!("{}:{k}: {line}", path.display())));
            }
        }
    }
    let mut red = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "tests", "crates/worksheet", "crates/cli"] {
        look(&root.join(folder), &mut red);
    }
    assert!(red.is_empty(), "a clock is read:\n{}", red.join("\n"));
    assert!(reads_a_clock("    let start = std::time::Instant::now();"));
    assert!(!reads_a_clock("    fn prefer(&self, motion: &str) {"));
}
