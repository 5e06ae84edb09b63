//! What a row of the table means: the primitives [`Op`], made from it by one macro, and the trait
//! [`Number`] in which their rules run. It must not know sweeps, any number but `f64`, or more of a
//! tape than the questions that a comparison asks.

mod accepts;
mod edges;
mod kinds;
mod lists;
mod methods;
mod terms;
mod ties;

use crate::custom::Custom;
use crate::math::{self, vector::Pack, vector::Packs};
use crate::table::{Notation, Row, table};
use crate::tape::guard::{Comparison, Place};
use accepts::whole;
use kinds::{by_kind, first, notation};
use lists::{attained, before_and_after, directions, partners, softmax};
use smallvec::SmallVec;
use std::fmt::Debug;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;
use terms::{c, positive};

pub(crate) use edges::Edges;
pub use lists::ListRoom;
pub(crate) use ties::Extreme;

/// An adjoint or a tangent that nothing has reached. A contribution that did come has `+0.0` added,
/// so it is never this zero, and a sum of these zeros still is: one compare tells.
pub const UNREACHED: f64 = -0.0;

/// Room to work in for a primitive over a list; up to 16 numbers take no memory of their own.
pub(crate) type Spare<N> = SmallVec<[N; 16]>;

/// A row's arguments, one by one.
#[inline(always)]
fn array<N: Copy, const K: usize>(x: &[N]) -> [N; K] {
    match x.try_into() {
        Ok(array) => array,
        Err(_) => panic!("a primitive of {K} arguments was given {}", x.len()),
    }
}

