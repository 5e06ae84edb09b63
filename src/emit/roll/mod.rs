//! Programs whose repeated parts run as loops, in lanes: the opposite of unrolling. It must not know
//! any primitive.

mod blocks;
mod building;
mod find;
mod flatten;
pub(super) mod layout;
pub(super) mod template;

use crate::derive::{Error, Workspace, check_length};
use crate::emit::lanes::{Memory, Registers, Schedule, Turns};
use crate::program::Program;
use flatten::flatten;
use layout::{Block, Layout};
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

/// A part of a program that runs as a loop: `turns` times the same `length` slots, from slot `start`
/// on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Loop {
    pub start: usize,
    pub length: usize,
    pub turns: usize,
}

/// A program whose repeated parts run as loops, with the program itself. It is `Send + Sync`, and
/// evaluated through `&self` with a [`Workspace`] per caller.
///
/// A recording is flat: a loop of a thousand turns is a thousand copies of what one turn does. Here
/// the loops are found again. The turns of a loop are taken in vector lanes, many at once; nothing is
/// stored of a turn but what others need, and the rest is computed again on the way down. What adds
/// up from turn to turn is added in eight parts.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v.windows(2).map(|x| (x[1] - x[0].square()).square()).sum(), &[0.5; 1000]);
/// let rolled = f.roll()?;
/// assert_eq!(rolled.loops().count(), 1);
/// let (value, gradient) = rolled.value_and_gradient(&[1.0; 1000])?;
/// assert_eq!((value, gradient[0]), (0.0, 0.0));
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// Numbers agree with those of the program to rounding and not to the last bit: sums are added in
/// another order, and lanes have functions of their own, within 2 ulp ([`Lanes`](crate::Lanes)). Where
/// a recorded comparison goes the other way, the error is the program's.
pub struct Rolled {
    pub(super) program: Program,
    pub(super) layout: Arc<Layout>,
}

impl Program {
    /// The program with its repeated parts as loops. Costs about a microsecond a slot.
    ///
    /// # Errors
    /// [`Error::Unsupported`], for a custom primitive without a program.
    pub fn roll(&self) -> Result<Rolled, Error> {
        self.check_customs()?;
        Ok(Rolled { program: self.clone(), layout: Arc::new(Layout::of(&flatten(self))) })
    }
}

