//! From the instructions of a piece to machine code, by Cranelift. It must not know programs, sweeps
//! or reach.

use super::functions::{acceptance, function};
use super::graph::{Cell, Graph, Id, Inst, Kind, Question};
use super::{CompileError, CompileMode};
use crate::op::UNREACHED;
use crate::tape::guard::Comparison;
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{
    AbiParam, InstBuilder, MemFlagsData, SigRef, Signature, Type, Value, types,
};
use cranelift_codegen::isa::{Builder, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use smallvec::SmallVec;

/// Where in a piece the way down begins, if it goes both ways: at this instruction, and at this store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub(super) inst: usize,
    pub(super) store: usize,
}

/// Machine code, piece by piece.
pub(super) struct Lowering {
    pub(super) isa: OwnedTargetIsa,
    pub(super) bytes: Vec<u8>,
    pub(super) signature: Signature,
    context: Context,
    frontend: FunctionBuilderContext,
}

impl Lowering {
    /// Ready for the machine that this runs on.
    pub(super) fn new(machine: Builder, mode: CompileMode) -> Result<Lowering, CompileError> {
        let mut flags = settings::builder();
        let (level, algorithm) = match mode {
            CompileMode::Thorough => ("speed", "backtracking"),
            CompileMode::Quick => ("none", "single_pass"),
        };
        let verifier = if cfg!(debug_assertions) { "true" } else { "false" };
        for (name, value) in [
            ("opt_level", level),
            ("regalloc_algorithm", algorithm),
            ("enable_verifier", verifier),
            ("unwind_info", "false"),
            ("enable_probestack", "false"),
            ("is_pic", "false"),
        ] {
            flags.set(name, value).map_err(|error| CompileError::Machine(error.to_string()))?;
        }
        let isa = machine
            .finish(settings::Flags::new(flags))
            .map_err(|error| CompileError::Machine(error.to_string()))?;
        if isa.pointer_type() != types::I64 {
            return Err(CompileError::Machine("its pointers are not of 64 bits".to_owned()));
        }
        let mut signature = Signature::new(isa.default_call_conv());
        signature.params = vec![AbiParam::new(types::I64); 5];
        signature.returns = vec![AbiParam::new(types::I64)];
        let (context, frontend) = (Context::new(), FunctionBuilderContext::new());
        Ok(Lowering { isa, bytes: Vec::new(), signature, context, frontend })
    }

    /// Appends the code of a piece; returns where it begins.
    pub(super) fn piece(
        &mut self,
        graph: &Graph,
        turn: Option<Turn>,
    ) -> Result<usize, CompileError> {
        self.context.clear();
        self.context.func.signature = self.signature.clone();
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.frontend);
        let mut writer = Writer::new(builder, graph);
        writer.write(turn);
        writer.builder.finalize(self.isa.frontend_config());
        let code = self
            .context
            .compile(&*self.isa, &mut ControlPlane::default())
            .map_err(|error| CompileError::Code(format!("{:?}", error.inner)))?;
        if !code.buffer.relocs().is_empty() {
            let missing = "it lacks an instruction (fused products, or rounding down)";
            return Err(CompileError::Machine(missing.to_owned()));
        }
        self.bytes.resize(self.bytes.len().next_multiple_of(64), 0);
        let start = self.bytes.len();
        self.bytes.extend_from_slice(code.code_buffer());
        Ok(start)
    }
}

/// Writes one piece.
struct Writer<'a> {
    builder: FunctionBuilder<'a>,
    graph: &'a Graph,
    values: Vec<Value>,
    /// Point, outputs, cotangents, gradient, frame.
    pointers: [Value; 5],
    /// Signatures of functions of one, two and three numbers, and of a list.
    signatures: [Option<SigRef>; 4],
    /// Whether all recorded comparisons have gone as they should; 1 or 0.
    holds: Option<Value>,
}

impl<'a> Writer<'a> {
    fn new(mut builder: FunctionBuilder<'a>, graph: &'a Graph) -> Self {
        let block = builder.create_block();
        builder.append_block_params_for_function_params(block);
        builder.switch_to_block(block);
        builder.seal_block(block);
        let parameters = builder.block_params(block);
        let pointers = std::array::from_fn(|k| parameters[k]);
        let values = vec![Value::from_u32(0); graph.insts.len()];
        Writer { builder, graph, values, pointers, signatures: [None; 4], holds: None }
    }

