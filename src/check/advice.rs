//! What to write in place of a formula that overflows or loses its slope. It must not know how the
//! fault was found.

use super::diagnose::Fault;
use super::linear::{Edge, Linear};
use crate::tape::SlotKind;

/// A primitive that does what the formula does, without the fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Advice {
    /// ln of a sum of exp: `logsumexp`.
    LogSumExp,
    /// ln of exp over a sum of exp: the argument less `logsumexp`.
    LogSoftmax,
    /// exp over a sum of exp: exp of the argument less `logsumexp`.
    Softmax,
    /// ln of 1 + exp: `softplus`.
    Softplus,
    /// 1 over 1 + exp: `sigmoid`.
    Sigmoid,
    /// The root of a sum of squares: `hypot` or `norm`.
    Norm,
    /// A root at 0: its slope is infinite.
    RootAtZero,
    /// A logarithm at 0.
    LogAtZero,
    /// sin x over x: `sinc`.
    Sinc,
    /// A division by 0 in a branch or product that does not want it: `select` on the denominator.
    DivideByZero,
}

/// The advice for a fault, if its surroundings are known.
pub(crate) fn advice(linear: &Linear, reached: &[bool], fault: Option<&Fault>) -> Vec<Advice> {
    let Some(fault) = fault else { return Vec::new() };
    let view = View { linear, reached };
    let slot = fault.site.slot;
    let found = match fault.site.primitive.as_str() {
        "exp" => view.of_exponential(slot),
        "ln" | "log2" | "log10" => view.of_logarithm(slot),
        "square" | "mul" | "powi" if view.leads_to(slot, "sqrt") => Some(Advice::Norm),
        "div" => view.of_quotient(slot),
        _ => view.of_adjoint(slot),
    };
    found.into_iter().collect()
}

struct View<'a> {
    linear: &'a Linear,
    reached: &'a [bool],
}

impl View<'_> {
    fn is(&self, slot: usize, primitive: &str) -> bool {
        matches!(self.linear.slots[slot].kind, SlotKind::Op(op) if op.name() == primitive)
    }

    /// The slots that are computed from this one, and matter.
    fn later(&self, slot: usize) -> impl Iterator<Item = usize> {
        let later = self.linear.reached_by(slot);
        let slots = slot + 1..self.linear.slots.len();
        slots.filter(move |k| later[*k] && self.reached[*k])
    }

    fn leads_to(&self, slot: usize, primitive: &str) -> bool {
        self.later(slot).any(|k| self.is(k, primitive))
    }

    /// Whether a slot is computed from such a primitive within a few steps.
    fn comes_from(&self, slot: usize, primitive: &str, steps: usize) -> bool {
        self.linear.slots[slot].edges.iter().filter_map(Edge::from).any(|from| {
            self.is(from, primitive) || steps > 1 && self.comes_from(from, primitive, steps - 1)
        })
    }

    /// Whether a slot adds 1 to something.
    fn adds_one(&self, slot: usize) -> bool {
        let one = |edge: &Edge| edge.from().is_none() && edge.value == 1.0;
        self.is(slot, "add") && self.linear.slots[slot].edges.iter().any(one)
    }

    /// Whether a slot is a quotient whose denominator is made of exponentials.
    fn divides_by_exponential(&self, slot: usize) -> bool {
        let denominator = self.linear.slots[slot].edges.get(1).and_then(Edge::from);
        self.is(slot, "div") && denominator.is_some_and(|k| self.comes_from(k, "exp", 2))
    }

    /// An exponential that overflowed: what was made of it?
    fn of_exponential(&self, slot: usize) -> Option<Advice> {
        let plus_one = self.later(slot).any(|k| self.adds_one(k));
        let adds = |k: usize| (self.is(k, "add") || self.is(k, "sum")) && !self.adds_one(k);
        let sums = self.later(slot).any(|k| adds(k) || !plus_one && self.divides_by_exponential(k));
        let (divides, logs) = (self.leads_to(slot, "div"), self.leads_to(slot, "ln"));
        let divides = divides || self.leads_to(slot, "recip");
        match (sums, plus_one, divides, logs) {
            (true, _, true, true) => Some(Advice::LogSoftmax),
            (true, _, true, false) => Some(Advice::Softmax),
            (true, _, false, true) => Some(Advice::LogSumExp),
            (false, true, false, true) => Some(Advice::Softplus),
            (false, true, true, _) => Some(Advice::Sigmoid),
            _ => None,
        }
    }

    /// A logarithm of 0: did exponentials vanish below it?
    fn of_logarithm(&self, slot: usize) -> Option<Advice> {
        match (self.comes_from(slot, "exp", 3), self.comes_from(slot, "div", 1)) {
            (true, true) => Some(Advice::LogSoftmax),
            (true, false) => Some(Advice::LogSumExp),
            _ => Some(Advice::LogAtZero),
        }
    }

    fn of_quotient(&self, slot: usize) -> Option<Advice> {
        if self.comes_from(slot, "exp", 2) {
            let logs = self.leads_to(slot, "ln");
            return Some(if logs { Advice::LogSoftmax } else { Advice::Softmax });
        }
        let sine = self.comes_from(slot, "sin", 1);
        Some(if sine { Advice::Sinc } else { Advice::DivideByZero })
    }

    /// An adjoint that is not finite: what uses the slot?
    fn of_adjoint(&self, slot: usize) -> Option<Advice> {
        let uses =
            |k: &usize| self.linear.slots[*k].edges.iter().any(|edge| edge.from() == Some(slot));
        let users: Vec<usize> =
            (slot + 1..self.linear.slots.len()).filter(|k| self.reached[*k]).filter(uses).collect();
        let used_by = |primitive: &str| users.iter().any(|k| self.is(*k, primitive));
        let squares = ["square", "mul", "powi"].iter().any(|of| self.comes_from(slot, of, 2));
        match (used_by("sqrt"), used_by("ln"), used_by("div")) {
            (true, ..) if squares => Some(Advice::Norm),
            (true, ..) => Some(Advice::RootAtZero),
            (_, true, _) => Some(Advice::LogAtZero),
            (_, _, true) => Some(Advice::DivideByZero),
            _ => None,
        }
    }
}
