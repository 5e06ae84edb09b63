//! From the instructions of a piece to machine code, by Cranelift. It must not know programs, sweeps
//! or reach, nor what an instruction becomes.

use super::order::Order;
use super::writer::Writer;
use super::{CompileError, CompileMode};
use crate::emit::list::graph::{Graph, Mix};
use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::{AbiParam, Signature, types};
use cranelift_codegen::isa::{Builder, OwnedTargetIsa, TargetFrontendConfig};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

/// Machine code, piece by piece.
pub(super) struct Lowering {
    pub(super) isa: OwnedTargetIsa,
    pub(super) bytes: Vec<u8>,
    pub(super) signature: Signature,
    /// Constants that the code reads.
    pub(super) pool: Pool,
    context: Context,
    frontend: FunctionBuilderContext,
}

impl Lowering {
    /// Ready for the machine that this runs on.
    /// Its functions have so many parameters.
    pub(super) fn new(
        machine: Builder,
        mode: CompileMode,
        parameters: usize,
    ) -> Result<Lowering, CompileError> {
        let mut flags = settings::builder();
        let (level, algorithm) = match mode {
            CompileMode::Thorough => ("none", "backtracking"),
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
        signature.params = vec![AbiParam::new(types::I64); parameters];
        signature.returns = vec![AbiParam::new(types::I64)];
        let (context, frontend) = (Context::new(), FunctionBuilderContext::new());
        let (bytes, pool) = (Vec::new(), Pool::default());
        Ok(Lowering { isa, bytes, signature, pool, context, frontend })
    }

    /// Appends the code of a piece; returns where it begins.
    pub(super) fn piece(
        &mut self,
        graph: &Graph,
        order: &Order,
        homes: u32,
    ) -> Result<usize, CompileError> {
        self.function(|builder, pool, config| {
            Writer::new(builder, graph, pool, order, homes).write(config);
        })
    }

    /// Appends the code of a function; returns where it begins.
    pub(super) fn function(
        &mut self,
        write: impl FnOnce(FunctionBuilder<'_>, &mut Pool, TargetFrontendConfig),
    ) -> Result<usize, CompileError> {
        self.context = Context::new(); // what one piece needed much room for slows all that follow
        self.context.func.signature = self.signature.clone();
        let builder = FunctionBuilder::new(&mut self.context.func, &mut self.frontend);
        write(builder, &mut self.pool, self.isa.frontend_config());
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

/// Constants that pieces share, each once: an instruction reads one as cheaply as a register, and
/// in fewer bytes than it would take to write the constant into the code.
#[derive(Debug, Default)]
pub(super) struct Pool {
    pub(super) numbers: Vec<f64>,
    known: HashMap<(u64, Option<u64>), u32, BuildHasherDefault<Mix>>,
}

impl Pool {
    /// The place of a number, or of two, one behind the other.
    pub(super) fn place(&mut self, x: f64, y: Option<f64>) -> u32 {
        let numbers = &mut self.numbers;
        *self.known.entry((x.to_bits(), y.map(f64::to_bits))).or_insert_with(|| {
            numbers.extend([Some(x), y].into_iter().flatten());
            (numbers.len() - 1 - usize::from(y.is_some())) as u32
        })
    }
}
