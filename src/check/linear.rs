//! A tape linearized: every slot that an output depends on, with its arguments and their partials
//! as plain numbers, so that one can be changed and the gradient be asked for again. It must not
//! know what is asked of it.

use crate::derive::{Error, Workspace};
use crate::op::{Edges, ListRoom, Spare};
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind};
use crate::tape::guard::Guard;
use crate::tape::{Operand, Place, Slot, SlotKind, Tape};
use smallvec::SmallVec;
use std::cell::Cell;
use std::collections::HashMap;
use std::panic::Location;

/// An edge into a slot: which argument it is, what it is, its partial, and whether anything flows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) argument: usize,
    pub(crate) operand: Operand,
    pub(crate) value: f64,
    pub(crate) partial: f64,
    pub(crate) taken: bool,
}

impl Edge {
    /// The slot that it comes from; a constant has none.
    pub(crate) fn from(&self) -> Option<usize> {
        match self.operand {
            Operand::Slot(slot) => Some(slot),
            Operand::Constant(_) => None,
        }
    }
}

/// A slot of a linearized tape.
#[derive(Clone, Debug)]
pub(crate) struct LinearSlot {
    pub(crate) position: usize,
    pub(crate) kind: SlotKind,
    pub(crate) value: f64,
    pub(crate) edges: SmallVec<[Edge; 2]>,
    pub(crate) place: Option<&'static Location<'static>>,
}

/// A comparison that was recorded, with what it compared.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    pub(crate) guard: Guard,
    pub(crate) operands: [Operand; 2],
    pub(crate) values: [f64; 2],
}

/// The slots of a tape up to an output, and all comparisons on the tape.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    pub(crate) slots: Vec<LinearSlot>,
    pub(crate) inputs: Vec<usize>,
    pub(crate) compared: Vec<Compared>,
    /// The first slot that uses each slot.
    users: Vec<Option<u32>>,
    names: HashMap<u32, String>,
    /// Slots that sweeps have passed.
    swept: Cell<usize>,
}

/// Where a quantity of a recorded function is: enough to name it when the tape is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// Its position on the tape.
    pub slot: usize,
    /// Its first name, if it has one.
    pub name: Option<String>,
    /// The primitive that computes it; "input" for an input.
    pub primitive: String,
    /// Which input it is, counted from 0, if it is one.
    pub input: Option<usize>,
    /// Where it was recorded, if the tape remembers places.
    pub place: Option<Place>,
}

impl Site {
    /// Whether it is no input, and it is not known where it was recorded.
    pub(crate) fn is_unplaced(&self) -> bool {
        self.place.is_none() && self.input.is_none()
    }
}

/// Collects the edges of a primitive of fixed arity.
struct Collect<'a> {
    edges: &'a mut SmallVec<[Edge; 2]>,
}

impl Edges<f64> for Collect<'_> {
    fn arg<const K: usize>(&self, k: usize) -> f64 {
        self.edges[k].value
    }
    fn wants<const K: usize>(&self, _: usize) -> bool {
        true
    }
    fn flow<const K: usize>(&mut self, k: usize, partial: f64, taken: Option<f64>) {
        self.edges[k].taken = taken.is_none_or(|taken| taken > 0.0 || taken.is_nan());
        self.edges[k].partial = if taken.is_some_and(f64::is_nan) { f64::NAN } else { partial };
    }
}

impl Linear {
    /// The slots of the tape up to `last`.
    pub(crate) fn new(tape: &Tape, last: usize) -> Linear {
        Linear::first(tape, last + 1)
    }

    /// All slots of the tape.
    pub(crate) fn whole(tape: &Tape) -> Linear {
        Linear::first(tape, tape.len())
    }

    /// The first slots of the tape.
    fn first(tape: &Tape, count: usize) -> Linear {
        let core = tape.core.borrow();
        let slot = |k| linear_slot(&core.code, tape.slot(k));
        let slots: Vec<LinearSlot> = (0..count).map(slot).collect();
        let inputs = core.code.inputs().iter().map(|slot| *slot as usize).collect();
        let mut users = vec![None; slots.len()];
        for slot in slots.iter().rev() {
            let from = slot.edges.iter().filter_map(Edge::from);
            from.for_each(|from| users[from] = Some(slot.position as u32));
        }
        let compared = core.code.guards().iter().map(|guard| compared(&core.code, guard));
        let (compared, swept) = (compared.collect(), Cell::new(0));
        Linear { compared, slots, inputs, users, names: tape.labels(), swept }
    }

    /// A program that a slot runs, if it is a custom primitive that has one: linearized at the
    /// arguments of the slot, with the slot of its output, unless that is a constant.
    pub(crate) fn inner(&self, slot: usize) -> Option<(Linear, Option<usize>)> {
        let LinearSlot { kind: SlotKind::Custom(custom), edges, .. } = &self.slots[slot] else {
            return None;
        };
        let program = custom.program()?;
        let args: SmallVec<[f64; 4]> = edges.iter().map(|edge| edge.value).collect();
        // Where a comparison goes the other way, the custom primitive did not run this program.
        let tape = program.tape_at(&args).ok()?;
        let output = program.outputs.first().filter(|arg| !arg.is_constant());
        Some((Linear::whole(&tape), output.map(|arg| arg.index())))
    }

    /// The adjoint of every slot, where this slot's is 1, each partial being what `changed` makes of
    /// it: `None` where nothing is to flow.
    pub(crate) fn adjoints(
        &self,
        output: usize,
        changed: impl Fn(usize, &Edge) -> Option<f64>,
    ) -> Vec<f64> {
        self.swept.set(self.swept.get() + output + 1);
        let mut bars = vec![0.0; self.slots.len()];
        bars[output] = 1.0;
        for slot in (0..=output).rev() {
            let bar = bars[slot];
            if bar == 0.0 {
                continue;
            }
            for edge in &self.slots[slot].edges {
                if let (Some(from), Some(partial)) = (edge.from(), changed(slot, edge)) {
                    bars[from] += bar * partial;
                }
            }
        }
        bars
    }

