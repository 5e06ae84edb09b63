//! Single layers of networks. It must not know how they are checked.

use super::{Slip, Subject};
use wengert::Number;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "softmax cross-entropy",
            f: |v| cross_entropy(v),
            gradient: cross_entropy_by_hand,
            point: |r| r.many(9, -1.5, 1.5),
            blocks: &[("W", &[3, 2]), ("b", &[3])],
            slips: &[
                Slip(1, "W is written column by column", &["transposed"]),
                Slip(
                    2,
                    "the one of the label is not subtracted",
                    &["missing path", "taken for a constant"],
                ),
                Slip(3, "label less share", &["sign"]),
                Slip(4, "b is off by one class", &["shifted"]),
                Slip(5, "only b has the wrong sign", &["sign"]),
            ],
        },
        Subject {
            name: "batch normalisation",
            f: |v| batch_norm(v),
            gradient: batch_norm_by_hand,
            point: |r| [r.many(4, -2.0, 2.0), r.many(2, 0.5, 2.0)].concat(),
            blocks: &[("x", &[4]), ("gamma", &[]), ("beta", &[])],
            slips: &[
                Slip(
                    1,
                    "the mean is taken for a constant",
                    &["missing path", "taken for a constant"],
                ),
                Slip(
                    2,
                    "the variance is taken for a constant",
                    &["missing path", "taken for a constant"],
                ),
                Slip(3, "mean and variance both are", &["missing path", "taken for a constant"]),
                Slip(4, "gamma is forgotten on the way to x", &["wrong slope", "forgotten slope"]),
                Slip(
                    5,
                    "gamma is given x, not x normalised",
                    &["wrong operand", "before the activation", "wrong slope"],
                ),
            ],
        },
        Subject {
            name: "layer with tanh",
            f: |v| tanh_layer(v),
            gradient: tanh_layer_by_hand,
            point: |r| r.many(8, -1.0, 1.0),
            blocks: &[("W", &[2, 3]), ("b", &[2])],
            slips: &[
                Slip(1, "the slope of tanh is forgotten", &["forgotten slope"]),
                Slip(2, "1 - z^2, with z before the tanh", &["slope at the wrong place"]),
                Slip(3, "tanh in place of its slope", &["value for slope"]),
                Slip(4, "W is transposed", &["transposed"]),
                Slip(5, "the inputs are shifted by one", &["shifted"]),
            ],
        },
        Subject {
            name: "attention of one query",
            f: |v| attention(v),
            gradient: attention_by_hand,
            point: |r| r.many(8, -1.0, 1.0),
            blocks: &[("q", &[2]), ("K", &[3, 2])],
            slips: &[
                Slip(
                    1,
                    "the softmax is taken to be diagonal",
                    &["missing path", "taken for a constant"],
                ),
                Slip(2, "not divided by the root of d", &["factor"]),
                Slip(
                    3,
                    "keys in place of the query",
                    &["wrong operand", "wrong slope", "wrong quantity"],
                ),
            ],
        },
    ]
}

const INPUT: [f64; 2] = [0.8, -1.3];
const LABEL: usize = 1;

fn cross_entropy<N: Number>(v: &[N]) -> N {
    let z: Vec<N> =
        (0..3).map(|k| v[2 * k] * INPUT[0] + v[2 * k + 1] * INPUT[1] + v[6 + k]).collect();
    N::call(wengert::Op::LogSumExp, &z) - z[LABEL]
}

fn cross_entropy_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let z: Vec<f64> =
        (0..3).map(|k| v[2 * k] * INPUT[0] + v[2 * k + 1] * INPUT[1] + v[6 + k]).collect();
    let largest = z.iter().copied().fold(f64::MIN, f64::max);
    let e: Vec<f64> = z.iter().map(|z| (z - largest).exp()).collect();
    let sum: f64 = e.iter().sum();
    let mut delta: Vec<f64> = e.iter().map(|e| e / sum).collect();
    if slip != 2 {
        delta[LABEL] -= 1.0;
    }
    if slip == 3 {
        delta.iter_mut().for_each(|d| *d = -*d);
    }
    let at = |k: usize, i: usize| if slip == 1 { i * 3 + k } else { k * 2 + i };
    let mut g = vec![0.0; 9];
    for k in 0..3 {
        (0..2).for_each(|i| g[at(k, i)] = delta[k] * INPUT[i]);
        g[6 + k] = match slip {
            4 => delta[(k + 1) % 3],
            5 => -delta[k],
            _ => delta[k],
        };
    }
    g
}

const EPSILON: f64 = 1e-5;
const WEIGHTS: [f64; 4] = [0.7, -1.2, 0.4, 0.9];

