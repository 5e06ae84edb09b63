//! The check of derivatives at special points: no right one is accused, and no wrong one is called
//! right. It must not know how the check works.

mod special;

use special::specials;
use std::path::Path;
use std::{env, fs};
use wengert::check::{Component, NearBy, Reason};
use wengert::{Report, Verdict};

/// What a report says, in a few words.
fn words(report: &Report) -> String {
    let finding = report.findings.first().map(|f| format!(": {}", f.mistake.name()));
    let finding = finding.unwrap_or_default();
    let reason = |c: &Component| match c.reason {
        Reason::AtKink(_) => "at a border",
        Reason::NoTruth => "no derivative",
        Reason::BelowError { .. } => "within rounding",
        _ => "for another reason",
    };
    match (report.verdict(), &report.near_by) {
        (Verdict::Right, NearBy::Constant | NearBy::Nothing) => "right at this point".to_owned(),
        (Verdict::Right, _) => "right".to_owned(),
        (Verdict::Wrong, _) => format!("wrong{finding}"),
        (_, NearBy::Wrong { .. }) => format!("right here, wrong near by{finding}"),
        _ => {
            let open = report.components.iter().find(|c| c.verdict == Verdict::CannotTell);
            format!("cannot tell, {}", open.map_or("", reason))
        }
    }
}

#[test]
fn no_right_derivative_is_accused_and_no_wrong_one_passes() {
    let mut rows = Vec::new();
    let (mut open, mut all) = (0, 0);
    let mut failures = Vec::new();
    for special in specials() {
        let [right, wrong] = special.reports();
        let what = format!("{} at {:?}", special.function, special.x);
        let accused = right.verdict() == Verdict::Wrong
            || !right.findings.is_empty()
            || right.to_string().contains("wrong");
        if accused {
            failures.push(format!("{what}: a right derivative is accused\n{right}"));
        }
        if wrong.is_right() || wrong.passes() {
            failures.push(format!("{what}: {}, and it passes\n{wrong}", special.mistake));
        }
        rows.push(format!(
            "| {} | {} | {} | {} | {} |",
            special.point,
            special.function.replace('|', "\\|"),
            words(&right),
            special.mistake,
            words(&wrong)
        ));
        open += usize::from(!right.is_right());
        all += 1;
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(all >= 60, "{all} points");
    assert!(3 * open <= all, "{open} of {all} right derivatives cannot be told");
    rows.push(format!(
        "\nRight derivatives: {all}, none accused, {} right, {open} cannot tell.",
        all - open
    ));
    rows.push(format!("Wrong derivatives: {all}, none called right."));
    compare_with_the_page(&rows.join("\n"));
}

/// The table in the book is what the check says. `UPDATE_GOLDEN=1` writes it anew.
fn compare_with_the_page(table: &str) {
    const HEAD: &str = "| point | function | right derivative | mistake | wrong derivative |\n|---|---|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checking-gradients.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("the page has the table");
    let (_, after) = rest.split_once("\n\n## ").expect("a section follows the table");
    let renewed = format!("{before}{HEAD}{table}\n\n## {after}");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, renewed).unwrap();
    } else if renewed != page {
        let odd = table.lines().find(|line| !page.contains(line)).unwrap_or("a line is gone");
        panic!("docs/checking-gradients.md does not say: {odd}\nIf this is meant: just golden");
    }
}
