//! The variable of a quick tape. It must not know any primitive: the table gives the partials.

use super::{NONE, QuickTape};
use crate::custom::Custom;
use crate::number::operators::required_by_call;
use crate::op::{Edges, Number, Op, Spare};
use crate::tape::Comparison;
use crate::var::operators::variable;
use smallvec::SmallVec;
use std::fmt;
use std::sync::Arc;

/// A variable on a [`QuickTape`], or a constant. It computes as [`Var`](crate::Var) does.
#[derive(Clone, Copy)]
pub struct QuickVar<'t> {
    tape: Option<&'t QuickTape>,
    value: f64,
    slot: u32,
}

impl<'t> QuickVar<'t> {
    pub(super) fn new(tape: &'t QuickTape, slot: u32, value: f64) -> QuickVar<'t> {
        QuickVar { tape: Some(tape), value, slot }
    }

    /// A constant: it takes no slot, and no derivative flows to it.
    #[inline]
    pub fn constant(value: f64) -> QuickVar<'t> {
        QuickVar { tape: None, value, slot: NONE }
    }

    /// The value. No derivative comes along.
    #[inline]
    pub fn value(self) -> f64 {
        self.value
    }

    /// The same value as a constant, so that no derivative flows through.
    pub fn detach(self) -> QuickVar<'t> {
        QuickVar::constant(self.value)
    }

    #[track_caller]
    pub(super) fn slot_on(self, tape: &QuickTape) -> Option<u32> {
        self.check_tape(tape);
        self.tape.map(|_| self.slot)
    }

    #[inline]
    #[track_caller]
    fn check_tape(self, tape: &QuickTape) {
        if let Some(own) = self.tape
            && !std::ptr::eq(own, tape)
        {
            panic!(
                "a variable of {own:?} was used with {tape:?}: variables of two tapes cannot meet"
            );
        }
    }

    /// Stores the partials of a primitive of two arguments; one of a single is given it twice.
    #[inline(always)]
    #[track_caller]
    fn operate<const OP: u8>(x: QuickVar<'t>, y: QuickVar<'t>, value: f64) -> QuickVar<'t> {
        let Some(tape) = x.tape.or(y.tape) else { return QuickVar::constant(value) };
        y.check_tape(tape);
        let edges = two_edges::<OP>([x.value, y.value], [x.slot, y.slot], value);
        QuickVar::new(tape, tape.push(edges), value)
    }

    /// Stores the partials of a primitive of three arguments or over a list.
    #[track_caller]
    fn record_list(op: Op, args: &[QuickVar<'t>], value: f64) -> QuickVar<'t> {
        let Some(tape) = args.iter().find_map(|x| x.tape) else { return QuickVar::constant(value) };
        args.iter().for_each(|x| x.check_tape(tape));
        let mut edges = SmallVec::<[(u32, f64); 8]>::new();
        if op.takes_list() {
            let values: SmallVec<[f64; 8]> = args.iter().map(|x| x.value).collect();
            op.partials_of_list(&values, value, &mut Spare::new(), &mut |k, partial| {
                edges.push((args[k].slot, partial));
            });
        } else {
            let values: SmallVec<[f64; 3]> = args.iter().map(|x| x.value).collect();
            let slots: SmallVec<[u32; 3]> = args.iter().map(|x| x.slot).collect();
            let store = |_, edge| edges.push(edge);
            op.partials_by(value, Partials { x: &values, slots: &slots, store });
        }
        let reached = edges.into_iter().filter(|(slot, _)| *slot != NONE);
        QuickVar::new(tape, tape.push_list(reached), value)
    }

    fn fold(
        op: Op,
        unit: f64,
        step: fn(f64, f64) -> f64,
        terms: impl Iterator<Item = QuickVar<'t>>,
    ) -> QuickVar<'t> {
        let terms: SmallVec<[QuickVar<'t>; 8]> = terms.collect();
        let value = terms.iter().map(|x| x.value).reduce(step).unwrap_or(unit);
        QuickVar::record_list(op, &terms, value)
    }

    fn guard(self, comparison: Comparison, other: QuickVar<'t>) -> i8 {
        comparison.ask(self.value, other.value)
    }
}

/// The edges of a primitive of one or two arguments. A function of its own for each primitive, so
/// that the compiler reduces it to that primitive before it looks at who calls it.
#[inline]
fn two_edges<const OP: u8>(x: [f64; 2], slots: [u32; 2], value: f64) -> [(u32, f64); 2] {
    let mut edges = [(NONE, 0.0); 2];
    let store = |k: usize, edge| edges[k] = edge;
    Op::ALL[OP as usize].partials_by(value, Partials { x: &x, slots: &slots, store });
    edges
}

/// The edges into a slot as they are recorded: those that are taken, and lead to a slot.
struct Partials<'a, S> {
    x: &'a [f64],
    slots: &'a [u32],
    store: S,
}

