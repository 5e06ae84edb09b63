//! Diagnoses as messages. It must not know how a fault was found.

use super::site::digits;
use crate::Comparison;
use crate::check::{Advice, Border, Cause, Decision, Diagnosis, Fault, Witness};
use std::fmt;

/// Lines of conventions, and of borders, that are printed at most.
const MOST: usize = 6;

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = digits(self.output_value, 6);
        match &self.output {
            None => writeln!(
                f,
                "the output is a constant, {value}: it depends on no variable, unless by a branch or cast"
            )?,
            Some(output) if self.is_clean() => {
                writeln!(f, "{output} is {value}; every value and every adjoint is finite")?;
            }
            Some(output) => {
                writeln!(f, "error: {output} is {value}, and not everything on the way is finite")?;
            }
        }
        if let Some(fault) = &self.value {
            let (site, found) = (&fault.site, digits(fault.found, 6));
            writeln!(f, "  = up: the first value that is not finite is {site} = {found}")?;
            writeln!(f, "        {}", cause_of_value(fault))?;
        }
        if let Some(fault) = &self.adjoint {
            let (site, found) = (&fault.site, digits(fault.found, 6));
            writeln!(
                f,
                "  = down: the first adjoint that is not finite is that of {site}, {found}"
            )?;
            writeln!(f, "        {}", cause_of_adjoint(fault))?;
        }
        for decision in self.decided.iter().take(MOST) {
            writeln!(f, "  = convention: {decision}")?;
        }
        borders(&self.borders, f)?;
        for advice in &self.advice {
            writeln!(f, "  = help: {advice}")?;
        }
        Ok(())
    }
}

/// The branches that were decided at their border, and the casts. Those made again and again at one
/// place, as in a loop, are one line.
fn borders(borders: &[Border], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut groups: Vec<(&Border, usize)> = Vec::new();
    for border in borders {
        let same = |(other, _): &&mut (&Border, usize)| {
            (&other.place, other.comparison) == (&border.place, border.comparison)
        };
        match groups.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => groups.push((border, 1)),
        }
    }
    for (border, count) in groups.iter().take(MOST) {
        let more = match count {
            1 => String::new(),
            _ => format!(" (the first of {count} at this place)"),
        };
        let word = match border.comparison {
            Comparison::Cast(_) => "cast",
            _ => "border",
        };
        writeln!(f, "  = {word}: {border}{more}; {}", consequence(border))?;
    }
    match groups.len().saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(f, "  = ... and {more} more places; `borders` lists all"),
    }
}

fn consequence(border: &Border) -> &'static str {
    match border.comparison {
        Comparison::Cast(_) => "no derivative flows through it",
        _ => {
            "the derivative is that of the branch taken: if that holds at this point alone, or has \
             another slope than its neighbour, it is not that of the function"
        }
    }
}

impl Diagnosis {
    /// Where the first value that is not finite stands, and why it is not, in one line.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", -1.0);
    /// let y = x.ln().named("y");
    /// assert_eq!(
    ///     tape.diagnose(y).value_reason().unwrap(),
    ///     "`y` (`ln`) is NaN: it has a value only for { x >= 0.0 }, and was given input `x` = -1",
    /// );
    /// ```
    pub fn value_reason(&self) -> Option<String> {
        let fault = self.value.as_ref()?;
        let (site, found) = (&fault.site, digits(fault.found, 6));
        Some(format!("{site} is {found}: {}", cause_of_value(fault)))
    }

    /// The same for the first adjoint that is not finite.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 0.0);
    /// let root = x.sqrt().named("root");
    /// assert_eq!(
    ///     tape.diagnose(root.square()).adjoint_reason().unwrap(),
    ///     "the adjoint of input `x` is NaN: 0 times infinity: \
    ///      it comes from `root` (`sqrt`), whose adjoint is 0 and slope inf",
    /// );
    /// ```
    pub fn adjoint_reason(&self) -> Option<String> {
        let fault = self.adjoint.as_ref()?;
        let (site, found) = (&fault.site, digits(fault.found, 6));
        Some(format!("the adjoint of {site} is {found}: {}", cause_of_adjoint(fault)))
    }
}

fn cause_of_value(fault: &Fault) -> String {
    let given: Vec<String> = fault.operands.iter().map(operand).collect();
    let given = given.join(", ");
    match fault.cause {
        Cause::Given if given.is_empty() => "it was given so".to_owned(),
        Cause::Given => format!("it was given so: {given}"),
        Cause::Overflow => format!("it is larger than any f64, at {given}"),
        Cause::Pole => format!("it has a pole at {given}"),
        Cause::OutsideDomain(Some(domain)) => {
            format!("it has a value only for {domain}, and was given {given}")
        }
        _ => format!("it has no value at {given}"),
    }
}

fn operand(witness: &Witness) -> String {
    match &witness.site {
        Some(site) => format!("{site} = {}", digits(witness.value, 6)),
        None => digits(witness.value, 6),
    }
}

fn cause_of_adjoint(fault: &Fault) -> String {
    let [of, partial] = &fault.operands[..] else {
        return "infinities of both signs arrive there, and their sum is NaN".to_owned();
    };
    let user = of.site.as_ref().map(ToString::to_string).unwrap_or_default();
    let (bar, slope) = (digits(of.value, 6), digits(partial.value, 6));
    match fault.cause {
        Cause::ZeroTimesInfinity => {
            format!("0 times infinity: it comes from {user}, whose adjoint is 0 and slope {slope}")
        }
        Cause::InfiniteSlope => {
            format!("the slope of {user} is {slope} there; its adjoint is {bar}")
        }
        Cause::NoSlope => format!("{user} has no slope there: {slope}; its adjoint is {bar}"),
        _ => format!("the product of the adjoint {bar} of {user} and its slope {slope} overflows"),
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Decision::Kink(kink) => write!(f, "{kink}; the slope there is chosen (kinks)"),
            Decision::InfiniteSlope { site } => {
                write!(f, "{site} has an infinite slope, the limit; it is not cut off (limits)")
            }
            Decision::ZeroTimesInfinity { site } => {
                write!(f, "at {site}, 0 times infinity is NaN, for the edge is taken (principle 3)")
            }
            Decision::NotTaken { site, behind } => {
                write!(
                    f,
                    "{site} does not take {behind}, so what is there does not matter (principle 4)"
                )
            }
        }
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Advice::LogSumExp => {
                "ln of a sum of exp overflows and vanishes where the result does not; use `logsumexp`"
            }
            Advice::LogSoftmax => {
                "ln of exp(x) over a sum of exp is x less the `logsumexp` of all; that does not overflow"
            }
            Advice::Softmax => "write exp(x) over a sum of exp as exp of x less the `logsumexp` of all",
            Advice::Softplus => "ln(1 + exp(x)) is `softplus`, which does not overflow",
            Advice::Sigmoid => "1 / (1 + exp(-x)) is `sigmoid`, which does not overflow",
            Advice::Norm => "the root of a sum of squares is `hypot`, or `norm` of a list",
            Advice::RootAtZero => {
                "a root has an infinite slope at 0; keep its argument away from 0, or `select` another \
                 branch there"
            }
            Advice::LogAtZero => "a logarithm has a pole at 0; keep its argument away from 0",
            Advice::Sinc => "sin(x) / x is `sinc`, which is 1 at 0",
            Advice::DivideByZero => {
                "where the quotient is not wanted, `select` a denominator that is not 0"
            }
        })
    }
}
