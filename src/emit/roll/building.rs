//! Puts the blocks of a program together: what a turn is as a program of its own, and where it finds
//! its inputs and leaves its outputs. It must not know sweeps down.

use super::blocks::{NONE, blocks, needed, nth};
use super::find::Part;
use super::layout::{Block, Layout, Number, Question};
use super::template::{Sketch, Template};
use crate::emit::lanes::{Access, Place, Space};
use crate::emit::list::Input;
use crate::program::Program;
use crate::tape::code::{Arg, Kind};
use crate::tape::guard::Guard;
use indexmap::IndexMap;
use std::collections::HashMap;

/// Blocks that read inputs at the same distances, at least, for these to be copied.
const GATHERED: usize = 4;

/// The state of it.
pub(super) struct Building<'p> {
    program: &'p Program,
    /// For each slot that is an input, which one it is.
    inputs: Vec<u32>,
    /// For each slot that a block leaves for others, where.
    cells: Vec<u32>,
    sketches: HashMap<Vec<u64>, usize>,
    /// Blocks that differ in their constants alone: for each constant of a turn, its bits, unless they
    /// differ from one of the blocks to another.
    forms: IndexMap<Vec<u64>, Vec<Option<u64>>>,
    tables: HashMap<Vec<u32>, u32>,
    layout: Layout,
}

/// A block that is being put together.
#[derive(Default)]
struct Draft {
    sketch: Sketch,
    inputs: Vec<Place>,
    known: HashMap<Place, Arg>,
    /// What each slot of the turn is in the sketch.
    slots: Vec<Arg>,
}

impl Draft {
    fn input(&mut self, place: Place) -> Arg {
        let Draft { sketch, inputs, known, .. } = self;
        *known.entry(place).or_insert_with(|| {
            inputs.push(place);
            sketch.input(match place.space {
                Space::Constants => Input::Constant,
                _ => Input::Variable,
            })
        })
    }

    /// What a sum over the turns begins with: an input of its own.
    fn carried(&mut self, place: Place) -> (Arg, u32) {
        self.inputs.push(place);
        (self.sketch.input(Input::Sum), self.inputs.len() as u32 - 1)
    }
}

impl<'p> Building<'p> {
    /// All blocks of a program, with nothing yet that goes down.
    pub(super) fn all(program: &'p Program) -> Layout {
        let code = &program.code;
        let mut inputs = vec![NONE; code.len()];
        (0..).zip(code.inputs()).for_each(|(k, slot)| inputs[*slot as usize] = k);
        let blocks = blocks(program, &inputs);
        let needed = needed(program, &blocks, &inputs);
        let mut building = Building {
            program,
            inputs,
            cells: vec![NONE; code.len()],
            sketches: HashMap::new(),
            forms: IndexMap::new(),
            tables: HashMap::new(),
            layout: Layout::default(),
        };
        let forms: Vec<_> = blocks.iter().map(|part| building.form(*part)).collect();
        for (part, form) in blocks.into_iter().zip(forms) {
            building.number(part, &needed);
            building.block(part, &needed, form);
        }
        building.gather();
        building.finish()
    }

    /// Where outputs are, and what recorded comparisons compare.
    fn finish(self) -> Layout {
        let program = self.program;
        let number = |arg: Arg| match program.code.term(arg) {
            Err(x) => Number::Constant(x),
            Ok(slot) => match self.place_of(slot as usize) {
                (Space::Point, k) => Number::Input(k),
                (_, k) => Number::Cell(k),
            },
        };
        let outputs = program.outputs.iter().map(|output| number(*output)).collect();
        let question = |guard: &Guard| Question {
            comparison: guard.comparison,
            x: number(guard.x),
            y: number(guard.y),
            expected: guard.outcome,
        };
        let questions = program.code.guards().iter().map(question).collect();
        Layout { outputs, questions, ..self.layout }
    }

    /// Gives cells to what a block leaves for others: those of one slot of the turn, one behind
    /// another.
    fn number(&mut self, part: Part, needed: &[bool]) {
        let slot = |turn: usize, k: usize| part.start + turn * part.length + k;
        for k in 0..part.length {
            let sum = self.sum(part, k).is_some();
            let turns = if sum { part.turns - 1..part.turns } else { 0..part.turns };
            if turns.clone().any(|turn| needed[slot(turn, k)]) {
                for turn in turns {
                    self.cells[slot(turn, k)] = self.layout.cells as u32;
                    self.layout.cells += 1;
                }
            }
        }
    }

