//! The quicker kind of recording: a number that stores the partials of what it computes, to be swept
//! down once. It must not know any primitive; what it can do beside that, the tape does.

mod raw;
mod var;

pub use var::QuickVar;

use crate::derive::Workspace;
use crate::op::Number;
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
/// the rounding of those products; at the edges of a domain it is the same. A slot takes 24 bytes, an
/// argument of an n-ary primitive 16.
#[derive(Default)]
pub struct QuickTape {
    slots: Growing<Slot>,
    lists: Growing<Edge>,
    inputs: Cell<u32>,
}

/// What flows into a slot, for one unit of adjoint where the edge begins.
#[derive(Clone, Copy)]
struct Edge {
    slot: u32,
    partial: f64,
}

/// The edges into a slot: its two, or if the first is `LIST`, where more of them stand.
#[derive(Clone, Copy)]
struct Slot {
    x: u32,
    y: u32,
    p: f64,
    q: f64,
}

/// No edge: past all slots.
const NONE: u32 = u32::MAX;

/// The edges are in the lists: from the number that is `y` on, as many as the bits of `p` say.
const LIST: u32 = u32::MAX - 1;

/// Most slots or entries of lists: less than half of what 32 bits can count, since room is made by
/// doubling, and the marks above are past them all.
const CAPACITY: usize = 1 << 30;

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
        (0..).zip(values).map(|(slot, value)| QuickVar::in_slot(self, slot, *value)).collect()
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        self.slots.get_mut().clear();
        self.lists.get_mut().clear();
        self.inputs.set(0);
    }

    /// Number of slots, inputs included.
    pub fn len(&self) -> usize {
        self.inputs.get() as usize + self.slots.len()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in use, adjoints apart.
    pub fn bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>() + self.lists.len() * size_of::<Edge>()
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
        let room = &mut workspace.real;
        let output = output.edge_on(self);
        let bars = room.unreached(output.map_or(0, |edge| edge.slot as usize + 1));
        if let (Some(edge), Some(bar)) = (output, bars.last_mut()) {
            *bar = bar.accumulate(1.0, edge.partial);
            let (slots, lists) = (self.slots.take(), self.lists.take());
            reverse(&slots, &lists, inputs, bars);
            self.slots.put_back(slots);
            self.lists.put_back(lists);
        }
        for (slot, bar) in (0..).zip(x_bar) {
            *bar = room.bar(slot);
        }
    }

    /// Two edges as one: to a new slot, unless both lead to the same.
    #[inline(always)]
    fn join(&self, x: Edge, y: Edge) -> Edge {
        if x.slot == y.slot {
            return Edge { slot: x.slot, partial: x.partial + y.partial };
        }
        Edge { slot: self.push(x, y), partial: 1.0 }
    }

    #[inline(always)]
    fn push(&self, x: Edge, y: Edge) -> u32 {
        let slot = Slot { x: x.slot, y: y.slot, p: x.partial, q: y.partial };
        self.slots.push(slot) as u32 + self.inputs.get()
    }

    /// A slot for what was appended to the lists since they were so long.
    fn close_list(&self, start: usize) -> Edge {
        let length = f64::from_bits((self.lists.len() - start) as u64);
        let list = Slot { x: LIST, y: start as u32, p: length, q: 0.0 };
        Edge { slot: self.slots.push(list) as u32 + self.inputs.get(), partial: 1.0 }
    }

    /// An edge by way of another: their partials are multiplied. Where that could lose digits, or make
    /// an infinity that a sweep would not meet, the first one gets a slot of its own.
    #[inline(always)]
    fn along(&self, edge: Edge, partial: f64) -> Edge {
        let product = edge.partial * partial;
        if is_ordinary(product) {
            return Edge { slot: edge.slot, partial: product };
        }
        Edge { slot: self.settle(edge.slot, edge.partial), partial }
    }

    /// The slot of an edge whose partial is 1, or else a new one.
    #[cold]
    #[inline(never)]
    fn settle(&self, slot: u32, partial: f64) -> u32 {
        if partial == 1.0 {
            return slot;
        }
        self.push(Edge { slot, partial }, Edge { slot: NONE, partial: 0.0 })
    }
}

/// Whether a product of partials has lost neither digits nor range: its size is from 2^-512 to 2^512.
#[inline(always)]
fn is_ordinary(x: f64) -> bool {
    const LEAST: u64 = (1023 - 512) << 53;
    (x.to_bits() << 1).wrapping_sub(LEAST) >> 63 == 0
}

/// Carries the adjoints down to the inputs. That of the slot just below is kept at hand: on a chain,
/// a load that waits for the store before it would be most of the time.
fn reverse(slots: &[Slot], lists: &[Edge], inputs: usize, bars: &mut [f64]) {
    let recorded = bars.len().saturating_sub(inputs);
    let Some(mut bar) = bars.last().copied().filter(|_| recorded > 0) else { return };
    for (k, slot) in slots[..recorded].iter().enumerate().rev() {
        let below = inputs + k - 1;
        let mut next = bars[below];
        if !bar.is_unreached() {
            let Slot { x, y, p, q } = *slot;
            if x as usize == below {
                next = next.accumulate(bar, p);
            } else if let Some(x_bar) = bars.get_mut(x as usize) {
                *x_bar = x_bar.accumulate(bar, p);
            } else {
                reverse_list(&lists[y as usize..][..p.to_bits() as usize], bar, bars);
                bar = bars[below];
                continue;
            }
            if y as usize == below {
                next = next.accumulate(bar, q);
            } else if let Some(y_bar) = bars.get_mut(y as usize) {
                *y_bar = y_bar.accumulate(bar, q);
            }
        }
        bar = next;
    }
    bars[inputs - 1] = bar;
}

#[inline(never)]
fn reverse_list(list: &[Edge], bar: f64, bars: &mut [f64]) {
    for edge in list {
        let x_bar = &mut bars[edge.slot as usize];
        *x_bar = x_bar.accumulate(bar, edge.partial);
    }
}

impl fmt::Debug for QuickTape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a quick tape ({} slots)", self.len())
    }
}
