//! The instructions of a list that are needed, each with its registers. It must not know where
//! numbers are in memory.

use crate::emit::list::graph::{Cell, Graph, Id, Kind};
use crate::op::Op;
use crate::tape::guard::Comparison;
use smallvec::{SmallVec, smallvec};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum What {
    /// The value of an input.
    Load(u32),
    /// The values of an input and the next; the second goes to the register of the first argument.
    LoadTwo(u32),
    /// The adjoint that arrived in an output.
    LoadBar(u32),
    Add,
    Sub,
    Mul,
    Div,
    Neg,
    Abs,
    NegAbs,
    Sqrt,
    Floor,
    MulAdd,
    Compare,
    Select,
    Unless,
    /// A row's own function of so many arguments.
    Call(Op, u8),
    /// A row's own function of a list: where it begins, and its length.
    List(Op, u32, u32),
    /// Leaves the value of an output.
    Store(u32),
    /// Adds to the adjoint of an input.
    Slope(u32),
    /// Adds to the adjoints of an input and the next.
    SlopeTwo(u32),
    /// Adds the numbers of all lanes to a sum over the turns, by its number.
    Total(u32),
    /// Hands on the adjoint of a sum, which all lanes have in common, to what the sum began with.
    Pass(u32),
    /// Asks whether a comparison has the answer that was recorded.
    Ask(Comparison, i8),
}

impl What {
    /// What is done for an instruction. Constants have their registers.
    fn of(kind: Kind) -> What {
        match kind {
            Kind::Load(Cell::Input(k)) => What::Load(k),
            Kind::Load(Cell::Seed(k)) => What::LoadBar(k),
            Kind::Constant(_) | Kind::Load(_) => unreachable!("{kind:?} is not for lanes"),
            Kind::Add => What::Add,
            Kind::Sub => What::Sub,
            Kind::Mul => What::Mul,
            Kind::Div => What::Div,
            Kind::Neg => What::Neg,
            Kind::Abs => What::Abs,
            Kind::NegAbs => What::NegAbs,
            Kind::Sqrt => What::Sqrt,
            Kind::Floor => What::Floor,
            Kind::MulAdd => What::MulAdd,
            Kind::Compare => What::Compare,
            Kind::Select => What::Select,
            Kind::Unless => What::Unless,
            Kind::Call(op, count) => What::Call(op, count),
            Kind::List(op, start, length) => What::List(op, start, length),
        }
    }
}

/// One step: registers of its arguments, and of what it gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) what: What,
    pub(super) args: [u32; 3],
    pub(super) to: u32,
}

/// The steps of a list, in registers.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(super) steps: Vec<Step>,
    /// Registers of the arguments of list rows.
    pub(super) lists: Vec<u32>,
    /// Registers that hold the same number all the time, the first of them.
    pub(super) constants: Vec<f64>,
    pub(super) registers: usize,
    /// Outputs that are sums over the turns, and the input that each begins with.
    pub(super) totals: Vec<(u32, u32)>,
}

/// No register yet.
const NONE: u32 = u32::MAX;

impl Schedule {
    /// Whatever the stores and the questions of a list need. `totals` are outputs that are summed over
    /// the turns, each with the input that its sum begins with. `neighbours` says whether each
    /// input stands beside the next, so that both are read and written together.
    pub(in crate::emit) fn of(graph: &Graph, totals: &[(u32, u32)], neighbours: bool) -> Schedule {
        let uses = join_slopes(uses_of(graph, totals), neighbours);
        let last = last_uses(graph, &uses);
        let is_written =
            |output: u32| graph.stores.iter().any(|(to, _)| *to == Cell::Output(output));
        let mut written = totals.to_vec(); // none of them on a way down
        written.retain(|(output, _)| is_written(*output));
        let mut writing = Writing {
            graph,
            last: &last,
            joined: join_loads(graph, &last, neighbours),
            registers: vec![NONE; graph.insts.len()],
            free: Vec::new(),
            schedule: Schedule {
                steps: Vec::new(),
                lists: Vec::new(),
                constants: Vec::new(),
                registers: 0,
                totals: written.clone(),
            },
        };
        writing.constants();
        let mut uses = &uses[..];
        for id in 0..graph.insts.len() as Id {
            let here = uses.partition_point(|(of, _, _)| *of == id);
            let (now, later) = uses.split_at(here);
            writing.inst(id, now);
            uses = later;
        }
        writing.schedule
    }

