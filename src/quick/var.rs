//! The variable of a quick tape. It must not know what a primitive computes: the table gives the
//! partials.

use super::{Edge, NONE, QuickTape, is_ordinary, list};
use crate::custom::Custom;
use crate::number::operators::required_by_call;
use crate::op::{Edges, ListRoom, Number, Op, Spare};
use crate::tape::{Comparison, Place};
use crate::var::operators::variable;
use smallvec::SmallVec;
use std::fmt;
use std::sync::Arc;

/// A variable on a [`QuickTape`], or a constant. It computes as [`Var`](crate::Var) does.
#[derive(Clone, Copy)]
pub struct QuickVar<'t> {
    tape: Option<&'t QuickTape>,
    value: f64,
    edge: Edge,
}

impl<'t> QuickVar<'t> {
    /// The variable in a slot.
    pub(super) fn in_slot(tape: &'t QuickTape, slot: u32, value: f64) -> QuickVar<'t> {
        QuickVar { tape: Some(tape), value, edge: Edge { slot, partial: 1.0 } }
    }

    /// A constant: it takes no slot, and no derivative flows to it.
    #[inline(always)]
    pub fn constant(value: f64) -> QuickVar<'t> {
        QuickVar { tape: None, value, edge: Edge { slot: NONE, partial: 1.0 } }
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

    /// The edge that leads to it, if it is not a constant.
    #[track_caller]
    pub(super) fn edge_on(self, tape: &QuickTape) -> Option<Edge> {
        self.check_tape(tape);
        self.tape.map(|_| self.edge)
    }

    #[inline]
    #[track_caller]
    fn check_tape(self, tape: &QuickTape) {
        if let Some(own) = self.tape
            && !std::ptr::eq(own, tape)
        {
            strangers(own, tape);
        }
    }

    /// Computes a primitive of two arguments; one of a single is given it twice. What nothing flows
    /// from is a constant.
    #[inline(always)]
    #[track_caller]
    fn operate<const OP: u8>(x: QuickVar<'t>, y: QuickVar<'t>, value: f64) -> QuickVar<'t> {
        let both = [x.value, y.value];
        let (tape, partials) = match (x.tape, y.tape) {
            (Some(tape), Some(other)) if std::ptr::eq(tape, other) => {
                (tape, two_partials::<OP>(both, [true, true], value))
            }
            (Some(tape), None) => (tape, two_partials::<OP>(both, [true, false], value)),
            (None, Some(tape)) => (tape, two_partials::<OP>(both, [false, true], value)),
            (None, None) => return QuickVar::constant(value),
            (Some(tape), Some(other)) => strangers(other, tape),
        };
        let edge = match (partials, has_unit_partials(OP)) {
            ([Some(p), Some(q)], true) => tape.join::<true>(x.edge, y.edge, [p, q]),
            ([Some(p), Some(q)], false) => tape.join::<false>(x.edge, y.edge, [p, q]),
            ([Some(p), None], true) => tape.along::<true>(x.edge, p),
            ([Some(p), None], false) => tape.along::<false>(x.edge, p),
            ([None, Some(q)], true) => tape.along::<true>(y.edge, q),
            ([None, Some(q)], false) => tape.along::<false>(y.edge, q),
            ([None, None], _) => return QuickVar::constant(value),
        };
        QuickVar { tape: Some(tape), value, edge }
    }

