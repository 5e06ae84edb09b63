//! Points at which a derivative is zero: minima, maxima, saddles, and data that is symmetric. It must
//! not know how they are checked.

use super::{Special, gradient};
use wengert::{Number, Var};

const T: [f64; 5] = [-2.0, -1.0, 0.0, 1.0, 2.0];
const BELL: [f64; 5] = [0.1, 0.6, 1.0, 0.6, 0.1];

pub(crate) fn specials() -> Vec<Special> {
    vec![
        gradient(
            ["minimum", "(x - 1)²"],
            &[1.0],
            |v| (v[0] - 1.0).square(),
            |x| vec![2.0 * (x[0] - 1.0)],
            "twice the slope",
            |x| vec![4.0 * (x[0] - 1.0)],
        ),
        gradient(
            ["minimum", "Rosenbrock's function"],
            &[1.0, 1.0],
            |v| (v[1] - v[0].square()).square() * 100.0 + (-v[0] + 1.0).square(),
            |x| {
                let u = x[1] - x[0] * x[0];
                vec![-400.0 * x[0] * u - 2.0 * (1.0 - x[0]), 200.0 * u]
            },
            "the inner 2 is lost",
            |x| {
                let u = x[1] - x[0] * x[0];
                vec![-200.0 * x[0] * u - 2.0 * (1.0 - x[0]), 200.0 * u]
            },
        ),
        gradient(
            ["minimum", "a line through its points"],
            &[2.0, 1.0],
            |v| T.iter().map(|t| (v[0] * *t + v[1] - (2.0 * t + 1.0)).square()).sum(),
            |x| line(x, true),
            "the time is left out of the slope's component",
            |x| line(x, false),
        ),
        gradient(
            ["symmetric data", "a bell through symmetric points"],
            &[0.9, 0.0],
            |v| {
                let bell = |t: f64| v[0] * (-(-v[1] + t).square()).exp();
                T.iter().zip(BELL).map(|(t, y)| (bell(*t) - y).square()).sum()
            },
            |x| bell(x, 1.0),
            "the sign of the centre's component",
            |x| bell(x, -1.0),
        ),
        gradient(
            ["minimum", "x⁴"],
            &[0.0],
            |v| v[0].powi(4),
            |x| vec![4.0 * x[0].powi(3)],
            "3 x³",
            |x| vec![3.0 * x[0].powi(3)],
        ),
        gradient(
            ["minimum", "1 - cos x"],
            &[0.0],
            |v| -v[0].cos() + 1.0,
            |x| vec![x[0].sin()],
            "the sign",
            |x| vec![-x[0].sin()],
        ),
        gradient(
            ["symmetric data", "logistic loss at w = 0"],
            &[0.0],
            |v| v[0].softplus() + (-v[0]).softplus(),
            |x| vec![sigmoid(x[0]) - sigmoid(-x[0])],
            "the second term is forgotten half",
            |x| vec![sigmoid(x[0]) - 0.5],
        ),
        gradient(
            ["minimum", "three residuals that vanish"],
            &[1.5, -0.5],
            |v| {
                let r = [v[0] + v[1] - 1.0, v[0] - v[1] - 2.0, v[0] * 2.0 + v[1] - 2.5];
                r.into_iter().map(|r| r.square()).sum()
            },
            |x| {
                let r = [x[0] + x[1] - 1.0, x[0] - x[1] - 2.0, 2.0 * x[0] + x[1] - 2.5];
                vec![2.0 * (r[0] + r[1] + 2.0 * r[2]), 2.0 * (r[0] - r[1] + r[2])]
            },
            "a weight 2 is forgotten",
            |x| {
                let r = [x[0] + x[1] - 1.0, x[0] - x[1] - 2.0, 2.0 * x[0] + x[1] - 2.5];
                vec![2.0 * (r[0] + r[1] + r[2]), 2.0 * (r[0] - r[1] + r[2])]
            },
        ),
        gradient(
            ["saddle", "x y"],
            &[0.0, 0.0],
            |v| v[0] * v[1],
            |x| vec![x[1], x[0]],
            "the components are swapped",
            |x| vec![x[0], x[1]],
        ),
        gradient(
            ["maximum", "2 ln x + 3 ln(1 - x)"],
            &[0.4],
            |v| v[0].ln() * 2.0 + (-v[0] + 1.0).ln() * 3.0,
            |x| vec![2.0 / x[0] - 3.0 / (1.0 - x[0])],
            "multiplied by x",
            |x| vec![2.0 - 3.0 * x[0] / (1.0 - x[0])],
        ),
        gradient(
            ["minimum", "a quadratic form"],
            &[0.0, 0.0],
            |v| v[0].square() * 3.0 + v[0] * v[1] * 2.0 + v[1].square() * 5.0,
            |x| vec![6.0 * x[0] + 2.0 * x[1], 2.0 * x[0] + 10.0 * x[1]],
            "A x in place of 2 A x",
            |x| vec![3.0 * x[0] + x[1], x[0] + 5.0 * x[1]],
        ),
        gradient(
            ["symmetric data", "variance of equal numbers"],
            &[1.5, 1.5, 1.5],
            |v| {
                let mean = (v[0] + v[1] + v[2]) / 3.0;
                v.iter().map(|x| (*x - mean).square()).sum::<Var<'_>>() / 3.0
            },
            |x| {
                let mean = (x[0] + x[1] + x[2]) / 3.0;
                x.iter().map(|x| 2.0 * (x - mean) / 3.0).collect()
            },
            "the 2 of the square is lost",
            |x| {
                let mean = (x[0] + x[1] + x[2]) / 3.0;
                x.iter().map(|x| (x - mean) / 3.0).collect()
            },
        ),
        gradient(
            ["minimum", "distance of two points that coincide"],
            &[0.3, -0.8, 0.3, -0.8],
            |v| (v[0] - v[2]).square() + (v[1] - v[3]).square(),
            |x| {
                let d = [2.0 * (x[0] - x[2]), 2.0 * (x[1] - x[3])];
                vec![d[0], d[1], -d[0], -d[1]]
            },
            "the sign of the second point",
            |x| {
                let d = [2.0 * (x[0] - x[2]), 2.0 * (x[1] - x[3])];
                vec![d[0], d[1], d[0], d[1]]
            },
        ),
        gradient(
            ["no dependence", "softmax's loss, all logits moved by b"],
            &[0.3, -0.2, 0.7],
            |v| {
                let [p, q] = [v[0] + v[2], v[1] + v[2]];
                p.log_add_exp(q) - p
            },
            |x| shifted(x, 0.0),
            "b is given a slope",
            |x| shifted(x, 1e-3),
        ),
        gradient(
            ["minimum", "residuals of sines at the angle they were made of"],
            &[0.1 + 0.2],
            |v| {
                [1.0, 2.0, 3.0]
                    .map(|k| ((v[0] * k).sin() - (0.3 * k).sin()).square())
                    .into_iter()
                    .sum()
            },
            |x| sines(x[0], |k| k),
            "the inner slope k is forgotten",
            |x| sines(x[0], |_| 1.0),
        ),
        gradient(
            ["minimum", "a misfit of exponentials"],
            &[2.0, 0.5],
            |v| {
                let misfit = |t: f64| v[0] * (-v[1] * t).exp() - 2.0 * (-0.5 * t).exp();
                [0.5, 1.0, 1.5].map(|t| misfit(t).square()).into_iter().sum()
            },
            |x| exponentials(x, -1.0),
            "the sign of the rate's component",
            |x| exponentials(x, 1.0),
        ),
    ]
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn line(x: &[f64], with_time: bool) -> Vec<f64> {
    let residual = |t: f64| x[0] * t + x[1] - (2.0 * t + 1.0);
    let weighed = |t: &f64| 2.0 * residual(*t) * if with_time { *t } else { 1.0 };
    vec![T.iter().map(weighed).sum(), T.iter().map(|t| 2.0 * residual(*t)).sum()]
}

fn bell(x: &[f64], sign: f64) -> Vec<f64> {
    let (mut height, mut centre) = (0.0, 0.0);
    for (t, y) in T.iter().zip(BELL) {
        let e = (-(t - x[1]).powi(2)).exp();
        let r = x[0] * e - y;
        height += 2.0 * r * e;
        centre += 2.0 * r * x[0] * e * 2.0 * (t - x[1]);
    }
    vec![height, sign * centre]
}

fn shifted(x: &[f64], slope: f64) -> Vec<f64> {
    let p = sigmoid(x[0] - x[1]);
    vec![p - 1.0, 1.0 - p, slope]
}

fn sines(x: f64, inner: fn(f64) -> f64) -> Vec<f64> {
    let term = |k: f64| 2.0 * ((k * x).sin() - (0.3 * k).sin()) * (k * x).cos() * inner(k);
    vec![term(1.0) + term(2.0) + term(3.0)]
}

fn exponentials(x: &[f64], sign: f64) -> Vec<f64> {
    let (mut size, mut rate) = (0.0, 0.0);
    for t in [0.5, 1.0, 1.5] {
        let e = (-x[1] * t).exp();
        let r = x[0] * e - 2.0 * (-0.5 * t).exp();
        size += 2.0 * r * e;
        rate += sign * 2.0 * r * x[0] * t * e;
    }
    vec![size, rate]
}
