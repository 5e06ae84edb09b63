//! Where blocks find their numbers, and which instructions each of them runs. It must not know how
//! instructions are carried out.

use super::building::Building;
use super::find::Part;
use super::template::Template;
use crate::emit::lanes::{Access, Place, Space};
use crate::emit::list::{Reach, Seed};
use crate::op::UNREACHED;
use crate::program::Program;
use crate::tape::guard::Comparison;
use std::ops::Range;

/// A block, with what it runs and where that finds its numbers.
#[derive(Clone, Debug)]
pub(in crate::emit) struct Block {
    pub(in crate::emit) template: usize,
    /// The sweep down of the template, if an adjoint arrives. That of the last block goes up first.
    pub(in crate::emit) down: Option<usize>,
    pub(in crate::emit) part: Part,
    pub(in crate::emit) inputs: Range<usize>,
    pub(in crate::emit) outputs: Range<usize>,
}

/// A single number.
#[derive(Clone, Copy, Debug)]
pub(in crate::emit) enum Number {
    Input(u32),
    Cell(u32),
    Constant(f64),
}

/// A recorded comparison.
#[derive(Clone, Copy, Debug)]
pub(in crate::emit) struct Question {
    pub(in crate::emit) comparison: Comparison,
    pub(in crate::emit) x: Number,
    pub(in crate::emit) y: Number,
    pub(in crate::emit) expected: i8,
}

/// All that a program needs to run in blocks.
#[derive(Default)]
pub(in crate::emit) struct Layout {
    pub(in crate::emit) blocks: Vec<Block>,
    pub(in crate::emit) templates: Vec<Template>,
    pub(in crate::emit) places: Vec<Place>,
    pub(in crate::emit) constants: Vec<f64>,
    pub(in crate::emit) tables: Vec<u32>,
    pub(in crate::emit) cells: usize,
    /// Where adjoints of cells begin, in stretches: with 0 where one surely arrives, which may be -0,
    /// and with nothing elsewhere.
    pub(super) begins: Vec<(Range<usize>, f64)>,
    pub(in crate::emit) outputs: Vec<Number>,
    pub(in crate::emit) questions: Vec<Question>,
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
                let first = all.next().expect("a part has a turn at the least");
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
        let stretches = stretches(&reached, |reach| *reach == Reach::Surely);
        let begin = |surely| if surely { 0.0 } else { UNREACHED };
        self.begins = stretches.map(|(range, surely)| (range, begin(surely))).collect();
    }

    /// For each place, whether nothing else contributes to the derivatives of its inputs, each of
    /// which has one turn.
    #[cfg(feature = "jit")]
    pub(in crate::emit) fn alone(&self, inputs: usize) -> Vec<bool> {
        let mut counts = vec![0_u8; inputs];
        let mut count = |k: usize, by: u8| counts[k] = counts[k].saturating_add(by);
        for output in &self.outputs {
            if let Number::Input(k) = output {
                count(*k as usize, 1);
            }
        }
        let mut all = Vec::new();
        for block in &self.blocks {
            let turns = block.part.turns;
            for k in block.inputs.clone().filter(|k| self.places[*k].space == Space::Point) {
                let once = turns == 1 || !matches!(self.places[k].access, Access::Same { .. });
                self.indices(self.places[k], turns).for_each(|k| count(k, 2 - u8::from(once)));
                all.push((k, turns));
            }
        }
        let mut alone = vec![false; self.places.len()];
        for (k, turns) in all {
            alone[k] = self.indices(self.places[k], turns).all(|k| counts[k] == 1);
        }
        alone
    }

    /// Nothing has arrived but the cotangents of outputs. The derivatives of inputs are 0 already.
    pub(in crate::emit) fn seed(&self, y_bar: &[f64], bars: &mut [f64], x_bar: &mut [f64]) {
        self.begins.iter().for_each(|(range, begin)| bars[range.clone()].fill(*begin));
        for (output, y_bar) in self.outputs.iter().zip(y_bar) {
            match output {
                Number::Input(k) => x_bar[*k as usize] += y_bar,
                Number::Cell(k) => bars[*k as usize] += y_bar + 0.0,
                Number::Constant(_) => {}
            }
        }
    }

    /// Writes the outputs. Whether all recorded comparisons go as they did; `cell` has
    /// the numbers that blocks left.
    pub(in crate::emit) fn answer(
        &self,
        x: &[f64],
        y: &mut [f64],
        cell: impl Fn(usize) -> f64,
    ) -> bool {
        let number = |number| match number {
            Number::Input(k) => x[k as usize],
            Number::Cell(k) => cell(k as usize),
            Number::Constant(x) => x,
        };
        y.iter_mut().zip(&self.outputs).for_each(|(y, output)| *y = number(*output));
        let mut questions = self.questions.iter();
        questions
            .all(|asked| asked.comparison.ask(number(asked.x), number(asked.y)) == asked.expected)
    }

    /// Bytes of all of it.
    pub(in crate::emit) fn bytes(&self) -> usize {
        size_of_val(&*self.blocks)
            + size_of_val(&*self.places)
            + size_of_val(&*self.constants)
            + size_of_val(&*self.tables)
            + self.templates.iter().map(Template::bytes).sum::<usize>()
    }

    /// The place in its space of each turn.
    pub(in crate::emit) fn indices(
        &self,
        place: Place,
        turns: usize,
    ) -> impl Iterator<Item = usize> + '_ {
        let turns = if let Access::Same { .. } = place.access { 1 } else { turns };
        (0..turns).map(move |turn| place.access.index(&self.tables, turn))
    }
}

/// The longest stretches of which all has the same answer, with that answer.
pub(in crate::emit) fn stretches<T>(
    all: &[T],
    is: impl Fn(&T) -> bool + Copy,
) -> impl Iterator<Item = (Range<usize>, bool)> {
    let mut start = 0;
    all.chunk_by(move |one, next| is(one) == is(next)).map(move |stretch| {
        let range = start..start + stretch.len();
        start = range.end;
        (range, is(&stretch[0]))
    })
}