    /// Computes a primitive of few arguments.
    #[inline]
    #[track_caller]
    fn record_few(op: Op, args: &[QuickVar<'t>], value: f64) -> QuickVar<'t> {
        let Some(tape) = args.iter().find_map(|x| x.tape) else {
            return QuickVar::constant(value);
        };
        args.iter().for_each(|x| x.check_tape(tape));
        let x: SmallVec<[f64; 3]> = args.iter().map(|x| x.value).collect();
        let wanted: SmallVec<[bool; 3]> = args.iter().map(|x| x.tape.is_some()).collect();
        let op = op.settled(wanted.iter().map(|wanted| !wanted));
        let mut edge: Option<Edge> = None;
        let store = |k: usize, partial| {
            let other = tape.along::<false>(args[k].edge, partial);
            edge = Some(edge.map_or(other, |edge| tape.join::<true>(edge, other, [1.0; 2])));
        };
        op.partials_by(value, Partials { x: &x, wanted: &wanted, store });
        edge.map_or(QuickVar::constant(value), |edge| QuickVar { tape: Some(tape), value, edge })
    }

    /// Computes a primitive over a list.
    #[track_caller]
    fn record_list(op: Op, args: &[QuickVar<'t>], value: f64) -> QuickVar<'t> {
        let values: SmallVec<[f64; 8]> = args.iter().map(|x| x.value).collect();
        let mut partials = SmallVec::<[f64; 8]>::from_elem(0.0, args.len());
        let store = &mut |k: usize, partial| partials[k] = partial;
        op.partials_of_list(&values, value, &mut Spare::new(), &mut ListRoom::default(), store);
        QuickVar::gather(value, args.iter().zip(partials.iter().copied()))
    }

    /// A variable that depends on these, each by way of an edge with this partial.
    #[track_caller]
    fn gather<'a>(
        value: f64,
        args: impl Iterator<Item = (&'a QuickVar<'t>, f64)> + Clone,
    ) -> QuickVar<'t>
    where
        't: 'a,
    {
        let Some(tape) = args.clone().find_map(|(x, _)| x.tape) else {
            return QuickVar::constant(value);
        };
        let start = tape.lists.len();
        edges_one_by_one(tape, args);
        QuickVar { tape: Some(tape), value, edge: tape.close_list(start) }
    }

    /// A sum is a chain of additions: its terms are not known beforehand, and may be lists themselves.
    #[track_caller]
    fn fold(
        op: Op,
        unit: f64,
        step: fn(f64, f64) -> f64,
        terms: impl Iterator<Item = QuickVar<'t>>,
    ) -> QuickVar<'t> {
        if op == Op::Sum {
            return terms.reduce(|x, y| x + y).unwrap_or(QuickVar::constant(unit));
        }
        let terms: SmallVec<[QuickVar<'t>; 8]> = terms.collect();
        let value = terms.iter().map(|x| x.value).reduce(step).unwrap_or(unit);
        QuickVar::record_list(op, &terms, value)
    }

    fn guard(self, comparison: Comparison, other: QuickVar<'t>) -> i8 {
        comparison.ask(self.value, other.value)
    }
}

/// Whether the partials of a primitive are 1 or -1 whatever its arguments, so that products with them
/// are exact. Where it is false, products are looked at.
const fn has_unit_partials(op: u8) -> bool {
    op == Op::Add as u8 || op == Op::Sub as u8 || op == Op::Neg as u8
}

#[cold]
#[inline(never)]
#[track_caller]
fn strangers(own: &QuickTape, tape: &QuickTape) -> ! {
    panic!("a variable of {own:?} was used with {tape:?}: variables of two tapes cannot meet")
}

/// The partials of a primitive of one or two arguments: those that are wanted, and taken. A function
/// of its own for each primitive, so that the compiler reduces it to that primitive before it looks
/// at who calls it.
#[inline(always)]
fn two_partials<const OP: u8>(x: [f64; 2], wanted: [bool; 2], value: f64) -> [Option<f64>; 2] {
    let mut partials = [None; 2];
    let store = |k: usize, partial| partials[k] = Some(partial);
    Op::ALL[OP as usize].partials_by(value, Partials { x: &x, wanted: &wanted, store });
    partials
}

/// Appends the edges to the variables among `x`, each of which is multiplied by its `y`, and returns
/// the sum of the products, if it is asked for.
#[track_caller]
fn edges_of_products<const SUM: bool>(
    tape: &QuickTape,
    x: &[QuickVar<'_>],
    y: &[QuickVar<'_>],
) -> f64 {
    if x.first().is_none_or(|x| x.tape.is_none()) && x.iter().all(|x| x.tape.is_none()) {
        return if SUM { products(x, y) } else { 0.0 };
    }
    let mut words = tape.lists.take();
    let sum = run_of_products::<SUM>(&mut words, tape, x, y);
    tape.lists.put_back(words);
    if let Some(sum) = sum {
        return sum;
    }
    edges_one_by_one(tape, x.iter().zip(y).map(|(x, y)| (x, y.value)));
    products(x, y)
}

/// The same if they make a single run, and no product needs care; one with 0 that is 0 does not. A
/// function of its own, so that the sum stays in its register.
#[inline(never)]
fn run_of_products<const SUM: bool>(
    words: &mut Vec<u64>,
    tape: &QuickTape,
    x: &[QuickVar<'_>],
    y: &[QuickVar<'_>],
) -> Option<f64> {
    let mut sum = NOTHING;
    let slots = [0, 1].map(|k| x.get(k).map(|x| x.edge.slot));
    let edges = x.iter().zip(y).map(|(x, y)| {
        let partial = x.edge.partial * y.value;
        if SUM {
            sum += x.value * y.value;
        }
        let is_kept = is_ordinary(partial) || (partial == 0.0 && y.value == 0.0);
        let is_own = x.tape.is_some_and(|own| std::ptr::eq(own, tape));
        (is_own && is_kept).then_some(Edge { slot: x.edge.slot, partial })
    });
    list::extend_run(words, slots, edges).then_some(sum)
}

/// To which any number can be added and stays what it is.
const NOTHING: f64 = -0.0;

fn products(x: &[QuickVar<'_>], y: &[QuickVar<'_>]) -> f64 {
    x.iter().zip(y).fold(NOTHING, |sum, (x, y)| sum + x.value * y.value)
}

/// Appends the edges to those that are variables, with these partials.
#[inline(never)]
#[track_caller]
fn edges_one_by_one<'a, 't: 'a>(
    tape: &QuickTape,
    args: impl Iterator<Item = (&'a QuickVar<'t>, f64)> + Clone,
) {
    args.clone().for_each(|(x, _)| x.check_tape(tape));
    let mut words = tape.lists.take();
    let variables = args.filter(|(x, _)| x.tape.is_some());
    list::extend(&mut words, variables.map(|(x, partial)| tape.along::<false>(x.edge, partial)));
    tape.lists.put_back(words);
}

/// The partials of a primitive as they are computed: of the arguments that are variables, those
/// whose edges are taken.
struct Partials<'a, S> {
    x: &'a [f64],
    wanted: &'a [bool],
    store: S,
}

impl<S: FnMut(usize, f64)> Edges<f64> for Partials<'_, S> {
    #[inline(always)]
    fn arg<const K: usize>(&self, k: usize) -> f64 {
        self.x[k]
    }
    #[inline(always)]
    fn wants<const K: usize>(&self, k: usize) -> bool {
        self.wanted[k]
    }
    #[inline(always)]
    fn flow<const K: usize>(&mut self, k: usize, partial: f64, taken: Option<f64>) {
        match taken {
            Some(taken) if taken <= 0.0 => {}
            Some(taken) if taken.is_nan() => (self.store)(k, taken),
            _ => (self.store)(k, partial),
        }
    }
}

impl Number for QuickVar<'_> {
    #[inline]
    fn constant(x: f64) -> Self {
        QuickVar::constant(x)
    }
    required_by_call!();
    #[track_caller]
    fn call(op: Op, args: &[Self]) -> Self {
        op.check_constants(args.iter().map(|x| x.tape.is_none().then_some(x.value)));
        let values: SmallVec<[f64; 8]> = args.iter().map(|x| x.value).collect();
        let record = if op.takes_list() { QuickVar::record_list } else { QuickVar::record_few };
        record(op, args, op.value(&values))
    }
    #[inline(always)]
    fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
        match *args {
            [x] => QuickVar::operate::<OP>(x, x, value(&[x.value])),
            [x, y] => QuickVar::operate::<OP>(x, y, value(&[x.value, y.value])),
            [x, y, z] => {
                let value = value(&[x.value, y.value, z.value]);
                QuickVar::record_few(Op::ALL[OP as usize], args, value)
            }
            _ => QuickVar::call(Op::ALL[OP as usize], args),
        }
    }
    fn is_constant(self) -> bool {
        self.tape.is_none()
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8, _: &Place) -> bool {
        self.guard(comparison, y) == expected
    }
    fn dot(x: &[Self], y: &[Self]) -> Self {
        assert_eq!(x.len(), y.len(), "dot: the lengths of the two vectors differ");
        let Some(tape) = x.iter().chain(y).find_map(|x| x.tape) else {
            let products = x.iter().zip(y).map(|(x, y)| x.value * y.value);
            return QuickVar::constant(products.reduce(|sum, x| sum + x).unwrap_or(0.0));
        };
        let start = tape.lists.len();
        let value = edges_of_products::<true>(tape, x, y);
        edges_of_products::<false>(tape, y, x);
        QuickVar { tape: Some(tape), value, edge: tape.close_list(start) }
    }
    fn custom(custom: &Arc<dyn Custom>, args: &[Self]) -> Self {
        let values: SmallVec<[f64; 4]> = args.iter().map(|x| x.value).collect();
        let value = custom.value(&values);
        let mut partials: SmallVec<[f64; 4]> = SmallVec::from_elem(0.0, args.len());
        custom.partials(&values, value, &mut partials);
        QuickVar::gather(value, args.iter().zip(partials.iter().copied()))
    }
}

variable!(QuickVar);

impl fmt::Debug for QuickVar<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tape {
            Some(_) => write!(f, "QuickVar({})", self.value),
            None => write!(f, "QuickVar(constant {})", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_partials_are_1_or_minus_1_everywhere() {
        let points = [[0.0, -0.0], [3.0, -1e300], [f64::INFINITY, 2.0], [f64::NAN, 0.5]];
        for (op, x) in Op::ALL.iter().flat_map(|op| points.iter().map(move |x| (*op, x))) {
            if has_unit_partials(op as u8) {
                let x = &x[..op.arity().unwrap()];
                let partials = op.partials(x, op.value(x));
                assert!(partials.iter().all(|p| p.abs() == 1.0), "{op:?} at {x:?}: {partials:?}");
            }
        }
    }
}
