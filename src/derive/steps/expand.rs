//! From slots to quantities: which slots stand for themselves, and the formula and edges of each.
//! It must not know adjoints.

use super::formula::{Formula, Paper, Symbol};
use super::{Edge, Step};
use crate::op::{Edges, ListRoom, Number, Op, Spare};
use crate::tape::{Operand, Slot, SlotKind, Tape};
use smallvec::{SmallVec, smallvec};
use std::collections::HashMap;

/// The most operations that one formula may hold.
const LONGEST: usize = 200;

/// The quantities that the output is made of, and those to keep in any case.
pub(super) fn steps(tape: &Tape, output: usize, keep: &[usize]) -> Vec<Step> {
    let names: HashMap<u32, String> = tape.labels();
    let mut uses = uses(tape, output);
    for slot in keep {
        if *slot >= uses.len() {
            uses.resize(slot + 1, 0);
        }
    }
    let reached = |slot: usize| uses[slot] > 0 || slot == output || keep.contains(&slot);
    let mut size = vec![0; uses.len()];
    let mut place: HashMap<usize, usize> = HashMap::new();
    let mut steps = Vec::new();
    for at in (0..uses.len()).filter(|at| reached(*at)) {
        let slot = tape.slot(at);
        let inside: usize = slot.args.iter().filter_map(slot_of).map(|arg| size[arg]).sum();
        let is_input = matches!(slot.kind, SlotKind::Input);
        let stands = is_input || uses[at] != 1 || inside >= LONGEST;
        if !stands && at != output && !names.contains_key(&(at as u32)) && !keep.contains(&at) {
            size[at] = inside + 1;
            continue;
        }
        let name = names.get(&(at as u32)).cloned();
        let (formula, edges) = match is_input || uses[at] == 0 && at != output {
            true => (None, Vec::new()),
            false => Expansion::of(tape, &slot, &place, steps.len()),
        };
        place.insert(at, steps.len());
        steps.push(Step { name, formula, edges, ..Step::new(at, slot.value) });
    }
    steps
}

fn slot_of(arg: &Operand) -> Option<usize> {
    match arg {
        Operand::Slot(slot) => Some(*slot),
        Operand::Constant(_) => None,
    }
}

/// How often each slot up to the output is used on the way there.
fn uses(tape: &Tape, output: usize) -> Vec<usize> {
    let mut uses = vec![0; output + 1];
    for at in (0..=output).rev() {
        if uses[at] > 0 || at == output {
            tape.slot(at).args.iter().filter_map(slot_of).for_each(|arg| uses[arg] += 1);
        }
    }
    uses
}

/// One formula that is being taken apart: its slots, those that stand for themselves left out,
/// arguments before uses.
struct Expansion<'t> {
    tape: &'t Tape,
    place: &'t HashMap<usize, usize>,
    slots: Vec<Slot>,
}

