//! Points at which numbers are equal, 0 or 1, so that a wrong gradient may agree by chance. It must not
//! know how they are checked.

use super::{Checked, Special, gradient};
use wengert::{Number, Var};

pub(crate) fn specials() -> Vec<Special> {
    let mut all = equal();
    all.extend(round());
    all.extend(matrices());
    all
}

fn equal() -> Vec<Special> {
    vec![
        gradient(
            ["equal weights", "sin(x y)"],
            &[0.7, 0.7],
            |v| (v[0] * v[1]).sin(),
            |x| vec![x[1] * (x[0] * x[1]).cos(), x[0] * (x[0] * x[1]).cos()],
            "the components are swapped",
            |x| vec![x[0] * (x[0] * x[1]).cos(), x[1] * (x[0] * x[1]).cos()],
        ),
        gradient(
            ["equal weights", "x y z"],
            &[2.1, 2.1, 2.1],
            |v| v[0] * v[1] * v[2],
            |x| vec![x[1] * x[2], x[0] * x[2], x[0] * x[1]],
            "the components are shifted",
            |x| vec![x[0] * x[2], x[0] * x[1], x[1] * x[2]],
        ),
        gradient(
            ["equal weights", "hypot(x, y)"],
            &[3.3, 3.3],
            |v| v[0].hypot(v[1]),
            |x| vec![x[0] / x[0].hypot(x[1]), x[1] / x[0].hypot(x[1])],
            "the components are swapped",
            |x| vec![x[1] / x[0].hypot(x[1]), x[0] / x[0].hypot(x[1])],
        ),
        gradient(
            ["equal weights", "atan2(y, x)"],
            &[0.9, 0.9],
            |v| v[0].atan2(v[1]),
            |x| {
                let r = x[0] * x[0] + x[1] * x[1];
                vec![x[1] / r, -x[0] / r]
            },
            "y where x belongs",
            |x| {
                let r = x[0] * x[0] + x[1] * x[1];
                vec![x[0] / r, -x[1] / r]
            },
        ),
        gradient(
            ["equal weights", "log_add_exp(x, y)"],
            &[1.3, 1.3],
            |v| v[0].log_add_exp(v[1]),
            |x| {
                let share = 1.0 / (1.0 + (x[1] - x[0]).exp());
                vec![share, 1.0 - share]
            },
            "the shares are swapped",
            |x| {
                let share = 1.0 / (1.0 + (x[1] - x[0]).exp());
                vec![1.0 - share, share]
            },
        ),
        gradient(
            ["equal weights", "determinant, two by two"],
            &[1.0, 1.0, 1.0, 1.0],
            |v| v[0] * v[3] - v[1] * v[2],
            |x| vec![x[3], -x[2], -x[1], x[0]],
            "the entries, not the cofactors",
            |x| vec![x[0], -x[1], -x[2], x[3]],
        ),
        gradient(
            ["equal weights", "two tanh in a row"],
            &[0.6, 0.6],
            |v| ((v[0] * 0.8).tanh() * v[1]).tanh(),
            |x| tanhs(x, 1),
            "the outer weight's place is taken by the inner one's",
            |x| tanhs(x, 0),
        ),
        gradient(
            ["equal weights", "geometric mean"],
            &[4.2, 4.2],
            |v| (v[0] * v[1]).sqrt(),
            |x| vec![0.5 * (x[1] / x[0]).sqrt(), 0.5 * (x[0] / x[1]).sqrt()],
            "the roots are swapped",
            |x| vec![0.5 * (x[0] / x[1]).sqrt(), 0.5 * (x[1] / x[0]).sqrt()],
        ),
        gradient(
            ["equal weights", "entropy of equal shares"],
            &[0.25, 0.25, 0.25, 0.25],
            |v| v.iter().map(|p| *p * p.ln()).sum(),
            |x| x.iter().map(|p| p.ln() + 1.0).collect(),
            "in the opposite order",
            |x| x.iter().rev().map(|p| p.ln() + 1.0).collect(),
        ),
        gradient(
            ["equal weights", "softmax's loss at equal logits"],
            &[0.2, 0.2, 0.2],
            |v| v.iter().map(|x| x.exp()).sum::<Var<'_>>().ln() - v[0],
            |x| shares(x, |p, k| p[k]),
            "the next one's share",
            |x| shares(x, |p, k| p[(k + 1) % 3]),
        ),
        gradient(
            ["f32 data", "a product of weights that are 0.1 in f32"],
            &[0.1f32 as f64, 0.1f32 as f64],
            |v| v[0] * v[1].exp(),
            |x| vec![x[1].exp(), x[0] * x[1].exp()],
            "exp of the other weight",
            |x| vec![x[0].exp(), x[1] * x[0].exp()],
        ),
    ]
}

