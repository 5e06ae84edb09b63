//! The links of a chain, each judged against the one before it.
//! It must not judge the number at the end.

use super::{Fault, Judge, Step, Steps, is_rounded, reaches, second_formula};
use crate::{
    ast::{Expr, Kind, Node, Relation},
    author::Estimate,
    diagnose::mend::{self, same},
    digits::{Claimed, Fit, instead, significant},
    model::{Chain, Link, Part, Target},
};

/// Whether numbers put in give a value, as far as rounding reaches on either side.
pub(super) fn near(put_in: &Estimate, own: &Estimate) -> bool {
    let slack = 1e-9 * own.value.abs().max(put_in.value.abs());
    let reach = 1.02 * (own.reach + put_in.reach) + slack;
    let within = reach.is_finite() && (put_in.value - own.value).abs() <= reach;
    within && own.allows(put_in.value, put_in.reach + slack)
}

impl Judge<'_> {
    /// Judges the links before the last number: how they did, and which are faulty.
    pub(super) fn links(&mut self, index: usize) -> (Steps, Vec<Fault>) {
        let model = self.model;
        let chain = &model.chains[index];
        let claim = chain.claim().map(|(at, _)| at);
        let mut steps = Steps::default();
        let mut faults = Vec::new();
        for (at, link) in chain.links.iter().enumerate() {
            let text = match link.part {
                Part::Formula(expr) => self.formula(chain, at, expr, *link, &mut steps),
                Part::Numbers(expr) => self.numbers(chain, at, expr, &mut steps),
                Part::Bare(_) if Some(at) == claim => self.arithmetic(chain, at, *link, &mut steps),
                Part::Bare(_) => self.earlier_number(chain, at, *link),
                Part::Asked => None,
            };
            let step = match link.part {
                Part::Formula(_) => Step::Formula,
                Part::Numbers(_) => Step::Numbers,
                _ => Step::Number,
            };
            faults.extend(text.map(|text| Fault { chain: index, span: link.span, text, step }));
        }
        (steps, faults)
    }

    /// A formula in names is right if it is worth the same at the true values.
    fn formula(
        &mut self,
        chain: &Chain,
        at: usize,
        expr: Expr,
        link: Link,
        steps: &mut Steps,
    ) -> Option<String> {
        let truth = self.truth.target(self.model, chain.target);
        let value = self.truth.expr(self.model, expr);
        if chain.defines == Some(at) || truth.is_nan() || value.is_nan() {
            return None;
        }
        let right = self.is_right(expr, chain);
        steps.formula = Some(right && steps.formula != Some(false));
        if right {
            return None;
        }
        if let Some(q) = chain.is_strict(self.model) {
            self.found.problems.push(second_formula(self.model, chain, q, link.span));
            return None;
        }
        let (name, value, right) = (&chain.spelled, significant(value, 5), significant(truth, 5));
        let hint = mend::hint(self.model, self.truth, chain.target, expr, truth);
        let hint = hint.map_or(String::new(), |hint| format!(": {hint}"));
        Some(format!("this formula gives {value}, but {name} is {right}{hint}"))
    }

    /// Whether a formula is worth what the chain is about: at the true values, or, if rounded
    /// numbers stand in it beside the names, as far as those reach from the author's own.
    pub(super) fn is_right(&mut self, expr: Expr, chain: &Chain) -> bool {
        let truth = self.truth.target(self.model, chain.target);
        if same(self.truth.expr(self.model, expr), truth) {
            return true;
        }
        let rounded =
            |node: &Node| matches!(node.kind, Kind::Number(n) if is_rounded(&self.numbers, n));
        if !self.model.nodes.of(expr).iter().any(rounded) {
            return false;
        }
        let mixed = self.mixed(expr);
        let own = self.author.target(chain.target);
        near(&mixed, &Estimate::exact(truth)) || near(&mixed, &own)
    }

    /// Numbers put in are right if their result is what the author's own numbers give.
    fn numbers(
        &mut self,
        chain: &Chain,
        at: usize,
        expr: Expr,
        steps: &mut Steps,
    ) -> Option<String> {
        if chain.defines == Some(at) || self.cannot(chain).is_some() {
            return None;
        }
        let put_in = self.put_in(expr);
        let truth = self.truth.target(self.model, chain.target);
        let mut owns = vec![self.author.target(chain.target)];
        let rest: Vec<Expr> = chain.links[..at]
            .iter()
            .filter_map(|l| match l.part {
                Part::Formula(expr) => Some(expr),
                _ => None,
            })
            .collect();
        owns.extend(rest.into_iter().map(|expr| self.author.expr(expr)));
        let own = owns.last().map_or(truth, |o| o.value);
        // Numbers that are cut instead of rounded are no fault.
        let put_in = Estimate { reach: 2.0 * put_in.reach, ..put_in };
        let right = near(&put_in, &Estimate::exact(truth)) || owns.iter().any(|o| near(&put_in, o));
        steps.numbers = Some(right && steps.numbers != Some(false));
        (!right).then(|| {
            let (value, own) = (significant(put_in.value, 6), significant(own, 6));
            format!("the numbers put in give {value}, your own values give {own}")
        })
    }

    /// The number at the end against the numbers put in just before it.
    fn arithmetic(
        &mut self,
        chain: &Chain,
        at: usize,
        link: Link,
        steps: &mut Steps,
    ) -> Option<String> {
        let Part::Bare(literal) = link.part else { return None };
        let before = chain.links[..at].last()?;
        let Part::Numbers(expr) = before.part else { return None };
        let put_in = self.put_in(expr);
        let number = Claimed { literal, about: link.relation == Relation::About };
        let right = number.fit(put_in.value) != Fit::Not;
        steps.arithmetic = Some(right);
        None
    }

    /// A number in the middle of a chain against what the chain is about.
    fn earlier_number(&mut self, chain: &Chain, at: usize, link: Link) -> Option<String> {
        let Part::Bare(literal) = link.part else { return None };
        if chain.defines == Some(at) || self.cannot(chain).is_some() {
            return None;
        }
        let number = Claimed { literal, about: link.relation == Relation::About };
        let own = self.author.target(chain.target);
        let truth = self.truth.target(self.model, chain.target);
        let put_in = chain.links[..at].iter().rev().find_map(|l| match l.part {
            Part::Numbers(expr) => Some(self.put_in(expr).value),
            _ => None,
        });
        let fits = |value: f64| number.fit(value) != Fit::Not;
        let right = fits(truth) || reaches(number, &own) || put_in.is_some_and(fits);
        let name = match chain.target {
            Target::Expression(_) => "the expression",
            _ => &chain.spelled,
        };
        (!right).then(|| {
            let own = instead(own.value, number);
            format!("{name} is {own} from your own numbers")
        })
    }
}
