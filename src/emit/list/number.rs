//! The number that writes instructions: whatever the sweeps compute in it becomes code. It must not
//! know any machine, nor any primitive but those that every number has.
// Machine code asks for more than lanes do.
#![cfg_attr(not(feature = "jit"), allow(dead_code))]

use super::graph::{Cell, Graph, Id, Kind, Question};
use crate::number::operators::operators;
use crate::op::{Internal, Number, Op, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// A constant, or what an instruction will give.
///
/// An adjoint that surely is reached is told from one that may be nothing, so that the code asks only
/// where the program leaves it open. The sign of a zero among adjoints is of no concern but as
/// "nothing": what is read has 0.0 added.
///
/// `LANES` if the instructions are for lanes, which have functions of their own: then these are what
/// is computed at once, too.
#[derive(Clone, Copy)]
pub(in crate::emit) enum Emitted<'g, const LANES: bool = false> {
    Constant(f64),
    Of(Of<'g>),
}

/// What is not a constant.
#[derive(Clone, Copy)]
pub(in crate::emit) struct Of<'g> {
    graph: &'g RefCell<Graph>,
    term: Term,
    /// Whether it surely is something: no adjoint that nothing reached.
    sure: bool,
}

/// Where a number is, or how it gets there.
#[derive(Clone, Copy, Debug)]
pub(in crate::emit) enum Term {
    /// An instruction of the piece at hand.
    Id(Id),
    /// To be loaded when it is used first.
    Load(Cell),
    /// The value of a slot of an earlier piece.
    Slot(u32),
}

impl<'g, const LANES: bool> Emitted<'g, LANES> {
    pub(in crate::emit) fn new(graph: &'g RefCell<Graph>, term: Term, sure: bool) -> Self {
        Emitted::Of(Of { graph, term, sure })
    }

    /// Whether an instruction of the piece at hand gives it.
    pub(in crate::emit) fn is_fresh(&self) -> bool {
        matches!(self, Emitted::Of(Of { term: Term::Id(_), .. }))
    }

    /// The constant that it is.
    pub(in crate::emit) fn constant_value(&self) -> Option<f64> {
        match self {
            Emitted::Constant(x) => Some(*x),
            Emitted::Of(_) => None,
        }
    }

    /// The constant that it must be, as no argument of it has a graph.
    fn known(self) -> f64 {
        self.constant_value().expect("what is no constant has a graph")
    }

    pub(in crate::emit) fn is_sure(&self) -> bool {
        match self {
            Emitted::Constant(x) => !x.is_unreached(),
            Emitted::Of(of) => of.sure,
        }
    }

    /// The instruction that gives it.
    pub(in crate::emit) fn id(&self, graph: &RefCell<Graph>) -> Id {
        let mut graph = graph.borrow_mut();
        match self {
            Emitted::Constant(x) => graph.constant(*x),
            Emitted::Of(of) => match of.term {
                Term::Id(id) => id,
                Term::Load(cell) => graph.push(Kind::Load(cell), &[]),
                Term::Slot(slot) => graph.value_of(slot),
            },
        }
    }

    fn graph(args: &[Self]) -> Option<&'g RefCell<Graph>> {
        args.iter().find_map(|arg| match arg {
            Emitted::Constant(_) => None,
            Emitted::Of(of) => Some(of.graph),
        })
    }

    /// An instruction; computed at once if its arguments are constants.
    fn emit<const K: usize>(kind: Kind, args: [Self; K], plain: impl Fn([f64; K]) -> f64) -> Self {
        let Some(graph) = Self::graph(&args) else {
            return Emitted::Constant(plain(args.map(Self::known)));
        };
        let ids = args.map(|x| x.id(graph));
        let id = graph.borrow_mut().push(kind, &ids);
        Self::new(graph, Term::Id(id), true)
    }

    /// A call of a row's own function.
    fn call_row(op: Op, args: &[Self]) -> Self {
        let Some(graph) = Self::graph(args) else {
            let x: SmallVec<[f64; 8]> = args.iter().filter_map(Self::constant_value).collect();
            return Emitted::Constant(match x[..] {
                [x] if LANES => op.in_lanes(&[x]).map_or_else(|| op.value(&[x]), |[v]| v),
                _ => op.value(&x),
            });
        };
        let ids: SmallVec<[Id; 8]> = args.iter().map(|x| x.id(graph)).collect();
        let mut graph_now = graph.borrow_mut();
        let id = match op.takes_list() {
            true => graph_now.push_list(op, &ids),
            false => graph_now.push(Kind::Call(op, ids.len() as u8), &ids),
        };
        Self::new(graph, Term::Id(id), true)
    }

    /// `self`, but nothing where `bar` is nothing.
    fn unless(self, bar: Self) -> Self {
        if bar.is_sure() {
            return self;
        }
        let either = |[bar, x]: [f64; 2]| if bar.is_unreached() { UNREACHED } else { x };
        Self::emit(Kind::Unless, [bar, self], either).perhaps()
    }

    /// The same, as an adjoint that may be nothing.
    fn perhaps(self) -> Self {
        self.with(false)
    }

    /// The same, as a value.
    fn surely(self) -> Self {
        self.with(true)
    }

    fn with(self, sure: bool) -> Self {
        match self {
            Emitted::Of(of) => Emitted::Of(Of { sure, ..of }),
            constant => constant,
        }
    }

    /// Whether it is an adjoint that may be nothing.
    fn is_adjoint(&self) -> bool {
        matches!(self, Emitted::Of(Of { sure: false, .. }))
    }

    /// An adjoint after a contribution. Once it surely is something, a zero may have either sign.
    pub(in crate::emit) fn after(self, contribution: Self) -> Self {
        if self.constant_value().is_some_and(|x| x.is_unreached()) {
            return contribution;
        }
        match self.is_sure() || contribution.is_sure() {
            true => self + contribution,
            false => (self + contribution).perhaps(),
        }
    }
}

