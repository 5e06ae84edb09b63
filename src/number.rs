//! The numbers beside `f64`: `Dual` for tangents, `Lanes` for batches. They must not
//! know any primitive: each says once how it applies whatever row it is given.

use crate::custom::Custom;
use crate::guard::Comparison;
use crate::op::{Number, Op, UNREACHED};
use smallvec::SmallVec;
use std::array::from_fn;
use std::cmp::Ordering;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// The required methods of [`Number`], by rows of the same names.
macro_rules! required_by_call {
    () => {
        required_by_call! { abs Abs() sqrt Sqrt() floor Floor() compare Compare(y) select Select(x y)
            mul_add MulAdd(y z) }
    };
    ($($method:ident $Op:ident($($x:ident)*))+) => { $(
        #[inline]
        fn $method(self $(, $x: Self)*) -> Self {
            Self::call(Op::$Op, &[self $(, $x)*])
        }
    )+ };
}

/// Operators with `Self` and with a plain number on the right, sums and products.
macro_rules! operators {
    (one [$($generics:tt)*] $Self:ty: $Trait:ident $method:ident |$x:ident, $y:ident| $value:expr) => {
        impl<$($generics)*> $Trait for $Self {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                let ($x, $y) = (self, other);
                $value
            }
        }
        impl<$($generics)*> $Trait<f64> for $Self {
            type Output = Self;
            #[inline]
            fn $method(self, other: f64) -> Self {
                $Trait::$method(self, <$Self>::constant(other))
            }
        }
    };
    (folds [$($generics:tt)*] $Self:ty) => {
        impl<$($generics)*> Sum for $Self {
            fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
                terms.reduce(|x, y| x + y).unwrap_or(Self::constant(0.0))
            }
        }
        impl<$($generics)*> Product for $Self {
            fn product<I: Iterator<Item = Self>>(terms: I) -> Self {
                terms.reduce(|x, y| x * y).unwrap_or(Self::constant(1.0))
            }
        }
    };
    ($generics:tt $Self:ty: $($Trait:ident $method:ident |$x:ident, $y:ident| $value:expr;)+) => {
        $(operators!(one $generics $Self: $Trait $method |$x, $y| $value);)+
        operators!(folds $generics $Self);
    };
}

/// A value and its tangent, the derivative along one direction: forward mode. Nested, it gives
/// derivatives of higher order.
///
/// ```
/// use wengert::{Dual, Number};
///
/// let x = Dual::new(3.0, 1.0);
/// assert_eq!((x * x).tangent(), 6.0);
/// let xx = Dual::new(Dual::new(2.0, 1.0), Dual::new(1.0, 0.0));
/// assert_eq!(xx.powi(3).tangent().tangent(), 12.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dual<N = f64> {
    value: N,
    tangent: N,
}

impl<N: Number> Dual<N> {
    /// A variable with this value, which moves at the speed `tangent`.
    pub fn new(value: N, tangent: N) -> Dual<N> {
        Dual { value, tangent: tangent + 0.0 }
    }

    /// The value.
    pub fn value(self) -> N {
        self.value
    }

    /// The derivative along the direction of the seeds; 0 where nothing of them arrived.
    pub fn tangent(self) -> N {
        self.tangent + 0.0
    }
}

impl<N: Number> Number for Dual<N> {
    #[inline]
    fn constant(x: f64) -> Self {
        Dual { value: N::constant(x), tangent: N::constant(UNREACHED) }
    }

    /// One rule for every row: the value, and the sum of partials times tangents.
    #[inline(always)]
    fn call(op: Op, x: &[Self]) -> Self {
        let mut tangent = N::constant(UNREACHED);
        if op.arity().is_none() {
            let values: SmallVec<[N; 8]> = x.iter().map(|x| x.value).collect();
            let value = N::call(op, &values);
            op.partials_of_list(&values, value, &mut Vec::new(), &mut |k, partial| {
                x[k].flow(&mut tangent, partial, None);
            });
            return Dual { value, tangent };
        }
        let value = op.apply(|k| x[k].value);
        let moves = |k: usize| !x[k].tangent.is_unreached();
        op.partials_by(
            |k| x[k].value,
            value,
            moves,
            |k, partial, taken| {
                x[k].flow(&mut tangent, partial, taken);
            },
        );
        Dual { value, tangent }
    }

    fn answer(self, comparison: Comparison, y: Self, expected: i8) -> bool {
        self.value.answer(comparison, y.value, expected)
    }

