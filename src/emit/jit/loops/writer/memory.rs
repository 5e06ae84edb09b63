//! Numbers of the turns at hand, read and written. It must not know instructions.

use super::{For, LoopWriter, trusted};
use crate::emit::jit::loops::ways::{Spot, Way};
use crate::emit::jit::writer::two;
use crate::emit::lanes::Space;
use cranelift_codegen::ir::{Block, InstBuilder, Value, types};
use cranelift_frontend::FunctionBuilder;

/// Where the numbers of a place begin, and its adjoints.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pointer {
    pub(super) value: Value,
    pub(super) bar: Value,
    /// Where its table begins.
    table: Value,
    /// By how many numbers one turn is from the next.
    pub(super) step: Value,
}

/// Adjoints of a group, from so far behind the first of them on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Adjoints {
    pub(super) member: usize,
    pub(super) ahead: u32,
}

/// What the code of a block is told.
#[derive(Debug)]
pub(super) struct Pointers {
    places: Vec<Pointer>,
    pub(super) pool: Value,
    /// Room for lists.
    pub(super) scratch: Value,
    pub(super) turns: Value,
}

/// Where pointers to the first number of each kind stand.
struct Bases {
    from: Value,
    known: [Option<Value>; 8],
}

/// Their numbers in [`Bases`].
const TABLES: usize = 5;
const POOL: usize = 6;
const SCRATCH: usize = 7;

impl Bases {
    fn load(&mut self, builder: &mut FunctionBuilder<'_>, k: usize) -> Value {
        *self.known[k].get_or_insert_with(|| {
            let flags = trusted().with_readonly();
            builder.ins().load(types::I64, flags, self.from, 8 * k as i32)
        })
    }
}

impl Pointers {
    /// Pointers to the places that are touched: to their numbers, to their adjoints.
    pub(super) fn new(
        builder: &mut FunctionBuilder<'_>,
        block: Block,
        spots: &[Spot],
        touched: &[[bool; 2]],
    ) -> Pointers {
        let parameters = builder.block_params(block);
        let (from, operands, turns) = (parameters[0], parameters[1], parameters[2]);
        let mut bases = Bases { from, known: [None; 8] };
        let nowhere = Pointer { value: turns, bar: turns, table: turns, step: turns };
        let mut places = vec![nowhere; spots.len()];
        for (k, spot) in spots.iter().enumerate() {
            if let Way::Unit { member, .. } | Way::Stride { member, .. } = spot.way
                && (member as usize) < k
            {
                places[k] = places[member as usize];
                continue;
            }
            if touched[k] == [false; 2] {
                continue;
            }
            let operand = |builder: &mut FunctionBuilder<'_>, j: usize| {
                let offset = 8 * (2 * k + j) as i32;
                builder.ins().load(types::I64, trusted().with_readonly(), operands, offset)
            };
            let offset = operand(builder, 0);
            let pointers = [0, 1].map(|which| {
                let base = match spot.space {
                    Space::Point => which,
                    Space::Cells => 2 + which,
                    Space::Constants => 4,
                    Space::Outputs => unreachable!("blocks leave their numbers in cells"),
                };
                match (touched[k][which], spot.way) {
                    (false, _) => turns,
                    (true, Way::Table) => bases.load(builder, base),
                    (true, _) => {
                        let base = bases.load(builder, base);
                        builder.ins().iadd(base, offset)
                    }
                }
            });
            places[k] = Pointer { value: pointers[0], bar: pointers[1], ..nowhere };
            match spot.way {
                Way::Stride { .. } => places[k].step = operand(builder, 1),
                Way::Table => {
                    let tables = bases.load(builder, TABLES);
                    places[k].table = builder.ins().iadd(tables, offset);
                }
                Way::Same | Way::Unit { .. } => {}
            }
        }
        let [pool, scratch] = [POOL, SCRATCH].map(|k| bases.load(builder, k));
        Pointers { places, pool, scratch, turns }
    }

    pub(super) fn of(&self, place: usize) -> Pointer {
        self.places[place]
    }
}

