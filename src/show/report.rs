//! The report of a check as a message. It must not know how a verdict was reached.

use super::site::{apart, digits, list};
use crate::Comparison;
use crate::check::{
    Answer, Border, Component, KinkKind, NearKink, Oracle, Part, Question, Reason, Report, Site,
    Verdict,
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
        for (k, finding) in self.findings.iter().enumerate() {
            let first = self.findings[..k].iter().all(|before| before.parts != finding.parts);
            let parts = self.affected(&finding.parts);
            let word = if first { "likely" } else { "or" };
            writeln!(
                f,
                "  = {word}: {parts}: {}",
                Told { report: self, mistake: &finding.mistake }
            )?;
        }
        if self.verdict() == Verdict::Wrong && self.findings.is_empty() {
            writeln!(f, "  = no single mistake was found that gives these numbers")?;
        }
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

fn headline(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (what, all) = (&report.question, report.components.len());
    let count = |verdict| report.components.iter().filter(|c| c.verdict == verdict).count();
    let components = if all == 1 { "component" } else { "components" };
    match report.verdict() {
        Verdict::Wrong => {
            let wrong = count(Verdict::Wrong);
            writeln!(f, "error: {what} is wrong in {wrong} of {all} {components}")
        }
        Verdict::CannotTell => {
            let open = count(Verdict::CannotTell);
            writeln!(f, "{what} cannot be judged in {open} of {all} {components}")
        }
        Verdict::Right => {
            let least = report.components.iter().filter_map(|c| match c.reason {
                Reason::Agrees { digits } => Some(digits),
                _ => None,
            });
            let least = least.min().unwrap_or(16);
            writeln!(f, "{what} is right in {all} of {all} {components}, to {least} digits or more")
        }
    }
}

fn table(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let all = &report.components;
    let telling = |c: &&Component| all.len() <= 6 || c.verdict != Verdict::Right;
    let shown: Vec<&Component> = all.iter().filter(telling).collect();
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
    let more = shown.len().saturating_sub(MOST);
    if more > 0 {
        writeln!(f, "  ... and {more} more like these")?;
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
        (_, true) => "1".to_owned(),
        (ratio, _) if ratio.is_finite() => digits(ratio, 5),
        _ => "-".to_owned(),
    };
    let verdict = match c.verdict {
        Verdict::Right => "right",
        Verdict::Wrong => "WRONG",
        Verdict::CannotTell => "cannot tell:",
    };
    [c.part.to_string(), yours, truth, ratio, format!("{verdict}{}", reason(report, &c.reason))]
}

fn reason(report: &Report, reason: &Reason) -> String {
    match reason {
        Reason::Agrees { digits } => format!(", to {digits} digits"),
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
        Reason::AtKink(kink) => format!(" {kink}, where the derivative is a convention"),
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
