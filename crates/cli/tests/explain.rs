//! Derivations of the example sheets: as they were, right by the judge's own rules, and LaTeX that
//! compiles.

mod common;

use common::{printed, room, run, sheet};
use expect_test::expect_file;
use std::{path::Path, process::Command};

/// Every sheet that holds no slip, and what is written out in full.
const ALL: [(&str, &str); 6] = [
    ("backprop.ws", "w1"),
    ("annuity.ws", "y"),
    ("logistic.ws", "w1,t"),
    ("pendulum.ws", "T"),
    ("two-layers.ws", "u1"),
    ("network.ws", "w5"),
];

#[test]
fn the_example_is_derived_as_it_was() {
    let sheet = sheet("backprop.ws");
    let golden =
        |format: &str| printed(&["explain", &sheet, "--wrt", "w1", "--format", format], "");
    expect_file!["golden/explain/backprop.txt"].assert_eq(&golden("text"));
    expect_file!["golden/explain/backprop.md"].assert_eq(&golden("markdown"));
    expect_file!["golden/explain/backprop.tex"].assert_eq(&golden("latex"));
    let whole = printed(&["explain", &common::sheet("two-layers.ws")], "");
    expect_file!["golden/explain/two-layers.txt"].assert_eq(&whole);
}

#[test]
fn the_sheet_of_the_example_is_right() {
    let verdicts = printed(&["check", &sheet("backprop.ws"), "--format", "short"], "");
    assert!(verdicts.ends_with(": 42 right\n"), "{verdicts}");
}

#[test]
fn both_paths_and_their_sum_are_shown() {
    let sheet = sheet("backprop.ws");
    for format in ["text", "markdown", "latex"] {
        let text = printed(&["explain", &sheet, "--wrt", "w1", "--format", format], "");
        for number in
            ["= +0.055541", "= -0.019379", "0.055541 - 0.019379", "0.036162", "0.00044012"]
        {
            assert!(text.contains(number), "no {number} in {format}:\n{text}");
        }
    }
}

/// The derivation is a sheet itself, and its every number is judged as a student's would be.
#[test]
fn the_judge_agrees_with_every_line() {
    for (name, wrt) in ALL {
        for (format, ending) in [("text", "ws"), ("markdown", "md")] {
            let text = printed(&["explain", &sheet(name), "--wrt", wrt, "--format", format], "");
            let path = room("judged").join(format!("{name}.{ending}"));
            std::fs::write(&path, text).expect("room");
            let path = path.display().to_string();
            let verdicts = printed(&["check", &path, "--format", "short"], "");
            let (_, summary) = verdicts.trim_end().rsplit_once(": ").expect("a summary");
            let right = summary.strip_suffix(" right").expect("nothing but right numbers: ");
            assert!(right.parse::<usize>().expect(summary) > 3, "{verdicts}");
        }
    }
}

/// Makes pages of a derivation, and hands over what was said about them; says so where there is
/// nothing to make them with.
fn compile(room: &Path, name: &str, latex: &str) -> String {
    let file = format!("{name}.tex");
    std::fs::write(room.join(&file), latex).expect("room");
    let mut tex = Command::new("pdflatex");
    tex.args(["-interaction=nonstopmode", "-halt-on-error", &file]).current_dir(room);
    match tex.output() {
        Ok(output) => {
            let log = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{name} does not compile:\n{log}");
            assert!(room.join(format!("{name}.pdf")).exists(), "{name} gives no pages");
            log.into_owned()
        }
        Err(error) => {
            eprintln!(
                "skipped: there is no pdflatex ({error}); Debian has it in texlive-latex-base"
            );
            String::new()
        }
    }
}

#[test]
fn the_latex_compiles() {
    let room = room("latex");
    for (name, wrt) in ALL {
        let text = printed(&["explain", &sheet(name), "--wrt", wrt, "--format", "latex"], "");
        let log = compile(&room, name, &text);
        assert!(!log.contains("Overfull"), "{name} runs over the edge:\n{log}");
    }
}

/// Every primitive in LaTeX, with arguments that need brackets.
#[test]
fn every_primitive_compiles() {
    let names = |row: &wengert::Row| match row.arity {
        Some(1) => "x - y".to_owned(),
        Some(2) => "x - y, -x".to_owned(),
        Some(_) => "x - y, -x, x*y".to_owned(),
        None => "x - y, -x".to_owned(),
    };
    let rows = wengert::Op::ALL.iter().map(|op| op.row()).filter(|row| row.internal.is_none());
    let args = |row: &wengert::Row| match row.name {
        "powi" => "x - y, 3".to_owned(),
        "polygamma" => "2, x - y".to_owned(),
        _ => names(row),
    };
    let lines = rows.enumerate().map(|(k, row)| format!("q{k} = {}({})", row.name, args(row)));
    let lines: Vec<String> = lines.collect();
    let sum: Vec<String> = (0..lines.len()).map(|k| format!("q{k}")).collect();
    let sheet = format!("x = 0.7\ny = 0.2\n{}\nS = {}\n", lines.join("\n"), sum.join(" + "));
    let room = room("primitives");
    let path = room.join("primitives.ws");
    std::fs::write(&path, sheet).expect("room");
    let text = printed(&["explain", &path.display().to_string(), "--format", "latex"], "");
    assert!(!text.contains('#'), "an argument has been left out:\n{text}");
    assert!(!text.contains("--"), "two signs in a row:\n{text}");
    compile(&room, "primitives", &text);
}

/// A sheet of functions with kinks: their slopes are told apart by cases.
const KINKS: &str = "a = 0.7\nb = -0.3\nlo = 0.1\nr = relu(a*b + 0.5)\nm = max(a, b^2)\n\
                     q = abs(b)\nk = clamp(q, lo, 0.9)\nE = min(r, m) + q*k + select(b, a, q)\n";

#[test]
fn kinks_are_written_in_cases() {
    let latex = printed(&["explain", "-", "--wrt", "a,b", "--format", "latex"], KINKS);
    for line in [
        r"\begin{cases} 1 & \text{if } a \cdot b + 0.5 > 0 \\ 0 & \text{else} \end{cases} \cdot b",
        r"\frac{\partial q}{\partial b} &= \frac{b}{q} = \frac{-0.3}{0.3} = -1",
    ] {
        assert!(latex.contains(line), "{line} is not in\n{latex}");
    }
    let room = room("kinks");
    let log = compile(&room, "kinks", &latex);
    assert!(!log.contains("Overfull"), "{log}");
    let text = printed(&["explain", "-", "--wrt", "a,b"], KINKS);
    let path = room.join("kinks.ws");
    std::fs::write(&path, text).expect("room");
    let verdicts = printed(&["check", &path.display().to_string(), "--format", "short"], "");
    assert!(verdicts.ends_with(" right\n") && !verdicts.contains(','), "{verdicts}");
}

#[test]
fn what_cannot_be_explained_is_said() {
    let said = |args: &[&str]| {
        let output = run(args, "");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).expect("text")
    };
    let network = sheet("network.ws");
    let unknown = said(&["explain", &network, "--wrt", "w9"]);
    assert!(unknown.contains("`w9` is not on the sheet"), "{unknown}");
    let unknown = said(&["explain", &network, "--of", "F"]);
    assert!(unknown.contains("`F` is not on the sheet"), "{unknown}");
    assert!(said(&["explain", "no-such-file.ws"]).contains("cannot read no-such-file.ws"));
}
