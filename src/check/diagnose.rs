//! Where a NaN or an infinity comes from: the first slot whose value is not finite, the first whose
//! adjoint is not, what decided on the way, and which branches and casts the recorded code took. It
//! must not know how a diagnosis is told.

use super::advice::{Advice, advice};
use super::kinks::{Border, NearKink, borders, kinks_of};
use super::linear::{Edge, Linear, Site};
use crate::derive::Error;
use crate::program::Program;
use crate::tape::{Operand, SlotKind, Tape};
use crate::var::Var;

/// What is wrong with an output or its derivatives, and where it began. Prints as a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// The output that was asked about; none if it is a constant.
    pub output: Option<Site>,
    /// Its value.
    pub output_value: f64,
    /// The first slot on the way up whose value is not finite.
    pub value: Option<Fault>,
    /// The first slot on the way down whose adjoint is not finite.
    pub adjoint: Option<Fault>,
    /// What was settled by a convention on the way down, in that order.
    pub decided: Vec<Decision>,
    /// The branches that were decided at their border, and the casts: see [`Tape::borders`].
    pub borders: Vec<Border>,
    /// What may be done.
    pub advice: Vec<Advice>,
}

impl Diagnosis {
    /// Whether every value and every adjoint is finite.
    pub fn is_clean(&self) -> bool {
        self.value.is_none() && self.adjoint.is_none()
    }
}

/// Where something ceased to be finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The slot.
    pub site: Site,
    /// What its value or adjoint is.
    pub found: f64,
    /// For a value, the operands. For an adjoint, the slot that it came from, with its adjoint, and
    /// the partial that this was multiplied by.
    pub operands: Vec<Witness>,
    /// How it came about.
    pub cause: Cause,
}

/// A number that had a part in a fault.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// What it is the value or the adjoint of; nothing for a constant or a partial.
    pub site: Option<Site>,
    /// The number.
    pub value: f64,
}

/// How something ceases to be finite.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// It was so from the beginning.
    Given,
    /// The result is larger than any f64.
    Overflow,
    /// The function goes to infinity there.
    Pole,
    /// The function has no value there; its domain is written so in the table, if it is written.
    OutsideDomain(Option<&'static str>),
    /// The slope is infinite there.
    InfiniteSlope,
    /// The slope does not exist there.
    NoSlope,
    /// 0 times infinity.
    ZeroTimesInfinity,
    /// Infinities of both signs were added.
    InfinityLessInfinity,
}

/// A convention that decided something.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Decision {
    /// The point is at a kink, so a slope was chosen.
    Kink(NearKink),
    /// An infinite slope was taken: the limit.
    InfiniteSlope {
        /// Of what.
        site: Site,
    },
    /// 0 times infinity is NaN: the edge is taken, so nothing may be hidden.
    ZeroTimesInfinity {
        /// Of what.
        site: Site,
    },
    /// An edge was not taken, so that what is not finite behind it does not matter.
    NotTaken {
        /// By what.
        site: Site,
        /// What is behind.
        behind: Site,
    },
}

impl Tape {
    /// Finds where a NaN or an infinity in `output` or in its derivatives comes from.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new(); // Tape::with_places() also remembers the lines, with feature `places`
    /// let x = tape.inputs(["a", "b"], [1000.0, 0.0]);
    /// let e = x.map(|x| x.exp());
    /// let loss = -(e[0] / (e[0] + e[1])).ln();
    /// let diagnosis = tape.diagnose(loss);
    /// let fault = diagnosis.value.as_ref().unwrap();
    /// assert_eq!((fault.site.primitive.as_str(), fault.operands[0].value), ("exp", 1000.0));
    /// assert!(diagnosis.to_string().contains("logsumexp"));
    /// ```
    ///
    /// Where every number is finite, it tells which conventions the derivative rests on, if on any:
    /// kinks, branches that were decided at their border, and casts of ambient variables.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 1.0);
    /// let y = if x == 1.0 { Var::constant(1.0) } else { x.square() };
    /// assert!(tape.diagnose(y).to_string().contains("the branch on `==`"));
    /// ```
    ///
    /// Costs about as much as a gradient.
    ///
    /// # Panics
    /// If `output` is a variable of another tape.
    #[track_caller]
    pub fn diagnose(&self, output: Var<'_>) -> Diagnosis {
        output.check_tape(self);
        of_tape(self, output.slot(), output.value())
    }
}

impl Program {
    /// [`Tape::diagnose`] for the only output of a program, at `x`. The error is a branch that goes
    /// the other way there.
    ///
    /// # Panics
    /// If there is not one output, or `x` has another length than the inputs.
    #[track_caller]
    pub fn diagnose(&self, x: &[f64]) -> Result<Diagnosis, Error> {
        self.check_scalar();
        let tape = self.tape_at(x)?;
        Ok(match self.code.term(self.outputs[0]) {
            Ok(slot) => of_tape(&tape, Some(slot as usize), tape.at(slot as usize).value()),
            Err(constant) => of_tape(&tape, None, constant),
        })
    }
}

