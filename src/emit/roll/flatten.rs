//! Sums over lists, written as additions, each right behind its term: so that a loop that makes the
//! terms also adds them up. It must not know loops.

use crate::op::Op;
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind};
use crate::tape::guard::Guard;

/// Terms that a sum has at least, to be taken apart.
const LONG: usize = 8;

/// The same program without long sums and dot products. A term that is an input, a constant, or part
/// of another sum is added where the sum was.
pub(super) fn flatten(program: &Program) -> Program {
    let mut flat = Flat {
        code: &program.code,
        sums: sums(&program.code),
        partial: vec![None; program.code.len()],
        places: Vec::with_capacity(program.code.len()),
        made: Code::default(),
    };
    if flat.sums.is_empty() {
        return program.clone();
    }
    (0..program.code.len()).for_each(|slot| flat.slot(slot));
    let mut guards = Vec::new();
    for guard in program.code.guards() {
        let [x, y] = [guard.x, guard.y].map(|arg| flat.arg(arg));
        guards.push(Guard { x, y, ..guard.clone() });
    }
    guards.into_iter().for_each(|guard| flat.made.push_guard(guard));
    let outputs = program.outputs.iter().map(|output| flat.arg(*output)).collect();
    Program { code: flat.made, outputs, names: Vec::new(), point: program.point.clone() }
}

/// For each slot that is a term of a long sum, the sum; empty if there is none.
fn sums(code: &Code) -> Vec<u32> {
    let mut sums = Vec::new();
    for slot in 0..code.len() {
        let word = code.word(slot);
        if factors(code, slot).is_some() {
            sums.resize(code.len(), NONE);
            let terms = code.list(word).iter().filter(|arg| !arg.is_constant());
            for arg in terms.filter(|_| factors(code, slot) == Some(1)) {
                let is_free = code.word(arg.index()).kind() != Kind::Input;
                if is_free && sums[arg.index()] == NONE {
                    sums[arg.index()] = slot as u32;
                }
            }
        }
    }
    sums
}

/// For a slot that is a long sum, how many factors each term has.
fn factors(code: &Code, slot: usize) -> Option<usize> {
    let word = code.word(slot);
    let adds_up = word.op().and_then(Op::adds_up);
    adds_up.filter(|_| code.list(word).len() >= LONG)
}

/// No sum.
const NONE: u32 = u32::MAX;

struct Flat<'c> {
    code: &'c Code,
    sums: Vec<u32>,
    /// What there is by now of a sum.
    partial: Vec<Option<Arg>>,
    /// What each slot became.
    places: Vec<Arg>,
    made: Code,
}

impl Flat<'_> {
    fn slot(&mut self, slot: usize) {
        let made = match self.code.word(slot).kind() {
            Kind::Input => Arg::slot(self.made.push_input(self.code.value(slot)) as usize),
            Kind::Op(op) => match factors(self.code, slot) {
                None => {
                    let args: Vec<Arg> = self.args(slot);
                    Arg::slot(self.made.push_op(op, &args, self.code.value(slot)) as usize)
                }
                Some(1) => self.sum(slot),
                Some(factors) => self.sum_of_products(slot, factors),
            },
            Kind::Custom => {
                let args = self.args(slot);
                let terms: Vec<_> = args.iter().map(|arg| self.made.term(*arg)).collect();
                let custom = self.code.custom(self.code.word(slot));
                let made = self.made.push_custom(custom, terms.into_iter(), self.code.value(slot));
                Arg::slot(made as usize)
            }
        };
        self.places.push(made);
        let sum = self.sums[slot];
        if sum != NONE {
            self.partial[sum as usize] = Some(self.add(self.partial[sum as usize], made));
        }
    }

    fn args(&mut self, slot: usize) -> Vec<Arg> {
        self.code.all_args(slot).into_iter().map(|arg| self.arg(arg)).collect()
    }

    fn arg(&mut self, arg: Arg) -> Arg {
        match self.code.term(arg) {
            Err(x) => self.made.intern(x),
            Ok(slot) => self.places[slot as usize],
        }
    }

    fn add(&mut self, sum: Option<Arg>, term: Arg) -> Arg {
        match sum {
            None => term,
            Some(sum) => self.op(Op::Add, [sum, term]),
        }
    }

    fn op(&mut self, op: Op, [x, y]: [Arg; 2]) -> Arg {
        Arg::slot(self.made.push(op, x, y, 0.0) as usize)
    }

    /// What is missing of a sum, added where it stood. A term counts once where it was added, and
    /// again for each time that it is in the list once more.
    fn sum(&mut self, slot: usize) -> Arg {
        let mut sum = self.partial[slot];
        let mut seen = std::collections::HashSet::new();
        for arg in self.code.list(self.code.word(slot)) {
            let added = !arg.is_constant()
                && self.sums[arg.index()] == slot as u32
                && seen.insert(arg.index());
            if !added {
                let term = self.arg(*arg);
                sum = Some(self.add(sum, term));
            }
        }
        self.named(sum)
    }

    fn sum_of_products(&mut self, slot: usize, factors: usize) -> Arg {
        let list = self.code.list(self.code.word(slot));
        let terms = list.len() / factors;
        let mut sum = None;
        for k in 0..terms {
            let mut product = self.arg(list[k]);
            for factor in 1..factors {
                let factor = self.arg(list[k + factor * terms]);
                product = self.op(Op::Mul, [product, factor]);
            }
            sum = Some(self.add(sum, product));
        }
        self.named(sum)
    }

    /// A sum as a slot: one of constants is no slot yet.
    fn named(&mut self, sum: Option<Arg>) -> Arg {
        let sum = sum.expect("a long list is not empty");
        match sum.is_constant() {
            true => {
                let zero = self.made.intern(0.0);
                self.op(Op::Add, [sum, zero])
            }
            false => sum,
        }
    }
}
