//! Which instructions of a turn are needed, which of them are the same in all turns, and what is done
//! with what they give. It must not know code.

use super::ways::{Spot, Way};
use crate::emit::lanes::Space;
use crate::emit::list::graph::{Cell, Graph, Id, Kind};

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn<'a> {
    pub(super) graph: &'a Graph,
    /// Outputs that are sums over the turns, each with the input that it begins with.
    pub(super) totals: &'a [(u32, u32)],
    /// Places of inputs, and behind them those of outputs.
    pub(super) spots: &'a [Spot],
    pub(super) inputs: usize,
    /// Whether there is one turn only.
    pub(super) single: bool,
}

impl Turn<'_> {
    /// The place that is loaded, and whether its adjoint is.
    pub(super) fn loaded(&self, cell: Cell) -> (usize, bool) {
        match cell {
            Cell::Input(k) => (k as usize, false),
            Cell::Seed(k) => (self.output(k), true),
            cell => unreachable!("{cell:?} is not for loops"),
        }
    }

    /// The place of an output.
    pub(super) fn output(&self, k: u32) -> usize {
        self.inputs + k as usize
    }
}

/// What is done with what an instruction gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It is left in a place.
    Store(usize),
    /// It is added to the adjoint of a place.
    Slope(usize),
    /// It is added to a sum over the turns, by its number.
    Total(usize),
    /// It is added to the adjoint of a place, once for all turns.
    Pass(usize),
}

/// What there is to do.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) needed: Vec<bool>,
    /// Whether all turns have the same number.
    pub(super) fixed: Vec<bool>,
    /// In the order of the instructions.
    pub(super) uses: Vec<(Id, Use)>,
}

impl Plan {
    pub(super) fn of(turn: &Turn<'_>) -> Plan {
        let mut uses = uses(turn);
        uses.sort_by_key(|(id, _)| *id); // stable: stores of one number in the order of the list
        let needed = needed(turn.graph, &uses);
        Plan { needed, fixed: fixed(turn), uses }
    }

    /// For each place, whether its numbers are read or written, and whether its adjoints are. A group
    /// is touched where its first member is.
    pub(super) fn touched(&self, turn: &Turn<'_>) -> Vec<[bool; 2]> {
        let mut touched = vec![[false; 2]; turn.spots.len()];
        let mut touch = |place: usize, is_bar: bool| {
            touched[place][usize::from(is_bar)] = true;
            if let Way::Unit { member, .. } | Way::Stride { member, .. } = turn.spots[place].way {
                touched[member as usize][usize::from(is_bar)] = true;
            }
        };
        for (inst, needed) in turn.graph.insts.iter().zip(&self.needed) {
            if let (Kind::Load(cell), true) = (inst.kind, needed) {
                let (place, is_bar) = turn.loaded(cell);
                touch(place, is_bar);
            }
        }
        for (_, used) in &self.uses {
            match *used {
                Use::Store(place) => touch(place, false),
                Use::Slope(place) | Use::Pass(place) => touch(place, true),
                Use::Total(total) => {
                    let (output, begins) = turn.totals[total];
                    touch(begins as usize, false);
                    touch(turn.output(output), false);
                }
            }
        }
        touched
    }

    /// What is done with an instruction.
    pub(super) fn uses_of(&self, id: Id) -> impl Iterator<Item = Use> + use<> {
        let start = self.uses.partition_point(|(of, _)| *of < id);
        let end = self.uses.partition_point(|(of, _)| *of <= id);
        let uses: smallvec::SmallVec<[Use; 4]> =
            self.uses[start..end].iter().map(|(_, used)| *used).collect();
        uses.into_iter()
    }
}

fn uses(turn: &Turn<'_>) -> Vec<(Id, Use)> {
    let used = |cell: Cell| match cell {
        Cell::Output(k) => Some(match turn.totals.iter().position(|(output, _)| *output == k) {
            Some(total) => Use::Total(total),
            None => Use::Store(turn.output(k)),
        }),
        Cell::Slope(k) if turn.spots[k as usize].space == Space::Constants => None,
        Cell::Slope(k) if turn.totals.iter().any(|(_, input)| *input == k) => {
            Some(Use::Pass(k as usize))
        }
        Cell::Slope(k) => Some(Use::Slope(k as usize)),
        cell => unreachable!("{cell:?} is not for loops"),
    };
    let stores = turn.graph.stores.iter();
    stores.filter_map(|(cell, id)| used(*cell).map(|used| (*id, used))).collect()
}

fn needed(graph: &Graph, uses: &[(Id, Use)]) -> Vec<bool> {
    let mut needed = vec![false; graph.insts.len()];
    uses.iter().for_each(|(id, _)| needed[*id as usize] = true);
    for question in &graph.questions {
        needed[question.x as usize] = true;
        needed[question.y as usize] = true;
    }
    for (id, inst) in graph.insts.iter().enumerate().rev() {
        if needed[id] {
            graph.operands(inst).iter().for_each(|arg| needed[*arg as usize] = true);
        }
    }
    needed
}

fn fixed(turn: &Turn<'_>) -> Vec<bool> {
    let mut fixed: Vec<bool> = Vec::with_capacity(turn.graph.insts.len());
    for inst in &turn.graph.insts {
        fixed.push(match inst.kind {
            Kind::Constant(_) => true,
            _ if turn.single => false,
            Kind::Load(cell) => turn.spots[turn.loaded(cell).0].way == Way::Same,
            _ => turn.graph.operands(inst).iter().all(|arg| fixed[*arg as usize]),
        });
    }
    fixed
}
