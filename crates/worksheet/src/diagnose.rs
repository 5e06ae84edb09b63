//! The diagnosis: the one mistake that gives the claimed digits of a slip, if a person makes it.
//! It must not judge, nor draw.

use std::{ops::RangeInclusive, rc::Rc};

use wengert::Op;

use crate::{
    ast::{Expr, Kind},
    author::Author,
    digits::Fit,
    judge::Claim,
    model::{Part, Target},
    source::Span,
    values::constant,
};

mod align;
mod digits;
pub(crate) mod edit;
mod evidence;
pub(crate) mod mend;
mod mistakes;
mod similar;
mod sketch;
mod stale;
mod structure;
mod text;
mod work;

pub use work::Extent;

use edit::{Action, Edit, evaluate};
use sketch::{Builder, Sketch, parents};
use work::Work;

/// The kinds of mistake, the most plausible first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kinds {
    /// A quantity of the same family in place of another.
    Neighbour,
    /// An ancestor's value under another input.
    Stale,
    /// A nearby printed number in place of an operand.
    Printed,
    /// The gradient of one weight used again for another.
    Reused,
    /// A sign lost or gained.
    Sign,
    /// A factor dropped or doubled.
    Factor,
    /// A path lost where a quantity is used more than once.
    Path,
    /// An updated weight where the original belongs, or the reverse.
    Updated,
    /// A value before the activation instead of after, or a slope at the wrong place.
    Place,
    /// A term of a sum left out.
    Term,
    /// Two operands exchanged; a quotient turned over.
    Exchanged,
    /// Another function of the same sort.
    Function,
    /// Degrees for radians, or the reverse.
    Degrees,
    /// A decimal point in the wrong place.
    Point,
    /// Digits transposed, or one digit wrong.
    Digits,
}

impl Kinds {
    /// Every kind, the most plausible first.
    pub const ALL: [Self; 15] = [
        Self::Neighbour,
        Self::Stale,
        Self::Printed,
        Self::Reused,
        Self::Sign,
        Self::Factor,
        Self::Path,
        Self::Updated,
        Self::Place,
        Self::Term,
        Self::Exchanged,
        Self::Function,
        Self::Degrees,
        Self::Point,
        Self::Digits,
    ];

    /// Its code.
    pub fn text(self) -> &'static str {
        match self {
            Self::Neighbour => "neighbour",
            Self::Stale => "stale",
            Self::Printed => "printed",
            Self::Reused => "reused",
            Self::Sign => "sign",
            Self::Factor => "factor",
            Self::Path => "path",
            Self::Updated => "updated",
            Self::Place => "place",
            Self::Term => "term",
            Self::Exchanged => "exchanged",
            Self::Function => "function",
            Self::Degrees => "degrees",
            Self::Point => "point",
            Self::Digits => "digits",
        }
    }
}

/// One mistake that gives the claimed digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Its kind.
    pub kind: Kinds,
    /// What was done, in a few words.
    pub text: String,
    /// Places with what is to be said of them; the first is where the mistake shows.
    pub labels: Vec<(Span, String)>,
    /// How plausible it is among others: less is more.
    pub(crate) rank: (u8, Kinds, u8),
    /// The older input that it assumes, if it does.
    pub(crate) input: Option<(u32, f64)>,
}

/// What one slip of a sheet teaches about the next, and how much searching is left for it.
#[derive(Debug, Default)]
pub struct Memory {
    /// Older inputs that explained earlier slips.
    inputs: Vec<(u32, f64)>,
    work: Work,
}

/// What is known of a slip.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// The mistakes that give the claimed digits, the most plausible first; [`MOST_KEPT`] at most.
    pub explanations: Vec<Explanation>,
    /// How much was searched.
    pub extent: Extent,
    /// Whether a wrong formula on the page gives the digits, so that the mistake is in it.
    pub in_formula: bool,
    /// The one of the numbers put in that is wrong, and what should stand there.
    pub place: Option<(Span, String)>,
}

/// What is added to the weight of a mistake that few people make.
const SELDOM: u8 = 16;

/// The most explanations of one slip that are kept.
pub const MOST_KEPT: usize = 12;

