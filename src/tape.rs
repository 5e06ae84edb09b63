//! The tape: what was recorded, the values on the way, and the names given. It must not know sweeps
//! or derivatives; nothing changes a tape but recording.

pub(crate) mod code;
pub(crate) mod guard;
mod inputs;
mod names;
mod places;
mod read;

pub use guard::{Comparison, Place};
pub use inputs::Scope;
pub use read::{Operand, Slot, SlotKind};

use crate::custom::Custom;
use crate::op::Op;
use crate::program::Program;
use crate::var::Var;
use code::{Arg, Code, Extent};
use names::Names;
use smallvec::SmallVec;
use std::cell::RefCell;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::Arc;

/// A Wengert list: one flat program, arguments before uses, recorded as it is computed.
///
/// ```
/// use wengert::prelude::*;
///
/// let tape = Tape::new();
/// let [x, y] = tape.inputs(["x", "y"], [3.0, 4.0]);
/// let length = (x.square() + y.square()).sqrt().named("length");
/// let grad = tape.gradient(length);
/// assert_eq!(length.value(), 5.0);
/// assert_relative_eq!(grad[x], 0.6);
/// assert_eq!(grad[y], grad["y"]);
/// ```
///
/// A tape holds up to 2^27 slots at 16 bytes each, and can be sent to another thread, not shared.
pub struct Tape {
    name: String,
    id: u64,
    #[cfg(feature = "places")]
    remembers: bool,
    pub(crate) core: RefCell<Core>,
}

#[derive(Default)]
pub(crate) struct Core {
    pub(crate) code: Code,
    pub(crate) names: Names,
    rewinds: u64,
    cuts: SmallVec<[(u64, usize); 4]>,
    /// Terms of sums that are being taken in, those of inner ones above those of outer ones.
    pub(crate) terms: Vec<Result<u32, f64>>,
    /// Room for the values of a list of arguments.
    pub(crate) values: Vec<f64>,
}

/// A place on the tape to [`rewind`](Tape::rewind) to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    extent: Extent,
    names: usize,
    tape: u64,
    rewinds: u64,
}

impl Mark {
    /// How much was recorded: of two marks of one history, the later has more.
    fn size(&self) -> usize {
        self.extent.size() + self.names
    }
}

/// What a tape holds, without the adjoints, which live in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Slots recorded, inputs included.
    pub slots: usize,
    /// Bytes in use for them: program, values and constants. Names and comparisons are apart.
    pub bytes: usize,
}

impl Tape {
    /// An empty tape.
    pub fn new() -> Tape {
        Tape::with_name("")
    }

    /// An empty tape with a name, which messages will use.
    pub fn with_name(name: impl Into<String>) -> Tape {
        let id = RandomState::new().build_hasher().finish();
        Tape {
            name: name.into(),
            id,
            #[cfg(feature = "places")]
            remembers: false,
            core: RefCell::default(),
        }
    }

