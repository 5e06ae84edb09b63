//! Numbers at equal distances, whose places are checked once and not one by one. It must not know
//! whose numbers they are.
#![allow(unsafe_code)]

use super::packs::Pack;
use std::cell::Cell;

/// How far the last number of a pack is from the first, if all of them are within the slice.
#[inline(always)]
fn check<P: Pack>(length: usize, first: usize, step: usize) {
    let last = step.checked_mul(P::WIDTH - 1).and_then(|far| far.checked_add(first));
    assert!(last.is_some_and(|last| last < length), "lanes reach beyond the memory");
}

/// Reads the numbers of a pack.
#[inline(always)]
pub(super) fn read<P: Pack>(from: &[f64], first: usize, step: usize) -> P {
    check::<P>(from.len(), first, step);
    // SAFETY: the last of the places is within the slice, and the others are before it.
    P::make(|lane| unsafe { *from.get_unchecked(first + lane * step) })
}

/// Reads the numbers of a pack out of cells.
#[inline(always)]
pub(super) fn read_cells<P: Pack>(from: &[Cell<f64>], first: usize, step: usize) -> P {
    check::<P>(from.len(), first, step);
    // SAFETY: as above.
    P::make(|lane| unsafe { from.get_unchecked(first + lane * step).get() })
}

/// Reads two packs, of neighbours: the numbers of the second stand one behind those of the first.
#[inline(always)]
pub(super) fn read_two<P: Pack>(from: &[f64], first: usize, step: usize) -> [P; 2] {
    check::<P>(from.len().saturating_sub(1), first, step);
    // SAFETY: the last of the places and the one behind it are within the slice, and the others are
    // before them.
    let number = |place: usize| unsafe { *from.get_unchecked(place) };
    [P::make(|lane| number(first + lane * step)), P::make(|lane| number(first + lane * step + 1))]
}

/// Writes two packs to neighbours.
#[inline(always)]
pub(super) fn write_two<P: Pack>(to: &[Cell<f64>], first: usize, step: usize, packs: [P; 2]) {
    check::<P>(to.len().saturating_sub(1), first, step);
    let [x, y] = [packs[0].lanes(), packs[1].lanes()];
    for (lane, (x, y)) in x.iter().zip(y).enumerate() {
        // SAFETY: as above: a pack has as many lanes as its width.
        let place = first + lane * step;
        let [one, other] = unsafe { [to.get_unchecked(place), to.get_unchecked(place + 1)] };
        one.set(*x);
        other.set(*y);
    }
}

/// Writes the numbers of a pack, each joined with what is there: `join` is told the lane, the old
/// number and the new one.
#[inline(always)]
pub(super) fn write<P: Pack>(
    to: &[Cell<f64>],
    first: usize,
    step: usize,
    pack: P,
    join: impl Fn(usize, f64, f64) -> f64,
) {
    check::<P>(to.len(), first, step);
    for (lane, number) in pack.lanes().iter().enumerate() {
        // SAFETY: as above: a pack has as many lanes as its width.
        let to = unsafe { to.get_unchecked(first + lane * step) };
        to.set(join(lane, to.get(), *number));
    }
}
