//! The edges into a slot, along which partials flow. They must not know who asks for them, nor any
//! primitive.

use super::{Number, c};

/// The edges into a slot, as a sweep sees them: it gives the arguments, and takes the partials that
/// it wants. `K` is the number of arguments, so that each is compiled for the primitive at hand.
pub(crate) trait Edges<N> {
    /// The argument number `k`.
    fn arg<const K: usize>(&self, k: usize) -> N;
    /// Whether its partial is wanted.
    fn wants<const K: usize>(&self, k: usize) -> bool;
    /// Takes its partial; nothing flows unless `taken` is None or > 0.
    fn flow<const K: usize>(&mut self, k: usize, partial: N, taken: Option<N>);
}

/// The edges of a primitive whose partials are merely collected.
pub(super) struct Collect<'a, N> {
    pub(super) x: &'a [N],
    pub(super) partials: &'a mut [N],
}

impl<N: Number> Edges<N> for Collect<'_, N> {
    fn arg<const K: usize>(&self, k: usize) -> N {
        self.x[k]
    }
    fn wants<const K: usize>(&self, _: usize) -> bool {
        true
    }
    fn flow<const K: usize>(&mut self, k: usize, partial: N, taken: Option<N>) {
        self.partials[k] = taken.map_or(partial, |taken| taken.select(partial, c(0.0)));
    }
}
