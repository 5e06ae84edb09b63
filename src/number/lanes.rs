//! Several points at once. It must not know any primitive but those that every number has.

use super::operators::operators;
use crate::custom::Custom;
use crate::op::{ListRoom, Number, Op, Spare, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use smallvec::SmallVec;
use std::array::from_fn;
use std::cell::Cell;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// `K` points at once: every primitive is applied to each lane.
///
/// A lane has the bits of plain f64, except that `exp`, `ln`, `tanh`, `erfc` and `gauss`, and the
/// primitives that are made of them, are vector functions: within 2 ulp of the true value. On one
/// machine they have the same bits in every lane and for every `K`; a processor that fuses products
/// into sums may differ from one that does not in the last place.
///
/// ```
/// use wengert::{Lanes, Number};
///
/// let x = Lanes([0.0, 1.0, 4.0, 9.0]);
/// assert_eq!((x.sqrt() * 2.0 + 1.0).0, [1.0, 3.0, 5.0, 7.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes<const K: usize>(pub [f64; K]);

/// The same number in every lane.
impl<const K: usize> From<f64> for Lanes<K> {
    #[inline]
    fn from(x: f64) -> Self {
        Lanes([x; K])
    }
}

impl<const K: usize> Lanes<K> {
    /// A function of plain numbers, lane by lane: not worth being compiled into every sweep.
    #[inline(never)]
    fn each(x: &[Self], f: &dyn Fn(&[f64]) -> f64) -> Self {
        let mut lane = Spare::<f64>::new();
        Lanes(from_fn(|k| {
            lane.clear();
            lane.extend(x.iter().map(|x| x.0[k]));
            f(&lane)
        }))
    }

    /// Whether no adjoint has reached any lane.
    #[inline(never)]
    fn all_unreached(self) -> bool {
        let differ = |all, bar: &f64| all | (bar.to_bits() ^ UNREACHED.to_bits());
        self.0.iter().fold(0, differ) == 0
    }

    /// Adds what flows along an edge in the lanes that something reached. Most often that is all,
    /// which is seen quicker by asking whether one is zero.
    #[cold]
    #[inline(never)]
    fn accumulate_where_reached(self, bar: Self, partial: Self) -> Self {
        Lanes(from_fn(|k| {
            let reached = self.0[k].accumulate(bar.0[k], partial.0[k]);
            if bar.0[k].is_unreached() { self.0[k] } else { reached }
        }))
    }

    /// The value of a primitive that takes all lanes at once: one with a vector function, or a rule.
    #[inline]
    fn value(op: Op, args: &[Self]) -> Option<Self> {
        match args {
            [x] if let Some(v) = op.in_lanes(&x.0) => Some(Lanes(v)),
            _ => op.rule(args),
        }
    }
}

impl Op {
    /// The value in all lanes at once, if the row has a vector function of `x`.
    #[inline(always)]
    pub(crate) fn in_lanes<const K: usize>(self, x: &[f64; K]) -> Option<[f64; K]> {
        let v = [Cell::new(*x)];
        self.in_packs(&v, &v).then(|| v[0].get())
    }
}

impl<const K: usize> Number for Lanes<K> {
    #[inline]
    fn constant(x: f64) -> Self {
        Lanes([x; K])
    }
    #[inline]
    fn abs(self) -> Self {
        Lanes(self.0.map(f64::abs))
    }
    #[inline]
    fn sqrt(self) -> Self {
        Lanes(self.0.map(f64::sqrt))
    }
    #[inline]
    fn mul_add(self, y: Self, z: Self) -> Self {
        Lanes(from_fn(|k| self.0[k].mul_add(y.0[k], z.0[k])))
    }
    #[inline]
    fn floor(self) -> Self {
        Lanes(self.0.map(f64::floor))
    }
    #[inline]
    fn compare(self, y: Self) -> Self {
        Lanes(from_fn(|k| self.0[k].compare(y.0[k])))
    }
    #[inline]
    fn select(self, x: Self, y: Self) -> Self {
        Lanes(from_fn(|k| self.0[k].select(x.0[k], y.0[k])))
    }
    fn call(op: Op, args: &[Self]) -> Self {
        op.check_arity(args.len());
        Self::value(op, args).unwrap_or_else(|| Self::each(args, &|lane| op.value(lane)))
    }
    #[inline]
    fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
        Self::value(Op::ALL[OP as usize], args).unwrap_or_else(|| Self::each(args, &value))
    }
    fn call_in(op: Op, args: &[Self], room: &mut ListRoom) -> Self {
        Lanes(from_fn(|k| {
            room.values.clear();
            room.values.extend(args.iter().map(|x| x.0[k]));
            op.value(&room.values)
        }))
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8, _: &Place) -> bool {
        self.0.iter().zip(y.0).all(|(x, y)| comparison.ask(*x, y) == expected)
    }
    #[inline]
    fn is_unreached(self) -> bool {
        self.0.first().is_none_or(|bar| bar.is_unreached()) && self.all_unreached()
    }
    #[inline]
    fn as_seed(self) -> Self {
        Lanes(self.0.map(f64::as_seed))
    }
    #[inline]
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let mut zero = false;
        for bar in bar.0 {
            zero |= bar == 0.0;
        }
        if zero {
            return self.accumulate_where_reached(bar, partial);
        }
        Lanes(from_fn(|k| self.0[k].accumulate(bar.0[k], partial.0[k])))
    }
    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        Self::each(x, &|lane| custom.value(lane))
    }
    fn custom_partials(custom: &Arc<dyn Custom>, x: &[Self], v: Self, partials: &mut [Self]) {
        let mut of_lane: Spare<f64> = SmallVec::from_elem(0.0, x.len());
        for k in 0..K {
            let lane: Spare<f64> = x.iter().map(|x| x.0[k]).collect();
            of_lane.fill(0.0);
            custom.partials(&lane, v.0[k], &mut of_lane);
            partials.iter_mut().zip(&of_lane).for_each(|(all, one)| all.0[k] = *one);
        }
    }
}

operators! { [const K: usize] Lanes<K>:
    Add add |x, y| Lanes(from_fn(|k| x.0[k] + y.0[k]));
    Sub sub |x, y| Lanes(from_fn(|k| x.0[k] - y.0[k]));
    Mul mul |x, y| Lanes(from_fn(|k| x.0[k] * y.0[k]));
    Div div |x, y| Lanes(from_fn(|k| x.0[k] / y.0[k]));
    Rem rem |x, y| Lanes(from_fn(|k| x.0[k] % y.0[k]));
}

impl<const K: usize> Neg for Lanes<K> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Lanes(self.0.map(|x| -x))
    }
}