/// What the search may look at.
pub(crate) struct Search<'a, 'm> {
    author: &'a mut Author<'m>,
    claim: &'a Claim,
    claims: &'a [Claim],
    memory: &'a mut Memory,
    /// The wrong formula on the page that gives the claimed digits, and its value in truth: then
    /// the mistake is in the formula, and no other is looked for.
    written: Option<(Expr, f64)>,
    place: Option<(Span, String)>,
    /// Whether what is printed is put in anew, so that to take it for a part of itself is absurd.
    is_beneath: bool,
    /// The values to which turned signs lead.
    signs: Vec<f64>,
    /// The terms of the sketch whose absence gives the claim, each from its first node to its last.
    left_out: Vec<RangeInclusive<usize>>,
    found: Vec<Explanation>,
}

/// Explains a slip.
pub fn explain(
    author: &mut Author<'_>,
    claim: &Claim,
    claims: &[Claim],
    memory: &mut Memory,
) -> Diagnosis {
    let (place, signs, found) = (None, Vec::new(), Vec::new());
    let (written, is_beneath, left_out) = (None, false, Vec::new());
    let mut search = Search {
        author,
        claim,
        claims,
        memory,
        written,
        place,
        is_beneath,
        signs,
        left_out,
        found,
    };
    search.written = search.written();
    let extent = search.all();
    let in_formula = search.written.is_some();
    let place = search.place;
    let mut explanations = search.found;
    explanations.sort_by_key(|e| e.rank);
    // What the page itself shows leaves no room for guesses.
    if explanations.first().is_some_and(|e| e.rank.0 == 0) {
        explanations.retain(|e| e.rank.0 == 0);
    }
    let mut texts = std::collections::HashSet::new();
    explanations.retain(|e| texts.insert(e.text.clone()));
    explanations.truncate(MOST_KEPT);
    memory.inputs.extend(explanations.first().and_then(|e| e.input));
    Diagnosis { explanations, extent, in_formula, place }
}

impl Search<'_, '_> {
    /// Looks for every kind of mistake, as far as there is room.
    fn all(&mut self) -> Extent {
        if self.written.is_none() {
            self.digits();
        }
        if !self.memory.work.begin() || self.author.is_spent() {
            return Extent::Digits;
        }
        if self.memory.work.take(self.claims.len() + self.author.model.quantities.len()) {
            self.evidence();
        }
        let work = &mut self.memory.work;
        let Some(sketch) = Builder::new(self.author, work, true, true).build(self.claim.target)
        else {
            return Extent::Part;
        };
        let kept = self.memory.work.reserve(4);
        self.mistakes(&sketch);
        let whole = self.memory.work.release(kept);
        if self.written.is_some() {
            self.mended();
        } else {
            self.stale(&sketch);
            self.beneath();
        }
        if whole && !self.memory.work.is_cut() { Extent::Whole } else { Extent::Part }
    }

    /// The faulty formula that the claimed digits follow from, if they follow from one.
    fn written(&mut self) -> Option<(Expr, f64)> {
        let (number, model) = (self.claim.number?, self.author.model);
        if self.claim.steps.formula != Some(false) {
            return None;
        }
        let right = self.claim.truth?;
        model.chains[self.claim.chain].links.iter().rev().find_map(|link| {
            let Part::Formula(expr) = link.part else { return None };
            let value = self.author.truth.expr(model, expr);
            let own = self.author.expr(expr);
            let gives = number.fit(value) != Fit::Not || number.within(own.value, own.reach);
            (gives && !mend::same(value, right)).then_some((expr, value))
        })
    }

    /// What would make the faulty formula right, where no change of the right one gives it.
    fn mended(&mut self) {
        let Some((expr, _)) = self.written.filter(|_| self.found.is_empty()) else { return };
        let (model, truth) = (self.author.model, self.author.truth);
        let right = self.claim.truth.expect("a slip was judged by a value");
        for (kind, text) in mend::mend(model, truth, self.claim.target, expr, right) {
            self.found.push(Explanation::plain(kind, text, (0, kind, 0)));
        }
    }

    /// Where nothing else serves: a mistake one level down, in working out anew what is printed.
    fn beneath(&mut self) {
        if !self.found.is_empty() || !self.telling() || self.memory.work.is_cut() {
            return;
        }
        let Target::Quantity(_) = self.claim.target else { return };
        let work = &mut self.memory.work;
        let builder = Builder::new(self.author, work, true, true).opening();
        let Some(sketch) = builder.build(self.claim.target) else { return };
        if sketch.notes.iter().any(Option::is_some) {
            self.is_beneath = true;
            self.mistakes(&sketch);
        }
    }

