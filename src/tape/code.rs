//! A Wengert list as stored: one word a slot, arguments before uses. It must not know values.

use crate::custom::Custom;
use crate::op::Op;
use crate::tape::guard::Guard;
use std::sync::Arc;

/// An argument as stored: a slot, or a constant of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Arg(u32);

const CONSTANT: u32 = 1 << 31;

impl Arg {
    pub(crate) const fn slot(slot: usize) -> Arg {
        Arg(slot as u32)
    }

    const fn constant(position: usize) -> Arg {
        Arg(position as u32 | CONSTANT)
    }

    pub(crate) const fn is_constant(self) -> bool {
        self.0 & CONSTANT != 0
    }

    /// The slot, or the place in the pool of constants.
    pub(crate) const fn index(self) -> usize {
        (self.0 & !CONSTANT) as usize
    }
}

/// A slot as stored, in 8 bytes: 7 bits of primitive, 1 bit that says whether the arguments stand
/// in the lists, and two fields of 28 bits: both arguments, or the start and length of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word(u64);

const INPUT: u64 = 127;
const CUSTOM: u64 = 126;
const LONG: u64 = 1 << 7;
const FIELD: u32 = (1 << 28) - 1;
const FIELD_CONSTANT: u32 = 1 << 27;
const _: () =
    assert!(Op::ALL.len() < CUSTOM as usize, "the table has outgrown the 7 bits of a word");

/// Most slots, constants or list entries of a tape: a word has 27 bits for each.
pub(crate) const CAPACITY: usize = 1 << 27;

/// What a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Input,
    Op(Op),
    Custom,
}

impl Word {
    const fn new(code: u64, a: u32, b: u32) -> Word {
        Word(code | (a as u64) << 8 | (b as u64) << 36)
    }

    #[inline]
    pub(crate) fn kind(self) -> Kind {
        match Op::ALL.get((self.0 & 127) as usize) {
            Some(op) => Kind::Op(*op),
            None if self.0 & 127 == INPUT => Kind::Input,
            None => Kind::Custom,
        }
    }

    const fn is_long(self) -> bool {
        self.0 & LONG != 0
    }

    const fn field(self, k: u32) -> u32 {
        (self.0 >> (8 + 28 * k)) as u32 & FIELD
    }

    const fn arg(self, k: u32) -> Arg {
        let field = self.field(k);
        Arg((field & FIELD_CONSTANT) << 4 | field & !FIELD_CONSTANT)
    }
}

const fn to_field(arg: Arg) -> u32 {
    arg.0 & (FIELD >> 1) | (arg.0 & CONSTANT) >> 4
}

/// The program of a tape: what is computed, and from what.
#[derive(Clone, Default)]
pub(crate) struct Code {
    words: Vec<Word>,
    lists: Vec<Arg>,
    constants: Vec<f64>,
    customs: Vec<Arc<dyn Custom>>,
    inputs: Vec<u32>,
    guards: Vec<Guard>,
    recent: [u32; 16],
}

/// Lengths of everything that grows, to go back to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) slots: usize,
    lists: usize,
    constants: usize,
    customs: usize,
    inputs: usize,
    guards: usize,
}

impl Code {
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Slots of the inputs, in the order of their declaration.
    pub(crate) fn inputs(&self) -> &[u32] {
        &self.inputs
    }

    /// The comparisons that were made, in order.
    pub(crate) fn guards(&self) -> &[Guard] {
        &self.guards
    }

    pub(crate) fn push_guard(&mut self, guard: Guard) {
        self.guards.push(guard);
    }

    #[inline]
    pub(crate) fn word(&self, slot: usize) -> Word {
        self.words[slot]
    }

    /// A constant argument's value.
    #[inline]
    pub(crate) fn constant(&self, arg: Arg) -> f64 {
        self.constants[arg.index()]
    }

    /// All custom primitives, in the order of their first use.
    pub(crate) fn customs(&self) -> &[Arc<dyn Custom>] {
        &self.customs
    }

    /// The custom primitive of a slot whose kind says that it has one.
    pub(crate) fn custom(&self, word: Word) -> &Arc<dyn Custom> {
        &self.customs[self.custom_index(word)]
    }

    /// Its place among the custom primitives: the list begins with it.
    pub(crate) fn custom_index(&self, word: Word) -> usize {
        self.list_from(word)[0].index()
    }

