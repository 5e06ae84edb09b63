//! What the way from a quantity down to another goes through: something that hides what it is made
//! of, or formulas that hold derivatives. It must not compute.

use rustc_hash::FxHashSet as HashSet;

use super::{TOO_MANY, Truth, Wanted};
use crate::{
    ast::Kind,
    model::{Model, Rule},
};

/// The most steps of all looking for what a quantity is made of.
const MOST_FOLLOWED: usize = 20_000_000;

impl Truth {
    /// Finds the derivatives that go through something of which it is not known what it depends
    /// on, and those that go through derivatives.
    pub(super) fn paths(&mut self, model: &Model, wanted: &Wanted) {
        let count = model.quantities.len() as u32;
        let opaque: HashSet<u32> = (0..count).filter(|q| is_opaque(model, *q)).collect();
        let derived: HashSet<u32> = (0..count).filter(|q| is_derived(model, *q)).collect();
        if opaque.is_empty() && derived.is_empty() {
            return;
        }
        let mut steps = 0;
        for (of, wrts) in wanted.outputs() {
            let hidden = among(&opaque, model, of, 0, &mut steps);
            for wrt in wrts {
                if steps > MOST_FOLLOWED {
                    self.blocked.insert((of, *wrt), TOO_MANY.to_owned());
                } else {
                    self.path(model, &hidden, &derived, (of, *wrt), &mut steps);
                }
            }
        }
    }

    fn path(
        &mut self,
        model: &Model,
        hidden: &[u32],
        derived: &HashSet<u32>,
        (of, wrt): (u32, u32),
        steps: &mut usize,
    ) {
        if !hidden.is_empty() {
            let before = sources(model, wrt, 0, steps);
            if let Some(q) = hidden.iter().find(|q| !before.contains(q)) {
                self.blocked.insert((of, wrt), reason(model, *q));
            }
        }
        // What is made of a quantity comes after it.
        let after = model.rank[wrt as usize];
        let through = among(derived, model, of, after, steps);
        let mut through = through.into_iter().filter(|q| *q != wrt);
        if through.any(|q| sources(model, q, after, steps).contains(&wrt)) {
            self.second.insert((of, wrt));
        }
    }
}

/// Those that a quantity is made of, in order.
fn among(some: &HashSet<u32>, model: &Model, of: u32, lowest: u32, steps: &mut usize) -> Vec<u32> {
    if some.is_empty() {
        return Vec::new();
    }
    let all = sources(model, of, lowest, steps);
    let mut found: Vec<u32> = all.into_iter().filter(|q| some.contains(q)).collect();
    found.sort_unstable();
    found
}

/// Whether it is not known what a quantity depends on.
fn is_opaque(model: &Model, q: u32) -> bool {
    let rule = model.quantities[q as usize].rule;
    matches!(rule, Rule::Approximate(_) | Rule::Missing | Rule::Numbers { hides: true, .. })
}

/// Whether a formula is made of derivatives.
fn is_derived(model: &Model, q: u32) -> bool {
    let Rule::Formula(expr) = model.quantities[q as usize].rule else { return false };
    model.reads(expr).any(|kind| matches!(kind, Kind::Derivative(..)))
}

fn reason(model: &Model, q: u32) -> String {
    let name = model.spelled(q);
    let line = model.sources.line(model.quantities[q as usize].span);
    format!("it goes through `{name}` (line {line}), which has no formula in names")
}

/// A quantity and all that its value is made of, by way of derivatives too, down to a rank.
fn sources(model: &Model, q: u32, lowest: u32, steps: &mut usize) -> HashSet<u32> {
    let mut seen = HashSet::from_iter([q]);
    let mut open = vec![q];
    while let Some(q) = open.pop() {
        let Some(expr) = model.formula(q) else { continue };
        for kind in model.reads(expr) {
            let (Kind::Quantity(r) | Kind::Derivative(r, _)) = kind else { continue };
            *steps += 1;
            if model.rank[r as usize] >= lowest && seen.insert(r) {
                open.push(r);
            }
        }
    }
    seen
}
