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

    fn as_seed(self) -> Self {
        if self.error == 0.0 { self.value.as_seed().into() } else { self + 0.0 }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::random::Random;

    /// A value and its exact error: what the truth is more than the value, to f64.
    type Exact = fn(f64, f64) -> (f64, f64);

    #[test]
    fn an_operator_errs_by_one_rounding_at_most_and_by_nearly_that_at_times() {
        let table: [(Op, Exact); 4] = [
            (Op::Add, |x, y| {
                let sum = x + y;
                let part = sum - x;
                (sum, (x - (sum - part)) + (y - part))
            }),
            (Op::Mul, |x, y| (x * y, x.mul_add(y, -(x * y)))),
            (Op::Div, |x, y| (x / y, -(x / y).mul_add(y, -x) / y)),
            (Op::MulAdd, |x, y| {
                let fused = x.mul_add(y, 1.0);
                let product = x * y;
                (fused, (1.0 - fused + product) + x.mul_add(y, -product))
            }),
        ];
        let mut random = Random::new(5);
        for (op, exact) in table {
            let mut most = 0.0_f64;
            for _ in 0..10_000 {
                let (x, y) = (random.between(1.0, 2.0), random.between(1.0, 2.0));
                let (value, error) = exact(x, y);
                let args = if op == Op::MulAdd { vec![x, y, 1.0] } else { vec![x, y] };
                assert_eq!(op.value(&args), value, "{}", op.name());
                let bound = own_error(op, &args, value);
                assert!(error.abs() <= bound, "{} of {args:?}: {error:e}, {bound:e}", op.name());
                most = most.max(error.abs() / bound);
            }
            let least = if op == Op::MulAdd { 0.1 } else { 0.9 };
            assert!((least..=1.0).contains(&most), "{}: {most} of the bound at most", op.name());
        }
    }

    /// Functions at points where they err by more than one rounding: the value of an implementation,
    /// and how much more the truth is, from mpmath 1.3.0 with 60 digits.
    const FUNCTIONS: [(Op, f64, f64, f64); 11] = [
        (Op::Tan, -0.4679299084996571, -0.5053643931335237, -5.54254e-17),
        (Op::Sigmoid, -8.317492502979942, 0.00024414782386262857, 6.6487e-20),
        (Op::Softplus, -1.1877545182765132, 0.26613035989583067, 5.49895e-17),
        (Op::Silu, -8.996773033981293, -0.0011137407619680518, -3.80447e-19),
        (Op::Sinc, 6.813730062880161, 0.07426230281672565, 1.42017e-17),
        (Op::NormCdf, -8.659405757163285, 2.371149641703599e-18, -8.12099e-34),
        (Op::NormPdf, -3.0411881292977543, 0.003913390472936412, -1.10436e-18),
        (Op::Erfc, 4.978143350143158, 1.920221843485486e-12, 5.57068e-28),
        (Op::LnGamma, 8.522379725988701, 9.595850353512768, 2.8581e-15),
        (Op::Asinh, 1.2161503007291525, 1.0262713859015657, -2.13465e-16),
        (Op::Tanh, -0.371192201204801, -0.35503407838804674, 9.19595e-17),
    ];

    #[test]
    fn a_function_errs_by_what_its_row_says_at_most() {
        let mut most = 0.0_f64;
        for (op, x, known, more) in FUNCTIONS {
            let value = op.value(&[x]);
            let (error, bound) = ((known - value + more).abs(), own_error(op, &[x], value));
            assert!(error <= bound, "{} at {x}: {error:e}, {bound:e}", op.name());
            assert_eq!(bound, 2.0 * op.row().ulps * UNIT * value.abs(), "{}", op.name());
            most = most.max(error / (UNIT * value.abs()));
        }
        assert!(
            most > 2.0,
            "no function errs by more than {most} roundings: the test shows little"
        );
    }

    #[test]
    fn rows_that_promise_less_have_a_larger_error() {
        let error = |op: Op, x: &[f64]| own_error(op, x, 3.0) / (3.0 * UNIT);
        assert_eq!(error(Op::Turn, &[0.1, 0.2]), 8.0);
        assert_eq!(error(Op::TurnDerivative, &[1.0, 0.1, 0.2]), 16.0);
        assert_eq!(error(Op::PowLog, &[0.1, 0.2]), 32.0);
        assert_eq!(error(Op::SiluSlope, &[0.1]), 2e3);
        assert_eq!(error(Op::Sum, &[0.5, 0.7, 1.8]), 4.0);
        assert_eq!(error(Op::Sub, &[5.0, 2.0]), 1.0);
        assert_eq!((error(Op::Max, &[3.0, 1.0]), error(Op::Neg, &[-3.0])), (0.0, 0.0));
        assert_eq!(own_error(Op::Sin, &[0.0], 0.0), 0.0);
    }

    #[test]
    fn errors_of_arguments_pass_through_the_partials() {
        let [x, y] = [Rounded { value: 2.0, error: 0.1 }, Rounded { value: -3.0, error: 0.01 }];
        let product = Rounded::call(Op::Mul, &[x, y]);
        assert!((product.error - (0.3 + 0.02 + 6.0 * UNIT)).abs() < 1e-16, "{product:?}");
        let negated = -x;
        assert_eq!((negated.value, negated.error), (-2.0, 0.1));
    }
}
