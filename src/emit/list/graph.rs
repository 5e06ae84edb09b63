//! The instructions of a piece of a program, each written down once. It must not know sweeps, nor any
//! machine.
// Machine code asks for more than lanes do.
#![cfg_attr(not(feature = "jit"), allow(dead_code))]

use crate::op::{Op, UNREACHED};
use crate::tape::guard::Comparison;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The position of an instruction among those of its piece.
pub(in crate::emit) type Id = u32;

/// A number in memory that pieces share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::emit) enum Cell {
    /// Of the point, by the number of the input.
    Input(u32),
    /// Of the answer, by the number of the output.
    Output(u32),
    /// Of the cotangents, by the number of the output.
    Seed(u32),
    /// Of the gradient, by the number of the input.
    Slope(u32),
    /// Of the frame: a value that an earlier piece leaves for others. It stays as it is.
    Value(u32),
    /// Of the frame: a value that waits within a piece. It stays as it is once it is there.
    Home(u32),
    /// Of the frame: an adjoint that one piece leaves for another, or an entry of a list.
    Frame(u32),
    /// So many numbers behind where a pointer of its own points; `steady` if it stays as it is.
    Behind { pointer: u32, ahead: u32, steady: bool },
}

/// How many pointers straight code has: point, outputs, cotangents, gradient, frame, constants.
pub(in crate::emit) const POINTERS: usize = 6;

impl Cell {
    /// Whether it stays as it is while a piece that reads it runs.
    pub(in crate::emit) fn is_steady(self) -> bool {
        let known = matches!(self, Cell::Input(_) | Cell::Seed(_) | Cell::Value(_) | Cell::Home(_));
        known || matches!(self, Cell::Behind { steady: true, .. })
    }

    /// Which pointer it is reached by, and how many numbers behind it. Values stand before the frame,
    /// the first of them last: the way down asks for them in that order.
    pub(in crate::emit) fn place(self) -> (usize, i32) {
        match self {
            Cell::Input(k) => (0, k as i32),
            Cell::Output(k) => (1, k as i32),
            Cell::Seed(k) => (2, k as i32),
            Cell::Slope(k) => (3, k as i32),
            Cell::Home(k) | Cell::Frame(k) => (4, k as i32),
            Cell::Value(k) => (4, -1 - k as i32),
            Cell::Behind { pointer, ahead, .. } => (POINTERS + pointer as usize, ahead as i32),
        }
    }

    /// Whether the other one is the next in memory.
    pub(in crate::emit) fn is_before(self, next: Cell) -> bool {
        let ((pointer, k), next) = (self.place(), next.place());
        next == (pointer, k + 1)
    }
}

/// What an instruction does with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::emit) enum Kind {
    Constant(u64),
    Load(Cell),
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Abs,
    /// The absolute value, with the other sign.
    NegAbs,
    Sqrt,
    Floor,
    MulAdd,
    Compare,
    Select,
    /// The second argument, but that nothing (-0.0) comes where the first is nothing.
    Unless,
    /// A row's own function of so many arguments.
    Call(Op, u8),
    /// A row's own function of a list, which begins here among the lists and is so long.
    List(Op, u32, u32),
}

impl Kind {
    /// Whether there is one instruction for it, of a number or of two at once.
    pub(in crate::emit) fn is_arithmetic(self) -> bool {
        use Kind::*;
        matches!(self, Add | Sub | Mul | Div | Neg | Abs | NegAbs | Sqrt | MulAdd)
    }

    /// Whether its arguments stand in the lists.
    pub(in crate::emit) fn is_list(self) -> bool {
        matches!(self, Kind::List(..))
    }

    /// Whether it calls a function.
    pub(in crate::emit) fn is_call(self) -> bool {
        matches!(self, Kind::Call(..) | Kind::List(..))
    }
}

/// An instruction. Arguments that its kind does not have are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::emit) struct Inst {
    pub(in crate::emit) kind: Kind,
    pub(in crate::emit) args: [Id; 3],
}

/// A comparison that a selection asks: of two instructions, or of one with 0.
#[derive(Clone, Copy, Debug)]
pub(in crate::emit) struct Condition {
    pub(in crate::emit) comparison: Comparison,
    pub(in crate::emit) left: Id,
    pub(in crate::emit) right: Option<Id>,
}

/// A question whose answer was recorded.
#[derive(Clone, Copy, Debug)]
pub(in crate::emit) struct Question {
    pub(in crate::emit) comparison: Comparison,
    pub(in crate::emit) x: Id,
    pub(in crate::emit) y: Id,
    pub(in crate::emit) expected: i8,
}

