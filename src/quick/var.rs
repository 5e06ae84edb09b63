//! The variable of a quick tape. It must not know any primitive: the table gives the partials.

use super::{Edge, NONE, QuickTape};
use crate::custom::Custom;
use crate::number::operators::required_by_call;
use crate::op::{Edges, Number, Op, Spare};
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
        let Some(tape) = x.tape.or(y.tape) else { return QuickVar::constant(value) };
        y.check_tape(tape);
        let wanted = [x.tape.is_some(), y.tape.is_some()];
        let edge = match two_partials::<OP>([x.value, y.value], wanted, value) {
            [Some(p), Some(q)] => tape.join(tape.along(x.edge, p), tape.along(y.edge, q)),
            [Some(p), None] => tape.along(x.edge, p),
            [None, Some(q)] => tape.along(y.edge, q),
            [None, None] => return QuickVar::constant(value),
        };
        QuickVar { tape: Some(tape), value, edge }
    }

    /// Computes a primitive of at most three arguments.
    #[inline]
    #[track_caller]
    fn record_few(op: Op, args: &[QuickVar<'t>], value: f64) -> QuickVar<'t> {
        let Some(tape) = args.iter().find_map(|x| x.tape) else {
            return QuickVar::constant(value);
        };
        args.iter().for_each(|x| x.check_tape(tape));
        let x: SmallVec<[f64; 3]> = args.iter().map(|x| x.value).collect();
        let wanted: SmallVec<[bool; 3]> = args.iter().map(|x| x.tape.is_some()).collect();
        let mut edge: Option<Edge> = None;
        let store = |k: usize, partial| {
            let other = tape.along(args[k].edge, partial);
            edge = Some(edge.map_or(other, |edge| tape.join(edge, other)));
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
        op.partials_of_list(&values, value, &mut Spare::new(), store);
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
        let mut lists = tape.lists.take();
        let (start, mut stranger) = (lists.len(), None);
        lists.reserve(args.size_hint().0);
        args.for_each(|(x, partial)| {
            if let Some(own) = x.tape {
                if !std::ptr::eq(own, tape) {
                    stranger = Some(own);
                }
                lists.push(tape.along(x.edge, partial));
            }
        });
        tape.lists.put_back(lists);
        if let Some(own) = stranger {
            strangers(own, tape);
        }
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
    fn call(op: Op, args: &[Self]) -> Self {
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
    fn answer(self, comparison: Comparison, y: Self, expected: i8, _: &Place) -> bool {
        self.guard(comparison, y) == expected
    }
    fn dot(x: &[Self], y: &[Self]) -> Self {
        assert_eq!(x.len(), y.len(), "dot: the lengths of the two vectors differ");
        let products = x.iter().zip(y).map(|(x, y)| x.value * y.value);
        let value = products.reduce(|sum, product| sum + product).unwrap_or(0.0);
        let partials = y.iter().chain(x).map(|partner| partner.value);
        QuickVar::gather(value, x.iter().chain(y).zip(partials))
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
