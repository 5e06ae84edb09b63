//! Numbers that are carried out together: eight, the widest vector of any machine, or one. It must
//! not know what is done with them.

use crate::op::Op;
use std::cell::Cell;

/// Numbers of neighbouring lanes.
pub(super) trait Pack: Copy {
    /// How many there are.
    const WIDTH: usize;

    fn make(number: impl FnMut(usize) -> f64) -> Self;

    fn lanes(&self) -> &[f64];

    /// The same number in every lane.
    #[inline(always)]
    fn all(x: f64) -> Self {
        Self::make(|_| x)
    }

    /// The vector function of a row. False if it has none.
    fn vector_function(op: Op, x: &[Cell<Self>], v: &[Cell<Self>]) -> bool;
}

/// Eight numbers.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Octet([f64; 8]);

impl Pack for Octet {
    const WIDTH: usize = 8;

    #[inline(always)]
    fn make(mut number: impl FnMut(usize) -> f64) -> Octet {
        let mut numbers = [0.0; 8];
        for (lane, to) in numbers.iter_mut().enumerate() {
            *to = number(lane);
        }
        Octet(numbers)
    }

    #[inline(always)]
    fn lanes(&self) -> &[f64] {
        &self.0
    }

    fn vector_function(op: Op, x: &[Cell<Octet>], v: &[Cell<Octet>]) -> bool {
        op.in_packs(x, v)
    }
}

impl From<[f64; 8]> for Octet {
    #[inline(always)]
    fn from(numbers: [f64; 8]) -> Octet {
        Octet(numbers)
    }
}

impl From<Octet> for [f64; 8] {
    #[inline(always)]
    fn from(octet: Octet) -> [f64; 8] {
        octet.0
    }
}

/// One number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Single([f64; 1]);

impl Pack for Single {
    const WIDTH: usize = 1;

    #[inline(always)]
    fn make(mut number: impl FnMut(usize) -> f64) -> Single {
        Single([number(0)])
    }

    #[inline(always)]
    fn lanes(&self) -> &[f64] {
        &self.0
    }

    fn vector_function(op: Op, x: &[Cell<Single>], v: &[Cell<Single>]) -> bool {
        op.in_packs(x, v)
    }
}

impl From<[f64; 1]> for Single {
    #[inline(always)]
    fn from(numbers: [f64; 1]) -> Single {
        Single(numbers)
    }
}

impl From<Single> for [f64; 1] {
    #[inline(always)]
    fn from(single: Single) -> [f64; 1] {
        single.0
    }
}