/// # Evaluation
///
/// All of these panic if a slice has another length than the program's inputs or outputs, and give
/// [`Error::BranchChanged`] where a recorded comparison goes the other way. The forms ending in
/// `_into` do not allocate once the workspace has grown.
impl Rolled {
    /// The program that was rolled.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The loops that were found, in the order of the program.
    pub fn loops(&self) -> impl Iterator<Item = Loop> + '_ {
        let parts = self.layout.blocks.iter().map(|block| block.part);
        let loops = parts.filter(|part| part.turns > 1 && part.length > 0);
        loops.map(|part| Loop { start: part.start, length: part.length, turns: part.turns })
    }

    /// Bytes that say what is done, and where numbers are.
    pub fn bytes(&self) -> usize {
        self.layout.bytes()
    }

    /// The value of the only output.
    pub fn value(&self, x: &[f64]) -> Result<f64, Error> {
        self.value_into(x, &mut Workspace::new())
    }

    /// [`value`](Rolled::value) in a workspace.
    #[track_caller]
    pub fn value_into(&self, x: &[f64], workspace: &mut Workspace) -> Result<f64, Error> {
        self.program.check_scalar();
        let mut y = [f64::NAN];
        match self.up(x, &mut y, workspace) {
            true => Ok(y[0]),
            false => self.program.value_into(x, workspace),
        }
    }

    /// The values of all outputs, in a workspace.
    #[track_caller]
    pub fn values_into(
        &self,
        x: &[f64],
        y: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the slice", y.len(), self.program.outputs(), "output");
        match self.up(x, y, workspace) {
            true => Ok(()),
            false => self.program.values_into(x, y, workspace),
        }
    }

    /// The gradient of the only output, in a workspace.
    #[track_caller]
    pub fn gradient_into(
        &self,
        x: &[f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        self.value_and_gradient_into(x, x_bar, workspace).map(|_| ())
    }

    /// The value and the gradient of the only output.
    pub fn value_and_gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>), Error> {
        let mut x_bar = vec![0.0; self.program.inputs()];
        let value = self.value_and_gradient_into(x, &mut x_bar, &mut Workspace::new())?;
        Ok((value, x_bar))
    }

    /// [`value_and_gradient`](Rolled::value_and_gradient) in a workspace.
    #[track_caller]
    pub fn value_and_gradient_into(
        &self,
        x: &[f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<f64, Error> {
        self.program.check_scalar();
        let mut y = [f64::NAN];
        self.vjp_into(x, &[1.0], &mut y, x_bar, workspace)?;
        Ok(y[0])
    }

    /// The values, and the vector-Jacobian product, in a workspace: the gradient of the sum of all
    /// outputs, each times its cotangent.
    #[track_caller]
    pub fn vjp_into(
        &self,
        x: &[f64],
        y_bar: &[f64],
        y: &mut [f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the cotangent", y_bar.len(), self.program.outputs(), "output");
        check_length("the slice", y.len(), self.program.outputs(), "output");
        check_length("the gradient", x_bar.len(), self.program.inputs(), "input");
        match self.up_and_down(x, y_bar, y, x_bar, workspace) {
            true => Ok(()),
            false => self.program.vjp_into(x, y_bar, y, x_bar, workspace),
        }
    }

    /// Computes values. False where a recorded comparison goes the other way: then the program itself
    /// has the answer.
    #[track_caller]
    fn up(&self, x: &[f64], y: &mut [f64], workspace: &mut Workspace) -> bool {
        check_length("the point", x.len(), self.program.inputs(), "input");
        let Workspace { real, lanes, .. } = workspace;
        let cells = Cell::from_mut(room(&mut real.values, self.layout.cells)).as_slice_of_cells();
        let memory = self.memory(x, cells, &[], &[]);
        let mut blocks = self.layout.blocks.iter();
        blocks.all(|block| self.ascend(block, memory, lanes))
            && self.layout.answer(x, y, |k| cells[k].get())
    }

    /// Computes values, and gathers adjoints. False as in [`up`](Rolled::up).
    #[track_caller]
    fn up_and_down(
        &self,
        x: &[f64],
        y_bar: &[f64],
        y: &mut [f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> bool {
        check_length("the point", x.len(), self.program.inputs(), "input");
        let Workspace { real, lanes, .. } = workspace;
        let cells = Cell::from_mut(room(&mut real.values, self.layout.cells)).as_slice_of_cells();
        let bars = room(&mut real.bars, self.layout.cells);
        x_bar.fill(0.0);
        self.layout.seed(y_bar, bars, x_bar);
        let [bars, slopes] = [bars, x_bar].map(|all| Cell::from_mut(all).as_slice_of_cells());
        let memory = self.memory(x, cells, bars, slopes);
        let turns_here = self.layout.blocks.last().is_some_and(|block| block.down.is_some());
        let before = self.layout.blocks.len() - usize::from(turns_here);
        let (blocks, last) = self.layout.blocks.split_at(before);
        blocks.iter().all(|block| self.ascend(block, memory, lanes))
            && last.iter().all(|block| self.descend(block, memory, lanes))
            && self.layout.answer(x, y, |k| cells[k].get())
            && blocks.iter().rev().all(|block| self.descend(block, memory, lanes))
    }

    /// False if a comparison within a custom primitive goes another way than was recorded.
    fn ascend(&self, block: &Block, memory: Memory<'_>, registers: &mut Registers) -> bool {
        let schedule = &self.layout.templates[block.template].up;
        self.turns(block, schedule, memory).run(registers)
    }

    fn descend(&self, block: &Block, memory: Memory<'_>, registers: &mut Registers) -> bool {
        block.down.is_none_or(|down| {
            let schedule = &self.layout.templates[block.template].downs[down].schedule;
            self.turns(block, schedule, memory).run(registers)
        })
    }

    fn memory<'a>(
        &'a self,
        point: &'a [f64],
        cells: &'a [Cell<f64>],
        bars: &'a [Cell<f64>],
        slopes: &'a [Cell<f64>],
    ) -> Memory<'a> {
        let Layout { constants, tables, .. } = &*self.layout;
        Memory { point, constants, tables, cells, outputs: &[], slopes, bars }
    }

    fn turns<'a>(
        &'a self,
        block: &'a Block,
        schedule: &'a Schedule,
        memory: Memory<'a>,
    ) -> Turns<'a> {
        let places = &self.layout.places;
        Turns {
            schedule,
            turns: block.part.turns,
            inputs: &places[block.inputs.clone()],
            outputs: &places[block.outputs.clone()],
            fresh: false,
            memory,
        }
    }
}

/// The first numbers of a list that is kept, and grown if it is too short.
fn room(kept: &mut Vec<f64>, length: usize) -> &mut [f64] {
    if kept.len() < length {
        kept.resize(length, 0.0);
    }
    &mut kept[..length]
}

impl fmt::Debug for Rolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_loops: usize = self.loops().map(|part| part.length * part.turns).sum();
        f.debug_struct("Rolled")
            .field("program", &self.program)
            .field("loops", &self.loops().count())
            .field("slots_in_loops", &in_loops)
            .finish_non_exhaustive()
    }
}
