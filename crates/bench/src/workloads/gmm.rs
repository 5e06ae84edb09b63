//! W4, the log-likelihood of a Gaussian mixture with a Wishart prior, as ADBench states it: millions
//! of operations on few inputs. It must not know ADBench's files: its data are drawn from a seed.

use super::Workload;
use std::array::from_fn;
use std::f64::consts::{LN_2, PI};
use wengert::{Number, Real};

/// Dimensions of a point.
const D: usize = 10;
/// Components of the mixture.
const K: usize = 25;
const POINTS: usize = 1000;
/// Entries of a factor below its diagonal.
const BELOW: usize = D * (D - 1) / 2;
const FACTOR: usize = D + BELOW;
/// The Wishart prior: scale `GAMMA`, no extra degrees of freedom (ADBench's `m` is 0).
const GAMMA: f64 = 1.0;

/// Inputs in the order of ADBench: for each component an unnormalised log weight, then a mean, then
/// a factor of the inverse covariance: the logs of its diagonal, and its columns below that.
#[derive(Clone)]
pub struct Gmm {
    data: Vec<[f64; D]>,
    constant: f64,
    inputs: Vec<f64>,
    mixture: Box<Mixture>,
    bars: Box<Mixture>,
    whitened: Box<[Wide; D]>,
}

impl Gmm {
    /// The data set of the one seed that all runs use.
    pub fn new() -> Gmm {
        let mut random = Random(1);
        let mut inputs: Vec<f64> = (0..K).map(|_| random.normal()).collect();
        inputs.extend((0..K * D).map(|_| random.uniform()));
        inputs.extend((0..K * FACTOR).map(|_| random.normal()));
        Gmm {
            data: (0..POINTS).map(|_| from_fn(|_| random.normal())).collect(),
            constant: -0.5 * (POINTS * D) as f64 * (2.0 * PI).ln() - K as f64 * wishart_constant(),
            inputs,
            mixture: Box::default(),
            bars: Box::default(),
            whitened: Box::new([Wide::default(); D]),
        }
    }
}

impl Workload for Gmm {
    fn name(&self) -> String {
        "gmm".into()
    }

    /// As ADBench writes it: a sum begins with an addition to 0 and a sum of squares with a square,
    /// and the largest term is found without an operation. The constants are added as one.
    fn ops(&self) -> usize {
        let log_sum_exp = 3 * K + 2;
        let whiten = D + D + 2 * BELOW;
        let point = K * (whiten + (2 * D - 1) + 3) + log_sum_exp + 1;
        let diagonals = K * 2 * D;
        let prior = K * ((2 * D - 1) + (2 * BELOW - 1) + 3);
        diagonals + POINTS * point + prior + log_sum_exp + 4
    }

    fn points(&self) -> Vec<Vec<f64>> {
        vec![self.inputs.clone()]
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        let (alphas, rest) = x.split_at(K);
        let (means, factors) = rest.split_at(K * D);
        let component = |k| Component::new(alphas[k], &means[k * D..], &factors[k * FACTOR..]);
        let components: [_; K] = from_fn(component);
        let likelihood = total(self.data.iter().map(|point| {
            let terms: [N; K] = from_fn(|k| components[k].log_density(point));
            log_sum_exp(&terms)
        }));
        let prior = total(components.iter().map(Component::log_prior));
        likelihood - log_sum_exp(alphas) * POINTS as f64 + prior + self.constant
    }

    /// One point after the other, up and down, with all components side by side in every loop.
    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        self.mixture.load(x);
        *self.bars = Mixture::default();
        let mut terms = Wide::default();
        let mut likelihood = 0.0;
        for point in &self.data {
            self.mixture.log_densities(point, &mut self.whitened, &mut terms);
            likelihood += to_shares(&mut terms.0);
            self.mixture.pull(point, &self.whitened, &terms, &mut self.bars);
        }

        let mut alphas = Wide::default();
        alphas.0[..K].copy_from_slice(&x[..K]);
        let normaliser = to_shares(&mut alphas.0);
        self.mixture.store(&self.bars, &alphas, x_bar);
        likelihood - normaliser * POINTS as f64 + self.mixture.log_prior() + self.constant
    }
}

