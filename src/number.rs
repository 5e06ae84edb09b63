//! The numbers beside `f64`: `Dual` for tangents, `Lanes` for batches, `F32` for single precision. They must not know any
//! primitive: each says once how it applies whatever row it is given.

mod lanes;
mod one_sided;
pub(crate) mod operators;
mod single;

pub use lanes::Lanes;
pub(crate) use one_sided::OneSided;
pub use single::F32;

use crate::custom::Custom;
use crate::op::{Edges, ListRoom, Number, Op, Spare, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use operators::{operators, required_by_call};
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// A value and its tangent, the derivative along one direction: forward mode. Nested, it gives
/// derivatives of higher order; with lanes for a tangent, derivatives along several directions.
///
/// ```
/// use wengert::{Dual, Number};
///
/// let x = Dual::new(3.0, 1.0);
/// assert_eq!((x * x).tangent(), 6.0);
/// let xx = Dual::new(Dual::new(2.0, 1.0), Dual::new(1.0, 0.0));
/// assert_eq!(xx.powi(3).tangent().tangent(), 12.0);
/// let [x, y] = [[1.0, 0.0], [0.0, 1.0]].map(|along| Dual::new(3.0, wengert::Lanes(along)));
/// assert_eq!((x * x * y).tangent().0, [18.0, 9.0]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dual<N = f64, T = N> {
    value: N,
    tangent: T,
}

impl<N: Number, T: Number + From<N>> Dual<N, T> {
    /// A variable with this value, which moves at the speed `tangent`. Where that is 0, of either sign
    /// and in all of its parts, nothing moves: it is a constant, and 0 times an infinite partial is
    /// not computed.
    ///
    /// ```
    /// use wengert::{Dual, Number};
    ///
    /// // The slope in the exponent does not exist at a negative base, and is not asked for.
    /// let still = Dual::new(2.0, 0.0);
    /// assert_eq!(Dual::new(-1.0, 1.0).pow(still).tangent(), -2.0);
    /// assert_eq!(Dual::new(0.0, 0.0).sqrt().tangent(), 0.0);
    /// ```
    pub fn new(value: N, tangent: T) -> Dual<N, T> {
        Dual { value, tangent: tangent.as_seed() }
    }

    /// The same, but that it is for the caller to say where nothing moves: where the tangent is -0.0.
    pub(crate) fn moving(value: N, tangent: T) -> Dual<N, T> {
        Dual { value, tangent }
    }

    /// The value.
    pub fn value(self) -> N {
        self.value
    }

    /// The derivative along the direction of the seeds; 0 where nothing of them arrived.
    pub fn tangent(self) -> T {
        self.tangent + 0.0
    }

    /// The value, if it is a constant: one that nothing moves.
    #[cfg(feature = "num-traits")]
    pub(crate) fn constant_value(self) -> Option<N> {
        self.tangent.is_unreached().then_some(self.value)
    }
}

impl<N: Number, T: Number + From<N>> Number for Dual<N, T> {
    #[inline]
    fn constant(x: f64) -> Self {
        Dual { value: N::constant(x), tangent: T::constant(UNREACHED) }
    }

    /// One rule for every row: the value, and the sum of partials times tangents.
    #[inline(always)]
    fn call(op: Op, x: &[Self]) -> Self {
        op.check_arity(x.len());
        if op.takes_list() {
            return Self::call_in(op, x, &mut ListRoom::default());
        }
        let mut tangent = T::constant(UNREACHED);
        let value = op.apply(|_, k| x[k].value);
        op.partials_by(value, Tangents { x, tangent: &mut tangent });
        Dual { value, tangent }
    }

    fn call_in(op: Op, x: &[Self], room: &mut ListRoom) -> Self {
        if !op.takes_list() {
            return Self::call(op, x);
        }
        let mut tangent = T::constant(UNREACHED);
        let value = N::slopes_in(op, x.iter().map(|x| x.value), room, &mut |k, partial| {
            x[k].flow(&mut tangent, partial);
        });
        Dual { value, tangent }
    }

    fn is_constant(self) -> bool {
        self.tangent.is_unreached()
    }

    fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
        self.value.answer(comparison, y.value, expected, place)
    }

    #[inline]
    fn is_unreached(self) -> bool {
        self.value.is_unreached()
    }

    /// It is no motion where it is 0 and stays so.
    #[inline]
    fn as_seed(self) -> Self {
        let tangent = self.tangent.as_seed();
        let still = tangent.is_unreached();
        let value = if still { self.value.as_seed() } else { self.value + 0.0 };
        Dual { value, tangent }
    }

    #[inline]
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let value = self.value.accumulate(bar.value, partial.value);
        let mut tangent = self.tangent;
        bar.flow(&mut tangent, partial.value);
        partial.flow(&mut tangent, bar.value);
        Dual { value, tangent }
    }

    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        let values: Spare<N> = x.iter().map(|x| x.value).collect();
        let value = N::custom(custom, &values);
        let mut partials: Spare<N> = SmallVec::from_elem(N::constant(0.0), x.len());
        N::custom_partials(custom, &values, value, &mut partials);
        let mut tangent = T::constant(UNREACHED);
        x.iter().zip(partials).for_each(|(x, partial)| x.flow(&mut tangent, partial));
        Dual { value, tangent }
    }

    required_by_call!();
}

/// The edges into a dual number: the tangents of the arguments flow along them.
struct Tangents<'a, N, T> {
    x: &'a [Dual<N, T>],
    tangent: &'a mut T,
}

impl<N: Number, T: Number + From<N>> Edges<N> for Tangents<'_, N, T> {
    #[inline(always)]
    fn arg<const K: usize>(&self, k: usize) -> N {
        self.x[k].value
    }
    #[inline(always)]
    fn wants<const K: usize>(&self, k: usize) -> bool {
        !self.x[k].tangent.is_unreached()
    }
    #[inline(always)]
    fn flow<const K: usize>(&mut self, k: usize, partial: N, taken: Option<N>) {
        self.tangent.contribute(self.x[k].tangent, T::from(partial), taken.map(T::from));
    }
}

impl<N: Number, T: Number + From<N>> Dual<N, T> {
    /// Adds what flows from this tangent along one edge.
    #[inline(always)]
    fn flow(&self, tangent: &mut T, partial: N) {
        if !self.tangent.is_unreached() {
            *tangent = tangent.accumulate(self.tangent, T::from(partial));
        }
    }
}

impl<N: PartialEq, T> PartialEq for Dual<N, T> {
    /// Compares values: a comparison has no derivative.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<N: PartialOrd, T> PartialOrd for Dual<N, T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

operators! { [N: Number, T: Number + From<N>] Dual<N, T>:
    Add add |x, y| Dual::call(Op::Add, &[x, y]);
    Sub sub |x, y| Dual::call(Op::Sub, &[x, y]);
    Mul mul |x, y| Dual::call(Op::Mul, &[x, y]);
    Div div |x, y| Dual::call(Op::Div, &[x, y]);
    Rem rem |x, y| Dual::call(Op::Rem, &[x, y]);
}
impl<N: Number, T: Number + From<N>> Neg for Dual<N, T> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::call(Op::Neg, &[self])
    }
}
