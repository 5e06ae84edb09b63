//! A program cut into pieces, and the two sweeps run over each of them in the number that writes
//! instructions. It must not know any machine.

use super::CompileError;
use super::lower::Lowering;
use super::order::{Order, Turn};
use super::raw::{Extent, Machine};
use crate::emit::list::graph::{Cell, Graph};
use crate::emit::list::number::{Emitted, Term};
use crate::op::Number;
use crate::program::Program;
use crate::sweep::{Room, holds, read, reverse};
use crate::tape::code::{Arg, Code, Kind};
use std::cell::RefCell;
use std::ops::Range;

/// What a program became: its code, and the derivatives that are constants.
pub(super) struct Written {
    pub(super) machine: Machine,
    pub(super) constants: Vec<(u32, f64)>,
    pub(super) frame: usize,
}

/// How many parameters the code of a piece has: pointers.
pub(super) const PARAMETERS: usize = 6;

/// Operations of a piece, about: enough for values to stay in registers, and few enough for the time
/// to compile one operation not to grow with the program.
const PIECE: usize = 400;

/// Writes the code of a program.
pub(super) fn write(program: &Program, lowering: Lowering) -> Result<Written, CompileError> {
    let graph = RefCell::new(Graph::default());
    let mut writer = Pieces::new(program, &graph, lowering);
    let ranges = ranges(&program.code);
    let (last, before) = ranges.split_last().expect("there is one piece at least");
    writer.both(last)?;
    for slots in before.iter().rev() {
        writer.down(slots)?;
        writer.up(slots)?;
    }
    writer.finish()
}

/// Where the pieces begin and end.
fn ranges(code: &Code) -> Vec<Range<usize>> {
    let cost = |slot: usize| match code.word(slot).kind() {
        Kind::Input => 0,
        Kind::Op(op) if op.takes_list() => code.list(code.word(slot)).len(),
        Kind::Op(_) => 1,
        Kind::Custom => PIECE / 4,
    };
    let (mut ranges, mut start, mut load) = (Vec::new(), 0, 0);
    for slot in 0..code.len() {
        load += cost(slot);
        if load >= PIECE {
            ranges.push(start..slot + 1);
            (start, load) = (slot + 1, 0);
        }
    }
    match ranges.last_mut() {
        Some(last) if load == 0 => last.end = code.len(),
        _ => ranges.push(start..code.len()),
    }
    ranges
}

struct Pieces<'p, 'g> {
    program: &'p Program,
    graph: &'g RefCell<Graph>,
    lowering: Lowering,
    room: Room<Emitted<'g>>,
    /// For each slot that is an input, which one it is.
    inputs: Vec<Option<u32>>,
    /// For each slot, the lowest one below the outputs that uses it: no adjoint arrives after that.
    lowest: Vec<u32>,
    /// For each slot that is no input, the place in the frame of its adjoint, once it has one.
    places: Vec<u32>,
    /// Recorded comparisons by the later one of their slots.
    guards: Vec<(usize, usize)>,
    up: Vec<usize>,
    down: Vec<usize>,
}

/// No slot, or no place.
const NONE: u32 = u32::MAX;

/// In place of the lowest slot that uses an input: its derivative is written.
const DONE: u32 = u32::MAX - 1;

impl<'p, 'g> Pieces<'p, 'g> {
    fn new(program: &'p Program, graph: &'g RefCell<Graph>, lowering: Lowering) -> Self {
        let code = &program.code;
        let mut inputs = vec![None; code.len()];
        (0..).zip(code.inputs()).for_each(|(k, slot)| inputs[*slot as usize] = Some(k));
        let lists = (0..code.len()).map(|slot| code.word(slot));
        let lists = lists.filter(|word| word.op().is_some_and(|op| op.takes_list()));
        let longest = lists.map(|word| code.list(word).len()).max().unwrap_or(0);
        (0..longest).for_each(|_| _ = graph.borrow_mut().cell());
        let mut room = Room::<Emitted<'g>>::default();
        let term = |(slot, input): (usize, &Option<u32>)| {
            let elsewhere = Term::Slot(slot as u32);
            let term = input.map_or(elsewhere, |k| Term::Load(Cell::Input(k)));
            Emitted::new(graph, term, true)
        };
        room.values = inputs.iter().enumerate().map(term).collect();
        room.unreached(program.reach());
        let mut lowest = vec![NONE; code.len()];
        for slot in (0..program.reach()).rev() {
            slots_of(code, slot).for_each(|used| lowest[used] = slot as u32);
        }
        let later = |arg: Arg| if arg.is_constant() { 0 } else { arg.index() };
        let guards = code.guards().iter().enumerate();
        let guards = guards.map(|(k, guard)| (later(guard.x).max(later(guard.y)), k));
        let mut guards: Vec<_> = guards.collect();
        guards.sort();
        let (places, up, down) = (vec![NONE; code.len()], Vec::new(), Vec::new());
        Pieces { program, graph, lowering, room, inputs, lowest, places, guards, up, down }
    }

