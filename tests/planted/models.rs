//! Statistical models. It must not know how they are checked.

use super::{Slip, Subject};
use wengert::Number;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "linear regression",
            f: |v| squared_errors(v),
            gradient: squared_errors_by_hand,
            point: |r| r.many(3, -2.0, 2.0),
            blocks: &[("w", &[2]), ("b", &[])],
            slips: &[
                Slip(1, "the 2 of the square is lost", &["factor"]),
                Slip(2, "the sum is not divided by n", &["factor"]),
                Slip(3, "prediction and measurement are the wrong way round", &["sign"]),
                Slip(4, "the two weights are swapped", &["swapped"]),
                Slip(5, "the bias is given the slope of a weight", &["wrong quantity"]),
            ],
        },
        Subject {
            name: "logistic regression",
            f: |v| logistic(v),
            gradient: logistic_by_hand,
            point: |r| r.many(4, -2.0, 2.0),
            blocks: &[("w", &[3]), ("b", &[])],
            slips: &[
                Slip(1, "the penalty is forgotten", &["missing path", "taken for a constant"]),
                Slip(2, "the penalty's 2 is forgotten", &["factor"]),
                Slip(3, "p (1 - p) is multiplied in, as for squared errors", &["wrong slope"]),
                Slip(4, "the label's term is forgotten", &["missing path", "taken for a constant"]),
                Slip(5, "b is given the derivative in w[0]", &["wrong quantity"]),
            ],
        },
        Subject {
            name: "normal log-likelihood",
            f: |v| log_likelihood(v),
            gradient: log_likelihood_by_hand,
            point: |r| vec![r.between(-1.0, 2.0), r.between(0.3, 3.0)],
            blocks: &[("mu", &[]), ("sigma", &[])],
            slips: &[
                Slip(1, "divided by sigma, not by its square", &["forgotten slope", "wrong slope"]),
                Slip(2, "the term ln sigma is forgotten", &["missing path"]),
                Slip(3, "taken in ln sigma, not in sigma", &["factor"]),
                Slip(4, "of the negative logarithm", &["sign"]),
            ],
        },
        Subject {
            name: "Gaussian mixture",
            f: |v| mixture(v),
            gradient: mixture_by_hand,
            point: |r| vec![r.between(-2.0, 0.0), r.between(0.5, 2.0), r.between(-1.0, 1.0)],
            blocks: &[("mean", &[2]), ("weight", &[])],
            slips: &[
                Slip(
                    1,
                    "the responsibilities are swapped",
                    &["swapped", "wrong slope", "wrong operand"],
                ),
                Slip(
                    2,
                    "the weight's normalisation is forgotten",
                    &["missing path", "taken for a constant"],
                ),
            ],
        },
    ]
}

const DATA: [([f64; 2], f64); 5] = [
    ([0.5, 1.2], 1.0),
    ([-1.1, 0.3], -0.5),
    ([0.8, -0.7], 0.25),
    ([1.9, 0.4], 2.0),
    ([-0.6, -1.4], -1.5),
];

fn squared_errors<N: Number>(v: &[N]) -> N {
    let errors = DATA.iter().map(|(x, y)| (v[0] * x[0] + v[1] * x[1] + v[2] - *y).square());
    errors.sum::<N>() / DATA.len() as f64
}

fn squared_errors_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let n = if slip == 2 { 1.0 } else { DATA.len() as f64 };
    let two = if slip == 1 { 1.0 } else { 2.0 };
    let mut g = vec![0.0; 3];
    for (x, y) in DATA {
        let mut error = v[0] * x[0] + v[1] * x[1] + v[2] - y;
        if slip == 3 {
            error = -error;
        }
        g[0] += two * error * x[0] / n;
        g[1] += two * error * x[1] / n;
        g[2] += two * error / n;
    }
    match slip {
        4 => g.swap(0, 1),
        5 => g[2] = g[1],
        _ => {}
    }
    g
}

const CASES: [([f64; 3], f64); 4] = [
    ([1.0, 0.5, -0.3], 1.0),
    ([-0.7, 1.1, 0.2], 0.0),
    ([0.3, -0.9, 1.4], 1.0),
    ([-1.2, -0.4, -0.8], 0.0),
];
const PENALTY: f64 = 0.1;

fn logistic<N: Number>(v: &[N]) -> N {
    let loss = CASES.iter().map(|(x, y)| {
        let z = v[0] * x[0] + v[1] * x[1] + v[2] * x[2] + v[3];
        z.softplus() - z * *y
    });
    let penalty = (v[0].square() + v[1].square() + v[2].square()) * PENALTY;
    loss.sum::<N>() / CASES.len() as f64 + penalty
}

fn logistic_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let mut g = vec![0.0; 4];
    for (x, y) in CASES {
        let z = v[0] * x[0] + v[1] * x[1] + v[2] * x[2] + v[3];
        let p = 1.0 / (1.0 + (-z).exp());
        let mut delta = match slip {
            3 => (p - y) * p * (1.0 - p),
            4 => p,
            _ => p - y,
        };
        delta /= CASES.len() as f64;
        (0..3).for_each(|k| g[k] += delta * x[k]);
        g[3] += delta;
    }
    let two = if slip == 2 { 1.0 } else { 2.0 };
    if slip != 1 {
        (0..3).for_each(|k| g[k] += two * PENALTY * v[k]);
    }
    if slip == 5 {
        g[3] = g[0];
    }
    g
}

const SAMPLE: [f64; 6] = [0.2, 1.7, -0.4, 0.9, 1.1, 0.3];

fn log_likelihood<N: Number>(v: &[N]) -> N {
    let (mu, sigma) = (v[0], v[1]);
    let terms = SAMPLE.iter().map(|x| ((mu - *x) / sigma).square() * -0.5);
    terms.sum::<N>() - sigma.ln() * SAMPLE.len() as f64
}

fn log_likelihood_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (mu, sigma, n) = (v[0], v[1], SAMPLE.len() as f64);
    let (mut in_mu, mut in_sigma) = (0.0, 0.0);
    for x in SAMPLE {
        let off = x - mu;
        in_mu += if slip == 1 { off / sigma } else { off / sigma.powi(2) };
        in_sigma += off.powi(2) / sigma.powi(3);
    }
    if slip != 2 {
        in_sigma -= n / sigma;
    }
    match slip {
        3 => vec![in_mu, in_sigma * sigma],
        4 => vec![-in_mu, -in_sigma],
        _ => vec![in_mu, in_sigma],
    }
}

fn mixture<N: Number>(v: &[N]) -> N {
    let (a, b) = ((-v[2]).softplus(), v[2].softplus());
    let terms = SAMPLE.iter().map(|x| {
        let first = (v[0] - *x).square() * -0.5 - a;
        let second = (v[1] - *x).square() * -0.5 - b;
        first.log_add_exp(second)
    });
    -terms.sum::<N>()
}

fn mixture_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let share = 1.0 / (1.0 + (-v[2]).exp());
    let mut g = vec![0.0; 3];
    for x in SAMPLE {
        let first = share * (-0.5 * (v[0] - x).powi(2)).exp();
        let second = (1.0 - share) * (-0.5 * (v[1] - x).powi(2)).exp();
        let mut r = first / (first + second);
        g[2] -= if slip == 2 { r } else { r - share };
        if slip == 1 {
            r = 1.0 - r;
        }
        g[0] += r * (v[0] - x);
        g[1] += (1.0 - r) * (v[1] - x);
    }
    g
}
