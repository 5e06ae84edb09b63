//! The quicker kind of recording: a number that stores the partials of what it computes, to be swept
//! down once. It must not know any primitive; what it can do beside that, the tape does.

/// A method that is called seldom, from the middle of arithmetic. By the usual convention of x86-64 a
/// call loses all floating-point registers, so that loops around one that is hardly ever made would
/// keep their numbers in memory. That of Windows keeps ten; it takes plain numbers to have any use.
macro_rules! seldom {
    ($(#[$doc:meta])* fn $name:ident $args:tt -> $result:ty { $($body:tt)* }) => {
        $(#[$doc])*
        #[cold]
        #[inline(never)]
        #[cfg(target_arch = "x86_64")]
        extern "win64-unwind" fn $name $args -> $result { $($body)* }

        $(#[$doc])*
        #[cold]
        #[inline(never)]
        #[cfg(not(target_arch = "x86_64"))]
        fn $name $args -> $result { $($body)* }
    };
}

mod list;
mod raw;
mod var;

pub use var::QuickVar;

use crate::derive::Workspace;
use crate::op::{Number, UNREACHED};
use raw::Growing;
use std::cell::Cell;
use std::fmt;

/// A tape of partials: as quick as recording and one sweep can be, and good for nothing else. It
/// cannot be listed, replayed or frozen, and knows no names; the same code over
/// [`Number`](crate::Number) runs on it.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::QuickTape;
///
/// fn f<N: Number>(x: &[N]) -> N {
///     x[0] * x[1].sin() + x[0].square()
/// }
/// let mut tape = QuickTape::new();
/// let mut workspace = Workspace::new();
/// let mut gradient = [0.0; 2];
/// for point in [[1.0, 0.0], [2.0, 0.0]] {
///     tape.clear();
///     let y = f(&tape.inputs(&point));
///     tape.gradient_into(y, &mut gradient, &mut workspace);
///     assert_eq!(gradient, [2.0 * point[0], point[0]]);
/// }
/// ```
///
/// A variable is a slot times a factor: what has a single variable argument multiplies the factor by
/// its partial, and takes no slot. So a gradient may differ from that of a [`Tape`](crate::Tape) by
/// the rounding of those products, and where partials to the same slot are added before an infinite
/// factor meets them. An edge that the program of a custom primitive did not take counts as 0. An entry
/// takes 28 bytes; what is added to the slot before takes none. An argument of an n-ary primitive takes 8,
/// and so does each run of them in slots at one distance.
#[derive(Default)]
pub struct QuickTape {
    entries: Growing<Entry>,
    lists: Growing<u64>,
    inputs: Cell<u32>,
    slots: Cell<u32>,
    /// The last slot, while something may be added to it in its entry.
    open: Cell<u32>,
    /// Whether a partial is infinite or NaN.
    wild: Cell<bool>,
}

/// What flows into a slot, for one unit of adjoint where the edge begins.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
struct Edge {
    partial: f64,
    slot: u32,
}

/// The edges into a slot: its two, or if the first is `LIST`, where more of them stand. Where `plus`
/// is a slot, one more slot follows: the sum of the two.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
struct Entry {
    p: f64,
    q: f64,
    x: u32,
    y: u32,
    plus: u32,
}

/// No edge: past all slots.
const NONE: u32 = u32::MAX;

/// The edges are in the lists: from the word that is number `y` on, as many as the bits of `p` say.
const LIST: u32 = u32::MAX - 1;

/// Most inputs, entries, or words in lists: an eighth of what 32 bits can count, since room is made by
/// doubling, an entry may have two slots, and the marks above are past them all.
const CAPACITY: usize = 1 << 29;

fn check_length(length: usize) {
    assert!(length <= CAPACITY, "the tape is full: {CAPACITY} entries are its limit");
}

impl QuickTape {
    /// An empty tape.
    pub fn new() -> QuickTape {
        QuickTape::default()
    }

    /// Declares the inputs.
    ///
    /// # Panics
    /// If anything is recorded already: inputs come first and at once.
    pub fn inputs(&self, values: &[f64]) -> Vec<QuickVar<'_>> {
        assert!(self.is_empty(), "the inputs of a quick tape come first and at once");
        assert!(values.len() <= CAPACITY, "the tape is full: {CAPACITY} inputs are its limit");
        self.inputs.set(values.len() as u32);
        self.slots.set(values.len() as u32);
        self.open.set(NONE);
        (0..).zip(values).map(|(slot, value)| QuickVar::in_slot(self, slot, *value)).collect()
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.lists.clear();
        self.inputs.set(0);
        self.slots.set(0);
        self.wild.set(false);
    }

    /// Number of slots, inputs included.
    pub fn len(&self) -> usize {
        self.slots.get() as usize
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in use, adjoints apart.
    pub fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.lists.len() * size_of::<u64>()
    }

    /// Writes the derivatives of `output` in all inputs; zeros if it is a constant.
    ///
    /// # Panics
    /// If `output` is a variable of another tape, or the slice is not as long as the inputs.
    #[track_caller]
    pub fn gradient_into(
        &self,
        output: QuickVar<'_>,
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) {
        let inputs = self.inputs.get() as usize;
        assert_eq!(x_bar.len(), inputs, "length of the slice against the number of inputs");
        let Some(output) = output.edge_on(self) else { return x_bar.fill(0.0) };
        let (entries, lists) = (self.entries.take(), self.lists.take());
        let (count, slots) = up_to(output.slot, &entries, self.slots.get());
        let mut bars = std::mem::take(&mut workspace.quick);
        if bars.len() < slots {
            bars.resize(slots, UNREACHED);
        }
        bars[output.slot as usize] = 0.0 + output.partial;
        let sweep = if self.wild.get() { reverse::<true> } else { reverse::<false> };
        sweep(&entries[..count], &lists, &mut bars[..slots]);
        for (x_bar, bar) in x_bar.iter_mut().zip(&mut bars) {
            *x_bar = std::mem::replace(bar, UNREACHED) + 0.0;
        }
        workspace.quick = bars;
        self.entries.put_back(entries);
        self.lists.put_back(lists);
    }

    /// What is reached by way of two edges, with these partials: a new slot, unless both lead to the
    /// same. If they are 1 or -1 whatever the arguments (`UNIT`), no product can go wrong.
    #[inline(always)]
    fn join<const UNIT: bool>(&self, x: Edge, y: Edge, [p, q]: [f64; 2]) -> Edge {
        let (p_along, q_along) = (x.partial * p, y.partial * q);
        if UNIT || (is_ordinary(p_along) && is_ordinary(q_along)) {
            if x.slot == y.slot {
                let partial = p_along + q_along;
                if is_ordinary(partial) || partial == 0.0 {
                    return Edge { slot: x.slot, partial };
                }
            } else if UNIT && p_along == 1.0 && q_along == 1.0 && self.add_to_last(x.slot, y.slot) {
                return Edge { slot: self.next_slot(), partial: 1.0 };
            }
            let entry = Entry { p: p_along, q: q_along, x: x.slot, y: y.slot, plus: NONE };
            if self.entries.push_within(entry) {
                return Edge { slot: self.open_slot(), partial: 1.0 };
            }
        }
        let slot = self.join_apart(x.slot, y.slot, x.partial, y.partial, p, q);
        Edge { slot, partial: 1.0 }
    }

    seldom! {
        /// The same where a product is not ordinary, or there is no room left.
        fn join_apart(&self, x: u32, y: u32, f: f64, g: f64, p: f64, q: f64) -> u32 {
            let x = self.along::<false>(Edge { slot: x, partial: f }, p);
            let y = self.along::<false>(Edge { slot: y, partial: g }, q);
            self.push(x, y)
        }
    }

    /// Makes the last slot a term of a sum that comes right behind it, if one of the two is the last
    /// and is no such sum itself. It stays what it is: the sum is another slot.
    #[inline(always)]
    fn add_to_last(&self, x: u32, y: u32) -> bool {
        let open = self.open.get();
        if y != open && x != open {
            return false;
        }
        let plus = if y == open { x } else { y };
        self.entries.update_last(|entry| Entry { plus, ..entry });
        self.open.set(NONE);
        true
    }

    fn push(&self, x: Edge, y: Edge) -> u32 {
        let (p, q) = (x.partial, y.partial);
        self.entries.push(Entry { p, q, x: x.slot, y: y.slot, plus: NONE });
        self.open_slot()
    }

    /// The slot of the entry just made.
    #[inline(always)]
    fn open_slot(&self) -> u32 {
        let slot = self.next_slot();
        self.open.set(slot);
        slot
    }

    #[inline(always)]
    fn next_slot(&self) -> u32 {
        let slot = self.slots.get();
        self.slots.set(slot + 1);
        slot
    }

    /// A slot for what was appended to the lists since they were so long.
    fn close_list(&self, start: usize) -> Edge {
        check_length(self.lists.len());
        let length = f64::from_bits((self.lists.len() - start) as u64);
        let list = Entry { p: length, q: 0.0, x: LIST, y: start as u32, plus: NONE };
        self.entries.push(list);
        Edge { slot: self.open_slot(), partial: 1.0 }
    }

    /// An edge by way of another: their partials are multiplied. Where that could lose digits, or make
    /// an infinity that a sweep would not meet, the first one gets a slot of its own.
    #[inline(always)]
    fn along<const UNIT: bool>(&self, edge: Edge, partial: f64) -> Edge {
        let product = edge.partial * partial;
        if UNIT || is_ordinary(product) {
            return Edge { slot: edge.slot, partial: product };
        }
        let slot = self.apart(edge.slot, edge.partial, partial);
        Edge { slot, partial: if slot == edge.slot { product } else { partial } }
    }

    seldom! {
        /// The same where the product is not ordinary. One with 1, or that is exactly
        /// 0, has lost nothing. A slot that is the same means that the product is to be kept.
        fn apart(&self, slot: u32, factor: f64, partial: f64) -> u32 {
            let product = factor * partial;
            if partial.abs() == 1.0 || product == 0.0 && (factor == 0.0 || partial == 0.0) {
                return slot;
            }
            if !partial.is_finite() {
                self.wild.set(true);
            }
            if factor == 1.0 {
                return slot;
            }
            let edge = Edge { slot, partial: factor };
            self.push(edge, Edge { slot: NONE, partial: 0.0 })
        }
    }
}

/// Whether a product of partials has lost neither digits nor range: its size is from 2^-511 to 2^513,
/// where the two highest bits of an exponent differ.
#[inline(always)]
fn is_ordinary(x: f64) -> bool {
    let exponent_first = (x.to_bits() << 1) as i64;
    exponent_first.overflowing_add(exponent_first).1
}

/// How many entries make the slots up to `output`, and how many slots these have, inputs included.
fn up_to(output: u32, entries: &[Entry], slots: u32) -> (usize, usize) {
    let mut slots = slots;
    let above = |entry: &&Entry| {
        let first = slots - 1 - u32::from(entry.plus != NONE);
        if first > output {
            slots = first;
        }
        first > output
    };
    let unused = entries.iter().rev().take_while(above).count();
    (entries.len() - unused, slots as usize)
}

/// Adds what flows along an edge, if its end was reached. If no partial is infinite or NaN, it does not
/// matter whether an adjoint of zero was.
#[inline(always)]
fn flow<const WILD: bool>(x_bar: &mut f64, bar: f64, partial: f64) {
    if !WILD {
        *x_bar += bar * partial;
    } else if !bar.is_unreached() {
        *x_bar = x_bar.accumulate(bar, partial);
    }
}

/// Carries the adjoints down to the inputs, and leaves those of all other slots unreached, for the next
/// sweep. That of the slot just below is kept at hand: on a chain, a load that waits for the store
/// before it would be most of the time.
fn reverse<const WILD: bool>(entries: &[Entry], lists: &[u64], bars: &mut [f64]) {
    let Some((last, mut below)) = bars.split_last_mut() else { return };
    let mut next = std::mem::replace(last, UNREACHED);
    for entry in entries.iter().rev() {
        let Entry { p, q, x, y, plus } = *entry;
        let (sum, mut bar) = (next, next);
        if plus != NONE {
            let Some((last, rest)) = below.split_last_mut() else { return };
            (bar, below) = (std::mem::replace(last, UNREACHED), rest);
            flow::<WILD>(&mut bar, sum, 1.0);
        }
        let Some((last, rest)) = below.split_last_mut() else { return };
        (next, below) = (std::mem::replace(last, UNREACHED), rest);
        if plus != NONE {
            next = flow_down::<WILD>(next, below, plus, sum, 1.0);
        }
        if x == LIST {
            let list = &lists[y as usize..][..p.to_bits() as usize];
            next = list::flow_to_list::<WILD>(next, below, list, bar);
        } else {
            next = flow_down::<WILD>(next, below, x, bar, p);
            next = flow_down::<WILD>(next, below, y, bar, q);
        }
    }
    let slot = below.len();
    bars[slot] = next;
}

/// Adds what flows along an edge, if there is one: to `next` if that is its end, or else to one of
/// those below. Returns what `next` is then.
#[inline(always)]
fn flow_down<const WILD: bool>(
    mut next: f64,
    below: &mut [f64],
    slot: u32,
    bar: f64,
    partial: f64,
) -> f64 {
    if let Some(x_bar) = below.get_mut(slot as usize) {
        flow::<WILD>(x_bar, bar, partial);
    } else if slot as usize == below.len() {
        flow::<WILD>(&mut next, bar, partial);
    }
    next
}

impl fmt::Debug for QuickTape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a quick tape ({} slots)", self.len())
    }
}
