//! Mistakes in derivatives as sentences. It must not know how they were found.

use super::report::Told;
use super::site::{apart, list};
use crate::check::{Meaning, Mistake, Site, SlopeChange};
use std::fmt;

impl Told<'_> {
    /// A quantity; an input by the name that the report has for it.
    fn site(&self, site: &Site) -> String {
        match site.input.and_then(|input| self.report.components.get(input)) {
            Some(component) => format!("`{}`", component.part),
            None => site.to_string(),
        }
    }
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistake {
            Mistake::Nan => write!(f, "yours is NaN, and the truth is a number"),
            Mistake::LostDigits => write!(
                f,
                "the formula is right, but loses its digits here: it is the form of the textbook, and \
                 subtracts numbers that are nearly equal; use the stable form (docs/conventions.md)"
            ),
            Mistake::SinglePrecision => write!(f, "rounded to 24 bits: an f32 is on the way"),
            Mistake::Sign => write!(f, "the sign is wrong"),
            Mistake::Factor { factor, meaning } => self.factor(f, *factor, *meaning),
            Mistake::Swapped => write!(f, "each has the value of the other: they are swapped"),
            Mistake::Shifted { by } => {
                let next = if *by > 0 { "next" } else { "previous" };
                match by.abs() {
                    1 => write!(f, "each has the value of the {next} one: shifted by one"),
                    n => {
                        write!(f, "each has the value of the {next} but {}: shifted by {n}", n - 1)
                    }
                }
            }
            Mistake::Reversed => write!(f, "the right values in the opposite order"),
            Mistake::Transposed { rows, columns } => {
                write!(f, "the matrix is transposed: it has {rows} rows and {columns} columns")
            }
            Mistake::Permuted => write!(f, "the right values in another order"),
            Mistake::Nearly { digits } => write!(
                f,
                "right to {digits} digits: an approximation, a rounded constant or a missing epsilon?"
            ),
            _ => self.on_the_tape(f),
        }
    }
}

