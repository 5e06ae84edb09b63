//! The figures as tables of a page in Markdown, between two marks that the page has.
//! It must not know how they were taken.

use crate::report::{Report, Row, bytes, digits};
use std::fmt::Write;

const BEGIN: &str = "<!-- figures: written by the benchmark -->\n";
const END: &str = "<!-- end of figures -->\n";

/// The page with the figures in the place of what is between its marks.
pub fn insert(page: &str, report: &Report) -> Result<String, String> {
    let missing = || format!("the page has no place for figures: a line {BEGIN} and then {END}");
    let (before, rest) = page.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    Ok(format!("{before}{BEGIN}\n{}\n{END}{after}", tables(report)))
}

fn tables(report: &Report) -> String {
    let mut text = String::new();
    about(&mut text, report);
    text.push_str("\n### Ratios, with their goals in brackets\n\n");
    ratios(&mut text, report);
    text.push_str("\n### Everything\n\n");
    everything(&mut text, report);
    text
}

fn about(text: &mut String, report: &Report) {
    let about = &report.about;
    let peers: Vec<_> =
        about.peers.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let mut line = |name: &str, what: &str| {
        writeln!(text, "- {name}: {what}").expect("writing to a string does not fail");
    };
    line("Machine", &about.machine);
    line("Date", &about.date);
    line("Compiler", &format!("{}, `{}`", about.rustc, about.rustflags));
    line("Library", &format!("wengert {}", about.wengert));
    line("Peers", &peers.join(", "));
    let (rounds, sample) = (report.rounds, report.sample_milliseconds);
    line("Rounds", &format!("{rounds}, of samples of {sample} ms or more"));
    for group in report.left_out.chunk_by(|one, next| one.reason == next.reason) {
        let modes: Vec<&str> = group.iter().map(|left_out| left_out.mode.as_str()).collect();
        line("Left out", &format!("{} ({})", modes.join(", "), group[0].reason));
    }
}

/// Modes down, workloads across.
fn ratios(text: &mut String, report: &Report) {
    let workloads = in_order(report.rows.iter().map(|row| row.workload.as_str()));
    let modes = in_order(report.rows.iter().map(|row| row.mode.as_str()));
    let find = |workload: &str, mode: &str| {
        report.rows.iter().find(|row| row.workload == workload && row.mode == mode)
    };
    line(text, std::iter::once("mode").chain(workloads.iter().copied()));
    line(text, std::iter::once("---").chain(workloads.iter().map(|_| "---:")));
    for mode in modes {
        let cell = |workload: &&str| find(workload, mode).map_or("".into(), ratio);
        let cells: Vec<String> = workloads.iter().map(cell).collect();
        line(text, std::iter::once(mode).chain(cells.iter().map(String::as_str)));
    }
}

/// A ratio, with its goal where it has one.
fn ratio(row: &Row) -> String {
    let goal = row.goal.map_or("".into(), |goal| format!(" *({goal})*"));
    digits(row.ratio) + &goal
}

fn everything(text: &mut String, report: &Report) {
    line(
        text,
        ["workload", "mode", "ratio", "spread", "goals", "ns/op", "tape B/op", "adjoints B/op"],
    );
    line(text, ["---", "---", "---:", "---:", "---", "---:", "---:", "---:"]);
    for row in &report.rows {
        let cells = cells(row);
        line(text, cells.iter().map(String::as_str));
    }
}

fn cells(row: &Row) -> [String; 8] {
    let of_adjoint = |cell: String| if row.is_baseline() { String::new() } else { cell };
    [
        row.workload.clone(),
        row.mode.clone(),
        digits(row.ratio),
        of_adjoint(row.spread()),
        of_adjoint(row.verdict()),
        format!("{:.3}", row.ns_per_op),
        of_adjoint(bytes(row.tape_bytes_per_op)),
        of_adjoint(bytes(row.adjoint_bytes_per_op)),
    ]
}

fn line<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    text.push('|');
    for cell in cells {
        write!(text, " {cell} |").expect("writing to a string does not fail");
    }
    text.push('\n');
}

/// Each name once, in the order of its first appearance.
fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIGURES: &str = include_str!("../figures.json");
    const PAGE: &str = include_str!("../../../docs/performance.md");

    #[test]
    fn the_page_shows_the_figures_that_are_kept() {
        let report: Report = serde_json::from_str(FIGURES).expect("figures.json is a report");
        let page = insert(PAGE, &report).expect("docs/performance.md has a place for them");
        assert!(
            page == PAGE,
            "docs/performance.md does not show crates/bench/figures.json; in crates/bench, run \
             `cargo run --release -- --from figures.json --markdown ../../docs/performance.md`"
        );
        for workload in ["W1", "W2", "W3", "W4", "W5", "W6"] {
            let is_measured = report.rows.iter().any(|row| row.workload.starts_with(workload));
            assert!(is_measured, "figures.json is not of a full run: {workload} is missing");
        }
    }

    #[test]
    fn a_page_without_marks_is_refused() {
        let report: Report = serde_json::from_str(FIGURES).expect("figures.json is a report");
        assert!(insert("# Performance\n", &report).is_err());
    }
}
