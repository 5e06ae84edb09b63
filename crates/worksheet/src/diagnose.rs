//! The diagnosis: the one mistake that gives the claimed digits of a slip, if a person makes it.
//! It must not judge, nor draw.

use crate::{
    ast::{Kind, Literal},
    author::Author,
    digits::Fit,
    judge::Claim,
    model::Target,
    source::Span,
};

mod digits;
pub(crate) mod edit;
mod evidence;
mod mistakes;
mod sketch;
mod stale;
mod text;
mod work;

pub use work::Extent;

use edit::{Edit, evaluate};
use sketch::{Builder, Sketch};
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
    /// Digits transposed, or one digit wrong.
    Digits,
}

impl Kinds {
    /// Every kind, the most plausible first.
    pub const ALL: [Self; 10] = [
        Self::Neighbour,
        Self::Stale,
        Self::Printed,
        Self::Reused,
        Self::Sign,
        Self::Factor,
        Self::Path,
        Self::Updated,
        Self::Place,
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
}

/// The most explanations of one slip that are kept.
pub const MOST_KEPT: usize = 12;

/// What the search may look at.
pub(crate) struct Search<'a, 'm> {
    author: &'a mut Author<'m>,
    claim: &'a Claim,
    claims: &'a [Claim],
    memory: &'a mut Memory,
    found: Vec<Explanation>,
}

/// Explains a slip.
pub fn explain(
    author: &mut Author<'_>,
    claim: &Claim,
    claims: &[Claim],
    memory: &mut Memory,
) -> Diagnosis {
    let mut search = Search { author, claim, claims, memory, found: Vec::new() };
    let extent = search.all();
    let mut explanations = search.found;
    demote(&mut explanations);
    explanations.sort_by_key(|e| e.rank);
    let mut texts = std::collections::HashSet::new();
    explanations.retain(|e| texts.insert(e.text.clone()));
    explanations.truncate(MOST_KEPT);
    memory.inputs.extend(explanations.first().and_then(|e| e.input));
    Diagnosis { explanations, extent }
}

/// Where two transposed digits explain a number, an input that nobody has seen is less plausible.
fn demote(found: &mut [Explanation]) {
    let transposed = |e: &Explanation| e.kind == Kinds::Digits && e.text.starts_with("two");
    if found.iter().any(transposed) {
        for stale in found.iter_mut().filter(|e| e.kind == Kinds::Stale && e.rank.2 > 0) {
            stale.rank = (2, Kinds::Stale, 1);
        }
    }
}

impl Search<'_, '_> {
    /// Looks for every kind of mistake, as far as there is room.
    fn all(&mut self) -> Extent {
        self.digits();
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
        self.stale(&sketch);
        if whole && !self.memory.work.is_cut() { Extent::Whole } else { Extent::Part }
    }

    /// The value of every leaf: from the author's own numbers, or from the truth.
    fn leaves(&mut self, sketch: &Sketch, own: bool) -> Vec<f64> {
        let value = |kind: Kind| match kind {
            Kind::Number(Literal { value, .. }) | Kind::Constant(value) => value,
            Kind::Quantity(q) if own => self.author.quantity(q).value,
            Kind::Quantity(q) => self.author.truth.values[q as usize],
            Kind::Derivative(of, wrt) if own => self.own(Target::Derivative(of, wrt)),
            Kind::Derivative(of, wrt) => self.author.truth.slope(of, wrt),
            _ => 0.0,
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

    fn fit(&self, value: f64) -> Fit {
        self.claim.number.map_or(Fit::Not, |number| number.fit(value))
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
        let nodes = &views.sketch.nodes;
        for (penalty, leaves) in views.leaves.iter().enumerate() {
            if !self.memory.work.take(nodes.len()) {
                return;
            }
            if self.fit(evaluate(nodes, leaves, edit)) != Fit::Rounded {
                continue;
            }
            let text = text(self);
            let weight = far + 4 * penalty as u8;
            self.found.push(Explanation {
                kind,
                text,
                labels: Vec::new(),
                rank: (1, kind, weight),
                input: None,
            });
            return;
        }
    }
}

/// A sketch with the values of its leaves, from the author and from the truth.
struct Views<'s> {
    sketch: &'s Sketch,
    leaves: Vec<Vec<f64>>,
}
