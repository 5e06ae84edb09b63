//! Comparisons and what is chosen by them, by bits rather than by branches. It must not know programs,
//! sweeps or reach, nor any machine.

use super::Writer;
use crate::emit::list::graph::{Condition, Id, Question};
use crate::op::UNREACHED;
use crate::tape::guard::Comparison;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC, IntCC};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value, types};

impl Writer<'_> {
    /// All bits where the comparison holds, else none.
    fn mask(&mut self, code: FloatCC, x: Value, y: Value) -> Value {
        let mask = self.builder.ins().fcmp(code, x, y);
        self.builder.ins().bitcast(types::F64X2, MemFlagsData::new(), mask)
    }

    /// -1, 0 or 1; NaN if either is: all bits set are a NaN.
    pub(super) fn compare(&mut self, [x, y]: [Id; 2]) -> Value {
        let left = self.lanes_of(x);
        if x == y {
            let unordered = self.mask(FloatCC::Unordered, left, left);
            return self.first(unordered);
        }
        let right = self.lanes_of(y);
        let mut order = self.mask(FloatCC::Unordered, left, right);
        for (code, answer) in [(FloatCC::GreaterThan, 1.0), (FloatCC::LessThan, -1.0)] {
            let (mask, answer) = (self.mask(code, left, right), self.constants(answer, answer));
            let answer = self.builder.ins().band(mask, answer);
            order = self.builder.ins().bor(order, answer);
        }
        self.first(order)
    }

    /// `x` where the condition is > 0, `y` where it is not; NaN where it is: all bits set. Without a
    /// branch, which may be foretold wrongly.
    pub(super) fn select(&mut self, [condition, x, y]: [Id; 3]) -> Value {
        let Condition { comparison, left, right } = self.graph.condition(condition);
        let known = right.map_or(Some(0.0), |right| self.graph.constant_of(right));
        let [x, otherwise, over] = [x, y, left].map(|x| self.lanes_of(x));
        let than = match right {
            Some(right) => self.lanes_of(right),
            None => self.constants(0.0, 0.0),
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

    pub(super) fn unless(&mut self, bar: Id, x: Id) -> Value {
        let (bar, x, nothing) =
            (self.lanes_of(bar), self.lanes_of(x), self.constants(UNREACHED, UNREACHED));
        let [bar, bits] = [bar, nothing]
            .map(|x| self.builder.ins().bitcast(types::I64X2, MemFlagsData::new(), x));
        let mask = self.builder.ins().icmp(IntCC::Equal, bar, bits);
        let mask = self.builder.ins().bitcast(types::F64X2, MemFlagsData::new(), mask);
        let chosen = self.choose(mask, nothing, x);
        self.first(chosen)
    }

    pub(super) fn ask(&mut self, question: &Question) {
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

    pub(super) fn demand(&mut self, holds: Value) {
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