    #[inline]
    fn is_unreached(self) -> bool {
        self.value.is_unreached()
    }

    #[inline]
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let value = self.value.accumulate(bar.value, partial.value);
        let mut tangent = self.tangent;
        bar.flow(&mut tangent, partial.value, None);
        partial.flow(&mut tangent, bar.value, None);
        Dual { value, tangent }
    }

    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        let values: Vec<N> = x.iter().map(|x| x.value).collect();
        let value = N::custom(custom, &values);
        let mut partials = vec![N::constant(0.0); x.len()];
        N::custom_partials(custom, &values, value, &mut partials);
        let mut tangent = N::constant(UNREACHED);
        x.iter().zip(partials).for_each(|(x, partial)| x.flow(&mut tangent, partial, None));
        Dual { value, tangent }
    }

    required_by_call!();
}

impl<N: Number> Dual<N> {
    /// Adds what flows from this tangent along one edge.
    #[inline(always)]
    fn flow(&self, tangent: &mut N, partial: N, taken: Option<N>) {
        if !self.tangent.is_unreached() {
            tangent.contribute(self.tangent, partial, taken);
        }
    }
}

impl<N: PartialEq> PartialEq for Dual<N> {
    /// Compares values: a comparison has no derivative.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<N: PartialOrd> PartialOrd for Dual<N> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

/// `K` points at once: every primitive is applied to each lane, with the bits of plain f64.
///
/// ```
/// use wengert::{Lanes, Number};
///
/// let x = Lanes([0.0, 1.0, 4.0, 9.0]);
/// assert_eq!((x.sqrt() * 2.0 + 1.0).0, [1.0, 3.0, 5.0, 7.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes<const K: usize>(pub [f64; K]);

impl<const K: usize> Lanes<K> {
    #[inline(always)]
    fn each(x: &[Self], f: impl Fn(&[f64]) -> f64) -> Self {
        let mut lane = SmallVec::<[f64; 4]>::new();
        Lanes(from_fn(|k| {
            lane.clear();
            lane.extend(x.iter().map(|x| x.0[k]));
            f(&lane)
        }))
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
    #[inline]
    fn call(op: Op, args: &[Self]) -> Self {
        op.rule(args).unwrap_or_else(|| Self::each(args, |lane| op.value(lane)))
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8) -> bool {
        self.0.iter().zip(y.0).all(|(x, y)| comparison.ask(*x, y) == expected)
    }
    #[inline]
    fn is_unreached(self) -> bool {
        self.0.iter().all(|bar| bar.is_unreached())
    }
    #[inline]
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        Lanes(from_fn(|k| {
            let reached = self.0[k].accumulate(bar.0[k], partial.0[k]);
            if bar.0[k].is_unreached() { self.0[k] } else { reached }
        }))
    }
    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        Self::each(x, |lane| custom.value(lane))
    }
    fn custom_partials(custom: &Arc<dyn Custom>, x: &[Self], v: Self, partials: &mut [Self]) {
        let mut of_lane = vec![0.0; x.len()];
        for k in 0..K {
            let lane: Vec<f64> = x.iter().map(|x| x.0[k]).collect();
            of_lane.fill(0.0);
            custom.partials(&lane, v.0[k], &mut of_lane);
            partials.iter_mut().zip(&of_lane).for_each(|(all, one)| all.0[k] = *one);
        }
    }
}

operators! { [N: Number] Dual<N>:
    Add add |x, y| Dual::call(Op::Add, &[x, y]);
    Sub sub |x, y| Dual::call(Op::Sub, &[x, y]);
    Mul mul |x, y| Dual::call(Op::Mul, &[x, y]);
    Div div |x, y| Dual::call(Op::Div, &[x, y]);
    Rem rem |x, y| Dual::call(Op::Rem, &[x, y]);
}
operators! { [const K: usize] Lanes<K>:
    Add add |x, y| Lanes(from_fn(|k| x.0[k] + y.0[k]));
    Sub sub |x, y| Lanes(from_fn(|k| x.0[k] - y.0[k]));
    Mul mul |x, y| Lanes(from_fn(|k| x.0[k] * y.0[k]));
    Div div |x, y| Lanes(from_fn(|k| x.0[k] / y.0[k]));
    Rem rem |x, y| Lanes(from_fn(|k| x.0[k] % y.0[k]));
}

impl<N: Number> Neg for Dual<N> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self::call(Op::Neg, &[self])
    }
}

impl<const K: usize> Neg for Lanes<K> {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Lanes(self.0.map(|x| -x))
    }
}
