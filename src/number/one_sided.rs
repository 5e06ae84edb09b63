//! A value and its tangent for second derivatives at a kink: what a primitive leaves open at the point
//! itself is decided by the side into which the tangent points. It must not know sweeps.
//!
//! At a kink a first slope is a convention, 0 for |x|, and a second derivative that is computed from
//! conventions is wrong where the function is smooth all the same: |x|² would have the second
//! derivative 0 at 0. Here a comparison of two equal numbers has the sign of the difference of their
//! tangents, and the direction of a vector of length 0 is that of its tangent. So the sweeps see the
//! piece of the function into which the tangent points, and give its derivatives, which are those of
//! the function where it is smooth (lexicographic differentiation: Y. Nesterov, *Lexicographic
//! differentiation of nonsmooth functions*, 2005).

use super::operators::{operators, required_by_call};
use super::{Dual, Tangents};
use crate::custom::Custom;
use crate::op::{ListRoom, Number, Op, Spare, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// A value and a tangent, like [`Dual`], that looks to one side at a kink.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OneSided(Dual);

impl OneSided {
    /// An input, moving at the speed `tangent`; nothing comes from one that rests.
    pub(crate) fn new(value: f64, tangent: f64) -> OneSided {
        OneSided(if tangent == 0.0 { Dual::constant(value) } else { Dual::moving(value, tangent) })
    }

    /// The derivative along the seeds.
    pub(crate) fn tangent(self) -> f64 {
        self.0.tangent()
    }
}

/// The value of a primitive that is at its kink, and its tangent into the side to which the arguments
/// move.
fn at_kink(op: Op, x: &[OneSided], room: &mut ListRoom) -> OneSided {
    let values: Spare<f64> = x.iter().map(|x| x.0.value).collect();
    let tangents: Spare<f64> = x.iter().map(|x| x.tangent()).collect();
    let is_moving = x.iter().any(|x| !x.0.tangent.is_unreached());
    if op.is_of_direction_alone() && is_moving {
        // A direction turns on, but how fast is not known from a first derivative.
        let tangent = if op == Op::Compare { UNREACHED } else { f64::NAN };
        return OneSided(Dual::moving(op.value(&tangents), tangent));
    }
    let value = op.value(&values);
    // The partials are numbers that look to one side; the tangents that they multiply are plain.
    let plain = |x: &OneSided| OneSided::constant(x.0.tangent);
    let mut tangent = OneSided::constant(UNREACHED);
    let moving: Spare<Dual<OneSided, OneSided>> =
        x.iter().map(|x| Dual::moving(*x, plain(x))).collect();
    if op.takes_list() {
        // The length of a vector at 0 grows as that of its tangent does.
        let v = OneSided(Dual::moving(value, op.value(&tangents)));
        let slope = &mut |k: usize, partial| moving[k].flow(&mut tangent, partial);
        op.partials_of_list(x, v, &mut Spare::new(), room, slope);
    } else {
        let v = OneSided(Dual::constant(value));
        op.partials_by(v, Tangents { x: &moving, tangent: &mut tangent });
    }
    OneSided(Dual::moving(value, tangent.0.value))
}

impl Number for OneSided {
    fn constant(x: f64) -> Self {
        OneSided(Dual::constant(x))
    }

    fn call(op: Op, x: &[Self]) -> Self {
        Self::call_in(op, x, &mut ListRoom::default())
    }

    fn call_in(op: Op, x: &[Self], room: &mut ListRoom) -> Self {
        op.check_arity(x.len());
        let values: Spare<f64> = x.iter().map(|x| x.0.value).collect();
        if op.is_at_kink(&values) {
            return at_kink(op, x, room);
        }
        let duals: Spare<Dual> = x.iter().map(|x| x.0).collect();
        OneSided(Dual::call_in(op, &duals, room))
    }

    fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
        self.0.answer(comparison, y.0, expected, place)
    }

    fn is_unreached(self) -> bool {
        self.0.is_unreached()
    }

    /// An adjoint of 0 takes nothing from how fast a direction turns, which is finite.
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let known = if bar.0.value == 0.0 { Dual::constant(partial.0.value) } else { partial.0 };
        OneSided(self.0.accumulate(bar.0, known))
    }

    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        let duals: Spare<Dual> = x.iter().map(|x| x.0).collect();
        OneSided(Dual::custom(custom, &duals))
    }

    required_by_call!();
}

operators! { [] OneSided:
    Add add |x, y| OneSided::call(Op::Add, &[x, y]);
    Sub sub |x, y| OneSided::call(Op::Sub, &[x, y]);
    Mul mul |x, y| OneSided::call(Op::Mul, &[x, y]);
    Div div |x, y| OneSided::call(Op::Div, &[x, y]);
    Rem rem |x, y| OneSided::call(Op::Rem, &[x, y]);
}
impl Neg for OneSided {
    type Output = Self;
    fn neg(self) -> Self {
        OneSided(-self.0)
    }
}
