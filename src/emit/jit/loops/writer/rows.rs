//! The code of a block that takes its turns one after the other. It must not know instructions.

use super::memory::Pointers;
use crate::emit::jit::loops::plan::Turn;
use crate::emit::jit::loops::ways::Way;
use crate::emit::jit::lower::Pool;
use crate::emit::jit::order::Order;
use crate::emit::jit::writer::Writer;
use crate::emit::list::graph::{Graph, POINTERS};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilder;

/// A turn as straight code.
pub(in crate::emit::jit::loops) struct Row<'a> {
    pub(in crate::emit::jit::loops) turn: Turn<'a>,
    /// For the first place of each row, whether its numbers are touched, and whether its adjoints are.
    pub(in crate::emit::jit::loops) touched: &'a [[bool; 2]],
    pub(in crate::emit::jit::loops) graph: &'a Graph,
    pub(in crate::emit::jit::loops) order: &'a Order,
    /// Where in the room for lists values wait.
    pub(in crate::emit::jit::loops) homes: u32,
}

impl Row<'_> {
    /// The whole function.
    pub(in crate::emit::jit::loops) fn write(
        self,
        mut builder: FunctionBuilder<'_>,
        pool: &mut Pool,
        config: TargetFrontendConfig,
    ) {
        let [start, turn, end] = [(); 3].map(|()| builder.create_block());
        builder.append_block_params_for_function_params(start);
        builder.switch_to_block(start);
        let touched = self.touched;
        let pointers = Pointers::new(&mut builder, start, self.turn.spots, touched);
        let index = builder.declare_var(types::I64);
        let first = builder.ins().iconst(types::I64, 0);
        builder.def_var(index, first);
        let all = builder.ins().ishl_imm_u(pointers.turns, 3);
        builder.ins().jump(turn, &[]);

        builder.switch_to_block(turn);
        let at = builder.use_var(index);
        let mut of_turn = vec![at; POINTERS + 2 * touched.len()];
        (of_turn[4], of_turn[5]) = (pointers.scratch, pointers.pool);
        for (k, touched) in
            touched.iter().enumerate().filter(|(_, touched)| **touched != [false; 2])
        {
            let pointer = pointers.of(k);
            let behind: Option<Value> = match self.turn.spots[k].way {
                Way::Same | Way::Table => None,
                Way::Unit { .. } => Some(at),
                Way::Stride { .. } => Some(builder.ins().imul(at, pointer.step)),
            };
            for (which, begins) in [pointer.value, pointer.bar].into_iter().enumerate() {
                if touched[which] {
                    let address =
                        behind.map_or(begins, |behind| builder.ins().iadd(begins, behind));
                    of_turn[POINTERS + 2 * k + which] = address;
                }
            }
        }
        let mut writer = Writer::within(builder, of_turn, self.graph, pool, self.order, self.homes);
        let holds = writer.steps();
        let mut builder = writer.into_builder();
        let next = builder.ins().iadd_imm_s(at, 8);
        builder.def_var(index, next);
        let more = builder.ins().icmp(IntCC::SignedLessThan, next, all);
        builder.ins().brif(more, turn, &[], end, &[]);
        builder.switch_to_block(end);
        builder.ins().return_(&[holds]);
        builder.seal_all_blocks();
        builder.finalize(config);
    }
}