    /// The last piece: it goes up and comes down at once, with its values in registers.
    fn both(&mut self, slots: &Range<usize>) -> Result<(), CompileError> {
        self.graph.borrow_mut().clear();
        self.ascend(slots);
        let turn = Turn(self.graph.borrow().stores.len());
        self.seed();
        self.descend(slots);
        let start = self.piece(Some(turn))?;
        self.up.push(start);
        Ok(())
    }

    fn up(&mut self, slots: &Range<usize>) -> Result<(), CompileError> {
        self.graph.borrow_mut().clear();
        self.ascend(slots);
        if !self.graph.borrow().stores.is_empty() || !self.graph.borrow().questions.is_empty() {
            let start = self.piece(None)?;
            self.up.push(start);
        }
        Ok(())
    }

    fn down(&mut self, slots: &Range<usize>) -> Result<(), CompileError> {
        self.graph.borrow_mut().clear();
        self.compute_again(slots);
        self.descend(slots);
        if !self.graph.borrow().stores.is_empty() {
            let start = self.piece(None)?;
            self.down.push(start);
        }
        Ok(())
    }

    /// What a few operations make of inputs is computed again on the way down: sooner done than
    /// stored and loaded. Nothing is written for what the way down does not ask for.
    fn compute_again(&mut self, slots: &Range<usize>) {
        let code = &self.program.code;
        let mut again = vec![false; slots.len()];
        for slot in slots.clone() {
            let word = code.word(slot);
            let at_hand = |used: usize| {
                let again = used.checked_sub(slots.start).is_some_and(|used| again[used]);
                again || self.inputs[used].is_some()
            };
            let op = word.op().filter(|op| !op.takes_list());
            if let Some(op) = op.filter(|_| slots_of(code, slot).all(at_hand)) {
                let (values, known) = (&self.room.values[..], self.graph.borrow().insts.len());
                let value = op.apply(|arity, k| read(code, values, code.arg(word, arity, k)));
                let id = value.id(self.graph);
                again[slot - slots.start] = self.graph.borrow_mut().keep_if_soon_done(id, known);
                if again[slot - slots.start] {
                    self.room.values[slot] = value;
                }
            }
        }
    }

    /// The code of what the sweeps wrote down; returns where it begins.
    fn piece(&mut self, turn: Option<Turn>) -> Result<usize, CompileError> {
        let order = Order::of(&self.graph.borrow(), turn);
        let homes = self.graph.borrow_mut().homes(order.count);
        self.lowering.piece(&self.graph.borrow(), &order, homes)
    }

    /// The sweep up over a piece: leaves behind what other pieces ask for, and outputs.
    fn ascend(&mut self, slots: &Range<usize>) {
        let (graph, code) = (self.graph, &self.program.code);
        self.room.values.truncate(slots.start);
        let input = |k: usize| Emitted::new(graph, Term::Load(Cell::Input(k as u32)), true);
        let went = self.room.ascend(code, slots.clone(), input);
        assert!(went.is_ok(), "a constant comparison goes as it was recorded");
        let values = &self.room.values[..];
        for slot in slots.clone().filter(|slot| self.inputs[*slot].is_none()) {
            let wanted = graph.borrow().wanted(slot as u32);
            if let Some(cell) = wanted {
                let id = values[slot].id(graph);
                graph.borrow_mut().stores.push((cell, id));
            }
        }
        let from = self.guards.partition_point(|(slot, _)| *slot < slots.start);
        for (_, guard) in self.guards[from..].iter().take_while(|(slot, _)| *slot < slots.end) {
            assert!(holds(code, values, &code.guards()[*guard]), "a constant comparison holds");
        }
        for (k, output) in (0..).zip(&self.program.outputs) {
            let place = if output.is_constant() { 0 } else { output.index() };
            if slots.contains(&place) || slots.is_empty() {
                let id = read(code, values, *output).id(graph);
                graph.borrow_mut().stores.push((Cell::Output(k), id));
            }
        }
    }

