//! For editors and terminals: one line a message.
//! It must not decide what is said.

use std::fmt::Write;

use crate::{
    message::{Level, messages, summary},
    report::Report,
};

/// Writes a report as `file:line:column: level[code]: message`.
pub fn short(report: &Report) -> String {
    let sources = &report.model.sources;
    let mut out = String::new();
    for message in messages(report) {
        let span = message.span();
        let at = sources.position(span);
        let level = match message.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
            Level::Answer => "answer",
        };
        let name = &sources.get(span.source).name;
        let _ = write!(
            out,
            "{name}:{}:{}: {level}[{}]: {}",
            at.line, at.column, message.code, message.title
        );
        let label = message.labels.first().map(|l| l.text.as_str()).filter(|t| !t.is_empty());
        let more: Vec<&str> =
            label.into_iter().chain(message.notes.iter().map(String::as_str)).collect();
        let _ = writeln!(out, "{}{}", if more.is_empty() { "" } else { ": " }, more.join("; "));
    }
    let _ = writeln!(out, "{}: {}", sources.get(report.model.page).name, summary(report));
    out
}
