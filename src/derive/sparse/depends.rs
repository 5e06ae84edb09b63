//! A number that has no value: it knows only which inputs it depends on. It must not know any
//! primitive, nor how a set of inputs is kept.

use super::sets::Sets;
use crate::custom::Custom;
use crate::number::operators::{operators, required_by_call};
use crate::op::{Number, Op};
use crate::tape::guard::{Comparison, Place};
use smallvec::SmallVec;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// A constant, or something unknown that depends on a set of inputs. Where the partial of a
/// primitive is the constant 0 (those of `floor`, of a comparison), nothing depends along that edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depends<'a> {
    sets: Option<&'a Sets>,
    set: u32,
    constant: Option<f64>,
}

impl<'a> Depends<'a> {
    /// The input of this number, counted from 0.
    pub(super) fn input(sets: &'a Sets, input: usize) -> Depends<'a> {
        Depends { sets: Some(sets), set: Sets::of_input(input), constant: None }
    }

    /// Something unknown that depends on no input.
    const UNKNOWN: Depends<'static> = Depends { sets: None, set: Sets::EMPTY, constant: None };

    /// The name of its set.
    pub(super) fn set(self) -> u32 {
        self.set
    }

    /// What depends on all of these.
    fn on(x: impl Iterator<Item = Depends<'a>>) -> Depends<'a> {
        x.fold(Depends::UNKNOWN, |all, x| {
            let sets = all.sets.or(x.sets);
            let set = sets.map_or(Sets::EMPTY, |sets| sets.union(all.set, x.set));
            Depends { sets, set, constant: None }
        })
    }
}

/// For each primitive, a bit for each argument in which the partial is the constant 0 everywhere.
pub(super) fn flat_edges() -> Vec<u8> {
    let flat = |op: &Op| {
        let args = vec![Depends::UNKNOWN; op.arity().unwrap_or(0)];
        let partials = op.partials(&args, Depends::UNKNOWN);
        let bit =
            |(k, partial): (usize, &Depends<'_>)| u8::from(partial.constant == Some(0.0)) << k;
        partials.iter().enumerate().map(bit).sum()
    };
    Op::ALL.iter().map(flat).collect()
}

impl Number for Depends<'_> {
    fn constant(x: f64) -> Self {
        Depends { constant: Some(x), ..Depends::UNKNOWN }
    }

    fn call(op: Op, args: &[Self]) -> Self {
        let constants: Option<SmallVec<[f64; 4]>> = args.iter().map(|x| x.constant).collect();
        if let Some(constants) = constants {
            return Self::constant(op.value(&constants));
        }
        let flat = args.iter().find_map(|x| x.sets).map_or(0, |sets| sets.flat_edges(op));
        let steep = |k: &usize| *k > 2 || flat >> k & 1 == 0;
        Depends::on((0..args.len()).filter(steep).map(|k| args[k]))
    }

    /// Any answer will do: the pattern is that of the branches that were recorded.
    fn answer(self, _: Comparison, _: Self, _: i8, _: &Place) -> bool {
        true
    }

    fn is_unreached(self) -> bool {
        self.constant.is_some_and(|x| x.is_unreached())
    }

    fn custom(_: &Arc<dyn Custom>, x: &[Self]) -> Self {
        Depends::on(x.iter().copied())
    }

    fn custom_partials(_: &Arc<dyn Custom>, x: &[Self], _: Self, partials: &mut [Self]) {
        partials.fill(Depends::on(x.iter().copied()));
    }

    /// What is the same constant on both branches is that constant.
    fn select(self, x: Self, y: Self) -> Self {
        match (x.constant, y.constant) {
            (Some(a), Some(b)) if a.to_bits() == b.to_bits() => x,
            _ => Self::call(Op::Select, &[self, x, y]),
        }
    }

    required_by_call! { abs Abs() sqrt Sqrt() floor Floor() compare Compare(y) mul_add MulAdd(y z) }
}

operators! { ['a] Depends<'a>:
    Add add |x, y| Depends::call(Op::Add, &[x, y]);
    Sub sub |x, y| Depends::call(Op::Sub, &[x, y]);
    Mul mul |x, y| Depends::call(Op::Mul, &[x, y]);
    Div div |x, y| Depends::call(Op::Div, &[x, y]);
    Rem rem |x, y| Depends::call(Op::Rem, &[x, y]);
}

impl Neg for Depends<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        Self::call(Op::Neg, &[self])
    }
}
