//! The author's own numbers: what is printed so far, and what follows from it.
//! It must not judge.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use wengert::{Tape, Var};

use crate::{
    ast::{Expr, Kind, Literal, Node},
    model::{Model, Rule, Target},
    truth::Truth,
    values::{Known, constant, evaluate},
};

mod slopes;

/// A value with what rounding can explain, and the slips that it comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The value.
    pub value: f64,
    /// How far it may be off because rounded numbers were carried on.
    pub reach: f64,
    /// The values between which it must lie all the same, where it may be off by so much that the
    /// slope at one place says little of the next: exp of a large number, 1/x near 0.
    pub range: Option<(f64, f64)>,
    /// The first-hand slips behind it, as claims.
    pub sources: SmallVec<[u32; 2]>,
}

/// From which part of a value on its reach is not believed without a look at the values there.
const WIDE: f64 = 0.25;
/// At how many places one looks, on either side.
const LOOKS: i32 = 8;

/// The most slips that one number is said to come from.
const MOST_SOURCES: usize = 16;

impl Estimate {
    /// A value without doubt.
    pub fn exact(value: f64) -> Self {
        Self { value, ..Self::default() }
    }

    /// A number as far as its digits say.
    fn rounded(number: Literal) -> Self {
        Self { reach: 0.5 * number.unit(), ..Self::exact(number.value) }
    }

    /// Whether another value lies in the range, or as near to it as `doubt`.
    pub fn allows(&self, value: f64, doubt: f64) -> bool {
        self.range.is_none_or(|(low, high)| {
            let slack = |end: f64| doubt + 0.02 * end.abs();
            (low - slack(low)..=high + slack(high)).contains(&value)
        })
    }

    fn learn(&mut self, sources: &[u32]) {
        for source in sources {
            if self.sources.len() < MOST_SOURCES && !self.sources.contains(source) {
                self.sources.push(*source);
            }
        }
        self.sources.sort_unstable();
    }
}

/// What the author has printed so far, and what follows from it.
#[derive(Debug)]
pub struct Author<'m> {
    pub(crate) model: &'m Model,
    pub(crate) truth: &'m Truth,
    printed: FxHashMap<Target, Estimate>,
    values: Vec<Option<Estimate>>,
    /// Which quantities something was printed of, or of what they are made of.
    touched: Vec<bool>,
    /// For each quantity, those whose formulas read a derivative of it.
    derived: FxHashMap<u32, Vec<u32>>,
    slopes: slopes::Slopes,
}

impl<'m> Author<'m> {
    /// Nothing is printed yet.
    pub fn new(model: &'m Model, truth: &'m Truth) -> Self {
        let count = model.quantities.len();
        let mut author = Self {
            model,
            truth,
            printed: FxHashMap::default(),
            values: vec![None; count],
            touched: vec![false; count],
            derived: derived(model),
            slopes: slopes::Slopes::default(),
        };
        let about = |q: &u32| matches!(model.quantities[*q as usize].rule, Rule::Approximate(_));
        (0..count as u32).filter(about).for_each(|q| author.touch(q));
        author
    }

    /// Something is known of a quantity that the truth does not know: what is made of it may differ.
    fn touch(&mut self, q: u32) {
        let mut open = vec![q];
        while let Some(q) = open.pop() {
            if !std::mem::replace(&mut self.touched[q as usize], true) {
                open.extend(&self.model.users[q as usize]);
                open.extend(self.derived.get(&q).into_iter().flatten());
            }
        }
    }

    /// Whether the steps that may be taken for derivatives are used up, so that the author's own
    /// are not known any more.
    pub fn is_spent(&self) -> bool {
        self.slopes.is_spent()
    }

    /// Makes room, between one number and the next.
    pub(crate) fn trim(&mut self) {
        self.slopes.trim();
    }

    /// What the author printed of a target.
    pub fn printed(&self, target: Target) -> Option<&Estimate> {
        self.printed.get(&target)
    }

    /// The author prints a number: from here on it stands for what it is of.
    pub fn print(&mut self, target: Target, number: Estimate) {
        match target {
            Target::Quantity(q) => {
                self.touch(q);
                let used = self.values[q as usize].replace(number.clone()).is_some();
                if used | self.slopes.forget_edges(q) {
                    self.forget(q);
                }
            }
            Target::Derivative(of, wrt) => {
                self.touch(of);
                self.forget_slopes(of, wrt);
            }
            Target::Expression(_) => return,
        }
        self.printed.insert(target, number);
    }

