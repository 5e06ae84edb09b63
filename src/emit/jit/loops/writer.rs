//! The code of a block: its turns two by two in vectors, and the last one alone if their number is odd.
//! It must not know programs, sweeps or reach, nor any machine.

mod body;
mod memory;
mod rows;

pub(super) use rows::Row;

use super::plan::{Plan, Turn, Use};
use super::ways::Way;
use super::windows::Window;
use crate::emit::jit::lower::Pool;
use crate::emit::jit::writer::{Signatures, Vectors, two};
use crate::emit::list::graph::{Graph, Id, Kind};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, Variable};
use memory::{Adjoints, Pointers};
use std::collections::HashMap;

/// How many parameters the code of a block has: where pointers stand, what it is told of its places,
/// and how many turns it takes.
pub(in crate::emit::jit) const PARAMETERS: usize = 3;

/// Constants that are kept in registers, at most.
const KEPT: usize = 5;

/// Which turns an instruction is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    /// For all of them: it gives the same in each.
    All,
    /// For two, one a lane.
    Two,
    /// For one, in the first lane.
    One,
}

/// A sum over the turns: in vectors, and once the last pair is done as one number.
#[derive(Clone, Copy, Debug)]
struct Sum {
    vector: Variable,
    number: Variable,
}

/// Writes the code of a block.
pub(super) struct LoopWriter<'a> {
    builder: FunctionBuilder<'a>,
    turn: Turn<'a>,
    plan: Plan,
    pool: &'a mut Pool,
    pointers: Pointers,
    /// What instructions gave, in vectors; where it is negative, with the other sign.
    values: Vec<Value>,
    negative: Vec<bool>,
    /// Constants that are in registers.
    kept: HashMap<[u64; 2], Value>,
    /// For whom instructions are written, and eight times the first of the turns.
    now: For,
    index: Value,
    /// Where the rows of these turns begin: of what, and in which lane.
    rows: HashMap<(Value, i32), Value>,
    totals: Vec<Sum>,
    /// Sums of adjoints that turns share, by their places.
    shared: Vec<Option<Sum>>,
    windows: Vec<Window>,
    signatures: Signatures,
    /// Whether all that was asked had the answer that was recorded, if something is asked.
    holds: Option<Variable>,
}

