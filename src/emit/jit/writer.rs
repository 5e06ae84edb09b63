//! What each instruction of a piece becomes in the language of Cranelift. It must not know programs,
//! sweeps or reach, nor any machine.

use super::functions::{acceptance, function};
use super::graph::{Cell, Condition, Graph, Id, Inst, Kind, Question};
use super::lower::Pool;
use super::order::{Order, Step};
use crate::op::UNREACHED;
use crate::tape::guard::Comparison;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{
    AbiParam, InstBuilder, MemFlagsData, SigRef, Signature, Type, Value, types,
};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FuncInstBuilder, FunctionBuilder};
use smallvec::SmallVec;

/// The absolute value of a number has these bits of it.
const ALL_BUT_THE_SIGN: f64 = f64::from_bits(u64::MAX >> 1);

/// Writes one piece.
pub(super) struct Writer<'a> {
    builder: FunctionBuilder<'a>,
    graph: &'a Graph,
    pool: &'a mut Pool,
    order: &'a Order,
    /// Where in the frame values wait while a call is under way.
    homes: u32,
    values: Vec<Value>,
    /// For each value, how many calls came before it; and how many there were by now.
    born: Vec<u32>,
    calls: u32,
    /// Point, outputs, cotangents, gradient, frame, constants.
    pointers: [Value; 6],
    /// Signatures of functions of one, two and three numbers, and of a list.
    signatures: [Option<SigRef>; 4],
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
        let parameters = builder.block_params(block);
        let pointers = std::array::from_fn(|k| parameters[k]);
        let values = vec![Value::from_u32(0); graph.insts.len()];
        let (born, signatures) = (vec![0; values.len()], [None; 4]);
        Writer {
            builder,
            graph,
            pool,
            order,
            homes,
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
                Step::Store(cell, id) => self.store(cell, id),
                Step::Turn => holds = Some(self.turn(k < last)),
            }
        }
        self.builder.ins().return_(&[holds.expect("every piece turns")]);
        self.builder.finalize(config);
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
        let (pointer, k) = match cell {
            Cell::Input(k) => (0, k),
            Cell::Output(k) => (1, k),
            Cell::Seed(k) => (2, k),
            Cell::Slope(k) => (3, k),
            Cell::Frame(k) | Cell::Value(k) => (4, k),
        };
        (self.pointers[pointer], (k * 8) as i32)
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
            _ => match self.order.home(id) {
                Some(home) if self.born[id as usize] != self.calls => {
                    self.load(Cell::Value(self.homes + home))
                }
                _ => self.values[id as usize],
            },
        }
    }

    fn constant(&mut self, x: f64) -> Value {
        let offset = self.pool.place(x, false) as i32 * 8;
        let flags = MemFlagsData::trusted().with_readonly();
        self.builder.ins().load(types::F64, flags, self.pointers[5], offset)
    }

    /// A constant in both lanes of a vector.
    fn constants(&mut self, x: f64) -> Value {
        let offset = self.pool.place(x, true) as i32 * 8;
        let flags = MemFlagsData::new().with_notrap().with_readonly();
        self.builder.ins().load(types::F64X2, flags, self.pointers[5], offset)
    }

    /// What an instruction gave, in both lanes of a vector.
    fn lanes_of(&mut self, id: Id) -> Value {
        match self.graph.constant_of(id) {
            Some(x) => self.constants(x),
            None => {
                let x = self.value(id);
                self.builder.ins().splat(types::F64X2, x)
            }
        }
    }

    fn first(&mut self, x: Value) -> Value {
        self.builder.ins().extractlane(x, 0)
    }

    /// All bits where the comparison holds, else none.
    fn mask(&mut self, code: FloatCC, x: Value, y: Value) -> Value {
        let mask = self.builder.ins().fcmp(code, x, y);
        self.builder.ins().bitcast(types::F64X2, MemFlagsData::new(), mask)
    }

    fn inst(&mut self, inst: &Inst) -> Value {
        if let Kind::Load(cell) = inst.kind
            && !cell.is_steady()
        {
            return self.load(cell);
        }
        let [x, y, _] = inst.args;
        match inst.kind {
            Kind::Compare => return self.compare([x, y]),
            Kind::Select => return self.select(inst.args),
            Kind::Unless => return self.unless(x, y),
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
            Kind::Add => self.builder.ins().fadd(args[0], args[1]),
            Kind::Sub => self.builder.ins().fsub(args[0], args[1]),
            Kind::Mul => self.builder.ins().fmul(args[0], args[1]),
            Kind::Div => self.builder.ins().fdiv(args[0], args[1]),
            Kind::Neg => self.logic(args[0], -0.0, |ins, x, bits| ins.bxor(x, bits)),
            Kind::Abs => self.logic(args[0], ALL_BUT_THE_SIGN, |ins, x, bits| ins.band(x, bits)),
            Kind::NegAbs => self.logic(args[0], -0.0, |ins, x, bits| ins.bor(x, bits)),
            Kind::Sqrt => self.builder.ins().sqrt(args[0]),
            Kind::Floor => self.builder.ins().floor(args[0]),
            Kind::MulAdd => self.builder.ins().fma(args[0], args[1], args[2]),
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

    /// A call by address: `shape` is the number of its arguments less one, or 3 for a list.
    fn call(&mut self, shape: usize, function: usize, args: &[Value]) -> Value {
        let signature = self.signatures[shape].unwrap_or_else(|| {
            let mut signature = Signature::new(self.builder.func.signature.call_conv);
            let parameter: Type = if shape == 3 { types::I64 } else { types::F64 };
            let count = if shape == 3 { 2 } else { shape + 1 };
            signature.params = vec![AbiParam::new(parameter); count];
            signature.returns = vec![AbiParam::new(types::F64)];
            self.builder.import_signature(signature)
        });
        self.signatures[shape] = Some(signature);
        let address = self.builder.ins().iconst(types::I64, function as i64);
        let call = self.builder.ins().call_indirect(signature, address, args);
        self.calls += 1;
        self.builder.inst_results(call)[0]
    }

    /// Does something to the sign of a number, which is a bit.
    fn logic(
        &mut self,
        x: Value,
        bits: f64,
        op: impl Fn(FuncInstBuilder<'_, 'a>, Value, Value) -> Value,
    ) -> Value {
        let bits = self.constants(bits);
        let bits = self.first(bits);
        op(self.builder.ins(), x, bits)
    }

    /// -1, 0 or 1; NaN if either is: all bits set are a NaN.
    fn compare(&mut self, [x, y]: [Id; 2]) -> Value {
        let left = self.lanes_of(x);
        if x == y {
            let unordered = self.mask(FloatCC::Unordered, left, left);
            return self.first(unordered);
        }
        let right = self.lanes_of(y);
        let mut order = self.mask(FloatCC::Unordered, left, right);
        for (code, answer) in [(FloatCC::GreaterThan, 1.0), (FloatCC::LessThan, -1.0)] {
            let (mask, answer) = (self.mask(code, left, right), self.constants(answer));
            let answer = self.builder.ins().band(mask, answer);
            order = self.builder.ins().bor(order, answer);
        }
        self.first(order)
    }

    /// `x` where the condition is > 0, `y` where it is not; NaN where it is: all bits set. Without a
    /// branch, which may be foretold wrongly.
    fn select(&mut self, [condition, x, y]: [Id; 3]) -> Value {
        let Condition { comparison, left, right } = self.graph.condition(condition);
        let known = right.map_or(Some(0.0), |right| self.graph.constant_of(right));
        let [x, otherwise, over] = [x, y, left].map(|x| self.lanes_of(x));
        let than = match right {
            Some(right) => self.lanes_of(right),
            None => self.constants(0.0),
        };
        let mask = self.mask(float_code(comparison), over, than);
        let mut chosen = self.choose(mask, x, otherwise);
        if known.is_none_or(f64::is_nan) || !self.graph.is_nan_with(y, left) {
            let unordered = self.mask(FloatCC::Unordered, over, than);
            chosen = self.builder.ins().bor(chosen, unordered);
        }
        self.first(chosen)
    }

    fn choose(&mut self, mask: Value, x: Value, otherwise: Value) -> Value {
        self.builder.ins().bitselect(mask, x, otherwise)
    }

    fn unless(&mut self, bar: Id, x: Id) -> Value {
        let (bar, x, nothing) = (self.lanes_of(bar), self.lanes_of(x), self.constants(UNREACHED));
        let [bar, bits] = [bar, nothing]
            .map(|x| self.builder.ins().bitcast(types::I64X2, MemFlagsData::new(), x));
        let mask = self.builder.ins().icmp(IntCC::Equal, bar, bits);
        let mask = self.builder.ins().bitcast(types::F64X2, MemFlagsData::new(), mask);
        let chosen = self.choose(mask, nothing, x);
        self.first(chosen)
    }

    fn ask(&mut self, question: &Question) {
        let [x, y] = [question.x, question.y].map(|id| self.value(id));
        let (code, expected) = match (question.comparison, question.expected) {
            (Comparison::Order, -1) => (FloatCC::LessThan, 1),
            (Comparison::Order, 0) => (FloatCC::Equal, 1),
            (Comparison::Order, 1) => (FloatCC::GreaterThan, 1),
            (comparison, expected) => (float_code(comparison), expected),
        };
        let expected = if question.comparison == Comparison::Order { 1 } else { expected };
        let code = if expected == 1 { code } else { code.complement() };
        let holds = self.builder.ins().fcmp(code, x, y);
        self.demand(holds);
    }

    fn demand(&mut self, holds: Value) {
        self.holds = Some(match self.holds {
            Some(others) => self.builder.ins().band(others, holds),
            None => holds,
        });
    }
}

/// The code of a comparison that is true or false; of an order, that there is none.
fn float_code(comparison: Comparison) -> FloatCC {
    match comparison {
        Comparison::Equal => FloatCC::Equal,
        Comparison::Less => FloatCC::LessThan,
        Comparison::LessOrEqual => FloatCC::LessThanOrEqual,
        Comparison::Greater => FloatCC::GreaterThan,
        Comparison::GreaterOrEqual => FloatCC::GreaterThanOrEqual,
        Comparison::Order => FloatCC::Unordered,
    }
}
