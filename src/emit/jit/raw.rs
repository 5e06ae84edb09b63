//! Code in memory, and calls of it. It must not know what the code computes.
//!
//! Every block is argued where it stands. What they lean on: the code was made by `lower`, which
//! writes no address but those of cells, and `Extent` says how many cells of each kind there are.
#![allow(unsafe_code)] // nothing else can run code that was written a moment ago

use super::CompileError;
use super::loops::Operand;
use crate::emit::lanes::{Access, Place, Space};
use crate::op::Op;
use cranelift_codegen::ir::Signature;
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module, default_libcall_names};

/// How a piece of code is called: point, values of outputs, cotangents, gradient (or null, to compute
/// values alone), frame, constants. It returns 0 where a recorded comparison goes the other way.
type Entry =
    unsafe extern "C" fn(*const f64, *mut f64, *const f64, *mut f64, *mut f64, *const f64) -> u64;

/// How many numbers the code reads and writes at most, through each of its pointers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Values, which stand before the pointer to the frame, and cells, which stand behind it.
    pub(super) values: usize,
    pub(super) cells: usize,
}

/// Memory with code in it, and the constants that the code reads.
struct Memory {
    /// `None` only while it is dropped.
    module: Option<JITModule>,
    start: *const u8,
    constants: Vec<f64>,
    bytes: usize,
}

/// Code that can be run: pieces that go up, in order, and pieces that come down after them.
pub(super) struct Machine {
    /// Owns what the entries point to.
    memory: Memory,
    up: Vec<Entry>,
    down: Vec<Entry>,
    extent: Extent,
}

// SAFETY: once made, the module is only kept, not used, until it is dropped, by one owner. The code
// does not change, and has no state but what its caller hands in.
unsafe impl Send for Memory {}
// SAFETY: as above; calls from several threads each have pointers of their own.
unsafe impl Sync for Memory {}

impl Memory {
    /// Makes code executable.
    fn new(
        isa: OwnedTargetIsa,
        signature: &Signature,
        bytes: &[u8],
        constants: Vec<f64>,
    ) -> Result<Memory, CompileError> {
        let refused = |error| CompileError::Memory(format!("{error}"));
        let mut module = JITModule::new(JITBuilder::with_isa(isa, default_libcall_names()));
        let name = module.declare_function("pieces", Linkage::Local, signature).map_err(refused)?;
        module.define_function_bytes(name, 64, bytes, &[]).map_err(refused)?;
        module.finalize_definitions().map_err(refused)?;
        let start = module.get_finalized_function(name);
        let bytes = bytes.len() + size_of_val(&constants[..]);
        Ok(Memory { module: Some(module), start, constants, bytes })
    }
}

impl Machine {
    /// Makes code executable. `up` and `down` say where in `bytes` each piece begins.
    pub(super) fn new(
        isa: OwnedTargetIsa,
        signature: &Signature,
        bytes: &[u8],
        constants: Vec<f64>,
        [up, down]: [&[usize]; 2],
        extent: Extent,
    ) -> Result<Machine, CompileError> {
        let memory = Memory::new(isa, signature, bytes, constants)?;
        let entries = |offsets: &[usize]| {
            assert!(offsets.iter().all(|offset| *offset < bytes.len()), "a piece beyond its code");
            // SAFETY: the offset is within `bytes`, which now stand at `start`, and a function of this
            // signature begins there. It is called only while `memory` is kept.
            let entry = |offset: &usize| unsafe {
                std::mem::transmute::<*const u8, Entry>(memory.start.add(*offset))
            };
            offsets.iter().map(entry).collect()
        };
        let (up, down) = (entries(up), entries(down));
        Ok(Machine { memory, up, down, extent })
    }

    /// Bytes of code, and of the constants in it.
    pub(super) fn bytes(&self) -> usize {
        self.memory.bytes
    }