    /// The whole piece. What goes both ways returns at the turn if no gradient is asked for.
    fn write(&mut self, turn: Option<Turn>) {
        let graph = self.graph;
        let (count, stores) = (graph.insts.len(), &graph.stores);
        let turn = turn.unwrap_or(Turn { inst: count, store: stores.len() });
        let needed = graph.needed();
        self.run(0..turn.inst, &needed, &stores[..turn.store]);
        graph.questions.iter().for_each(|question| self.ask(question));
        let holds = match self.holds {
            Some(holds) => self.builder.ins().uextend(types::I64, holds),
            None => self.builder.ins().iconst(types::I64, 1),
        };
        if turn.inst < count || turn.store < stores.len() {
            let (down, end) = (self.builder.create_block(), self.builder.create_block());
            self.builder.ins().brif(self.pointers[3], down, &[], end, &[]);
            self.builder.switch_to_block(end);
            self.builder.ins().return_(&[holds]);
            self.builder.switch_to_block(down);
            self.builder.seal_all_blocks();
            self.run(turn.inst..count, &needed, &stores[turn.store..]);
        }
        self.builder.ins().return_(&[holds]);
    }

    /// Instructions, each followed by the stores of what it gave.
    fn run(&mut self, insts: std::ops::Range<usize>, needed: &[bool], stores: &[(Cell, Id)]) {
        let mut stores: Vec<(Cell, Id)> = stores.to_vec();
        stores.sort_by_key(|(_, id)| *id);
        let mut stores = stores.into_iter().peekable();
        for id in insts {
            if needed[id] {
                self.values[id] = self.inst(&self.graph.insts[id]);
            }
            while let Some((cell, id)) = stores.next_if(|(_, stored)| *stored as usize <= id) {
                self.store(cell, id);
            }
        }
        stores.for_each(|(cell, id)| self.store(cell, id));
    }

