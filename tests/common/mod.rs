//! What several tests share: random programs, and a number that measures slopes instead of knowing
//! them. It must not know what is tested with them.
#![allow(dead_code)] // each test is a crate of its own and takes what it needs

pub(crate) mod measured;
pub(crate) mod recipes;
pub(crate) mod reference;

/// The bits of a number; all NaN are one.
pub(crate) fn bits(x: f64) -> u64 {
    if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
}

/// The bits of all, to compare lists of numbers exactly.
pub(crate) fn all_bits(xs: impl IntoIterator<Item = f64>) -> Vec<u64> {
    xs.into_iter().map(bits).collect()
}