impl Expansion<'_> {
    /// The formula of a quantity, and its edges. `own` is its own place.
    fn of(
        tape: &Tape,
        slot: &Slot,
        place: &HashMap<usize, usize>,
        own: usize,
    ) -> (Option<Formula>, Vec<Edge>) {
        let mut expansion = Expansion { tape, place, slots: vec![slot.clone()] };
        let mut next = 0;
        while next < expansion.slots.len() {
            let inner = expansion.slots[next].args.iter().filter_map(slot_of);
            let inner: Vec<usize> = inner.filter(|arg| !place.contains_key(arg)).collect();
            expansion.slots.extend(inner.into_iter().map(|arg| tape.slot(arg)));
            next += 1;
        }
        expansion.slots.sort_by_key(|slot| slot.position);
        (Some(expansion.formula(slot.position)), expansion.edges(own))
    }

    /// The formula as it was recorded. Times 1 is another name for the same thing.
    fn formula(&self, position: usize) -> Formula {
        let slot = self.at(position);
        let args: Vec<Formula> = slot.args.iter().map(|arg| self.operand(arg)).collect();
        match &slot.kind {
            SlotKind::Input => Formula::Constant(slot.value),
            SlotKind::Custom(custom) => {
                Formula::Custom { name: custom.name().to_owned(), slope: None, args }
            }
            SlotKind::Op(op) => {
                let renames = *op == Op::Mul && args[1] == Formula::Constant(1.0);
                if renames { args[0].clone() } else { Formula::Apply(*op, args) }
            }
        }
    }

    fn operand(&self, arg: &Operand) -> Formula {
        match arg {
            Operand::Constant(x) => Formula::Constant(*x),
            Operand::Slot(slot) => match self.place.get(slot) {
                Some(q) => Formula::Quantity(*q),
                None => self.formula(*slot),
            },
        }
    }

    fn at(&self, position: usize) -> &Slot {
        let at = self.slots.binary_search_by_key(&position, |slot| slot.position);
        &self.slots[at.expect("what is no quantity is part of the formula")]
    }

    /// Goes down from the top of the formula to the quantities in it, in symbols and in numbers.
    fn edges(&self, own: usize) -> Vec<Edge> {
        let paper = Paper::default();
        let symbols = self.symbols(&paper, own);
        let mut bars: HashMap<usize, (Symbol<'_>, Option<f64>)> = HashMap::new();
        let top = self.slots.last().expect("a formula has a top").position;
        let mut ways: HashMap<usize, Vec<(usize, usize)>> = HashMap::from([(top, Vec::new())]);
        bars.insert(top, (Symbol::constant(1.0), Some(1.0)));
        let mut edges = Vec::new();
        for slot in self.slots.iter().rev() {
            let (bar, number) = bars[&slot.position];
            let args: Vec<Symbol<'_>> =
                slot.args.iter().map(|arg| self.symbol(&paper, &symbols, arg)).collect();
            let forms = self.textbook(&paper, slot, &args, symbols[&slot.position]);
            let numbers = self.partials(slot);
            for (k, (form, partial)) in forms.into_iter().zip(numbers).enumerate() {
                let Some(from) = slot_of(&slot.args[k]) else { continue };
                let number = number.zip(partial).map(|(x, y)| x * y);
                let form = number.map_or(Symbol::constant(0.0), |_| bar * form);
                let mut path = ways[&slot.position].clone();
                path.push((slot.position, k));
                match self.place.get(&from) {
                    None => {
                        bars.insert(from, (form, number));
                        ways.insert(from, path);
                    }
                    Some(from) => {
                        let (partial, taken) = (number.unwrap_or(0.0), number.is_some());
                        let (from, product, formula) = (*from, 0.0, form.formula());
                        let edge = Edge { from, partial, product, taken, path, formula };
                        edges.push(((slot.position, k), edge));
                    }
                }
            }
        }
        edges.sort_by_key(|(place, _)| *place);
        edges.into_iter().map(|(_, edge)| edge).collect()
    }

    /// Every slot of the formula as a symbol; the top is the quantity itself.
    fn symbols<'p>(&self, paper: &'p Paper, own: usize) -> HashMap<usize, Symbol<'p>> {
        let mut symbols = HashMap::new();
        for slot in &self.slots[..self.slots.len() - 1] {
            let args: SmallVec<[Symbol<'p>; 4]> =
                slot.args.iter().map(|arg| self.symbol(paper, &symbols, arg)).collect();
            let symbol = match &slot.kind {
                SlotKind::Input => Symbol::constant(slot.value),
                SlotKind::Custom(custom) => paper.custom(custom.name(), None, &args),
                SlotKind::Op(op) if op.takes_list() => Symbol::call(*op, &args),
                SlotKind::Op(op) => op.apply(|_, k| args[k]),
            };
            symbols.insert(slot.position, symbol);
        }
        symbols.insert(self.slots[self.slots.len() - 1].position, paper.quantity(own));
        symbols
    }

    fn symbol<'p>(
        &self,
        paper: &'p Paper,
        symbols: &HashMap<usize, Symbol<'p>>,
        arg: &Operand,
    ) -> Symbol<'p> {
        match arg {
            Operand::Constant(x) => Symbol::constant(*x),
            Operand::Slot(slot) => match self.place.get(slot) {
                Some(q) => paper.quantity(*q),
                None => symbols[slot],
            },
        }
    }

    /// The partials of a slot as lessons show them; in the form that is computed where no other is
    /// known, or where that other has no value.
    fn textbook<'p>(
        &self,
        paper: &'p Paper,
        slot: &Slot,
        args: &[Symbol<'p>],
        value: Symbol<'p>,
    ) -> SmallVec<[Symbol<'p>; 2]> {
        let op = match &slot.kind {
            SlotKind::Input => return SmallVec::new(),
            SlotKind::Custom(custom) => {
                let slope = |k: usize| paper.custom(custom.name(), Some(k), args);
                return (0..args.len()).map(slope).collect();
            }
            SlotKind::Op(op) if op.takes_list() => return op.textbook(args, value),
            SlotKind::Op(op) => op,
        };
        let numbers = self.values(slot);
        let shown = op.textbook(&numbers, slot.value);
        let computed = op.partials(&numbers, slot.value);
        let close = |k: usize| (shown[k] - computed[k]).abs() <= 1e-9 * computed[k].abs();
        let (mut forms, gated) = (op.textbook(args, value), op.partials(args, value));
        let mut open: SmallVec<[Option<Symbol<'p>>; 2]> = smallvec![None; args.len()];
        op.partials_by(value, Taken { args, taken: &mut open, flows: |_| true });
        for k in 0..args.len() {
            if !close(k) || forms[k].formula() == gated[k].formula() {
                forms[k] = open[k].unwrap_or(forms[k]);
            }
        }
        forms
    }

    fn values(&self, slot: &Slot) -> SmallVec<[f64; 4]> {
        let value = |arg: &Operand| match arg {
            Operand::Constant(x) => *x,
            Operand::Slot(slot) => self.tape.at(*slot).value(),
        };
        slot.args.iter().map(value).collect()
    }

    /// The partials of a slot as they are computed; none where nothing flows.
    fn partials(&self, slot: &Slot) -> SmallVec<[Option<f64>; 2]> {
        let args = self.values(slot);
        let mut taken = smallvec![None; args.len()];
        match &slot.kind {
            SlotKind::Input => {}
            SlotKind::Op(op) if op.takes_list() => {
                let edge = &mut |k: usize, partial| taken[k] = Some(partial);
                op.partials_of_list(
                    &args,
                    slot.value,
                    &mut Spare::new(),
                    &mut ListRoom::default(),
                    edge,
                );
            }
            SlotKind::Op(op) => {
                let flows = |taken: f64| taken > 0.0 || taken.is_nan();
                op.partials_by(slot.value, Taken { args: &args, taken: &mut taken, flows });
            }
            SlotKind::Custom(custom) => {
                let mut partials = vec![0.0; args.len()];
                custom.partials(&args, slot.value, &mut partials);
                taken = partials.into_iter().map(Some).collect();
            }
        }
        taken
    }
}

/// The edges into a slot, of which those that nothing flows along are left out.
struct Taken<'a, N, F> {
    args: &'a [N],
    taken: &'a mut [Option<N>],
    flows: F,
}

impl<N: Number, F: Fn(N) -> bool> Edges<N> for Taken<'_, N, F> {
    fn arg<const K: usize>(&self, k: usize) -> N {
        self.args[k]
    }
    fn wants<const K: usize>(&self, _: usize) -> bool {
        true
    }
    fn flow<const K: usize>(&mut self, k: usize, partial: N, taken: Option<N>) {
        self.taken[k] = match taken {
            None => Some(partial),
            // A condition that is NaN makes the slope NaN; otherwise this adds 0.
            Some(taken) => (self.flows)(taken).then(|| partial + taken.compare(taken)),
        };
    }
}
