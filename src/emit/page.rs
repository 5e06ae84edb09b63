//! The steps of a derivation as a module that computes them anew: values, adjoints, partials, one
//! step of learning; and the same with a slip planted. It must not know what the page looks like.

use super::wasm::{Body, Cell, Compiled, Module, Refused, has_javascript};
use crate::derive::{Formula, Step, Steps};
use crate::op::Number;
use crate::program::Program;
use crate::tape::{Operand, SlotKind, Tape};
use crate::var::Var;
use std::collections::HashMap;

/// A mistake that people make, to be planted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Slip {
    /// A quantity reads another in place of one: (the quantity, which of its edges, the other one).
    Neighbour(usize, usize, usize),
    /// What one user hands down is left out: (the quantity, the user).
    Path(usize, usize),
    /// The weights of the layers above are updated before they are used on the way down.
    Updated,
}

/// The module, and where in its memory everything is.
#[derive(Debug)]
pub(crate) struct Machine {
    pub(crate) module: Module,
    /// For each input its quantity and its cell.
    pub(crate) inputs: Vec<(usize, u32)>,
    pub(crate) rate: u32,
    pub(crate) values: Vec<u32>,
    pub(crate) adjoints: Vec<u32>,
    /// For each edge, in the order of quantities and their edges, what comes down along it.
    pub(crate) edges: Vec<u32>,
    /// For each use, in the order of quantities and their uses, the partial and what comes down.
    pub(crate) uses: Vec<(u32, u32)>,
    /// For each quantity how far rounding may carry its value, and the derivative in it.
    pub(crate) reach: [Vec<u32>; 2],
    /// For each weight its quantity and the cell of its value after a step.
    pub(crate) updates: Vec<(usize, u32)>,
}

/// What is compiled.
pub(crate) struct Plan<'a> {
    pub(crate) steps: &'a Steps,
    pub(crate) tape: &'a Tape,
    pub(crate) weights: &'a [usize],
    pub(crate) slips: &'a [Slip],
}

/// Cells that every run writes to.
struct Places<'b> {
    rate: Cell<'b>,
    inputs: Vec<(usize, Cell<'b>)>,
    values: Vec<Cell<'b>>,
    adjoints: Vec<Cell<'b>>,
    edges: Vec<Vec<Cell<'b>>>,
    uses: Vec<Vec<(Cell<'b>, Cell<'b>)>>,
    reach: [Vec<Cell<'b>>; 2],
    updates: Vec<Cell<'b>>,
}

/// What one program computes: of each quantity its value, its adjoint, the partials of its edges.
#[derive(Clone)]
struct Computed<'b> {
    values: Vec<Cell<'b>>,
    adjoints: Vec<Cell<'b>>,
    partials: Vec<Vec<Cell<'b>>>,
}

impl<'b> Places<'b> {
    fn new(body: &'b Body, plan: &Plan<'_>) -> Places<'b> {
        let all = plan.steps.all();
        let some = |count: usize| (0..count).map(|_| body.cell()).collect::<Vec<_>>();
        let inputs = all.iter().enumerate().filter(|(_, step)| step.formula.is_none());
        Places {
            inputs: inputs.map(|(k, _)| (k, body.cell())).collect(),
            rate: body.cell(),
            values: some(all.len()),
            adjoints: some(all.len()),
            edges: all.iter().map(|step| some(step.edges.len())).collect(),
            uses: all
                .iter()
                .map(|step| step.uses.iter().map(|_| (body.cell(), body.cell())).collect())
                .collect(),
            reach: [some(all.len()), some(all.len())],
            updates: some(plan.weights.len()),
        }
    }

    fn machine(&self, plan: &Plan<'_>) -> impl FnOnce(Module) -> Machine + use<> {
        let place = |cell: &Cell<'b>| cell.place().expect("places are cells of the body");
        let places = |cells: &[Cell<'b>]| cells.iter().map(place).collect::<Vec<_>>();
        let pair = |(p, product): &(Cell<'b>, Cell<'b>)| (place(p), place(product));
        let inputs = self.inputs.iter().map(|(k, cell)| (*k, place(cell))).collect();
        let updates = plan.weights.iter().copied().zip(places(&self.updates)).collect();
        let (rate, values, adjoints) =
            (place(&self.rate), places(&self.values), places(&self.adjoints));
        let edges = self.edges.iter().flat_map(|cells| places(cells)).collect();
        let uses = self.uses.iter().flatten().map(pair).collect();
        let reach = [places(&self.reach[0]), places(&self.reach[1])];
        move |module| Machine {
            module,
            inputs,
            rate,
            values,
            adjoints,
            edges,
            uses,
            reach,
            updates,
        }
    }
}

