//! Where lanes find their numbers and where they leave them. It must not know instructions.

use super::packs::Pack;
use super::raw;
use std::cell::Cell;

/// What a number is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// The point; its adjoints are the gradient.
    Point,
    /// What parts of a program leave for one another, and its adjoints.
    Cells,
    /// Constants that differ from turn to turn. They have no adjoints.
    Constants,
    /// The values of outputs. They have no adjoints.
    Outputs,
}

/// Where in its space each turn has its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// In the same place.
    Same { at: u32 },
    /// At equal distances.
    Stride { at: u32, step: i32 },
    /// Where a table says, from here on.
    Table { from: u32 },
}

impl Access {
    /// The place of a turn.
    #[inline(always)]
    pub(crate) fn index(self, tables: &[u32], turn: usize) -> usize {
        match self {
            Access::Same { at } => at as usize,
            Access::Stride { at, step } => (i64::from(at) + i64::from(step) * turn as i64) as usize,
            Access::Table { from } => tables[from as usize + turn] as usize,
        }
    }
}

/// A space and an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) space: Space,
    pub(crate) access: Access,
}

impl Place {
    /// Whether turns find inputs there that do not stand one behind another.
    pub(crate) fn is_scattered_input(&self) -> bool {
        let together = matches!(self.access, Access::Same { .. } | Access::Stride { step: 1, .. });
        self.space == Space::Point && !together
    }
}

/// All numbers that lanes read and write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory<'a> {
    pub(crate) point: &'a [f64],
    pub(crate) constants: &'a [f64],
    pub(crate) tables: &'a [u32],
    pub(crate) cells: &'a [Cell<f64>],
    pub(crate) outputs: &'a [Cell<f64>],
    /// Adjoints of the point.
    pub(crate) slopes: &'a [Cell<f64>],
    /// Adjoints of the cells.
    pub(crate) bars: &'a [Cell<f64>],
}

/// Some turns: the first of them, and how many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) first: usize,
    pub(super) count: usize,
}

impl Stretch {
    /// The first turn alone.
    pub(super) const ONE: Stretch = Stretch { first: 0, count: 1 };
}

/// Numbers that can be read one by one, or several at equal distances.
trait Source {
    fn length(&self) -> usize;
    fn one(&self, k: usize) -> f64;
    fn spaced<P: Pack>(&self, first: usize, step: usize) -> P;
}

impl Source for [f64] {
    #[inline(always)]
    fn length(&self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn one(&self, k: usize) -> f64 {
        self[k]
    }
    #[inline(always)]
    fn spaced<P: Pack>(&self, first: usize, step: usize) -> P {
        raw::read(self, first, step)
    }
}

impl Source for [Cell<f64>] {
    #[inline(always)]
    fn length(&self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn one(&self, k: usize) -> f64 {
        self[k].get()
    }
    #[inline(always)]
    fn spaced<P: Pack>(&self, first: usize, step: usize) -> P {
        raw::read_cells(self, first, step)
    }
}

impl<'a> Memory<'a> {
    /// The place of each turn in its space.
    #[inline(always)]
    fn index(&self, access: Access) -> impl Fn(usize) -> usize + 'a {
        let tables = self.tables;
        move |turn| access.index(tables, turn)
    }

    /// Reads the values of turns. Lanes past the last of them get what stands there, or its value.
    #[inline(never)]
    pub(super) fn load<P: Pack>(&self, place: Place, turns: Stretch, to: &[Cell<P>]) {
        match place.space {
            Space::Point => self.read(self.point, place.access, turns, to),
            Space::Constants => self.read(self.constants, place.access, turns, to),
            Space::Cells => self.read(self.cells, place.access, turns, to),
            Space::Outputs => self.read(self.outputs, place.access, turns, to),
        }
    }

    /// Reads the adjoints that have arrived.
    #[inline(never)]
    pub(super) fn load_bars<P: Pack>(&self, place: Place, turns: Stretch, to: &[Cell<P>]) {
        self.read(self.adjoints(place.space), place.access, turns, to);
    }

    #[inline(always)]
    fn adjoints(&self, space: Space) -> &'a [Cell<f64>] {
        match space {
            Space::Point => self.slopes,
            Space::Cells => self.bars,
            Space::Constants | Space::Outputs => &[],
        }
    }

