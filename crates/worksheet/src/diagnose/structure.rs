//! The mistakes at one operation of a sketch: signs, factors, terms, functions, angles.
//! It must not know how a sketch is evaluated.

use std::f64::consts::PI;

use smallvec::smallvec;
use wengert::{Number, Op};

use super::{
    Kinds, SELDOM, Search, Views,
    edit::{Action, evaluate},
    similar,
    sketch::{Note, Sketch, depth},
};
use crate::{
    ast::{Kind, arguments},
    digits::readable,
    model::Target,
};

/// How far the decimal point of an operand may be off: a digit, or a percentage.
const MISPLACED: [(f64, u8); 4] = [(0.1, 0), (10.0, 0), (100.0, 1), (0.01, 1)];

/// What can be done wrong at one node, and how it is said.
struct Place<'v, 's> {
    views: &'v Views<'s>,
    at: usize,
    args: Vec<usize>,
    far: u8,
}

impl Search<'_, '_> {
    /// The mistakes at one node.
    pub(super) fn structure(&mut self, views: &Views<'_>, at: usize) {
        let sketch = views.sketch;
        let place = Place { views, at, args: arguments(&sketch.nodes, at), far: depth(sketch, at) };
        let Kind::Apply(op, count) = sketch.nodes[at].kind else {
            return self.misplaced(&place);
        };
        match op {
            Op::Add if sketch.adds_paths[at] => self.paths(&place),
            Op::Add | Op::Sub => self.sum(&place, op),
            Op::Neg => self.at(&place, Kinds::Sign, Action::Keep(0), |s, p| {
                format!("the minus before {} lost", s.name_at(p.views.sketch, p.args[0]))
            }),
            Op::Mul => self.product(&place),
            Op::Div => self.quotient(&place),
            Op::Pow | Op::Powi | Op::Square => self.power(&place, op),
            _ if count == 1 => self.function(&place, op),
            _ => {}
        }
        if let Some(Note::Link(of, wrt)) = sketch.notes[at] {
            self.slope_place(views, at, of, wrt);
        }
    }

    fn at(
        &mut self,
        place: &Place<'_, '_>,
        kind: Kinds,
        action: Action,
        text: impl Fn(&Self, &Place<'_, '_>) -> String,
    ) {
        let edit = smallvec![(place.at, action)];
        self.attempt(place.views, kind, &edit, place.far, &|s| text(s, place));
    }

    fn paths(&mut self, place: &Place<'_, '_>) {
        for keep in 0..2 {
            self.at(place, Kinds::Path, Action::Keep(keep), |s, p| {
                path_text(s, p.views.sketch, p.args[1 - keep])
            });
        }
    }

    /// A sign of a sum turned, its terms exchanged, or one of them left out.
    fn sum(&mut self, place: &Place<'_, '_>, op: Op) {
        let sketch = place.views.sketch;
        let other = if op == Op::Add { Op::Sub } else { Op::Add };
        self.at(place, Kinds::Sign, Action::Apply(other), |s, p| {
            format!("the sign of {} turned", s.name_at(p.views.sketch, p.args[1]))
        });
        if sketch.in_slope[place.at] {
            return;
        }
        if op == Op::Sub {
            self.at(place, Kinds::Exchanged, Action::Swap, |s, p| {
                let name = |k: usize| s.name_at(p.views.sketch, p.args[k]);
                format!("{} and {} exchanged in the difference", name(0), name(1))
            });
        }
        for &term in &place.args {
            let is_sum = matches!(sketch.nodes[term].kind, Kind::Apply(Op::Add | Op::Sub, _));
            if is_sum && sketch.notes[term].is_none() {
                continue;
            }
            let edit = smallvec![(term, Action::Value(0.0))];
            let known = self.found.len();
            self.attempt(place.views, Kinds::Term, &edit, place.far, &|s| {
                format!("the term {} left out", s.name_at(sketch, term))
            });
            if self.found.len() > known {
                self.left_out.push(term + 1 - sketch.nodes[term].size as usize..=term);
            }
        }
    }

    fn product(&mut self, place: &Place<'_, '_>) {
        let sketch = place.views.sketch;
        for k in 0..2 {
            self.at(place, Kinds::Factor, Action::Keep(1 - k), |s, p| {
                let name = s.name_at(p.views.sketch, p.args[k]);
                // In a derivative that nobody wrote down there is no divisor to be seen.
                let divides = sketch.in_slope[p.at] && p.views.divides(p.at);
                let number = matches!(sketch.nodes[p.args[k]].kind, Kind::Number(_));
                let over = if divides && number { "1/" } else { "" };
                format!("the factor {over}{name} left out")
            });
            if sketch.nodes[place.args[k]].size == 1 {
                let edit = smallvec![(place.at, Action::Again(k))];
                self.attempt(place.views, Kinds::Factor, &edit, place.far + SELDOM, &|s| {
                    format!("the factor {} taken twice", s.name_at(sketch, place.args[k]))
                });
            }
        }
    }