    /// What was computed from an older value of `q` no longer holds.
    fn forget(&mut self, q: u32) {
        let mut open = vec![q];
        let mut seen = FxHashSet::from_iter([q]);
        while let Some(q) = open.pop() {
            self.slopes.forget_edges(q);
            for user in &self.model.users[q as usize] {
                self.slopes.forget_edges(*user);
                if !self.printed.contains_key(&Target::Quantity(*user)) {
                    self.values[*user as usize] = None;
                    if seen.insert(*user) {
                        open.push(*user);
                    }
                }
            }
        }
        self.slopes.forget_all();
    }

    /// The author's own value of a quantity.
    pub fn quantity(&mut self, q: u32) -> Estimate {
        self.settle(&[q]);
        self.known(q)
    }

    /// A value that was settled; NaN where the steps were used up on the way, so that nothing is
    /// said of what is made of it.
    fn known(&self, q: u32) -> Estimate {
        let value = &self.values[q as usize];
        debug_assert!(value.is_some() || self.is_spent());
        value.clone().unwrap_or_else(|| Estimate::exact(f64::NAN))
    }

    /// The author's own value of what a chain is about, whatever was printed for it itself.
    pub fn target(&mut self, target: Target) -> Estimate {
        match target {
            Target::Quantity(q) => match self.model.formula(q) {
                Some(expr) => self.expr(expr),
                None => self.quantity(q),
            },
            Target::Derivative(of, wrt) => {
                self.settle_slope(of, wrt);
                self.slope_from_above(of, wrt)
            }
            Target::Expression(expr) => self.expr(expr),
        }
    }

    /// The author's own value of an expression, with the reach of rounding by its adjoints.
    pub fn expr(&mut self, expr: Expr) -> Estimate {
        self.mixed(expr, &|_| false)
    }

    /// The same where numbers stand beside the names that are themselves rounded.
    pub fn mixed(&mut self, expr: Expr, rounded: &dyn Fn(Literal) -> bool) -> Estimate {
        let reads: Vec<Kind> = self.model.reads(expr).collect();
        for kind in reads {
            match kind {
                Kind::Quantity(q) => self.settle(&[q]),
                Kind::Derivative(of, wrt) => self.settle_slope(of, wrt),
                _ => {}
            }
        }
        self.compute(expr, rounded)
    }

    /// Evaluates on a tape of its own, whose inputs are the author's numbers.
    fn compute(&mut self, expr: Expr, rounded: &dyn Fn(Literal) -> bool) -> Estimate {
        let nodes = self.model.nodes.of(expr);
        let mut slopes = FxHashMap::default();
        for kind in self.model.reads(expr) {
            if let Kind::Derivative(of, wrt) = kind {
                slopes.insert(kind_key(of, wrt), self.slope(of, wrt));
            }
        }
        let mut leaves = Leaves::default();
        let mut seen: FxHashMap<Kind2, usize> = FxHashMap::default();
        for node in nodes {
            let which = match node.kind {
                Kind::Quantity(q) => {
                    *seen.entry((q, u32::MAX)).or_insert_with(|| leaves.input(self.known(q)))
                }
                Kind::Derivative(of, wrt) => *seen
                    .entry((of, wrt))
                    .or_insert_with(|| leaves.input(slopes[&kind_key(of, wrt)].clone())),
                Kind::Number(n) if rounded(n) => leaves.input(Estimate::rounded(n)),
                _ => NO_INPUT,
            };
            leaves.which.push(which);
        }
        leaves.combine(nodes)
    }

    /// Computes, in order, every value below these that is neither printed nor known.
    fn settle(&mut self, roots: &[u32]) {
        let mut found: Vec<u32> = Vec::new();
        let mut seen = FxHashSet::default();
        let mut open: Vec<u32> = roots.to_vec();
        while let Some(q) = open.pop() {
            if self.values[q as usize].is_some() || !seen.insert(q) {
                continue;
            }
            found.push(q);
            let Some(expr) = self.model.formula(q) else { continue };
            for kind in self.model.reads(expr) {
                match kind {
                    Kind::Quantity(r) => open.push(r),
                    Kind::Derivative(of, wrt) => open.extend(self.slope_needs(of, wrt)),
                    _ => {}
                }
            }
        }
        found.sort_unstable_by_key(|q| self.model.rank[*q as usize]);
        for q in found {
            let estimate = self.fresh(q);
            self.values[q as usize] = Some(estimate);
        }
    }

