//! W5, the loss of one sample in a small multilayer perceptron: long sums of products.
//! It must not know batches or matrices: one sample, scalar by scalar.

use super::Workload;
use std::array::from_fn;
use wengert::Real;

const INPUTS: usize = 64;
const HIDDEN: usize = 32;
const CLASSES: usize = 10;
const LABEL: usize = 3;
const PARAMETERS: usize = (INPUTS + 1) * HIDDEN + (HIDDEN + 1) * HIDDEN + (HIDDEN + 1) * CLASSES;

/// 64-32-32-10 with tanh and softmax cross-entropy, differentiated by its weights and biases.
#[derive(Clone)]
pub struct Mlp {
    sample: [f64; INPUTS],
    with_dot: bool,
}

impl Mlp {
    /// Its sums of products written as loops.
    pub fn plain() -> Mlp {
        Mlp { sample: from_fn(|i| (0.37 * i as f64).sin()), with_dot: false }
    }

    /// Its sums of products written with the library's own `dot`.
    pub fn with_dot() -> Mlp {
        Mlp { with_dot: true, ..Mlp::plain() }
    }

    /// One layer before its activation, whose parameters are taken off the front of the list.
    fn layer<N: Real>(&self, parameters: &mut &[N], x: &[N], rows: usize) -> Vec<N> {
        let weights = parameters.split_off(..rows * x.len()).expect("weights");
        let biases = parameters.split_off(..rows).expect("biases");
        weights
            .chunks_exact(x.len())
            .zip(biases)
            .map(|(row, b)| self.product(row, x) + *b)
            .collect()
    }

    fn product<N: Real>(&self, row: &[N], x: &[N]) -> N {
        if self.with_dot {
            return N::dot(row, x);
        }
        let mut sum = row[0] * x[0];
        for i in 1..row.len() {
            sum = sum + row[i] * x[i];
        }
        sum
    }
}

impl Workload for Mlp {
    fn name(&self) -> String {
        if self.with_dot { "mlp-dot".into() } else { "mlp".into() }
    }

    fn ops(&self) -> usize {
        let layer = |inputs, rows| 2 * inputs * rows;
        let tanh = 2 * HIDDEN;
        let loss = CLASSES + (CLASSES - 1) + 2;
        layer(INPUTS, HIDDEN) + layer(HIDDEN, HIDDEN) + layer(HIDDEN, CLASSES) + tanh + loss
    }

    fn needs(&self) -> &'static [&'static str] {
        if self.with_dot { &["tanh", "dot"] } else { &["tanh"] }
    }

    fn points(&self) -> Vec<Vec<f64>> {
        vec![(0..PARAMETERS).map(|i| 0.3 * (1.7 * i as f64).sin()).collect()]
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        let mut parameters = x;
        let mut h: Vec<N> = self.sample.iter().map(|x| N::constant(*x)).collect();
        for _ in 0..2 {
            h = self.layer(&mut parameters, &h, HIDDEN);
            h.iter_mut().for_each(|h| *h = h.tanh());
        }
        let z = self.layer(&mut parameters, &h, CLASSES);
        z.iter().map(|z| z.exp()).sum::<N>().ln() - z[LABEL]
    }

    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let [w1, b1, w2, b2, w3, b3] = split(x);
        let h1: [f64; HIDDEN] = up(w1, b1, &self.sample).map(f64::tanh);
        let h2: [f64; HIDDEN] = up(w2, b2, &h1).map(f64::tanh);
        let z: [f64; CLASSES] = up(w3, b3, &h2);
        let e = z.map(f64::exp);
        let sum: f64 = e.iter().sum();

        let mut z_bar = e.map(|e| e / sum);
        z_bar[LABEL] -= 1.0;
        let [w1_bar, b1_bar, w2_bar, b2_bar, w3_bar, b3_bar] = split_mut(x_bar);
        down(&z_bar, &h2, w3_bar, b3_bar);
        let z_bar = through_tanh(&h2, pull(w3, &z_bar));
        down(&z_bar, &h1, w2_bar, b2_bar);
        let z_bar = through_tanh(&h1, pull(w2, &z_bar));
        down(&z_bar, &self.sample, w1_bar, b1_bar);
        sum.ln() - z[LABEL]
    }
}

/// Lengths of the parameters: weights and biases of each layer.
const LENGTHS: [usize; 6] =
    [HIDDEN * INPUTS, HIDDEN, HIDDEN * HIDDEN, HIDDEN, CLASSES * HIDDEN, CLASSES];

fn split(mut x: &[f64]) -> [&[f64]; 6] {
    LENGTHS.map(|length| x.split_off(..length).expect("all parameters"))
}

fn split_mut(mut x: &mut [f64]) -> [&mut [f64]; 6] {
    LENGTHS.map(|length| x.split_off_mut(..length).expect("all parameters"))
}

/// Rows and columns of a tile: what is worked on at once.
const ROWS: usize = 8;
const COLUMNS: usize = 4;

/// A layer before its activation. Each row is summed in the order of the primal, some rows at once.
#[inline(never)]
fn up<const I: usize, const O: usize>(w: &[f64], b: &[f64], x: &[f64; I]) -> [f64; O] {
    let mut z = [0.0; O];
    let (rows, _) = w.as_chunks::<I>();
    let (tiles, rest) = z.as_chunks_mut::<ROWS>();
    let (row_tiles, row_rest) = rows.as_chunks::<ROWS>();
    for (z, rows) in tiles.iter_mut().zip(row_tiles) {
        *z = products(rows, x);
    }
    for (z, row) in rest.iter_mut().zip(row_rest) {
        [*z] = products(&[*row], x);
    }
    z.iter_mut().zip(b).for_each(|(z, b)| *z += b);
    z
}

/// Rows times `x`. The products of a tile are taken along its rows and added down its columns.
#[inline(always)]
fn products<const I: usize, const R: usize>(rows: &[[f64; I]; R], x: &[f64; I]) -> [f64; R] {
    let mut sums = [-0.0; R]; // to which any number can be added and stays what it is
    for start in (0..I).step_by(COLUMNS) {
        let tile: [[f64; COLUMNS]; R] = from_fn(|r| from_fn(|c| rows[r][start + c] * x[start + c]));
        for c in 0..COLUMNS {
            (0..R).for_each(|r| sums[r] += tile[r][c]);
        }
    }
    sums
}

/// The adjoints of a layer's own parameters. It is not told the length of a row: a compiler that
/// knows it unrolls the row, and then scatters columns.
#[inline(never)]
fn down(z_bar: &[f64], x: &[f64], w_bar: &mut [f64], b_bar: &mut [f64]) {
    b_bar.copy_from_slice(z_bar);
    for (row, z_bar) in w_bar.chunks_exact_mut(x.len()).zip(z_bar) {
        row.iter_mut().zip(x).for_each(|(w_bar, x)| *w_bar = z_bar * x);
    }
}

/// The adjoints of what a layer is applied to.
#[inline(never)]
fn pull(w: &[f64], z_bar: &[f64]) -> [f64; HIDDEN] {
    let mut x_bar = [0.0; HIDDEN];
    for (row, z_bar) in w.chunks_exact(HIDDEN).zip(z_bar) {
        x_bar.iter_mut().zip(row).for_each(|(x_bar, w)| *x_bar = z_bar.mul_add(*w, *x_bar));
    }
    x_bar
}

fn through_tanh(h: &[f64; HIDDEN], h_bar: [f64; HIDDEN]) -> [f64; HIDDEN] {
    from_fn(|i| h_bar[i] * (1.0 - h[i] * h[i]))
}
