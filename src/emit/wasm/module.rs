//! A module while it is written: cells of memory, instructions, imports. It must not know what is
//! computed.

use super::Refused;
use super::number::Cell;
use crate::op::Op;
use std::cell::RefCell;
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, MemArg, MemArgTarget, MemorySection, MemoryType, TypeSection, ValType,
};

/// Instructions that one function holds: engines compile functions of moderate size well.
const LONGEST: usize = 20_000;
/// Bytes of a page of memory.
const PAGE: u64 = 65_536;

/// A compiled module.
#[derive(Clone, Debug)]
pub struct Module {
    binary: Vec<u8>,
    imports: Vec<Op>,
    bytes: usize,
}

impl Module {
    /// The module in WebAssembly's binary format.
    pub fn binary(&self) -> &[u8] {
        &self.binary
    }

    /// The rows that it imports from the module `js`, by their names. One of fixed arity takes and
    /// gives f64; one over a list is told as two i32 where in memory the list begins, in bytes, and
    /// how long it is.
    pub fn imports(&self) -> &[Op] {
        &self.imports
    }

    /// The bytes that one run takes, from its base on.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The parts of a module that are still growing.
#[derive(Default)]
pub(crate) struct Body {
    parts: RefCell<Parts>,
}

#[derive(Default)]
struct Parts {
    cells: u32,
    chunks: Vec<Vec<Instruction<'static>>>,
    runs: Vec<Run>,
    imports: Vec<Op>,
    refused: Vec<String>,
}

/// An exported function.
struct Run {
    name: String,
    /// The first chunk of it.
    first: usize,
    /// Whether it goes on from where the first exported function ends.
    goes_on: bool,
}

impl Body {
    /// A new cell, without a value.
    pub(crate) fn cell(&self) -> Cell<'_> {
        let mut parts = self.parts.borrow_mut();
        parts.cells += 1;
        Cell::At { body: self, cell: parts.cells - 1, arrived: false }
    }

    /// What follows belongs to another exported function. One that goes on runs the first one
    /// before, and may read its cells.
    #[cfg(feature = "page")]
    pub(crate) fn begin(&self, name: impl Into<String>, goes_on: bool) {
        let mut parts = self.parts.borrow_mut();
        let first = parts.chunks.len();
        parts.runs.push(Run { name: name.into(), first, goes_on });
        parts.chunks.push(Vec::new());
    }

    /// Appends instructions that leave nothing on the stack.
    pub(super) fn write(&self, instructions: &[Instruction<'static>]) {
        let mut parts = self.parts.borrow_mut();
        let room = parts.chunks.last().is_some_and(|chunk| chunk.len() < LONGEST);
        if !room {
            parts.chunks.push(Vec::new());
        }
        let last = parts.chunks.len() - 1;
        parts.chunks[last].extend_from_slice(instructions);
    }

    /// The number of an imported function. Imports come before all other functions.
    pub(super) fn import(&self, op: Op) -> u32 {
        let imports = &mut self.parts.borrow_mut().imports;
        let known = imports.iter().position(|import| *import == op);
        let place = known.unwrap_or_else(|| {
            imports.push(op);
            imports.len() - 1
        });
        place as u32
    }

    /// Remembers what cannot be compiled.
    pub(crate) fn refuse(&self, name: &str) {
        let refused = &mut self.parts.borrow_mut().refused;
        if !refused.iter().any(|known| known == name) {
            refused.push(name.to_owned());
        }
    }

    /// The finished module.
    pub(crate) fn module(self) -> Result<Module, Refused> {
        let mut parts = self.parts.into_inner();
        if !parts.refused.is_empty() {
            return Err(Refused { names: parts.refused });
        }
        if parts.runs.is_empty() {
            parts.runs.push(Run { name: "run".to_owned(), first: 0, goes_on: false });
        }
        let bytes = parts.cells as usize * 8;
        let binary = parts.encode(bytes as u64);
        Ok(Module { binary, imports: parts.imports, bytes })
    }
}

impl Parts {
    /// The sections in their order. Type 0 is that of our own functions; an import of n arguments
    /// has the type n, and the type after these is that of an import over a list.
    fn encode(&self, bytes: u64) -> Vec<u8> {
        let mut module = wasm_encoder::Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], []);
        let most = self.imports.iter().filter_map(|op| op.arity()).max().unwrap_or(0);
        for arity in 1..=most {
            types.ty().function(vec![ValType::F64; arity], [ValType::F64]);
        }
        types.ty().function([ValType::I32; 2], [ValType::F64]);
        let mut imports = ImportSection::new();
        for op in &self.imports {
            let kind = op.arity().unwrap_or(most + 1);
            imports.import("js", op.name(), EntityType::Function(kind as u32));
        }
        let mut functions = FunctionSection::new();
        (0..self.chunks.len() + self.runs.len()).for_each(|_| {
            functions.function(0);
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: bytes.div_ceil(PAGE).max(1) * 2,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        let first_run = (self.imports.len() + self.chunks.len()) as u32;
        for (k, run) in self.runs.iter().enumerate() {
            exports.export(&run.name, ExportKind::Func, first_run + k as u32);
        }
        module.section(&types).section(&imports).section(&functions).section(&memories);
        module.section(&exports).section(&self.code());
        module.finish()
    }

    /// The chunks, and for each exported function one that calls its chunks in turn.
    fn code(&self) -> CodeSection {
        let mut code = CodeSection::new();
        for chunk in &self.chunks {
            let mut function = Function::new([]);
            chunk.iter().for_each(|instruction| {
                function.instruction(instruction);
            });
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        let past = |k: usize| self.runs.get(k + 1).map_or(self.chunks.len(), |next| next.first);
        for (k, run) in self.runs.iter().enumerate() {
            let mut function = Function::new([]);
            let before = if run.goes_on { 0..past(0) } else { 0..0 };
            for chunk in before.chain(run.first..past(k)) {
                function.instruction(&Instruction::LocalGet(0));
                function.instruction(&Instruction::Call((self.imports.len() + chunk) as u32));
            }
            function.instruction(&Instruction::End);
            code.function(&function);
        }
        code
    }
}

/// Where a cell is, from the base on.
pub(super) fn address(cell: u32) -> MemArg {
    MemArg {
        offset: u64::from(cell) * 8,
        align: 3,
        target: MemArgTarget::Memory(0),
        ordering: None,
    }
}
