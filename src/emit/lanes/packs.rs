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

    /// The vector function of a row, for up to four packs. False if it has none.
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
        if let [a, b, c, d] = x {
            let [a, b, c, d] = [a, b, c, d].map(|octet| octet.get().0);
            let mut numbers = [0.0; 32];
            for (to, octet) in numbers.chunks_mut(8).zip([a, b, c, d]) {
                to.copy_from_slice(&octet);
            }
            let numbers = op.in_lanes(&numbers);
            let octets = numbers.iter().flat_map(|numbers| numbers.as_chunks().0);
            v.iter().zip(octets).for_each(|(to, octet)| to.set(Octet(*octet)));
            return numbers.is_some();
        }
        x.iter().zip(v).all(|(x, v)| {
            let numbers = op.in_lanes(&x.get().0);
            numbers.inspect(|numbers| v.set(Octet(*numbers))).is_some()
        })
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
        x.iter().zip(v).all(|(x, v)| {
            let number = op.in_lanes(&x.get().0);
            number.inspect(|number| v.set(Single(*number))).is_some()
        })
    }
}
