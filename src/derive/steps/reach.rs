//! How far rounding can carry: what a number worked out from rounded numbers may be off. It must not
//! know how a number is printed.

use super::Steps;

impl Steps {
    /// How many units of the last place the value of each quantity may be off, to first order, if
    /// every quantity before it that is no input was rounded to as many decimals.
    pub fn value_reach(&self) -> Vec<f64> {
        let mut reach = vec![0.0; self.all.len()];
        for (k, step) in self.all.iter().enumerate() {
            for edge in step.edges.iter().filter(|edge| edge.taken) {
                let own = if self.all[edge.from].formula.is_some() { 0.5 } else { 0.0 };
                reach[k] += edge.partial.abs() * (reach[edge.from] + own);
            }
        }
        reach
    }

    /// The same for the derivative in each quantity, if derivatives and partials were rounded.
    pub fn derivative_reach(&self) -> Vec<f64> {
        let mut reach = vec![0.0; self.all.len()];
        for (k, step) in self.all.iter().enumerate().rev() {
            for by in step.uses.iter().filter(|by| by.taken) {
                let above = if by.by == self.output { 0.0 } else { reach[by.by] + 0.5 };
                reach[k] += by.partial.abs() * above + 0.5 * self.derivative(by.by).abs();
            }
        }
        reach
    }
}
