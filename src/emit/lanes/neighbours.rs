//! Inputs that stand beside each other at every turn, as those of a point do, read and written two at
//! once: their numbers are exchanged in registers. It must not know instructions.

use super::packs::Pack;
use super::places::{Access, Memory, Place, Space, Stretch};
use super::raw;
use crate::math::vector::{Arithmetic, Work, widest};
use std::cell::Cell;

/// Two rows of lanes.
type Rows<'a, P> = [&'a [Cell<P>]; 2];

/// The first place of turns and how far they are apart, if both places are in the point and beside
/// each other at each of them.
#[inline(always)]
fn beside(places: [Place; 2], turns: Stretch) -> Option<(usize, usize)> {
    let in_point = places.iter().all(|place| place.space == Space::Point);
    match places.map(|place| place.access) {
        [Access::Stride { at, step }, Access::Stride { at: next, step: same }]
            if in_point && step == same && step > 1 && at + 1 == next =>
        {
            Some((at as usize + turns.first * step as usize, step as usize))
        }
        _ => None,
    }
}

/// Numbers at equal distances, read two by two.
struct Read<'a, P> {
    from: &'a [f64],
    first: usize,
    step: usize,
    to: Rows<'a, P>,
}

impl<P: Pack> Work for Read<'_, P> {
    type Answer = ();
    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Read { from, first, step, to: [x, y] } = self;
        for (k, (x, y)) in x.iter().zip(y).enumerate() {
            let [one, other] = raw::read_two(from, first + k * P::WIDTH * step, step);
            x.set(one);
            y.set(other);
        }
    }
}

/// Numbers at equal distances, written two by two.
struct Write<'a, P> {
    to: &'a [Cell<f64>],
    first: usize,
    step: usize,
    from: Rows<'a, P>,
}

impl<P: Pack> Work for Write<'_, P> {
    type Answer = ();
    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let Write { to, first, step, from: [x, y] } = self;
        for (k, (x, y)) in x.iter().zip(y).enumerate() {
            let (x, y) = (x.get(), y.get());
            let x = P::make(|lane| x.lanes()[lane] + 0.0);
            let y = P::make(|lane| y.lanes()[lane] + 0.0);
            raw::write_two(to, first + k * P::WIDTH * step, step, [x, y]);
        }
    }
}

/// What is left of turns and of their rows behind as many whole packs as there are.
#[inline(always)]
fn rest<P: Pack>(turns: Stretch, rows: Rows<'_, P>) -> (usize, Stretch, Rows<'_, P>) {
    let whole = turns.count / P::WIDTH;
    let done = whole * P::WIDTH;
    let left = Stretch { first: turns.first + done, count: turns.count - done };
    (whole, left, rows.map(|row| &row[whole..]))
}

impl Memory<'_> {
    /// Reads the values of two inputs. Lanes past the last turn get what that one gets.
    #[inline(never)]
    pub(super) fn load_two<P: Pack>(&self, places: [Place; 2], turns: Stretch, to: Rows<'_, P>) {
        let (mut turns, mut to) = (turns, to);
        if let Some((first, step)) = beside(places, turns) {
            let (whole, left, rows) = rest(turns, to);
            widest(Read { from: self.point, first, step, to: to.map(|row| &row[..whole]) });
            (turns, to) = (left, rows);
        }
        if turns.count > 0 {
            (0..2).for_each(|k| self.load(places[k], turns, to[k]));
        }
    }

    /// Writes the adjoints of two inputs if they are `fresh`, or else adds to them.
    #[inline(never)]
    pub(super) fn slopes_of_two<P: Pack>(
        &self,
        places: [Place; 2],
        turns: Stretch,
        from: Rows<'_, P>,
        fresh: bool,
    ) {
        let (mut turns, mut from) = (turns, from);
        if fresh && let Some((first, step)) = beside(places, turns) {
            let (whole, left, rows) = rest(turns, from);
            widest(Write { to: self.slopes, first, step, from: from.map(|row| &row[..whole]) });
            (turns, from) = (left, rows);
        }
        match (turns.count, fresh) {
            (0, _) => {}
            (_, true) => (0..2).for_each(|k| self.store_bars(places[k], turns, from[k])),
            (_, false) => (0..2).for_each(|k| self.add_bars(places[k], turns, from[k])),
        }
    }
}
