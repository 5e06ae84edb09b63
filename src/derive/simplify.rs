//! Programs made shorter without changing a bit of any value. It must not know any primitive.

use crate::op::Op;
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind};
use crate::tape::guard::Guard;
use smallvec::SmallVec;
use std::collections::{HashMap, HashSet};

/// What makes two slots the same: the same primitive (or custom one, by its number) of the same
/// arguments.
type Key = (Result<Op, usize>, SmallVec<[Arg; 2]>);

struct Rebuild<'p> {
    old: &'p Code,
    new: Code,
    moved: Vec<Option<Arg>>,
    constants: HashMap<u64, Arg>,
    known: HashMap<Key, Arg>,
}

impl Program {
    /// The same program without slots that no output and no guard needs, without repeated
    /// subexpressions and comparisons, and with constants folded. Every value keeps its bits; so does every gradient
    /// unless subexpressions were merged, for then contributions are added in another order. `x * 0`,
    /// `x - x` and `x / x` stay, because of what they are at infinity, NaN and 0. Costs about as
    /// much as recording.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].sin() * v[0].sin() + 0.0 * v[0].exp().detach(), &[1.0]);
    /// assert_eq!((f.len(), f.simplify().len()), (6, 4));
    /// ```
    pub fn simplify(&self) -> Program {
        let live = self.live();
        let mut rebuild = Rebuild {
            old: &self.code,
            new: Code::default(),
            moved: vec![None; self.len()],
            constants: HashMap::new(),
            known: HashMap::new(),
        };
        (0..self.len()).filter(|slot| live[*slot]).for_each(|slot| rebuild.slot(slot));
        let outputs = self.outputs.iter().map(|arg| rebuild.arg(*arg)).collect();
        let mut asked = HashSet::new();
        for guard in self.code.guards() {
            let (x, y) = (rebuild.arg(guard.x), rebuild.arg(guard.y));
            if asked.insert((x, y, guard.comparison, guard.outcome)) {
                rebuild.new.push_guard(Guard { x, y, ..guard.clone() });
            }
        }
        let Rebuild { new: code, moved, .. } = rebuild;
        let slot = |old: u32| moved[old as usize].filter(|arg| !arg.is_constant());
        let names = self
            .names
            .iter()
            .filter_map(|(name, old)| Some((name.clone(), slot(*old)?.index() as u32)));
        Program { outputs, names: names.collect(), point: self.point.clone(), code }
    }

    /// Which slots an output or a guard needs. Inputs are always kept.
    fn live(&self) -> Vec<bool> {
        let mut live = vec![false; self.len()];
        let guards = self.code.guards().iter().flat_map(|guard| [guard.x, guard.y]);
        for arg in self.outputs.iter().copied().chain(guards).filter(|arg| !arg.is_constant()) {
            live[arg.index()] = true;
        }
        for slot in (0..self.len()).rev().filter(|slot| self.code.word(*slot).kind() != Kind::Input)
        {
            if live[slot] {
                let args = self.code.all_args(slot);
                args.iter()
                    .filter(|arg| !arg.is_constant())
                    .for_each(|arg| live[arg.index()] = true);
            }
        }
        self.code.inputs().iter().for_each(|slot| live[*slot as usize] = true);
        live
    }
}

impl Rebuild<'_> {
    fn slot(&mut self, slot: usize) {
        let word = self.old.word(slot);
        let args: SmallVec<[Arg; 2]> =
            self.old.all_args(slot).iter().map(|arg| self.arg(*arg)).collect();
        let what = match word.kind() {
            Kind::Input => {
                self.new.push_input(self.old.value(slot));
                self.moved[slot] = Some(Arg::slot(self.new.len() - 1));
                return;
            }
            Kind::Op(op) => Ok(op),
            Kind::Custom => Err(self.old.custom_index(word)),
        };
        let value = self.old.value(slot);
        self.moved[slot] = Some(match what {
            Ok(op) if args.iter().all(|arg| arg.is_constant()) => {
                let values: SmallVec<[f64; 4]> =
                    args.iter().map(|arg| self.new.constant(*arg)).collect();
                self.constant(op.value(&values))
            }
            _ => self.once((what, args), value),
        });
    }

    /// The slot that computes this, appended if there is none.
    fn once(&mut self, key: Key, value: f64) -> Arg {
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let slot = match key.0 {
            Ok(op) => self.new.push_op(op, &key.1, value),
            Err(custom) => {
                let terms: SmallVec<[_; 4]> = key.1.iter().map(|arg| self.new.term(*arg)).collect();
                self.new.push_custom(&self.old.customs()[custom], terms.into_iter(), value)
            }
        };
        let arg = Arg::slot(slot as usize);
        self.known.insert(key, arg);
        arg
    }

    fn arg(&mut self, old: Arg) -> Arg {
        match old.is_constant() {
            true => self.constant(self.old.constant(old)),
            false => self.moved[old.index()]
                .expect("what a live slot needs is live, and comes before it"),
        }
    }

    fn constant(&mut self, x: f64) -> Arg {
        *self.constants.entry(x.to_bits()).or_insert_with(|| self.new.intern(x))
    }
}
