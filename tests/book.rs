//! The lessons of the book: that they keep their form, and that their numbers are ones that a program
//! has printed. It must not know what a lesson teaches.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Names of the lessons, which are those of their programs, in order.
fn lessons() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    let names = files.filter_map(|file| Some(file.to_str()?.strip_suffix(".rs")?.to_owned()));
    let lessons: BTreeSet<String> = names.filter(|name| name.starts_with("lesson_")).collect();
    assert!(lessons.len() >= 11, "{lessons:?}");
    lessons
}

fn chapter(lesson: &str) -> String {
    read(&format!("docs/lessons/{lesson}.md"))
}

/// What stands between fences, and what does not.
fn fenced_and_prose(text: &str) -> (String, String) {
    let part = |from: usize| text.split("```").skip(from).step_by(2).collect::<Vec<_>>().join("\n");
    (part(1), part(0))
}

/// Decimal numbers with at least six decimals, as they are written, without a sign.
fn long_numbers(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let words = words.map(|word| word.trim_end_matches('.'));
    let is_long = |word: &&str| word.split_once('.').is_some_and(|(_, rest)| rest.len() >= 6);
    words.filter(is_long).collect()
}

#[test]
fn lessons_keep_their_form() {
    let summary = read("docs/SUMMARY.md");
    let mut last = 0;
    for lesson in lessons() {
        let text = chapter(&lesson);
        let place = summary.find(&format!("(lessons/{lesson}.md)")).expect(&lesson);
        assert!(place > last, "{lesson} is out of order in docs/SUMMARY.md");
        last = place;

        let question = text.split("\n\n").nth(1).unwrap();
        assert!(question.ends_with('?'), "{lesson} does not begin with a question: {question}");
        let (_, end) = text.rsplit_once("\n## ").unwrap();
        assert!(end.starts_with("Predict, then run\n"), "{lesson} does not end with a prediction");
        let parts =
            ["\n* ", &format!("cargo run --example {lesson}\n"), "```rust,ignore\n", "```text\n"];
        let places =
            parts.map(|part| end.find(part).unwrap_or_else(|| panic!("{lesson}: no {part}")));
        assert!(places.is_sorted(), "{lesson}: what to predict comes before the program");
        assert!(end.ends_with("</details>\n"), "{lesson} gives an answer away");
        assert_eq!(text.matches("```text\n").count(), 1, "{lesson}: one output, at the end");
    }
}

#[test]
fn numbers_of_a_lesson_are_ones_that_a_program_printed() {
    let mut printed = read("tests/golden/backprop.txt");
    let mut checked = 0;
    for lesson in lessons() {
        printed += &read(&format!("tests/golden/{lesson}.txt"));
        let text = chapter(&lesson);
        let (_, prose) = fenced_and_prose(&text);
        // What is typed by hand is in the prose; what stands between fences is compared whole.
        for number in long_numbers(&prose) {
            checked += 1;
            assert!(
                printed.contains(number),
                "{lesson} says {number}, which no program has printed"
            );
        }
    }
    assert!(checked >= 60, "only {checked} numbers");
}