fn round() -> Vec<Special> {
    vec![
        gradient(
            ["a zero input", "x² y + y"],
            &[0.0, 3.0],
            |v| v[0].square() * v[1] + v[1],
            |x| vec![2.0 * x[0] * x[1], x[0] * x[0] + 1.0],
            "the 2 is lost",
            |x| vec![x[0] * x[1], x[0] * x[0] + 1.0],
        ),
        gradient(
            ["a zero input", "exp x"],
            &[0.0],
            |v| v[0].exp(),
            |x| vec![x[0].exp()],
            "exp 2 x",
            |x| vec![(2.0 * x[0]).exp()],
        ),
        gradient(
            ["a zero input", "sin x"],
            &[0.0],
            |v| v[0].sin(),
            |x| vec![x[0].cos()],
            "the cosine squared",
            |x| vec![x[0].cos().powi(2)],
        ),
        gradient(
            ["a zero input", "cosh x"],
            &[0.0],
            |v| v[0].cosh(),
            |x| vec![x[0].sinh()],
            "the sign, as for cos",
            |x| vec![-x[0].sinh()],
        ),
        gradient(
            ["a zero input", "tanh x"],
            &[0.0],
            |v| v[0].tanh(),
            |x| vec![1.0 - x[0].tanh().powi(2)],
            "1 - tanh, not squared",
            |x| vec![1.0 - x[0].tanh()],
        ),
        gradient(
            ["zero weights", "sigmoid(2 v + 3 w)"],
            &[0.0, 0.0],
            |v| (v[0] * 2.0 + v[1] * 3.0).sigmoid(),
            |x| {
                let s = 1.0 / (1.0 + (-(2.0 * x[0] + 3.0 * x[1])).exp());
                vec![2.0 * s * (1.0 - s), 3.0 * s * (1.0 - s)]
            },
            "s/2 for s (1 - s)",
            |x| {
                let s = 1.0 / (1.0 + (-(2.0 * x[0] + 3.0 * x[1])).exp());
                vec![s, 1.5 * s]
            },
        ),
        gradient(
            ["all ones", "xʸ"],
            &[1.0, 1.0],
            |v| v[0].pow(v[1]),
            |x| vec![x[1] * x[0].powf(x[1] - 1.0), x[0].powf(x[1]) * x[0].ln()],
            "the exponent is not lowered",
            |x| vec![x[1] * x[0].powf(x[1]), x[0].powf(x[1]) * x[0].ln()],
        ),
        gradient(
            ["all ones", "ln x"],
            &[1.0],
            |v| v[0].ln(),
            |x| vec![1.0 / x[0]],
            "1/x²",
            |x| vec![1.0 / (x[0] * x[0])],
        ),
        gradient(
            ["all ones", "x³"],
            &[1.0],
            |v| v[0].powi(3),
            |x| vec![3.0 * x[0] * x[0]],
            "3 x",
            |x| vec![3.0 * x[0]],
        ),
        gradient(
            ["a round number", "x² at 2"],
            &[2.0],
            |v| v[0].square(),
            |x| vec![2.0 * x[0]],
            "x², the value",
            |x| vec![x[0] * x[0]],
        ),
        gradient(
            ["a round number", "x y at (2, 2)"],
            &[2.0, 2.0],
            |v| v[0] * v[1].square(),
            |x| vec![x[1] * x[1], 2.0 * x[0] * x[1]],
            "x² for 2 x in the second",
            |x| vec![x[1] * x[1], x[0] * x[1] * x[1]],
        ),
    ]
}