    /// The first three arguments of a primitive of fixed arity; those beyond its arity mean nothing.
    #[inline]
    pub(crate) fn args(&self, word: Word) -> [Arg; 3] {
        if word.is_long() {
            let list = self.list(word);
            [list[0], list[1], list[2]]
        } else {
            [word.arg(0), word.arg(1), word.arg(1)]
        }
    }

    /// All arguments of a slot that has them in the lists.
    pub(crate) fn list(&self, word: Word) -> &[Arg] {
        let skip = usize::from(word.kind() == Kind::Custom);
        &self.list_from(word)[skip..]
    }

    fn list_from(&self, word: Word) -> &[Arg] {
        &self.lists[word.field(0) as usize..][..word.field(1) as usize]
    }

    /// All arguments of a slot.
    pub(crate) fn all_args(&self, slot: usize) -> smallvec::SmallVec<[Arg; 2]> {
        let word = self.word(slot);
        match word.kind() {
            Kind::Input => smallvec::SmallVec::new(),
            Kind::Op(op) if !word.is_long() => self.args(word)[..op.arity().unwrap_or(0)].into(),
            _ => self.list(word).into(),
        }
    }

    pub(crate) fn push_input(&mut self) {
        self.inputs.push(self.words.len() as u32);
        self.words.push(Word(INPUT));
    }

    /// Appends a primitive of one or two arguments; with one, it is given twice.
    #[inline]
    pub(crate) fn push(&mut self, op: Op, x: Arg, y: Arg) {
        self.words.push(Word::new(op as u64, to_field(x), to_field(y)));
    }

    /// Appends a primitive of any number of arguments.
    pub(crate) fn push_op(&mut self, op: Op, args: &[Arg]) {
        match (op.arity(), args) {
            (Some(_), [x]) => self.push(op, *x, *x),
            (Some(_), [x, y]) => self.push(op, *x, *y),
            _ => self.push_list(op, args.iter().copied()),
        }
    }

    /// Appends a primitive whose arguments stand in a list.
    pub(crate) fn push_list(&mut self, op: Op, args: impl Iterator<Item = Arg>) {
        self.push_long(op as u64, args);
    }

    pub(crate) fn push_custom(
        &mut self,
        custom: &Arc<dyn Custom>,
        args: impl Iterator<Item = Arg>,
    ) {
        let known = self.customs.iter().rposition(|other| Arc::ptr_eq(other, custom));
        let index = known.unwrap_or(self.customs.len());
        if known.is_none() {
            self.customs.push(custom.clone());
        }
        self.push_long(CUSTOM, std::iter::once(Arg::slot(index)).chain(args));
    }

    fn push_long(&mut self, code: u64, args: impl Iterator<Item = Arg>) {
        let start = self.lists.len();
        self.lists.extend(args);
        assert!(
            self.lists.len() <= CAPACITY,
            "the tape is full: {CAPACITY} list entries are its limit"
        );
        let length = self.lists.len() - start;
        self.words.push(Word::new(code | LONG, start as u32, length as u32));
    }

    /// Puts a constant into the pool. One that was used lately is found there again.
    #[inline]
    pub(crate) fn intern(&mut self, x: f64) -> Arg {
        let hash = (x.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 60) as usize;
        let known = self.recent[hash] as usize;
        if self.constants.get(known).is_some_and(|other| other.to_bits() == x.to_bits()) {
            return Arg::constant(known);
        }
        assert!(
            self.constants.len() < CAPACITY,
            "the tape is full: {CAPACITY} constants are its limit"
        );
        self.recent[hash] = self.constants.len() as u32;
        self.constants.push(x);
        Arg::constant(self.constants.len() - 1)
    }

    pub(crate) fn extent(&self) -> Extent {
        Extent {
            slots: self.words.len(),
            lists: self.lists.len(),
            constants: self.constants.len(),
            customs: self.customs.len(),
            inputs: self.inputs.len(),
            guards: self.guards.len(),
        }
    }

    /// Goes back to an earlier extent, keeping the memory.
    pub(crate) fn truncate(&mut self, extent: Extent) {
        self.words.truncate(extent.slots);
        self.lists.truncate(extent.lists);
        self.constants.truncate(extent.constants);
        self.customs.truncate(extent.customs);
        self.inputs.truncate(extent.inputs);
        self.guards.truncate(extent.guards);
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.words)
            + size_of_val(&*self.lists)
            + size_of_val(&*self.constants)
            + size_of_val(&*self.customs)
            + size_of_val(&*self.inputs)
    }
}
