//! For code scanners: the messages of reports as one SARIF 2.1.0 log.
//! It must not decide what is said.

use serde_json::{Value, json};

use crate::{
    explain::explanation,
    message::{Level, Message, messages},
    report::Report,
    source::{Sources, Span},
};

/// Writes reports as one log.
pub fn sarif<'a>(reports: impl IntoIterator<Item = &'a Report>) -> String {
    let mut results = Vec::new();
    let mut codes: Vec<&'static str> = Vec::new();
    for report in reports {
        for message in messages(report).iter().filter(|m| m.level != Level::Answer) {
            codes.push(message.code);
            results.push(result(message, &report.model.sources));
        }
    }
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<Value> = codes.into_iter().map(rule).collect();
    let driver = json!({ "name": "wengert", "version": env!("CARGO_PKG_VERSION"), "rules": rules });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
    });
    log.to_string()
}

fn rule(code: &'static str) -> Value {
    let text = explanation(code).unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    json!({ "id": code, "shortDescription": { "text": first }, "fullDescription": { "text": text } })
}

fn result(message: &Message, sources: &Sources) -> Value {
    let level = match message.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Answer => "note",
    };
    let label = message.labels.first().map(|l| l.text.clone()).filter(|t| !t.is_empty());
    let words: Vec<String> =
        std::iter::once(message.title.clone()).chain(label).chain(message.notes.clone()).collect();
    let places: Vec<Value> =
        message.labels.iter().map(|l| location(l.span, &l.text, sources)).collect();
    json!({
        "ruleId": message.code,
        "level": level,
        "message": { "text": words.join("; ") },
        "locations": places.first().into_iter().collect::<Vec<_>>(),
        "relatedLocations": places.iter().skip(1).collect::<Vec<_>>(),
    })
}

fn location(span: Span, text: &str, sources: &Sources) -> Value {
    let source = sources.get(span.source);
    let (start, end) = (source.position(span.start), source.position(span.end));
    let mut place = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": source.name.replace(' ', "%20") },
            "region": {
                "startLine": start.line, "startColumn": start.column,
                "endLine": end.line, "endColumn": end.column,
            },
        },
    });
    if !text.is_empty() {
        place["message"] = json!({ "text": text });
    }
    place
}
