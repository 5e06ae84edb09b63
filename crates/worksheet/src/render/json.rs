//! For programs: the facts of a report as one JSON object.
//! It must not decide what is said.

use serde::Serialize;

use crate::{
    judge::{Claim, Fault, Verdict},
    report::Report,
    source::Span,
};

/// The version of the format: it grows when a field changes its meaning or goes away.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    file: &'a str,
    claims: Vec<Entry<'a>>,
    links: Vec<Place<'a>>,
    unchecked: Vec<Place<'a>>,
    errors: Vec<ErrorEntry<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: usize,
    column: usize,
    name: &'a str,
    claimed: &'a str,
    verdict: &'static str,
    own: Option<f64>,
    #[serde(rename = "true")]
    truth: Option<f64>,
    from: Vec<usize>,
    explanations: Vec<Explained<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Explained<'a> {
    kind: &'static str,
    text: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    line: usize,
    column: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct ErrorEntry<'a> {
    code: &'static str,
    line: usize,
    column: usize,
    text: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    ok: usize,
    rounding: usize,
    truncated: usize,
    carried: usize,
    slip: usize,
    answered: usize,
    unchecked: usize,
    links: usize,
    first: Option<usize>,
}

/// Writes a report as one JSON object on one line.
pub fn json(report: &Report) -> String {
    let sources = &report.model.sources;
    let root = Root {
        version: VERSION,
        file: &sources.get(report.model.page).name,
        claims: report.claims.iter().enumerate().map(|(i, c)| entry(report, i, c)).collect(),
        links: report.faults.iter().map(|fault| link(report, fault)).collect(),
        unchecked: report.model.unread.iter().map(|u| place(report, u.span, &u.reason)).collect(),
        errors: report.problems.iter().map(|p| error(report, p)).collect(),
        summary: summary(report),
    };
    serde_json::to_string(&root).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"))
}

fn place<'a>(report: &Report, span: Span, text: &'a str) -> Place<'a> {
    let at = report.model.sources.position(span);
    Place { line: at.line, column: at.column, text }
}

fn link<'a>(report: &Report, fault: &'a Fault) -> Place<'a> {
    place(report, fault.span, &fault.text)
}

fn error<'a>(report: &Report, problem: &'a crate::problem::Problem) -> ErrorEntry<'a> {
    let at = report.model.sources.position(problem.span());
    ErrorEntry {
        code: problem.code.text(),
        line: at.line,
        column: at.column,
        text: &problem.message,
        help: problem.help.as_deref(),
    }
}

fn entry<'a>(report: &'a Report, index: usize, claim: &'a Claim) -> Entry<'a> {
    let sources = &report.model.sources;
    let at = sources.position(claim.span);
    let elsewhere = claim.span.source != report.model.page;
    let mut from: Vec<usize> = claim.from.iter().map(|c| report.line(*c)).collect();
    from.dedup();
    let explained = report.explanations[index].iter();
    Entry {
        file: elsewhere.then(|| sources.get(claim.span.source).name.as_str()),
        line: at.line,
        column: at.column,
        name: &claim.name,
        claimed: sources.text(claim.span),
        verdict: claim.verdict.text(),
        own: claim.own.filter(|v| v.is_finite()),
        truth: claim.truth.filter(|v| v.is_finite()),
        from,
        explanations: explained.map(|e| Explained { kind: e.kind.text(), text: &e.text }).collect(),
        search: report.extents[index].text(),
        link: claim.faults.first().map(|fault| link(report, fault)),
        reason: claim.reason.as_deref(),
    }
}

fn summary(report: &Report) -> Summary {
    let counts = report.summary();
    Summary {
        ok: counts.count(Verdict::Ok),
        rounding: counts.count(Verdict::Rounding),
        truncated: counts.count(Verdict::Truncated),
        carried: counts.count(Verdict::Carried),
        slip: counts.count(Verdict::Slip),
        answered: counts.count(Verdict::Answered),
        unchecked: counts.count(Verdict::Unchecked) + report.model.unread.len(),
        links: report.faulty_links().count(),
        first: report.first(),
    }
}

/// Writes, in the same form, that a file could not be read.
pub fn json_unreadable(file: &str, problem: &crate::problem::Problem) -> String {
    let entry = serde_json::json!({
        "code": problem.code.text(), "line": 0, "column": 0,
        "text": problem.message, "help": problem.help,
    });
    let empty: [u8; 0] = [];
    serde_json::json!({
        "version": VERSION, "file": file, "claims": empty, "links": empty, "unchecked": empty,
        "errors": [entry], "summary": null,
    })
    .to_string()
}
