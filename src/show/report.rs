//! The report of a check as a message. It must not know how a verdict was reached.

use super::site::{apart, count, digits, list};
use crate::Comparison;
use crate::check::{
    Answer, Border, Component, Finding, KinkKind, NearBy, NearKink, Oracle, Part, Question, Reason,
    Report, Site, Verdict,
};
use std::cmp::Ordering;
use std::fmt;

/// Lines of components that are printed at most.
const MOST: usize = 12;

impl fmt::Display for Report {
    /// What is wrong, component by component; then what the pattern suggests.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        headline(self, f)?;
        table(self, f)?;
        if let Some(site) = &self.origin {
            writeln!(
                f,
                "  = the truth is not finite here: it begins at {site}; `diagnose` tells more"
            )?;
        }
        near_by(self, f)?;
        findings(self, f)?;
        if let Some(order) = self.taylor {
            let what = if order > 1.5 { "right" } else { "wrong" };
            writeln!(
                f,
                "  = the error of the linear model shrinks with the step to the power {order:.2}; 2 if \
                 right, 1 if wrong: {what}"
            )?;
        }
        Ok(())
    }
}

/// A mistake with the report that it is of, so that inputs have their names.
pub(super) struct Told<'a> {
    pub(super) report: &'a Report,
    pub(super) mistake: &'a crate::check::Mistake,
}

impl Report {
    fn affected(&self, parts: &[Part]) -> String {
        if parts.len() > 1 && parts.len() == self.components.len() {
            return "everywhere".to_owned();
        }
        list(&parts.iter().map(Part::to_string).collect::<Vec<_>>())
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Question::Gradient => write!(f, "the gradient"),
            Question::Jacobian => write!(f, "the Jacobian"),
            Question::Product => write!(f, "the Hessian-vector product"),
            Question::Custom(name) => write!(f, "the list of partials of `{name}`"),
        }
    }
}

/// What points near by say, where that bears on the verdict.
fn near_by(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &report.near_by {
        NearBy::Wrong { x } => {
            let mut numbers: Vec<String> = x.iter().take(4).map(|x| digits(*x, 6)).collect();
            if x.len() > numbers.len() {
                numbers.push("...".to_owned());
            }
            let x = numbers.join(", ");
            writeln!(f, "  = the agreement at this point is chance: near by, at [{x}], it is gone")
        }
        NearBy::Constant => writeln!(
            f,
            "  = judged at this point alone: near by yours are the same numbers, and the truth is not"
        ),
        NearBy::Nothing if report.components.iter().any(|c| c.verdict == Verdict::Right) => {
            writeln!(
                f,
                "  = judged at this point alone, where agreement may be chance: no point near by is on the \
                 same piece of the function"
            )
        }
        _ => Ok(()),
    }
}

/// What the differences suggest, and what was not looked into.
fn findings(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let unplaced =
        |finding: &Finding| finding.mistake.sites().iter().any(|site| site.is_unplaced());
    if !cfg!(feature = "places") && report.findings.iter().any(unplaced) {
        writeln!(
            f,
            "  = %n is a slot of the recording; with the feature `places` of wengert its line is named"
        )?;
    }
    for (k, finding) in report.findings.iter().enumerate() {
        let first = report.findings[..k].iter().all(|before| before.parts != finding.parts);
        let parts = report.affected(&finding.parts);
        let word = if first { "likely" } else { "or" };
        writeln!(f, "  = {word}: {parts}: {}", Told { report, mistake: &finding.mistake })?;
    }
    let is_explained = |c: &Component| report.findings.iter().any(|f| f.parts.contains(&c.part));
    let is_open = |c: &&Component| c.is_wrong_somewhere() && !is_explained(c);
    let open = report.components.iter().filter(is_open).count();
    if open > 0 && report.findings.is_empty() {
        writeln!(f, "  = no single mistake was found that gives these numbers")?;
    } else if open > 0 {
        writeln!(
            f,
            "  = and {}: no mistake was found that gives them",
            count(open, "more component")
        )?;
    }
    Ok(())
}