    /// The argument in which a slot of a turn takes up what it was in the turn before.
    fn sum(&self, part: Part, k: usize) -> Option<usize> {
        let args =
            if part.turns > 1 { self.program.code.all_args(part.start + k).len() } else { 0 };
        (0..args).find(|j| {
            let next = nth(&self.program.code, part.start + part.length + k, *j);
            !next.is_constant() && next.index() == part.start + k
        })
    }

    fn place_of(&self, slot: usize) -> (Space, u32) {
        match self.inputs[slot] {
            NONE => (Space::Cells, self.cells[slot]),
            k => (Space::Point, k),
        }
    }

    /// The number of its form.
    fn form(&mut self, part: Part) -> usize {
        let code = &self.program.code;
        let (mut key, mut constants) = (Vec::new(), Vec::new());
        for slot in part.start..part.start + part.length {
            let args = code.all_args(slot);
            key.extend([code.word(slot).op().map_or(u64::MAX, |op| op as u64), args.len() as u64]);
            for arg in args {
                let inside = !arg.is_constant() && arg.index() >= part.start;
                key.push(if inside {
                    2 + (slot - arg.index()) as u64
                } else {
                    u64::from(arg.is_constant())
                });
                constants.extend(code.term(arg).err().map(|x| Some(x.to_bits())));
            }
        }
        let known = self.forms.entry(key);
        let form = known.index();
        let common = known.or_insert_with(|| constants.clone());
        for (common, here) in common.iter_mut().zip(&constants) {
            *common = common.filter(|bits| Some(*bits) == *here);
        }
        form
    }

    fn block(&mut self, part: Part, needed: &[bool], form: usize) {
        let mut draft = Draft::default();
        let mut constant = 0;
        let mut sums = Vec::new();
        for k in 0..part.length {
            let slot = part.start + k;
            let word = self.program.code.word(slot);
            let sum = self.sum(part, k);
            let count = self.program.code.all_args(slot).len();
            let args: Vec<Arg> = (0..count)
                .map(|j| match sum {
                    Some(sum) if sum == j => {
                        let (arg, begins) = draft.carried(self.first_place(part, k, j));
                        sums.push((k, begins));
                        arg
                    }
                    _ => {
                        let is_constant = nth(&self.program.code, slot, j).is_constant();
                        let shared = is_constant && self.forms[form][constant].is_some();
                        constant += usize::from(is_constant);
                        self.arg(&mut draft, part, (k, j), shared)
                    }
                })
                .collect();
            let made = match word.kind() {
                Kind::Input => draft.input(self.same(slot)),
                Kind::Op(op) => draft.sketch.op(op, &args),
                Kind::Custom => draft.sketch.custom(self.program.code.custom(word), &args),
            };
            draft.slots.push(made);
        }
        let places = self.outputs(&mut draft, part, needed, &sums);
        self.close(draft, part, places);
    }

    /// An argument in the sketch of a turn. `shared` says whether a constant is that of all blocks of
    /// the form.
    fn arg(&mut self, draft: &mut Draft, part: Part, (k, j): (usize, usize), shared: bool) -> Arg {
        let code = &self.program.code;
        let at = |turn: usize| nth(code, part.start + turn * part.length + k, j);
        let first = at(0);
        if first.is_constant() {
            let x = code.constant(first);
            let bits = |arg: Arg| code.constant(arg).to_bits();
            let same = (1..part.turns).all(|turn| bits(at(turn)) == x.to_bits());
            if same && shared {
                return draft.sketch.constant(x);
            }
            let place = self.layout.constants.len() as u32;
            let turns = if same { 1 } else { part.turns };
            self.layout.constants.extend((0..turns).map(|turn| code.constant(at(turn))));
            let access = match same {
                true => Access::Same { at: place },
                false => Access::Stride { at: place, step: 1 },
            };
            return draft.input(Place { space: Space::Constants, access });
        }
        if first.index() >= part.start {
            return draft.slots[first.index() - part.start];
        }
        let (space, _) = self.place_of(first.index());
        let spots = (0..part.turns).map(|turn| self.place_of(at(turn).index()).1);
        let access = self.access(spots.collect());
        draft.input(Place { space, access })
    }

