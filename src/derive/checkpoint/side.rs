//! What a loop runs, up and down again: a program that is replayed, or a function that is recorded
//! anew. It must not know where in the loop it runs.

use crate::derive::{Error, Workspace};
use crate::op::Number;
use crate::program::Program;
use crate::sweep::{Room, read, reverse};
use crate::tape::Tape;
use crate::tape::code::Code;
use crate::var::Var;

/// A function of a slice with several outputs.
pub(super) trait Side {
    /// Writes the outputs at `x`.
    fn up(&mut self, x: &[f64], y: &mut Vec<f64>) -> Result<(), Error>;

    /// Carries adjoints down from the outputs where [`up`](Side::up) ran last. Adds to those that
    /// `x_bar` holds; nothing has reached what is -0.0.
    fn down(&mut self, y_bar: &[f64], x_bar: &mut [f64]);

    /// Bytes in use.
    fn bytes(&self) -> usize;
}

/// A program, and room to replay it.
pub(super) struct Replayer {
    program: Program,
    room: Room<f64>,
}

impl Replayer {
    pub(super) fn new(program: Program) -> Replayer {
        Replayer { program, room: Room::default() }
    }
}

impl Side for Replayer {
    fn up(&mut self, x: &[f64], y: &mut Vec<f64>) -> Result<(), Error> {
        let Replayer { program, room } = self;
        program.run(room, x.len(), |k| x[k])?;
        y.clear();
        y.extend(
            program.outputs.iter().map(|output| read(&program.code, &room.values[..], *output)),
        );
        Ok(())
    }

    fn down(&mut self, y_bar: &[f64], x_bar: &mut [f64]) {
        let Replayer { program: Program { code, outputs, .. }, room } = self;
        let slots = outputs.iter().map(|output| (!output.is_constant()).then(|| output.index()));
        seed(code, slots.zip(y_bar), x_bar, &mut room.bars);
        room.reverse(code);
        collect(code, &room.bars, x_bar);
    }

    fn bytes(&self) -> usize {
        let numbers = self.room.values.len() + self.room.bars.len();
        self.program.code.bytes() + numbers * size_of::<f64>()
    }
}

/// A function, and a tape to record it on.
pub(super) struct Recorder<F> {
    f: F,
    tape: Tape,
    outputs: Vec<Option<usize>>,
    workspace: Workspace,
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Recorder<F> {
    pub(super) fn new(f: F) -> Recorder<F> {
        Recorder { f, tape: Tape::new(), outputs: Vec::new(), workspace: Workspace::new() }
    }
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>> Side for Recorder<F> {
    fn up(&mut self, x: &[f64], y: &mut Vec<f64>) -> Result<(), Error> {
        self.tape.clear();
        let outputs = (self.f)(&self.tape.input_slice(x));
        y.clear();
        y.extend(outputs.iter().map(|output| output.value()));
        self.outputs.clear();
        self.outputs.extend(outputs.iter().map(|output| output.slot()));
        Ok(())
    }

    fn down(&mut self, y_bar: &[f64], x_bar: &mut [f64]) {
        let (core, room) = (self.tape.core.borrow(), &mut self.workspace.real);
        seed(&core.code, self.outputs.iter().copied().zip(y_bar), x_bar, &mut room.bars);
        reverse(&core.code, 0, core.code.slots(), &mut room.bars, &mut room.scratch);
        collect(&core.code, &room.bars, x_bar);
    }

    fn bytes(&self) -> usize {
        self.tape.memory().bytes + size_of_val(&self.workspace.real.bars[..])
    }
}

/// The adjoints before a sweep: those of inputs from `x_bar`, and what has reached the outputs.
fn seed<'b>(
    code: &Code,
    outputs: impl Iterator<Item = (Option<usize>, &'b f64)>,
    x_bar: &[f64],
    bars: &mut Vec<f64>,
) {
    bars.clear();
    bars.resize(code.len(), crate::op::UNREACHED);
    for (slot, bar) in code.inputs().iter().zip(x_bar) {
        bars[*slot as usize] = *bar;
    }
    for (slot, bar) in outputs.filter(|(_, bar)| !bar.is_unreached()) {
        if let Some(slot) = slot {
            bars[slot] += bar + 0.0;
        }
    }
}

/// The adjoints of the inputs after a sweep.
fn collect(code: &Code, bars: &[f64], x_bar: &mut [f64]) {
    for (slot, bar) in code.inputs().iter().zip(x_bar) {
        *bar = bars[*slot as usize];
    }
}
