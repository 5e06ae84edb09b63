//! For people: every message with its lines and marks, then one line that sums up.
//! It must not decide what is said.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::{
    message::{self, Message, messages, summary},
    problem::Label,
    report::Report,
    source::{Source, Sources},
};

/// The widest line that is shown whole; more is folded around the marks.
const WIDEST: usize = 100;

/// Draws a report, in colour if the terminal wants it.
pub fn human(report: &Report, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(WIDEST);
    let sources = &report.model.sources;
    let mut out = String::new();
    for message in messages(report) {
        out.push_str(&renderer.render(&[group(&message, sources)]));
        out.push_str("\n\n");
    }
    out.push_str(&summary(report));
    out.push('\n');
    out
}

fn level(message: &Message) -> Level<'static> {
    match message.level {
        message::Level::Error => Level::ERROR,
        message::Level::Warning => Level::WARNING,
        message::Level::Note => Level::NOTE,
        message::Level::Answer => Level::INFO.with_name("answer"),
    }
}

fn group<'a>(message: &'a Message, sources: &'a Sources) -> Group<'a> {
    let title = level(message).primary_title(message.title.as_str()).id(message.code);
    let mut group = Group::with_title(title);
    let mut shown: Vec<(u32, usize)> = Vec::new();
    for (index, label) in message.labels.iter().enumerate() {
        let at = (label.span.source, sources.line(label.span));
        if shown.contains(&at) {
            continue;
        }
        shown.push(at);
        let same = |l: &&Label| (l.span.source, sources.line(l.span)) == at;
        let labels: Vec<&Label> = message.labels.iter().filter(same).collect();
        group = group.element(snippet(&labels, sources, index == 0));
    }
    let note = |text: &'a String| Level::NOTE.no_name().message(text.as_str());
    group.elements(message.notes.iter().map(note))
}

/// One line of a source with all marks on it.
fn snippet<'a>(
    labels: &[&'a Label],
    sources: &'a Sources,
    primary: bool,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let span = labels[0].span;
    let source = sources.get(span.source);
    let line = source.line(span.start);
    let text = source.line_text(line);
    let mut snippet = Snippet::source(text).line_start(line).path(source.name.as_str());
    for (index, label) in labels.iter().enumerate() {
        let kind = match primary && index == 0 {
            true => AnnotationKind::Primary,
            false => AnnotationKind::Context,
        };
        let mark = kind.span(within(source, label, line));
        let text = Some(label.text.as_str()).filter(|t| !t.is_empty());
        snippet = snippet.annotation(mark.label(text));
    }
    snippet
}

/// The bytes of a label on its first line.
fn within(source: &Source, label: &Label, line: usize) -> std::ops::Range<usize> {
    let length = source.line_text(line).len();
    let base = source.line_start(line);
    let start = ((label.span.start - base) as usize).min(length);
    let end = (label.span.end.saturating_sub(base) as usize).clamp(start, length);
    start..end
}
