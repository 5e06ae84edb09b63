//! The commands as they are typed: what they print, and their exit status.

mod common;

use common::run;
use std::process::Output;

const SHEET: &str = "x = 3\nk = 5\ny = x^2 = 9\nz = y + x = 13\n";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn check_says_what_is_wrong_by_its_status() {
    for (sheet, status) in [("x = 1\n", 0), (SHEET, 1), ("x = (\n", 2)] {
        assert_eq!(run(&["check", "-"], sheet).status.code(), Some(status), "{sheet}");
    }
    let missing = run(&["check", "no-such-file.ws"], "");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("cannot read no-such-file.ws"));
}

#[test]
fn check_prints_json_for_each_file() {
    let output = run(&["check", "-", "no-such-file.ws", "--format", "json"], SHEET);
    let text = said(&output);
    let objects: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(objects.len(), 2);
    let claim = &objects[0]["claims"][1];
    assert_eq!((claim["line"].as_u64(), claim["column"].as_u64()), (Some(4), Some(13)));
    assert_eq!((claim["verdict"].as_str(), claim["claimed"].as_str()), (Some("slip"), Some("13")));
    assert_eq!((claim["own"].as_f64(), claim["true"].as_f64()), (Some(12.0), Some(12.0)));
    assert_eq!(objects[1]["errors"][0]["code"], "file");
}

#[test]
fn check_takes_givens_and_aliases() {
    let page = "$$ out_{h1} = 0.5744 $$\n";
    let args = [
        "check",
        "-",
        "--given",
        "z = 0.3",
        "--given",
        "h1 = sigmoid(z)",
        "--alias",
        "out_h1=h1",
        "--format",
        "short",
    ];
    let output = run(&args, page);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("1 right"));
    assert_eq!(run(&["check", "-", "--alias", "nonsense"], page).status.code(), Some(2));
    assert_eq!(run(&["check", "-", "--given", "@no-such-file"], page).status.code(), Some(2));
}

#[test]
fn codes_are_explained() {
    assert!(said(&run(&["check", "--explain", "stale"], "")).contains("older input"));
    assert_eq!(run(&["check", "--explain", "nonsense"], "").status.code(), Some(2));
}

#[test]
fn grad_prints_one_line_a_file() {
    let output = run(&["grad", "-", "--format", "json"], SHEET);
    assert_eq!(said(&output), "{\"of\":\"z\",\"value\":12.0,\"gradient\":{\"x\":7.0,\"k\":0.0}}\n");
    let output = run(&["grad", "-", "--of", "y", "--wrt", "x", "--format", "json"], SHEET);
    assert_eq!(said(&output), "{\"of\":\"y\",\"value\":9.0,\"gradient\":{\"x\":6.0}}\n");
    let output = run(&["grad", "-", "--format", "json"], "x = 0\ny = 1/x\n");
    assert_eq!(said(&output), "{\"of\":\"y\",\"value\":\"inf\",\"gradient\":{\"x\":\"-inf\"}}\n");
    assert_eq!(run(&["grad", "-", "--of", "nothing"], SHEET).status.code(), Some(2));
}

#[test]
fn new_writes_a_sheet_that_is_right_and_even() {
    let sheet = said(&run(&["new"], ""));
    assert_eq!(run(&["check", "-"], &sheet).status.code(), Some(0));
    assert_eq!(
        run(&["fmt", "--check", "-"], &sheet).status.code(),
        Some(0),
        "{}",
        said(&run(&["fmt", "-"], &sheet))
    );
    assert_eq!(said(&run(&["fmt", "-"], "a=1\nlong=2\n")), "a    = 1\nlong = 2\n");
}

#[test]
fn a_sheet_without_claims_is_told_so() {
    for sheet in ["", "x = 1\n"] {
        let output = run(&["check", "-"], sheet);
        assert!(said(&output).starts_with("nothing is claimed here"), "{}", said(&output));
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn the_table_is_listed() {
    let text = said(&run(&["ops"], ""));
    let listed = |name: &str| text.lines().any(|line| line.starts_with(&format!("{name}(")));
    for op in wengert::Op::ALL {
        assert_eq!(listed(op.name()), op.row().internal.is_none(), "{}", op.name());
    }
    for internal in ["chain", "open", "silu_slope", "pow_log"] {
        let output = run(&["ops", internal], "");
        assert!(!said(&output).contains(&format!("{internal}(")), "{}", said(&output));
        let sheet = format!("x = 1\ny = {internal}(x, x) = ?\n");
        assert_eq!(run(&["check", "-"], &sheet).status.code(), Some(2), "{internal}");
    }
    assert!(said(&run(&["ops", "sigm"], "")).starts_with("sigmoid(x)"));
    let none = run(&["ops", "sigmoit"], "");
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert_eq!(none.status.code(), Some(1));
    assert_eq!(said, "no function has `sigmoit` in its name; did you mean `sigmoid`?\n");
}

#[test]
fn shells_and_man_are_served() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(said(&run(&["completions", shell], "")).contains("wengert"));
    }
    assert!(said(&run(&["man"], "")).contains("wengert\\-check(1)"));
    let page = said(&run(&["man", "check"], ""));
    assert!(page.contains(".TH wengert-check 1") && page.contains("\\-\\-absolute"), "{page}");
    assert_eq!(run(&["man", "nothing"], "").status.code(), Some(2));
}
