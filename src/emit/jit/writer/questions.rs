//! Questions whose answers were recorded. It must not know programs, sweeps or reach, nor any
//! machine.

use super::{Writer, float_code};
use crate::emit::list::graph::Question;
use crate::tape::guard::Comparison;
use cranelift_codegen::ir::condcodes::{CondCode, FloatCC};
use cranelift_codegen::ir::{InstBuilder, Value};

impl Writer<'_> {
    pub(super) fn ask(&mut self, question: &Question) {
        let [x, y] = [question.x, question.y].map(|id| self.value(id));
        let holds = self.builder.ins().fcmp(as_recorded(question), x, y);
        self.demand(holds);
    }

    pub(super) fn demand(&mut self, holds: Value) {
        self.holds = Some(match self.holds {
            Some(others) => self.builder.ins().band(others, holds),
            None => holds,
        });
    }
}

/// The comparison that is true where the answer is the recorded one.
pub(in crate::emit::jit) fn as_recorded(question: &Question) -> FloatCC {
    match (question.comparison, question.expected) {
        (Comparison::Order, -1) => FloatCC::LessThan,
        (Comparison::Order, 0) => FloatCC::Equal,
        (Comparison::Order, 1) => FloatCC::GreaterThan,
        (Comparison::Order, _) => FloatCC::Unordered,
        (comparison, 1) => float_code(comparison),
        (comparison, _) => float_code(comparison).complement(),
    }
}
