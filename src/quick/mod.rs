//! The quicker kind of recording: a number that stores the partials of what it computes, to be swept
//! down once. It must not know any primitive; what it can do beside that, the tape does.

mod var;

pub use var::QuickVar;

use crate::derive::Workspace;
use crate::op::Number;
use std::cell::RefCell;
use std::fmt;

/// A tape of partials: as quick as recording and one sweep can be, and good for nothing else. It
/// cannot be listed, replayed or frozen, and knows no names; the same code over
/// [`Number`](crate::Number) runs on it, and gives the same gradient to the last bit.
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
/// A slot takes 24 bytes; its argument of an n-ary primitive takes 16 more.
#[derive(Default)]
pub struct QuickTape {
    store: RefCell<Store>,
}

/// The edges into a slot: its first two, or if the first is `LIST`, where more of them stand.
#[derive(Clone, Copy)]
struct Slot {
    x: u32,
    y: u32,
    p: f64,
    q: f64,
}

/// No edge: past all slots.
const NONE: u32 = u32::MAX;

/// The edges are in the list: from the number that is `y` on, as many as the bits of `p` say.
const LIST: u32 = u32::MAX - 1;

/// Most slots, so that the marks above are past them all.
const CAPACITY: usize = LIST as usize;

#[derive(Default)]
struct Store {
    slots: Vec<Slot>,
    list: Vec<(u32, f64)>,
    inputs: usize,
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
        let store = &mut *self.store.borrow_mut();
        assert!(store.slots.is_empty(), "the inputs of a quick tape come first and at once");
        assert!(values.len() < CAPACITY, "the tape is full: {CAPACITY} slots are its limit");
        store.slots.resize(values.len(), Slot { x: NONE, y: NONE, p: 0.0, q: 0.0 });
        store.inputs = values.len();
        (0..).zip(values).map(|(slot, value)| QuickVar::new(self, slot, *value)).collect()
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        let store = self.store.get_mut();
        store.slots.clear();
        store.list.clear();
        store.inputs = 0;
    }

    /// Number of slots, inputs included.
    pub fn len(&self) -> usize {
        self.store.borrow().slots.len()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes in use, adjoints apart.
    pub fn bytes(&self) -> usize {
        let store = self.store.borrow();
        size_of_val(&*store.slots) + size_of_val(&*store.list)
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
        let store = self.store.borrow();
        assert_eq!(x_bar.len(), store.inputs, "length of the slice against the number of inputs");
        let room = &mut workspace.real;
        room.unreached(output.slot_on(self).map_or(0, |slot| slot as usize + 1));
        if let Some(bar) = room.bars.last_mut() {
            *bar = 1.0;
        }
        store.reverse(&mut room.bars);
        for (slot, bar) in (0..).zip(x_bar) {
            *bar = room.bar(slot);
        }
    }

    /// Appends a slot with up to two edges.
    #[inline]
    fn push(&self, edges: [(u32, f64); 2]) -> u32 {
        let slots = &mut self.store.borrow_mut().slots;
        let slot = slots.len();
        let [(x, p), (y, q)] = edges;
        slots.push(Slot { x, y, p, q });
        assert!(slot < CAPACITY, "the tape is full: {CAPACITY} slots are its limit");
        slot as u32
    }

    /// Appends a slot with any number of edges.
    fn push_list(&self, edges: impl Iterator<Item = (u32, f64)>) -> u32 {
        let start = {
            let list = &mut self.store.borrow_mut().list;
            let start = list.len();
            list.extend(edges);
            assert!(
                list.len() < CAPACITY,
                "the tape is full: {CAPACITY} list entries are its limit"
            );
            (start as u32, f64::from_bits((list.len() - start) as u64))
        };
        self.push([(LIST, start.1), (start.0, 0.0)])
    }
}

impl Store {
    /// Carries the adjoints down to the inputs.
    fn reverse(&self, bars: &mut [f64]) {
        let slots = &self.slots[..bars.len()];
        for slot in (self.inputs.min(bars.len())..bars.len()).rev() {
            let (bar, Slot { x, y, p, q }) = (bars[slot], slots[slot]);
            if bar.is_unreached() {
                continue;
            }
            if let Some(x_bar) = bars.get_mut(x as usize) {
                *x_bar = x_bar.accumulate(bar, p);
            } else if x == LIST {
                self.reverse_list(y as usize, p.to_bits() as usize, bar, bars);
                continue;
            }
            if let Some(y_bar) = bars.get_mut(y as usize) {
                *y_bar = y_bar.accumulate(bar, q);
            }
        }
    }

    fn reverse_list(&self, start: usize, length: usize, bar: f64, bars: &mut [f64]) {
        for (x, p) in &self.list[start..start + length] {
            let x_bar = &mut bars[*x as usize];
            *x_bar = x_bar.accumulate(bar, *p);
        }
    }
}

impl fmt::Debug for QuickTape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a quick tape ({} slots)", self.len())
    }
}