/// One component as a user of the library writes it.
struct Component<'a, N> {
    alpha: N,
    mean: &'a [N],
    log_determinant: N,
    diagonal: [N; D],
    below: &'a [N],
}

impl<'a, N: Real> Component<'a, N> {
    fn new(alpha: N, mean: &'a [N], factor: &'a [N]) -> Self {
        let (logs, below) = factor[..FACTOR].split_at(D);
        let log_determinant = total(logs.iter().copied());
        Component { alpha, mean, log_determinant, diagonal: from_fn(|i| logs[i].exp()), below }
    }

    /// The log of its weight times its density at a point, up to constants.
    fn log_density(&self, point: &[f64; D]) -> N {
        let centred: [N; D] = from_fn(|i| N::constant(point[i]) - self.mean[i]);
        let whitened = whiten(&self.diagonal, |p| self.below[p], &centred);
        self.alpha + self.log_determinant - square_norm(&whitened) * 0.5
    }

    fn log_prior(&self) -> N {
        (square_norm(&self.diagonal) + square_norm(self.below)) * (0.5 * GAMMA * GAMMA)
    }
}

/// The factor, a lower triangle whose entries below the diagonal stand column by column, times `x`.
#[inline(always)]
fn whiten<N: Number>(diagonal: &[N; D], below: impl Fn(usize) -> N, x: &[N; D]) -> [N; D] {
    let mut product = from_fn(|i| diagonal[i] * x[i]);
    let mut position = 0;
    for column in 0..D {
        for row in column + 1..D {
            product[row] = product[row] + below(position) * x[column];
            position += 1;
        }
    }
    product
}

fn total<N: Number>(terms: impl Iterator<Item = N>) -> N {
    terms.fold(N::constant(0.0), |sum, term| sum + term)
}

#[inline(always)]
fn square_norm<N: Number>(x: &[N]) -> N {
    x[1..].iter().fold(x[0].square(), |sum, x| sum + x.square())
}

/// Shifted by the largest term, which is found by comparison and not by an operation.
fn log_sum_exp<N: Real>(x: &[N]) -> N {
    let largest = largest(x);
    total(x.iter().map(|x| (*x - largest).exp())).ln() + largest
}

fn largest<N: Real>(x: &[N]) -> N {
    x[1..].iter().fold(x[0], |largest, x| if *x > largest { *x } else { largest })
}

/// Components side by side, and empty ones up to the width of whole vectors.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Wide([f64; WIDTH]);

const WIDTH: usize = K.next_multiple_of(8);

impl Default for Wide {
    fn default() -> Self {
        Wide([0.0; WIDTH])
    }
}

/// All components, entry by entry: every loop over them runs along contiguous memory. Adjoints have
/// the same shape, where `offset` and `mean` stand for the sums of what flows into the log densities
/// and into the whitened points.
#[derive(Clone)]
struct Mixture {
    offset: Wide,
    mean: [Wide; D],
    diagonal: [Wide; D],
    below: [Wide; BELOW],
}

impl Default for Mixture {
    fn default() -> Self {
        let zero = Wide::default();
        Mixture { offset: zero, mean: [zero; D], diagonal: [zero; D], below: [zero; BELOW] }
    }
}

impl Mixture {
    fn load(&mut self, x: &[f64]) {
        let (alphas, rest) = x.split_at(K);
        let (means, factors) = rest.split_at(K * D);
        for (k, (mean, factor)) in means.chunks(D).zip(factors.chunks(FACTOR)).enumerate() {
            self.offset.0[k] = alphas[k] + total(factor[..D].iter().copied());
            (0..D).for_each(|i| self.mean[i].0[k] = mean[i]);
            (0..D).for_each(|i| self.diagonal[i].0[k] = factor[i].exp());
            (0..BELOW).for_each(|p| self.below[p].0[k] = factor[D + p]);
        }
    }

    /// The log densities at a point. Keeps the whitened point of each component for the way down.
    #[inline(never)]
    fn log_densities(&self, point: &[f64; D], whitened: &mut [Wide; D], terms: &mut Wide) {
        for k in 0..WIDTH {
            let centred = from_fn(|i| point[i] - self.mean[i].0[k]);
            let y = whiten(&from_fn(|i| self.diagonal[i].0[k]), |p| self.below[p].0[k], &centred);
            terms.0[k] = self.offset.0[k] - square_norm(&y) * 0.5;
            (0..D).for_each(|i| whitened[i].0[k] = y[i]);
        }
    }

