//! The loops of a program as machine code: a function for each kind of block, called block by block. It
//! must not know instructions.

mod plan;
mod rows;
mod ways;
mod windows;
mod writer;

use super::CompileError;
use super::lower::Lowering;
use super::order::Order;
use super::raw::{Blocks, Call, Executable, Numbers, Room};
use crate::derive::Workspace;
use crate::emit::lanes::Place;
use crate::emit::list::graph::{Graph, Kind};
use crate::emit::roll::layout::{Block, Layout, stretches};
use plan::Turn;
use rows::Seat;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use ways::{Spot, ways};
use writer::{LoopWriter, Row};

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
    /// Numbers of the longest list, and of what waits while a function is called.
    list: usize,
    /// Derivatives that code adds to, and does not write.
    added: Vec<Range<usize>>,
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
            alone: layout.alone(inputs),
            written: vec![false; inputs],
        };
        for (k, block) in layout.blocks.iter().enumerate() {
            writing.block(block, k + 1 == layout.blocks.len())?;
        }
        let Writing { lowering, operands, mut calls, list, written, .. } = writing;
        calls[DOWN].reverse();
        let Lowering { isa, bytes, signature, pool, .. } = lowering;
        let code = Executable { isa, signature: &signature, bytes: &bytes, pool: pool.numbers };
        let room = Room { inputs, cells: layout.cells, list };
        let (constants, tables) = (&layout.constants[..], &layout.tables[..]);
        let blocks = Blocks::new(code, calls, operands, constants, tables, room)?;
        Ok(Loops { layout: Arc::clone(layout), blocks, list, added: others(&written) })
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
        self.added.iter().for_each(|range| slopes[range.clone()].fill(0.0));
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
/// its numbers, whether it takes one turn only, and the seats of its places where turns are taken one
/// after the other.
type Key = (usize, Option<usize>, Vec<Spot>, bool, Option<Vec<Seat>>);

/// Writes the functions of blocks.
struct Writing<'l> {
    layout: &'l Layout,
    lowering: Lowering,
    functions: HashMap<Key, Option<Function>>,
    operands: Vec<Operand>,
    calls: [Vec<(Call, &'l [Place])>; 4],
    /// Numbers of the longest list, and of what waits while a function is called.
    list: usize,
    /// For each place, whether nothing else contributes to the derivatives of its inputs; and for each
    /// input, whether code writes its derivative.
    alone: Vec<bool>,
    written: Vec<bool>,
}

/// The function of a block: where it begins, and the places whose adjoints it writes and does not add to.
#[derive(Clone)]
struct Function {
    start: usize,
    writes: Vec<u32>,
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
            if let Some(Function { start, writes }) = self.function(block, &spots, down)? {
                for k in writes.into_iter().filter(|_| down.is_some()) {
                    let inputs = self.layout.indices(places[k as usize], block.part.turns);
                    inputs.for_each(|k| self.written[k] = true);
                }
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
    ) -> Result<Option<Function>, CompileError> {
        let (turns, inputs) = (block.part.turns, block.inputs.len());
        let single = turns == 1;
        let all = block.inputs.start..block.outputs.end;
        let (places, alone) = (&self.layout.places[all.clone()], &self.alone[all]);
        let seats = rows::seats(places, spots, alone, inputs, turns);
        let key = (block.template, down, spots.to_vec(), single, seats.clone());
        if let Some(known) = self.functions.get(&key) {
            return Ok(known.clone());
        }
        let template = &self.layout.templates[block.template];
        let graph = template.graph(down);
        self.list = longest_list(&graph).max(self.list);
        let turn = Turn { graph: &graph, totals: template.totals(), spots, inputs, single };
        let function = match graph.stores.is_empty() && graph.questions.is_empty() {
            true => None,
            false => match self.row(turn, seats.as_deref())? {
                Some(row) => Some(row),
                None => {
                    let start = self.lowering.function(|builder, pool, config| {
                        LoopWriter::new(builder, turn, pool).write(config);
                    })?;
                    Some(Function { start, writes: Vec::new() })
                }
            },
        };
        self.functions.insert(key, function.clone());
        Ok(function)
    }

    /// The function of turns one after the other, if they are better taken so.
    fn row(
        &mut self,
        turn: Turn<'_>,
        seats: Option<&[Seat]>,
    ) -> Result<Option<Function>, CompileError> {
        let Some((seats, graph)) =
            seats.and_then(|seats| Some((seats, rows::graph(&turn, seats)?)))
        else {
            return Ok(None);
        };
        let order = Order::of(&graph, None);
        if !order.is_much_in_pairs() {
            return Ok(None);
        }
        let homes = longest_list(&graph);
        self.list = self.list.max(homes + order.count as usize);
        let touched = &rows::touched(&graph, seats.len());
        let row = Row { turn, touched, graph: &graph, order: &order, homes: homes as u32 };
        let start =
            self.lowering.function(|builder, pool, config| row.write(builder, pool, config))?;
        Ok(Some(Function { start, writes: rows::written(&turn, seats) }))
    }
}

/// Numbers of the longest list that is handed to a function.
fn longest_list(graph: &Graph) -> usize {
    let lists = graph.insts.iter().map(|inst| match inst.kind {
        Kind::List(_, _, length) => length as usize,
        _ => 0,
    });
    lists.max().unwrap_or(0)
}

/// Where nothing is written, in stretches; all in one if they are many.
fn others(written: &[bool]) -> Vec<Range<usize>> {
    let left = stretches(written, |written| !written).filter(|(_, is_left)| *is_left);
    let all: Vec<_> = left.map(|(range, _)| range).collect();
    match all.len() > 1 + written.len() / 16 {
        true => std::iter::once(0..written.len()).collect(),
        false => all,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_filled() {
        let all = std::slice::from_ref(&(0..40));
        let written =
            |list: &[usize]| -> Vec<bool> { (0..40).map(|k| list.contains(&k)).collect() };
        assert_eq!(others(&[false; 40]), all);
        assert_eq!(others(&written(&[0, 1, 2, 9])), [3..9, 10..40]);
        assert_eq!(others(&[true; 40]), []);
        assert_eq!(others(&written(&[1, 3, 5, 7, 9])), all);
        assert_eq!(others(&[]), []);
    }
}