    fn fresh(&mut self, q: u32) -> Estimate {
        match self.model.quantities[q as usize].rule {
            Rule::Given(n) => Estimate::exact(n.value),
            Rule::Approximate(n) => Estimate::rounded(n),
            Rule::Missing => Estimate::exact(f64::NAN),
            Rule::Formula(expr) | Rule::Numbers { expr, .. } => self.compute(expr, &|_| false),
        }
    }

    /// The value of numbers put in, and how far those may be off that are printed nowhere else.
    pub fn numbers(&self, expr: Expr, exact: &dyn Fn(f64) -> bool) -> Estimate {
        let nodes = self.model.nodes.of(expr);
        let mut leaves = Leaves::default();
        for node in nodes {
            let which = match node.kind {
                Kind::Number(n) if !n.whole && !exact(n.value) => {
                    leaves.input(Estimate::rounded(n))
                }
                _ => NO_INPUT,
            };
            leaves.which.push(which);
        }
        leaves.combine(nodes)
    }
}

fn derived(model: &Model) -> FxHashMap<u32, Vec<u32>> {
    let mut derived: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for q in 0..model.quantities.len() as u32 {
        for kind in model.formula(q).into_iter().flat_map(|expr| model.reads(expr)) {
            if let Kind::Derivative(of, _) = kind {
                derived.entry(of).or_default().push(q);
            }
        }
    }
    derived
}

type Kind2 = (u32, u32);

fn kind_key(of: u32, wrt: u32) -> Kind2 {
    (of, wrt)
}

/// Stands for a node that is no input.
const NO_INPUT: usize = usize::MAX;

/// The leaves of an expression that may be in doubt.
#[derive(Default)]
struct Leaves {
    /// For each node, which input it is.
    which: Vec<usize>,
    inputs: Vec<Estimate>,
}

impl Leaves {
    fn input(&mut self, estimate: Estimate) -> usize {
        self.inputs.push(estimate);
        self.inputs.len() - 1
    }

    /// The value of an expression where its inputs have these values.
    fn evaluate<N: Known>(&self, nodes: &[Node], inputs: &[N]) -> N {
        evaluate(nodes, &mut |at, kind| match inputs.get(self.which[at]) {
            Some(input) => *input,
            None => N::constant(constant(kind)),
        })
    }

    /// One reverse sweep: what each input's doubt adds, and whose slips come along.
    fn combine(&self, nodes: &[Node]) -> Estimate {
        let tape = Tape::new();
        let vars: Vec<Var<'_>> =
            self.inputs.iter().map(|input| tape.input_array([input.value])[0]).collect();
        let result = self.evaluate(nodes, &vars);
        let mut estimate = Estimate::exact(result.value());
        let sure = |e: &Estimate| e.reach == 0.0 && e.sources.is_empty();
        if result.slot().is_none() || self.inputs.iter().all(sure) {
            return estimate;
        }
        let gradient = tape.gradient(result);
        let mut away = Vec::with_capacity(vars.len());
        for (var, input) in vars.iter().zip(&self.inputs) {
            let slope = gradient[*var];
            let adjoint = slope.abs();
            if adjoint > 0.0 || adjoint.is_nan() {
                estimate.reach += adjoint * input.reach;
                estimate.learn(&input.sources);
            }
            away.push(if slope < 0.0 { -input.reach } else { input.reach });
        }
        if estimate.reach > WIDE * estimate.value.abs() {
            estimate.range = self.range(nodes, &away);
        }
        estimate
    }

    /// The least and the greatest value on the way from where all inputs are off to one side to
    /// where they are off to the other.
    fn range(&self, nodes: &[Node], away: &[f64]) -> Option<(f64, f64)> {
        let mut ends = (f64::INFINITY, f64::NEG_INFINITY);
        for look in -LOOKS..=LOOKS {
            let part = f64::from(look) / f64::from(LOOKS);
            let moved: Vec<f64> =
                self.inputs.iter().zip(away).map(|(input, by)| input.value + part * by).collect();
            let value = self.evaluate(nodes, &moved);
            if value.is_nan() {
                return None;
            }
            ends = (ends.0.min(value), ends.1.max(value));
        }
        Some(ends)
    }
}
