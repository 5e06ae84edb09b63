//! Instructions that are done two at once, in the lanes of a vector: neighbours that do the same to
//! neighbouring numbers. It must not know any machine.

use crate::emit::list::graph::{Cell, Graph, Id, Kind};

/// Which instructions go together: of each, the other and the lane that it is itself.
#[derive(Debug)]
pub(super) struct Pairs {
    of: Vec<Option<(Id, Lane)>>,
}

/// A lane of a vector of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    First,
    Second,
}

/// Most pairs that are sought at once.
const MOST: usize = 64;

impl Pairs {
    /// The pairs of a piece that are worth their while.
    pub(super) fn of(graph: &Graph) -> Pairs {
        let none = vec![None; graph.insts.len()];
        let known = cfg!(any(target_arch = "x86_64", target_arch = "aarch64"));
        if !known {
            return Pairs { of: none };
        }
        let mut search = Search::new(graph, none);
        for [first, second] in neighbours(&graph.stores) {
            search.seed(graph.stores[first].1, graph.stores[second].1, 1);
        }
        for id in 0..graph.insts.len() as Id {
            search.terms(id);
        }
        Pairs { of: search.of }
    }

    /// The first and the second of the pair that an instruction is in.
    pub(super) fn get(&self, id: Id) -> Option<(Id, Id)> {
        self.of[id as usize].map(|(other, lane)| match lane {
            Lane::First => (id, other),
            Lane::Second => (other, id),
        })
    }

    /// Whether the two are a pair, in this order.
    pub(super) fn are(&self, first: Id, second: Id) -> bool {
        self.of[first as usize] == Some((second, Lane::First))
    }

    /// Stores in the order of what they store, those of a pair to neighbouring cells as one.
    pub(super) fn stores(&self, stores: &[(Cell, Id)]) -> Vec<(Cell, Id, Option<Id>)> {
        let mut others = vec![None; stores.len()];
        let mut stored = vec![false; stores.len()];
        for [first, second] in neighbours(stores) {
            if self.are(stores[first].1, stores[second].1) {
                others[first] = Some(stores[second].1);
                stored[second] = true;
            }
        }
        let all = stores.iter().zip(others).zip(stored).filter(|(_, stored)| !stored);
        let mut all: Vec<_> = all.map(|(((cell, id), other), _)| (*cell, *id, other)).collect();
        all.sort_by_key(|(_, id, _)| *id);
        all
    }
}

/// Stores to neighbouring cells, two and two, by their positions.
fn neighbours(stores: &[(Cell, Id)]) -> Vec<[usize; 2]> {
    let mut sorted: Vec<usize> = (0..stores.len()).collect();
    sorted.sort_by_key(|k| stores[*k].0.place());
    let (mut found, mut k) = (Vec::new(), 1);
    while k < sorted.len() {
        let [first, second] = [sorted[k - 1], sorted[k]];
        if stores[first].0.is_before(stores[second].0) {
            found.push([first, second]);
            k += 1;
        }
        k += 1;
    }
    found
}

struct Search<'g> {
    graph: &'g Graph,
    of: Vec<Option<(Id, Lane)>>,
    /// How long the longest way from each instruction to memory is. Only equals are paired, so that
    /// no two pairs wait for each other.
    levels: Vec<u32>,
    /// How often each is used, apart from stores; and how often by what is tried.
    uses: Vec<u32>,
    within: Vec<u32>,
    /// Pairs that are tried.
    tried: Vec<(Id, Id)>,
}

