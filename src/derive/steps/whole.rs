//! A derivative as one formula: the steps down to a quantity, run in symbols. It must not know how
//! a formula is printed.

use super::formula::{Formula, Paper, Symbol};
use super::{Steps, Use};
use crate::op::Number;

impl Steps {
    /// The derivative of the output in a quantity as one formula in quantities, shortened as a
    /// textbook would; `None` if more than `most` constants and quantities would stand in it.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 3.0);
    /// let y = x.square().named("y");
    /// let steps = tape.steps((y * 2.0).named("z"));
    /// let formula = steps.derivative_formula(0, 10).unwrap(); // 2 * (2 * x), shortened
    /// assert_eq!(formula.value(&|_| 3.0), Some(12.0));
    /// ```
    pub fn derivative_formula(&self, quantity: usize, most: usize) -> Option<Formula> {
        let bar = &self.all[quantity];
        if quantity == self.output || bar.adjoint.is_none() {
            return Some(Formula::Constant(self.derivative(quantity)));
        }
        let mut leaves = vec![0_usize; self.output + 1];
        let paper = Paper::default();
        let mut bars = vec![Symbol::constant(0.0); self.output + 1];
        (leaves[self.output], bars[self.output]) = (1, Symbol::constant(1.0));
        for k in (quantity..self.output).rev() {
            let flows = |by: &&Use| by.taken && self.all[by.by].adjoint.is_some();
            let above = |by: &Use| leaves[by.by].saturating_add(by.formula.leaves());
            let uses: Vec<&Use> = self.all[k].uses.iter().filter(flows).collect();
            leaves[k] = uses.iter().fold(0, |sum: usize, by| sum.saturating_add(above(by)));
            if leaves[k] <= most.saturating_mul(2) {
                let term = |by: &&Use| bars[by.by] * paper.read(&by.formula);
                bars[k] = uses.iter().map(term).sum();
            }
        }
        let fits = leaves[quantity] <= most.saturating_mul(2);
        let formula = fits.then(|| bars[quantity].formula());
        formula.filter(|formula| formula.leaves() <= most)
    }
}