fn matrices() -> Vec<Special> {
    vec![
        Special {
            point: "all ones",
            function: "Jacobian of polar coordinates at r = 1",
            x: vec![1.0, 0.4],
            checked: Checked::Jacobian(
                |v| vec![v[0] * v[1].cos(), v[0] * v[1].sin()],
                [
                    |x| vec![x[1].cos(), -x[0] * x[1].sin(), x[1].sin(), x[0] * x[1].cos()],
                    |x| vec![x[1].cos(), -x[1].sin(), x[1].sin(), x[1].cos()],
                ],
            ),
            mistake: "r is left out",
        },
        Special {
            point: "equal weights",
            function: "Jacobian of (x y, x + y²)",
            x: vec![0.5, 0.5],
            checked: Checked::Jacobian(
                |v| vec![v[0] * v[1], v[0] + v[1].square()],
                [|x| vec![x[1], x[0], 1.0, 2.0 * x[1]], |x| vec![x[0], x[1], 1.0, 2.0 * x[1]]],
            ),
            mistake: "the first row is swapped",
        },
        Special {
            point: "minimum",
            function: "products with the Hessian of x⁴ + y⁴",
            x: vec![0.0, 0.0],
            checked: Checked::Product(
                |v| v[0].powi(4) + v[1].powi(4),
                [
                    |x, d| vec![12.0 * x[0] * x[0] * d[0], 12.0 * x[1] * x[1] * d[1]],
                    |x, d| vec![4.0 * x[0] * x[0] * d[0], 4.0 * x[1] * x[1] * d[1]],
                ],
            ),
            mistake: "a factor 3 is lost",
        },
        Special {
            point: "equal weights",
            function: "products with the Hessian of x y²",
            x: vec![0.9, 0.9],
            checked: Checked::Product(
                |v| v[0] * v[1].square(),
                [
                    |x, d| vec![2.0 * x[1] * d[1], 2.0 * x[1] * d[0] + 2.0 * x[0] * d[1]],
                    |x, d| vec![2.0 * x[0] * d[1], 2.0 * x[1] * d[0] + 2.0 * x[1] * d[1]],
                ],
            ),
            mistake: "x and y are mixed up",
        },
        Special {
            point: "zero weights",
            function: "products with the Hessian of cos x cos y",
            x: vec![0.0, 0.0],
            checked: Checked::Product(
                |v| v[0].cos() * v[1].cos(),
                [
                    |x, d| {
                        let [c, s] = [x[0].cos() * x[1].cos(), x[0].sin() * x[1].sin()];
                        vec![-c * d[0] + s * d[1], s * d[0] - c * d[1]]
                    },
                    |x, d| {
                        let c = x[0].cos() * x[1].cos();
                        vec![-c * d[0], -c * d[1]]
                    },
                ],
            ),
            mistake: "taken to be diagonal",
        },
    ]
}

/// The gradient of tanh(w1 tanh(0.8 w0)), with the weight of this number on the way back.
fn tanhs(x: &[f64], back: usize) -> Vec<f64> {
    let h = (0.8 * x[0]).tanh();
    let y = (x[1] * h).tanh();
    let outer = 1.0 - y * y;
    vec![outer * x[back] * (1.0 - h * h) * 0.8, outer * h]
}

fn shares(x: &[f64], share: fn(&[f64], usize) -> f64) -> Vec<f64> {
    let all: f64 = x.iter().map(|x| x.exp()).sum();
    let p: Vec<f64> = x.iter().map(|x| x.exp() / all).collect();
    (0..3).map(|k| share(&p, k) - if k == 0 { 1.0 } else { 0.0 }).collect()
}
