//! Finds the repeated parts of a program, which can run as loops. It must not know what the
//! primitives compute, nor how a loop is run.
//!
//! Periods are guessed from the distances between alike slots (`periods`), and for each of them
//! the program is read once for stretches that repeat at that distance (`turns`). The parts that
//! save most are kept, and what they leave free is searched again.

mod free;
mod periods;
mod turns;

use crate::tape::code::{Arg, Code};
use free::Free;
use periods::periods;
use std::collections::BinaryHeap;
use turns::{Found, Reader};

/// A stretch of a program: `turns` times the same `length` slots, one behind another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::emit) struct Part {
    pub(in crate::emit) start: usize,
    pub(in crate::emit) length: usize,
    pub(in crate::emit) turns: usize,
}

impl Part {
    /// The slot behind its last.
    fn end(&self) -> usize {
        self.start + self.length * self.turns
    }
}

/// Fewest turns of a loop.
const FEWEST: usize = 4;

/// How often what is still free is searched at most.
const SEARCHES: usize = 8;

/// Less than this part of what was free is not worth another search.
const SHARE: usize = 64;

/// A part that saves this much of what its slots would cost alone is taken without looking at
/// shorter periods.
const PLENTY: f64 = 0.85;

/// Cuts a program into parts that cover all its slots in order. What does not repeat has one turn.
///
/// In a part of several turns there is no input and no custom primitive, and a slot has the same
/// primitive and as many arguments in every turn. Each argument is in every turn a constant; or a
/// slot of the same turn, always the same; or any slot before the part; or the same slot of the turn
/// before, where an addition or subtraction adds up. Then the sum of no turn but the last is used
/// otherwise. Costs some 0.1 µs a slot.
pub(super) fn parts(code: &Code, outputs: &[Arg]) -> Vec<Part> {
    let reader = Reader::new(code, outputs);
    let (mut free, mut loops) = (Free::all(code.len()), Vec::new());
    for left in (0..SEARCHES).rev() {
        let before = free.len();
        let little = |free: &Free| before - free.len() <= before / SHARE;
        let others = search(&reader, &mut free, &mut loops);
        if left == 0 || little(&free) {
            choose(others, &mut free, &mut loops);
        }
        if little(&free) {
            break;
        }
    }
    covered(loops, code.len())
}

/// Takes the loops that save plenty of what is free, and gives the others: they wait, for when those
/// are taken, the periods of what remains are seen more clearly. Longer periods come first: the turns
/// of an outer loop depend on each other less than those of an inner one.
fn search(reader: &Reader<'_>, free: &mut Free, loops: &mut Vec<Part>) -> BinaryHeap<Found> {
    let mut others = BinaryHeap::new();
    for period in periods(reader, free) {
        let mut found = reader.all_loops(free, period);
        let mut shorter: Vec<_> = found.iter().filter_map(|f| reader.shorter(f.part)).collect();
        if !shorter.is_empty() {
            shorter.sort_unstable();
            shorter.dedup();
            for period in shorter {
                others.extend(take_plenty(reader.all_loops(free, period), free, loops));
            }
            found = reader.all_loops(free, period);
        }
        others.extend(take_plenty(found, free, loops));
    }
    others
}

/// Takes those loops of a period that save plenty, and gives the others that save something.
fn take_plenty(found: Vec<Found>, free: &mut Free, loops: &mut Vec<Part>) -> Vec<Found> {
    let (plenty, mut others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|found| found.share() > PLENTY);
    for Found { part, .. } in plenty {
        free.take(part.start..part.end());
        loops.push(part);
    }
    others.retain(|found| found.saving() > 0.0);
    others
}

/// Takes the loops that save most, and of the others what these leave free.
fn choose(mut found: BinaryHeap<Found>, free: &mut Free, loops: &mut Vec<Part>) {
    while let Some(best) = found.pop() {
        let whole = best.part.start..best.part.end();
        let pieces = free.within(whole.clone());
        if pieces == [whole.clone()] {
            free.take(whole);
            loops.push(best.part);
        } else {
            let clipped = pieces.into_iter().filter_map(|piece| best.clipped(piece));
            found.extend(clipped.filter(|clipped| clipped.saving() > 0.0));
        }
    }
}

/// The loops in order, with what is between them.
fn covered(mut loops: Vec<Part>, slots: usize) -> Vec<Part> {
    loops.sort_unstable_by_key(|part| part.start);
    let (mut parts, mut start) = (Vec::with_capacity(2 * loops.len() + 1), 0);
    let end = Part { start: slots, length: 0, turns: 0 };
    for part in loops.into_iter().chain([end]) {
        if part.start > start {
            parts.push(Part { start, length: part.start - start, turns: 1 });
        }
        if part.turns > 0 {
            parts.push(part);
        }
        start = part.end();
    }
    parts
}

#[cfg(test)]
mod tests;
