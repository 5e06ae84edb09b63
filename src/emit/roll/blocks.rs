//! The parts of a program as blocks that lanes can run, and which slots one block leaves for
//! another. It must not know instructions.

use super::find::{Part, parts};
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind};

/// Slots of a block that is no loop, at most.
const STRAIGHT: usize = 400;

/// Turns that a loop has at least, on average, for it to be cut where its arguments jump.
const REGULAR: usize = 8;

/// An argument of a slot that is no custom primitive.
pub(super) fn nth(code: &Code, slot: usize, k: usize) -> Arg {
    let word = code.word(slot);
    match word.kind() {
        Kind::Op(op) if let Some(arity) = op.arity() => code.arg(word, arity, k),
        _ => code.list(word)[k],
    }
}

/// The parts of a program, none of which is longer than it should be.
pub(super) fn blocks(program: &Program, inputs: &[u32]) -> Vec<Part> {
    let code = &program.code;
    let mut blocks: Vec<Part> = Vec::new();
    let mut push = |part: Part| match blocks.last_mut() {
        Some(last)
            if part.turns == 1
                && last.turns == 1
                && last.length + part.length <= STRAIGHT
                && last.start + last.length == part.start =>
        {
            last.length += part.length;
        }
        _ => blocks.push(part),
    };
    for part in parts(code, &program.outputs) {
        if part.turns == 1 {
            straight(code, part, &mut push);
        } else {
            let cuts = cuts(code, part, inputs);
            for (from, to) in cuts.iter().zip(&cuts[1..]) {
                let start = part.start + from * part.length;
                push(Part { start, turns: to - from, ..part });
            }
        }
    }
    blocks
}

/// Cuts what is no loop into blocks, and leaves inputs at their ends out.
fn straight(code: &Code, part: Part, push: &mut impl FnMut(Part)) {
    let is_input = |slot: &usize| code.word(*slot).kind() == Kind::Input;
    let (mut start, end) = (part.start, part.start + part.length);
    while start < end {
        start = (start..end).find(|slot| !is_input(slot)).unwrap_or(end);
        let until = end.min(start + STRAIGHT);
        let until = (start..until).find(is_input).unwrap_or(until);
        if start < until {
            push(Part { start, length: until - start, turns: 1 });
        }
        start = until;
    }
}

/// The turns where a loop is cut, its first and its end included: where an argument changes from
/// inputs to other slots, and where the distances between its slots change, if there are few such
/// turns.
fn cuts(code: &Code, part: Part, inputs: &[u32]) -> Vec<usize> {
    let outside: Vec<Vec<Spot>> = outside(code, part)
        .into_iter()
        .map(|(k, j)| {
            let slot = |turn| nth(code, part.start + turn * part.length + k, j).index();
            (0..part.turns).map(|turn| Spot::of(slot(turn), inputs)).collect()
        })
        .collect();
    let regular = segments(part.turns, &outside, |spots, from, turn| {
        let goes_on = spots[turn].is_of(&spots[from]) && !Spot::jumps(spots, turn);
        goes_on && Spot::is_in_line(&spots[from..=turn])
    });
    if (regular.len() - 1) * REGULAR <= part.turns {
        return regular;
    }
    segments(part.turns, &outside, |spots, from, turn| spots[turn].is_of(&spots[from]))
}

/// Cuts turns into segments within which all spots go on.
fn segments(
    turns: usize,
    outside: &[Vec<Spot>],
    goes_on: impl Fn(&[Spot], usize, usize) -> bool,
) -> Vec<usize> {
    let (mut cuts, mut from) = (vec![0], 0);
    for turn in 1..turns {
        if !outside.iter().all(|spots| goes_on(spots, from, turn)) {
            cuts.push(turn);
            from = turn;
        }
    }
    cuts.push(turns);
    cuts
}

/// Where an argument is: an input, or another slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Input(u32),
    Slot(usize),
}

impl Spot {
    fn of(slot: usize, inputs: &[u32]) -> Spot {
        match inputs[slot] {
            NONE => Spot::Slot(slot),
            k => Spot::Input(k),
        }
    }

    fn is_of(&self, other: &Spot) -> bool {
        matches!(self, Spot::Input(_)) == matches!(other, Spot::Input(_))
    }

    fn position(&self) -> i64 {
        match self {
            Spot::Input(k) => i64::from(*k),
            Spot::Slot(slot) => *slot as i64,
        }
    }

    /// Whether the way to a turn is another one than those before and behind it.
    fn jumps(spots: &[Spot], turn: usize) -> bool {
        let way = |turn: usize| {
            let before = turn.checked_sub(1).and_then(|before| spots.get(before));
            before.zip(spots.get(turn)).map(|(x, y)| y.position() - x.position())
        };
        let here = way(turn);
        [turn - 1, turn + 1].into_iter().filter_map(way).all(|other| Some(other) != here)
    }

    /// Whether the last is as far from the one before it as the second is from the first.
    fn is_in_line(spots: &[Spot]) -> bool {
        let [first, second, .., before, last] = spots else { return true };
        second.position() - first.position() == last.position() - before.position()
    }
}

/// No input.
pub(super) const NONE: u32 = u32::MAX;

/// The arguments of a turn that are slots before the loop: which slot of the turn, and which of its
/// arguments.
fn outside(code: &Code, part: Part) -> Vec<(usize, usize)> {
    let mut outside = Vec::new();
    for k in 0..part.length {
        let args = code.all_args(part.start + k);
        let before = |arg: &Arg| !arg.is_constant() && arg.index() < part.start;
        let sum = |j: usize| {
            let next = nth(code, part.start + part.length + k, j);
            !next.is_constant() && next.index() == part.start + k
        };
        let of_slot = args.iter().enumerate().filter(|(j, arg)| before(arg) && !sum(*j));
        outside.extend(of_slot.map(|(j, _)| (k, j)));
    }
    outside
}

/// For each slot, whether another turn, another block, an output or a comparison needs it.
pub(super) fn needed(program: &Program, blocks: &[Part], inputs: &[u32]) -> Vec<bool> {
    let code = &program.code;
    let mut needed = vec![false; code.len()];
    for block in blocks {
        for turn in 0..block.turns {
            let start = block.start + turn * block.length;
            for slot in start..start + block.length {
                for arg in code.all_args(slot) {
                    let is_sum = turn > 0 && arg.index() + block.length == slot;
                    if !arg.is_constant() && arg.index() < start && !is_sum {
                        needed[arg.index()] = true;
                    }
                }
            }
        }
    }
    let asked = code.guards().iter().flat_map(|guard| [guard.x, guard.y]);
    for arg in program.outputs.iter().copied().chain(asked).filter(|arg| !arg.is_constant()) {
        needed[arg.index()] = true;
    }
    needed.iter_mut().zip(inputs).for_each(|(needed, input)| *needed &= *input == NONE);
    needed
}
