//! A number that knows how far rounding may have taken it from the truth. It must not know any
//! primitive: the table says how each passes an error on, and how large its own is.

use crate::custom::Custom;
use crate::number::operators::{operators, required_by_call};
use crate::op::{Number, Op, Spare};
use crate::table::Notation;
use crate::tape::guard::{Comparison, Place};
use smallvec::SmallVec;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;

/// Half a unit in the last place of 1: the relative error of one rounding.
pub(crate) const UNIT: f64 = f64::EPSILON / 2.0;

/// A value, and to first order a bound of its error: what the errors of the arguments add through
/// the partials, and one rounding more. Arguments are taken to err independently, so the bound is
/// generous where they do not.
///
/// In the two sweeps it bounds the errors of values and of gradients (N. J. Higham, *Accuracy and
/// Stability of Numerical Algorithms*, 2002, section 3.3: running error analysis).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounded {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl From<f64> for Rounded {
    /// A number without an error.
    fn from(value: f64) -> Rounded {
        Rounded { value, error: 0.0 }
    }
}

/// The error that computing `value` from `x` adds: none where the value is one of the arguments up
/// to its sign, one rounding for an operator of IEEE 754, and else what the row promises.
pub(crate) fn own_error(op: Op, x: &[f64], value: f64) -> f64 {
    if value == 0.0 || x.iter().any(|x| x.abs() == value.abs()) {
        return 0.0;
    }
    let roundings = match op.row().notation {
        Notation::Infix(_, 1 | 2) => 1.0,
        Notation::Postfix(..) => 1.0,
        _ if op.takes_list() => 1.0 + x.len() as f64,
        _ => 2.0 * op.row().ulps,
    };
    roundings * UNIT * value.abs()
}

impl Rounded {
    /// Adds what the error of an argument comes to.
    fn add_error(&mut self, partial: f64, x: Rounded) {
        if x.error > 0.0 {
            self.error += partial.abs() * x.error;
        }
    }
}

impl Number for Rounded {
    fn constant(x: f64) -> Self {
        x.into()
    }

    fn call(op: Op, x: &[Self]) -> Self {
        let values: SmallVec<[f64; 4]> = x.iter().map(|x| x.value).collect();
        let value = op.value(&values);
        let mut result = Rounded { value, error: own_error(op, &values, value) };
        if x.iter().any(|x| x.error > 0.0) {
            let partials = op.partials(&values, value);
            partials.iter().zip(x).for_each(|(partial, x)| result.add_error(*partial, *x));
        }
        result
    }

    fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
        self.value.answer(comparison, y.value, expected, place)
    }

    fn is_unreached(self) -> bool {
        self.value.is_unreached()
    }

    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        let values: SmallVec<[f64; 4]> = x.iter().map(|x| x.value).collect();
        let value = custom.value(&values);
        let mut partials: Spare<f64> = SmallVec::from_elem(0.0, x.len());
        custom.partials(&values, value, &mut partials);
        let mut result = Rounded { value, error: 8.0 * UNIT * value.abs() };
        partials.iter().zip(x).for_each(|(partial, x)| result.add_error(*partial, *x));
        result
    }

    /// A custom primitive says how its value moves, not how its partials do, so they are taken to
    /// err by their own rounding alone.
    fn custom_partials(custom: &Arc<dyn Custom>, x: &[Self], v: Self, partials: &mut [Self]) {
        let values: SmallVec<[f64; 4]> = x.iter().map(|x| x.value).collect();
        let mut plain: Spare<f64> = SmallVec::from_elem(0.0, x.len());
        custom.partials(&values, v.value, &mut plain);
        for (partial, value) in partials.iter_mut().zip(plain) {
            *partial = Rounded { value, error: 8.0 * UNIT * value.abs() };
        }
    }

    required_by_call!();
}

operators! { [] Rounded:
    Add add |x, y| Rounded::call(Op::Add, &[x, y]);
    Sub sub |x, y| Rounded::call(Op::Sub, &[x, y]);
    Mul mul |x, y| Rounded::call(Op::Mul, &[x, y]);
    Div div |x, y| Rounded::call(Op::Div, &[x, y]);
    Rem rem |x, y| Rounded::call(Op::Rem, &[x, y]);
}
impl Neg for Rounded {
    type Output = Self;
    fn neg(self) -> Self {
        Rounded { value: -self.value, error: self.error }
    }
}
