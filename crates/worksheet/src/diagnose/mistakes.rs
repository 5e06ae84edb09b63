//! The mistakes that people make in a formula, each as a change to its sketch.
//! It must not know how a sketch is evaluated.

use std::collections::{BTreeMap, HashSet};

use smallvec::smallvec;

use super::{
    Kinds, Search, Views,
    edit::{Action, Edit},
    sketch::{Note, Sketch, depth},
};
use crate::{ast::Kind, model::Target};

/// The most members of a family, and printed numbers, that are tried in place of another.
const MOST_RIVALS: usize = 16;
const MOST_PRINTED: usize = 6;
/// The most weights that are said by name, and the most names that are tried in pairs.
const MOST_NAMED: usize = 4;
const MOST_EXCHANGED: usize = 8;
/// How many claims back a printed number is still near.
const FARTHEST: usize = 50;

impl Search<'_, '_> {
    /// Tries every mistake in the table on a sketch.
    pub(super) fn mistakes(&mut self, sketch: &Sketch) {
        let views = self.views(sketch);
        self.left_out.clear();
        let kept = self.memory.work.reserve(2);
        for (target, at) in &places(sketch) {
            if self.memory.work.is_cut() {
                break;
            }
            self.rivals(&views, *target, at, Kinds::Digits);
        }
        let whole = self.memory.work.release(kept);
        self.whole(&views);
        self.layer(&views);
        for at in (0..sketch.nodes.len()).rev() {
            if !self.memory.work.take(sketch.nodes.len() / 4) {
                break;
            }
            self.structure(&views, at);
        }
        self.exchanged(&views);
        let edit = smallvec![(sketch.nodes.len() - 1, Action::Scale(-1.0))];
        self.attempt(&views, Kinds::Sign, &edit, 3, &|s| {
            format!("the sign of {} turned", s.author.model.describe(s.claim.target))
        });
        if !whole {
            self.memory.work.cut();
        }
    }

    /// What may stand in place of a quantity or a derivative, with the kind of that mistake.
    fn candidates(&mut self, target: Target) -> Vec<(Kinds, Target)> {
        let model = self.author.model;
        let mut found: Vec<(Kinds, Target)> = Vec::new();
        match target {
            Target::Quantity(q) => {
                found.extend(
                    model
                        .family(q)
                        .take(MOST_RIVALS)
                        .map(|r| (Kinds::Neighbour, Target::Quantity(r))),
                );
                let updates = model.quantities[q as usize].updates;
                found.extend(
                    updates
                        .into_iter()
                        .chain(model.updated(q))
                        .map(|r| (Kinds::Updated, Target::Quantity(r))),
                );
                found.extend(
                    model
                        .around_activation(q)
                        .into_iter()
                        .map(|r| (Kinds::Place, Target::Quantity(r))),
                );
                found.extend(model.alike(q).map(|r| (Kinds::Neighbour, Target::Quantity(r))));
            }
            Target::Derivative(of, wrt) => {
                found.extend(
                    model
                        .family(wrt)
                        .take(MOST_RIVALS)
                        .map(|r| (Kinds::Reused, Target::Derivative(of, r))),
                );
                found.extend(
                    model
                        .family(of)
                        .take(MOST_RIVALS)
                        .map(|r| (Kinds::Neighbour, Target::Derivative(r, wrt))),
                );
            }
            Target::Expression(_) => {}
        }
        let near = self.claims.iter().rev().take(FARTHEST);
        let printed = near.filter(|c| c.number.is_some()).take(MOST_PRINTED);
        found.extend(printed.map(|c| (Kinds::Printed, c.target)));
        let mut seen = HashSet::from([target, self.claim.target]);
        found.retain(|(_, rival)| seen.insert(*rival));
        found
    }

    /// The value of a rival, or nothing if there is none.
    pub(super) fn rival_value(&mut self, rival: Target, own: bool) -> Option<f64> {
        let known = match rival {
            Target::Derivative(of, wrt) => {
                self.author.truth.slopes.contains_key(&(of, wrt))
                    || self.author.printed(rival).is_some()
            }
            Target::Quantity(q) => {
                let formula = self.author.model.formula(q);
                self.memory.work.take(formula.map_or(1, |expr| (expr.end - expr.start) as usize))
            }
            Target::Expression(_) => true,
        };
        let value = match own {
            _ if !known => return None,
            true => self.own(rival),
            false => self.author.truth.target(self.author.model, rival),
        };
        (value.is_finite() && (value != 0.0 || rival_is_given(rival))).then_some(value)
    }

    /// Puts every rival of a quantity in its place: once, and everywhere.
    fn rivals(&mut self, views: &Views<'_>, target: Target, places: &[usize], only: Kinds) {
        for (kind, rival) in self.candidates(target) {
            let whole = places.iter().all(|at| views.sketch.nodes[*at].size == 1);
            let weak = kind == Kinds::Printed && !(whole && self.telling() && !self.is_beneath);
            if weak || (only != Kinds::Digits && only != kind) {
                continue;
            }
            let mut edits: Vec<(Vec<usize>, u8)> = vec![(places.to_vec(), 0)];
            if places.len() > 1 && kind != Kinds::Printed {
                edits.extend(places.iter().map(|at| (vec![*at], 1)));
            }
            for (own, leaves) in views.leaves.iter() {
                let Some(value) = self.rival_value(rival, *own) else { continue };
                let view = views.one(*own, leaves);
                for (at, far) in &edits {
                    let edit: Edit = at.iter().map(|at| (*at, Action::Value(value))).collect();
                    let text = |s: &Self| {
                        let model = s.author.model;
                        let name = |t| model.describe(t);
                        match kind {
                            Kinds::Reused => {
                                format!("{} used again for {}", name(rival), name(target))
                            }
                            _ => format!("{} in place of {}", name(rival), name(target)),
                        }
                    };
                    self.attempt(&view, kind, &edit, *far + 2 * u8::from(!own), &text);
                }
            }
        }
    }

