//! What is to be said of a sheet, as data: level, code, title, places, notes.
//! It must not know how a message is drawn.

use crate::{
    diagnose::{Extent, MOST_KEPT},
    digits::{instead, readable, rounded},
    judge::{Claim, Fault, Step, Steps, Verdict},
    problem::{Label, Problem, Unread},
    report::Report,
    source::Span,
};

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something is wrong, or could not be read.
    Error,
    /// Something is not as it should be.
    Warning,
    /// Something to know.
    Note,
    /// What was asked for.
    Answer,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How grave it is.
    pub level: Level,
    /// Its code, for `--explain`.
    pub code: &'static str,
    /// One sentence.
    pub title: String,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// More sentences.
    pub notes: Vec<String>,
}

impl Message {
    /// The main place.
    pub fn span(&self) -> Span {
        self.labels.first().map_or_else(Span::default, |label| label.span)
    }
}

/// Every message of a report, in the order of the sheet.
pub fn messages(report: &Report) -> Vec<Message> {
    let mut all: Vec<Message> = report.problems.iter().map(problem).collect();
    let link = |link| fault(report, link);
    for (index, claim) in report.claims.iter().enumerate() {
        all.extend(of_claim(report, index, claim));
        all.extend(claim.faults.iter().filter(|_| claim.verdict != Verdict::Slip).map(link));
    }
    all.extend(report.faults.iter().map(link));
    all.extend(report.model.unread.iter().map(unread));
    all.sort_by_key(Message::span);
    all
}

fn problem(problem: &Problem) -> Message {
    Message {
        level: Level::Error,
        code: problem.code.text(),
        title: problem.message.clone(),
        labels: problem.labels.clone(),
        notes: problem.help.iter().map(|help| format!("help: {help}")).collect(),
    }
}

fn fault(report: &Report, fault: &Fault) -> Message {
    let label = Label { span: fault.span, text: fault.text.clone() };
    let name = &report.model.chains[fault.chain].spelled;
    let title = match fault.step {
        Step::Formula => format!("this formula is not {name}"),
        Step::Numbers => format!("these numbers do not give {name}"),
        Step::Number => format!("this number is not {name}"),
    };
    Message { level: Level::Warning, code: "link", title, labels: vec![label], notes: Vec::new() }
}

fn unread(unread: &Unread) -> Message {
    let label = Label { span: unread.span, text: unread.reason.clone() };
    let title = "this is not judged".to_owned();
    Message { level: Level::Note, code: "unchecked", title, labels: vec![label], notes: Vec::new() }
}

fn of_claim(report: &Report, index: usize, claim: &Claim) -> Option<Message> {
    Some(match claim.verdict {
        Verdict::Ok | Verdict::Rounding => return None,
        Verdict::Slip => slip(report, index, claim),
        Verdict::Carried => carried(report, claim),
        Verdict::Truncated => truncated(claim),
        Verdict::Answered => answered(claim),
        Verdict::Unchecked => unchecked(claim),
    })
}

fn simple(level: Level, code: &'static str, title: String, claim: &Claim, text: &str) -> Message {
    let labels = vec![Label { span: claim.span, text: text.to_owned() }];
    Message { level, code, title, labels, notes: Vec::new() }
}

