//! The slots of one turn as a small program of their own, and its instructions in lanes. It must not
//! know where its inputs come from.

use crate::custom::Custom;
use crate::emit::lanes::Schedule;
#[cfg(feature = "jit")]
use crate::emit::list::graph::Graph;
use crate::emit::list::{Input, Reach, Seed, Task};
use crate::op::Op;
use crate::tape::code::{Arg, Code};
use std::collections::HashMap;
use std::sync::Arc;

/// A program that is being put together.
#[derive(Default)]
pub(super) struct Sketch {
    code: Code,
    outputs: Vec<Arg>,
    inputs: Vec<Input>,
    /// Sums over the turns: an output, and the input that it begins with.
    totals: Vec<(u32, u32)>,
    /// All that it is, as numbers: sketches that are alike become one template.
    key: Vec<u64>,
}

/// The schedule of a sweep down, and how adjoints arrive in the inputs.
pub(super) struct Down {
    pub(super) schedule: Schedule,
    pub(super) reached: Vec<Reach>,
}

/// A program of one turn, with its instructions.
pub(in crate::emit) struct Template {
    sketch: Sketch,
    pub(super) up: Schedule,
    pub(super) downs: Vec<Down>,
    known: HashMap<(Vec<Seed>, bool), usize>,
}

impl Sketch {
    /// A new input. A sum is what a sum over the turns begins with.
    pub(super) fn input(&mut self, input: Input) -> Arg {
        self.inputs.push(input);
        self.key.push(input as u64);
        Arg::slot(self.code.push_input(0.0) as usize)
    }

    /// A constant that all turns share.
    pub(super) fn constant(&mut self, x: f64) -> Arg {
        self.code.intern(x)
    }

    /// A primitive.
    pub(super) fn op(&mut self, op: Op, args: &[Arg]) -> Arg {
        self.key.push(3 + op as u64);
        self.note(args);
        Arg::slot(self.code.push_op(op, args, 0.0) as usize)
    }

    /// A custom primitive.
    pub(super) fn custom(&mut self, custom: &Arc<dyn Custom>, args: &[Arg]) -> Arg {
        self.key.push(Arc::as_ptr(custom).addr() as u64);
        self.note(args);
        let terms: Vec<_> = args.iter().map(|arg| self.code.term(*arg)).collect();
        Arg::slot(self.code.push_custom(custom, terms.into_iter(), 0.0) as usize)
    }

    fn note(&mut self, args: &[Arg]) {
        self.key.push(args.len() as u64);
        let terms = args.iter().flat_map(|arg| match self.code.term(*arg) {
            Ok(slot) => [0, u64::from(slot)],
            Err(x) => [1, x.to_bits()],
        });
        self.key.extend(terms);
    }

    /// Makes a slot an output. `begins` is the number of the input that it begins with, if it is a
    /// sum over the turns.
    pub(super) fn output(&mut self, slot: Arg, begins: Option<u32>) {
        let output = self.outputs.len() as u32;
        self.outputs.push(slot);
        self.key.extend([u64::MAX, slot.index() as u64, begins.map_or(0, |k| 1 + u64::from(k))]);
        self.totals.extend(begins.map(|input| (output, input)));
    }

    /// What tells it from others.
    pub(super) fn key(&self) -> &[u64] {
        &self.key
    }

    fn task(&self) -> Task<'_> {
        let Sketch { code, outputs, inputs, .. } = self;
        Task { code, outputs, inputs, up: false, down: None }
    }
}

impl Template {
    /// The instructions that go up.
    pub(super) fn new(sketch: Sketch) -> Template {
        let list = Task { up: true, ..sketch.task() }.write();
        let up = Schedule::of(&list.graph, &sketch.totals, false);
        Template { sketch, up, downs: Vec::new(), known: HashMap::new() }
    }

    /// What goes up, or what goes down, as a list that anything can be made of.
    #[cfg(feature = "jit")]
    pub(in crate::emit) fn graph(&self, down: Option<usize>) -> Graph {
        let Template { sketch, known, .. } = self;
        let task = match known.iter().find(|(_, known)| down == Some(**known)) {
            Some(((seeds, both), _)) => Task { up: *both, down: Some(seeds), ..sketch.task() },
            None => Task { up: true, ..sketch.task() },
        };
        task.write().graph
    }

    /// Outputs that are sums over the turns, each with the input that it begins with.
    #[cfg(feature = "jit")]
    pub(in crate::emit) fn totals(&self) -> &[(u32, u32)] {
        &self.sketch.totals
    }

    /// Bytes of its instructions.
    pub(super) fn bytes(&self) -> usize {
        self.up.bytes() + self.downs.iter().map(|down| down.schedule.bytes()).sum::<usize>()
    }

    /// The number of the sweep down with adjoints that arrive so in the outputs; `both` if it goes up
    /// first.
    pub(super) fn down(&mut self, seeds: Vec<Seed>, both: bool) -> usize {
        let Template { sketch, downs, known, .. } = self;
        *known.entry((seeds, both)).or_insert_with_key(|(seeds, both)| {
            let list = Task { up: *both, down: Some(seeds), ..sketch.task() }.write();
            let schedule = Schedule::of(&list.graph, &sketch.totals, false);
            downs.push(Down { schedule, reached: list.reached });
            downs.len() - 1
        })
    }
}
