//! The author's own derivatives: the reverse sweep over quantities, in which every derivative
//! that was printed stands in for the computed one. It must not know how a formula is written.

use std::collections::BinaryHeap;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use wengert::{Tape, Var};

use super::{Author, Estimate};
use crate::{
    ast::{Kind, Node},
    model::Target,
    values::{constant, evaluate},
};

/// The most steps that all derivatives of a sheet may take: quantities met on the way down from
/// what is differentiated. One of 10,000 statements takes some thousands for each that it asks for.
const MOST_STEPS: u64 = 20_000_000;
/// The most quantities that are remembered to lie below others.
const MOST_REMEMBERED: usize = 2_000_000;

/// What has been computed of slopes so far.
#[derive(Debug, Default)]
pub(super) struct Slopes {
    steps: u64,
    remembered: usize,
    /// For each output, the adjoints found from it.
    adjoints: HashMap<u32, HashMap<u32, Estimate>>,
    /// For each quantity, its partials by its operands.
    edges: HashMap<u32, HashMap<u32, Estimate>>,
    /// For each output, what lies below it, as far down as was asked.
    below: HashMap<u32, Below>,
}

#[derive(Debug, Default)]
struct Below {
    members: HashSet<u32>,
    open: BinaryHeap<(u32, u32)>,
}

impl Slopes {
    /// Forgets the partials of a quantity, and says whether any were known.
    pub(super) fn forget_edges(&mut self, q: u32) -> bool {
        self.edges.remove(&q).is_some()
    }

    pub(super) fn forget_all(&mut self) {
        self.adjoints.clear();
    }

    pub(super) fn is_spent(&self) -> bool {
        self.steps > MOST_STEPS
    }

    /// Makes room: everything here can be found again.
    pub(super) fn trim(&mut self) {
        if self.remembered > MOST_REMEMBERED {
            self.below.clear();
            self.adjoints.clear();
            self.remembered = 0;
        }
    }
}

