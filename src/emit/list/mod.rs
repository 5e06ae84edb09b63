//! What a program does, as a list of plain instructions: the sweeps write it down by running in a
//! number whose operations are instructions. It must not know what becomes of the list.

pub(super) mod graph;
pub(super) mod number;

use crate::op::{Number, UNREACHED};
use crate::sweep::{Room, holds, read};
use crate::tape::code::{Arg, Code};
use crate::tape::guard::Comparison;
use graph::{Cell, Graph, Question};
use number::{Emitted, Term};
use std::cell::RefCell;

/// Whether an adjoint arrives somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Reach {
    Nothing,
    Perhaps,
    Surely,
}

/// What an output is seeded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Seed {
    One,
    /// What is found in memory.
    Loaded(Reach),
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Input {
    Variable,
    /// A constant, which has no adjoint.
    Constant,
    /// A sum that goes on: it stands for nothing.
    Sum,
}

/// What to write down of a program, for lanes.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    pub(super) code: &'a Code,
    pub(super) outputs: &'a [Arg],
    /// What each input is; variables, where nothing is said.
    pub(super) inputs: &'a [Input],
    /// Whether outputs are written, and recorded comparisons asked.
    pub(super) up: bool,
    /// If it goes down: what each output is seeded with.
    pub(super) down: Option<&'a [Seed]>,
}

/// The instructions, and how adjoints arrive in the inputs.
#[derive(Debug)]
pub(super) struct List {
    pub(super) graph: Graph,
    pub(super) reached: Vec<Reach>,
}

impl Task<'_> {
    /// The list: inputs are loaded, outputs stored, seeds loaded and slopes stored, by their numbers.
    pub(super) fn write(self) -> List {
        let graph = RefCell::new(Graph::default());
        let mut room = Room::default();
        let fails = self.ascend(&graph, &mut room);
        let reached = match self.down {
            Some(seeds) if !fails => self.descend(&graph, &mut room, seeds),
            _ => vec![Reach::Nothing; self.code.inputs().len()],
        };
        drop(room);
        List { graph: graph.into_inner(), reached }
    }

    /// True if a comparison of constants goes the other way, wherever the program runs: then a question
    /// is written down that always fails, so that whoever runs the list asks the program.
    fn ascend<'g>(&self, graph: &'g RefCell<Graph>, room: &mut Room<Emitted<'g, true>>) -> bool {
        let input = |k: usize| match self.inputs.get(k) {
            Some(Input::Sum) => Number::constant(UNREACHED),
            _ => Emitted::new(graph, Term::Load(Cell::Input(k as u32)), true),
        };
        let mut fails = room.ascend(self.code, 0..self.code.len(), input).is_err();
        room.values.resize(self.code.len(), Number::constant(f64::NAN)); // if it stopped
        if !self.up {
            graph.borrow_mut().questions.clear(); // they were asked on the way up
            return fails;
        }
        let values = &room.values[..];
        for guard in self.code.guards() {
            fails |= !holds(self.code, values, guard);
        }
        if fails {
            fail(&mut graph.borrow_mut());
        }
        for (k, output) in (0..).zip(self.outputs) {
            let id = read(self.code, values, *output).id(graph);
            graph.borrow_mut().stores.push((Cell::Output(k), id));
        }
        fails
    }

    fn descend<'g>(
        &self,
        graph: &'g RefCell<Graph>,
        room: &mut Room<Emitted<'g, true>>,
        seeds: &[Seed],
    ) -> Vec<Reach> {
        let asked = graph.borrow().questions.len();
        room.unreached(self.code.len());
        for ((k, output), seed) in (0..).zip(self.outputs).zip(seeds) {
            let load = |sure| Emitted::new(graph, Term::Load(Cell::Seed(k)), sure);
            let cotangent = match seed {
                Seed::One => Emitted::Constant(1.0),
                Seed::Loaded(Reach::Nothing) => continue,
                Seed::Loaded(reach) => load(*reach == Reach::Surely),
            };
            if !output.is_constant() {
                let bar = &mut room.bars[output.index()];
                *bar = bar.after(cotangent); // a sum of what may be nothing may be nothing
            }
        }
        room.reverse(self.code);
        graph.borrow_mut().questions.truncate(asked);
        let mut reached = Vec::new();
        for (k, slot) in (0..).zip(self.code.inputs()) {
            let mut bar = room.bars[*slot as usize];
            if self.inputs.get(k as usize) == Some(&Input::Constant) {
                bar = Number::constant(UNREACHED);
            }
            reached.push(match bar.is_unreached() {
                true => Reach::Nothing,
                false if bar.is_sure() => Reach::Surely,
                false => Reach::Perhaps,
            });
            if !bar.is_unreached() {
                let id = bar.id(graph);
                graph.borrow_mut().stores.push((Cell::Slope(k), id));
            }
        }
        reached
    }
}

/// Writes a question down that always fails.
fn fail(graph: &mut Graph) {
    let zero = graph.constant(0.0);
    let question = Question { comparison: Comparison::Equal, x: zero, y: zero, expected: 0 };
    graph.questions.push(question);
}
