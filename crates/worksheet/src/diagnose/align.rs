//! Numbers put in, laid beside the formula part by part: which of them is not what belongs there.
//! It must not evaluate anything but the parts themselves.

use wengert::Op;

use super::{Explanation, Kinds, Search};
use crate::{
    ast::{Expr, Kind, arguments},
    author::Estimate,
    digits::significant,
    model::Target,
};

/// The longest formula that is compared part by part.
const LONGEST: usize = 300;

/// Two parts that should be worth the same, and are not.
struct Mismatch {
    formula: Expr,
    numbers: Expr,
    /// Whether the two arguments would fit each in the other's place.
    crossed: bool,
}

impl Search<'_, '_> {
    /// Finds the one part of the numbers put in that is wrong, and says what belongs there.
    pub(super) fn align(&mut self, formula: Expr, numbers: Expr) {
        let length = |expr: Expr| (expr.end - expr.start) as usize;
        let steps = length(formula) * length(numbers);
        if length(formula).max(length(numbers)) > LONGEST || !self.memory.work.take(steps) {
            return;
        }
        let mut found = Vec::new();
        self.compare(formula, numbers, &mut found);
        let [Mismatch { formula, numbers, crossed }] = found[..] else { return };
        let model = self.author.model;
        let (right, put_in) = (self.author.expr(formula).value, self.put_in(numbers).value);
        let name = model.describe(Target::Expression(formula));
        let span = model.nodes.span(numbers);
        let written = |value: f64| significant(value, 6);
        let label = format!("{name} is {}", written(right));
        self.place = Some((span, label.clone()));
        let explained = if crossed {
            let last = model.nodes.of(formula).last().map(|node| node.kind);
            let text = match last {
                Some(Kind::Apply(Op::Div, _)) => format!("the quotient {name} turned over"),
                _ => format!("the operands of {name} exchanged"),
            };
            Some((Kinds::Exchanged, text))
        } else {
            let point = |by: f64| super::mend::same(put_in, right * by);
            let misplaced = [0.1, 10.0, 0.01, 100.0, 1e-3, 1e3].into_iter().any(point);
            misplaced.then(|| {
                let (put_in, right) = (written(put_in), written(right));
                let text = format!("a decimal point misplaced: {put_in} for {name} = {right}");
                (Kinds::Point, text)
            })
        };
        if let Some((kind, text)) = explained {
            let labels = vec![(span, label)];
            self.found.push(Explanation { labels, ..Explanation::plain(kind, text, (0, kind, 0)) });
        }
    }

    /// Goes down as long as both do the same, and keeps the lowest parts that differ.
    fn compare(&mut self, formula: Expr, numbers: Expr, found: &mut Vec<Mismatch>) {
        if self.agree(formula, numbers) {
            return;
        }
        let nodes = |expr| self.author.model.nodes.of(expr);
        let (f, n) = (nodes(formula), nodes(numbers));
        let same = match (f[f.len() - 1].kind, n[n.len() - 1].kind) {
            (Kind::Apply(a, count), Kind::Apply(b, other)) => a == b && count == other,
            _ => false,
        };
        let parts = |expr: Expr, args: Vec<usize>, sizes: &[crate::ast::Node]| -> Vec<Expr> {
            let part = |at: usize| {
                let end = expr.start + at as u32 + 1;
                Expr { start: end - sizes[at].size, end }
            };
            args.into_iter().map(part).collect()
        };
        let (f_parts, n_parts) = (
            parts(formula, arguments(f, f.len() - 1), f),
            parts(numbers, arguments(n, n.len() - 1), n),
        );
        let before = found.len();
        let mut crossed = false;
        if same {
            crossed = f_parts.len() == 2
                && self.agree(f_parts[0], n_parts[1])
                && self.agree(f_parts[1], n_parts[0]);
            if !crossed {
                for (formula, numbers) in f_parts.into_iter().zip(n_parts) {
                    self.compare(formula, numbers, found);
                }
            }
        }
        if found.len() == before {
            found.push(Mismatch { formula, numbers, crossed });
        }
    }

    /// Whether numbers put in are what a part of the formula is worth.
    fn agree(&mut self, formula: Expr, numbers: Expr) -> bool {
        let (own, put_in) = (self.author.expr(formula), self.put_in(numbers));
        let reach = 1.02 * (own.reach + put_in.reach) + 1e-9 * own.value.abs();
        reach.is_finite() && (own.value - put_in.value).abs() <= reach
    }

    fn put_in(&self, numbers: Expr) -> Estimate {
        self.author.numbers(numbers, &|_| false)
    }
}