/// Reads the table: all that follows is made from it, so that a primitive is one row for ever.
macro_rules! define {
    (fixed { $(
        $Op:ident $name:ident($($x:ident),+) -> $v:ident = $kind:ident $value:block
            [$($partial:expr $(=> $taken:expr)?),+] $(constant $Fixed:ident)?
            $(lanes $vector:ident)? $(textbook [$($form:expr),+])?
            as $notation:ident($symbol:literal $(, $level:literal)?) $latex:literal
            $(internal $service:literal)? $(aliases [$($alias:literal),+])?
            $(accepts $wanted:literal $accepts:block)? $(domain $domain:block)?
            $(kink $where:literal $distance:block)? $(ulps $ulps:literal $looser:literal)?
            $why:literal;
    )+} lists { $(
        $List:ident $list:ident($xs:ident) -> $lv:ident = $fold:block
            |$slope:ident, $spare:ident, $room:ident| $slopes:block
            as $lnotation:ident($lsymbol:literal) $llatex:literal $(internal $lservice:literal)?
            $(kink $lwhere:literal $ldistance:block)?
            $lwhy:literal;
    )+}) => {
        /// A primitive: a row of the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op {
            $(#[doc = $why] $Op,)+
            $(#[doc = $lwhy] $List,)+
        }

        #[allow(unused_variables)]
        static ROWS: &[Row] = &[
            $(Row {
                name: stringify!($name),
                args: &[$(stringify!($x)),+],
                arity: Some([$(stringify!($x)),+].len()),
                notation: notation!($notation $symbol $($level)?),
                latex: $latex,
                internal: first!($([Some($service)])? [None]),
                aliases: first!($([&[$($alias),+]])? [&[]]),
                accepts: by_kind!(accepts ($($x),+) $($wanted $accepts)?),
                domain: by_kind!(domain ($($x),+) $($domain)?),
                domain_text: first!($([Some(stringify!($domain))])? [None]),
                kink: by_kind!(kink ($($x),+) $($where $distance)?),
                ulps: first!($([$ulps])? [4.0]),
                looser: first!($([Some($looser)])? [None]),
                why: $why,
            },)+
            $(Row {
                name: stringify!($list),
                args: &[stringify!($xs)],
                arity: None,
                notation: notation!($lnotation $lsymbol),
                latex: $llatex,
                internal: first!($([Some($lservice)])? [None]),
                aliases: &[],
                accepts: None,
                domain: |_| true,
                domain_text: None,
                kink: first!($([Some(($lwhere, |$xs| $ldistance))])? [None]),
                ulps: 4.0,
                looser: None,
                why: $lwhy,
            },)+
        ];

        #[allow(unused_variables, unused_assignments, unused_mut)]
        impl Op {
            /// Every primitive, in the order of the table.
            pub const ALL: &'static [Op] = &[$(Op::$Op,)+ $(Op::$List,)+];

            /// The primitive of a number, as in the order of the table.
            #[inline(always)]
            pub(crate) const fn from_code(code: u8) -> Option<Op> {
                $(if code == Op::$Op as u8 { return Some(Op::$Op); })+
                $(if code == Op::$List as u8 { return Some(Op::$List); })+
                None
            }

            /// Number of arguments; `None` where it takes a list.
            #[inline(always)]
            pub const fn arity(self) -> Option<usize> {
                match self {
                    $(Op::$Op => Some([$(stringify!($x)),+].len()),)+
                    $(Op::$List)|+ => None,
                }
            }

            /// The row that is recorded in its place, given that all its arguments but the first are
            /// constants.
            #[inline(always)]
            pub(crate) const fn of_constants(self) -> Op {
                match self {
                    $(Op::$Op => first!($([Op::$Fixed])? [Op::$Op]),)+
                    $(Op::$List)|+ => self,
                }
            }

            /// Whether it takes a list.
            #[inline(always)]
            pub(crate) const fn takes_list(self) -> bool {
                matches!(self, $(Op::$List)|+)
            }

            /// The value in plain f64, by the row's own block.
            #[inline]
            pub(crate) fn value_f64(self, x: &[f64]) -> f64 {
                #[allow(dead_code)]
                type N = f64;
                match self {
                    $(Op::$Op => { let [$($x),+] = array(x); $value })+
                    $(Op::$List => { let $xs = x; $fold })+
                }
            }

            /// The value of a primitive of fixed arity in any number. `arg` is told the arity too,
            /// so that it can be compiled for each.
            #[inline(always)]
            pub(crate) fn apply<N: Number>(self, arg: impl Fn(usize, usize) -> N) -> N {
                match self {
                    $(Op::$Op => {
                        const ARITY: usize = [$(stringify!($x)),+].len();
                        let mut k = 0;
                        $(let $x = arg(ARITY, k); k += 1;)+
                        by_kind!(apply $kind $Op $name $value ($($x),+))
                    })+
                    $(Op::$List)|+ => unreachable!("a primitive over a list is called with its list"),
                }
            }

            /// The value by the row's rule, if the row is a rule that runs in any number.
            pub(crate) fn rule<N: Number>(self, x: &[N]) -> Option<N> {
                match self {
                    $(Op::$Op => { let [$($x),+] = array(x); by_kind!(rule $kind $value) })+
                    $(Op::$List)|+ => None,
                }
            }

            /// The values at all packs of `x`, left in `v`, if the row has a vector function.
            #[inline(always)]
            pub(crate) fn in_packs<const K: usize, T: Pack<K>>(self, x: &Packs<T>, v: &Packs<T>) -> bool {
                match self {
                    $(Op::$Op => first!($([{ math::vector::$vector(x, v); true }])? [false]),)+
                    $(Op::$List)|+ => false,
                }
            }

            /// Hands `edge` each partial of a primitive of fixed arity, if it wants that one: which
            /// argument it is of, the partial, and if the row has a condition, what must be > 0 for
            /// it to flow. False, with nothing handed out, for a primitive over a list.
            #[inline(always)]
            pub(crate) fn partials_by<N: Number>(self, value: N, mut edge: impl Edges<N>) -> bool {
                match self {
                    $(Op::$Op => {
                        const ARITY: usize = [$(stringify!($x)),+].len();
                        let mut k = 0;
                        $(let $x = edge.arg::<ARITY>(k); k += 1;)+
                        let $v = value;
                        k = 0;
                        $(if edge.wants::<ARITY>(k) {
                            edge.flow::<ARITY>(k, $partial, first!($([Some($taken)])? [None]));
                        } k += 1;)+
                        true
                    })+
                    $(Op::$List)|+ => false,
                }
            }

            /// The same for a primitive over a list, of which every edge is taken. `spare` and `room` are
            /// room to work in.
            pub(crate) fn partials_of_list<N: Number>(
                self,
                args: &[N],
                value: N,
                spare: &mut Spare<N>,
                room: &mut ListRoom,
                edge: &mut impl FnMut(usize, N),
            ) {
                match self {
                    $(Op::$List => {
                        let ($xs, $lv, $spare, $room, $slope) = (args, value, spare, room, edge);
                        $slopes
                    })+
                    $(Op::$Op)|+ => unreachable!("a primitive of fixed arity has no list"),
                }
            }

            /// The partials in the form that lessons show, at arguments `x` and value `v`.
            ///
            /// # Panics
            /// If the number of arguments is not the primitive's.
            pub fn textbook<N: Number>(self, x: &[N], value: N) -> SmallVec<[N; 2]> {
                self.check_arity(x.len());
                match self {
                    $(Op::$Op => {
                        let [$($x),+] = array(x);
                        let $v = value;
                        first!($([SmallVec::from_slice(&[$($form),+])])? [self.partials(x, value)])
                    })+
                    $(Op::$List)|+ => self.partials(x, value),
                }
            }
        }

        /// Anything that can apply a primitive: `f64`, and whatever a sweep can be run in.
        ///
        /// ```
        /// use wengert::prelude::*;
        ///
        /// fn area<N: Number>(r: N) -> N {
        ///     r.square() * std::f64::consts::PI   // a constant goes on the right of a generic number
        /// }
        /// let tape = Tape::new();
        /// let r = tape.new_input("r", 2.0);
        /// assert_eq!(area(2.0), area(r).value());
        /// assert_eq!(tape.gradient(area(r))[r], 4.0 * std::f64::consts::PI);
        /// ```
        pub trait Number:
            Copy + Debug
            + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
            + Rem<Output = Self> + Neg<Output = Self> + Sum + Product
            + Add<f64, Output = Self> + Sub<f64, Output = Self>
            + Mul<f64, Output = Self> + Div<f64, Output = Self>
        {
            /// A constant: no derivative flows to it.
            fn constant(x: f64) -> Self;
            /// The absolute value.
            fn abs(self) -> Self;
            /// The square root.
            fn sqrt(self) -> Self;
            /// `self * y + z`, rounded once.
            fn mul_add(self, y: Self, z: Self) -> Self;
            /// The largest integer not above `self`.
            fn floor(self) -> Self;
            /// -1, 0 or 1 as `self` is less than, equal to or greater than `y`; NaN if either is.
            fn compare(self, y: Self) -> Self;
            /// `x` where `self > 0`, else `y`; NaN where `self` is.
            fn select(self, x: Self, y: Self) -> Self;
            /// The value of a primitive. Panics if the number of arguments is not the primitive's.
            fn call(op: Op, args: &[Self]) -> Self;

            /// The same for the primitive that is number `OP` in [`Op::ALL`], known to the compiler,
            /// with its function of plain numbers at hand, so that nothing need be looked up.
            #[inline(always)]
            #[track_caller]
            fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
                let _ = value;
                Self::call(Op::ALL[OP as usize], args)
            }
            /// The same for a primitive over a list, in room that a workspace keeps.
            fn call_in(op: Op, args: &[Self], room: &mut ListRoom) -> Self {
                let _ = room;
                Self::call(op, args)
            }
            /// The value of a primitive over a list of what other numbers are made of, as their
            /// values are. `slope` is given each partial.
            fn slopes_in(
                op: Op,
                args: impl Iterator<Item = Self>,
                room: &mut ListRoom,
                slope: &mut impl FnMut(usize, Self),
            ) -> Self {
                let args: Spare<Self> = args.collect();
                let value = Self::call(op, &args);
                op.partials_of_list(&args, value, &mut Spare::new(), room, slope);
                value
            }
            /// Whether a comparison, recorded at `place`, has the expected answer here.
            fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
                let _ = (comparison, y, expected, place);
                panic!("{} cannot answer comparisons", std::any::type_name::<Self>())
            }

            /// Whether this adjoint or tangent is surely nothing, so that a sweep may pass by.
            #[inline]
            fn is_unreached(self) -> bool {
                false
            }
            /// `self` as a tangent that is given: a 0 is no motion, so nothing flows from there.
            #[inline]
            fn as_seed(self) -> Self {
                self + 0.0
            }
            /// What is > 0 where something has reached this adjoint, if only a run tells.
            #[doc(hidden)]
            #[inline]
            fn reached(self) -> Option<Self> {
                Some(self.open(c(1.0)))
            }
            /// `self`, an adjoint or tangent, after one more contribution `bar * partial`.
            #[inline]
            fn accumulate(self, bar: Self, partial: Self) -> Self {
                self + bar.chain(partial)
            }
            /// Adds what flows along one edge: adjoint (or tangent) times partial, or nothing where
            /// the edge is not taken.
            #[inline(always)]
            fn contribute(&mut self, bar: Self, partial: Self, taken: Option<Self>) {
                *self = match taken {
                    None => self.accumulate(bar, partial),
                    Some(taken) => *self + bar.gate(partial, taken),
                };
            }
            /// The value of a custom primitive. Panics, with its name, in a number that cannot.
            fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
                let _ = x;
                crate::custom::cannot_serve::<Self>(&**custom)
            }
            /// The partials of a custom primitive. Panics, with its name, in a number that cannot.
            fn custom_partials(custom: &Arc<dyn Custom>, x: &[Self], v: Self, partials: &mut [Self]) {
                let _ = (x, v, partials);
                crate::custom::cannot_serve::<Self>(&**custom)
            }
            /// `self` to an integer power.
            #[inline]
            #[track_caller]
            fn powi(self, n: i32) -> Self {
                Self::call(Op::Powi, &[self, c(n.into())])
            }
            /// `self` to a constant power.
            #[inline]
            #[track_caller]
            fn powf(self, y: f64) -> Self {
                self.pow(c(y))
            }
            /// The polygamma function of order `n`, up to 65,535; digamma is `n = 0`.
            #[track_caller]
            fn polygamma(self, n: u32) -> Self {
                Self::call(Op::Polygamma, &[c(n.into()), self])
            }
            /// The dot product. Panics if the lengths differ.
            #[track_caller]
            fn dot(x: &[Self], y: &[Self]) -> Self {
                assert_eq!(x.len(), y.len(), "dot: the lengths of the two vectors differ");
                Self::call(Op::Dot, &[x, y].concat())
            }
            /// `self` between two bounds. At a bound that is a variable, a tie is shared, as by `max` and
            /// `min`; between constants, the slope at a bound is 0, as of `relu`. Panics if `lo > hi`, or
            /// if a bound is NaN.
            #[inline]
            #[track_caller]
            fn clamp(self, lo: Self, hi: Self) -> Self {
                let constant = [false, lo.is_constant(), hi.is_constant()];
                Self::call(Op::Clamp.settled(constant.into_iter()), &[self, lo, hi])
            }
            /// Whether nothing can move it, as far as this number knows.
            #[doc(hidden)]
            #[inline]
            fn is_constant(self) -> bool {
                false
            }
            /// The largest of these numbers; -inf for none, NaN where one is. All that attain it share the
            /// slope alike. Costs two primitives a number.
            ///
            /// ```
            /// use wengert::prelude::*;
            ///
            /// let third = 1.0 / 3.0;
            /// assert_eq!(gradient(|x| Number::max_of(x), &[2.0, 2.0, 1.0, 2.0]), [third, third, 0.0, third]);
            /// ```
            #[track_caller]
            fn max_of(x: &[Self]) -> Self {
                attained(x, f64::NEG_INFINITY, |[x, y, m, n]| (x.max_tied(y, m, n), x.tally(y, m, n)))
            }
            /// The smallest of these numbers; inf for none, NaN where one is. All that attain it share the
            /// slope alike. Costs two primitives a number.
            #[track_caller]
            fn min_of(x: &[Self]) -> Self {
                attained(x, f64::INFINITY, |[x, y, m, n]| (x.min_tied(y, m, n), y.tally(x, m, n)))
            }
            /// The chain rule's product, adjoint times partial: nothing (-0) where the adjoint is.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn chain(self, y: Self) -> Self {
                Self::call_with::<{ Op::Chain as u8 }>(&[self, y], |x| math::chain(x[0], x[1]))
            }
            /// The same along an edge that is taken only where `t > 0`.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn gate(self, y: Self, t: Self) -> Self {
                Self::call_with::<{ Op::Gate as u8 }>(&[self, y, t], |x| math::gate(x[0], x[1], x[2]))
            }
            $(by_kind!(method [$($service)?] $kind $Op $name $value $why ($($x),+));)+
        }

        /// The internal rows as methods of every number, for the partials of the table.
        pub(crate) trait Internal: Number {
            $(by_kind!(internal [$($service)?] $kind $Op $name $value ($($x),+));)+
        }
        impl<N: Number> Internal for N {}

        impl Number for f64 {
            #[inline]
            fn constant(x: f64) -> f64 {
                x
            }
            #[inline]
            fn abs(self) -> f64 {
                f64::abs(self)
            }
            #[inline]
            fn sqrt(self) -> f64 {
                f64::sqrt(self)
            }
            #[inline]
            fn mul_add(self, y: f64, z: f64) -> f64 {
                f64::mul_add(self, y, z)
            }
            #[inline]
            fn floor(self) -> f64 {
                f64::floor(self)
            }
            #[inline]
            fn compare(self, y: f64) -> f64 {
                self.partial_cmp(&y).map_or(f64::NAN, |order| f64::from(order as i8))
            }
            #[inline]
            fn select(self, x: f64, y: f64) -> f64 {
                if self > 0.0 { x } else if self.is_nan() { self } else { y }
            }
            fn call(op: Op, args: &[f64]) -> f64 {
                op.value(args)
            }
            #[inline(always)]
            fn call_with<const OP: u8>(args: &[f64], value: impl Fn(&[f64]) -> f64) -> f64 {
                value(args)
            }
            #[inline]
            fn clamp(self, lo: f64, hi: f64) -> f64 {
                f64::clamp(self, lo, hi)
            }
            #[inline]
            fn chain(self, y: f64) -> f64 {
                math::chain(self, y)
            }
            #[inline]
            fn gate(self, y: f64, t: f64) -> f64 {
                math::gate(self, y, t)
            }
            fn slopes_in(
                op: Op,
                args: impl Iterator<Item = f64>,
                room: &mut ListRoom,
                slope: &mut impl FnMut(usize, f64),
            ) -> f64 {
                room.slopes(op, args, slope)
            }
            fn answer(self, comparison: Comparison, y: f64, expected: i8, _: &Place) -> bool {
                comparison.ask(self, y) == expected
            }
            #[inline]
            fn is_unreached(self) -> bool {
                self.to_bits() == UNREACHED.to_bits()
            }
            #[inline]
            fn as_seed(self) -> f64 {
                if self == 0.0 { UNREACHED } else { self }
            }
            #[inline]
            fn accumulate(self, bar: f64, partial: f64) -> f64 {
                (self + 0.0) + bar * partial // reached, without a branch: `bar` is not -0.0 here
            }
            fn custom(custom: &Arc<dyn Custom>, x: &[f64]) -> f64 {
                custom.value(x)
            }
            fn custom_partials(custom: &Arc<dyn Custom>, x: &[f64], v: f64, partials: &mut [f64]) {
                custom.partials(x, v, partials);
            }
            $(by_kind!(method_f64 [$($service)?] $kind $Op $name $value $why ($($x),+));)+
        }
    };
}
table!(define);

/// A number that can be compared, so that code can branch on it.
pub trait Real: Number + PartialOrd {}
impl<N: Number + PartialOrd> Real for N {}