impl Component {
    fn is_wrong_somewhere(&self) -> bool {
        self.verdict == Verdict::Wrong || matches!(self.reason, Reason::WrongNearBy { .. })
    }
}

fn headline(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (what, all) = (&report.question, report.components.len());
    let number = |verdict| report.components.iter().filter(|c| c.verdict == verdict).count();
    let components = if all == 1 { "component" } else { "components" };
    match report.verdict() {
        Verdict::Wrong => {
            let wrong = number(Verdict::Wrong);
            writeln!(f, "error: {what} is wrong in {wrong} of {all} {components}")
        }
        Verdict::CannotTell if report.components.iter().any(Component::is_wrong_somewhere) => {
            let wrong = report.components.iter().filter(|c| c.is_wrong_somewhere()).count();
            writeln!(
                f,
                "{what} is right at this point, but wrong near by, in {wrong} of {all} {components}"
            )
        }
        Verdict::CannotTell => {
            let open = number(Verdict::CannotTell);
            writeln!(f, "{what} cannot be judged in {open} of {all} {components}")
        }
        Verdict::Right => {
            let least = report.components.iter().filter_map(|c| match c.reason {
                Reason::Agrees { digits } | Reason::Beside { digits, .. } => Some(digits),
                _ => None,
            });
            write!(f, "{what} is right in {all} of {all} {components}")?;
            match least.min() {
                Some(least) => writeln!(f, ", to {least} digits or more"),
                None => writeln!(f, ": zero, as far as rounding tells"),
            }
        }
    }
}

fn table(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let all = &report.components;
    let telling = |c: &&Component| all.len() <= 6 || c.verdict != Verdict::Right;
    let mut shown: Vec<&Component> = all.iter().filter(telling).collect();
    if shown.len() > MOST {
        shown.sort_by_key(|c| !c.is_wrong_somewhere());
    }
    let rows: Vec<[String; 5]> = shown.iter().take(MOST).map(|c| row(report, c)).collect();
    let width = |k: usize, least: usize| {
        rows.iter().map(|row| row[k].chars().count()).max().unwrap_or(0).max(least)
    };
    let (a, b, c, d) = (width(0, 0), width(1, 5), width(2, 5), width(3, 5));
    if !rows.is_empty() {
        writeln!(f, "  {:a$}  {:>b$}  {:>c$}  {:>d$}", "", "yours", "truth", "ratio")?;
    }
    for [part, yours, truth, ratio, verdict] in &rows {
        writeln!(f, "  {part:a$}  {yours:>b$}  {truth:>c$}  {ratio:>d$}  {verdict}")?;
    }
    let more = &shown[shown.len().min(MOST)..];
    let wrong = more.iter().filter(|c| c.is_wrong_somewhere()).count();
    match (wrong, more.len() - wrong) {
        (0, 0) => {}
        (wrong, 0) => writeln!(f, "  ... and {wrong} more that are wrong")?,
        (0, open) => writeln!(f, "  ... and {open} more that cannot be judged")?,
        (wrong, open) => {
            writeln!(f, "  ... and {wrong} more that are wrong, {open} that cannot be judged")?;
        }
    }
    let right = all.len() - shown.len();
    if right > 0 && right < all.len() {
        writeln!(f, "  {right} others are right")?;
    }
    Ok(())
}

fn row(report: &Report, c: &Component) -> [String; 5] {
    let [yours, truth] = match c.verdict {
        Verdict::Right => [c.yours, c.truth].map(|x| digits(x, 6)),
        _ => apart(c.yours, c.truth),
    };
    let ratio = match (c.yours / c.truth, c.yours == c.truth) {
        _ if matches!(c.reason, Reason::Zero { .. }) => "-".to_owned(),
        (_, true) => "1".to_owned(),
        (ratio, _) if ratio.is_finite() => digits(ratio, 5),
        _ => "-".to_owned(),
    };
    let verdict = match c.verdict {
        Verdict::Right => "right",
        Verdict::Wrong => "WRONG",
        Verdict::CannotTell if c.is_wrong_somewhere() => "right here alone:",
        Verdict::CannotTell => "cannot tell:",
    };
    [c.part.to_string(), yours, truth, ratio, format!("{verdict}{}", reason(report, &c.reason))]
}

