//! A Wengert list as stored: one word a slot, arguments before uses. It must not know values.

use crate::custom::Custom;
use crate::op::Op;
use crate::tape::guard::Guard;
use std::panic::Location;
use std::sync::Arc;

/// An argument as stored: a slot, or a constant of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Arg(u32);

/// The bit that tells a constant from a slot: the highest of the 28 that a word has for each.
const CONSTANT: u32 = 1 << 27;

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

    /// The slot, or for a constant a number past all slots.
    pub(crate) const fn position(self) -> usize {
        self.0 as usize
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

    /// Its primitive, if it is of the table.
    #[inline(always)]
    pub(crate) fn op(self) -> Option<Op> {
        Op::from_code((self.0 & 127) as u8)
    }

    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        match self.op() {
            Some(op) => Kind::Op(op),
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
}

/// A slot as a tape keeps it: 16 bytes, appended at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored {
    pub(crate) word: Word,
    pub(crate) value: f64,
}

/// The program of a tape: what is computed, and from what.
#[derive(Clone, Default)]
pub(crate) struct Code {
    slots: Vec<Stored>,
    lists: Vec<Arg>,
    constants: Vec<f64>,
    customs: Vec<Arc<dyn Custom>>,
    inputs: Vec<u32>,
    guards: Vec<Guard>,
    recent: [u32; 16],
    places: Vec<&'static Location<'static>>,
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

impl Extent {
    /// All lengths together.
    pub(crate) fn size(&self) -> usize {
        let Extent { slots, lists, constants, customs, inputs, guards } = self;
        slots + lists + constants + customs + inputs + guards
    }
}

impl Code {
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Slots of the inputs, in the order of their declaration.
    pub(crate) fn inputs(&self) -> &[u32] {
        &self.inputs
    }

    /// Where operations begin, if all inputs come before them; else 0.
    #[inline]
    pub(crate) fn first_operation(&self) -> usize {
        let inputs = self.inputs();
        let first = inputs.last().is_some_and(|last| *last as usize + 1 == inputs.len());
        if first { inputs.len() } else { 0 }
    }

    /// The comparisons that were made, in order.
    pub(crate) fn guards(&self) -> &[Guard] {
        &self.guards
    }

    pub(crate) fn push_guard(&mut self, guard: Guard) {
        self.guards.push(guard);
    }

    pub(crate) fn slots(&self) -> &[Stored] {
        &self.slots
    }

    #[inline(always)]
    pub(crate) fn word(&self, slot: usize) -> Word {
        self.slots[slot].word
    }

    /// A constant argument's value. Every constant that is handed out is in the pool; where it were not, a
    /// release build goes on with NaN, since a jump to a panic costs the sweeps 6 % of their instructions.
    #[inline]
    pub(crate) fn constant(&self, arg: Arg) -> f64 {
        debug_assert!(arg.index() < self.constants.len(), "the constant is not in the pool");
        self.constants.get(arg.index()).copied().unwrap_or(f64::NAN)
    }

    /// The pool of constants.
    #[cfg(feature = "serde")]
    pub(crate) fn constants(&self) -> &[f64] {
        &self.constants
    }