    fn same(&self, slot: usize) -> Place {
        let (space, at) = self.place_of(slot);
        Place { space, access: Access::Same { at } }
    }

    fn first_place(&self, part: Part, k: usize, j: usize) -> Place {
        self.same(nth(&self.program.code, part.start + k, j).index())
    }

    /// The access that reads these places turn by turn.
    fn access(&mut self, spots: Vec<u32>) -> Access {
        let at = spots[0];
        let Some(second) = spots.get(1).filter(|_| spots.iter().any(|spot| *spot != at)) else {
            return Access::Same { at };
        };
        let step = i64::from(*second) - i64::from(at);
        let in_line = |(turn, spot): (i64, &u32)| i64::from(at) + turn * step == i64::from(*spot);
        if let (true, Ok(step)) = ((0..).zip(&spots).all(in_line), i32::try_from(step)) {
            return Access::Stride { at, step };
        }
        let tables = &mut self.layout.tables;
        let from = *self.tables.entry(spots).or_insert_with_key(|spots| {
            tables.extend(spots);
            (tables.len() - spots.len()) as u32
        });
        Access::Table { from }
    }

    /// Makes outputs of what others need.
    fn outputs(
        &self,
        draft: &mut Draft,
        part: Part,
        needed: &[bool],
        sums: &[(usize, u32)],
    ) -> Vec<Place> {
        let mut places = Vec::new();
        let last = part.start + (part.turns - 1) * part.length;
        for k in 0..part.length {
            let begins = sums.iter().find(|(sum, _)| *sum == k).map(|(_, begins)| *begins);
            let first = if begins.is_some() { last + k } else { part.start + k };
            let at = self.cells[first];
            if at != NONE && (part.turns > 1 || needed[first]) {
                draft.sketch.output(draft.slots[k], begins);
                let access = match begins.is_some() || part.turns == 1 {
                    true => Access::Same { at },
                    false => Access::Stride { at, step: 1 },
                };
                places.push(Place { space: Space::Cells, access });
            }
        }
        places
    }

    /// Copies inputs that many blocks read at the same distances to cells, one behind another, in
    /// blocks of their own: their adjoints go the same way back, once.
    fn gather(&mut self) {
        let mut uses: IndexMap<(Place, usize), usize> = IndexMap::new();
        for Block { part, inputs, .. } in &self.layout.blocks {
            for place in &self.layout.places[inputs.clone()] {
                *uses.entry((*place, part.turns)).or_default() += 1;
            }
        }
        uses.retain(|(place, _), uses| place.is_scattered_input() && *uses >= GATHERED);
        let mut copies: IndexMap<usize, IndexMap<Place, Place>> = IndexMap::new();
        for (place, turns) in uses.into_keys() {
            let access = Access::Stride { at: self.layout.cells as u32, step: 1 };
            self.layout.cells += turns;
            let copy = Place { space: Space::Cells, access };
            copies.entry(turns).or_default().insert(place, copy);
        }
        for Block { part, inputs, .. } in &self.layout.blocks {
            if let Some(copies) = copies.get(&part.turns) {
                for place in &mut self.layout.places[inputs.clone()] {
                    *place = copies.get(place).copied().unwrap_or(*place);
                }
            }
        }
        let blocks = std::mem::take(&mut self.layout.blocks);
        for (turns, copies) in copies {
            let (mut draft, mut outputs) = (Draft::default(), Vec::new());
            for (from, to) in copies {
                let copied = draft.input(from);
                draft.sketch.output(copied, None);
                outputs.push(to);
            }
            self.close(draft, Part { start: 0, length: 0, turns }, outputs);
        }
        self.layout.blocks.extend(blocks);
    }

    /// Finds or makes the template, and appends the block.
    fn close(&mut self, draft: Draft, part: Part, outputs: Vec<Place>) {
        let Layout { templates, places, blocks, .. } = &mut self.layout;
        let template = match self.sketches.get(draft.sketch.key()) {
            Some(known) => *known,
            None => {
                self.sketches.insert(draft.sketch.key().to_vec(), templates.len());
                templates.push(Template::new(draft.sketch));
                templates.len() - 1
            }
        };
        let start = places.len();
        places.extend(draft.inputs);
        let middle = places.len();
        places.extend(outputs);
        let (inputs, outputs) = (start..middle, middle..places.len());
        blocks.push(Block { template, down: None, part, inputs, outputs });
    }
}