    /// Computes the values of the outputs at `x`, and the gradient if it is asked for. False where a
    /// recorded comparison goes the other way; what was written then means nothing.
    #[inline]
    pub(super) fn run(
        &self,
        x: &[f64],
        y: &mut [f64],
        y_bar: &[f64],
        x_bar: Option<&mut [f64]>,
        frame: &mut [f64],
    ) -> bool {
        let Extent { inputs, outputs, values, cells } = self.extent;
        assert!(x.len() == inputs && y.len() == outputs && frame.len() >= values + cells);
        assert!(y_bar.len() == outputs && x_bar.as_ref().is_none_or(|bar| bar.len() == inputs));
        let comes_down = x_bar.is_some();
        let x_bar = x_bar.map_or(std::ptr::null_mut(), |bar| bar.as_mut_ptr());
        let (y, frame) = (y.as_mut_ptr(), frame.as_mut_ptr().wrapping_add(values));
        let constants = self.memory.constants.as_ptr();
        let call = |entry: &Entry| {
            // SAFETY: the code stays within the lengths that were compared above, and writes to no
            // number but those of `y`, `x_bar` and `frame`, which are borrowed until it returns.
            unsafe { entry(x.as_ptr(), y, y_bar.as_ptr(), x_bar, frame, constants) }
        };
        let holds = self.up.iter().fold(1, |holds, entry| holds & call(entry)) != 0;
        if holds && comes_down {
            self.down.iter().for_each(|entry| {
                call(entry);
            });
        }
        holds
    }
}

/// How the code of a block is called: where the numbers of each kind begin, what it is told of its
/// places, and how many turns it takes. It returns 0 where something that it asks has another answer
/// than was recorded.
type BlockEntry = unsafe extern "C" fn(*const *mut f64, *const Operand, i64) -> i64;

/// A block to be run: where in the bytes its code begins, where in the operands those of its places
/// begin, and how many turns it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) start: usize,
    pub(super) operands: usize,
    pub(super) turns: usize,
}

/// How many numbers there are of each kind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room {
    pub(super) inputs: usize,
    pub(super) cells: usize,
    /// Numbers of the longest list that is handed to a function, and of what waits meanwhile.
    pub(super) list: usize,
}

/// What blocks read and write: the adjoints may be left out where nothing goes down.
pub(super) struct Numbers<'a> {
    pub(super) point: &'a [f64],
    pub(super) slopes: &'a mut [f64],
    pub(super) cells: &'a mut [f64],
    pub(super) bars: &'a mut [f64],
}

/// Code of blocks, and which of them are run in which order.
pub(super) struct Blocks {
    memory: Memory,
    calls: [Vec<(BlockEntry, Call)>; 4],
    operands: Vec<Operand>,
    constants: Vec<f64>,
    tables: Vec<u32>,
    room: Room,
}

impl Blocks {
    /// Makes code executable. In `calls` are lists of blocks to be run, each block with its places;
    /// those of the first two lists touch no adjoint. `operands` are what [`ways`](super::loops) makes
    /// of these places.
    pub(super) fn new(
        memory: Executable<'_>,
        calls: [Vec<(Call, &[Place])>; 4],
        operands: Vec<Operand>,
        constants: &[f64],
        tables: &[u32],
        room: Room,
    ) -> Result<Blocks, CompileError> {
        let Executable { isa, signature, bytes, pool } = memory;
        let memory = Memory::new(isa, signature, bytes, pool)?;
        let all = calls.iter().flatten();
        for (call, places) in all {
            assert!(call.start < bytes.len(), "a block beyond its code");
            assert!(call.operands + places.len() <= operands.len(), "places without operands");
            assert!(call.turns > 0, "a block takes a turn at least");
            let is_within = |place: &Place| {
                let count = match place.space {
                    Space::Point => room.inputs,
                    Space::Cells => room.cells,
                    Space::Constants => constants.len(),
                    Space::Outputs => 0,
                };
                is_within(place.access, count, call.turns, tables)
            };
            assert!(places.iter().all(is_within), "a place beyond its space");
        }
        let calls = calls.map(|calls| {
            let entry = |(call, _): (Call, &[Place])| {
                // SAFETY: the offset is within `bytes`, which now stand at `start`, and a function of
                // this signature begins there. It is called only while `memory` is kept.
                let entry = unsafe {
                    std::mem::transmute::<*const u8, BlockEntry>(memory.start.add(call.start))
                };
                (entry, call)
            };
            calls.into_iter().map(entry).collect()
        });
        let (constants, tables) = (constants.to_vec(), tables.to_vec());
        Ok(Blocks { memory, calls, operands, constants, tables, room })
    }

