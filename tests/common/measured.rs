//! A number from outside the crate: a value and a tangent whose slopes are measured from values.
//! It must not know any rule of the table, so that it can judge them all, those to come included.

use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use wengert::{Number, Op};

/// A value, its tangent, and how far the tangent (or one that is computed by rules) may be off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) value: f64,
    pub(crate) tangent: f64,
    pub(crate) error: f64,
}

impl Measured {
    pub(crate) fn new(value: f64, tangent: f64) -> Measured {
        Measured { value, tangent, error: tangent.abs() * f64::EPSILON }
    }
}

/// Weights of f(x + kh) - f(x - kh), k = 1..4, that give h f'(x) up to a term in h^9.
const WEIGHTS: [f64; 4] = [4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0];

/// The slope of a primitive in one argument, and how far it may be off: central differences of
/// halving steps, of which the one is taken that agrees best with the step before it.
pub(crate) fn slope(op: Op, x: &[f64], k: usize) -> (f64, f64) {
    let mut x = x.to_vec();
    let centre = x[k];
    let mut nudged = |by: f64| {
        x[k] = centre + by;
        let crossed = op.row().args.contains(&"lo") && x[1] > x[2]; // std panics here
        if crossed { f64::NAN } else { op.value(&x) }
    };
    let (mut best, mut last) = ((f64::NAN, f64::INFINITY), f64::NAN);
    for halvings in 3..16 {
        let h = 0.5_f64.powi(halvings);
        let (mut rise, mut largest) = (0.0, 0.0_f64);
        for (k, weight) in (1..).zip(WEIGHTS) {
            let (up, down) = (nudged(f64::from(k) * h), nudged(f64::from(-k) * h));
            rise += weight * (up - down);
            largest = largest.max(up.abs()).max(down.abs());
        }
        let (slope, rounding) = (rise / h, 8.0 * f64::EPSILON * largest / h);
        let error = (slope - last).abs() + rounding;
        if error < best.1 {
            best = (slope, error);
        }
        last = slope;
    }
    best
}

impl Number for Measured {
    fn constant(x: f64) -> Self {
        Measured::new(x, 0.0)
    }

    fn call(op: Op, args: &[Self]) -> Self {
        let x: Vec<f64> = args.iter().map(|arg| arg.value).collect();
        let mut v = Measured::constant(op.value(&x));
        for (k, arg) in
            args.iter().enumerate().filter(|(_, arg)| arg.tangent != 0.0 || arg.error != 0.0)
        {
            let (slope, off) = slope(op, &x, k);
            let rule_off = (op.row().ulps + args.len() as f64) * f64::EPSILON * slope.abs();
            v.tangent += slope * arg.tangent;
            v.error += slope.abs() * arg.error + (off + rule_off) * arg.tangent.abs();
        }
        v
    }

    fn abs(self) -> Self {
        Self::call(Op::Abs, &[self])
    }
    fn sqrt(self) -> Self {
        Self::call(Op::Sqrt, &[self])
    }
    fn mul_add(self, y: Self, z: Self) -> Self {
        Self::call(Op::MulAdd, &[self, y, z])
    }
    fn floor(self) -> Self {
        Self::call(Op::Floor, &[self])
    }
    fn compare(self, y: Self) -> Self {
        Self::call(Op::Compare, &[self, y])
    }
    fn select(self, x: Self, y: Self) -> Self {
        Self::call(Op::Select, &[self, x, y])
    }
}

macro_rules! operators {
    ($($Trait:ident $method:ident)+) => { $(
        impl $Trait for Measured {
            type Output = Self;
            fn $method(self, y: Self) -> Self {
                Self::call(Op::$Trait, &[self, y])
            }
        }
        impl $Trait<f64> for Measured {
            type Output = Self;
            fn $method(self, y: f64) -> Self {
                Self::call(Op::$Trait, &[self, Self::constant(y)])
            }
        }
    )+ };
}
operators! { Add add Sub sub Mul mul Div div Rem rem }

impl Neg for Measured {
    type Output = Self;
    fn neg(self) -> Self {
        Self::call(Op::Neg, &[self])
    }
}

impl Sum for Measured {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        Self::call(Op::Sum, &terms.collect::<Vec<_>>())
    }
}

impl Product for Measured {
    fn product<I: Iterator<Item = Self>>(terms: I) -> Self {
        Self::call(Op::Product, &terms.collect::<Vec<_>>())
    }
}