    /// How many slots the sweeps so far have passed: a measure of a search that is the same in every
    /// run.
    pub(crate) fn swept(&self) -> usize {
        self.swept.get()
    }

    /// The derivatives in the inputs, out of those in all slots.
    pub(crate) fn of_inputs(&self, bars: &[f64]) -> Vec<f64> {
        self.inputs.iter().map(|slot| bars.get(*slot).copied().unwrap_or(0.0)).collect()
    }

    /// Which slots the output depends on along edges that are taken, itself included.
    pub(crate) fn reached_from(&self, output: usize) -> Vec<bool> {
        self.reached_from_all(&[output])
    }

    /// The same for several outputs.
    pub(crate) fn reached_from_all(&self, outputs: &[usize]) -> Vec<bool> {
        let mut reached = vec![false; self.slots.len()];
        outputs.iter().for_each(|output| reached[*output] = true);
        for slot in (0..self.slots.len()).rev() {
            if reached[slot] {
                let edges = self.slots[slot].edges.iter().filter(|edge| edge.taken);
                edges.filter_map(Edge::from).for_each(|from| reached[from] = true);
            }
        }
        reached
    }

    /// Which slots depend on this one, itself included.
    pub(crate) fn reached_by(&self, origin: usize) -> Vec<bool> {
        let mut reached = vec![false; self.slots.len().max(origin + 1)];
        reached[origin] = true;
        for slot in origin + 1..self.slots.len() {
            reached[slot] =
                self.slots[slot].edges.iter().filter_map(Edge::from).any(|k| reached[k]);
        }
        reached
    }

    /// Whether nothing flows into a slot from the variables among its arguments.
    pub(crate) fn is_piecewise_constant(&self, slot: usize) -> bool {
        let mut edges = self.slots[slot].edges.iter().filter(|edge| edge.from().is_some());
        matches!(self.slots[slot].kind, SlotKind::Op(_)) && edges.all(|edge| !edge.taken)
    }

    /// The first slot that uses this one.
    pub(crate) fn first_user(&self, slot: usize) -> Option<usize> {
        self.users[slot].map(|user| user as usize)
    }

    /// What names a slot when the tape is gone.
    pub(crate) fn site(&self, slot: usize) -> Site {
        let LinearSlot { kind, place, .. } = &self.slots[slot];
        let primitive = match kind {
            SlotKind::Input => "input",
            SlotKind::Op(op) => op.name(),
            SlotKind::Custom(custom) => custom.name(),
        };
        Site {
            slot,
            name: self.names.get(&(slot as u32)).cloned(),
            primitive: primitive.to_owned(),
            input: self.inputs.iter().position(|of| *of == slot),
            place: place.map(Place::from),
        }
    }
}

impl Program {
    /// The program as a tape that was recorded at `x`.
    #[track_caller]
    pub(crate) fn tape_at(&self, x: &[f64]) -> Result<Tape, Error> {
        let mut workspace = Workspace::new();
        self.run(&mut workspace.real, x.len(), |k| x[k])?;
        Ok(Tape::of(self, &workspace.real.values))
    }
}

fn compared(code: &Code, guard: &Guard) -> Compared {
    let operand = |arg: Arg| match code.term(arg) {
        Ok(slot) => (Operand::Slot(slot as usize), code.value(slot as usize)),
        Err(constant) => (Operand::Constant(constant), constant),
    };
    let [x, y] = [guard.x, guard.y].map(operand);
    Compared { guard: guard.clone(), operands: [x.0, y.0], values: [x.1, y.1] }
}

fn linear_slot(code: &Code, slot: Slot) -> LinearSlot {
    let value = |operand: &Operand| match operand {
        Operand::Slot(from) => code.value(*from),
        Operand::Constant(x) => *x,
    };
    let edge = |(argument, operand): (usize, &Operand)| {
        let value = value(operand);
        Edge { argument, operand: *operand, value, partial: 0.0, taken: true }
    };
    let mut edges: SmallVec<[Edge; 2]> = slot.args.iter().enumerate().map(edge).collect();
    let values: SmallVec<[f64; 4]> = edges.iter().map(|edge| edge.value).collect();
    match &slot.kind {
        SlotKind::Input => {}
        SlotKind::Op(op) if op.takes_list() => {
            let store = &mut |k: usize, partial| edges[k].partial = partial;
            op.partials_of_list(
                &values,
                slot.value,
                &mut Spare::new(),
                &mut ListRoom::default(),
                store,
            );
        }
        SlotKind::Op(op) => {
            op.partials_by(slot.value, Collect { edges: &mut edges });
        }
        SlotKind::Custom(custom) => {
            let mut partials = vec![0.0; values.len()];
            custom.partials(&values, slot.value, &mut partials);
            edges.iter_mut().zip(partials).for_each(|(edge, partial)| edge.partial = partial);
        }
    }
    debug_assert!(matches!(code.word(slot.position).kind(), Kind::Input) == edges.is_empty());
    let place = code.place(slot.position).filter(|place| is_told(place));
    LinearSlot { position: slot.position, kind: slot.kind, value: slot.value, edges, place }
}

/// Whether a place tells a reader anything: not one in the iterators of std or in this crate, where
/// sums are taken and programs replayed.
fn is_told(place: &Location<'_>) -> bool {
    let here = file!().trim_end_matches("check/linear.rs");
    let of_std = place.file().starts_with("/rustc/") || place.file().contains("/library/core/");
    !of_std && !place.file().starts_with(here)
}