/// The instructions of a piece, arguments before uses, and what it must leave behind.
#[derive(Debug, Default)]
pub(in crate::emit) struct Graph {
    pub(in crate::emit) insts: Vec<Inst>,
    pub(in crate::emit) lists: Vec<Id>,
    pub(in crate::emit) stores: Vec<(Cell, Id)>,
    pub(in crate::emit) questions: Vec<Question>,
    known: HashMap<Inst, Id, BuildHasherDefault<Mix>>,
    /// Where in the frame the values of slots are, for those that a piece asked another for.
    wanted: HashMap<u32, u32, BuildHasherDefault<Mix>>,
    cells: u32,
    /// Where the homes of values begin, and how many there are.
    homes: (u32, u32),
}

impl Graph {
    /// Forgets the piece; what pieces asked one another for stays.
    pub(in crate::emit) fn clear(&mut self) {
        self.insts.clear();
        self.lists.clear();
        self.stores.clear();
        self.questions.clear();
        self.known.clear();
    }

    /// Numbers in the frame, and values before it.
    pub(in crate::emit) fn cells(&self) -> [usize; 2] {
        [self.cells as usize, self.wanted.len()]
    }

    /// A new place in the frame.
    pub(in crate::emit) fn cell(&mut self) -> u32 {
        self.cells += 1;
        self.cells - 1
    }

    /// The value of a slot of an earlier piece, which that one must leave in the frame.
    pub(in crate::emit) fn value_of(&mut self, slot: u32) -> Id {
        let next = self.wanted.len() as u32;
        let cell = *self.wanted.entry(slot).or_insert(next);
        self.push(Kind::Load(Cell::Value(cell)), &[])
    }

    /// Where the value of a slot must be left, if a piece asked for it.
    pub(in crate::emit) fn wanted(&self, slot: u32) -> Option<Cell> {
        self.wanted.get(&slot).map(|cell| Cell::Value(*cell))
    }

    /// A constant.
    pub(in crate::emit) fn constant(&mut self, x: f64) -> Id {
        self.push(Kind::Constant(x.to_bits()), &[])
    }