fn of_tape(tape: &Tape, output: Option<usize>, value: f64) -> Diagnosis {
    let linear = Linear::whole(tape);
    match output {
        Some(slot) => diagnosis(&linear, slot),
        None => Diagnosis {
            output: None,
            output_value: value,
            value: None,
            adjoint: None,
            decided: Vec::new(),
            borders: borders(&linear),
            advice: Vec::new(),
        },
    }
}

/// The diagnosis of an output of a linearized tape.
pub(crate) fn diagnosis(linear: &Linear, output: usize) -> Diagnosis {
    let reached = linear.reached_from(output);
    let value = (0..=output)
        .find(|k| reached[*k] && !linear.slots[*k].value.is_finite())
        .map(|k| value_fault(linear, k));
    let (adjoint, mut decided) = way_down(linear, output);
    decided.extend(kinks_of(linear, output, 0.0).into_iter().map(Decision::Kink));
    let advice = advice(linear, &reached, value.as_ref().or(adjoint.as_ref()));
    let (site, output_value) = (Some(linear.site(output)), linear.slots[output].value);
    let borders = borders(linear);
    Diagnosis { output: site, output_value, value, adjoint, decided, borders, advice }
}

fn witness(linear: &Linear, edge: &Edge) -> Witness {
    Witness { site: edge.from().map(|from| linear.site(from)), value: edge.value }
}

/// The first value that is not finite: so its variable operands are.
fn value_fault(linear: &Linear, k: usize) -> Fault {
    let slot = &linear.slots[k];
    let operands: Vec<Witness> = slot.edges.iter().map(|edge| witness(linear, edge)).collect();
    let x: Vec<f64> = slot.edges.iter().map(|edge| edge.value).collect();
    let given = |edge: &Edge| matches!(edge.operand, Operand::Constant(x) if !x.is_finite());
    let cause = match &slot.kind {
        SlotKind::Input => Cause::Given,
        _ if slot.edges.iter().any(given) => Cause::Given,
        SlotKind::Op(op) if !(op.row().domain)(&x) => Cause::OutsideDomain(op.row().domain_text),
        _ if slot.value.is_nan() => Cause::OutsideDomain(None),
        _ if x.iter().all(|x| x.abs() <= 1.0) || x.get(1) == Some(&0.0) => Cause::Pole,
        _ => Cause::Overflow,
    };
    Fault { site: linear.site(k), found: slot.value, operands, cause }
}

/// Goes down as the sweep does, and notes what decides. The first adjoint that is not finite is
/// returned, with what arrived there.
fn way_down(linear: &Linear, output: usize) -> (Option<Fault>, Vec<Decision>) {
    let mut bars: Vec<Option<f64>> = vec![None; output + 1];
    let mut arrived: Vec<Vec<(usize, f64)>> = vec![Vec::new(); output + 1];
    let (mut fault, mut decided) = (None, Vec::new());
    bars[output] = Some(1.0);
    for k in (0..=output).rev() {
        let Some(bar) = bars[k] else { continue };
        if !bar.is_finite() && fault.is_none() {
            fault = Some(adjoint_fault(linear, &bars, k, &arrived[k]));
        }
        for edge in &linear.slots[k].edges {
            let Some(from) = edge.from() else { continue };
            decided.extend(decision(linear, k, edge, bar));
            if edge.taken {
                bars[from] = Some(bars[from].unwrap_or(0.0) + bar * edge.partial);
                arrived[from].push((k, edge.partial));
            }
        }
    }
    (fault, decided)
}

fn decision(linear: &Linear, k: usize, edge: &Edge, bar: f64) -> Option<Decision> {
    let site = || linear.site(k);
    let from = edge.from()?;
    if !edge.taken {
        let behind = linear.site(from);
        return (!linear.slots[from].value.is_finite())
            .then(|| Decision::NotTaken { site: site(), behind });
    }
    match (bar == 0.0, edge.partial == 0.0, edge.partial.is_infinite(), bar.is_infinite()) {
        (true, _, true, _) | (_, true, _, true) => {
            Some(Decision::ZeroTimesInfinity { site: site() })
        }
        (_, _, true, _) if linear.slots[k].value.is_finite() => {
            Some(Decision::InfiniteSlope { site: site() })
        }
        _ => None,
    }
}

/// What arrived at a slot whose adjoint is the first that is not finite.
fn adjoint_fault(
    linear: &Linear,
    bars: &[Option<f64>],
    k: usize,
    arrived: &[(usize, f64)],
) -> Fault {
    let bar = |from: usize| bars[from].unwrap_or(0.0);
    let bad = arrived.iter().find(|(from, partial)| !(bar(*from) * partial).is_finite());
    let found = bar(k);
    let (operands, cause) = match bad {
        Some((from, partial)) => {
            let cause = match (bar(*from) == 0.0, partial.is_infinite(), partial.is_nan()) {
                (true, true, _) => Cause::ZeroTimesInfinity,
                (_, true, _) => Cause::InfiniteSlope,
                (_, _, true) => Cause::NoSlope,
                _ => Cause::Overflow,
            };
            let site = Some(linear.site(*from));
            let witnesses =
                [Witness { site, value: bar(*from) }, Witness { site: None, value: *partial }];
            (witnesses.to_vec(), cause)
        }
        None => (Vec::new(), Cause::InfinityLessInfinity),
    };
    Fault { site: linear.site(k), found, operands, cause }
}