fn slip(report: &Report, index: usize, claim: &Claim) -> Message {
    let explanations = &report.explanations[index];
    let first = explanations.first();
    let title = match report.in_formula[index] {
        true => format!("{} follows from a wrong formula", claim.name),
        false => format!("{} does not follow from your own numbers", claim.name),
    };
    let mut message = simple(Level::Error, "slip", title, claim, "");
    if let Some(labels) = first.map(|e| &e.labels).filter(|labels| !labels.is_empty()) {
        let labels = labels.iter().map(|(span, text)| Label { span: *span, text: text.clone() });
        let here = |label: &Label| label.span.source == claim.span.source;
        let (shown, away): (Vec<Label>, Vec<Label>) = labels.partition(here);
        let on_line = |label: &Label| {
            report.model.sources.line(label.span) == report.model.sources.line(claim.span)
        };
        if shown.first().is_some_and(on_line) {
            message.labels.clear();
        }
        message.labels.extend(shown.into_iter().chain(away));
    }
    let shown = |span: Span| message.labels.iter().any(|label| label.span == span);
    let place = report.places[index].clone().filter(|(span, _)| !shown(*span));
    message.labels.extend(place.map(|(span, text)| Label { span, text }));
    let mistaken = |l: &&crate::judge::Fault| message.labels.iter().all(|m| m.span != l.span);
    let faulty: Vec<Label> = claim
        .faults
        .iter()
        .filter(mistaken)
        .filter(|f| f.step != Step::Numbers)
        .map(|f| Label { span: f.span, text: f.text.clone() })
        .collect();
    message.labels.extend(faulty);
    message.notes.extend(steps(claim.steps));
    message.notes.extend(expected(claim));
    message.notes.push(explained(report, index, claim));
    if !claim.into.is_empty() {
        message.notes.push(format!("carried into {}", lines(report, &claim.into)));
    }
    message
}

/// The lines of claims: "line 6", "lines 6 and 7".
fn lines(report: &Report, claims: &[u32]) -> String {
    let mut all: Vec<String> = claims.iter().map(|c| report.line(*c).to_string()).collect();
    all.dedup();
    match &all[..] {
        [first @ .., last] if !first.is_empty() => {
            format!("lines {} and {last}", first.join(", "))
        }
        _ => format!("line {}", all.join("")),
    }
}

