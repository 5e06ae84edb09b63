//! A tape as its readers see it, slot by slot. It must not change anything.

use super::Tape;
use crate::custom::Custom;
use crate::op::Op;
use crate::program::Program;
use crate::tape::code::{Arg, Kind};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A slot, for reading.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its position.
    pub position: usize,
    /// What it is.
    pub kind: SlotKind,
    /// Its arguments, in order.
    pub args: SmallVec<[Operand; 2]>,
    /// Its value.
    pub value: f64,
}

/// What a slot is.
#[derive(Clone)]
pub enum SlotKind {
    /// An input.
    Input,
    /// A primitive of the table.
    Op(Op),
    /// A primitive of the user's own.
    Custom(Arc<dyn Custom>),
}

/// An argument of a slot, for reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    /// An earlier slot.
    Slot(usize),
    /// A constant.
    Constant(f64),
}

impl Tape {
    /// A slot, for reading.
    ///
    /// # Panics
    /// If the tape is not so long.
    #[track_caller]
    pub fn slot(&self, position: usize) -> Slot {
        let core = self.core.borrow();
        assert!(position < core.code.len(), "slot {position} of {self:?}, counted from 0");
        let word = core.code.word(position);
        let kind = match word.kind() {
            Kind::Input => SlotKind::Input,
            Kind::Op(op) => SlotKind::Op(op),
            Kind::Custom => SlotKind::Custom(core.code.custom(word).clone()),
        };
        let read = |arg: &Arg| match arg.is_constant() {
            true => Operand::Constant(core.code.constant(*arg)),
            false => Operand::Slot(arg.index()),
        };
        let args = core.code.all_args(position).iter().map(read).collect();
        Slot { position, kind, args, value: core.code.value(position) }
    }

    /// A program as a tape, with these values in its slots, for those who read tapes.
    pub(crate) fn of(program: &Program, values: &[f64]) -> Tape {
        let mut tape = Tape::new();
        let core = tape.core.get_mut();
        core.code = program.code.clone();
        core.code.set_values(values);
        for (name, slot) in &program.names {
            let _first_holder = core.names.insert(name, *slot); // of a name that a save gives twice
        }
        tape
    }

    /// Full names and their slots, in the order in which the names were given.
    pub fn names(&self) -> Vec<(String, usize)> {
        let core = self.core.borrow();
        core.names.iter().map(|(name, slot)| (name.to_owned(), slot as usize)).collect()
    }

    /// The first name of each slot that has one.
    pub(crate) fn labels(&self) -> HashMap<u32, String> {
        let core = self.core.borrow();
        core.names.iter().rev().map(|(name, slot)| (slot, name.to_owned())).collect()
    }
}

impl fmt::Debug for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SlotKind::Input => write!(f, "Input"),
            SlotKind::Op(op) => write!(f, "{op:?}"),
            SlotKind::Custom(custom) => write!(f, "Custom({})", custom.name()),
        }
    }
}
