//! The mistakes that people make in a formula, each as a change to its sketch.
//! It must not know how a sketch is evaluated.

use std::collections::{BTreeMap, HashSet};

use smallvec::smallvec;
use wengert::{Number, Op};

use super::{
    Kinds, Search, Views,
    edit::{Action, Edit},
    sketch::{Note, Sketch},
};
use crate::{
    ast::{Kind, arguments},
    model::Target,
};

/// The most members of a family, and printed numbers, that are tried in place of another.
const MOST_RIVALS: usize = 16;
const MOST_PRINTED: usize = 6;
/// How many claims back a printed number is still near.
const FARTHEST: usize = 50;

impl Search<'_, '_> {
    /// Tries every mistake in the table on a sketch.
    pub(super) fn mistakes(&mut self, sketch: &Sketch) {
        let own = self.leaves(sketch, true);
        let truth = self.leaves(sketch, false);
        let leaves = if own == truth { vec![own] } else { vec![own, truth] };
        let views = Views { sketch, leaves };
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
    fn rival_value(&mut self, rival: Target, own: bool) -> Option<f64> {
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
            let weak = kind == Kinds::Printed && !(whole && self.telling());
            if weak || (only != Kinds::Digits && only != kind) {
                continue;
            }
            let mut edits: Vec<(Vec<usize>, u8)> = vec![(places.to_vec(), 0)];
            if places.len() > 1 && kind != Kinds::Printed {
                edits.extend(places.iter().map(|at| (vec![*at], 1)));
            }
            for (own, leaves) in views.leaves.iter().enumerate() {
                let Some(value) = self.rival_value(rival, own == 0) else { continue };
                let view = Views { sketch: views.sketch, leaves: vec![leaves.clone()] };
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
                    self.attempt(&view, kind, &edit, *far + 2 * own as u8, &text);
                }
            }
        }
    }

    /// Whether the claim has digits enough to tell one printed number from another.
    fn telling(&self) -> bool {
        let number = self.claim.number.map_or(0.0, |n| n.literal.value / n.literal.unit());
        number.abs() >= 1000.0
    }

    /// The result of another of the family copied, or its sign turned.
    fn whole(&mut self, views: &Views<'_>) {
        let root = views.sketch.nodes.len() - 1;
        let target = self.claim.target;
        if self.telling() {
            self.rivals(views, target, &[root], Kinds::Neighbour);
            self.rivals(views, target, &[root], Kinds::Reused);
        }
        let edit = smallvec![(root, Action::Scale(-1.0))];
        self.attempt(views, Kinds::Sign, &edit, 3, &|s| {
            format!("the sign of {} turned", s.author.model.describe(s.claim.target))
        });
    }

    /// All weights of a derivative updated at once, the forward values kept; or none of them.
    fn layer(&mut self, views: &Views<'_>) {
        let model = self.author.model;
        for forward in [true, false] {
            let mut edits: Vec<Edit> = vec![Edit::new(); views.leaves.len()];
            for (at, node) in views.sketch.nodes.iter().enumerate() {
                let Kind::Quantity(w) = node.kind else { continue };
                let other =
                    if forward { model.updated(w) } else { model.quantities[w as usize].updates };
                let fits =
                    |o: &u32| Target::Quantity(*o) != self.claim.target && model.is_weight(w);
                let Some(other) = other.filter(|o| views.sketch.in_slope[at] && fits(o)) else {
                    continue;
                };
                for (own, edit) in edits.iter_mut().enumerate() {
                    if let Some(value) = self.rival_value(Target::Quantity(other), own == 0) {
                        edit.push((at, Action::Value(value)));
                    }
                }
            }
            for (own, edit) in edits.iter().enumerate().filter(|(_, edit)| edit.len() > 1) {
                let view = Views { sketch: views.sketch, leaves: vec![views.leaves[own].clone()] };
                let which = if forward { "updated" } else { "original" };
                let text = |_: &Self| {
                    format!("the {which} weights of a whole layer in the local partials")
                };
                self.attempt(&view, Kinds::Updated, edit, 0, &text);
            }
        }
    }

    /// The mistakes at one operation: sign, factor, path, place.
    fn structure(&mut self, views: &Views<'_>, at: usize) {
        let sketch = views.sketch;
        let Kind::Apply(op, count) = sketch.nodes[at].kind else { return };
        let args = arguments(&sketch.nodes, at);
        let far = depth(sketch, at);
        let note = sketch.notes[at];
        let mut attempt = |kind, action, text: &dyn Fn(&Self) -> String| {
            self.attempt(views, kind, &smallvec![(at, action)], far, text);
        };
        match op {
            Op::Add if sketch.adds_paths[at] => {
                for keep in 0..2 {
                    attempt(Kinds::Path, Action::Keep(keep), &|s| {
                        path_text(s, sketch, args[1 - keep])
                    });
                }
            }
            Op::Add => attempt(Kinds::Sign, Action::Apply(Op::Sub), &|s| {
                format!("the sign of {} turned", s.name_at(sketch, args[1]))
            }),
            Op::Sub => attempt(Kinds::Sign, Action::Apply(Op::Add), &|s| {
                format!("the sign of {} turned", s.name_at(sketch, args[1]))
            }),
            Op::Neg => attempt(Kinds::Sign, Action::Keep(0), &|s| {
                format!("the minus before {} lost", s.name_at(sketch, args[0]))
            }),
            Op::Mul => {
                for k in 0..2 {
                    attempt(Kinds::Factor, Action::Keep(1 - k), &|s| {
                        format!("the factor {} left out", s.name_at(sketch, args[k]))
                    });
                    if sketch.nodes[args[k]].size == 1 {
                        attempt(Kinds::Factor, Action::Again(k), &|s| {
                            format!("the factor {} taken twice", s.name_at(sketch, args[k]))
                        });
                    }
                }
            }
            Op::Div => attempt(Kinds::Factor, Action::Keep(0), &|s| {
                format!("the divisor {} left out", s.name_at(sketch, args[1]))
            }),
            Op::Pow | Op::Powi | Op::Square => attempt(Kinds::Factor, Action::Keep(0), &|s| {
                format!("the power of {} left out", s.name_at(sketch, args[0]))
            }),
            _ if count == 1 => attempt(Kinds::Place, Action::Keep(0), &|s| {
                format!("{} left out: the value before it", op_name(s, op))
            }),
            _ => {}
        }
        if let Some(Note::Link(of, wrt)) = note {
            self.slope_place(views, at, of, wrt);
        }
    }

    /// The slope of an activation taken at its result instead of at its argument.
    fn slope_place(&mut self, views: &Views<'_>, at: usize, of: u32, wrt: u32) {
        let model = self.author.model;
        let nodes = model.formula(of).map_or(&[][..], |expr| model.nodes.of(expr));
        let [_, last] = nodes else { return };
        let Kind::Apply(op, 1) = last.kind else { return };
        for (own, leaves) in views.leaves.iter().enumerate() {
            let Some(result) = self.rival_value(Target::Quantity(of), own == 0) else { continue };
            let slope = op.partials(&[result], f64::call(op, &[result]))[0];
            let view = Views { sketch: views.sketch, leaves: vec![leaves.clone()] };
            let edit = smallvec![(at, Action::Value(slope))];
            self.attempt(&view, Kinds::Place, &edit, 0, &|s| {
                let name = |q| s.author.model.spelled(q).to_owned();
                format!("the slope taken at {} instead of at {}", name(of), name(wrt))
            });
        }
    }
}

fn rival_is_given(rival: Target) -> bool {
    matches!(rival, Target::Quantity(_))
}

fn op_name(_: &Search<'_, '_>, op: Op) -> String {
    op.name().to_owned()
}

fn path_text(search: &Search<'_, '_>, sketch: &Sketch, lost: usize) -> String {
    let start = lost + 1 - sketch.nodes[lost].size as usize;
    let link = (start..=lost).rev().find_map(|at| match sketch.notes[at] {
        Some(Note::Link(of, _)) => Some(of),
        _ => None,
    });
    match link {
        Some(of) => format!("the path by way of {} lost", search.author.model.spelled(of)),
        None => format!("the term {} lost", search.name_at(sketch, lost)),
    }
}

/// How far a node is from the formula itself: within quantities that were put in.
fn depth(sketch: &Sketch, at: usize) -> u8 {
    let inside = |(end, note): (usize, &Option<Note>)| {
        let start = end + 1 - sketch.nodes[end].size as usize;
        matches!(note, Some(Note::Group(_))) && start <= at && at < end
    };
    sketch.notes.iter().enumerate().skip(at + 1).filter(|n| inside(*n)).take(3).count() as u8
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
