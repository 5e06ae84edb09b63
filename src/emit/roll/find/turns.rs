//! Where a program repeats itself at a given distance, read turn by turn. It must not know how that
//! distance was found.

use super::free::Free;
use super::{FEWEST, Part};
use crate::op::Op;
use crate::tape::code::{Arg, Code};
use std::cmp::Ordering;
use std::ops::Range;

/// A program with the number of uses of each slot, up to 255. What is an output is used, and what a
/// guard asks for is used twice.
pub(super) struct Reader<'c> {
    pub(super) code: &'c Code,
    uses: Vec<u8>,
}

/// A loop, with what its cost depends on.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) part: Part,
    /// What a turn weighs: a slot with one or two arguments is 1.
    weight: f64,
    /// Arguments of a turn that are slots before the loop.
    from_before: usize,
}

impl Found {
    /// What is saved, in nanoseconds, about: a slot on its own takes 12.
    pub(super) fn saving(&self) -> f64 {
        let turns = self.part.turns as f64;
        let together = 120.0 + self.weight * (12.0 + 0.5 * turns);
        self.alone() - together - 0.8 * turns * self.from_before as f64
    }

    /// The same as a share of what the slots cost.
    pub(super) fn share(&self) -> f64 {
        self.saving() / self.alone()
    }

    fn alone(&self) -> f64 {
        12.0 * self.weight * self.part.turns as f64
    }

    /// Its whole turns in a range within it, if they are enough.
    pub(super) fn clipped(&self, range: Range<usize>) -> Option<Found> {
        let Part { start, length, .. } = self.part;
        let first = (range.start - start).div_ceil(length);
        let turns = ((range.end - start) / length).saturating_sub(first);
        let part = Part { start: start + first * length, length, turns };
        (turns >= FEWEST).then_some(Found { part, ..*self })
    }
}

/// What saves more is greater, and with equal savings what comes first.
impl Ord for Found {
    fn cmp(&self, other: &Found) -> Ordering {
        let places = other.part.start.cmp(&self.part.start);
        self.saving().total_cmp(&other.saving()).then(places)
    }
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Found) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Found) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Found {}

/// What a slot must share with the slot a period before it.
struct Likeness {
    period: usize,
    /// Slots below this are before the loop: of these, each turn may read another.
    start: usize,
    /// Slots up to this far away are of the same turn.
    reach: usize,
    /// Whether the slot a period before is of the first turn, where a sum begins with any slot.
    after_first: bool,
    /// Whether a sum that goes on must be used by nothing else.
    alone: bool,
}

impl<'c> Reader<'c> {
    pub(super) fn new(code: &'c Code, outputs: &[Arg]) -> Reader<'c> {
        let mut uses = vec![0_u8; code.len()];
        let mut add = |arg: Arg, count: u8| {
            if !arg.is_constant() {
                let uses = &mut uses[arg.index()];
                *uses = uses.saturating_add(count);
            }
        };
        for slot in 0..code.len() {
            with_args(code, slot, |args| args.iter().for_each(|arg| add(*arg, 1)));
        }
        outputs.iter().for_each(|arg| add(*arg, 1));
        code.guards().iter().flat_map(|guard| [guard.x, guard.y]).for_each(|arg| add(arg, 2));
        Reader { code, uses }
    }

    /// The primitive of a slot, if it is of the table.
    #[inline(always)]
    pub(super) fn op(&self, slot: usize) -> Option<Op> {
        self.code.word(slot).op()
    }

    /// The loops of this period in what is free, in order.
    pub(super) fn all_loops(&self, free: &Free, period: usize) -> Vec<Found> {
        free.iter().flat_map(|range| self.loops(range, period)).collect()
    }

    /// The shortest period at which a loop repeats itself beyond its turns, if that is not its own.
    pub(super) fn shorter(&self, part: Part) -> Option<usize> {
        let Part { start, length, .. } = part;
        let beginning = start..start + FEWEST * length;
        (1..=length / 2).filter(|period| length % period == 0).find(|period| {
            (start + period..start + length).all(|slot| self.op(slot) == self.op(slot - period))
                && self.loops(beginning.clone(), *period).iter().any(|found| {
                    found.part.turns * period > 2 * length // not the inner loop of one turn
                })
        })
    }

    /// The loops of this period in a range, in order.
    fn loops(&self, range: Range<usize>, period: usize) -> Vec<Found> {
        let mut loops = Vec::new();
        let mut first = range.start + period;
        for slot in range.start + period..range.end {
            if !self.is_like(slot, &Likeness::of_any_phase(period, first)) {
                self.cut(first - period..slot, period, &mut loops);
                first = slot + 1;
            }
        }
        if first < range.end {
            self.cut(first - period..range.end, period, &mut loops);
        }
        loops
    }

    /// Cuts a range where every slot is like the one a period before it into turns.
    fn cut(&self, range: Range<usize>, period: usize, loops: &mut Vec<Found>) {
        // The slots before a break are in the ranges on both sides of it.
        let taken = loops.last().map_or(range.start, |found| found.part.end());
        let range = range.start.max(taken)..range.end;
        if range.len() < FEWEST * period {
            return;
        }
        let mut start = range.start + self.phase(&range, period);
        while start + FEWEST * period <= range.end {
            let most = (range.end - start) / period;
            let turns = (1..most).find(|turn| !self.is_turn(start, period, *turn)).unwrap_or(most);
            if turns >= FEWEST {
                loops.push(self.found(Part { start, length: period, turns }));
            }
            start += turns * period;
        }
    }

    /// Whether a turn of a loop is like the turn before it.
    fn is_turn(&self, start: usize, period: usize, turn: usize) -> bool {
        let after_first = turn == 1;
        (0..period).all(|reach| {
            let likeness = Likeness { period, start, reach, after_first, alone: true };
            self.is_like(start + turn * period + reach, &likeness)
        })
    }

    #[inline(always)]
    fn is_like(&self, slot: usize, likeness: &Likeness) -> bool {
        let (op, other) = (self.op(slot), self.op(slot - likeness.period));
        let Some(op) = op.filter(|op| Some(*op) == other) else { return false };
        with_args(self.code, slot, |args| {
            with_args(self.code, slot - likeness.period, |others| {
                let mut pairs = args.iter().zip(others).enumerate();
                args.len() == others.len()
                    && pairs.all(|(k, (x, y))| {
                        likeness.of_args(slot, *x, *y)
                            || likeness.of_sums(slot, *x, *y)
                                && adds_up(op, k)
                                && !(likeness.alone && self.uses[x.index()] != 1)
                    })
            })
        })
    }

    /// What a loop weighs.
    fn found(&self, part: Part) -> Found {
        let (mut weight, mut from_before) = (0.0, 0);
        for slot in part.start + part.length..part.start + 2 * part.length {
            with_args(self.code, slot, |args| {
                weight += 0.5 * args.len().max(2) as f64;
                from_before += args.iter().filter(|arg| arg.position() < part.start).count();
            });
        }
        Found { part, weight, from_before }
    }

    /// The first slot of a range at which turns may begin so that the fewest arguments are of
    /// another turn. Looks at the first turns only.
    fn phase(&self, range: &Range<usize>, period: usize) -> usize {
        let mut crossings = Crossings(vec![0; period + 1]);
        let likeness = Likeness::of_any_phase(period, range.start + period);
        for slot in (range.start + period..range.end).take(2 * FEWEST * period) {
            let offset = (slot - range.start) % period;
            let others = slot - period;
            with_args(self.code, slot, |args| {
                with_args(self.code, others, |others| {
                    for (x, y) in args.iter().zip(others).filter(|(x, _)| !x.is_constant()) {
                        let distance = slot - x.index();
                        if likeness.is_within(slot, *x, *y) {
                            crossings.add_within(offset, distance);
                        } else if distance != period && x.index() >= range.start {
                            crossings.add(0, x.index() - range.start);
                        }
                    }
                })
            });
        }
        crossings.fewest()
    }
}

impl Likeness {
    /// The likeness in a loop whose first turn begins less than a period before this slot.
    fn of_any_phase(period: usize, start: usize) -> Likeness {
        Likeness { period, start, reach: period - 1, after_first: true, alone: false }
    }

