//! What writers of straight code and of loops share: arithmetic, and choices by bits rather than by
//! branches. It must not know programs, sweeps or reach, nor any machine.

use crate::emit::list::graph::{Condition, Graph, Id, Inst, Kind};
use crate::op::UNREACHED;
use crate::tape::guard::Comparison;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{
    AbiParam, InstBuilder, MemFlagsData, SigRef, Signature, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;

/// The absolute value of a number has these bits of it.
const ALL_BUT_THE_SIGN: f64 = f64::from_bits(u64::MAX >> 1);

/// A writer that has its numbers in vectors of two.
pub(in crate::emit::jit) trait Vectors<'a> {
    fn builder(&mut self) -> &mut FunctionBuilder<'a>;

    fn graph(&self) -> &'a Graph;

    /// Two constants.
    fn constants(&mut self, x: f64, y: f64) -> Value;

    /// What an instruction gave.
    fn lanes_of(&mut self, id: Id) -> Value;

    /// A comparison or what is chosen by one.
    fn choice(&mut self, inst: &Inst) -> Value {
        let [x, y, _] = inst.args;
        match inst.kind {
            Kind::Compare => self.compare([x, y]),
            Kind::Select => self.select(inst.args),
            Kind::Unless => self.unless(x, y),
            kind => unreachable!("{kind:?} is no choice"),
        }
    }

    /// All bits where the comparison holds, else none.
    fn mask(&mut self, code: FloatCC, x: Value, y: Value) -> Value {
        let mask = self.builder().ins().fcmp(code, x, y);
        self.builder().ins().bitcast(types::F64X2, MemFlagsData::new(), mask)
    }

    /// -1, 0 or 1; NaN if either is: all bits set are a NaN.
    fn compare(&mut self, [x, y]: [Id; 2]) -> Value {
        let left = self.lanes_of(x);
        if x == y {
            return self.mask(FloatCC::Unordered, left, left);
        }
        let right = self.lanes_of(y);
        let mut order = self.mask(FloatCC::Unordered, left, right);
        for (code, answer) in [(FloatCC::GreaterThan, 1.0), (FloatCC::LessThan, -1.0)] {
            let (mask, answer) = (self.mask(code, left, right), self.constants(answer, answer));
            let answer = self.builder().ins().band(mask, answer);
            order = self.builder().ins().bor(order, answer);
        }
        order
    }

    /// `x` where the condition is > 0, `y` where it is not; NaN where it is: all bits set. Without a
    /// branch, which may be foretold wrongly.
    fn select(&mut self, [condition, x, y]: [Id; 3]) -> Value {
        let Condition { comparison, left, right } = self.graph().condition(condition);
        let known = right.map_or(Some(0.0), |right| self.graph().constant_of(right));
        let [x, otherwise, over] = [x, y, left].map(|x| self.lanes_of(x));
        let than = match right {
            Some(right) => self.lanes_of(right),
            None => self.constants(0.0, 0.0),
        };
        let mask = self.mask(float_code(comparison), over, than);
        let chosen = self.builder().ins().bitselect(mask, x, otherwise);
        if known.is_none_or(f64::is_nan) || !self.graph().is_nan_with(y, left) {
            let unordered = self.mask(FloatCC::Unordered, over, than);
            return self.builder().ins().bor(chosen, unordered);
        }
        chosen
    }

    /// `x`, but nothing where `bar` is nothing.
    fn unless(&mut self, bar: Id, x: Id) -> Value {
        let (bar, x, nothing) =
            (self.lanes_of(bar), self.lanes_of(x), self.constants(UNREACHED, UNREACHED));
        let [bar, bits] = [bar, nothing]
            .map(|x| self.builder().ins().bitcast(types::I64X2, MemFlagsData::new(), x));
        let mask = self.builder().ins().icmp(IntCC::Equal, bar, bits);
        let mask = self.builder().ins().bitcast(types::F64X2, MemFlagsData::new(), mask);
        self.builder().ins().bitselect(mask, nothing, x)
    }

    /// What there is an instruction for, of one number or of two at once.
    fn arithmetic(&mut self, kind: Kind, args: &[Value]) -> Value {
        let bits = match kind {
            Kind::Neg | Kind::NegAbs => Some(-0.0),
            Kind::Abs => Some(ALL_BUT_THE_SIGN),
            _ => None,
        };
        let bits = bits.map(|bits| self.constants(bits, bits)).map(|both| {
            match self.builder().func.dfg.value_type(args[0]) {
                types::F64 => self.builder().ins().extractlane(both, 0),
                _ => both,
            }
        });
        let ins = self.builder().ins();
        match (kind, args, bits) {
            (Kind::Add, [x, y], _) => ins.fadd(*x, *y),
            (Kind::Sub, [x, y], _) => ins.fsub(*x, *y),
            (Kind::Mul, [x, y], _) => ins.fmul(*x, *y),
            (Kind::Div, [x, y], _) => ins.fdiv(*x, *y),
            (Kind::MulAdd, [x, y, z], _) => ins.fma(*x, *y, *z),
            (Kind::Sqrt, [x], _) => ins.sqrt(*x),
            (Kind::Neg, [x], Some(sign)) => ins.bxor(*x, sign),
            (Kind::NegAbs, [x], Some(sign)) => ins.bor(*x, sign),
            (Kind::Abs, [x], Some(rest)) => ins.band(*x, rest),
            _ => unreachable!("{kind:?} is no arithmetic"),
        }
    }
}

/// Signatures of functions of one, two and three numbers, and of a list.
#[derive(Default)]
pub(in crate::emit::jit) struct Signatures([Option<SigRef>; 4]);

impl Signatures {
    /// A call by address: `shape` is the number of its arguments less one, or 3 for a list.
    pub(in crate::emit::jit) fn call(
        &mut self,
        builder: &mut FunctionBuilder<'_>,
        shape: usize,
        function: usize,
        args: &[Value],
    ) -> Value {
        let signature = *self.0[shape].get_or_insert_with(|| {
            let mut signature = Signature::new(builder.func.signature.call_conv);
            let parameter: Type = if shape == 3 { types::I64 } else { types::F64 };
            let count = if shape == 3 { 2 } else { shape + 1 };
            signature.params = vec![AbiParam::new(parameter); count];
            signature.returns = vec![AbiParam::new(types::F64)];
            builder.import_signature(signature)
        });
        let address = builder.ins().iconst(types::I64, function as i64);
        let call = builder.ins().call_indirect(signature, address, args);
        builder.inst_results(call)[0]
    }
}

/// The code of a comparison that is true or false; of an order, that there is none.
pub(in crate::emit::jit) fn float_code(comparison: Comparison) -> FloatCC {
    match comparison {
        Comparison::Equal | Comparison::Cast(_) => FloatCC::Equal,
        Comparison::Less => FloatCC::LessThan,
        Comparison::LessOrEqual => FloatCC::LessThanOrEqual,
        Comparison::Greater => FloatCC::GreaterThan,
        Comparison::GreaterOrEqual => FloatCC::GreaterThanOrEqual,
        Comparison::Order => FloatCC::Unordered,
    }
}