impl<const LANES: bool> Number for Emitted<'_, LANES> {
    fn constant(x: f64) -> Self {
        Emitted::Constant(x)
    }
    fn abs(self) -> Self {
        Self::emit(Kind::Abs, [self], |[x]| x.abs())
    }
    fn sqrt(self) -> Self {
        Self::emit(Kind::Sqrt, [self], |[x]| x.sqrt())
    }
    fn mul_add(self, y: Self, z: Self) -> Self {
        Self::emit(Kind::MulAdd, [self, y, z], |[x, y, z]| x.mul_add(y, z))
    }
    fn floor(self) -> Self {
        Self::emit(Kind::Floor, [self], |[x]| x.floor())
    }
    fn compare(self, y: Self) -> Self {
        Self::emit(Kind::Compare, [self, y], |[x, y]| x.compare(y))
    }
    fn select(self, x: Self, y: Self) -> Self {
        match self.constant_value() {
            Some(s) if s > 0.0 => x,
            Some(s) if s <= 0.0 => y,
            _ => Self::emit(Kind::Select, [self, x, y], |[s, x, y]| s.select(x, y)),
        }
    }
    fn call(op: Op, args: &[Self]) -> Self {
        op.rule(args).or_else(|| op.unrolled(args)).unwrap_or_else(|| Self::call_row(op, args))
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8, _: &Place) -> bool {
        let Some(graph) = Self::graph(&[self, y]) else {
            let [x, y] = [self, y].map(Self::known);
            return comparison.ask(x, y) == expected;
        };
        let (x, y) = (self.id(graph), y.id(graph));
        graph.borrow_mut().questions.push(Question { comparison, x, y, expected });
        true
    }
    fn is_unreached(self) -> bool {
        self.constant_value().is_some_and(|x| x.is_unreached())
    }
    /// An adjoint that surely is something may be -0.0 all the same.
    fn reached(self) -> Option<Self> {
        if self.is_sure() { None } else { Some(self.open(Emitted::Constant(1.0))) }
    }
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let product = match bar * partial {
            Emitted::Constant(x) => Emitted::Constant(x + 0.0),
            product => product,
        };
        if bar.is_sure() && !partial.is_adjoint() {
            return self.after(product);
        }
        let reached = (product + 0.0).unless(bar);
        self.after(if partial.is_adjoint() { reached.unless(partial) } else { reached })
    }
    fn contribute(&mut self, bar: Self, partial: Self, taken: Option<Self>) {
        *self = match taken.map(|taken| (taken, taken.constant_value())) {
            None => self.accumulate(bar, partial),
            Some((_, Some(t))) if t > 0.0 => self.accumulate(bar, partial),
            Some((_, Some(t))) if t <= 0.0 => *self,
            Some((taken, _)) => {
                let nothing = Emitted::Constant(UNREACHED);
                self.after(taken.select(bar * partial + 0.0, nothing).perhaps().unless(bar))
            }
        };
    }
    fn chain(self, y: Self) -> Self {
        (self * y + 0.0).unless(self.perhaps()).surely()
    }
    fn gate(self, y: Self, t: Self) -> Self {
        let product = t.select(self * y + 0.0, Emitted::Constant(UNREACHED));
        product.unless(self.perhaps()).surely()
    }
}

operators! { ['g, const LANES: bool] Emitted<'g, LANES>:
    Add add |x, y| Self::emit(Kind::Add, [x, y], |[x, y]| x + y);
    Sub sub |x, y| Self::emit(Kind::Sub, [x, y], |[x, y]| x - y);
    Mul mul |x, y| Self::emit(Kind::Mul, [x, y], |[x, y]| x * y);
    Div div |x, y| Self::emit(Kind::Div, [x, y], |[x, y]| x / y);
    Rem rem |x, y| Self::call_row(Op::Rem, &[x, y]);
}

impl<const LANES: bool> Neg for Emitted<'_, LANES> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::emit(Kind::Neg, [self], |[x]| -x)
    }
}

impl<const LANES: bool> fmt::Debug for Emitted<'_, LANES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Emitted::Constant(x) => write!(f, "{x:?}"),
            Emitted::Of(of) => write!(f, "{:?}", of.term),
        }
    }
}