    fn quotient(&mut self, place: &Place<'_, '_>) {
        self.at(place, Kinds::Factor, Action::Keep(0), |s, p| {
            format!("the divisor {} left out", s.name_at(p.views.sketch, p.args[1]))
        });
        let sketch = place.views.sketch;
        if let Kind::Number(n) = sketch.nodes[place.args[0]].kind
            && sketch.in_slope[place.at]
            && n.value != 1.0
        {
            self.at(place, Kinds::Factor, Action::Scale(n.value.recip()), |_, _| {
                let over = n.value.recip();
                let whole = over.fract() == 0.0 && over.abs() > 1.0;
                let name = if whole { format!("1/{over}") } else { readable(n.value) };
                format!("the factor {name} left out")
            });
        }
        self.at(place, Kinds::Exchanged, Action::Swap, |s, p| {
            format!("the quotient {} turned over", s.written_at(p.views.sketch, p.at))
        });
    }

    fn power(&mut self, place: &Place<'_, '_>, op: Op) {
        self.at(place, Kinds::Factor, Action::Keep(0), |s, p| {
            format!("the power of {} left out", s.name_at(p.views.sketch, p.args[0]))
        });
        if op == Op::Pow {
            self.at(place, Kinds::Exchanged, Action::Swap, |s, p| {
                let name = |k: usize| s.name_at(p.views.sketch, p.args[k]);
                format!("base and exponent exchanged: {} to the {}", name(1), name(0))
            });
        }
        let sketch = place.views.sketch;
        if op != Op::Square || !sketch.in_slope[place.at] || !place.views.divides(place.at) {
            return;
        }
        // All terms over the same square, one of which cancelled: the divisor once instead of twice.
        let root = sketch.nodes.len() - 1;
        let end = place.args[0];
        let start = end + 1 - sketch.nodes[end].size as usize;
        for (own, leaves) in &place.views.leaves {
            let base = evaluate(&sketch.nodes[start..=end], &leaves[start..=end], &[]);
            let edit = smallvec![(root, Action::Scale(base))];
            self.attempt(&place.views.one(*own, leaves), Kinds::Factor, &edit, 1, &|s| {
                format!("the square of {} left out", s.name_at(sketch, end))
            });
        }
    }

    /// A function left out, another of its sort, or its angle in the wrong unit.
    fn function(&mut self, place: &Place<'_, '_>, op: Op) {
        self.at(place, Kinds::Place, Action::Keep(0), |_, _| {
            format!("{} left out: the value before it", op.name())
        });
        for other in similar::functions(op) {
            self.at(place, Kinds::Function, Action::Apply(other), |_, _| {
                format!("{} in place of {}", other.name(), op.name())
            });
        }
        let degrees = 180.0 / PI;
        if similar::takes_angle(op) {
            self.at(place, Kinds::Degrees, Action::Inside(degrees), |_, _| {
                format!("{} of the degrees, where radians belong", op.name())
            });
            self.at(place, Kinds::Degrees, Action::Inside(1.0 / degrees), |_, _| {
                format!("{} of the radians as if they were degrees", op.name())
            });
        }
        if similar::gives_angle(op) {
            self.at(place, Kinds::Degrees, Action::Scale(degrees), |_, _| {
                format!("{} in degrees, where radians belong", op.name())
            });
        }
    }

    /// The decimal point of an operand in the wrong place.
    fn misplaced(&mut self, place: &Place<'_, '_>) {
        let sketch = place.views.sketch;
        if sketch.in_slope[place.at] || place.far > 0 || !self.telling() {
            return;
        }
        for (by, far) in MISPLACED {
            let edit = smallvec![(place.at, Action::Scale(by))];
            self.attempt(place.views, Kinds::Point, &edit, far, &|s| {
                let (_, leaves) = &place.views.leaves[0];
                let (right, name) = (leaves[place.at], s.name_at(sketch, place.at));
                let taken = readable(right * by);
                match sketch.nodes[place.at].kind {
                    Kind::Number(_) => format!("a decimal point misplaced: {taken} for {name}"),
                    _ => {
                        let right = readable(right);
                        format!("a decimal point misplaced: {name} taken as {taken}, not {right}")
                    }
                }
            });
        }
    }

    /// The slope of an activation taken at its result instead of at its argument.
    fn slope_place(&mut self, views: &Views<'_>, at: usize, of: u32, wrt: u32) {
        let model = self.author.model;
        let nodes = model.formula(of).map_or(&[][..], |expr| model.nodes.of(expr));
        let [_, last] = nodes else { return };
        let Kind::Apply(op, 1) = last.kind else { return };
        for (own, leaves) in &views.leaves {
            let Some(result) = self.rival_value(Target::Quantity(of), *own) else { continue };
            let slope = op.partials(&[result], f64::call(op, &[result]))[0];
            let edit = smallvec![(at, Action::Value(slope))];
            self.attempt(&views.one(*own, leaves), Kinds::Place, &edit, 0, &|s| {
                let name = |q| s.author.model.spelled(q).to_owned();
                format!("the slope taken at {} instead of at {}", name(of), name(wrt))
            });
        }
    }
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