/// A batch of one feature, normalised, and weighed.
fn batch_norm<N: Number>(v: &[N]) -> N {
    let (x, gamma, beta) = (&v[..4], v[4], v[5]);
    let mean = x.iter().copied().sum::<N>() / 4.0;
    let variance = x.iter().map(|x| (*x - mean).square()).sum::<N>() / 4.0;
    let scale = (variance + EPSILON).sqrt();
    let y = x.iter().map(|x| (*x - mean) / scale * gamma + beta);
    y.zip(WEIGHTS).map(|(y, w)| y * w).sum()
}

fn batch_norm_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (x, gamma) = (&v[..4], v[4]);
    let mean = x.iter().sum::<f64>() / 4.0;
    let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4.0;
    let scale = (variance + EPSILON).sqrt();
    let normal: Vec<f64> = x.iter().map(|x| (x - mean) / scale).collect();
    let gamma_bar = if slip == 4 { 1.0 } else { gamma };
    let bars: Vec<f64> = WEIGHTS.iter().map(|w| w * gamma_bar).collect();
    let of_mean = if slip == 1 || slip == 3 { 0.0 } else { bars.iter().sum::<f64>() / 4.0 };
    let dot: f64 = bars.iter().zip(&normal).map(|(b, n)| b * n).sum::<f64>() / 4.0;
    let of_variance = if slip == 2 || slip == 3 { 0.0 } else { dot };
    let mut g: Vec<f64> =
        (0..4).map(|k| (bars[k] - of_mean - normal[k] * of_variance) / scale).collect();
    let given = if slip == 5 { x } else { &normal };
    g.push(WEIGHTS.iter().zip(given).map(|(w, n)| w * n).sum());
    g.push(WEIGHTS.iter().sum());
    g
}

const FEATURES: [f64; 3] = [0.9, -0.5, 1.6];
const TARGETS: [f64; 2] = [0.3, -0.6];

fn tanh_layer<N: Number>(v: &[N]) -> N {
    let loss = (0..2).map(|k| {
        let row = &v[3 * k..3 * k + 3];
        let z = row[0] * FEATURES[0] + row[1] * FEATURES[1] + row[2] * FEATURES[2] + v[6 + k];
        (z.tanh() - TARGETS[k]).square() * 0.5
    });
    loss.sum()
}

fn tanh_layer_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let mut g = vec![0.0; 8];
    for k in 0..2 {
        let z: f64 = (0..3).map(|i| v[3 * k + i] * FEATURES[i]).sum::<f64>() + v[6 + k];
        let h = z.tanh();
        let slope = match slip {
            1 => 1.0,
            2 => 1.0 - z * z,
            3 => h,
            _ => 1.0 - h * h,
        };
        let delta = (h - TARGETS[k]) * slope;
        for i in 0..3 {
            let at = if slip == 4 { i * 2 + k } else { 3 * k + i };
            let from = if slip == 5 { (i + 1) % 3 } else { i };
            g[at] = delta * FEATURES[from];
        }
        g[6 + k] = delta;
    }
    g
}

const VALUES: [f64; 3] = [0.5, -1.1, 1.7];

fn attention<N: Number>(v: &[N]) -> N {
    let (q, keys) = (&v[..2], &v[2..]);
    let scores = (0..3).map(|k| {
        let score = q[0] * keys[2 * k] + q[1] * keys[2 * k + 1];
        (score / 2f64.sqrt()).exp()
    });
    let e: Vec<N> = scores.collect();
    let sum = e[0] + e[1] + e[2];
    (0..3).map(|k| e[k] / sum * VALUES[k]).sum()
}

fn attention_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (q, keys) = (&v[..2], &v[2..]);
    let root = 2f64.sqrt();
    let scores = (0..3).map(|k| (q[0] * keys[2 * k] + q[1] * keys[2 * k + 1]) / root);
    let e: Vec<f64> = scores.map(f64::exp).collect();
    let sum: f64 = e.iter().sum();
    let shares: Vec<f64> = e.iter().map(|e| e / sum).collect();
    let mean: f64 = shares.iter().zip(VALUES).map(|(s, v)| s * v).sum();
    let mut g = vec![0.0; 8];
    for k in 0..3 {
        let mut score_bar = match slip {
            1 => shares[k] * VALUES[k],
            _ => shares[k] * (VALUES[k] - mean),
        };
        if slip != 2 {
            score_bar /= root;
        }
        for i in 0..2 {
            g[i] += score_bar * keys[2 * k + i];
            g[2 + 2 * k + i] = score_bar * if slip == 3 { keys[2 * k + i] } else { q[i] };
        }
    }
    g
}