impl<'a> LoopWriter<'a> {
    pub(super) fn new(
        mut builder: FunctionBuilder<'a>,
        turn: Turn<'a>,
        pool: &'a mut Pool,
    ) -> LoopWriter<'a> {
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        builder.seal_block(block);
        let plan = Plan::of(&turn);
        let touched = plan.touched(&turn);
        let pointers = Pointers::new(&mut builder, block, turn.spots, &touched);
        let index = builder.ins().iconst(types::I64, 0);
        LoopWriter {
            builder,
            plan,
            values: vec![Value::from_u32(0); turn.graph.insts.len()],
            negative: vec![false; turn.graph.insts.len()],
            shared: vec![None; turn.spots.len()],
            turn,
            pool,
            pointers,
            kept: HashMap::new(),
            now: For::All,
            index,
            rows: HashMap::new(),
            totals: Vec::new(),
            windows: Vec::new(),
            signatures: Signatures::default(),
            holds: None,
        }
    }

    /// The whole function.
    pub(super) fn write(mut self, config: TargetFrontendConfig) {
        self.keep_constants();
        self.ask_nothing_yet();
        if self.turn.single {
            self.now = For::One;
            self.body();
        } else {
            self.before_the_loop();
            let turns = self.pointers.turns;
            let pairs = self.builder.ins().band_imm_s(turns, -2);
            let end = self.builder.ins().ishl_imm_u(pairs, 3);
            self.pairs(end);
            self.behind_the_pairs(end);
            self.last_turn(turns);
            self.behind_the_loop();
        }
        let holds = match self.holds {
            Some(holds) => self.builder.use_var(holds),
            None => self.builder.ins().iconst(types::I64, 1),
        };
        self.builder.ins().return_(&[holds]);
        self.builder.seal_all_blocks();
        self.builder.finalize(config);
    }

    /// Loads constants into registers, if they are few.
    fn keep_constants(&mut self) {
        let graph = self.turn.graph;
        let needed = (0..graph.insts.len() as Id).filter(|id| self.plan.needed[*id as usize]);
        let constants: Vec<f64> = needed.filter_map(|id| graph.constant_of(id)).collect();
        if !self.turn.single && constants.len() <= KEPT {
            for x in constants {
                let kept = self.constants(x, x);
                self.kept.insert([x.to_bits(); 2], kept);
            }
        }
    }

    fn ask_nothing_yet(&mut self) {
        let graph = self.turn.graph;
        let bounded = |kind: Kind| matches!(kind, Kind::Call(_, 3));
        if !graph.questions.is_empty() || graph.insts.iter().any(|inst| bounded(inst.kind)) {
            let (holds, yes) =
                (self.builder.declare_var(types::I64), self.builder.ins().iconst(types::I64, 1));
            self.builder.def_var(holds, yes);
            self.holds = Some(holds);
        }
    }

    /// What all turns have in common, and sums of nothing.
    fn before_the_loop(&mut self) {
        for id in 0..self.turn.graph.insts.len() {
            let inst = self.turn.graph.insts[id];
            let is_constant = matches!(inst.kind, Kind::Constant(_));
            if self.plan.needed[id] && self.plan.fixed[id] && !is_constant {
                self.write_inst(id as Id, &inst);
                self.lanes_of(id as Id); // with its own sign, before the loop
            }
        }
        self.totals = self.turn.totals.iter().map(|_| Sum::new(&mut self.builder)).collect();
        let mut groups: Vec<(usize, Vec<u32>)> = Vec::new();
        for (_, used) in &self.plan.uses {
            let Use::Slope(k) = *used else { continue };
            match self.turn.spots[k].way {
                Way::Same => self.shared[k] = Some(Sum::new(&mut self.builder)),
                Way::Unit { member, ahead } => {
                    let member = member as usize;
                    match groups.iter_mut().find(|(known, _)| *known == member) {
                        Some((_, all)) => all.push(ahead),
                        None => groups.push((member, vec![ahead])),
                    }
                }
                Way::Stride { .. } | Way::Table => {}
            }
        }
        let windows = groups.into_iter();
        self.windows =
            windows.map(|(member, all)| Window::new(&mut self.builder, member, &all)).collect();
        let sums = self.totals.iter().chain(self.shared.iter().flatten());
        let windows = self.windows.iter().flat_map(Window::variables);
        let waiting: Vec<Variable> = sums.map(|sum| sum.vector).chain(windows).collect();
        if !waiting.is_empty() {
            let nothing = self.constants(-0.0, -0.0);
            waiting.iter().for_each(|variable| self.builder.def_var(*variable, nothing));
        }
    }

    /// All pairs: there is one at least.
    fn pairs(&mut self, end: Value) {
        let index = self.builder.declare_var(types::I64);
        self.builder.def_var(index, self.index);
        let [pair, behind] = [(); 2].map(|()| self.builder.create_block());
        self.builder.ins().jump(pair, &[]);
        self.builder.switch_to_block(pair);
        self.index = self.builder.use_var(index);
        self.now = For::Two;
        self.windows.iter_mut().for_each(|window| window.begin(&mut self.builder));
        self.body();
        self.end_windows();
        let next = self.builder.ins().iadd_imm_s(self.index, 16);
        self.builder.def_var(index, next);
        let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, end);
        self.builder.ins().brif(more, pair, &[], behind, &[]);
        self.builder.switch_to_block(behind);
        self.builder.seal_block(pair);
        self.builder.seal_block(behind);
    }

    fn end_windows(&mut self) {
        for k in 0..self.windows.len() {
            let window = &mut self.windows[k];
            let done = window.end(&mut self.builder);
            let place = Adjoints { member: window.member, ahead: window.ahead };
            if let Some(done) = done {
                self.add_two(place, done);
            }
        }
    }

    /// Sums become numbers, and what waits is added where it belongs.
    fn behind_the_pairs(&mut self, end: Value) {
        self.index = end;
        let sums: Vec<Sum> = self.sums();
        for Sum { vector, number } in sums {
            let sum = self.builder.use_var(vector);
            let [x, y] = [0, 1].map(|lane| self.builder.ins().extractlane(sum, lane));
            let sum = self.builder.ins().fadd(x, y);
            self.builder.def_var(number, sum);
        }
        for k in 0..self.windows.len() {
            let Window { member, ahead, .. } = self.windows[k];
            for (behind, variable, lane) in self.windows[k].rest() {
                let waiting = self.builder.use_var(variable);
                let waiting = self.builder.ins().extractlane(waiting, lane);
                self.add_one(Adjoints { member, ahead: ahead + behind }, waiting);
            }
        }
    }

    fn sums(&self) -> Vec<Sum> {
        self.totals.iter().chain(self.shared.iter().flatten()).copied().collect()
    }

    /// The last turn, if their number is odd.
    fn last_turn(&mut self, turns: Value) {
        let [last, end] = [(); 2].map(|()| self.builder.create_block());
        let is_odd = self.builder.ins().band_imm_s(turns, 1);
        self.builder.ins().brif(is_odd, last, &[], end, &[]);
        self.builder.switch_to_block(last);
        self.builder.seal_block(last);
        self.now = For::One;
        self.body();
        self.builder.ins().jump(end, &[]);
        self.builder.switch_to_block(end);
        self.builder.seal_block(end);
    }

    /// What is done once for all turns.
    fn behind_the_loop(&mut self) {
        for (total, (output, begins)) in self.turn.totals.iter().enumerate() {
            if self.plan.uses.iter().any(|(_, used)| *used == Use::Total(total)) {
                let first = self.pointers.of(*begins as usize).value;
                let first = self.builder.ins().load(types::F64, trusted(), first, 0);
                let sum = self.builder.use_var(self.totals[total].number);
                let sum = self.builder.ins().fadd(first, sum);
                let to = self.pointers.of(self.turn.output(*output)).value;
                self.builder.ins().store(trusted(), sum, to, 0);
            }
        }
        for k in 0..self.shared.len() {
            if let Some(sum) = self.shared[k] {
                let sum = self.builder.use_var(sum.number);
                self.add_at(self.pointers.of(k).bar, 0, sum);
            }
        }
        for (id, used) in self.plan.uses.clone() {
            if let Use::Pass(k) = used {
                assert!(self.plan.fixed[id as usize], "turns share the adjoint of their sum");
                let both = self.lanes_of(id);
                let bar = self.builder.ins().extractlane(both, 0);
                self.add_at(self.pointers.of(k).bar, 0, bar);
            }
        }
    }
}