    fn place(&self, cell: Cell) -> (Value, i32) {
        let (pointer, k) = match cell {
            Cell::Input(k) => (0, k),
            Cell::Output(k) => (1, k),
            Cell::Seed(k) => (2, k),
            Cell::Slope(k) => (3, k),
            Cell::Frame(k) => (4, k),
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

    /// What an instruction gave. Constants are written anew at each use, where they are cheapest.
    fn value(&mut self, id: Id) -> Value {
        match self.graph.constant_of(id) {
            Some(x) => self.builder.ins().f64const(x),
            None => self.values[id as usize],
        }
    }

    fn inst(&mut self, inst: &Inst) -> Value {
        if let Kind::Constant(_) = inst.kind {
            return Value::from_u32(0);
        }
        let args: SmallVec<[Value; 8]> =
            self.graph.args(inst).iter().map(|arg| self.value(*arg)).collect();
        match inst.kind {
            Kind::Constant(_) => unreachable!("constants are written where they are used"),
            Kind::Load(cell) => self.load(cell),
            Kind::Add => self.builder.ins().fadd(args[0], args[1]),
            Kind::Sub => self.builder.ins().fsub(args[0], args[1]),
            Kind::Mul => self.builder.ins().fmul(args[0], args[1]),
            Kind::Div => self.builder.ins().fdiv(args[0], args[1]),
            Kind::Neg => self.builder.ins().fneg(args[0]),
            Kind::Abs => self.builder.ins().fabs(args[0]),
            Kind::Sqrt => self.builder.ins().sqrt(args[0]),
            Kind::Floor => self.builder.ins().floor(args[0]),
            Kind::MulAdd => self.builder.ins().fma(args[0], args[1], args[2]),
            Kind::Compare => self.compare(args[0], args[1]),
            Kind::Select => self.select(inst.args[0], args[1], args[2]),
            Kind::Unless => self.unless(args[0], args[1]),
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
        self.builder.inst_results(call)[0]
    }

    /// 0, or NaN where x is. A comparison of vectors gives bits that are all 0 or all 1, and the latter
    /// are a NaN.
    fn nan_or_zero(&mut self, x: Value) -> Value {
        let x = self.builder.ins().scalar_to_vector(types::F64X2, x);
        let mask = self.builder.ins().fcmp(FloatCC::Unordered, x, x);
        let mask = self.builder.ins().bitcast(types::F64X2, MemFlagsData::new(), mask);
        self.builder.ins().extractlane(mask, 0)
    }

    /// -1, 0 or 1; NaN if either is.
    fn compare(&mut self, x: Value, y: Value) -> Value {
        if x == y && cfg!(target_arch = "x86_64") {
            return self.nan_or_zero(x);
        }
        let [nan, zero] = [f64::NAN, 0.0].map(|x| self.builder.ins().f64const(x));
        let unordered = self.builder.ins().fcmp(FloatCC::Unordered, x, y);
        let otherwise = self.builder.ins().select(unordered, nan, zero);
        if x == y {
            return otherwise;
        }
        let [less, more] = [-1.0, 1.0].map(|x| self.builder.ins().f64const(x));
        let is_less = self.builder.ins().fcmp(FloatCC::LessThan, x, y);
        let otherwise = self.builder.ins().select(is_less, less, otherwise);
        let is_more = self.builder.ins().fcmp(FloatCC::GreaterThan, x, y);
        self.builder.ins().select(is_more, more, otherwise)
    }

    /// `x` where the condition is > 0, `y` where it is not; NaN where it is.
    fn select(&mut self, condition: Id, x: Value, y: Value) -> Value {
        let (code, left, right) = self.condition(condition);
        let nan = self.builder.ins().f64const(f64::NAN);
        let unordered = self.builder.ins().fcmp(FloatCC::Unordered, left, right);
        let otherwise = self.builder.ins().select(unordered, nan, y);
        let chosen = self.builder.ins().fcmp(code, left, right);
        self.builder.ins().select(chosen, x, otherwise)
    }

    /// The comparison that says that an instruction gives more than 0. It is unordered where the
    /// instruction gives NaN.
    fn condition(&mut self, id: Id) -> (FloatCC, Value, Value) {
        let inst = |id: Id| self.graph.insts[id as usize];
        let is_one = |id: Id| self.graph.constant_of(id) == Some(1.0);
        let Inst { kind, args: [first, second, _] } = inst(id);
        let compared = match kind {
            Kind::Compare => Some((FloatCC::GreaterThan, inst(id))),
            Kind::Add if is_one(second) => {
                let Inst { kind, args: [inner, ..] } = inst(first);
                match (kind, inst(inner).kind) {
                    (Kind::Compare, _) => Some((FloatCC::GreaterThanOrEqual, inst(first))),
                    (Kind::Neg, Kind::Compare) => Some((FloatCC::LessThanOrEqual, inst(inner))),
                    _ => None,
                }
            }
            _ => None,
        };
        match compared {
            Some((code, compare)) => {
                (code, self.value(compare.args[0]), self.value(compare.args[1]))
            }
            None => {
                let zero = self.builder.ins().f64const(0.0);
                (FloatCC::GreaterThan, self.value(id), zero)
            }
        }
    }

    fn unless(&mut self, bar: Value, x: Value) -> Value {
        let bits = self.builder.ins().bitcast(types::I64, MemFlagsData::new(), bar);
        let nothing = self.builder.ins().iconst(types::I64, UNREACHED.to_bits() as i64);
        let is_nothing = self.builder.ins().icmp(IntCC::Equal, bits, nothing);
        let nothing = self.builder.ins().f64const(UNREACHED);
        self.builder.ins().select(is_nothing, nothing, x)
    }

    fn ask(&mut self, question: &Question) {
        let [x, y] = [question.x, question.y].map(|id| self.value(id));
        let (code, expected) = match (question.comparison, question.expected) {
            (Comparison::Equal, expected) => (FloatCC::Equal, expected),
            (Comparison::Less, expected) => (FloatCC::LessThan, expected),
            (Comparison::LessOrEqual, expected) => (FloatCC::LessThanOrEqual, expected),
            (Comparison::Greater, expected) => (FloatCC::GreaterThan, expected),
            (Comparison::GreaterOrEqual, expected) => (FloatCC::GreaterThanOrEqual, expected),
            (Comparison::Order, -1) => (FloatCC::LessThan, 1),
            (Comparison::Order, 0) => (FloatCC::Equal, 1),
            (Comparison::Order, 1) => (FloatCC::GreaterThan, 1),
            (Comparison::Order, _) => (FloatCC::Unordered, 1),
        };
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