impl Told<'_> {
    fn factor(&self, f: &mut fmt::Formatter<'_>, factor: f64, meaning: Meaning) -> fmt::Result {
        let is = |known: f64| (factor / known - 1.0).abs() < 1e-7;
        let simple = [
            (2.0, "twice the truth"),
            (-2.0, "minus twice the truth"),
            (0.5, "half of the truth"),
            (-0.5, "minus half of the truth"),
        ];
        let simple = simple.into_iter().find(|(known, _)| is(*known));
        match simple {
            Some((_, words)) => write!(f, "{words}")?,
            None => write!(f, "{} times the truth", apart(factor, 1.0)[0])?,
        }
        match meaning {
            Meaning::Whole if is(0.5) => write!(f, ": a factor 2 is missing"),
            Meaning::Whole if simple.is_some() => Ok(()),
            Meaning::Whole if factor.abs() < 1.0 => {
                write!(f, ": a factor {} is missing", (1.0 / factor).round())
            }
            Meaning::Whole => {
                let sign = if factor < 0.0 { "-" } else { "" };
                write!(f, ": a factor {sign}1/{} is missing", factor.abs().round())
            }
            Meaning::Unknown => Ok(()),
            Meaning::Count(n) if factor.abs() > 1.0 => {
                write!(f, ": a factor 1/{n} is missing; is a mean meant, and not a sum?")
            }
            Meaning::Count(n) => {
                write!(f, ": there is a factor 1/{n} too many; is a sum meant, and not a mean?")
            }
            Meaning::Degrees => write!(f, ": degrees and radians are mixed"),
            Meaning::Units => write!(f, ": units are mixed, such as per cent or days"),
            Meaning::Logarithm => write!(f, ": logarithms of two bases are mixed"),
            Meaning::RootTwoPi => write!(f, ": that is sqrt(2 pi), or one over it"),
            Meaning::Value => write!(
                f,
                ", a power of the function's value: it is the derivative of another function of it, \
                 such as its logarithm or its square"
            ),
        }
    }

    fn on_the_tape(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mistake {
            Mistake::MissingPath { from, into, edges } => {
                let (from, into) = (self.site(from), self.site(into));
                write!(f, "a path is missing: from {from} into {into}")?;
                if *edges > 1 { write!(f, ", and {} like it", edges - 1) } else { Ok(()) }
            }
            Mistake::TakenForConstant { site, slots } => {
                write!(f, "{} was taken for a constant", self.site(site))?;
                if *slots > 1 { write!(f, ", and {} like it", slots - 1) } else { Ok(()) }
            }
            Mistake::Slope { site, argument, change } => {
                let of = argument.map(|k| format!(" in argument {k}")).unwrap_or_default();
                write!(f, "the slope of {}{of} {}", self.site(site), told(*change))
            }
            Mistake::SlopeOff { site, argument, yours, truth } => {
                let [yours, truth] = apart(*yours, *truth);
                let of = self.site(site);
                write!(
                    f,
                    "the slope of {of} in argument {argument} is {yours} where {truth} belongs"
                )
            }
            Mistake::WrongConstant { site, argument, yours, truth, edges } => {
                let [yours, truth] = apart(*yours, *truth);
                let of = argument.map(|k| format!(" in argument {k}")).unwrap_or_default();
                let site = self.site(site);
                write!(f, "the slope of {site}{of} is {yours} where {truth} belongs: ")?;
                write!(f, "another constant was taken")?;
                if *edges > 1 { write!(f, ", and at {} like it", edges - 1) } else { Ok(()) }
            }
            Mistake::FactorOf { site, over } => {
                let (of, by) = (self.site(site), if *over { "divided by" } else { "times" });
                write!(f, "the truth {by} {of}: a factor, or the derivative in a logarithm")
            }
            Mistake::WrongOperand { site, used, belongs, before } => {
                let (used, belongs) = (self.site(used), self.site(belongs));
                write!(f, "in {}, {used} stands where {belongs} belongs", self.site(site))?;
                if *before { write!(f, ": the value before the activation") } else { Ok(()) }
            }
            Mistake::WrongQuantity { instead } => {
                let names: Vec<String> = instead.iter().map(|site| self.site(site)).collect();
                write!(f, "the derivative with respect to something else: {}", list(&names))
            }
            Mistake::OtherOutput { site } => {
                write!(f, "the derivative of {}, not of the output", self.site(site))
            }
            _ => Ok(()),
        }
    }
}

/// What was done with a slope.
fn told(change: SlopeChange) -> String {
    match change {
        SlopeChange::Of(other) => format!("is that of `{other}`"),
        SlopeChange::TimesSlopeOf(other) => {
            format!("has the slope of `{other}` at its result as a factor too many")
        }
        SlopeChange::TimesArgument(k) => format!("has one factor too many of its argument {k}"),
        SlopeChange::OverArgument(k) => format!("has one factor too few of its argument {k}"),
        SlopeChange::FactorBefore(steps) if steps > 1 => {
            format!("has its factor from {steps} steps before the one that belongs there")
        }
        _ => simply(change).to_owned(),
    }
}

/// The same where it takes no names.
fn simply(change: SlopeChange) -> &'static str {
    match change {
        SlopeChange::Sign => "has the wrong sign",
        SlopeChange::Twice => "is taken twice",
        SlopeChange::Half => "is only half of what it should be",
        SlopeChange::One => "was left out, as if it were 1",
        SlopeChange::Value => "was taken to be its value",
        SlopeChange::After => "was taken at its result, after the activation, not at its argument",
        SlopeChange::Before => {
            "wants its result, and was given its argument: taken before the activation"
        }
        SlopeChange::TimesValue => "has one factor too many of its result",
        SlopeChange::OverValue => "has one factor too few of its result",
        SlopeChange::Other => "is that of the other argument",
        SlopeChange::Complement => "is one less what it should be",
        SlopeChange::Squared => "was squared",
        SlopeChange::Root => "is the root of what it should be",
        SlopeChange::Reciprocal => "is one over what it should be",
        SlopeChange::FactorBefore(_) => "has its factor from before the activation",
        SlopeChange::FactorAfter(_) => "has its factor from after the step, not from before it",
        _ => "is another one",
    }
}
