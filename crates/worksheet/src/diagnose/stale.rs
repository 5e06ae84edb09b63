//! An older input: the one value of an ancestor, of two significant digits at most, that gives
//! the claimed digits. It must not try any other mistake.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Explanation, Kinds, Search,
    edit::evaluate,
    sketch::{Builder, Sketch},
};
use crate::{
    ast::{Kind, Literal},
    digits::{Fit, readable, rounded},
    model::{Rule, Target},
    values,
};

/// The most inputs that are tried, and the most quantities that are recomputed for one.
const MOST_INPUTS: usize = 24;
const MOST_RECOMPUTED: usize = 2000;
/// The values that are worked out for one input: some for each of two goals, and for what is seen.
const MOST_TRIES: usize = 40;
/// The chance that a random number is explained by one input, at most.
const MOST_CHANCE: f64 = 0.25;

impl Search<'_, '_> {
    /// Solves for each input in turn, at full precision; then for those that the formula reads
    /// itself, beside the author's own numbers.
    pub(super) fn stale(&mut self, own: &Sketch) {
        let work = &mut self.memory.work;
        let bare = Builder::new(self.author, work, false, false).build(self.claim.target);
        let Some(bare) = bare else { return self.memory.work.cut() };
        let copied = bare.nodes.len() == 1;
        let above = self.above(&bare);
        for (q, literal) in self.inputs(&above) {
            if !self.memory.work.take(own.nodes.len() + bare.nodes.len()) {
                return;
            }
            let reads = |at: usize| own.nodes[at].kind == Kind::Quantity(q);
            let direct = (0..own.nodes.len()).any(|at| reads(at) && !own.hidden(at));
            let seen = self.memory.inputs.iter().any(|(r, _)| *r == q);
            let mut found = None;
            if direct {
                found = self.solve(own, &[], q, literal);
                if found.is_none() && matches!(self.claim.target, Target::Quantity(_)) {
                    found = self.solve(own, &above, q, literal);
                }
            }
            if found.is_none() && (copied || (seen && !bare.in_slope.contains(&true))) {
                found = self.solve(&bare, &above, q, literal);
            }
            if let Some((value, fit)) = found {
                self.keep(q, literal, value, fit, &bare);
            }
        }
    }

    fn keep(&mut self, q: u32, literal: Literal, value: f64, fit: Fit, bare: &Sketch) {
        let model = self.author.model;
        let name = model.spelled(q);
        let cut = if fit == Fit::Cut { ", and truncated" } else { "" };
        let operand = match bare.nodes[..] {
            [node] => match node.kind {
                Kind::Quantity(h) if h != q => Some(model.spelled(h)),
                _ => None,
            },
            _ => None,
        };
        let given = rounded(literal.value, literal, 0);
        let was = operand.map_or(String::new(), |h| format!("{h} of "));
        let text = format!("{was}{name} = {} instead of {}{cut}", readable(value), given);
        let seen = self.memory.inputs.contains(&(q, value));
        let labels = vec![(model.quantities[q as usize].span, format!("{name} is {given}"))];
        // An input that nobody has seen explains much: what has nothing to choose goes before it.
        let class = if seen { 1 } else { 3 };
        let far = if fit == Fit::Cut { 8 } else { 0 };
        self.found.push(Explanation {
            kind: Kinds::Stale,
            text,
            labels,
            rank: (class, Kinds::Stale, far),
            input: Some((q, value)),
        });
    }

    /// What the quantities of a sketch are made of, themselves included, in order; those that are
    /// made of too much are left out.
    fn above(&mut self, sketch: &Sketch) -> Vec<u32> {
        let model = self.author.model;
        let quantity = |kind: &Kind| match kind {
            Kind::Quantity(q) => Some(*q),
            _ => None,
        };
        let mut leaves: Vec<u32> = sketch.nodes.iter().filter_map(|n| quantity(&n.kind)).collect();
        leaves.sort_unstable_by_key(|q| model.rank[*q as usize]);
        leaves.dedup();
        let mut found: FxHashSet<u32> = FxHashSet::default();
        for leaf in leaves {
            if found.contains(&leaf) {
                continue;
            }
            let mut open = vec![leaf];
            let mut seen = found.clone();
            while let Some(q) = open.pop().filter(|_| seen.len() <= MOST_RECOMPUTED) {
                if seen.insert(q) {
                    open.extend(&model.operands[q as usize]);
                }
            }
            if seen.len() <= MOST_RECOMPUTED && self.memory.work.take(seen.len()) {
                found = seen;
            }
        }
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable_by_key(|q| model.rank[*q as usize]);
        found
    }

    /// The inputs among these.
    fn inputs(&self, above: &[u32]) -> Vec<(u32, Literal)> {
        let model = self.author.model;
        let given = |q: &u32| match model.quantities[*q as usize].rule {
            Rule::Given(literal) if literal.value != 0.0 => Some((*q, literal)),
            _ => None,
        };
        let mut inputs: Vec<(u32, Literal)> = above.iter().filter_map(given).collect();
        inputs.sort_unstable_by_key(|(q, _)| *q);
        inputs.truncate(MOST_INPUTS);
        inputs
    }

