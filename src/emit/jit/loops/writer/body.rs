//! The instructions of the turns at hand. It must not know where numbers are in memory.

use super::{For, LoopWriter, Sum};
use crate::emit::jit::functions::{acceptance, function};
use crate::emit::jit::loops::plan::Use;
use crate::emit::jit::loops::ways::Way;
use crate::emit::jit::writer::{Vectors, as_recorded};
use crate::emit::list::graph::{Id, Inst, Kind, Question};
use cranelift_codegen::ir::condcodes::FloatCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use smallvec::SmallVec;

impl LoopWriter<'_> {
    /// One turn or two.
    pub(super) fn body(&mut self) {
        let graph = self.turn.graph;
        self.rows.clear();
        for id in 0..graph.insts.len() as Id {
            let k = id as usize;
            if self.plan.needed[k] && !self.plan.fixed[k] {
                self.write_inst(id, &graph.insts[k]);
            }
            for used in self.plan.uses_of(id) {
                self.put(id, used);
            }
        }
        graph.questions.iter().for_each(|question| self.ask(question));
    }

    /// What is done with what an instruction gave.
    fn put(&mut self, id: Id, used: Use) {
        match used {
            Use::Store(place) => {
                let numbers = self.lanes_of(id);
                self.store(place, numbers);
            }
            Use::Total(total) => self.add_up(self.totals[total], id),
            Use::Slope(place) => match (self.turn.spots[place].way, self.now) {
                (Way::Same, _) if !self.turn.single => {
                    let sum = self.shared[place].expect("it was made before the loop");
                    self.add_up(sum, id);
                }
                (Way::Unit { member, ahead }, For::Two) => {
                    let mut windows = self.windows.iter();
                    let window = windows.position(|window| window.member == member as usize);
                    let window = window.expect("it was made before the loop");
                    if !self.windows[window].has_some(ahead) {
                        self.lanes_of(id); // nothing yet that it could be taken from
                    }
                    let (numbers, negative) = self.signed(id);
                    self.windows[window].add(&mut self.builder, ahead, numbers, negative);
                }
                _ => {
                    let numbers = self.lanes_of(id);
                    self.add(place, numbers);
                }
            },
            Use::Pass(_) => {} // once, behind the loop
        }
    }

    fn add_up(&mut self, sum: Sum, id: Id) {
        let (numbers, negative) = self.signed(id);
        let (sum, numbers) = match self.now {
            For::Two => (sum.vector, numbers),
            For::One | For::All => (sum.number, self.builder.ins().extractlane(numbers, 0)),
        };
        let before = self.builder.use_var(sum);
        let after = match negative {
            true => self.builder.ins().fsub(before, numbers),
            false => self.builder.ins().fadd(before, numbers),
        };
        self.builder.def_var(sum, after);
    }

    /// What an instruction gave, but for the sign; and whether it has the other sign.
    fn signed(&mut self, id: Id) -> (Value, bool) {
        match self.turn.graph.constant_of(id) {
            Some(_) => (self.lanes_of(id), false),
            None => (self.values[id as usize], self.negative[id as usize]),
        }
    }

    /// Writes an instruction. Signs are taken along to where they cost nothing: to a product, and to a
    /// sum that becomes a difference, with the same bits (but for the sign of NaN).
    pub(super) fn write_inst(&mut self, id: Id, inst: &Inst) {
        let [first, second, _] = inst.args;
        let (value, negative) = match inst.kind {
            Kind::Neg => {
                let (x, negative) = self.signed(first);
                (x, !negative)
            }
            Kind::Mul | Kind::Div => {
                let ((x, left), (y, right)) = (self.signed(first), self.signed(second));
                (self.arithmetic(inst.kind, &[x, y]), left != right)
            }
            Kind::Add | Kind::Sub => {
                let ((mut x, left), (y, right)) = (self.signed(first), self.signed(second));
                let minus = right != (inst.kind == Kind::Sub);
                let value = match (left, minus) {
                    (false, false) => self.builder.ins().fadd(x, y),
                    (true, false) => self.builder.ins().fsub(y, x),
                    (_, true) => {
                        if left {
                            x = self.lanes_of(first);
                        }
                        self.builder.ins().fsub(x, y)
                    }
                };
                (value, false)
            }
            _ => (self.inst(inst), false),
        };
        (self.values[id as usize], self.negative[id as usize]) = (value, negative);
    }

    /// What an instruction gives.
    pub(super) fn inst(&mut self, inst: &Inst) -> Value {
        match inst.kind {
            Kind::Constant(bits) => self.constants(f64::from_bits(bits), f64::from_bits(bits)),
            Kind::Load(cell) => {
                let (place, is_bar) = self.turn.loaded(cell);
                self.load(place, is_bar)
            }
            Kind::Compare | Kind::Select | Kind::Unless => self.choice(inst),
            Kind::Call(..) | Kind::List(..) => self.call(inst),
            Kind::Floor => {
                let x = self.lanes_of(inst.args[0]);
                self.builder.ins().floor(x)
            }
            kind => {
                let args = self.turn.graph.args(inst).iter();
                let args: SmallVec<[Value; 3]> = args.map(|arg| self.lanes_of(*arg)).collect();
                self.arithmetic(kind, &args)
            }
        }
    }

    /// A row's own function, turn by turn.
    fn call(&mut self, inst: &Inst) -> Value {
        let args = self.turn.graph.args(inst).iter();
        let args: SmallVec<[Value; 8]> = args.map(|arg| self.lanes_of(*arg)).collect();
        let mut numbers = SmallVec::<[Value; 2]>::new();
        for lane in self.lanes() {
            let args = args.iter().map(|arg| self.builder.ins().extractlane(*arg, lane));
            let args: SmallVec<[Value; 8]> = args.collect();
            numbers.push(self.call_of_numbers(inst, &args));
        }
        let first = self.builder.ins().splat(types::F64X2, numbers[0]);
        match numbers.get(1) {
            Some(second) => self.builder.ins().insertlane(first, *second, 1),
            None => first,
        }
    }

    fn call_of_numbers(&mut self, inst: &Inst, args: &[Value]) -> Value {
        match inst.kind {
            Kind::List(op, ..) => {
                let scratch = self.pointers.scratch;
                for (k, arg) in args.iter().enumerate() {
                    self.builder.ins().store(super::trusted(), *arg, scratch, 8 * k as i32);
                }
                let length = self.builder.ins().iconst(types::I64, args.len() as i64);
                self.signatures.call(&mut self.builder, 3, function(op), &[scratch, length])
            }
            Kind::Call(op, count) => {
                let shape = usize::from(count) - 1;
                if count == 3 {
                    let accepts = acceptance(op);
                    let accepted = self.signatures.call(&mut self.builder, shape, accepts, args);
                    let zero = self.builder.ins().f64const(0.0);
                    let holds = self.builder.ins().fcmp(FloatCC::NotEqual, accepted, zero);
                    self.demand(holds);
                }
                self.signatures.call(&mut self.builder, shape, function(op), args)
            }
            kind => unreachable!("{kind:?} is no call"),
        }
    }

    fn ask(&mut self, question: &Question) {
        let both = [question.x, question.y].map(|id| self.lanes_of(id));
        for lane in self.lanes() {
            let [x, y] = both.map(|both| self.builder.ins().extractlane(both, lane));
            let holds = self.builder.ins().fcmp(as_recorded(question), x, y);
            self.demand(holds);
        }
    }

    fn demand(&mut self, holds: Value) {
        let all = self.holds.expect("it was known that something is asked");
        let (before, holds) =
            (self.builder.use_var(all), self.builder.ins().uextend(types::I64, holds));
        let both = self.builder.ins().band(before, holds);
        self.builder.def_var(all, both);
    }
}