    /// Whether the claim has digits enough to tell one printed number from another.
    pub(super) fn telling(&self) -> bool {
        let number = self.claim.number.map_or(0.0, |n| n.literal.value / n.literal.unit());
        number.abs() >= 1000.0
    }

    /// The result of another of the family copied.
    fn whole(&mut self, views: &Views<'_>) {
        let root = views.sketch.nodes.len() - 1;
        let target = self.claim.target;
        if self.telling() {
            self.rivals(views, target, &[root], Kinds::Neighbour);
            self.rivals(views, target, &[root], Kinds::Reused);
        }
    }

    /// All weights of a derivative updated at once, the forward values kept; or none of them.
    fn layer(&mut self, views: &Views<'_>) {
        let model = self.author.model;
        for forward in [true, false] {
            let mut edits: Vec<Edit> = vec![Edit::new(); views.leaves.len()];
            let mut swapped: Vec<(u32, u32)> = Vec::new();
            for (at, node) in views.sketch.nodes.iter().enumerate() {
                let Kind::Quantity(w) = node.kind else { continue };
                let other =
                    if forward { model.updated(w) } else { model.quantities[w as usize].updates };
                let fits =
                    |o: &u32| Target::Quantity(*o) != self.claim.target && model.is_weight(w);
                let Some(other) = other.filter(|o| views.sketch.in_slope[at] && fits(o)) else {
                    continue;
                };
                swapped.push((w, other));
                for ((own, _), edit) in views.leaves.iter().zip(&mut edits) {
                    if let Some(value) = self.rival_value(Target::Quantity(other), *own) {
                        edit.push((at, Action::Value(value)));
                    }
                }
            }
            swapped.sort_unstable();
            swapped.dedup();
            for ((own, leaves), edit) in views.leaves.iter().zip(&edits) {
                if edit.len() > 1 {
                    let view = views.one(*own, leaves);
                    let text = |s: &Self| s.layer_text(forward, &swapped);
                    self.attempt(&view, Kinds::Updated, edit, 0, &text);
                }
            }
        }
    }
}

impl Search<'_, '_> {
    /// Which weights stand in place of which: by name if they are few.
    fn layer_text(&self, forward: bool, swapped: &[(u32, u32)]) -> String {
        let model = self.author.model;
        let list = |names: Vec<&str>| match &names[..] {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            _ => names.join(""),
        };
        if swapped.len() > MOST_NAMED {
            let which = if forward { "updated" } else { "original" };
            return format!("the {which} weights of a whole layer in the local partials");
        }
        let right = list(swapped.iter().map(|(w, _)| model.spelled(*w)).collect());
        let wrong = list(swapped.iter().map(|(_, other)| model.spelled(*other)).collect());
        format!("{wrong} in place of {right}, the forward values kept")
    }

    /// Two names of the formula, each in place of the other.
    fn exchanged(&mut self, views: &Views<'_>) {
        let sketch = views.sketch;
        let mut found: Vec<(u32, Vec<usize>)> = Vec::new();
        for (target, at) in places(sketch) {
            let plain = |at: &usize| sketch.nodes[*at].size == 1 && !sketch.in_slope[*at];
            if let Target::Quantity(q) = target
                && at.iter().all(plain)
                && depth(sketch, at[0]) == 0
            {
                found.push((q, at));
            }
        }
        if found.len() > MOST_EXCHANGED {
            return;
        }
        for (k, (a, a_at)) in found.iter().enumerate() {
            for (b, b_at) in &found[k + 1..] {
                for (own, leaves) in &views.leaves {
                    let (a_value, b_value) = (leaves[a_at[0]], leaves[b_at[0]]);
                    let to_b = a_at.iter().map(|at| (*at, Action::Value(b_value)));
                    let to_a = b_at.iter().map(|at| (*at, Action::Value(a_value)));
                    let mut edit: Edit = to_b.chain(to_a).collect();
                    edit.sort_unstable_by_key(|(at, _)| *at);
                    let text = |s: &Self| {
                        let name = |q| s.author.model.spelled(q);
                        format!("{} and {} exchanged", name(*a), name(*b))
                    };
                    self.attempt(&views.one(*own, leaves), Kinds::Exchanged, &edit, 1, &text);
                }
            }
        }
    }
}

fn rival_is_given(rival: Target) -> bool {
    matches!(rival, Target::Quantity(_))
}

/// Where each quantity and derivative stands in a sketch.
fn places(sketch: &Sketch) -> BTreeMap<Target, Vec<usize>> {
    let mut places: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
    for (at, node) in sketch.nodes.iter().enumerate() {
        let target = match (sketch.notes[at], node.kind) {
            (Some(Note::Group(target)), _) => target,
            (_, Kind::Quantity(q)) => Target::Quantity(q),
            (_, Kind::Derivative(of, wrt)) => Target::Derivative(of, wrt),
            (Some(Note::Link(of, wrt)), _) => Target::Derivative(of, wrt),
            _ => continue,
        };
        places.entry(target).or_default().push(at);
    }
    places
}
