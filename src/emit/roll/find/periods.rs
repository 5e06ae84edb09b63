//! Guesses at what distances a program repeats itself. It must not know whether it then does.

use super::free::Free;
use super::turns::Reader;
use super::{FEWEST, turns};
use std::ops::Range;

/// How many periods are tried in a search.
const TRIED: usize = 16;

/// A period is tried if its weight is at least this part of the largest.
const LIGHTEST: u64 = 256;

/// Distances of arguments that are told apart in a signature.
const NEAR: usize = 64;

/// Arguments of a list that are looked at.
const LOOKED_AT: usize = 8;

/// So many slots behind one another have the same distance before it counts.
const IN_A_ROW: usize = 4;

/// Distances from a signature to the last that was equal, for single slots and for runs of eight.
struct Distances {
    /// For each distance, how many turns it had, about.
    turns: Vec<u32>,
    single: Seen,
    eight: Seen,
}

/// Where signatures came last.
struct Seen {
    /// For each hash, 32 bits of it and 32 bits of the place.
    places: Vec<u64>,
    row: Row,
}

/// Slots behind one another whose signatures came last at the same distance.
#[derive(Default)]
struct Row {
    distance: usize,
    length: usize,
    /// The length at which there is another turn.
    turn: usize,
}

impl Seen {
    fn new(slots: usize) -> Seen {
        let places = vec![u64::MAX; slots.next_power_of_two().clamp(1 << 8, 1 << 17)];
        Seen { places, row: Row::default() }
    }

    /// Notes the hash at a slot; gives the slot where it was noted last, if it is still known.
    fn note(&mut self, hash: u64, slot: usize) -> Option<usize> {
        let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = (mixed ^ mixed >> 32) as usize & (self.places.len() - 1);
        let last = std::mem::replace(&mut self.places[place], mixed >> 32 << 32 | slot as u64);
        (last != u64::MAX && last >> 32 == mixed >> 32).then_some(last as u32 as usize)
    }

    /// Notes the hash at a slot; gives the distance to where it was noted last, not before `start`,
    /// if a turn of that length begins to repeat itself here.
    fn turn(&mut self, hash: u64, slot: usize, start: usize) -> Option<usize> {
        let last = self.note(hash, slot).filter(|last| *last >= start)?;
        let distance = slot - last;
        if distance != self.row.distance {
            self.row = Row { distance, length: 0, turn: IN_A_ROW };
        }
        let row = &mut self.row;
        row.length += 1;
        let is_turn = row.length == row.turn;
        row.turn += if is_turn { distance } else { 0 };
        is_turn.then_some(distance)
    }
}

/// The periods at which what is free repeats itself most, longest first.
pub(super) fn periods(reader: &Reader<'_>, free: &Free) -> Vec<usize> {
    let longest = free.iter().map(|range| range.len()).max().unwrap_or(0);
    let mut distances = Distances {
        turns: vec![0; longest / FEWEST + 1],
        single: Seen::new(longest),
        eight: Seen::new(longest),
    };
    free.iter().filter(|range| range.len() > FEWEST).for_each(|r| distances.read(reader, r));
    distances.heaviest()
}

impl Distances {
    fn read(&mut self, reader: &Reader<'_>, range: Range<usize>) {
        let (mut hash, mut known) = (0, 0);
        for slot in range.clone() {
            let Some(signature) = signature(reader, slot) else {
                known = 0;
                continue;
            };
            hash = (hash << 8) ^ signature;
            known += 1;
            let single = self.single.turn(signature, slot, range.start);
            self.count(single);
            if known >= 8 {
                let eight = self.eight.turn(hash, slot, range.start);
                self.count(eight);
            }
        }
    }

    fn count(&mut self, distance: Option<usize>) {
        if let Some(turns) = distance.and_then(|distance| self.turns.get_mut(distance)) {
            *turns += 1;
        }
    }

    fn heaviest(&self) -> Vec<usize> {
        let mut heaviest: Vec<(u64, usize)> = Vec::new();
        let enough = |(_, turns): &(usize, &u32)| **turns as usize + 1 >= FEWEST;
        for (period, turns) in self.turns.iter().enumerate().filter(enough) {
            let weight = period as u64 * u64::from(*turns);
            let place = heaviest.partition_point(|(other, _)| *other >= weight);
            if place < TRIED {
                heaviest.truncate(TRIED - 1);
                heaviest.insert(place, (weight, period));
            }
        }
        let least = heaviest.first().map_or(0, |(weight, _)| weight / LIGHTEST);
        let tried = heaviest.into_iter().filter(|(weight, _)| *weight >= least);
        let mut periods: Vec<usize> = tried.map(|(_, period)| period).collect();
        periods.sort_unstable_by(|x, y| y.cmp(x));
        periods
    }
}

/// What tells a slot from others wherever it stands: its primitive, how many arguments it has, and
/// of each whether it is a constant, a slot at what distance, or else an input or far away. None if
/// it cannot be in a loop.
fn signature(reader: &Reader<'_>, slot: usize) -> Option<u64> {
    let op = reader.op(slot)?;
    let mut signature = op as u64 + 1;
    turns::with_args(reader.code, slot, |args| {
        signature = mix(signature, args.len());
        for arg in args.iter().take(LOOKED_AT) {
            let class = match arg.index() {
                _ if arg.is_constant() => 0,
                of if slot - of <= NEAR && reader.op(of).is_some() => 1 + slot - of,
                _ => NEAR + 2,
            };
            signature = mix(signature, class);
        }
    });
    Some(signature ^ signature >> 32)
}

fn mix(hash: u64, x: usize) -> u64 {
    (hash.rotate_left(17) ^ x as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}