    /// Declares an input.
    #[track_caller]
    pub(crate) fn declare(&self, value: f64) -> Var<'_> {
        let code = &mut self.core.borrow_mut().code;
        let slot = code.push_input(value);
        self.remember(code);
        Var::new(self, slot, value)
    }

    /// The input declared as number `i`, from 0: as good as the variable that declared it.
    ///
    /// # Panics
    /// If there are not so many inputs.
    #[track_caller]
    pub fn input(&self, i: usize) -> Var<'_> {
        let inputs = self.core.borrow().code.inputs().len();
        assert!(i < inputs, "input {i} of {self:?}, which has {inputs}, counted from 0");
        let slot = self.core.borrow().code.inputs()[i];
        self.at(slot as usize)
    }

    /// The variable of a name: a full one, or one within the open scope.
    ///
    /// # Panics
    /// If nothing has the name.
    #[track_caller]
    pub fn var(&self, name: &str) -> Var<'_> {
        match self.get(name) {
            Some(var) => var,
            None => panic!("{}", self.unknown(name)),
        }
    }

    /// The variable of a name, if there is one.
    pub fn get(&self, name: &str) -> Option<Var<'_>> {
        let slot = self.core.borrow_mut().names.get(name)?;
        Some(self.at(slot as usize))
    }

    pub(crate) fn unknown(&self, name: &str) -> String {
        let core = self.core.borrow();
        let hint = core.names.like(name).map(|like| format!("; did you mean `{like}`?"));
        format!("nothing on {self:?} is named `{name}`{}", hint.unwrap_or_default())
    }

    /// The variable of a slot.
    ///
    /// # Panics
    /// If the tape is not so long.
    #[track_caller]
    pub fn at(&self, slot: usize) -> Var<'_> {
        let core = self.core.borrow();
        assert!(slot < core.code.len(), "slot {slot} of {self:?}, counted from 0");
        Var::new(self, slot as u32, core.code.value(slot))
    }

    /// Applies a primitive of the user's own.
    ///
    /// # Panics
    /// If an argument belongs to another tape.
    #[track_caller]
    pub fn custom<'t>(&'t self, custom: &Arc<dyn Custom>, args: &[Var<'t>]) -> Var<'t> {
        for x in args {
            x.check_tape(self);
        }
        let mut values = std::mem::take(&mut self.core.borrow_mut().values);
        values.clear();
        values.extend(args.iter().map(|x| x.value()));
        let value = custom.value(&values);
        self.core.borrow_mut().values = values;
        let terms = args.iter().map(|x| x.term());
        let code = &mut self.core.borrow_mut().code;
        let slot = code.push_custom(custom, terms, value);
        self.remember(code);
        Var::new(self, slot, value)
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.core.borrow().code.len()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Slots and bytes in use.
    pub fn memory(&self) -> Memory {
        let core = self.core.borrow();
        Memory { slots: core.code.len(), bytes: core.code.bytes() }
    }

    /// Marks the end of the tape, to come back to.
    pub fn mark(&self) -> Mark {
        let core = self.core.borrow();
        let (extent, names) = (core.code.extent(), core.names.len());
        Mark { extent, names, tape: self.id, rewinds: core.rewinds }
    }

    /// Forgets all that was recorded after the mark and keeps the memory. No variable survives, as
    /// the compiler sees to; those from before the mark are fetched again by [`var`](Tape::var) and
    /// [`input`](Tape::input).
    ///
    /// # Panics
    /// If the mark is of another tape, or what it marks is gone by an earlier rewind.
    #[track_caller]
    pub fn rewind(&mut self, mark: Mark) {
        let slot = mark.extent.slots;
        assert!(mark.tape == self.id, "a mark at slot {slot} of another tape than {self:?}");
        let size = mark.size();
        let core = self.core.get_mut();
        let gone = core.cuts.iter().any(|(when, cut)| *when > mark.rewinds && *cut < size);
        assert!(
            !gone,
            "a stale mark: slot {slot} of {self:?} was rewound past since it was marked"
        );
        core.code.truncate(mark.extent);
        core.names.truncate(mark.names);
        core.rewinds += 1;
        core.cuts.retain(|(_, cut)| *cut < size);
        core.cuts.push((core.rewinds, size));
    }

    /// Forgets everything and keeps the memory.
    pub fn clear(&mut self) {
        let rewinds = self.core.get_mut().rewinds;
        self.rewind(Mark { extent: Extent::default(), names: 0, tape: self.id, rewinds });
    }

    /// A program of what is recorded so far, with these outputs.
    ///
    /// # Panics
    /// If an output is a variable of another tape.
    #[track_caller]
    pub fn program(&self, outputs: &[Var<'_>]) -> Program {
        for y in outputs {
            y.check_tape(self);
        }
        let core = &*self.core.borrow();
        let mut code = core.code.clone();
        let outputs = outputs.iter().map(|y| y.store(&mut code)).collect();
        let point = core.code.inputs().iter().map(|slot| core.code.value(*slot as usize)).collect();
        let names = core.names.iter().map(|(name, slot)| (name.to_owned(), slot)).collect();
        Program { code, outputs, names, point }
    }

    /// Appends a primitive of one or two arguments with this value; returns its slot.
    #[inline]
    #[track_caller]
    pub(crate) fn push(&self, op: Op, x: Arg, y: Arg, value: f64) -> u32 {
        let code = &mut self.core.borrow_mut().code;
        let slot = code.push(op, x, y, value);
        self.remember(code);
        slot
    }

    /// Puts a constant into the pool.
    #[inline]
    pub(crate) fn intern(&self, x: f64) -> Arg {
        self.core.borrow_mut().code.intern(x)
    }
}

impl Default for Tape {
    fn default() -> Tape {
        Tape::new()
    }
}

impl fmt::Debug for Tape {
    /// What messages call a tape: its name, or what it begins with.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let core = self.core.borrow();
        match (self.name.as_str(), core.names.iter().next()) {
            ("", Some((first, _))) => write!(f, "the tape that begins with `{first}`")?,
            ("", None) => write!(f, "a tape without names")?,
            (name, _) => write!(f, "tape `{name}`")?,
        }
        match core.code.len() {
            1 => write!(f, " (1 slot)"),
            slots => write!(f, " ({slots} slots)"),
        }
    }
}