impl Plan<'_> {
    /// The module: `run0` computes everything as it is right, `run1` and on with each slip.
    pub(crate) fn compile(&self) -> Result<Machine, Refused> {
        let body = Body::default();
        let places = Places::new(&body, self);
        let output = self.steps.all()[self.steps.output()].slot;
        let right = self.tape.program(&[self.tape.at(output)]);
        body.begin("run0", false);
        let computed = self.computed(&body, &places, &right);
        self.write(&places, &computed, None);
        self.reach(&places, &computed);
        for (k, slip) in self.slips.iter().enumerate() {
            let name = format!("run{}", k + 1);
            if let Slip::Neighbour(user, edge, other) = *slip {
                body.begin(name, false);
                let way = &self.steps.all()[user].edges[edge].path;
                let at = way[way.len() - 1];
                let misread = misread(self.tape, at, self.steps.all()[other].slot);
                self.write(&places, &self.computed(&body, &places, &misread), None);
            } else {
                // The way up is right, and so are the partials: only the way down is another.
                body.begin(name, true);
                let mut slipped = computed.clone();
                slipped.adjoints = self.gather(&places, &mut slipped.partials, slip);
                self.write(&places, &slipped, Some(slip));
            }
        }
        let machine = places.machine(self);
        drop(places);
        let module = body.module()?;
        let lacking = module.imports().iter().filter(|op| !has_javascript(**op));
        let names: Vec<String> = lacking.map(|op| op.name().to_owned()).collect();
        if names.is_empty() { Ok(machine(module)) } else { Err(Refused { names }) }
    }

    /// Everything that one program computes.
    fn computed<'b>(&self, body: &'b Body, places: &Places<'b>, program: &Program) -> Computed<'b> {
        let all = self.steps.all();
        let cell_of = |slot: usize| places.inputs.iter().find(|(k, _)| all[*k].slot == slot);
        let inputs = program.code.inputs().iter().zip(program.point());
        let inputs: Vec<Cell<'b>> = inputs
            .map(|(slot, value)| match cell_of(*slot as usize) {
                Some((_, cell)) => *cell,
                None => Cell::Constant(*value),
            })
            .collect();
        let output = all[self.steps.output()].slot;
        let compiled = Compiled::new(body, program, &inputs, output);
        let mut known: HashMap<usize, Vec<Cell<'b>>> = HashMap::new();
        let mut partial = |path: &[(usize, usize)]| {
            let one = |(slot, k): &(usize, usize)| {
                known.entry(*slot).or_insert_with(|| compiled.partials(*slot))[*k]
            };
            path.iter().map(one).product::<Cell<'b>>()
        };
        let mut of_step = |step: &Step| step.edges.iter().map(|e| partial(&e.path)).collect();
        let partials = all.iter().map(&mut of_step).collect();
        let adjoint = |k: usize| match self.is_above(k) {
            true => Cell::Constant(0.0),
            false => compiled.adjoint(all[k].slot),
        };
        Computed {
            values: all.iter().map(|step| compiled.value(step.slot)).collect(),
            adjoints: (0..all.len()).map(adjoint).collect(),
            partials,
        }
    }

    /// Writes everything to its place.
    fn write<'b>(&self, places: &Places<'b>, computed: &Computed<'b>, slip: Option<&Slip>) {
        let Computed { values, adjoints, partials } = computed;
        places.values.iter().zip(values).for_each(|(place, value)| place.store(*value));
        places.adjoints.iter().zip(adjoints).for_each(|(place, bar)| place.store(*bar));
        self.hand_down(places, partials, adjoints, slip);
        for (update, weight) in places.updates.iter().zip(self.weights) {
            update.store(values[*weight] - places.rate * adjoints[*weight]);
        }
    }

    /// Writes how far rounding may carry at the point of the inputs.
    fn reach<'b>(&self, places: &Places<'b>, computed: &Computed<'b>) {
        let Computed { adjoints, partials, .. } = computed;
        let by = |k: usize, n: usize| self.steps.all()[k].uses[n].by;
        let reach = [
            self.steps.value_reach_in(|k, n| partials[k][n]),
            self.steps
                .derivative_reach_in(|k, n| self.use_of(partials, k, by(k, n)), |k| adjoints[k]),
        ];
        for (places, reach) in places.reach.iter().zip(reach) {
            places.iter().zip(reach).for_each(|(place, reach)| place.store(reach));
        }
    }

    /// The partial of one quantity in another, along all edges between them.
    fn use_of<'b>(&self, partials: &[Vec<Cell<'b>>], from: usize, by: usize) -> Cell<'b> {
        let edges = self.steps.all()[by].edges.iter().zip(&partials[by]);
        edges.filter(|(edge, _)| edge.from == from).map(|(_, partial)| *partial).sum()
    }

    /// Whether a quantity was recorded after the output, so that no adjoint is there.
    fn is_above(&self, k: usize) -> bool {
        self.steps.all()[k].slot > self.steps.all()[self.steps.output()].slot
    }

    /// The adjoints, quantity by quantity, with a slip.
    fn gather<'b>(
        &self,
        places: &Places<'b>,
        partials: &mut [Vec<Cell<'b>>],
        slip: &Slip,
    ) -> Vec<Cell<'b>> {
        let all = self.steps.all();
        let mut bars = vec![Cell::Constant(0.0); all.len()];
        bars[self.steps.output()] = Cell::Constant(1.0);
        for by in (0..=self.steps.output()).rev() {
            for (k, edge) in all[by].edges.iter().enumerate().filter(|(_, edge)| edge.taken) {
                let hands_down = *slip == Slip::Updated && all[edge.from].formula.is_some();
                let weight = hands_down.then(|| self.weight_of(by, edge.from)).flatten();
                let own = |weight| all[by].edges.iter().position(|edge| edge.from == weight);
                if let Some(own) = weight.and_then(own) {
                    let update = places.rate * (bars[by] * partials[by][own]);
                    partials[by][k] = partials[by][k] - update;
                }
                let lost = *slip == Slip::Path(edge.from, by);
                if !lost {
                    bars[edge.from] = bars[edge.from] + bars[by] * partials[by][k];
                }
            }
        }
        bars
    }

    /// The weight with which one quantity uses another, if that is what its partial is.
    fn weight_of(&self, by: usize, from: usize) -> Option<usize> {
        let of = self.steps.all()[from].uses.iter().find(|found| found.by == by)?;
        match of.formula {
            Formula::Quantity(weight) => self.weights.contains(&weight).then_some(weight),
            _ => None,
        }
    }

    /// Writes what comes down along each edge and each use.
    fn hand_down<'b>(
        &self,
        places: &Places<'b>,
        partials: &[Vec<Cell<'b>>],
        adjoints: &[Cell<'b>],
        slip: Option<&Slip>,
    ) {
        let all = self.steps.all();
        for (by, step) in all.iter().enumerate() {
            for (k, edge) in step.edges.iter().enumerate() {
                let lost = slip == Some(&Slip::Path(edge.from, by));
                let flows = if lost { Cell::Constant(0.0) } else { adjoints[by] * partials[by][k] };
                places.edges[by][k].store(flows);
            }
        }
        for (from, step) in all.iter().enumerate() {
            for (use_of, (partial, product)) in step.uses.iter().zip(&places.uses[from]) {
                let by = use_of.by;
                let sum = self.use_of(partials, from, by);
                let lost = slip == Some(&Slip::Path(from, by));
                partial.store(sum);
                product.store(if lost { Cell::Constant(0.0) } else { adjoints[by] * sum });
            }
        }
    }
}

/// A program in which one slot reads another slot than it should.
fn misread(tape: &Tape, (slot, arg): (usize, usize), other: usize) -> Program {
    let copy = Tape::new();
    let mut vars: Vec<Var<'_>> = Vec::with_capacity(tape.len());
    for position in 0..tape.len() {
        let found = tape.slot(position);
        let read = |(k, operand): (usize, &Operand)| match operand {
            _ if (position, k) == (slot, arg) => vars[other],
            Operand::Slot(at) => vars[*at],
            Operand::Constant(x) => Var::constant(*x),
        };
        let args: Vec<Var<'_>> = found.args.iter().enumerate().map(read).collect();
        let var = match &found.kind {
            SlotKind::Input => copy.input_array([found.value])[0],
            SlotKind::Op(op) => Number::call(*op, &args),
            SlotKind::Custom(custom) => copy.custom(custom, &args),
        };
        vars.push(var);
    }
    copy.program(&[vars[tape.len() - 1]])
}