    /// Adds what one point contributes to the adjoints. What flows into the centred point is a
    /// linear function of what flows into the whitened one, and waits for the sum over all points.
    #[inline(never)]
    fn pull(&self, point: &[f64; D], whitened: &[Wide; D], shares: &Wide, bars: &mut Mixture) {
        for k in 0..WIDTH {
            let centred: [f64; D] = from_fn(|i| point[i] - self.mean[i].0[k]);
            let y: [f64; D] = from_fn(|i| shares.0[k] * whitened[i].0[k]);
            bars.offset.0[k] += shares.0[k];
            for i in 0..D {
                bars.mean[i].0[k] += y[i];
                bars.diagonal[i].0[k] = y[i].mul_add(centred[i], bars.diagonal[i].0[k]);
            }
            let mut position = 0;
            for column in 0..D {
                for row in column + 1..D {
                    let bar = &mut bars.below[position].0[k];
                    *bar = y[row].mul_add(centred[column], *bar);
                    position += 1;
                }
            }
        }
    }

    /// Turns the sums over all points into the gradient, with what the prior and the normaliser add.
    fn store(&self, bars: &Mixture, alpha_shares: &Wide, x_bar: &mut [f64]) {
        let (alphas, rest) = x_bar.split_at_mut(K);
        let (means, factors) = rest.split_at_mut(K * D);
        for (k, (mean, factor)) in means.chunks_mut(D).zip(factors.chunks_mut(FACTOR)).enumerate() {
            alphas[k] = bars.offset.0[k] - POINTS as f64 * alpha_shares.0[k];
            for i in 0..D {
                let diagonal = self.diagonal[i].0[k];
                let from_points = bars.diagonal[i].0[k];
                factor[i] = bars.offset.0[k] + (GAMMA * GAMMA * diagonal - from_points) * diagonal;
            }
            for p in 0..BELOW {
                factor[D + p] = GAMMA * GAMMA * self.below[p].0[k] - bars.below[p].0[k];
            }
            self.store_mean(k, bars, mean);
        }
    }

    /// The transposed factor times what flows into the whitened points.
    fn store_mean(&self, k: usize, bars: &Mixture, mean: &mut [f64]) {
        let mut below = self.below.iter();
        for column in 0..D {
            mean[column] = self.diagonal[column].0[k] * bars.mean[column].0[k];
            for (row, entry) in (column + 1..D).zip(&mut below) {
                mean[column] += entry.0[k] * bars.mean[row].0[k];
            }
        }
    }

    fn log_prior(&self) -> f64 {
        total((0..K).map(|k| {
            let diagonal: [f64; D] = from_fn(|i| self.diagonal[i].0[k]);
            let below: [f64; BELOW] = from_fn(|p| self.below[p].0[k]);
            (square_norm(&diagonal) + square_norm(&below)) * (0.5 * GAMMA * GAMMA)
        }))
    }
}

/// Replaces the first `K` terms by the shares of their exponentials, and returns the log of the sum.
#[inline(always)]
fn to_shares(terms: &mut [f64; WIDTH]) -> f64 {
    let largest = largest(&terms[..K]);
    let mut sum = 0.0;
    for term in &mut terms[..K] {
        *term = (*term - largest).exp();
        sum += *term;
    }
    let scale = 1.0 / sum;
    terms.iter_mut().for_each(|term| *term *= scale);
    sum.ln() + largest
}

/// The log of the normaliser of the Wishart density, up to the scale of the factor.
fn wishart_constant() -> f64 {
    let (d, freedom) = (D as f64, (D + 1) as f64);
    let log_gammas: f64 = (0..D).map(|j| libm::lgamma(0.5 * (freedom - j as f64))).sum();
    freedom * d * (GAMMA.ln() - 0.5 * LN_2) - (0.25 * d * (d - 1.0) * PI.ln() + log_gammas)
}

/// SplitMix64 (Steele, Lea and Flood, 2014): a stream that no dependency can change.
struct Random(u64);

impl Random {
    /// Uniform in [0, 1).
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (2.0 * PI * self.uniform()).cos()
    }
}