    #[inline(always)]
    fn read<S: Source + ?Sized, P: Pack>(
        &self,
        from: &S,
        access: Access,
        turns: Stretch,
        to: &[Cell<P>],
    ) {
        match access {
            Access::Same { at } => {
                let number = P::all(from.one(at as usize));
                to.iter().for_each(|pack| pack.set(number));
            }
            Access::Stride { at, step } if step > 0 => {
                let step = step as usize;
                let first = at as usize + turns.first * step;
                for (pack, k) in to.iter().zip((0..turns.count).step_by(P::WIDTH)) {
                    let last = first + (k + P::WIDTH - 1) * step;
                    pack.set(match last < from.length() {
                        true if step == 1 => from.spaced(first + k, 1),
                        true => from.spaced(first + k * step, step),
                        false => gather(from, k, turns.count, |lane| first + lane * step),
                    });
                }
            }
            _ => {
                let index = self.index(access);
                for (pack, k) in to.iter().zip((0..turns.count).step_by(P::WIDTH)) {
                    pack.set(gather(from, k, turns.count, |lane| index(turns.first + lane)));
                }
            }
        }
    }

    /// Writes the values of turns.
    #[inline(never)]
    pub(super) fn store<P: Pack>(&self, place: Place, turns: Stretch, from: &[Cell<P>]) {
        let to = if place.space == Space::Outputs { self.outputs } else { self.cells };
        self.write(to, place.access, turns, from, |_, new| new);
    }

    /// Writes the adjoints of turns.
    #[inline(never)]
    pub(super) fn store_bars<P: Pack>(&self, place: Place, turns: Stretch, from: &[Cell<P>]) {
        self.write(self.adjoints(place.space), place.access, turns, from, |_, new| new + 0.0);
    }

    /// Adds to the adjoints. Where turns share a place their sum is added.
    #[inline(never)]
    pub(super) fn add_bars<P: Pack>(&self, place: Place, turns: Stretch, from: &[Cell<P>]) {
        let to = self.adjoints(place.space);
        if let Access::Same { at } = place.access {
            let bar = &to[at as usize];
            return bar.set(bar.get() + sum(from, turns.count));
        }
        self.write(to, place.access, turns, from, |old, new| old + new);
    }

    #[inline(always)]
    fn write<P: Pack>(
        &self,
        to: &[Cell<f64>],
        access: Access,
        turns: Stretch,
        from: &[Cell<P>],
        join: impl Fn(f64, f64) -> f64,
    ) {
        let index = self.index(access);
        for (pack, k) in from.iter().zip((0..turns.count).step_by(P::WIDTH)) {
            let (pack, count) = (pack.get(), (turns.count - k).min(P::WIDTH));
            let (first, full) = (turns.first + k, count == P::WIDTH);
            match access {
                Access::Stride { at, step: 1 } if at as usize + first + P::WIDTH <= to.len() => {
                    let keep = |lane, old, new| if lane < count { join(old, new) } else { old };
                    raw::write(to, at as usize + first, 1, pack, keep);
                }
                Access::Stride { at, step } if step > 1 && full => {
                    let step = step as usize;
                    let join = |_, old, new| join(old, new);
                    raw::write(to, at as usize + first * step, step, pack, join);
                }
                _ => {
                    for (lane, number) in pack.lanes()[..count].iter().enumerate() {
                        let to = &to[index(first + lane)];
                        to.set(join(to.get(), *number));
                    }
                }
            }
        }
    }
}

/// The numbers of neighbouring lanes, one by one. Lanes past the last get what that one gets.
#[inline(always)]
fn gather<S: Source + ?Sized, P: Pack>(
    from: &S,
    first: usize,
    count: usize,
    index: impl Fn(usize) -> usize,
) -> P {
    P::make(|lane| from.one(index((first + lane).min(count - 1))))
}

/// The sum of the first numbers, several at once. That of nothings is nothing.
#[inline(always)]
pub(super) fn sum<P: Pack>(from: &[Cell<P>], count: usize) -> f64 {
    let sums = add_up(P::all(-0.0), from, count);
    let lanes = sums.lanes();
    let mut width = lanes.len();
    let mut halves = [-0.0; 8];
    halves[..width].copy_from_slice(lanes);
    while width > 1 {
        width /= 2;
        (0..width).for_each(|k| halves[k] += halves[k + width]);
    }
    halves[0]
}

/// Adds the first numbers to as many sums as a pack has lanes.
#[inline(always)]
pub(super) fn add_up<P: Pack>(sums: P, from: &[Cell<P>], count: usize) -> P {
    let mut sums = sums;
    for (k, pack) in from.iter().enumerate() {
        let (pack, before, count) = (pack.get(), sums, count.saturating_sub(k * P::WIDTH));
        sums = P::make(|lane| {
            before.lanes()[lane] + if lane < count { pack.lanes()[lane] } else { -0.0 }
        });
    }
    sums
}
