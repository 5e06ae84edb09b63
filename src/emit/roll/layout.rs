//! Where blocks find their numbers, and which instructions each of them runs. It must not know how
//! instructions are carried out.

use super::building::Building;
use super::find::Part;
use super::template::Template;
use crate::emit::lanes::{Access, Place, Space};
use crate::emit::list::{Reach, Seed};
use crate::program::Program;
use crate::tape::guard::Comparison;
use std::ops::Range;

/// A block, with what it runs and where that finds its numbers.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) template: usize,
    /// The sweep down of the template, if an adjoint arrives. That of the last block goes up first.
    pub(super) down: Option<usize>,
    pub(super) part: Part,
    pub(super) inputs: Range<usize>,
    pub(super) outputs: Range<usize>,
}

/// A single number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Number {
    Input(u32),
    Cell(u32),
    Constant(f64),
}

/// A recorded comparison.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) comparison: Comparison,
    pub(super) x: Number,
    pub(super) y: Number,
    pub(super) expected: i8,
}

/// All that a program needs to run in blocks.
#[derive(Default)]
pub(super) struct Layout {
    pub(super) blocks: Vec<Block>,
    pub(super) templates: Vec<Template>,
    pub(super) places: Vec<Place>,
    pub(super) constants: Vec<f64>,
    pub(super) tables: Vec<u32>,
    pub(super) cells: usize,
    pub(super) outputs: Vec<Number>,
    pub(super) questions: Vec<Question>,
}

impl Layout {
    /// The blocks of a program in the order in which they go up.
    pub(super) fn of(program: &Program) -> Layout {
        let mut layout = Building::all(program);
        layout.descend();
        layout
    }

    /// Finds out what goes down in each block: what arrives in its outputs decides it.
    fn descend(&mut self) {
        let mut reached = vec![Reach::Nothing; self.cells];
        for output in &self.outputs {
            if let Number::Cell(k) = output {
                reached[*k as usize] = Reach::Surely;
            }
        }
        for k in (0..self.blocks.len()).rev() {
            let Block { template, part, inputs, outputs, .. } = self.blocks[k].clone();
            let arrives = |place: &Place| {
                let mut all = self.indices(*place, part.turns).map(|k| reached[k]);
                let first = all.next().unwrap_or(Reach::Nothing);
                if all.all(|other| other == first) { first } else { Reach::Perhaps }
            };
            let seeds: Vec<Reach> = self.places[outputs].iter().map(arrives).collect();
            if seeds.iter().all(|reach| *reach == Reach::Nothing) {
                continue;
            }
            let template = &mut self.templates[template];
            let last = k + 1 == self.blocks.len();
            let down = template.down(seeds.into_iter().map(Seed::Loaded).collect(), last);
            let arrived = template.downs[down].reached.clone();
            self.blocks[k].down = Some(down);
            for (place, arrived) in self.places[inputs].iter().zip(arrived) {
                if place.space == Space::Cells && arrived != Reach::Nothing {
                    for k in self.indices(*place, part.turns) {
                        reached[k] = reached[k].max(arrived);
                    }
                }
            }
        }
    }

    /// Bytes of all of it.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.blocks)
            + size_of_val(&*self.places)
            + size_of_val(&*self.constants)
            + size_of_val(&*self.tables)
            + self.templates.iter().map(Template::bytes).sum::<usize>()
    }

    /// The place in its space of each turn.
    fn indices(&self, place: Place, turns: usize) -> impl Iterator<Item = usize> + '_ {
        let turns = if let Access::Same { .. } = place.access { 1 } else { turns };
        (0..turns).map(move |turn| place.access.index(&self.tables, turn))
    }
}
