//! How far rounding can carry: what a number worked out from rounded numbers may be off. It must not
//! know how a number is printed.

use super::Steps;
use crate::op::Number;

impl Steps {
    /// How many units of the last place the value of each quantity may be off, to first order, if
    /// every quantity before it that is no input was rounded to as many decimals.
    pub fn value_reach(&self) -> Vec<f64> {
        self.value_reach_in(|k, n| self.all[k].edges[n].partial)
    }

    /// The same for the derivative in each quantity, if derivatives and partials were rounded.
    pub fn derivative_reach(&self) -> Vec<f64> {
        self.derivative_reach_in(|k, n| self.all[k].uses[n].partial, |k| self.derivative(k))
    }

    /// [`value_reach`](Steps::value_reach) in any number, and so at any point: given the partial of
    /// each edge, by the quantity and the place of the edge in it.
    pub(crate) fn value_reach_in<N: Number>(&self, partial: impl Fn(usize, usize) -> N) -> Vec<N> {
        let mut reach = vec![N::constant(0.0); self.all.len()];
        for (k, step) in self.all.iter().enumerate() {
            for (n, edge) in step.edges.iter().enumerate() {
                let own = if self.all[edge.from].formula.is_some() { 0.5 } else { 0.0 };
                reach[k] = reach[k] + partial(k, n).abs() * (reach[edge.from] + own);
            }
        }
        reach
    }

    /// [`derivative_reach`](Steps::derivative_reach) in any number: given the partial of each use, and
    /// the derivative in each quantity.
    pub(crate) fn derivative_reach_in<N: Number>(
        &self,
        partial: impl Fn(usize, usize) -> N,
        derivative: impl Fn(usize) -> N,
    ) -> Vec<N> {
        let mut reach = vec![N::constant(0.0); self.all.len()];
        for (k, step) in self.all.iter().enumerate().rev() {
            for (n, by) in step.uses.iter().enumerate() {
                let own = if by.by == self.output { 0.0 } else { 0.5 };
                let above = partial(k, n).abs() * (reach[by.by] + own);
                reach[k] = reach[k] + above + derivative(by.by).abs() * 0.5;
            }
        }
        reach
    }
}
