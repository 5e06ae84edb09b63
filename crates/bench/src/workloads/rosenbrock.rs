//! W2, the chained Rosenbrock function of many variables: little arithmetic, much traffic.
//! It must not know how long its tape is compared with any cache.

use super::Workload;
use wengert::Real;

/// `sum 100 (x[i+1] - x[i]²)² + (1 - x[i])²` over `n` inputs.
#[derive(Clone)]
pub struct Rosenbrock {
    /// Number of inputs, at least 2.
    pub n: usize,
}

impl Workload for Rosenbrock {
    fn name(&self) -> String {
        format!("rosenbrock-{:e}", self.n)
    }

    fn ops(&self) -> usize {
        8 * (self.n - 1) - 1
    }

    fn points(&self) -> Vec<Vec<f64>> {
        vec![(0..self.n).map(|i| 0.5 + 0.001 * (i % 977) as f64).collect()]
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        x.windows(2)
            .map(|p| (p[1] - p[0].square()).square() * 100.0 + (N::constant(1.0) - p[0]).square())
            .sum()
    }

    /// One pass: the two adjoints that meet in `x[i]` come from neighbouring terms.
    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (last, rest) = x_bar.split_last_mut().expect("at least two inputs");
        let (mut value, mut from_left) = (0.0, 0.0);
        for (p, bar) in x.windows(2).zip(rest) {
            let t = p[1] - p[0] * p[0];
            let s = 1.0 - p[0];
            value += t * t * 100.0 + s * s;
            let t_bar = 200.0 * t;
            *bar = from_left - 2.0 * (t_bar * p[0] + s);
            from_left = t_bar;
        }
        *last = from_left;
        value
    }
}