    /// What an instruction is known to be, if it is a constant.
    pub(in crate::emit) fn constant_of(&self, id: Id) -> Option<f64> {
        match self.insts[id as usize].kind {
            Kind::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Writes an instruction down, unless it is there already or one of its arguments is the answer,
    /// to the last bit.
    pub(in crate::emit) fn push(&mut self, kind: Kind, args: &[Id]) -> Id {
        if let Some(same) = self.same(kind, args) {
            return same;
        }
        let mut inst = Inst { kind, args: [0; 3] };
        inst.args[..args.len()].copy_from_slice(args);
        *self.known.entry(inst).or_insert_with(|| {
            self.insts.push(inst);
            self.insts.len() as Id - 1
        })
    }

    /// Writes down a call of a row over a list.
    pub(in crate::emit) fn push_list(&mut self, op: Op, args: &[Id]) -> Id {
        let start = self.lists.len() as u32;
        self.lists.extend(args);
        self.push(Kind::List(op, start, args.len() as u32), &[])
    }

    /// The argument that is what the instruction would give.
    fn same(&mut self, kind: Kind, args: &[Id]) -> Option<Id> {
        let is = |graph: &Self, k: usize, x: f64| {
            graph.constant_of(args[k]).is_some_and(|y| y.to_bits() == x.to_bits())
        };
        match kind {
            Kind::Add if is(self, 1, UNREACHED) => Some(args[0]),
            Kind::Add if is(self, 0, UNREACHED) => Some(args[1]),
            Kind::Sub if is(self, 1, 0.0) => Some(args[0]),
            Kind::Mul | Kind::Div if is(self, 1, 1.0) => Some(args[0]),
            Kind::Mul if is(self, 0, 1.0) => Some(args[1]),
            Kind::Mul | Kind::Div if is(self, 1, -1.0) => Some(self.push(Kind::Neg, &args[..1])),
            Kind::Mul if is(self, 0, -1.0) => Some(self.push(Kind::Neg, &args[1..])),
            Kind::Neg => {
                let inst = self.insts[args[0] as usize];
                match inst.kind {
                    Kind::Neg => Some(inst.args[0]),
                    Kind::Abs => Some(self.push(Kind::NegAbs, &inst.args[..1])),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The arguments of an instruction.
    pub(in crate::emit) fn args<'a>(&'a self, inst: &'a Inst) -> &'a [Id] {
        let count = match inst.kind {
            Kind::Constant(_) | Kind::Load(_) => 0,
            Kind::Neg | Kind::Abs | Kind::NegAbs | Kind::Sqrt | Kind::Floor => 1,
            Kind::Add | Kind::Sub | Kind::Mul | Kind::Div | Kind::Compare | Kind::Unless => 2,
            Kind::MulAdd | Kind::Select => 3,
            Kind::Call(_, count) => usize::from(count),
            Kind::List(_, start, length) => {
                return &self.lists[start as usize..][..length as usize];
            }
        };
        &inst.args[..count]
    }

    /// Whether a few quick instructions give it; if not, all those are forgotten that were written
    /// down since there were so many.
    pub(in crate::emit) fn keep_if_soon_done(&mut self, id: Id, known: usize) -> bool {
        let keep = self.is_soon_done(id, &mut 3);
        while !keep && self.insts.len() > known {
            let inst = self.insts.pop().expect("there are more");
            self.known.remove(&inst);
        }
        keep
    }

    /// Whether at most so many quick instructions make it of what is at hand.
    fn is_soon_done(&self, id: Id, most: &mut u8) -> bool {
        let inst = &self.insts[id as usize];
        let quick = inst.kind.is_arithmetic() && !matches!(inst.kind, Kind::Div | Kind::Sqrt);
        if self.is_at_hand(id) || !quick || *most == 0 {
            return self.is_at_hand(id);
        }
        *most -= 1;
        self.args(inst).iter().all(|arg| self.is_soon_done(*arg, most))
    }

    /// Whether it is in memory and stays there, so that whoever needs it takes it from there.
    pub(in crate::emit) fn is_at_hand(&self, id: Id) -> bool {
        match self.insts[id as usize].kind {
            Kind::Constant(_) => true,
            Kind::Load(cell) => cell.is_steady(),
            _ => false,
        }
    }

    /// What must be there for an instruction to be written: its arguments, or of a selection what
    /// its condition compares.
    pub(in crate::emit) fn operands(&self, inst: &Inst) -> SmallVec<[Id; 4]> {
        match inst.kind {
            Kind::Select => {
                let Condition { left, right, .. } = self.condition(inst.args[0]);
                let both = [Some(left), right, Some(inst.args[1]), Some(inst.args[2])];
                both.into_iter().flatten().collect()
            }
            _ => self.args(inst).into(),
        }
    }

    /// The comparison that says that an instruction gives more than 0: of the instruction itself, or
    /// of what it compares. One of the two is NaN where the instruction gives NaN.
    pub(in crate::emit) fn condition(&self, id: Id) -> Condition {
        let inst = |id: Id| self.insts[id as usize];
        let of_two = |comparison, compare: Inst| Condition {
            comparison,
            left: compare.args[0],
            right: Some(compare.args[1]),
        };
        let itself = Condition { comparison: Comparison::Greater, left: id, right: None };
        let Inst { kind, args: [first, second, _] } = inst(id);
        match kind {
            Kind::Compare => of_two(Comparison::Greater, inst(id)),
            Kind::Add if self.constant_of(second) == Some(1.0) => {
                let Inst { kind, args: [inner, ..] } = inst(first);
                match (kind, inst(inner).kind) {
                    (Kind::Compare, _) => of_two(Comparison::GreaterOrEqual, inst(first)),
                    (Kind::Neg, Kind::Compare) => of_two(Comparison::LessOrEqual, inst(inner)),
                    _ => itself,
                }
            }
            _ => itself,
        }
    }

    /// Whether one instruction surely gives NaN where the other does, as far as a short look tells.
    pub(in crate::emit) fn is_nan_with(&self, id: Id, other: Id) -> bool {
        let mut id = id;
        for _ in 0..4 {
            let inst = &self.insts[id as usize];
            let carries = match inst.kind {
                Kind::Neg | Kind::Abs | Kind::NegAbs | Kind::Sqrt => true,
                Kind::Call(op, 1) => op.value(&[f64::NAN]).is_nan(),
                _ => false,
            };
            if id == other || !carries {
                break;
            }
            id = inst.args[0];
        }
        id == other
    }

    /// Places in the frame for so many values that wait within a piece: the first of them.
    pub(in crate::emit) fn homes(&mut self, count: u32) -> u32 {
        if count > self.homes.1 {
            self.homes = (self.cells, count);
            self.cells += count;
        }
        self.homes.0
    }
}

/// A quick hash of small keys.
#[derive(Default)]
pub(in crate::emit) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64(u64::from(*byte)));
    }
    fn write_u8(&mut self, x: u8) {
        self.write_u64(u64::from(x));
    }
    fn write_u32(&mut self, x: u32) {
        self.write_u64(u64::from(x));
    }
    fn write_usize(&mut self, x: usize) {
        self.write_u64(x as u64);
    }
    fn write_isize(&mut self, x: isize) {
        self.write_u64(x as u64);
    }
    fn write_u64(&mut self, x: u64) {
        self.0 = (self.0.rotate_left(26) ^ x).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