    /// The value of every leaf: from the author's own numbers, or from the truth.
    fn leaves(&mut self, sketch: &Sketch, own: bool) -> Vec<f64> {
        let value = |kind: Kind| match kind {
            // An operation is no leaf: what stands here for it is never read.
            Kind::Apply(..) => 0.0,
            Kind::Quantity(q) if own => self.author.quantity(q).value,
            Kind::Quantity(q) => self.author.truth.values[q as usize],
            Kind::Derivative(of, wrt) if own => self.own(Target::Derivative(of, wrt)),
            // Links of the chain rule that the sheet does not speak of: no change of NaN fits.
            Kind::Derivative(of, wrt) => {
                self.author.truth.slope_if_known(of, wrt).unwrap_or(f64::NAN)
            }
            kind => constant(kind),
        };
        sketch.nodes.iter().map(|node| node.kind).map(value).collect()
    }

    /// The author's own value, printed or computed.
    fn own(&mut self, target: Target) -> f64 {
        match self.author.printed(target) {
            Some(printed) => printed.value,
            None => self.author.target(target).value,
        }
    }

    /// The values of the leaves as they may have been: the author's own and the true ones; where
    /// a formula on the page is what went wrong, the true ones alone.
    fn views<'s>(&mut self, sketch: &'s Sketch) -> Views<'s> {
        let truth = self.leaves(sketch, false);
        let mut leaves = vec![(false, truth)];
        if self.written.is_none() {
            let own = self.leaves(sketch, true);
            if own == leaves[0].1 {
                leaves[0].0 = true;
            } else {
                leaves.insert(0, (true, own));
            }
        }
        Views { sketch, parents: parents(&sketch.nodes).into(), leaves }
    }

    /// Whether a value is the one to be explained: it has the claimed digits, or it is that of the
    /// faulty formula.
    fn fits(&self, value: f64) -> bool {
        match self.written {
            Some((_, goal)) => mend::same(value, goal),
            None => self.claim.number.is_some_and(|number| number.fit(value) == Fit::Rounded),
        }
    }

    /// Tries a change in both views, and keeps it if it gives the claimed digits.
    fn attempt(
        &mut self,
        views: &Views<'_>,
        kind: Kinds,
        edit: &Edit,
        far: u8,
        text: &dyn Fn(&Self) -> String,
    ) {
        // Digits that do not show a term do not show a factor of it either.
        let unseen = |(at, _): &(usize, Action)| self.left_out.iter().any(|term| term.contains(at));
        if kind == Kinds::Factor && edit.iter().all(unseen) {
            return;
        }
        let nodes = &views.sketch.nodes;
        for (penalty, (_, leaves)) in views.leaves.iter().enumerate() {
            if !self.memory.work.take(nodes.len()) {
                return;
            }
            if !self.fits(evaluate(nodes, leaves, edit)) {
                continue;
            }
            let value = evaluate(nodes, leaves, edit);
            let signs = [Kinds::Sign, Kinds::Exchanged].contains(&kind);
            // A sign turned in one place is often the sign turned in another.
            if signs && self.signs.iter().any(|other| mend::same(*other, value)) {
                return;
            }
            self.signs.extend(signs.then_some(value));
            let text = text(self);
            let class = u8::from(self.written.is_none()) + u8::from(far >= SELDOM);
            let weight = far + 4 * penalty as u8;
            self.found.push(Explanation::plain(kind, text, (class, kind, weight)));
            return;
        }
    }
}

/// A sketch with the values of its leaves: the author's own, or the true ones.
struct Views<'s> {
    sketch: &'s Sketch,
    /// For each node, the operation that uses it, and as which argument.
    parents: Rc<[Option<(usize, usize)>]>,
    leaves: Vec<(bool, Vec<f64>)>,
}

impl<'s> Views<'s> {
    /// One of the views alone.
    fn one(&self, own: bool, leaves: &[f64]) -> Views<'s> {
        let leaves = vec![(own, leaves.to_vec())];
        Views { sketch: self.sketch, parents: Rc::clone(&self.parents), leaves }
    }

    /// Whether something divides by a node, or by a product that it is a factor of.
    fn divides(&self, mut at: usize) -> bool {
        while let Some((parent, argument)) = self.parents[at] {
            match self.sketch.nodes[parent].kind {
                Kind::Apply(Op::Mul, _) => at = parent,
                Kind::Apply(Op::Div, _) => return argument == 1,
                Kind::Apply(Op::Recip, _) => return true,
                _ => return false,
            }
        }
        false
    }
}

impl Explanation {
    /// One that shows nowhere but in the number.
    fn plain(kind: Kinds, text: String, rank: (u8, Kinds, u8)) -> Self {
        Self { kind, text, labels: Vec::new(), rank, input: None }
    }
}