fn steps(steps: Steps) -> Option<String> {
    let word = |name: &str, right: Option<bool>| {
        right.map(|right| format!("{name} {}", if right { "right" } else { "wrong" }))
    };
    let said: Vec<String> = [
        word("formula", steps.formula),
        word("numbers put in", steps.numbers),
        word("arithmetic", steps.arithmetic),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

fn expected(claim: &Claim) -> Option<String> {
    let number = claim.number?;
    let show = |value: f64| instead(value, number);
    match (claim.own.map(show), claim.truth.map(show)) {
        (Some(own), Some(truth)) if own == truth => Some(format!("expected {own}")),
        (Some(own), Some(truth)) => {
            Some(format!("expected {own} from your own numbers ({truth} in truth)"))
        }
        (own, truth) => own.or(truth).map(|value| format!("expected {value}")),
    }
}

fn explained(report: &Report, index: usize, claim: &Claim) -> String {
    let claimed = report.model.sources.text(claim.span);
    let explanations = &report.explanations[index];
    let extent = report.extents[index];
    let Some(e) = explanations.first() else {
        return match extent {
            Extent::Digits => format!(
                "not searched for the slip that gives {claimed}: too many numbers of this sheet \
                 are wrong; mend the first ones, and check again"
            ),
            _ if report.in_formula[index] => {
                "none of the mistakes that wengert looks for gives this formula".to_owned()
            }
            Extent::Whole => format!("none of the mistakes that wengert looks for gives {claimed}"),
            Extent::Part => format!(
                "no mistake was found that gives {claimed}, but the formula is too long to try them all"
            ),
        };
    };
    let (text, kind) = (&e.text, e.kind.text());
    let double = text.matches(" in place of ").count() > 1 && text.contains(", and ");
    match (explanations.len(), extent) {
        (1, Extent::Whole) if double => {
            format!("two mistakes together give {claimed}: {text} [{kind}]")
        }
        (1, Extent::Whole) => format!("one known mistake gives {claimed}: {text} [{kind}]"),
        (1, _) => {
            format!("a mistake that gives {claimed}: {text} [{kind}]; not all others were tried")
        }
        (2, _) => format!("either of 2 mistakes gives {claimed}; likelier: {text} [{kind}]"),
        (count, _) => {
            let most = if count == MOST_KEPT { "at least " } else { "" };
            format!("any of {most}{count} mistakes gives {claimed}; likeliest: {text} [{kind}]")
        }
    }
}

/// How many slips were left without a full search, and why.
fn unsearched(report: &Report) -> Option<String> {
    let count = |extent| report.extents.iter().filter(|e| **e == extent).count();
    let slips = |n: usize| format!("{n} {}", if n == 1 { "slip" } else { "slips" });
    let (part, digits) = (count(Extent::Part), count(Extent::Digits));
    let long = format!("for {} the search was cut short, the formula being too long", slips(part));
    let many = format!("{} were not searched into, there being too many", slips(digits));
    match (part, digits) {
        (0, 0) => None,
        (_, 0) => Some(long),
        (0, _) => Some(many),
        _ => Some(format!("{long}; {many}")),
    }
}

fn carried(report: &Report, claim: &Claim) -> Message {
    let slips = if claim.from.len() == 1 { "slip" } else { "slips" };
    let title = format!("{} follows from your own numbers, which are wrong earlier", claim.name);
    let truth = claim.truth.zip(claim.number).map(|(t, n)| format!("{} in truth", instead(t, n)));
    let mut message = simple(Level::Warning, "carried", title, claim, &truth.unwrap_or_default());
    if !claim.from.is_empty() {
        let lines = lines(report, &claim.from);
        message.notes.push(format!("it comes from the {slips} on {lines}"));
    }
    message
}

fn truncated(claim: &Claim) -> Message {
    let title = format!("{} is cut, not rounded", claim.name);
    let value = claim.truth.zip(claim.number).map(|(t, n)| rounded(t, n.literal, 2));
    let text = value.map_or(String::new(), |v| format!("the digits go on: {v}"));
    simple(Level::Note, "truncated", title, claim, &text)
}

fn answered(claim: &Claim) -> Message {
    let truth = claim.truth.expect("what is answered has a value");
    let title = format!("{} = {}", claim.name, readable(truth));
    let mut message = simple(Level::Answer, "answered", title, claim, "asked for here");
    if let Some(own) = claim.own.filter(|own| !own.is_nan() && readable(*own) != readable(truth)) {
        message.notes.push(format!("from your own numbers it is {}", readable(own)));
    }
    message
}

fn unchecked(claim: &Claim) -> Message {
    let title = format!("{} could not be judged", claim.name);
    let reason = claim.reason.clone().unwrap_or_default();
    simple(Level::Note, "unchecked", title, claim, &reason)
}

/// The line that sums up and says where to begin.
pub fn summary(report: &Report) -> String {
    if report.is_empty() {
        return "nothing is claimed here: a claim is a formula and its number, `y = 2*x = 0.6`"
            .into();
    }
    let summary = report.summary();
    let count = |verdict, one: &str, many: &str| {
        let n = summary.count(verdict);
        (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }))
    };
    let links = report.faulty_links().count();
    let unread = report.model.unread.len() + summary.count(Verdict::Unchecked);
    let plural = |n: usize, one: &str, many: &str| {
        (n > 0).then(|| format!("{n} {}", if n == 1 { one } else { many }))
    };
    let parts: Vec<String> = [
        plural(report.problems.len(), "error", "errors"),
        count(Verdict::Slip, "slip", "slips"),
        count(Verdict::Carried, "carried", "carried"),
        Some(format!("{} right", summary.count(Verdict::Ok))),
        count(Verdict::Rounding, "off by rounding", "off by rounding"),
        count(Verdict::Truncated, "truncated", "truncated"),
        count(Verdict::Answered, "answered", "answered"),
        plural(unread, "unchecked", "unchecked"),
        plural(links, "faulty link", "faulty links"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let first = report.first().map_or(String::new(), |line| format!("; fix line {line} first"));
    let unsearched = unsearched(report).map_or(String::new(), |text| format!("; {text}"));
    format!("{}{first}{unsearched}", parts.join(", "))
}