    /// An argument as a slot, or else the constant that it is.
    pub(crate) fn term(&self, arg: Arg) -> Result<u32, f64> {
        if arg.is_constant() { Err(self.constant(arg)) } else { Ok(arg.index() as u32) }
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

    /// An argument of a primitive of fixed arity.
    #[inline(always)]
    pub(crate) fn arg(&self, word: Word, arity: usize, k: usize) -> Arg {
        match arity {
            1 | 2 => Arg(word.field(k as u32)),
            _ => self.lists[word.field(0) as usize + k],
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
        let mut args = smallvec::SmallVec::new();
        self.each_arg(slot, |arg| args.push(arg));
        args
    }

    /// Hands over each argument of a slot, without allocating.
    pub(crate) fn each_arg(&self, slot: usize, mut each: impl FnMut(Arg)) {
        let word = self.word(slot);
        match word.kind() {
            Kind::Input => {}
            Kind::Op(op) if !word.is_long() => {
                let arity = op.arity().expect("a list is long");
                (0..arity).for_each(|k| each(self.arg(word, 2, k)));
            }
            _ => self.list(word).iter().for_each(|arg| each(*arg)),
        }
    }

    /// The value of a slot where it was recorded.
    pub(crate) fn value(&self, slot: usize) -> f64 {
        self.slots[slot].value
    }

    /// Gives every slot another value.
    pub(crate) fn set_values(&mut self, values: &[f64]) {
        self.slots.iter_mut().zip(values).for_each(|(slot, value)| slot.value = *value);
    }

    /// Remembers where the slots that came last were recorded.
    #[cfg(feature = "places")]
    #[cold]
    #[inline(never)]
    pub(crate) fn remember(&mut self, place: &'static Location<'static>) {
        self.places.resize(self.slots.len(), place);
    }

    /// Where a slot was recorded, if that is remembered.
    pub(crate) fn place(&self, slot: usize) -> Option<&'static Location<'static>> {
        self.places.get(slot).copied()
    }

    pub(crate) fn push_input(&mut self, value: f64) -> u32 {
        self.inputs.push(self.slots.len() as u32);
        self.append(Word(INPUT), value)
    }

    /// Appends many inputs at once.
    pub(crate) fn push_inputs(&mut self, values: impl Iterator<Item = f64>) {
        let first = self.slots.len() as u32;
        self.slots.extend(values.map(|value| Stored { word: Word(INPUT), value }));
        assert!(self.slots.len() <= CAPACITY, "the tape is full: {CAPACITY} slots are its limit");
        self.inputs.extend(first..self.slots.len() as u32);
    }

    /// Appends a slot; returns its position.
    #[inline(always)]
    fn append(&mut self, word: Word, value: f64) -> u32 {
        let slot = self.slots.len();
        self.slots.push(Stored { word, value });
        assert!(slot < CAPACITY, "the tape is full: {CAPACITY} slots are its limit");
        slot as u32
    }

    /// Appends a primitive of one or two arguments; with one, it is given twice.
    #[inline(always)]
    pub(crate) fn push(&mut self, op: Op, x: Arg, y: Arg, value: f64) -> u32 {
        self.append(Word::new(op as u64, x.0, y.0), value)
    }

    /// Appends a primitive of any number of arguments.
    pub(crate) fn push_op(&mut self, op: Op, args: &[Arg], value: f64) -> u32 {
        match (op.arity(), args) {
            (Some(_), [x]) => self.push(op, *x, *x, value),
            (Some(_), [x, y]) => self.push(op, *x, *y, value),
            _ => {
                let start = self.lists.len();
                self.lists.extend(args);
                self.close_list(op as u64, start, value)
            }
        }
    }

    pub(crate) fn push_custom(
        &mut self,
        custom: &Arc<dyn Custom>,
        args: impl Iterator<Item = Result<u32, f64>>,
        value: f64,
    ) -> u32 {
        let known = self.customs.iter().rposition(|other| Arc::ptr_eq(other, custom));
        let index = known.unwrap_or(self.customs.len());
        if known.is_none() {
            self.customs.push(custom.clone());
        }
        let start = self.lists.len();
        self.lists.push(Arg::slot(index));
        self.extend_list(args);
        self.close_list(CUSTOM, start, value)
    }

    /// Appends a primitive over a list whose entries are a slot each, or else a constant.
    pub(crate) fn push_terms(
        &mut self,
        op: Op,
        terms: impl Iterator<Item = Result<u32, f64>>,
        value: f64,
    ) -> u32 {
        let start = self.lists.len();
        self.extend_list(terms);
        self.close_list(op as u64, start, value)
    }

    fn extend_list(&mut self, terms: impl Iterator<Item = Result<u32, f64>>) {
        for term in terms {
            let arg = term.map_or_else(|x| self.intern(x), |slot| Arg::slot(slot as usize));
            self.lists.push(arg);
        }
    }

    fn close_list(&mut self, code: u64, start: usize, value: f64) -> u32 {
        let end = self.lists.len();
        assert!(end <= CAPACITY, "the tape is full: {CAPACITY} list entries are its limit");
        self.append(Word::new(code | LONG, start as u32, (end - start) as u32), value)
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

    /// A copy of the first slots, for a sweep: without guards and places.
    pub(crate) fn up_to(&self, slots: usize) -> Code {
        let inputs = self.inputs.partition_point(|input| (*input as usize) < slots);
        Code {
            slots: self.slots[..slots].to_vec(),
            lists: self.lists.clone(),
            constants: self.constants.clone(),
            customs: self.customs.clone(),
            inputs: self.inputs[..inputs].to_vec(),
            ..Code::default()
        }
    }

    pub(crate) fn extent(&self) -> Extent {
        Extent {
            slots: self.slots.len(),
            lists: self.lists.len(),
            constants: self.constants.len(),
            customs: self.customs.len(),
            inputs: self.inputs.len(),
            guards: self.guards.len(),
        }
    }

    /// Goes back to an earlier extent, keeping the memory.
    pub(crate) fn truncate(&mut self, extent: Extent) {
        self.slots.truncate(extent.slots);
        self.places.truncate(extent.slots);
        self.lists.truncate(extent.lists);
        self.constants.truncate(extent.constants);
        self.customs.truncate(extent.customs);
        self.inputs.truncate(extent.inputs);
        self.guards.truncate(extent.guards);
    }

    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.slots)
            + size_of_val(&*self.lists)
            + size_of_val(&*self.constants)
            + size_of_val(&*self.customs)
            + size_of_val(&*self.inputs)
    }
}
