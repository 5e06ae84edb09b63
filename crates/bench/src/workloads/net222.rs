//! W1, the 2-2-2 sigmoid network of the worked example, differentiated by its weights and biases.
//! It must not know more than that network: everything is unrolled by hand.

use super::Workload;
use wengert::Real;

const X: [f64; 2] = [0.05, 0.10];
const TARGET: [f64; 2] = [0.01, 0.99];

/// Inputs in the order `w1` to `w8`, `b1`, `b2`.
#[derive(Clone)]
pub struct Net222;

impl Workload for Net222 {
    fn name(&self) -> String {
        "net222".into()
    }

    /// With a sigmoid as one operation.
    fn ops(&self) -> usize {
        27
    }

    fn points(&self) -> Vec<Vec<f64>> {
        vec![vec![0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.60]]
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        let (w, b1, b2) = (&x[..8], x[8], x[9]);
        let h1 = (w[0] * X[0] + w[1] * X[1] + b1).sigmoid();
        let h2 = (w[2] * X[0] + w[3] * X[1] + b1).sigmoid();
        let y1 = (w[4] * h1 + w[5] * h2 + b2).sigmoid();
        let y2 = (w[6] * h1 + w[7] * h2 + b2).sigmoid();
        (y1 - TARGET[0]).square() * 0.5 + (y2 - TARGET[1]).square() * 0.5
    }

    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let x: &[f64; 10] = x.try_into().expect("8 weights and 2 biases");
        let x_bar: &mut [f64; 10] = x_bar.try_into().expect("8 weights and 2 biases");
        let (b1, b2) = (x[8], x[9]);
        let h1 = sigmoid(x[0] * X[0] + x[1] * X[1] + b1);
        let h2 = sigmoid(x[2] * X[0] + x[3] * X[1] + b1);
        let y1 = sigmoid(x[4] * h1 + x[5] * h2 + b2);
        let y2 = sigmoid(x[6] * h1 + x[7] * h2 + b2);
        let (e1, e2) = (y1 - TARGET[0], y2 - TARGET[1]);

        let n1_bar = e1 * y1 * (1.0 - y1);
        let n2_bar = e2 * y2 * (1.0 - y2);
        let z1_bar = (n1_bar * x[4] + n2_bar * x[6]) * h1 * (1.0 - h1);
        let z2_bar = (n1_bar * x[5] + n2_bar * x[7]) * h2 * (1.0 - h2);
        *x_bar = [
            z1_bar * X[0],
            z1_bar * X[1],
            z2_bar * X[0],
            z2_bar * X[1],
            n1_bar * h1,
            n1_bar * h2,
            n2_bar * h1,
            n2_bar * h2,
            z1_bar + z2_bar,
            n1_bar + n2_bar,
        ];
        e1 * e1 * 0.5 + e2 * e2 * 0.5
    }
}

#[inline(always)]
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
