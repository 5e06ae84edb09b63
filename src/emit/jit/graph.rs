//! The instructions of a piece of a program, each written down once. It must not know sweeps, nor any
//! machine.

use crate::op::{Op, UNREACHED};
use crate::tape::guard::Comparison;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The position of an instruction among those of its piece.
pub(super) type Id = u32;

/// A number in memory that pieces share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    /// Of the point, by the number of the input.
    Input(u32),
    /// Of the answer, by the number of the output.
    Output(u32),
    /// Of the cotangents, by the number of the output.
    Seed(u32),
    /// Of the gradient, by the number of the input.
    Slope(u32),
    /// Of the frame: values and adjoints that one piece leaves for another.
    Frame(u32),
}

/// What an instruction does with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Constant(u64),
    Load(Cell),
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Abs,
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

/// An instruction. Arguments that its kind does not have are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Inst {
    pub(super) kind: Kind,
    pub(super) args: [Id; 3],
}

/// A question whose answer was recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) comparison: Comparison,
    pub(super) x: Id,
    pub(super) y: Id,
    pub(super) expected: i8,
}

/// The instructions of a piece, arguments before uses, and what it must leave behind.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) insts: Vec<Inst>,
    pub(super) lists: Vec<Id>,
    pub(super) stores: Vec<(Cell, Id)>,
    pub(super) questions: Vec<Question>,
    known: HashMap<Inst, Id, BuildHasherDefault<Mix>>,
    /// Where in the frame the values of slots are, for those that a piece asked another for.
    wanted: HashMap<u32, u32, BuildHasherDefault<Mix>>,
    cells: u32,
}

impl Graph {
    /// Forgets the piece; what pieces asked one another for stays.
    pub(super) fn clear(&mut self) {
        self.insts.clear();
        self.lists.clear();
        self.stores.clear();
        self.questions.clear();
        self.known.clear();
    }

    /// Numbers in the frame.
    pub(super) fn cells(&self) -> u32 {
        self.cells
    }

    /// A new place in the frame.
    pub(super) fn cell(&mut self) -> u32 {
        self.cells += 1;
        self.cells - 1
    }

    /// The value of a slot of an earlier piece, which that one must leave in the frame.
    pub(super) fn value_of(&mut self, slot: u32) -> Id {
        let cells = &mut self.cells;
        let cell = *self.wanted.entry(slot).or_insert_with(|| {
            *cells += 1;
            *cells - 1
        });
        self.push(Kind::Load(Cell::Frame(cell)), &[])
    }

    /// Where the value of a slot must be left, if a piece asked for it.
    pub(super) fn wanted(&self, slot: u32) -> Option<Cell> {
        self.wanted.get(&slot).map(|cell| Cell::Frame(*cell))
    }

    /// A constant.
    pub(super) fn constant(&mut self, x: f64) -> Id {
        self.push(Kind::Constant(x.to_bits()), &[])
    }

    /// What an instruction is known to be, if it is a constant.
    pub(super) fn constant_of(&self, id: Id) -> Option<f64> {
        match self.insts[id as usize].kind {
            Kind::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    /// Writes an instruction down, unless it is there already or one of its arguments is the answer,
    /// to the last bit.
    pub(super) fn push(&mut self, kind: Kind, args: &[Id]) -> Id {
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
    pub(super) fn push_list(&mut self, op: Op, args: &[Id]) -> Id {
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
                (inst.kind == Kind::Neg).then_some(inst.args[0])
            }
            _ => None,
        }
    }

    /// The arguments of an instruction.
    pub(super) fn args<'a>(&'a self, inst: &'a Inst) -> &'a [Id] {
        let count = match inst.kind {
            Kind::Constant(_) | Kind::Load(_) => 0,
            Kind::Neg | Kind::Abs | Kind::Sqrt | Kind::Floor => 1,
            Kind::Add | Kind::Sub | Kind::Mul | Kind::Div | Kind::Compare | Kind::Unless => 2,
            Kind::MulAdd | Kind::Select => 3,
            Kind::Call(_, count) => usize::from(count),
            Kind::List(_, start, length) => {
                return &self.lists[start as usize..][..length as usize];
            }
        };
        &inst.args[..count]
    }

    /// Which instructions are needed for what the piece must leave behind.
    pub(super) fn needed(&self) -> Vec<bool> {
        let mut needed = vec![false; self.insts.len()];
        let asked = self.questions.iter().flat_map(|question| [question.x, question.y]);
        for id in self.stores.iter().map(|(_, id)| *id).chain(asked) {
            needed[id as usize] = true;
        }
        for id in (0..self.insts.len()).rev() {
            if needed[id] {
                self.args(&self.insts[id]).iter().for_each(|arg| needed[*arg as usize] = true);
            }
        }
        needed
    }
}

/// A quick hash of small keys.
#[derive(Default)]
struct Mix(u64);

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
