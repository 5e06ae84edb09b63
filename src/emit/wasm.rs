//! Programs as WebAssembly: the values of a recording, and its gradient, as a module for browsers.
//! The sweeps run in a number that writes instructions. Arithmetic and the rules of rows become
//! instructions; what else a row computes is an import by the row's name, so that a new row needs
//! no work here. [`JAVASCRIPT`] has these functions for browsers. It must not know any rule.

mod module;
mod number;

pub use module::Module;

#[cfg(feature = "page")]
use crate::op::Op;
use crate::program::Program;
use crate::sweep::{Room, read};
#[cfg(feature = "page")]
use crate::tape::code::Arg;
pub(crate) use module::Body;
pub(crate) use number::Cell;
use std::fmt;

/// What rows compute, in JavaScript: the text of `const primitives = (numbers) => {..}`, an object that
/// a module finds its imports in. `numbers` is a function that gives the module's memory as a
/// `Float64Array`.
///
/// Each row is within its `ulps` of [`Row`](crate::Row), values and partials, as far as the engine's
/// `Math` is that of fdlibm; a test holds V8's to it.
///
/// ```js
/// let memory;
/// const { instance } = await WebAssembly.instantiate(binary, { js: primitives(() => memory) });
/// memory = new Float64Array(instance.exports.memory.buffer);
/// memory.set(inputs);
/// instance.exports.run(0);
/// ```
pub const JAVASCRIPT: &str = include_str!("wasm/primitives.js");

/// Whether [`JAVASCRIPT`] has a function for a row: an entry of the object at its end.
#[cfg(feature = "page")]
pub(crate) fn has_javascript(op: Op) -> bool {
    let entry = |line: &str| {
        let rest = line.strip_prefix("    ").and_then(|line| line.strip_prefix(op.name()));
        rest.is_some_and(|rest| rest.starts_with([':', ',']))
    };
    let entries = JAVASCRIPT.rsplit("  return {\n").next();
    entries.is_some_and(|entries| entries.lines().any(entry))
}

/// What a module cannot compute: a comparison that was recorded, since a module cannot record again
/// where it changes; a custom primitive; and on a page, a row that [`JAVASCRIPT`] has no function for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The names of the primitives.
    pub names: Vec<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.names.join("`, `");
        write!(f, "`{names}` cannot be computed in a browser: that can only what has a form in ")?;
        write!(f, "JavaScript, which no custom primitive has, and no branch that may change")
    }
}

impl std::error::Error for Refused {}

impl Program {
    /// The program as a WebAssembly module, with the gradient of each output.
    ///
    /// It exports its `memory` and a function `run(base)`: at `base`, a multiple of 8, it expects the
    /// inputs as f64, one behind the other; behind them it writes the outputs, and behind these the
    /// gradient of each output in all inputs. [`Module::bytes`] says how much memory that takes.
    ///
    /// Sums, products, quotients, roots, selections and what is made of these have the bits that
    /// [`Program::value`] has. Whatever else a row computes is imported from the module `js` by the
    /// name of the row: see [`Module::imports`]. With the functions of [`JAVASCRIPT`] each row is as
    /// exact as the table says.
    ///
    /// # Errors
    /// If the program holds a comparison, since a module cannot record again where a branch changes,
    /// or a custom primitive that is no program itself.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| (v[0] * v[1]).exp(), &[1.0, 2.0]);
    /// let module = f.wasm().unwrap();
    /// assert_eq!(&module.binary()[..4], b"\0asm");
    /// assert_eq!(module.imports(), [Op::Exp]);
    /// let g = record(|v| if v[0] > 0.0 { v[0] } else { -v[0] }, &[1.0]);
    /// assert_eq!(g.wasm().unwrap_err().names, ["a recorded comparison"]);
    /// ```
    pub fn wasm(&self) -> Result<Module, Refused> {
        let body = Body::default();
        let inputs: Vec<Cell<'_>> = (0..self.inputs()).map(|_| body.cell()).collect();
        let (n, m) = (self.inputs(), self.outputs());
        let places: Vec<Cell<'_>> = (0..m * (n + 1)).map(|_| body.cell()).collect();
        let mut room = Room::<Cell<'_>>::default();
        if room.replay(&self.code, |k| inputs[k]).is_err() {
            body.refuse("a recorded comparison");
        }
        for (k, output) in self.outputs.iter().enumerate() {
            places[k].store(read(&self.code, &room.values[..], *output));
            room.unreached(self.reach());
            room.seed(*output, Cell::Constant(1.0));
            room.reverse(&self.code);
            for (i, slot) in self.code.inputs().iter().enumerate() {
                places[m + k * n + i].store(room.bar(*slot));
            }
        }
        drop(room);
        body.module()
    }
}

/// A whole recording while it is compiled: the values of all slots, and the adjoints below one.
#[cfg(feature = "page")]
pub(crate) struct Compiled<'p, 'b> {
    program: &'p Program,
    room: Room<Cell<'b>>,
}

#[cfg(feature = "page")]
impl<'p, 'b> Compiled<'p, 'b> {
    /// Writes the way up, from these inputs, and the way down from `output`.
    pub(crate) fn new(
        body: &'b Body,
        program: &'p Program,
        inputs: &[Cell<'b>],
        output: usize,
    ) -> Self {
        let mut room = Room::default();
        if room.replay(&program.code, |k: usize| inputs[k]).is_err() {
            body.refuse("a recorded comparison");
        }
        room.unreached(output + 1);
        room.seed(Arg::slot(output), Cell::Constant(1.0));
        room.reverse(&program.code);
        Compiled { program, room }
    }

    /// The value of a slot.
    pub(crate) fn value(&self, slot: usize) -> Cell<'b> {
        self.room.values[slot]
    }

    /// The adjoint of a slot: 0 where nothing arrives.
    pub(crate) fn adjoint(&self, slot: usize) -> Cell<'b> {
        self.room.bar(slot as u32)
    }

    /// The partials of a slot, 0 where nothing flows.
    pub(crate) fn partials(&self, slot: usize) -> Vec<Cell<'b>> {
        let code = &self.program.code;
        let args: Vec<Cell<'b>> =
            code.all_args(slot).iter().map(|arg| read(code, &self.room.values[..], *arg)).collect();
        match code.word(slot).op() {
            Some(op) => op.partials(&args, self.value(slot)).to_vec(),
            // A custom primitive, for which there will be no module; an input, which has no arguments.
            None => vec![Cell::Constant(f64::NAN); args.len()],
        }
    }
}
