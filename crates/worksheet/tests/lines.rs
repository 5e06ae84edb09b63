//! No line is lost: what is wrong with one statement leaves the verdicts of all others as they are.

use std::collections::BTreeMap;

use wengert_worksheet::{
    report::{Options, Report, check},
    source::Source,
};

fn report(name: &str, text: &str) -> Report {
    check(Source::new(name, text), Options::default())
}

/// What is said of the statements, by line: verdicts, faulty links, errors and what is unread.
fn said(report: &Report) -> BTreeMap<usize, Vec<String>> {
    let mut said: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let sources = &report.model.sources;
    for claim in &report.claims {
        let words = format!("{} {}", claim.name, claim.verdict.text());
        said.entry(sources.line(claim.span)).or_default().push(words);
    }
    let faults = report.faults.iter().chain(report.claims.iter().flat_map(|claim| &claim.faults));
    for fault in faults {
        said.entry(sources.line(fault.span)).or_default().push("link".into());
    }
    for problem in &report.problems {
        said.entry(sources.line(problem.span())).or_default().push(problem.to_string());
    }
    for unread in &report.model.unread {
        said.entry(sources.line(unread.span)).or_default().push(unread.reason.clone());
    }
    said
}

/// The lines with a slip.
fn slips(text: &str) -> Vec<usize> {
    let said = said(&report("sheet.ws", text));
    said.iter()
        .filter(|(_, words)| words.iter().any(|w| w.ends_with(" slip")))
        .map(|l| *l.0)
        .collect()
}

/// Every printable character of ASCII, and others that people write or paste.
fn characters() -> impl Iterator<Item = char> {
    let others = "½²³⁻₁′″’·×÷−–≈≤≥≠→⇒≡√∛∞±°∑∏∫…‖€£“”„«»äßñσθΔŷдж中文😀🧮´¨ªº§¶†\u{301}\u{ad}\u{200b}\
                  \u{202e}\u{feff}\u{a0}\u{85}\u{2028}\u{0}\u{1b}\t\r＝（１";
    (' '..='~').chain(others.chars())
}

/// The lines of a sheet with a character at each position of one of them, and alone there.
fn damaged<'a>(lines: &'a [&str], at: usize) -> impl Iterator<Item = (String, Vec<String>)> + 'a {
    let line: Vec<char> = lines[at].chars().collect();
    let put = move |c: char| {
        let mut all: Vec<String> = (0..=line.len())
            .map(|k| line[..k].iter().chain([&c]).chain(&line[k..]).collect())
            .collect();
        all.push(c.to_string());
        (c, all)
    };
    characters().map(put).flat_map(move |(c, all)| {
        all.into_iter().map(move |line| {
            let mut lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
            lines[at] = line;
            (format!("{c:?} in line {}: {:?}", at + 1, lines[at]), lines)
        })
    })
}

/// Puts every character everywhere into one statement. What is said of the others, a line each and
/// `every` lines apart, must stay as it is.
fn others_stay(name: &str, lines: &[&str], sheet: impl Fn(&[String]) -> String, every: usize) {
    let whole: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
    let before = said(&report(name, &sheet(&whole)));
    let first = sheet(&whole).lines().position(|l| l.contains(lines[0])).expect("the first") + 1;
    for at in 1..lines.len() {
        let here = first + at * every;
        // Delimiters may stand on lines of their own.
        let around = usize::from(every > 2);
        let own = here - around..=here + around;
        for (what, lines) in damaged(lines, at) {
            let mut after = said(&report(name, &sheet(&lines)));
            let mut before = before.clone();
            before.retain(|line, _| !own.contains(line));
            after.retain(|line, _| !own.contains(line));
            assert_eq!(before, after, "{what}");
        }
    }
}

/// Slips, a right number, a chain over a formula and numbers, and an answer.
const PLAIN: [&str; 5] =
    ["x = 3", "a = 2*x = 7", "b = x + 1 = 4", "c = 2*x^2 = 2*9 = 19", "d = exp(x) = ?"];

#[test]
fn a_character_anywhere_costs_its_own_line_on_a_plain_sheet() {
    others_stay("sheet.ws", &PLAIN, |lines| lines.join("\n") + "\n", 1);
}

#[test]
fn a_character_anywhere_costs_its_own_line_in_a_fence() {
    let page = |lines: &[String]| format!("# Page\n\n```worksheet\n{}\n```\n", lines.join("\n"));
    others_stay("page.md", &PLAIN, page, 1);
}