impl Author<'_> {
    /// After a derivative is printed, what was computed below it no longer holds.
    pub(super) fn forget_slopes(&mut self, of: u32, wrt: u32) {
        let rank = |q: u32| self.model.rank[q as usize];
        let edge = self.model.operands[of as usize].contains(&wrt);
        let Slopes { adjoints, below, .. } = &mut self.slopes;
        let passes = |output| below.get(output).is_some_and(|b: &Below| b.members.contains(&of));
        for (output, adjoints) in adjoints {
            if *output == of || (edge && passes(output)) {
                adjoints.retain(|q, _| rank(*q) > rank(wrt));
            }
        }
    }

    /// The quantities whose values the derivative needs.
    pub(super) fn slope_needs(&mut self, of: u32, wrt: u32) -> Vec<u32> {
        if self.is_true(of, wrt) {
            return Vec::new();
        }
        let members = self.members(of, wrt);
        let operands = members.iter().flat_map(|q| &self.model.operands[*q as usize]);
        operands.copied().collect()
    }

    pub(super) fn settle_slope(&mut self, of: u32, wrt: u32) {
        if self.is_true(of, wrt) {
            return;
        }
        if self.printed(Target::Derivative(of, wrt)).is_none() {
            let needs = self.slope_needs(of, wrt);
            self.settle(&needs);
        } else {
            let users = self.model.users[wrt as usize].clone();
            let needs: Vec<u32> =
                users.iter().flat_map(|c| self.model.operands[*c as usize].clone()).collect();
            self.settle(&needs);
        }
    }

    /// What lies between an output and a quantity below it: the output and all that may use it.
    fn members(&mut self, of: u32, wrt: u32) -> Vec<u32> {
        let lowest = self.model.rank[wrt as usize];
        self.reach_down(of, lowest);
        let mut found: HashSet<u32> = HashSet::default();
        let mut open = vec![wrt];
        while let Some(q) = open.pop() {
            self.slopes.steps += 1 + self.model.users[q as usize].len() as u64;
            if self.slopes.is_spent() {
                break;
            }
            for user in &self.model.users[q as usize] {
                if self.is_below(of, *user) && found.insert(*user) {
                    let printed = self.printed.contains_key(&Target::Derivative(of, *user));
                    let known = self.slopes.adjoints.get(&of).is_some_and(|a| a.contains_key(user));
                    if !printed && !known {
                        open.push(*user);
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    /// Whether a quantity is made of another, itself included.
    pub(crate) fn leads(&mut self, of: u32, from: u32) -> bool {
        self.reach_down(of, self.model.rank[from as usize]);
        self.is_below(of, from)
    }

    fn reach_down(&mut self, of: u32, lowest: u32) {
        let rank = &self.model.rank;
        let below = self.slopes.below.entry(of).or_insert_with(|| Below {
            members: HashSet::from_iter([of]),
            open: BinaryHeap::from([(rank[of as usize], of)]),
        });
        while let Some((top, q)) = below.open.peek().copied() {
            if top <= lowest {
                break;
            }
            below.open.pop();
            self.slopes.steps += 1;
            if self.slopes.steps > MOST_STEPS {
                break;
            }
            for operand in &self.model.operands[q as usize] {
                if below.members.insert(*operand) {
                    self.slopes.remembered += 1;
                    below.open.push((rank[*operand as usize], *operand));
                }
            }
        }
    }

    fn is_below(&self, of: u32, q: u32) -> bool {
        self.slopes.below.get(&of).is_some_and(|below| below.members.contains(&q))
    }

    /// A derivative as the author has it: printed, or computed.
    pub(crate) fn slope(&mut self, of: u32, wrt: u32) -> Estimate {
        match self.printed(Target::Derivative(of, wrt)) {
            Some(printed) => printed.clone(),
            None => self.slope_from_above(of, wrt),
        }
    }

    /// A derivative computed from the author's numbers, whatever was printed for it itself.
    pub(super) fn slope_from_above(&mut self, of: u32, wrt: u32) -> Estimate {
        if of == wrt {
            return Estimate::exact(1.0);
        }
        if self.is_true(of, wrt) {
            return Estimate::exact(self.truth.slope(of, wrt));
        }
        let mut needed = self.members(of, wrt);
        needed.retain(|q| *q != of && self.printed(Target::Derivative(of, *q)).is_none());
        needed.sort_unstable_by_key(|q| std::cmp::Reverse(self.model.rank[*q as usize]));
        for q in needed {
            if self.slopes.is_spent() {
                return Estimate::exact(f64::NAN);
            }
            if self.slopes.adjoints.get(&of).is_none_or(|known| !known.contains_key(&q)) {
                let adjoint = self.gather(of, q);
                self.slopes.adjoints.entry(of).or_default().insert(q, adjoint);
            }
        }
        let slope = self.gather(of, wrt);
        if self.slopes.is_spent() { Estimate::exact(f64::NAN) } else { slope }
    }

    /// Whether a derivative is the author's as it is in truth: nothing was printed on the way.
    fn is_true(&self, of: u32, wrt: u32) -> bool {
        let pair = (of, wrt);
        let untouched = !self.touched[of as usize] && self.truth.slopes.contains_key(&pair);
        untouched || self.truth.blocked.contains_key(&pair) || self.truth.second.contains(&pair)
    }

    /// The sum over the users of `q`: their adjoint times their partial.
    fn gather(&mut self, of: u32, q: u32) -> Estimate {
        let mut sum = Estimate::exact(0.0);
        let users = self.model.users[q as usize].clone();
        for user in users.into_iter().filter(|user| self.is_below(of, *user)).collect::<Vec<_>>() {
            let adjoint = match self.printed(Target::Derivative(of, user)) {
                _ if user == of => Estimate::exact(1.0),
                Some(printed) => printed.clone(),
                None => self.adjoint(of, user),
            };
            let partial = self.edge(user, q);
            sum.value += adjoint.value * partial.value;
            sum.reach += adjoint.reach * partial.value.abs()
                + adjoint.value.abs() * partial.reach
                + adjoint.reach * partial.reach;
            if partial.value != 0.0 {
                sum.learn(&adjoint.sources);
            }
            if adjoint.value != 0.0 {
                sum.learn(&partial.sources);
            }
        }
        sum
    }

    fn adjoint(&self, of: u32, user: u32) -> Estimate {
        let known = self.slopes.adjoints.get(&of).and_then(|known| known.get(&user));
        debug_assert!(known.is_some() || self.is_spent());
        known.cloned().unwrap_or_else(|| Estimate::exact(f64::NAN))
    }

    /// A partial by an operand: as printed, if that is the only way between the two.
    pub(crate) fn edge(&mut self, user: u32, operand: u32) -> Estimate {
        if let Some(printed) = self.printed(Target::Derivative(user, operand)).cloned() {
            self.reach_down(user, self.model.rank[operand as usize]);
            let others = |c: &&u32| **c != user && self.is_below(user, **c);
            if self.model.users[operand as usize].iter().find(others).is_none() {
                return printed;
            }
        }
        if !self.slopes.edges.contains_key(&user) {
            let edges = self.partials(user);
            self.slopes.edges.insert(user, edges);
        }
        self.slopes.edges[&user].get(&operand).expect("a user reads its operand").clone()
    }

    /// All partials of a quantity at the author's numbers, with the reach of rounding in each:
    /// the change when an operand, or the printed value itself, moves by its doubt.
    fn partials(&mut self, user: u32) -> HashMap<u32, Estimate> {
        let mut moving: Vec<(u32, Estimate)> =
            self.model.operands[user as usize].iter().map(|r| (*r, self.known(*r))).collect();
        let mut at: HashMap<u32, f64> = moving.iter().map(|(r, e)| (*r, e.value)).collect();
        if let Some(printed) = self.printed(Target::Quantity(user)).cloned() {
            at.insert(user, printed.value);
            moving.push((user, printed));
        }
        let base = self.partials_at(user, &at);
        let mut edges: HashMap<u32, Estimate> =
            base.iter().map(|(r, p)| (*r, Estimate::exact(*p))).collect();
        for (moved, estimate) in moving {
            if estimate.reach == 0.0 && estimate.sources.is_empty() {
                continue;
            }
            let mut there = at.clone();
            let step = if estimate.reach > 0.0 { estimate.reach } else { 1e-6 };
            there.insert(moved, estimate.value + step);
            for (r, partial) in self.partials_at(user, &there) {
                let change = (partial - base[&r]).abs();
                let edge = edges.entry(r).or_default();
                if estimate.reach > 0.0 {
                    edge.reach += change;
                }
                if change > 0.0 {
                    edge.learn(&estimate.sources);
                }
            }
        }
        edges
    }

    /// The partials of a quantity's formula where its operands, and it itself if it was printed,
    /// have these values.
    fn partials_at(&mut self, user: u32, at: &HashMap<u32, f64>) -> HashMap<u32, f64> {
        let Some(expr) = self.model.formula(user) else { return HashMap::default() };
        let mut slopes = HashMap::default();
        for kind in self.model.reads(expr) {
            if let Kind::Derivative(of, wrt) = kind {
                slopes.insert((of, wrt), self.slope(of, wrt).value);
            }
        }
        let operands = self.model.operands[user as usize].iter().map(|r| (*r, at[r])).collect();
        partials(self.model.nodes.of(expr), &operands, &slopes, at.get(&user).copied())
    }
}

/// One reverse sweep over a formula: its partials by the quantities it reads. Where its value was
/// printed, the slope of an activation is what the textbook makes of that: v(1 - v).
fn partials(
    nodes: &[Node],
    at: &HashMap<u32, f64>,
    slopes: &HashMap<(u32, u32), f64>,
    printed: Option<f64>,
) -> HashMap<u32, f64> {
    let tape = Tape::new();
    let vars: HashMap<u32, Var<'_>> =
        at.iter().map(|(q, value)| (*q, tape.input_array([*value])[0])).collect();
    let mut leaf = |_: usize, kind: Kind| match kind {
        Kind::Quantity(q) => vars[&q],
        Kind::Derivative(of, wrt) => Var::constant(slopes[&(of, wrt)]),
        kind => Var::constant(constant(kind)),
    };
    let result: Var<'_> = match (nodes, printed) {
        ([inside @ .., Node { kind: Kind::Apply(op, 1), .. }], Some(value)) => {
            let argument: Var<'_> = evaluate(inside, &mut leaf);
            argument * op.textbook(&[argument.value()], value)[0]
        }
        _ => evaluate(nodes, &mut leaf),
    };
    if result.slot().is_none() {
        return at.keys().map(|q| (*q, 0.0)).collect();
    }
    let gradient = tape.gradient(result);
    vars.into_iter().map(|(q, var)| (q, gradient[var] + 0.0)).collect()
}
