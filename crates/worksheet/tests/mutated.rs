//! Sheets with bytes flipped, characters put in and lines cut, moved or doubled, from fixed seeds: none
//! makes the check panic, and what stands above a broken line is judged as before.

mod generator;

use std::{fs, path::Path};

use generator::Random;
use wengert_worksheet::{
    layout::layout,
    render,
    report::{Options, Report, check},
    source::Source,
};

/// The example sheets and those written by hand, with the ending that says how they are read.
fn sheets() -> Vec<(String, &'static str)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [here.join("tests/by_hand"), here.join("../../examples/worksheets")];
    let mut paths: Vec<_> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = match path.extension()?.to_str()? {
            "ws" => "sheet.ws",
            "md" => "page.md",
            _ => return None,
        };
        Some((fs::read_to_string(path).ok()?, name))
    };
    paths.iter().filter_map(read).collect()
}

fn report(name: &str, text: &str) -> Report {
    check(Source::new(name, text), Options::default())
}

/// What people press by mistake, and what a program may leave behind.
const CHARACTERS: [char; 32] = [
    '|', '!', '%', ':', ';', '@', '$', '\\', '{', '}', '(', ')', '[', ']', '=', '~', '?', '#',
    '\'', '"', '^', '_', '.', ',', '0', 'e', 'd', '\u{0}', '\u{feff}', '∂', '½', '😀',
];

/// The text with some bytes flipped, or characters put in; bytes that are no text any more are shown
/// as such, as they are when a file is read.
fn broken(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(3) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => {
                let c = CHARACTERS[random.below(CHARACTERS.len())];
                bytes.splice(at..at, c.to_string().bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The lines with one cut short, gone, doubled or moved.
fn shuffled(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for _ in 0..1 + random.below(3) {
        let [at, to] = [random.below(lines.len()), random.below(lines.len())];
        match random.below(4) {
            0 => {
                let middle = lines[at].char_indices().map(|(i, _)| i).nth(random.below(30));
                lines[at] = &lines[at][..middle.unwrap_or(0)];
            }
            1 => lines[at] = "",
            2 => lines.insert(to, lines[at]),
            _ => lines.swap(at, to),
        }
    }
    lines.join("\n")
}

#[test]
fn no_mutation_makes_the_check_panic() {
    let sheets = sheets();
    assert!(sheets.len() > 20);
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let (text, name) = &sheets[seed as usize % sheets.len()];
        let text = shuffled(&broken(text, &mut random), &mut random);
        let report = report(name, &text);
        render::human(&report, seed % 2 == 0);
        render::short(&report);
        render::json(&report);
        render::sarif([&report]);
        assert_eq!(layout(&layout(&text)), layout(&text), "seed {seed}");
    }
}

/// The verdicts of what stands above a line.
fn above(report: &Report, line: usize) -> Vec<String> {
    let sources = &report.model.sources;
    let claims = report.claims.iter().filter(|claim| sources.line(claim.span) < line);
    claims.map(|claim| format!("{} {}", claim.name, claim.verdict.text())).collect()
}

#[test]
fn what_stands_above_a_broken_line_is_judged_as_before() {
    let sheets: Vec<_> = sheets().into_iter().filter(|(_, name)| *name == "sheet.ws").collect();
    for seed in 0..400 {
        let mut random = Random::new(1_000 + seed);
        let (text, name) = &sheets[seed as usize % sheets.len()];
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = random.below(lines.len());
        let line = broken(&lines[at], &mut random).replace('\n', " ");
        let before = above(&report(name, text), at + 1);
        lines[at].clone_from(&line);
        let after = above(&report(name, &lines.join("\n")), at + 1);
        assert_eq!(before, after, "seed {seed}, line {}: {line}", at + 1);
    }
}