impl LoopWriter<'_> {
    /// The numbers of a place, or its adjoints, in the turns at hand. Where it is one number, both
    /// lanes have it.
    pub(super) fn load(&mut self, place: usize, is_bar: bool) -> Value {
        let Pointer { value, bar, .. } = self.pointers.of(place);
        let base = if is_bar { bar } else { value };
        match (self.turn.spots[place].way, self.now) {
            (Way::Unit { ahead, .. }, For::Two) => {
                let address = self.builder.ins().iadd(base, self.index);
                self.builder.ins().load(types::F64X2, two(), address, 8 * ahead as i32)
            }
            (_, For::Two) => {
                let [x, y] = [0, 1].map(|lane| {
                    let (address, offset) = self.address(place, base, lane);
                    self.builder.ins().load(types::F64, trusted(), address, offset)
                });
                let x = self.builder.ins().splat(types::F64X2, x);
                self.builder.ins().insertlane(x, y, 1)
            }
            (_, For::One | For::All) => {
                let (address, offset) = self.address(place, base, 0);
                let x = self.builder.ins().load(types::F64, trusted(), address, offset);
                self.builder.ins().splat(types::F64X2, x)
            }
        }
    }

    /// Where the number of a turn at hand is.
    fn address(&mut self, place: usize, base: Value, lane: u8) -> (Value, i32) {
        let Pointer { table, step, .. } = self.pointers.of(place);
        let lane = i32::from(lane);
        match self.turn.spots[place].way {
            Way::Same => (base, 0),
            Way::Unit { ahead, .. } => {
                (self.builder.ins().iadd(base, self.index), 8 * (ahead as i32 + lane))
            }
            Way::Stride { ahead, .. } => {
                let known = self.rows.get(&(base, lane)).copied();
                let row = known.unwrap_or_else(|| {
                    let turn = self.builder.ins().iadd_imm_s(self.index, i64::from(8 * lane));
                    let offset = self.builder.ins().imul(turn, step);
                    self.builder.ins().iadd(base, offset)
                });
                self.rows.insert((base, lane), row);
                (row, 8 * ahead as i32)
            }
            Way::Table => {
                let turn = self.builder.ins().ushr_imm_u(self.index, 1); // four bytes an entry
                let entry = self.builder.ins().iadd(table, turn);
                let flags = trusted().with_readonly();
                let number = self.builder.ins().uload32(flags, entry, 4 * lane);
                let offset = self.builder.ins().ishl_imm_u(number, 3);
                (self.builder.ins().iadd(base, offset), 0)
            }
        }
    }

    /// Leaves the numbers of the turns at hand.
    pub(super) fn store(&mut self, place: usize, numbers: Value) {
        let base = self.pointers.of(place).value;
        if let (Way::Unit { ahead, .. }, For::Two) = (self.turn.spots[place].way, self.now) {
            let address = self.builder.ins().iadd(base, self.index);
            self.builder.ins().store(two(), numbers, address, 8 * ahead as i32);
            return;
        }
        for lane in self.lanes() {
            let (address, offset) = self.address(place, base, lane);
            let number = self.builder.ins().extractlane(numbers, lane);
            self.builder.ins().store(trusted(), number, address, offset);
        }
    }

    /// Adds to the adjoints of a place, turn by turn.
    pub(super) fn add(&mut self, place: usize, numbers: Value) {
        let base = self.pointers.of(place).bar;
        for lane in self.lanes() {
            let (address, offset) = self.address(place, base, lane);
            let number = self.builder.ins().extractlane(numbers, lane);
            self.add_at(address, offset, number);
        }
    }

    /// Adds to two adjoints of a group.
    pub(super) fn add_two(&mut self, Adjoints { member, ahead }: Adjoints, numbers: Value) {
        let address = self.builder.ins().iadd(self.pointers.of(member).bar, self.index);
        let offset = 8 * ahead as i32;
        let sum = self.builder.ins().load(types::F64X2, two(), address, offset);
        let sum = self.builder.ins().fadd(sum, numbers);
        self.builder.ins().store(two(), sum, address, offset);
    }

    /// Adds to one adjoint of a group.
    pub(super) fn add_one(&mut self, Adjoints { member, ahead }: Adjoints, number: Value) {
        let address = self.builder.ins().iadd(self.pointers.of(member).bar, self.index);
        self.add_at(address, 8 * ahead as i32, number);
    }

    pub(super) fn add_at(&mut self, address: Value, offset: i32, number: Value) {
        let sum = self.builder.ins().load(types::F64, trusted(), address, offset);
        let sum = self.builder.ins().fadd(sum, number);
        self.builder.ins().store(trusted(), sum, address, offset);
    }

    /// The lanes that turns are in.
    pub(super) fn lanes(&self) -> std::ops::Range<u8> {
        0..if self.now == For::Two { 2 } else { 1 }
    }
}