    /// Seeds the outputs: the only one with 1, several with their cotangents.
    fn seed(&mut self) {
        let outputs = &self.program.outputs;
        for (k, output) in (0..).zip(outputs) {
            let cotangent = Emitted::new(self.graph, Term::Load(Cell::Seed(k)), true);
            let one = Number::constant(1.0);
            self.room.seed(*output, if outputs.len() == 1 { one } else { cotangent });
        }
    }

    /// The sweep down over a piece: leaves behind the adjoints of what it used, and derivatives.
    fn descend(&mut self, slots: &Range<usize>) {
        let code = &self.program.code;
        let end = slots.end.min(self.program.reach());
        let asked = self.graph.borrow().questions.len();
        if slots.start < end {
            let Room { values, bars, scratch } = &mut self.room;
            reverse(code, slots.start, &values[..], &mut bars[..end], scratch);
        }
        self.graph.borrow_mut().questions.truncate(asked); // they were asked on the way up
        for slot in slots.start..end {
            slots_of(code, slot).for_each(|used| self.leave(used, slots.start));
        }
        let outputs = self.program.outputs.iter().filter(|output| !output.is_constant());
        outputs.for_each(|output| self.leave(output.index(), slots.start));
    }

    /// Leaves an adjoint for earlier pieces, or for the caller.
    fn leave(&mut self, slot: usize, start: usize) {
        match self.inputs[slot] {
            Some(k) => self.leave_derivative(slot, k, start),
            None if slot < start && self.room.bars[slot].is_fresh() => {
                if self.places[slot] == NONE {
                    self.places[slot] = self.graph.borrow_mut().cell();
                }
                self.put(slot, Cell::Frame(self.places[slot]), self.room.bars[slot]);
            }
            None => {}
        }
    }

    /// The adjoint of an input is gathered in the gradient itself. Once no earlier piece adds to it,
    /// it has 0.0 added, so that nothing reads as 0.
    fn leave_derivative(&mut self, slot: usize, input: u32, start: usize) {
        let (bar, lowest) = (self.room.bars[slot], self.lowest[slot]);
        if lowest == DONE || bar.constant_value().is_some() {
            return;
        }
        if lowest as usize >= start {
            self.lowest[slot] = DONE;
            self.put(slot, Cell::Slope(input), bar + 0.0);
        } else if bar.is_fresh() {
            self.put(slot, Cell::Slope(input), bar);
        }
    }

    fn put(&mut self, slot: usize, cell: Cell, bar: Emitted<'g>) {
        let id = bar.id(self.graph);
        self.graph.borrow_mut().stores.push((cell, id));
        self.room.bars[slot] =
            Emitted::new(self.graph, Term::Load(cell), self.room.bars[slot].is_sure());
    }

    /// Joins the pieces, in the order in which they are run.
    fn finish(mut self) -> Result<Written, CompileError> {
        self.up.reverse();
        let bar = |slot: u32| self.room.bars.get(slot as usize);
        let constants = (0..).zip(self.program.code.inputs()).filter_map(|(k, slot)| {
            bar(*slot).map_or(Some(0.0), Emitted::constant_value).map(|x| (k, x + 0.0))
        });
        let constants = constants.collect();
        let [cells, values] = self.graph.borrow().cells();
        let (inputs, outputs) = (self.program.inputs(), self.program.outputs());
        let (extent, frame) = (Extent { inputs, outputs, values, cells }, values + cells);
        let Lowering { isa, bytes, signature, pool, .. } = self.lowering;
        let entries = [&self.up[..], &self.down];
        let machine = Machine::new(isa, &signature, &bytes, pool.numbers, entries, extent)?;
        Ok(Written { machine, constants, frame })
    }
}

/// The slots that are arguments of one.
fn slots_of(code: &Code, slot: usize) -> impl Iterator<Item = usize> {
    let args = code.all_args(slot).into_iter();
    args.filter(|arg| !arg.is_constant()).map(|arg| arg.index())
}