impl<'g> Search<'g> {
    fn new(graph: &'g Graph, of: Vec<Option<(Id, Lane)>>) -> Self {
        let (mut levels, mut uses) = (Vec::new(), vec![0; graph.insts.len()]);
        for inst in &graph.insts {
            let below = graph.args(inst).iter().map(|arg| levels[*arg as usize]).max();
            levels.push(below.map_or(0, |below: u32| below + 1));
        }
        let mut needed = vec![false; graph.insts.len()];
        graph.stores.iter().for_each(|(_, id)| needed[*id as usize] = true);
        for id in graph.questions.iter().flat_map(|question| [question.x, question.y]) {
            uses[id as usize] += 1;
        }
        for (id, inst) in graph.insts.iter().enumerate().rev() {
            if needed[id] || uses[id] > 0 {
                graph.args(inst).iter().for_each(|arg| uses[*arg as usize] += 1);
            }
        }
        let within = vec![0; graph.insts.len()];
        Search { graph, of, levels, uses, within, tried: Vec::new() }
    }

    /// Pairs these two, and what they are made of, if that is worth more than nothing.
    fn seed(&mut self, first: Id, second: Id, worth: i32) {
        self.tried.clear();
        let worth = worth + self.attempt(first, second);
        let mut worth = if self.tried.is_empty() { 0 } else { worth };
        self.count_within(1);
        for (first, second) in &self.tried {
            let alone = |id: Id| self.uses[id as usize] > self.within[id as usize];
            worth -= i32::from(alone(*first) || alone(*second));
        }
        self.count_within(0);
        for (first, second) in self.tried.drain(..) {
            let [lane, other] = if worth > 0 {
                [Some((second, Lane::First)), Some((first, Lane::Second))]
            } else {
                [None, None]
            };
            self.of[first as usize] = lane;
            self.of[second as usize] = other;
        }
    }

    /// Terms that are added one after the other may be computed together.
    fn terms(&mut self, id: Id) {
        let inst = |id: Id| self.graph.insts[id as usize];
        let sum = inst(id);
        if sum.kind == Kind::Add && self.uses[id as usize] > 0 {
            let before = inst(sum.args[0]);
            let [first, second] = [before.args[1], sum.args[1]];
            let free = [first, second].iter().all(|id| self.of[*id as usize].is_none());
            if before.kind == Kind::Add && free {
                self.seed(first, second, 0);
            }
        }
    }

    /// Counts how often what is tried is used by what is tried; or forgets it, where `each` is 0.
    fn count_within(&mut self, each: u32) {
        for id in self.tried.iter().flat_map(|(first, second)| [*first, *second]) {
            for arg in self.graph.args(&self.graph.insts[id as usize]) {
                let within = &mut self.within[*arg as usize];
                *within = each * (*within + 1);
            }
        }
    }

    /// Tries a pair, and those that it is made of; what it is worth, in instructions saved.
    fn attempt(&mut self, first: Id, second: Id) -> i32 {
        let (graph, [a, b]) = (self.graph, [first, second].map(|id| self.graph.insts[id as usize]));
        if first == second || self.of[first as usize] == Some((second, Lane::First)) {
            return 0;
        }
        match (a.kind, b.kind) {
            (Kind::Constant(_), Kind::Constant(_)) => return 0,
            (Kind::Load(a), Kind::Load(b)) if a.is_steady() && a.is_before(b) => return 0,
            _ => {}
        }
        let loads = matches!((a.kind, b.kind), (Kind::Load(a), Kind::Load(b)) if a.is_before(b) && !a.is_steady());
        let free = [first, second].iter().all(|id| self.of[*id as usize].is_none());
        let same = a.kind == b.kind && self.levels[first as usize] == self.levels[second as usize];
        if !free || !(loads || same && a.kind.is_arithmetic()) || self.tried.len() == MOST {
            return GATHERED;
        }
        self.of[first as usize] = Some((second, Lane::First));
        self.of[second as usize] = Some((first, Lane::Second));
        self.tried.push((first, second));
        let args = graph.args(&a).iter().zip(graph.args(&b));
        1 + args.map(|(x, y)| self.attempt(*x, *y)).sum::<i32>()
    }
}

/// What it is worth to put two numbers together that are not: it costs.
const GATHERED: i32 = -2;