#[test]
fn a_character_anywhere_costs_its_own_display_on_a_page() {
    let math =
        ["x = 3", "a = 2x = 7", "b = x + 1 = 4", "c = 2x^2 = 2 \\cdot 9 = 19", "d = e^x = ?"];
    for (open, close) in [("$$", "$$"), ("\\[", "\\]"), ("$$\n", "\n$$"), ("$", "$")] {
        let display = |line: &String| format!("{open}{line}{close}");
        let page = |lines: &[String]| {
            format!("# Page\n\n{}\n", lines.iter().map(display).collect::<Vec<_>>().join("\n\n"))
        };
        let every = display(&String::new()).lines().count().max(1) + 1;
        others_stay("page.md", &math, page, every);
    }
    let page =
        |lines: &[String]| format!("\\begin{{align}}\n{}\n\\end{{align}}\n", lines.join(" \\\\\n"));
    others_stay("page.tex", &math, page, 1);
}

#[test]
fn a_broken_delimiter_costs_its_own_display() {
    let math = ["x = 3", "a = 2x = 7", "b = x + 1 = 4", "c = 2x^2 = 19"];
    for (open, close) in [
        ("$$", "$$"),
        ("\\[", "\\]"),
        ("$", "$"),
        ("\\(", "\\)"),
        ("\\begin{equation}", "\\end{equation}"),
    ] {
        let math = math.map(|line| format!("{open}{line}{close}"));
        let math = math.each_ref().map(String::as_str);
        others_stay("page.md", &math, |lines| lines.join("\n\n") + "\n", 2);
    }
}

#[test]
fn a_display_that_never_ends_costs_itself() {
    let rest = "\n\n$$b = 2x = 7$$\n\nand $c = 3x = 10$\n";
    for broken in [
        "$$a = 2x",
        "$$a = 2x$",
        "\\[a = 2x",
        "\\(a = 2x = 6",
        "$a = 2x = 6",
        "a = 2x$$",
        "$$",
        "$",
    ] {
        let said = said(&report("page.md", &format!("$$x = 3$$\n\n{broken}{rest}")));
        assert_eq!(said.get(&5).map(|s| s[0].as_str()), Some("b slip"), "{broken}: {said:?}");
        assert_eq!(said.get(&7).map(|s| s[0].as_str()), Some("c slip"), "{broken}: {said:?}");
    }
}

#[test]
fn slips_beside_an_unread_line_are_found() {
    assert_eq!(slips("x = 3\na = 2*x = 7\nb = |a| = 7"), [2]);
    assert_eq!(slips("x = 3\na = 2*x = 7\nb = x! = 6\nc = 2*a = 14"), [2]);
    assert_eq!(slips("x = 3\na = 2*x = 7\nb = |x| = 3\nc = 2*x = 7\nd = 2*x = 7"), [2, 4, 5]);
}

#[test]
fn numbers_at_the_ends_of_their_range_are_judged_or_refused() {
    let verdict = |line: &str| {
        let report = report("sheet.ws", &format!("x = 2\n{line}\n"));
        (report.exit_status(), said(&report).remove(&2).unwrap_or_default().join("; "))
    };
    let long = format!("y = x*3 = 0.{}", "3".repeat(324));
    let longer = format!("y = x/6 = 0.{}", "3".repeat(400));
    for (line, status, words) in [
        ("y = x*3 = 1e-323", 1, "y slip"),
        ("y = x*3 = 5e-324", 1, "y slip"),
        (long.as_str(), 1, "y slip"),
        (longer.as_str(), 0, "y ok"),
        ("y = 1e-323*x = 2e-323", 0, "y ok"),
        ("y = x*5e-324 ~ 1e-323", 0, "y ok"),
        ("y = x*3 = 1e307", 1, "y slip"),
        ("y = 4503599627370497*x = 9007199254740994", 0, "y ok"),
        ("y = x*3 = 0.000", 1, "y slip"),
    ] {
        assert_eq!(verdict(line), (status, words.to_owned()), "{line}");
    }
    for (line, words) in [
        ("y = x*3 = 1e400", "this is not a number that can be computed with"),
        ("y = x*3 = 1e-400", "this number is too small to be computed with"),
        ("y = 2*10^-400", "this is not a number that can be computed with"),
        ("y = -2.5*10^400", "this is not a number that can be computed with"),
        ("y = x*3 = 9007199254740993", "this whole number cannot be computed with exactly"),
        ("n = 123456789012345678901", "this whole number cannot be computed with exactly"),
    ] {
        let (status, said) = verdict(line);
        assert!(status == 2 && said.starts_with(words), "{line}: {said}");
    }
}