    /// The input of two significant digits at most that gives the claim, if one does.
    /// Values are the truth's, and what depends on the input among `above` is recomputed; where
    /// nothing is, they are the author's own.
    fn solve(
        &mut self,
        sketch: &Sketch,
        above: &[u32],
        q: u32,
        literal: Literal,
    ) -> Option<(f64, Fit)> {
        let claimed = self.claim.number?;
        let mut curve = Curve::new(self, sketch, above, q);
        if !self.memory.work.take(MOST_TRIES * curve.steps()) {
            return None;
        }
        let sign = if claimed.literal.value < 0.0 { -1.0 } else { 1.0 };
        let seen = self.memory.inputs.iter().filter(|(r, _)| *r == q).map(|(_, v)| *v);
        let mut tries: Vec<(f64, bool)> = seen.map(|v| (v, true)).collect();
        for goal in [claimed.literal.value, claimed.literal.value + sign * claimed.half()] {
            if let Some(x) = curve.reach(goal, literal.value)
                && curve.tells(x, claimed.half())
            {
                tries.extend(short(x, literal).map(|x| (x, false)));
            }
        }
        for (x, known) in tries {
            let fit = claimed.fit(curve.at(x));
            if fit == Fit::Rounded || (fit == Fit::Cut && known) {
                return Some((x, fit));
            }
        }
        None
    }
}

/// The number of two significant digits at most next to a solution, if a person may have had it
/// before: not far from the input of now, and with no more decimals.
fn short(x: f64, now: Literal) -> Option<f64> {
    if x == 0.0 || !x.is_finite() {
        return None;
    }
    let magnitude = x.abs().log10().floor() as i32;
    let places = usize::try_from(1 - magnitude).unwrap_or(0).min(12);
    let places = places.min(usize::try_from(now.places.max(1)).unwrap_or(0));
    let close = format!("{x:.places$}").parse::<f64>().ok()?;
    let ratio = close / now.value;
    let likely = (0.5..=2.0).contains(&ratio) && (ratio - 1.0).abs() > 1e-9;
    // An input of 1 is a factor left out.
    (likely && close.abs() != 1.0).then_some(close)
}

/// The claim's value as a function of one input.
struct Curve<'s, 'm> {
    sketch: &'s Sketch,
    leaves: Vec<f64>,
    /// The quantities to recompute, in order, and the formulas for them.
    moved: Vec<u32>,
    model: &'m crate::model::Model,
    truth: &'m crate::truth::Truth,
    input: u32,
}

impl<'s, 'm> Curve<'s, 'm> {
    fn new(search: &mut Search<'_, 'm>, sketch: &'s Sketch, above: &[u32], input: u32) -> Self {
        let leaves = search.leaves(sketch, above.is_empty());
        let model = search.author.model;
        let mut depends = FxHashSet::from_iter([input]);
        let mut moved: Vec<u32> = Vec::new();
        for q in above.iter().filter(|q| **q != input) {
            if model.operands[*q as usize].iter().any(|r| depends.contains(r)) {
                depends.insert(*q);
                moved.push(*q);
            }
        }
        Self { sketch, leaves, moved, model, truth: search.author.truth, input }
    }

    /// How many steps one value takes.
    fn steps(&self) -> usize {
        let formulas = self.moved.iter().filter_map(|q| self.model.formula(*q));
        let lengths = formulas.map(|expr| (expr.end - expr.start) as usize);
        self.sketch.nodes.len() + lengths.sum::<usize>()
    }

    /// The value where the input is `x`.
    fn at(&mut self, x: f64) -> f64 {
        let mut values: FxHashMap<u32, f64> = FxHashMap::from_iter([(self.input, x)]);
        for q in &self.moved {
            let Some(expr) = self.model.formula(*q) else { continue };
            let value = values::evaluate(self.model.nodes.of(expr), &mut |_, kind| match kind {
                Kind::Quantity(r) => {
                    values.get(&r).copied().unwrap_or(self.truth.values[r as usize])
                }
                Kind::Derivative(of, wrt) => self.truth.slope(of, wrt),
                kind => values::constant(kind),
            });
            values.insert(*q, value);
        }
        for (at, node) in self.sketch.nodes.iter().enumerate() {
            if let Kind::Quantity(r) = node.kind
                && let Some(value) = values.get(&r)
            {
                self.leaves[at] = *value;
            }
        }
        evaluate(&self.sketch.nodes, &self.leaves, &[])
    }

    /// Whether the digits pin the input down, so that to find a short one is no accident.
    fn tells(&mut self, x: f64, half: f64) -> bool {
        let step = 0.01 * x.abs();
        let slope = (self.at(x + step) - self.at(x - step)) / (2.0 * step);
        let spacing = 10f64.powf(x.abs().log10().floor() - 1.0);
        2.0 * half <= MOST_CHANCE * spacing * slope.abs()
    }

    /// The input at which the value is `goal`, by the secant.
    fn reach(&mut self, goal: f64, from: f64) -> Option<f64> {
        let (mut a, mut b) = (from, from * 1.01);
        let (mut fa, mut fb) = (self.at(a) - goal, self.at(b) - goal);
        for _ in 0..12 {
            let step = fb * (b - a) / (fb - fa);
            if !step.is_finite() {
                break;
            }
            (a, fa) = (b, fb);
            b -= step;
            fb = self.at(b) - goal;
            if step.abs() <= 1e-9 * b.abs() {
                break;
            }
        }
        (b.is_finite() && b != 0.0 && fb.abs() <= 1e-6 * goal.abs().max(1e-3)).then_some(b)
    }
}