    /// Bytes of the steps.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.steps) + size_of_val(&*self.lists) + size_of_val(&*self.constants)
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// An instruction, what is done once it is there, and with which instructions.
type Use = (Id, What, SmallVec<[Id; 2]>);

/// What is done with instructions, by the last one that it waits for.
fn uses_of(graph: &Graph, totals: &[(u32, u32)]) -> Vec<Use> {
    let stores = graph.stores.iter().map(|(cell, id)| {
        let total = |k: &u32| totals.iter().position(|(output, _)| output == k);
        let what = match cell {
            Cell::Output(k) => total(k).map_or(What::Store(*k), |sum| What::Total(sum as u32)),
            Cell::Slope(k) if totals.iter().any(|(_, input)| input == k) => What::Pass(*k),
            Cell::Slope(k) => What::Slope(*k),
            cell => unreachable!("{cell:?} is not for lanes"),
        };
        (*id, what, smallvec![*id])
    });
    let questions = graph.questions.iter().map(|question| {
        let what = What::Ask(question.comparison, question.expected);
        (question.x.max(question.y), what, smallvec![question.x, question.y])
    });
    stores.chain(questions).collect()
}

/// Instructions that may lie between two that become one: what is known early takes a register.
const FAR: Id = 64;

/// Makes one use of the slopes of neighbours, once both are known. No input is in two of them.
fn join_slopes(mut uses: Vec<Use>, neighbours: bool) -> Vec<Use> {
    uses.sort_by_key(|(_, what, _)| if let What::Slope(k) = what { *k } else { u32::MAX });
    let (mut joined, mut uses): (Vec<Use>, _) = (Vec::new(), uses.into_iter().peekable());
    while let Some((id, mut what, mut asked)) = uses.next() {
        let mut now = id;
        if let What::Slope(k) = what
            && neighbours
            && let Some((other, ..)) = uses.next_if(|(other, what, _)| {
                *what == What::Slope(k + 1) && id.abs_diff(*other) < FAR
            })
        {
            now = id.max(other);
            what = What::SlopeTwo(k);
            asked.push(other);
        }
        joined.push((now, what, asked));
    }
    joined.sort_by_key(|(id, ..)| *id);
    joined
}

/// The loads of an input and its neighbour, which are one step.
#[derive(Clone, Copy, Debug)]
struct Two {
    input: u32,
    loads: [Id; 2],
}

/// For each load whose neighbour is loaded too, both.
fn join_loads(graph: &Graph, last: &[Option<Id>], neighbours: bool) -> Vec<Option<Two>> {
    let mut loads: Vec<(u32, Id)> = Vec::new();
    for (id, inst) in graph.insts.iter().enumerate() {
        if let (Kind::Load(Cell::Input(k)), Some(_)) = (inst.kind, last[id]) {
            loads.push((k, id as Id));
        }
    }
    loads.sort_unstable();
    let mut joined = vec![None; graph.insts.len()];
    for pair in loads.windows(2) {
        let [(input, first), (next, second)] = [pair[0], pair[1]];
        let near = first.abs_diff(second) < FAR;
        if next == input + 1 && near && neighbours && joined[first as usize].is_none() {
            let two = Two { input, loads: [first, second] };
            two.loads.iter().for_each(|load| joined[*load as usize] = Some(two));
        }
    }
    joined
}

/// The last instruction that uses each; nothing for what is not needed.
fn last_uses(graph: &Graph, uses: &[Use]) -> Vec<Option<Id>> {
    let mut last: Vec<Option<Id>> = vec![None; graph.insts.len()];
    for (now, _, asked) in uses {
        for id in asked {
            last[*id as usize] = last[*id as usize].max(Some(*now));
        }
    }
    for id in (0..graph.insts.len()).rev() {
        if last[id].is_some() {
            for arg in graph.args(&graph.insts[id]) {
                last[*arg as usize] = last[*arg as usize].max(Some(id as Id));
            }
        }
    }
    last
}

struct Writing<'a> {
    graph: &'a Graph,
    last: &'a [Option<Id>],
    joined: Vec<Option<Two>>,
    registers: Vec<u32>,
    free: Vec<u32>,
    schedule: Schedule,
}

