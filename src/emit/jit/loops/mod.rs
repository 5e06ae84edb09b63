//! The loops of a program as machine code: a function for each kind of block, called block by block. It
//! must not know instructions.

mod plan;
mod ways;
mod windows;
mod writer;

use super::CompileError;
use super::lower::Lowering;
use super::raw::{Blocks, Call, Executable, Numbers, Room};
use crate::derive::Workspace;
use crate::emit::lanes::Place;
use crate::emit::list::graph::Kind;
use crate::emit::roll::layout::{Block, Layout};
use plan::Turn;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use ways::{Spot, ways};
use writer::LoopWriter;

pub(super) use ways::Operand;
pub(super) use writer::PARAMETERS;

/// Lists of blocks: those that go up before the last; the last, if it only goes up; the last, if it goes
/// up and down at once; and those that go down behind it.
const UP: usize = 0;
const LAST: usize = 1;
const BOTH: usize = 2;
const DOWN: usize = 3;

/// What a program became.
pub(super) struct Loops {
    layout: Arc<Layout>,
    blocks: Blocks,
    /// Numbers of the longest list.
    list: usize,
}

impl Loops {
    /// Writes the code of a program of so many inputs.
    pub(super) fn write(
        layout: &Arc<Layout>,
        inputs: usize,
        lowering: Lowering,
    ) -> Result<Loops, CompileError> {
        let mut writing = Writing {
            layout,
            lowering,
            functions: HashMap::new(),
            operands: Vec::new(),
            calls: Default::default(),
            list: 0,
        };
        for (k, block) in layout.blocks.iter().enumerate() {
            writing.block(block, k + 1 == layout.blocks.len())?;
        }
        let Writing { lowering, operands, mut calls, list, .. } = writing;
        calls[DOWN].reverse();
        let Lowering { isa, bytes, signature, pool, .. } = lowering;
        let code = Executable { isa, signature: &signature, bytes: &bytes, pool: pool.numbers };
        let room = Room { inputs, cells: layout.cells, list };
        let (constants, tables) = (&layout.constants[..], &layout.tables[..]);
        let blocks = Blocks::new(code, calls, operands, constants, tables, room)?;
        Ok(Loops { layout: Arc::clone(layout), blocks, list })
    }

    /// Bytes of code, and of what it is told.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.bytes()
    }

    /// Computes values, and adjoints if they are asked for. False where a recorded comparison goes the
    /// other way; what was written then means nothing.
    pub(super) fn run(
        &self,
        point: &[f64],
        y: &mut [f64],
        y_bar: &[f64],
        slopes: Option<&mut [f64]>,
        workspace: &mut Workspace,
    ) -> bool {
        let Workspace { real, .. } = workspace;
        let cells = room(&mut real.values, self.layout.cells + self.list);
        let Some(slopes) = slopes else {
            let mut numbers = Numbers { point, slopes: &mut [], cells, bars: &mut [] };
            let holds = [UP, LAST].map(|which| self.blocks.run(which, &mut numbers));
            return self.layout.answer(point, y, |k| numbers.cells[k]) && holds == [true; 2];
        };
        let bars = room(&mut real.bars, self.layout.cells);
        self.layout.seed(y_bar, bars, slopes);
        let mut numbers = Numbers { point, slopes, cells, bars };
        let holds = [UP, BOTH].map(|which| self.blocks.run(which, &mut numbers));
        let holds = self.layout.answer(point, y, |k| numbers.cells[k]) && holds == [true; 2];
        holds && self.blocks.run(DOWN, &mut numbers)
    }
}

/// The first numbers of a list that is kept, and grown if it is too short.
fn room(kept: &mut Vec<f64>, length: usize) -> &mut [f64] {
    if kept.len() < length {
        kept.resize(length, 0.0);
    }
    &mut kept[..length]
}

impl fmt::Debug for Loops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of code of {} blocks", self.bytes(), self.layout.blocks.len())
    }
}

/// What tells a function from others: its template, the sweep down of it that it does, the places of
/// its numbers, and whether it takes one turn only.
type Key = (usize, Option<usize>, Vec<Spot>, bool);

/// Writes the functions of blocks.
struct Writing<'l> {
    layout: &'l Layout,
    lowering: Lowering,
    functions: HashMap<Key, Option<usize>>,
    operands: Vec<Operand>,
    calls: [Vec<(Call, &'l [Place])>; 4],
    /// Numbers of the longest list.
    list: usize,
}

impl Writing<'_> {
    fn block(&mut self, block: &Block, is_last: bool) -> Result<(), CompileError> {
        let places = &self.layout.places[block.inputs.start..block.outputs.end];
        let (spots, operands) = ways(places);
        let first = self.operands.len();
        self.operands.extend(operands);
        let both = is_last && block.down.is_some();
        let up = (if both { LAST } else { UP }, None);
        let down = block.down.map(|down| (if both { BOTH } else { DOWN }, Some(down)));
        for (list, down) in [Some(up), down].into_iter().flatten() {
            if let Some(start) = self.function(block, &spots, down)? {
                let call = Call { start, operands: first, turns: block.part.turns };
                self.calls[list].push((call, places));
            }
        }
        Ok(())
    }

    /// Where the function of a block begins, if it does anything.
    fn function(
        &mut self,
        block: &Block,
        spots: &[Spot],
        down: Option<usize>,
    ) -> Result<Option<usize>, CompileError> {
        let single = block.part.turns == 1;
        let key = (block.template, down, spots.to_vec(), single);
        if let Some(known) = self.functions.get(&key) {
            return Ok(*known);
        }
        let template = &self.layout.templates[block.template];
        let graph = template.graph(down);
        let lists = graph.insts.iter().map(|inst| match inst.kind {
            Kind::List(_, _, length) => length as usize,
            _ => 0,
        });
        self.list = lists.max().unwrap_or(0).max(self.list);
        let (totals, inputs) = (template.totals(), block.inputs.len());
        let turn = Turn { graph: &graph, totals, spots, inputs, single };
        let start = match graph.stores.is_empty() && graph.questions.is_empty() {
            true => None,
            false => Some(self.lowering.function(|builder, pool, config| {
                LoopWriter::new(builder, turn, pool).write(config);
            })?),
        };
        self.functions.insert(key, start);
        Ok(start)
    }
}
