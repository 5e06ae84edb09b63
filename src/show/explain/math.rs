//! What stands in a line of a derivation: formulas with derivatives and printed numbers in them. It
//! must not know any markup.

use super::numbers::{exact, half_unit, shown, with_more};
use crate::derive::{Formula, Steps};
use crate::op::Op;

/// The operations of a sum.
const SUMS: [Op; 4] = [Op::Add, Op::Sub, Op::Neg, Op::Sum];
/// The most digits that are shown of a number beyond the usual.
const MOST_MORE: u8 = 10;

/// A formula of a derivation.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Math {
    /// A constant, exact.
    Exact(f64),
    /// A number worked out, rounded for reading.
    Rounded(f64),
    /// The same with so many more digits, for what is made of it to come out as it is shown.
    Longer(f64, u8),
    /// The same, with its sign also where it is positive.
    Signed(f64),
    Quantity(usize),
    /// The derivative of the output in a quantity.
    Total(usize),
    /// The partial of one quantity in another that it uses.
    Local(usize, usize),
    /// The delta of a unit, by its weighted sum.
    Delta(usize),
    Apply(Op, Vec<Math>),
    Custom {
        name: String,
        slope: Option<usize>,
        args: Vec<Math>,
    },
}

impl Math {
    /// A formula in names.
    pub(super) fn names(formula: &Formula) -> Math {
        Math::of(formula, &Math::Quantity)
    }

    /// A formula with numbers put in.
    pub(super) fn numbers(steps: &Steps, formula: &Formula) -> Math {
        Math::of(formula, &|quantity| value(steps, quantity))
    }

    fn of(formula: &Formula, quantity: &impl Fn(usize) -> Math) -> Math {
        let all = |args: &[Formula]| args.iter().map(|arg| Math::of(arg, quantity)).collect();
        match formula {
            Formula::Constant(x) => Math::Exact(*x),
            Formula::Quantity(q) => quantity(*q),
            Formula::Apply(op, args) => Math::Apply(*op, all(args)),
            Formula::Custom { name, slope, args } => {
                Math::Custom { name: name.clone(), slope: *slope, args: all(args) }
            }
        }
    }

    pub(super) fn times(self, other: Math) -> Math {
        Math::Apply(Op::Mul, vec![self, other])
    }

    pub(super) fn plus(self, other: Math) -> Math {
        Math::Apply(Op::Add, vec![self, other])
    }

    /// Terms added up; 0 for none.
    pub(super) fn sum(terms: impl IntoIterator<Item = Math>) -> Math {
        terms.into_iter().reduce(Math::plus).unwrap_or(Math::Exact(0.0))
    }

    /// Whether this is a sum or product, and the other, its last part, one too: then brackets around
    /// that change nothing.
    pub(super) fn continues(&self, last: &Math) -> bool {
        match (self, last) {
            (Math::Apply(op, _), Math::Apply(inner, _)) => {
                op == inner && [Op::Add, Op::Mul].contains(op)
            }
            _ => false,
        }
    }

    /// Whether two links would be printed as the same number.
    pub(super) fn says_the_same(&self, other: &Math) -> bool {
        match (self.number(), other.number()) {
            (Some(x), Some(y)) => shown(x) == shown(y),
            _ => self == other,
        }
    }

    /// The number that it is, if it is nothing else.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Math::Exact(x) | Math::Rounded(x) | Math::Longer(x, _) | Math::Signed(x) => Some(*x),
            Math::Apply(op, args) => {
                let is_minus = *op == Op::Neg;
                is_minus.then(|| args[0].number())?.map(|x| -x)
            }
            _ => None,
        }
    }

    /// The same, if it is a sum of numbers, with as many digits of each as it takes for them to add up
    /// to this total in the digits that are shown; nothing if no number of digits does it.
    pub(super) fn adding_up_to(self, total: f64) -> Result<Math, Math> {
        let wanted = shown(total).value();
        let close = half_unit(total) * (1.0 - 1e-6);
        let misses =
            |math: &Math| math.shown_sum().is_some_and(|sum| (sum - wanted).abs() >= close);
        let is_sum = matches!(&self, Math::Apply(op, _) if *op != Op::Neg);
        if !is_sum || !misses(&self) {
            return Ok(self);
        }
        let longer = |more: u8| {
            self.replace(&|leaf| match leaf {
                Math::Rounded(x) => Some(Math::Longer(*x, more)),
                _ => None,
            })
        };
        (1..=MOST_MORE).map(longer).find(|math| !misses(math)).ok_or(self)
    }

    /// What the numbers of a sum add up to as they are shown; nothing for any other formula.
    fn shown_sum(&self) -> Option<f64> {
        match self {
            Math::Exact(x) => Some(exact(*x).value()),
            Math::Rounded(x) | Math::Signed(x) => Some(shown(*x).value()),
            Math::Longer(x, more) => Some(with_more(*x, *more).value()),
            Math::Apply(op, args) if SUMS.contains(op) => {
                let terms: Option<Vec<f64>> = args.iter().map(Math::shown_sum).collect();
                let signed = |(k, x): (usize, f64)| {
                    let minus = *op == Op::Neg || (*op == Op::Sub && k > 0);
                    if minus { -x } else { x }
                };
                Some(terms?.into_iter().enumerate().map(signed).sum())
            }
            _ => None,
        }
    }

    /// The same with each leaf replaced that `leaf` gives something for.
    pub(super) fn replace(&self, leaf: &impl Fn(&Math) -> Option<Math>) -> Math {
        let all = |args: &[Math]| args.iter().map(|arg| arg.replace(leaf)).collect();
        match self {
            Math::Apply(op, args) => Math::Apply(*op, all(args)),
            Math::Custom { name, slope, args } => {
                Math::Custom { name: name.clone(), slope: *slope, args: all(args) }
            }
            other => leaf(other).unwrap_or_else(|| other.clone()),
        }
    }

    /// How many leaves it has.
    pub(super) fn leaves(&self) -> usize {
        match self {
            Math::Apply(_, args) | Math::Custom { args, .. } => args.iter().map(Math::leaves).sum(),
            _ => 1,
        }
    }
}

/// The value of a quantity as it is printed: that of an input is exact.
pub(super) fn value(steps: &Steps, quantity: usize) -> Math {
    let step = &steps.all()[quantity];
    match step.formula {
        None => Math::Exact(step.value),
        Some(_) => Math::Rounded(step.value),
    }
}