impl<S: FnMut(usize, (u32, f64))> Edges<f64> for Partials<'_, S> {
    #[inline(always)]
    fn arg<const K: usize>(&self, k: usize) -> f64 {
        self.x[k]
    }
    #[inline(always)]
    fn wants<const K: usize>(&self, k: usize) -> bool {
        self.slots[k] != NONE
    }
    #[inline(always)]
    fn flow<const K: usize>(&mut self, k: usize, partial: f64, taken: Option<f64>) {
        match taken {
            Some(taken) if taken <= 0.0 => {}
            Some(taken) if taken.is_nan() => (self.store)(k, (self.slots[k], taken)),
            _ => (self.store)(k, (self.slots[k], partial)),
        }
    }
}

impl Number for QuickVar<'_> {
    #[inline]
    fn constant(x: f64) -> Self {
        QuickVar::constant(x)
    }
    required_by_call!();
    fn call(op: Op, args: &[Self]) -> Self {
        let values: SmallVec<[f64; 8]> = args.iter().map(|x| x.value).collect();
        QuickVar::record_list(op, args, op.value(&values))
    }
    #[inline(always)]
    fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
        match *args {
            [x] => QuickVar::operate::<OP>(x, x, value(&[x.value])),
            [x, y] => QuickVar::operate::<OP>(x, y, value(&[x.value, y.value])),
            _ => QuickVar::call(Op::ALL[OP as usize], args),
        }
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8) -> bool {
        self.guard(comparison, y) == expected
    }
    fn dot(x: &[Self], y: &[Self]) -> Self {
        assert_eq!(x.len(), y.len(), "dot: the lengths of the two vectors differ");
        let products = x.iter().zip(y).map(|(x, y)| x.value * y.value);
        let value = products.reduce(|sum, product| sum + product).unwrap_or(0.0);
        let Some(tape) = x.iter().chain(y).find_map(|x| x.tape) else {
            return QuickVar::constant(value);
        };
        x.iter().chain(y).for_each(|x| x.check_tape(tape));
        let edges = x.iter().zip(y).chain(y.iter().zip(x)).map(|(x, y)| (x.slot, y.value));
        QuickVar::new(tape, tape.push_list(edges.filter(|(slot, _)| *slot != NONE)), value)
    }
    fn custom(custom: &Arc<dyn Custom>, args: &[Self]) -> Self {
        let values: SmallVec<[f64; 4]> = args.iter().map(|x| x.value).collect();
        let value = custom.value(&values);
        let Some(tape) = args.iter().find_map(|x| x.tape) else { return QuickVar::constant(value) };
        args.iter().for_each(|x| x.check_tape(tape));
        let mut partials: SmallVec<[f64; 4]> = SmallVec::from_elem(0.0, args.len());
        custom.partials(&values, value, &mut partials);
        let edges = args.iter().map(|x| x.slot).zip(partials).filter(|(slot, _)| *slot != NONE);
        QuickVar::new(tape, tape.push_list(edges), value)
    }
}

variable!(QuickVar);

impl fmt::Debug for QuickVar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tape {
            Some(_) => write!(f, "QuickVar({} in slot {})", self.value, self.slot),
            None => write!(f, "QuickVar(constant {})", self.value),
        }
    }
}
