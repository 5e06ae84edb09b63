//! What the numbers put in give away: a number where the formula wants another.
//! It must not evaluate anything.

use super::{Explanation, Kinds, Search, digits::compare};
use crate::{
    ast::{Expr, Kind, Literal},
    digits::{Claimed, Fit, rounded},
    model::{Part, Rule, Target},
    source::Span,
};

/// A leaf of the formula: what it is, and its value.
type Wanted = (Option<Target>, f64);

/// A number in place of another, in words.
struct Mistake {
    kind: Kinds,
    text: String,
    labels: Vec<(Span, String)>,
}

/// The first of each kind, in order.
fn distinct<T, K: PartialEq>(all: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut firsts: Vec<T> = Vec::new();
    for item in all {
        if firsts.iter().all(|first| key(first) != key(&item)) {
            firsts.push(item);
        }
    }
    firsts
}

impl Search<'_, '_> {
    /// Compares the numbers put in with what the formula reads.
    pub(super) fn evidence(&mut self) {
        let steps = self.claim.steps;
        if steps.numbers != Some(false) || steps.arithmetic == Some(false) {
            return;
        }
        let Some((formula, numbers)) = self.pair() else { return };
        if !self.leftover(formula, numbers) {
            self.align(formula, numbers);
        }
    }

    /// Compares them as two heaps of numbers, in whatever order; false if that explains nothing.
    fn leftover(&mut self, formula: Expr, numbers: Expr) -> bool {
        let (wanted, put_in) = self.leftovers(formula, numbers);
        let (wanted, put_in) =
            (distinct(wanted, |w| w.0), distinct(put_in, |p| p.0.value.to_bits()));
        if wanted.len() != put_in.len() || !(1..=2).contains(&wanted.len()) {
            return false;
        }
        let pairs = wanted.into_iter().zip(put_in);
        let mistakes: Option<Vec<Mistake>> = pairs.map(|(w, p)| self.mistake(w, p)).collect();
        let Some(mistakes) = mistakes else { return false };
        let kind = mistakes[0].kind;
        let texts: Vec<&str> = mistakes.iter().map(|m| m.text.as_str()).collect();
        let text = texts.join(", and ");
        let labels = mistakes.iter().flat_map(|m| m.labels.clone()).collect();
        self.found.push(Explanation { kind, text, labels, rank: (0, kind, 0), input: None });
        true
    }

    /// One number that was put in where another belongs.
    fn mistake(&mut self, wanted: Wanted, put_in: (Literal, Span)) -> Option<Mistake> {
        let target = wanted.0?;
        let (kind, what, place) = self.identify(put_in.0, target, wanted.1)?;
        let model = self.author.model;
        let name = model.describe(target);
        let line = place.map(|span| format!(", from line {}", model.sources.line(span)));
        let label = format!("this is {what}{}", line.unwrap_or_default());
        let mut labels = vec![(put_in.1, label)];
        labels.extend(self.where_printed(target).map(|span| (span, name.clone())));
        let text = match kind {
            Kinds::Digits => what,
            _ => format!("{what} in place of {name}"),
        };
        Some(Mistake { kind, text, labels })
    }

    /// The formula that the numbers were put into, and the numbers.
    fn pair(&self) -> Option<(Expr, Expr)> {
        let model = self.author.model;
        let links = &model.chains[self.claim.chain].links;
        let at = links.iter().position(|l| matches!(l.part, Part::Numbers(_)))?;
        let Part::Numbers(numbers) = links[at].part else { return None };
        let written = links[..at].iter().rev().find_map(|l| match l.part {
            Part::Formula(expr) => Some(expr),
            _ => None,
        });
        let defined = match self.claim.target {
            Target::Quantity(q) => model.formula(q),
            _ => None,
        };
        Some((written.filter(|_| self.claim.steps.formula != Some(false)).or(defined)?, numbers))
    }