fn reason(report: &Report, reason: &Reason) -> String {
    match reason {
        Reason::Agrees { digits } => format!(", to {digits} digits"),
        Reason::Zero { bound } => {
            format!(": zero, as far as rounding tells, whose error may be {}", digits(*bound, 2))
        }
        Reason::Beside { border, digits } => {
            format!(", to {digits} digits, by the slopes on both sides: {border}")
        }
        Reason::WrongNearBy { yours, truth } => {
            let [yours, truth] = apart(*yours, *truth);
            format!(" near by yours is {yours}, and the truth {truth}")
        }
        Reason::Differs => String::new(),
        Reason::Nan => ": not a number".to_owned(),
        Reason::NoTruth => " the function has no derivative here".to_owned(),
        Reason::BelowError { bound } => {
            let of = match report.oracle {
                Oracle::Sweep => "rounding",
                Oracle::Differences => "the differences",
            };
            format!(" the error of {of} may be {}", digits(*bound, 2))
        }
        Reason::Excused { within } => {
            format!(" excused, for the difference is within {}", digits(*within, 2))
        }
        Reason::AtKink(kink) => match (&kink.kind, kink.distance == 0.0) {
            (KinkKind::Branch(_), true) => {
                format!(" {kink}, and the derivative is that of one side")
            }
            (_, true) => format!(" {kink}, where the derivative is a convention"),
            (_, false) => format!(" {kink}, and rounding may have gone over it"),
        },
        Reason::BetweenKinks { left, right } => {
            let (left, right) = (digits(*left, 5), digits(*right, 5));
            format!(
                " a kink lies between the points: the slope is {left} to the left and {right} to the right"
            )
        }
        Reason::TooRough => {
            " the values are too rough for a slope: they jump, or are rounded too much".to_owned()
        }
        Reason::WitnessesDisagree { order } => {
            let order = digits(*order, 3);
            format!(
                " the differences disagree, but the error of the linear model shrinks with the step to \
                 the power {order}, as it does if right"
            )
        }
        Reason::OracleDisagrees { dual } => {
            format!(" dual numbers give {}, so the oracle cannot be trusted", digits(*dual, 10))
        }
    }
}

impl fmt::Display for NearKink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let away = match self.distance {
            0.0 => "at".to_owned(),
            distance => format!("{} from", digits(distance, 3)),
        };
        match &self.kind {
            KinkKind::Primitive { site, at, within } => {
                write!(f, "{site}{} is {away} its kink at {at}", Within(within))
            }
            KinkKind::Branch(border) => {
                write!(f, "{} is {away} its border", Asked(border))
            }
        }
    }
}

impl fmt::Display for Border {
    /// What was asked and where, the two values, and the answer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x, y] = apart(self.values[0], self.values[1]);
        let symbol = self.comparison.symbol();
        match (self.comparison, self.answer) {
            (Comparison::Cast(_), _) => write!(f, "{} made a plain number of {x}", Asked(self)),
            (_, Answer::No) => write!(f, "{} answered no to {x} {symbol} {y}", Asked(self)),
            (_, Answer::Yes) => write!(f, "{} answered yes to {x} {symbol} {y}", Asked(self)),
            (_, Answer::Order(order)) => {
                let order = match order {
                    Some(Ordering::Less) => "less",
                    Some(Ordering::Equal) => "equal",
                    Some(Ordering::Greater) => "greater",
                    None => "in no order",
                };
                write!(f, "{} found {x} and {y} {order}", Asked(self))
            }
        }
    }
}

/// What was asked, and where.
struct Asked<'a>(&'a Border);

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Border { place, comparison, within, .. } = self.0;
        match comparison {
            Comparison::Cast(method) => write!(f, "the cast `{method}` at {place}")?,
            _ => write!(f, "the branch on `{}` at {place}", comparison.symbol())?,
        }
        write!(f, "{}", Within(within))
    }
}

/// The custom primitives in whose programs something is, the innermost first.
struct Within<'a>(&'a [Site]);

impl fmt::Display for Within<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().rev().try_for_each(|site| write!(f, " within {site}"))
    }
}
