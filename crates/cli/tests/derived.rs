//! Sheets whose formulas hold derivatives, and sheets on which something is missing or has no value,
//! by every command that answers with numbers. It must not know how they are computed.

mod common;

use common::{printed, run, sheet};
use std::process::Output;

fn said(output: &Output) -> [String; 2] {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned())
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("JSON")
}

/// Every example sheet, with what it is about last.
const ALL: [(&str, &str); 9] = [
    ("annuity.ws", "S"),
    ("backprop-given.ws", "w4'"),
    ("backprop.ws", "w8'"),
    ("logistic.ws", "b'"),
    ("network-slips.ws", "w8'"),
    ("network.ws", "w8'"),
    ("pendulum.ws", "k"),
    ("post.ws", "E'"),
    ("two-layers.ws", "L"),
];

#[test]
fn every_command_answers_on_every_example_sheet() {
    let found = std::fs::read_dir(sheet("")).expect("the examples");
    let sheets = found.filter(|entry| {
        entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|ext| ext == "ws"))
    });
    assert_eq!(sheets.count(), ALL.len(), "a sheet is not in the list");
    for (name, last) in ALL {
        let sheet = sheet(name);
        let gradient = json(&printed(&["grad", &sheet, "--format", "json"], ""));
        assert_eq!(gradient["of"], last, "{name}");
        assert!(gradient["value"].is_number(), "{name}: {gradient}");
        let slopes = gradient["gradient"].as_object().expect("derivatives");
        assert!(slopes.values().all(serde_json::Value::is_number), "{name}: {gradient}");
        for command in
            [&["explain"][..], &["explain", "--expand"], &["graph", "--format", "dot"], &["page"]]
        {
            for of in [&[][..], &["--of", last]] {
                let output = run(&[command, &[&sheet], of].concat(), "");
                let [text, beside] = said(&output);
                assert!(
                    output.status.success() && beside.is_empty(),
                    "{command:?} {name}: {beside}"
                );
                let shown = command[0] != "page" && text.contains("NaN");
                assert!(!text.is_empty() && !shown, "{command:?} {of:?} {name}:\n{text}");
            }
        }
    }
}

#[test]
fn the_page_of_markdown_is_answered_with_what_it_leaves_out() {
    let given = format!("@{}", sheet("backprop-given.ws"));
    let page = sheet("backprop.md");
    let args = ["grad", &page, "--given", &given, "--of", "w8'", "--wrt", "w8", "--format", "json"];
    let gradient = json(&printed(&args, ""));
    let close = |value: &serde_json::Value, expected: f64| {
        assert!((value.as_f64().expect("a number") - expected).abs() < 1e-9, "{gradient}");
    };
    close(&gradient["value"], 0.5613327462512917);
    // 1 - 0.5 (s' ^ 2 - (t - s) s'') h2^2, for the sigmoid s at y2.
    let (s, t, h): (f64, f64, f64) = (0.770690491878, 0.99, 0.584797675);
    let slope = s * (1.0 - s);
    let curved = slope * slope - (t - s) * slope * (1.0 - 2.0 * s);
    close(&gradient["gradient"]["w8"], 1.0 - 0.5 * curved * h * h);
}

#[test]
fn updates_are_differentiated() {
    let grad = |sheet: &str| printed(&["grad", "-"], sheet);
    assert_eq!(grad("x = 3\ny = x*x\nx' = x - 0.1*dy/dx\n"), "x' = 2.4\ndx'/dx = 0.8\n");
    let second = "x = 3\ny = x*x\nz = x - 0.1*dy/dx = 2.4\ndz/dx = 0.8\nu = z*z\ndu/dx = 3.84\n";
    let gradient = json(&printed(&["grad", "-", "--format", "json"], second));
    assert!((gradient["gradient"]["x"].as_f64().expect("a number") - 3.84).abs() < 1e-14);
    let verdicts = printed(&["check", "-", "--format", "short"], second);
    assert!(verdicts.ends_with(" 3 right\n"), "{verdicts}");
    // An infinite slope behind the edge that a maximum does not take.
    let kink = "x = 0\nk = 1\ny = max(sqrt(x), k)\nx1 = x - 0.1*dy/dx\nloss = x1^2 + 3*x1\n";
    assert_eq!(grad(kink), "loss = 0\ndloss/dx = 3\ndloss/dk = 0\n");
}