    /// What the formula reads and was not put in, and what was put in and the formula does not read.
    fn leftovers(&mut self, formula: Expr, numbers: Expr) -> (Vec<Wanted>, Vec<(Literal, Span)>) {
        let model = self.author.model;
        let mut wanted: Vec<Wanted> = Vec::new();
        for node in model.nodes.of(formula) {
            match node.kind {
                Kind::Quantity(q) => {
                    wanted.push((Some(Target::Quantity(q)), self.own(Target::Quantity(q))))
                }
                Kind::Derivative(of, wrt) => {
                    let target = Target::Derivative(of, wrt);
                    wanted.push((Some(target), self.own(target)));
                }
                Kind::Number(n) => wanted.push((None, n.value)),
                _ => {}
            }
        }
        let numbers = model.nodes.of(numbers).iter().filter_map(|node| match node.kind {
            Kind::Number(literal) => Some((literal, node.span)),
            _ => None,
        });
        // Those that are equal first, then those that are equal as far as they are written.
        let mut left: Vec<(Literal, Span)> = numbers.collect();
        left.retain(|(literal, _)| {
            let equal = wanted.iter().position(|(_, value)| value.abs() == literal.value);
            equal.map(|at| wanted.remove(at)).is_none()
        });
        left.retain(|(literal, _)| {
            let fits = |value: f64| Claimed::exactly(*literal).fit(value.abs()) == Fit::Rounded;
            let near = wanted.iter().position(|(_, value)| fits(*value));
            near.map(|at| wanted.remove(at)).is_none()
        });
        wanted.retain(|(target, _)| target.is_some());
        (wanted, left)
    }

    /// What a number that was put in is: the kind of mistake, its name, and where it stands.
    fn identify(
        &mut self,
        literal: Literal,
        wanted: Target,
        value: f64,
    ) -> Option<(Kinds, String, Option<Span>)> {
        let model = self.author.model;
        let number = Claimed::exactly(literal);
        let rivals = self.rivals_of(wanted);
        for (kind, rival) in rivals {
            let printed = self.own(rival);
            if number.fit(printed.abs()) != Fit::Not {
                return Some((kind, model.describe(rival), self.where_printed(rival)));
            }
        }
        let printed = self
            .claims
            .iter()
            .rev()
            .filter(|c| c.number.is_some_and(|n| n.literal.value.abs() == literal.value));
        if let Some(claim) = printed.clone().next() {
            return Some((Kinds::Printed, claim.name.clone(), Some(claim.span)));
        }
        let given = model.quantities.iter().find(|q| match q.rule {
            Rule::Given(n) => n.value.abs() == literal.value && !literal.whole,
            _ => false,
        });
        if let Some(quantity) = given {
            return Some((Kinds::Printed, quantity.spelled.clone(), Some(quantity.span)));
        }
        let written = rounded(literal.value, literal, 0);
        let slip = compare(&written, &rounded(value.abs(), literal, 0))?;
        Some((Kinds::Digits, format!("{slip}, in {}", model.describe(wanted)), None))
    }

    /// Those that may be mistaken for a quantity by their name.
    fn rivals_of(&self, wanted: Target) -> Vec<(Kinds, Target)> {
        let model = self.author.model;
        match wanted {
            Target::Quantity(q) => {
                let family = model.family(q).map(|r| (Kinds::Neighbour, Target::Quantity(r)));
                let other =
                    model.quantities[q as usize].updates.into_iter().chain(model.updated(q));
                let around = model
                    .around_activation(q)
                    .into_iter()
                    .map(|r| (Kinds::Place, Target::Quantity(r)));
                family
                    .chain(other.map(|r| (Kinds::Updated, Target::Quantity(r))))
                    .chain(around)
                    .collect()
            }
            Target::Derivative(of, wrt) => {
                model.family(wrt).map(|r| (Kinds::Reused, Target::Derivative(of, r))).collect()
            }
            Target::Expression(_) => Vec::new(),
        }
    }

    /// Where a number of a target stands on the sheet.
    pub(super) fn where_printed(&self, target: Target) -> Option<Span> {
        let claim = self.claims.iter().rev().find(|c| c.target == target && c.number.is_some());
        let given = || match target {
            Target::Quantity(q) => Some(self.author.model.quantities[q as usize].span),
            _ => None,
        };
        claim.map(|c| c.span).or_else(given)
    }
}
