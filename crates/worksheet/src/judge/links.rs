//! The links of a chain, each judged against the one before it.
//! It must not judge the number at the end.

use super::{Fault, Judge, Steps, mend, second_formula};
use crate::{
    ast::{Expr, Relation},
    author::Estimate,
    digits::{Claimed, Fit, readable},
    model::{Chain, Link, Part, Target},
};

/// Whether two values are the same but for the noise of f64.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-300
}

/// Whether numbers put in give a value, as far as rounding reaches on either side.
pub(super) fn near(put_in: &Estimate, value: f64, reach: f64) -> bool {
    let slack = 1e-9 * value.abs().max(put_in.value.abs());
    (put_in.value - value).abs() <= 1.02 * (reach + put_in.reach) + slack
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
            let numbers = matches!(link.part, Part::Numbers(_));
            faults.extend(text.map(|text| Fault { chain: index, span: link.span, text, numbers }));
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
        let right = same(value, truth);
        steps.formula = Some(right && steps.formula != Some(false));
        if right {
            return None;
        }
        if let Some(q) = chain.is_strict(self.model) {
            self.found.problems.push(second_formula(self.model, chain, q, link.span));
            return None;
        }
        let (name, value, right) = (&chain.spelled, readable(value), readable(truth));
        let hint = mend::mend(self.model, self.truth, expr, truth);
        let hint = hint.map_or(String::new(), |hint| format!(": {hint}"));
        Some(format!("this formula is worth {value} in truth, but {name} is {right}{hint}"))
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
        let right =
            near(&put_in, truth, 0.0) || owns.iter().any(|o| near(&put_in, o.value, o.reach));
        steps.numbers = Some(right && steps.numbers != Some(false));
        (!right).then(|| {
            let value = readable(put_in.value);
            format!("the numbers put in give {value}, your own numbers {}", readable(own))
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
        let right = fits(truth) || number.within(own.value, own.reach) || put_in.is_some_and(fits);
        let name = match chain.target {
            Target::Expression(_) => "the expression",
            _ => &chain.spelled,
        };
        (!right).then(|| format!("{name} is {} from your own numbers", readable(own.value)))
    }
}