impl Writing<'_> {
    /// Registers for all constants that are needed.
    fn constants(&mut self) {
        for (id, inst) in self.graph.insts.iter().enumerate() {
            if let (Kind::Constant(bits), Some(_)) = (inst.kind, self.last[id]) {
                self.registers[id] = self.schedule.constants.len() as u32;
                self.schedule.constants.push(f64::from_bits(bits));
            }
        }
        self.schedule.registers = self.schedule.constants.len();
    }

    /// An instruction, and what is done with what is known behind it.
    fn inst(&mut self, id: Id, uses: &[Use]) {
        let inst = &self.graph.insts[id as usize];
        let args = self.graph.args(inst);
        if let Some(Two { input, loads }) = self.joined[id as usize] {
            if self.registers[id as usize] == NONE {
                let [to, second] = loads.map(|load| {
                    self.registers[load as usize] = self.register();
                    self.registers[load as usize]
                });
                let what = What::LoadTwo(input);
                self.schedule.steps.push(Step { what, args: [second; 3], to });
            }
        } else if self.last[id as usize].is_some() && !matches!(inst.kind, Kind::Constant(_)) {
            let what = match inst.kind {
                Kind::List(op, _, length) => {
                    let start = self.schedule.lists.len() as u32;
                    let registers = args.iter().map(|arg| self.registers[*arg as usize]);
                    self.schedule.lists.extend(registers);
                    What::List(op, start, length)
                }
                kind => What::of(kind),
            };
            let registers = self.registers_of(if inst.kind.is_list() { &[] } else { args });
            let still = |arg: &Id| uses.iter().any(|(_, _, asked)| asked.contains(arg));
            args.iter().filter(|arg| !still(arg)).for_each(|arg| self.release(*arg, id));
            let to = self.register();
            self.schedule.steps.push(Step { what, args: registers, to });
            self.registers[id as usize] = to;
        }
        for (_, what, asked) in uses {
            let args = self.registers_of(asked);
            self.schedule.steps.push(Step { what: *what, args, to: NONE });
        }
        let asked = uses.iter().flat_map(|(_, _, asked)| asked);
        args.iter().chain(asked).chain([&id]).for_each(|done| self.release(*done, id));
    }

    /// The register of an instruction is free for others if this was its last use.
    fn release(&mut self, done: Id, now: Id) {
        let register = self.registers[done as usize];
        let constant = (register as usize) < self.schedule.constants.len();
        if self.last[done as usize] == Some(now) && register != NONE && !constant {
            self.registers[done as usize] = NONE;
            self.free.push(register);
        }
    }

    fn register(&mut self) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.schedule.registers += 1;
            self.schedule.registers as u32 - 1
        })
    }

    /// The registers of arguments; where there are less than three, the first once more.
    fn registers_of(&self, args: &[Id]) -> [u32; 3] {
        let mut registers = [args.first().map_or(0, |arg| self.registers[*arg as usize]); 3];
        for (register, arg) in registers.iter_mut().zip(args) {
            *register = self.registers[*arg as usize];
        }
        registers
    }
}
