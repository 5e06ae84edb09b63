//! What each instruction of a piece becomes in the language of Cranelift. It must not know programs,
//! sweeps or reach, nor any machine.

mod questions;
mod vectors;

pub(super) use questions::as_recorded;
pub(super) use vectors::{Signatures, Vectors};

use vectors::float_code;

use super::functions::{acceptance, function};
use super::lower::Pool;
use super::order::{Order, Step};
use crate::emit::list::graph::{Cell, Graph, Id, Inst, Kind, Mix};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilder;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Writes one piece.
pub(super) struct Writer<'a> {
    builder: FunctionBuilder<'a>,
    graph: &'a Graph,
    pool: &'a mut Pool,
    order: &'a Order,
    /// Where in the frame values wait while a call is under way.
    homes: u32,
    values: Vec<Value>,
    /// For the first of each pair, both.
    vectors: Vec<Value>,
    /// What was made of an instruction for others, after so many calls: in both lanes of a vector; on
    /// its own, out of one. It is made anew after a call.
    spread: HashMap<(Id, u32), Value, BuildHasherDefault<Mix>>,
    single: HashMap<(Id, u32), Value, BuildHasherDefault<Mix>>,
    /// For each value, how many calls came before it; and how many there were by now.
    born: Vec<u32>,
    calls: u32,
    /// Point, outputs, cotangents, gradient, frame, constants; and what cells have of their own.
    pointers: Vec<Value>,
    signatures: Signatures,
    /// Whether all recorded comparisons have gone as they should; 1 or 0.
    holds: Option<Value>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(
        mut builder: FunctionBuilder<'a>,
        graph: &'a Graph,
        pool: &'a mut Pool,
        order: &'a Order,
        homes: u32,
    ) -> Self {
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        builder.seal_block(block);
        let pointers = builder.block_params(block).to_vec();
        Writer::within(builder, pointers, graph, pool, order, homes)
    }

    /// In a block that is begun, with these pointers.
    pub(super) fn within(
        builder: FunctionBuilder<'a>,
        pointers: Vec<Value>,
        graph: &'a Graph,
        pool: &'a mut Pool,
        order: &'a Order,
        homes: u32,
    ) -> Self {
        let values = vec![Value::from_u32(0); graph.insts.len()];
        let (born, signatures) = (vec![0; values.len()], Signatures::default());
        Writer {
            builder,
            graph,
            pool,
            order,
            homes,
            vectors: values.clone(),
            spread: HashMap::default(),
            single: HashMap::default(),
            values,
            born,
            calls: 0,
            pointers,
            signatures,
            holds: None,
        }
    }

    /// The whole piece.
    pub(super) fn write(mut self, config: TargetFrontendConfig) {
        let holds = self.steps();
        self.builder.ins().return_(&[holds]);
        self.builder.finalize(config);
    }

    /// All steps. Whether recorded comparisons have gone as they should; 1 or 0.
    pub(super) fn steps(&mut self) -> Value {
        let mut holds = None;
        let last = self.order.steps.len() - 1;
        for (k, step) in self.order.steps.iter().enumerate() {
            match *step {
                Step::Inst(id) => {
                    self.values[id as usize] = self.inst(&self.graph.insts[id as usize]);
                    self.born[id as usize] = self.calls;
                    if let Some(home) = self.order.home(id) {
                        self.store(Cell::Frame(self.homes + home), id);
                    }
                }
                Step::Pair(first, second) => self.pair(first, second),
                Step::Store(cell, id) => self.store(cell, id),
                Step::StorePair(cell, first) => {
                    let (pointer, offset) = self.place(cell);
                    let both = self.vectors[first as usize];
                    self.builder.ins().store(two(), both, pointer, offset);
                }
                Step::Turn => holds = Some(self.turn(k < last)),
            }
        }
        holds.expect("every piece turns")
    }

    /// What is behind the steps, for others to write.
    pub(super) fn into_builder(self) -> FunctionBuilder<'a> {
        self.builder
    }

    /// Asks, and returns here if the piece goes on and no gradient is asked for.
    fn turn(&mut self, goes_on: bool) -> Value {
        self.graph.questions.iter().for_each(|question| self.ask(question));
        let holds = match self.holds {
            Some(holds) => self.builder.ins().uextend(types::I64, holds),
            None => self.builder.ins().iconst(types::I64, 1),
        };
        if goes_on {
            let (down, end) = (self.builder.create_block(), self.builder.create_block());
            self.builder.ins().brif(self.pointers[3], down, &[], end, &[]);
            self.builder.switch_to_block(end);
            self.builder.ins().return_(&[holds]);
            self.builder.switch_to_block(down);
            self.builder.seal_all_blocks();
        }
        holds
    }

    fn place(&self, cell: Cell) -> (Value, i32) {
        let (pointer, k) = cell.place();
        (self.pointers[pointer], k * 8)
    }

    fn load(&mut self, cell: Cell) -> Value {
        let (pointer, offset) = self.place(cell);
        let flags = match cell {
            Cell::Input(_) | Cell::Seed(_) => MemFlagsData::trusted().with_readonly(),
            _ => MemFlagsData::trusted(),
        };
        self.builder.ins().load(types::F64, flags, pointer, offset)
    }

    fn store(&mut self, cell: Cell, id: Id) {
        let value = self.value(id);
        let (pointer, offset) = self.place(cell);
        self.builder.ins().store(MemFlagsData::trusted(), value, pointer, offset);
    }

    /// What an instruction gave. What stays in memory as it is, is loaded anew at each use: most
    /// instructions take an argument from there, and no register is held for it.
    fn value(&mut self, id: Id) -> Value {
        match self.graph.insts[id as usize].kind {
            Kind::Constant(bits) => self.constant(f64::from_bits(bits)),
            Kind::Load(cell) if cell.is_steady() => self.load(cell),
            _ if self.order.pairs.get(id).is_some() => self.single(id),
            _ => match self.order.home(id) {
                Some(home) if self.born[id as usize] != self.calls => {
                    self.load(Cell::Home(self.homes + home))
                }
                _ => self.values[id as usize],
            },
        }
    }

    /// One of a pair.
    fn single(&mut self, id: Id) -> Value {
        if let Some(known) = self.single.get(&(id, self.calls)) {
            return *known;
        }
        let (first, _) = self.order.pairs.get(id).expect("it is one of a pair");
        let lane = u8::from(id != first);
        let single = self.builder.ins().extractlane(self.vectors[first as usize], lane);
        self.single.insert((id, self.calls), single);
        single
    }

    /// Two numbers as a vector.
    fn both(&mut self, first: Id, second: Id) -> Value {
        let graph = self.graph;
        if self.order.pairs.are(first, second) {
            return self.vectors[first as usize];
        }
        if let [Some(x), Some(y)] = [first, second].map(|id| graph.constant_of(id)) {
            return self.constants(x, y);
        }
        match [first, second].map(|id| graph.insts[id as usize].kind) {
            [Kind::Load(a), Kind::Load(b)] if a.is_steady() && a.is_before(b) => self.load_two(a),
            _ => {
                let x = self.lanes_of(first);
                if first == second {
                    return x;
                }
                let y = self.value(second);
                self.builder.ins().insertlane(x, y, 1)
            }
        }
    }

    /// The numbers of a cell and the next.
    fn load_two(&mut self, cell: Cell) -> Value {
        let (pointer, offset) = self.place(cell);
        self.builder.ins().load(types::F64X2, two(), pointer, offset)
    }

    /// Two instructions at once.
    fn pair(&mut self, first: Id, second: Id) {
        let graph = self.graph;
        let [inst, other] = [first, second].map(|id| &graph.insts[id as usize]);
        self.vectors[first as usize] = match inst.kind {
            Kind::Load(cell) => self.load_two(cell),
            kind => {
                let mut args = SmallVec::<[Value; 3]>::new();
                for (k, (x, y)) in graph.args(inst).iter().zip(graph.args(other)).enumerate() {
                    let same = k > 0 && (*x, *y) == (inst.args[0], other.args[0]);
                    args.push(if same { args[0] } else { self.both(*x, *y) });
                }
                self.arithmetic(kind, &args)
            }
        };
    }

    fn constant(&mut self, x: f64) -> Value {
        let offset = self.pool.place(x, None) as i32 * 8;
        let flags = MemFlagsData::trusted().with_readonly();
        self.builder.ins().load(types::F64, flags, self.pointers[5], offset)
    }

    fn first(&mut self, x: Value) -> Value {
        self.builder.ins().extractlane(x, 0)
    }

    fn inst(&mut self, inst: &Inst) -> Value {
        if let Kind::Load(cell) = inst.kind
            && !cell.is_steady()
        {
            return self.load(cell);
        }
        match inst.kind {
            Kind::Compare | Kind::Select | Kind::Unless => {
                let both = self.choice(inst);
                return self.first(both);
            }
            _ => {}
        }
        let mut args = SmallVec::<[Value; 8]>::new();
        let ids = self.graph.args(inst);
        for (k, id) in ids.iter().enumerate() {
            let same = k > 0 && *id == ids[0];
            args.push(if same { args[0] } else { self.value(*id) });
        }
        match inst.kind {
            Kind::Constant(_) | Kind::Load(_) => unreachable!("these are taken from memory"),
            Kind::Compare | Kind::Select | Kind::Unless => unreachable!("these were written"),
            Kind::Floor => self.builder.ins().floor(args[0]),
            Kind::Call(op, count) => {
                let value = self.call(usize::from(count) - 1, function(op), &args);
                let bounded =
                    inst.args[1..].iter().all(|arg| self.graph.constant_of(*arg).is_some());
                if count == 3 && !bounded {
                    let accepted = self.call(2, acceptance(op), &args);
                    let zero = self.builder.ins().f64const(0.0);
                    let holds = self.builder.ins().fcmp(FloatCC::NotEqual, accepted, zero);
                    self.demand(holds);
                }
                value
            }
            Kind::List(op, ..) => self.list(function(op), &args),
            kind => self.arithmetic(kind, &args),
        }
    }

    /// The numbers go to the front of the frame, where there is room for the longest list.
    fn list(&mut self, function: usize, args: &[Value]) -> Value {
        for (k, arg) in args.iter().enumerate() {
            let (pointer, offset) = self.place(Cell::Frame(k as u32));
            self.builder.ins().store(MemFlagsData::trusted(), *arg, pointer, offset);
        }
        let length = self.builder.ins().iconst(types::I64, args.len() as i64);
        self.call(3, function, &[self.pointers[4], length])
    }

    fn call(&mut self, shape: usize, function: usize, args: &[Value]) -> Value {
        self.calls += 1;
        self.signatures.call(&mut self.builder, shape, function, args)
    }
}

impl<'a> Vectors<'a> for Writer<'a> {
    fn builder(&mut self) -> &mut FunctionBuilder<'a> {
        &mut self.builder
    }

    fn graph(&self) -> &'a Graph {
        self.graph
    }

    /// Two constants as a vector.
    fn constants(&mut self, x: f64, y: f64) -> Value {
        let offset = self.pool.place(x, Some(y)) as i32 * 8;
        self.builder.ins().load(types::F64X2, two(), self.pointers[5], offset)
    }

    /// What an instruction gave, in both lanes of a vector.
    fn lanes_of(&mut self, id: Id) -> Value {
        if let Some(x) = self.graph.constant_of(id) {
            return self.constants(x, x);
        }
        if let Some(known) = self.spread.get(&(id, self.calls)) {
            return *known;
        }
        let x = self.value(id);
        let spread = self.builder.ins().splat(types::F64X2, x);
        self.spread.insert((id, self.calls), spread);
        spread
    }
}

/// Two numbers in memory, wherever they stand.
pub(super) fn two() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}
