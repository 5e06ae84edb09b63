//! Ways from a quantity up to the output. It must not know what flows along them.

use super::Steps;

impl Steps {
    /// Marks what lies between the output and what was asked for; all that an adjoint reached if
    /// nothing in particular was.
    pub(super) fn mark_asked(&mut self) {
        for k in 0..self.all.len() {
            let above = self.all[k].edges.iter().any(|edge| self.all[edge.from].asked);
            let meant = self.wrt.is_empty() || self.wrt.contains(&k) || above;
            self.all[k].asked = meant && self.all[k].adjoint.is_some();
        }
    }

    /// Whether a quantity is used by another directly and in no other way, so that the partial is
    /// the whole derivative. Costs as much as there are quantities between.
    pub fn only_way(&self, quantity: usize, by: usize) -> bool {
        let mut depends = vec![false; by + 1];
        depends[quantity] = true;
        for k in quantity + 1..by {
            depends[k] = self.all[k].edges.iter().any(|edge| depends[edge.from]);
        }
        let others = self.all[by].edges.iter().filter(|edge| edge.from != quantity);
        !others.into_iter().any(|edge| depends[edge.from])
    }

    /// How many ways lead from a quantity up to the output.
    pub fn count_paths(&self, quantity: usize) -> f64 {
        let mut count = vec![0.0; self.output + 1];
        count[self.output] = 1.0;
        for k in (quantity..self.output).rev() {
            let taken = self.all[k].uses.iter().filter(|by| by.taken && by.by <= self.output);
            count[k] = taken.map(|by| count[by.by]).sum();
        }
        count.get(quantity).copied().unwrap_or(0.0)
    }

    /// The ways from a quantity up to the output, each as the quantities on it; the first `most`.
    pub fn paths(&self, quantity: usize, most: usize) -> Vec<Vec<usize>> {
        let mut open = vec![vec![quantity]];
        let mut found = Vec::new();
        while let Some(path) = open.pop().filter(|_| found.len() < most) {
            let last = path[path.len() - 1];
            if last == self.output {
                found.push(path);
                continue;
            }
            let taken = self.all[last].uses.iter().rev().filter(|by| by.taken);
            let further = taken.filter(|by| self.all[by.by].adjoint.is_some());
            open.extend(further.map(|by| [&path[..], &[by.by]].concat()));
        }
        found
    }
}