impl<'a> Vectors<'a> for LoopWriter<'a> {
    fn builder(&mut self) -> &mut FunctionBuilder<'a> {
        &mut self.builder
    }

    fn graph(&self) -> &'a Graph {
        self.turn.graph
    }

    fn constants(&mut self, x: f64, y: f64) -> Value {
        if let Some(kept) = self.kept.get(&[x.to_bits(), y.to_bits()]) {
            return *kept;
        }
        let offset = self.pool.place(x, Some(y)) as i32 * 8;
        self.builder.ins().load(types::F64X2, two(), self.pointers.pool, Offset32::new(offset))
    }

    fn lanes_of(&mut self, id: Id) -> Value {
        if let Some(x) = self.turn.graph.constant_of(id) {
            return self.constants(x, x);
        }
        let k = id as usize;
        if std::mem::take(&mut self.negative[k]) {
            self.values[k] = self.arithmetic(Kind::Neg, &[self.values[k]]);
        }
        self.values[k]
    }
}

impl Sum {
    fn new(builder: &mut FunctionBuilder<'_>) -> Sum {
        let [vector, number] = [types::F64X2, types::F64].map(|number| builder.declare_var(number));
        Sum { vector, number }
    }
}

/// A number in memory, where numbers may stand.
fn trusted() -> MemFlagsData {
    MemFlagsData::trusted()
}