    /// Bytes of code and of what it reads.
    pub(super) fn bytes(&self) -> usize {
        let calls = self.calls.iter().map(|calls| size_of_val(&calls[..])).sum::<usize>();
        self.memory.bytes
            + calls
            + size_of_val(&self.operands[..])
            + size_of_val(&self.constants[..])
            + size_of_val(&self.tables[..])
    }

    /// Runs the blocks of a list, by its number. False where something that they ask has another answer
    /// than was recorded.
    pub(super) fn run(&self, which: usize, numbers: &mut Numbers<'_>) -> bool {
        let Room { inputs, cells, list } = self.room;
        assert!(numbers.point.len() == inputs && numbers.cells.len() >= cells + list);
        let has_adjoints = numbers.slopes.len() == inputs && numbers.bars.len() >= cells;
        assert!(which < 2 || has_adjoints, "nowhere for adjoints to go");
        let cells_of = numbers.cells.as_mut_ptr();
        let bases: [*mut f64; 8] = [
            numbers.point.as_ptr().cast_mut(),
            numbers.slopes.as_mut_ptr(),
            cells_of,
            numbers.bars.as_mut_ptr(),
            self.constants.as_ptr().cast_mut(),
            self.tables.as_ptr().cast_mut().cast(),
            self.memory.constants.as_ptr().cast_mut(),
            cells_of.wrapping_add(cells),
        ];
        let mut holds = 1;
        for (entry, call) in &self.calls[which] {
            // SAFETY: the operands are those of places that were held against the lengths compared
            // above when the code was made, in all turns. Where one turn's number stands behind that of
            // the one before, code also touches numbers between the first and the last of a group of
            // places, which are in the same space. Lists 0 and 1 touch no adjoint. Code writes to cells,
            // bars and slopes alone, which are borrowed until it returns, and lists and what waits
            // while a function is called to the room behind the cells.
            holds &= unsafe {
                entry(bases.as_ptr(), self.operands.as_ptr().add(call.operands), call.turns as i64)
            };
        }
        holds != 0
    }
}

/// Whether a place has its numbers among so many, in all turns.
fn is_within(access: Access, count: usize, turns: usize, tables: &[u32]) -> bool {
    let is_one = |at: i128| (0..count as i128).contains(&at);
    match access {
        Access::Same { at } => is_one(at.into()),
        Access::Stride { at, step } => {
            let last = i128::from(at) + i128::from(step) * (turns as i128 - 1);
            is_one(at.into()) && is_one(last)
        }
        Access::Table { from } => {
            let entries = tables.get(from as usize..).and_then(|from| from.get(..turns));
            entries.is_some_and(|all| all.iter().all(|at| (*at as usize) < count))
        }
    }
}

/// What becomes executable: code with its signature, and the constants that it reads.
pub(super) struct Executable<'a> {
    pub(super) isa: OwnedTargetIsa,
    pub(super) signature: &'a Signature,
    pub(super) bytes: &'a [u8],
    pub(super) pool: Vec<f64>,
}

impl Drop for Memory {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: the entries go with it, and no call is under way: each borrows their owner.
            unsafe { module.free_memory() }
        }
    }
}

/// The function of a row that takes a list, for code: where the list begins, and its length.
pub(super) extern "C" fn of_list<const CODE: u8>(list: *const f64, length: usize) -> f64 {
    // SAFETY: only code calls this, and it has written so many numbers there just before.
    let list = unsafe { std::slice::from_raw_parts(list, length) };
    Op::from_code(CODE).expect("no other address is given out").value_f64(list)
}
