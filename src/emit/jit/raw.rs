//! Code in memory, and calls of it. It must not know what the code computes.
//!
//! Every block is argued where it stands. What they lean on: the code was made by `lower`, which
//! writes no address but those of cells, and `Extent` says how many cells of each kind there are.
#![allow(unsafe_code)] // nothing else can run code that was written a moment ago

use super::CompileError;
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

/// Code that can be run: pieces that go up, in order, and pieces that come down after them.
pub(super) struct Machine {
    /// Owns the memory that the entries are in; `None` only while it is dropped.
    module: Option<JITModule>,
    up: Vec<Entry>,
    down: Vec<Entry>,
    constants: Vec<f64>,
    extent: Extent,
    bytes: usize,
}

// SAFETY: once made, the module is only kept, not used, until it is dropped, by one owner. The code
// does not change, and has no state but what its caller hands in.
unsafe impl Send for Machine {}
// SAFETY: as above; calls from several threads each have pointers of their own.
unsafe impl Sync for Machine {}

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
        let refused = |error| CompileError::Memory(format!("{error}"));
        let mut module = JITModule::new(JITBuilder::with_isa(isa, default_libcall_names()));
        let name = module.declare_function("pieces", Linkage::Local, signature).map_err(refused)?;
        module.define_function_bytes(name, 64, bytes, &[]).map_err(refused)?;
        module.finalize_definitions().map_err(refused)?;
        let start = module.get_finalized_function(name);
        let entries = |offsets: &[usize]| {
            assert!(offsets.iter().all(|offset| *offset < bytes.len()), "a piece beyond its code");
            // SAFETY: the offset is within `bytes`, which now stand at `start`, and a function of this
            // signature begins there. It is called only while `module` keeps the memory.
            let entry = |offset: &usize| unsafe {
                std::mem::transmute::<*const u8, Entry>(start.add(*offset))
            };
            offsets.iter().map(entry).collect()
        };
        let (up, down) = (entries(up), entries(down));
        let bytes = bytes.len() + size_of_val(&constants[..]);
        Ok(Machine { module: Some(module), up, down, constants, extent, bytes })
    }

    /// Bytes of code, and of the constants in it.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
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
        let constants = self.constants.as_ptr();
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

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: the entries go with it, and no call is under way: each borrows the machine.
            unsafe { module.free_memory() }
        }
    }
}

/// The function of a row that takes a list, for code: where the list begins, and its length.
pub(super) extern "C" fn of_list<const CODE: u8>(list: *const f64, length: usize) -> f64 {
    // SAFETY: only code calls this, and it has written so many numbers there just before.
    let list = unsafe { std::slice::from_raw_parts(list, length) };
    Op::from_code(CODE).map_or(f64::NAN, |op| op.value_f64(list))
}
