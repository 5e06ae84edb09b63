//! The order in which the instructions of a piece are written, and which of their values wait in
//! memory while a call is under way. It must not know any machine.

use super::pairs::Pairs;
use crate::emit::list::graph::{Cell, Graph, Id};

/// What is done next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Inst(Id),
    /// Two instructions at once.
    Pair(Id, Id),
    Store(Cell, Id),
    /// Both of the pair whose first this is, to a cell and the next.
    StorePair(Cell, Id),
    /// Recorded comparisons are asked, and the piece ends here if no gradient is asked for.
    Turn,
}

/// Where in a piece the way down begins, if it goes both ways: at this store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn(pub(super) usize);

/// The steps of a piece.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) steps: Vec<Step>,
    pub(super) pairs: Pairs,
    /// For each instruction, the home where its value waits, if it is used after a call.
    homes: Vec<u32>,
    /// How many homes there are.
    pub(super) count: u32,
}

/// No home.
const NONE: u32 = u32::MAX;

impl Order {
    /// Each store right behind what it needs, so that few values wait for their use.
    pub(super) fn of(graph: &Graph, turn: Option<Turn>) -> Order {
        let (pairs, weights) = (Pairs::of(graph), weights(graph));
        let mut writing = Writing {
            graph,
            pairs,
            weights,
            done: vec![false; graph.insts.len()],
            stack: Vec::new(),
            steps: Vec::new(),
        };
        let (up, down) = graph.stores.split_at(turn.map_or(graph.stores.len(), |turn| turn.0));
        writing.stores(up);
        for question in &graph.questions {
            writing.inst(question.x);
            writing.inst(question.y);
        }
        writing.steps.push(Step::Turn);
        writing.stores(down);
        let Writing { steps, pairs, .. } = writing;
        let (homes, count) = homes(graph, &steps, &pairs);
        Order { steps, pairs, homes, count }
    }

    /// Whether much of what is done is done two at once: sums are not, nor functions.
    pub(super) fn is_much_in_pairs(&self) -> bool {
        let pairs = self.steps.iter().filter(|step| matches!(step, Step::Pair(..))).count();
        let alone = self.steps.iter().filter(|step| matches!(step, Step::Inst(_))).count();
        3 * pairs > alone
    }

    /// The home of an instruction's value, if it has one.
    pub(super) fn home(&self, id: Id) -> Option<u32> {
        let home = self.homes[id as usize];
        (home != NONE).then_some(home)
    }
}

struct Writing<'g> {
    graph: &'g Graph,
    pairs: Pairs,
    weights: Vec<u32>,
    done: Vec<bool>,
    stack: Vec<(Id, bool)>,
    steps: Vec<Step>,
}

impl Writing<'_> {
    fn stores(&mut self, stores: &[(Cell, Id)]) {
        for (cell, id, other) in self.pairs.stores(stores) {
            self.inst(id);
            self.steps.push(match other {
                Some(_) => Step::StorePair(cell, id),
                None => Step::Store(cell, id),
            });
        }
    }

    /// An instruction behind its arguments, the heaviest of them first.
    fn inst(&mut self, id: Id) {
        self.stack.push((id, false));
        while let Some((id, ready)) = self.stack.pop() {
            if self.done[id as usize] || self.graph.is_at_hand(id) {
                continue;
            }
            let (first, second) = self.pairs.get(id).unwrap_or((id, id));
            if ready {
                self.done[first as usize] = true;
                self.done[second as usize] = true;
                let is_pair = first != second;
                self.steps.push(if is_pair { Step::Pair(first, second) } else { Step::Inst(id) });
                continue;
            }
            self.stack.push((id, true));
            let from = self.stack.len();
            for id in [first, second].into_iter().take(1 + usize::from(first != second)) {
                let operands = self.graph.operands(&self.graph.insts[id as usize]);
                self.stack.extend(operands.into_iter().rev().map(|operand| (operand, false)));
            }
            let weights = &self.weights;
            self.stack[from..].sort_by_key(|(arg, _)| weights[*arg as usize]);
        }
    }
}

/// What the argument of a call weighs at least: calls come first, while few values wait.
const CALL: u32 = 64;

/// How many values wait at once while an instruction's arguments are computed, about.
fn weights(graph: &Graph) -> Vec<u32> {
    let mut weights: Vec<u32> = Vec::with_capacity(graph.insts.len());
    for (id, inst) in (0..).zip(&graph.insts) {
        let (mut weight, mut equals) = (1, 0);
        for arg in graph.args(inst) {
            match weights[*arg as usize] {
                more if more > weight => (weight, equals) = (more, 0),
                equal if equal == weight => equals += 1,
                _ => {}
            }
        }
        weight = if equals > 1 { weight + 1 } else { weight };
        weights.push(match inst.kind {
            _ if graph.is_at_hand(id) => 0,
            kind if kind.is_call() => weight.max(CALL),
            _ => weight,
        });
    }
    weights
}

/// Values that are used after a call that came after them wait in memory.
fn homes(graph: &Graph, steps: &[Step], pairs: &Pairs) -> (Vec<u32>, u32) {
    let (mut born, mut homes) = (vec![0; graph.insts.len()], vec![NONE; graph.insts.len()]);
    let (mut calls, mut count) = (0, 0);
    let mut used = |id: Id, calls: u32, born: &[u32]| {
        let home = &mut homes[id as usize];
        let waits = born[id as usize] != calls && pairs.get(id).is_none();
        if waits && *home == NONE && !graph.is_at_hand(id) {
            *home = count;
            count += 1;
        }
    };
    for step in steps {
        match step {
            Step::Inst(id) => {
                let inst = &graph.insts[*id as usize];
                graph.operands(inst).into_iter().for_each(|id| used(id, calls, &born));
                calls += u32::from(inst.kind.is_call());
                born[*id as usize] = calls;
            }
            Step::Pair(first, second) => {
                for id in [first, second] {
                    let inst = &graph.insts[*id as usize];
                    graph.operands(inst).into_iter().for_each(|id| used(id, calls, &born));
                    born[*id as usize] = calls;
                }
            }
            Step::Store(_, id) => used(*id, calls, &born),
            Step::StorePair(..) | Step::Turn => {}
        }
    }
    (homes, count)
}
