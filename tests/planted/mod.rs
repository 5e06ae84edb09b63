//! Gradients of real functions as people write them, and mistakes planted in them. It must not know
//! how they are checked.

mod finance;
mod layers;
mod mechanics;
mod models;
mod networks;

use wengert::Var;

/// A generator of random points, the same in every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// A number between two others.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let unit = (self.0 >> 11) as f64 / (1u64 << 53) as f64;
        low + (high - low) * unit
    }

    pub(crate) fn many(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.between(low, high)).collect()
    }
}

/// A function, its gradient by hand, and the mistakes that can be made in it. The gradient number 0
/// is right.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) f: for<'t> fn(&[Var<'t>]) -> Var<'t>,
    pub(crate) gradient: fn(&[f64], u32) -> Vec<f64>,
    pub(crate) point: fn(&mut Random) -> Vec<f64>,
    pub(crate) blocks: &'static [(&'static str, &'static [usize])],
    pub(crate) slips: &'static [Slip],
}

/// A mistake: its number, what was done, and the names that are right for it.
pub(crate) struct Slip(pub(crate) u32, pub(crate) &'static str, pub(crate) &'static [&'static str]);

pub(crate) fn subjects() -> Vec<Subject> {
    [
        models::subjects(),
        layers::subjects(),
        networks::subjects(),
        finance::subjects(),
        mechanics::subjects(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
