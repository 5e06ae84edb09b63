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

/// The numbers of a link that is nothing but a sum of them, as they are printed.
fn terms(link: &str) -> Option<Vec<f64>> {
    let words =
        link.replace(r"\left", "").replace(r"\right", "").replace("- ", "-").replace("+ ", "+");
    let number = |word: &str| word.trim_matches(['(', ')', '+']).replace("-(-", "").parse().ok();
    words.split_whitespace().map(number).collect()
}

/// Whether a printed total is what printed numbers add up to, rounded to its own digits or to six
/// decimals, whichever are more.
fn adds_up(terms: &[f64], total: &str) -> bool {
    let decimals = total.split_once('.').map_or(0, |(_, decimals)| decimals.len()).max(6);
    let sum: f64 = terms.iter().sum();
    (sum - total.parse::<f64>().expect("a number")).abs() < 0.5001 * 0.1f64.powi(decimals as i32)
}

/// Thirds and ninths: with six decimals each, hardly any of these sums would add up.
const THIRDS: &str = "a = 3\nb = 7\nu = 1/a\nv = 1/a + u\nw = u + v + u\nr = 1/b - u\ns = w + r + u + v\n\
                      q = s*u + v*w + u*v\nE = q*q + r/b + q*r + u*q\n";

#[test]
fn sums_add_up_in_the_digits_that_are_shown() {
    for format in ["text", "markdown", "latex"] {
        let args = ["explain", "-", "--wrt", "a,b", "--format", format];
        let network = printed(&["explain", &sheet("network.ws"), "--format", format], "");
        let thirds = printed(&args, THIRDS);
        let mut sums = 0;
        for line in thirds.lines().chain(network.lines()) {
            let line = line.split("  #").next().unwrap_or_default();
            let line = line.split("&&").next().unwrap_or_default();
            let links: Vec<&str> =
                line.trim_end_matches(r" \\").split("= ").map(str::trim).collect();
            for pair in links.windows(2) {
                let (Some(terms), Some(total)) = (terms(pair[0]), terms(pair[1])) else { continue };
                if terms.len() > 1 && total.len() == 1 {
                    sums += 1;
                    assert!(adds_up(&terms, pair[1]), "{line}");
                }
            }
        }
        assert!(sums > 8, "only {sums} sums in\n{thirds}");
        let more = thirds.contains("1.3333333 + 0.3333333 = 1.666667");
        assert!(more, "digits are added where they are needed:\n{thirds}");
    }
}

/// Quantities with names in several scripts, and one that begins with a letter of Greek.
const SCRIPTS: &str = "größe = 3\naño = 2\nñ = 1.5\nö1 = 0.5\nдельта = 4\n中 = 5\nβ_größe = 1.2\n\
                       Łódź = 0.7\nðæŋ = 0.3\nμм = 2\n\
                       Σ = größe*año + ñ*ö1 + дельта*中*β_größe*Łódź + ðæŋ*μм\né' = Σ*2\n";

#[test]
fn names_in_any_script_are_shown_or_said_not_to_be() {
    let of = |format: &str| {
        printed(&["explain", "-", "--wrt", "größe,中,ðæŋ", "--format", format], SCRIPTS)
    };
    let latex = of("latex");
    for shown in [
        r"\text{größe}",
        r"\text{año}",
        r"\text{Łódź}",
        r"\text{\codepoint{4E2D}}",
        "% U+4E2D is 中",
    ] {
        assert!(latex.contains(shown), "no {shown} in\n{latex}");
    }
    assert!(latex.contains("do not have are written by their numbers in Unicode"), "{latex}");
    let log = compile(&room("scripts"), "scripts", &latex);
    for word in ["Warning: Command", "Missing character", "undefined"] {
        assert!(!log.contains(word), "{log}");
    }
    let european = SCRIPTS.replace("дельта*中*", "").replace(" + ðæŋ*μм", "");
    let latex = printed(&["explain", "-", "--format", "latex"], &european);
    assert!(!latex.contains("codepoint"), "{latex}");
    for (format, ending) in [("text", "ws"), ("markdown", "md")] {
        let path = room("scripts").join(format!("scripts.{ending}"));
        std::fs::write(&path, of(format)).expect("room");
        let verdicts = printed(&["check", &path.display().to_string(), "--format", "short"], "");
        assert!(verdicts.ends_with(" right\n") && !verdicts.contains(", "), "{verdicts}");
    }
}

/// Every letter that a document is said to have is in the fonts of LaTeX.
#[test]
fn latin_letters_compile() {
    let letters: Vec<char> = ('À'..='ſ').filter(|c| c.is_alphabetic()).collect();
    let lines = letters.iter().map(|c| format!("a{c} = 2\n")).collect::<String>();
    let sum = letters.iter().map(|c| format!("a{c}")).collect::<Vec<_>>().join(" + ");
    let latex = printed(&["explain", "-", "--format", "latex"], &format!("{lines}S = {sum}\n"));
    let log = compile(&room("latin"), "latin", &latex);
    for word in ["Warning: Command", "Missing character", "undefined"] {
        assert!(!log.contains(word), "{log}");
    }
}

/// Every primitive in LaTeX, with arguments that need brackets.
#[test]
fn every_primitive_compiles() {
    let names = |row: &wengert::Row| {
        let args = ["x - y", "-x", "x*y", "y"];
        args.into_iter().cycle().take(row.arity.unwrap_or(2)).collect::<Vec<_>>().join(", ")
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