    /// Whether both arguments are constants, or of the turn in the same way, or before the loop.
    #[inline(always)]
    fn of_args(&self, slot: usize, x: Arg, y: Arg) -> bool {
        match (x.is_constant(), y.is_constant()) {
            (false, false) => {
                x.index() < self.start && y.index() < self.start || self.is_within(slot, x, y)
            }
            (x, y) => x && y,
        }
    }

    /// Whether both arguments, which are slots, are of the turn in the same way.
    #[inline(always)]
    fn is_within(&self, slot: usize, x: Arg, y: Arg) -> bool {
        slot - x.index() <= self.reach && x.index() == y.index() + self.period
    }

    /// Whether both arguments are what a sum has so far.
    #[inline(always)]
    fn of_sums(&self, slot: usize, x: Arg, y: Arg) -> bool {
        let begins = self.after_first && y.position() < self.start;
        x.position() + self.period == slot && (begins || y.position() + 2 * self.period == slot)
    }
}

/// For each phase, how many arguments are of another turn: as differences.
struct Crossings(Vec<i64>);

impl Crossings {
    /// Counts an argument for the phases from the first to the last of these.
    fn add(&mut self, first: usize, last: usize) {
        let end = self.0.len() - 1;
        self.0[first] += 1;
        self.0[(last + 1).min(end)] -= 1;
    }

    /// Counts an argument at a distance less than the period.
    fn add_within(&mut self, offset: usize, distance: usize) {
        if distance <= offset {
            self.add(offset - distance + 1, offset);
        } else {
            let period = self.0.len() - 1;
            self.add(0, offset);
            self.add(period + offset - distance + 1, period - 1);
        }
    }

    /// The first phase with the fewest.
    fn fewest(&self) -> usize {
        let period = self.0.len() - 1;
        let counts = self.0[..period].iter().scan(0, |sum, change| {
            *sum += change;
            Some(*sum)
        });
        counts.enumerate().min_by_key(|(_, count)| *count).map_or(0, |(phase, _)| phase)
    }
}

/// Whether a primitive adds its argument of this place to what else it has.
#[inline(always)]
fn adds_up(op: Op, place: usize) -> bool {
    op == Op::Add || op == Op::Sub && place == 0
}

/// Calls a function with the arguments of a slot.
#[inline(always)]
pub(super) fn with_args<R>(code: &Code, slot: usize, read: impl FnOnce(&[Arg]) -> R) -> R {
    let word = code.word(slot);
    match word.op().and_then(Op::arity) {
        Some(arity @ 1..=2) => read(&[code.arg(word, 2, 0), code.arg(word, 2, 1)][..arity]),
        _ => read(code.list(word)),
    }
}