#[test]
fn a_given_that_is_missing_is_named() {
    let page = "$$y = x \\cdot 2$$\n$$z = y^2 = 16$$\n";
    for command in ["grad", "explain", "graph", "page"] {
        for of in [&[][..], &["--of", "y"]] {
            let output = run(&[&[command, "-"], of].concat(), page);
            let [text, beside] = said(&output);
            assert_eq!((output.status.code(), text.as_str()), (Some(2), ""), "{command}");
            for part in ["`x` is not on the sheet", "line 1", "--given \"x = ...\""] {
                assert!(beside.contains(part), "{command}: no {part} in {beside}");
            }
            let answered = run(&[&[command, "-", "--given", "x = 2"], of].concat(), page);
            assert!(answered.status.success(), "{command}: {:?}", said(&answered));
        }
    }
}

#[test]
fn a_nan_comes_with_its_reason() {
    let value = "x = -1\ny = 3*ln(x)\nz = y + x\n";
    let slope = "x = 0\nr = sqrt(x)\ny = r^2\n";
    let held = "x = 0\nr = sqrt(x)\ny = r^2\nz = 2*x + dy/dx\n";
    let bounds = "x = 1\nlo = 2\nz = 1 + clamp(x, lo, x)\n";
    for (sheet, reason) in [
        (
            value,
            "`ln` (%2) is NaN: it has a value only for { x >= 0.0 }, and was given input `x` = -1",
        ),
        (slope, "the adjoint of input `x` is NaN: 0 times infinity"),
        (held, "the adjoint of input `x` is NaN: 0 times infinity"),
        (bounds, "`clamp(x, lo, x)` has no value: lo must not be above hi"),
    ] {
        let output = run(&["grad", "-"], sheet);
        let [text, beside] = said(&output);
        assert!(text.contains("= NaN"), "{text}");
        assert!(beside.starts_with("note[undefined]: ") && beside.contains(reason), "{beside}");
        let [text, _] = said(&run(&["grad", "-", "--format", "json"], sheet));
        assert!(json(&text)["notes"][0].as_str().expect("a note").contains(reason), "{text}");
        for command in ["explain", "graph", "page"] {
            let [_, beside] = said(&run(&[command, "-"], sheet));
            assert!(beside.starts_with("note[undefined]: "), "{command}: {beside}");
        }
    }
    let fine = run(&["grad", "-"], "x = 2\ny = ln(x)\n");
    assert_eq!(said(&fine)[1], "");
    assert!(
        !said(&run(&["grad", "-", "--format", "json"], "x = 2\ny = ln(x)\n"))[0].contains("notes")
    );
}

#[test]
fn every_path_inside_a_formula_is_shown_on_demand() {
    let sheet = "x = 2\ny = 3\nf = (x*y + sin(x))*exp(-y)\n";
    let text = printed(&["explain", "-", "--expand", "--wrt", "x"], sheet);
    for line in [
        "# 2 paths lead from x to f:",
        "#   x -> f_1 -> f_3 -> f",
        "#   x -> f_2 -> f_3 -> f",
        "df/df_1*df_1/dx = 0.049787*3 = +0.149361    # by way of f_1",
        "df/df_2*df_2/dx = 0.049787*(-0.416147) = -0.020719    # by way of f_2",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} is not in\n{text}");
    }
    let verdicts = printed(&["check", "-", "--format", "short"], &text);
    assert!(verdicts.ends_with(": 18 right\n"), "{verdicts}");
    // A name that is taken is left alone.
    let taken = printed(&["explain", "-", "--expand"], "x = 2\nf_1 = 3*x\nf = exp(x)*f_1\n");
    assert!(taken.contains("f_2 = exp(x)"), "{taken}");
}
