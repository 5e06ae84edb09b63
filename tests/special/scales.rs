//! Flat tails, large and small numbers, single precision and the ends of domains. It must not know how
//! they are checked.

use super::{Special, gradient};
use wengert::Number;

pub(crate) fn specials() -> Vec<Special> {
    let mut all = tails();
    all.extend(sizes());
    all.extend(ends());
    all
}

fn tails() -> Vec<Special> {
    vec![
        gradient(
            ["flat tail", "sigmoid at 40"],
            &[40.0],
            |v| v[0].sigmoid(),
            |x| {
                let e = (-x[0]).exp();
                vec![e / (1.0 + e).powi(2)]
            },
            "s (1 - s), which is 0 there",
            |x| {
                let s = 1.0 / (1.0 + (-x[0]).exp());
                vec![s * (1.0 - s)]
            },
        ),
        gradient(
            ["flat tail", "tanh at 20"],
            &[20.5],
            |v| v[0].tanh(),
            |x| vec![x[0].cosh().powi(-2)],
            "1 - tanh², which is 0 there",
            |x| vec![1.0 - x[0].tanh().powi(2)],
        ),
        gradient(
            ["flat tail", "exp(-x²) at 6"],
            &[6.1],
            |v| (-v[0].square()).exp(),
            |x| vec![-2.0 * x[0] * (-x[0] * x[0]).exp()],
            "the sign",
            |x| vec![2.0 * x[0] * (-x[0] * x[0]).exp()],
        ),
        gradient(
            ["flat tail", "the normal distribution at -8"],
            &[-8.3],
            |v| v[0].norm_cdf(),
            |x| vec![(-0.5 * x[0] * x[0]).exp() / (2.0 * std::f64::consts::PI).sqrt()],
            "the root of 2 pi is lost",
            |x| vec![(-0.5 * x[0] * x[0]).exp()],
        ),
        gradient(
            ["flat tail", "softplus at -40"],
            &[-40.1],
            |v| v[0].softplus(),
            |x| vec![x[0].exp() / (1.0 + x[0].exp())],
            "the sign",
            |x| vec![-x[0].exp() / (1.0 + x[0].exp())],
        ),
        gradient(
            ["flat tail", "exp x at -1000, where all is 0"],
            &[-1000.3],
            |v| v[0].exp(),
            |x| vec![x[0].exp()],
            "1",
            |x| vec![1.0 + x[0].exp()],
        ),
    ]
}

fn sizes() -> Vec<Special> {
    vec![
        gradient(
            ["small scale", "1e-200 x²"],
            &[1.7],
            |v| v[0].square() * 1e-200,
            |x| vec![2e-200 * x[0]],
            "the 2 is lost",
            |x| vec![1e-200 * x[0]],
        ),
        gradient(
            ["large scale", "1e150 x²"],
            &[1.7e3],
            |v| v[0].square() * 1e150,
            |x| vec![2e150 * x[0]],
            "the 2 is lost",
            |x| vec![1e150 * x[0]],
        ),
        gradient(
            ["subnormal", "3e-310 x"],
            &[0.37],
            |v| v[0] * 3e-310,
            |_| vec![3e-310],
            "one third more",
            |_| vec![4e-310],
        ),
        gradient(
            ["small scale", "ln x at 1e-8"],
            &[1e-8],
            |v| v[0].ln(),
            |x| vec![1.0 / x[0]],
            "1/(x + 1e-12), an epsilon that was to protect",
            |x| vec![1.0 / (x[0] + 1e-12)],
        ),
        gradient(
            ["small scale", "ln(1 + x) at 1e-12"],
            &[1e-12],
            |v| v[0].ln_1p(),
            |x| vec![1.0 / (1.0 + x[0])],
            "1/x",
            |x| vec![1.0 / x[0]],
        ),
        gradient(
            ["large scale", "logsumexp of 700 and 710"],
            &[700.5, 710.5],
            |v| v[0].log_add_exp(v[1]),
            |x| {
                let e = (x[0] - x[1]).exp();
                vec![e / (1.0 + e), 1.0 / (1.0 + e)]
            },
            "exp before the division overflows",
            |x| {
                let [p, q] = [(2.0 * x[0]).exp(), (2.0 * x[1]).exp()];
                vec![p / (p + q), q / (p + q)]
            },
        ),
        gradient(
            ["f32 data", "a line through points in f32"],
            &[0.3f32 as f64, 0.7f32 as f64],
            |v| (v[0] * f64::from(1.1f32) + v[1] - f64::from(0.9f32)).square(),
            |x| {
                let r = x[0] * f64::from(1.1f32) + x[1] - f64::from(0.9f32);
                vec![2.0 * r * f64::from(1.1f32), 2.0 * r]
            },
            "computed in f32",
            |x| {
                let r = x[0] as f32 * 1.1 + x[1] as f32 - 0.9;
                vec![f64::from(2.0 * r * 1.1), f64::from(2.0 * r)]
            },
        ),
        gradient(
            ["f32 data", "the square of a number in f32"],
            &[0.1f32 as f64],
            |v| v[0].square() * 0.5,
            |x| vec![x[0]],
            "the number in f64",
            |_| vec![0.1],
        ),
        gradient(
            ["cancellation", "(1 + x) - 1 - x at 1e8, and y"],
            &[1e8, 0.3],
            |v| (v[0] + 1.0).square() * 0.1 - v[0].square() * 0.1 - v[0] * 0.2 + v[1].sin(),
            |x| vec![0.0, x[1].cos()],
            "the sign of y",
            |x| vec![0.0, -x[1].cos()],
        ),
    ]
}

fn ends() -> Vec<Special> {
    vec![
        gradient(
            ["end of a domain", "√x at 0"],
            &[0.0],
            |v| v[0].sqrt(),
            |x| vec![0.5 / x[0].sqrt()],
            "the half is lost",
            |x| vec![1.0 / x[0].sqrt()],
        ),
        gradient(
            ["end of a domain", "asin x at 1"],
            &[1.0],
            |v| v[0].asin(),
            |x| vec![1.0 / ((1.0 - x[0]) * (1.0 + x[0])).sqrt()],
            "the sign, as for acos",
            |x| vec![-1.0 / ((1.0 - x[0]) * (1.0 + x[0])).sqrt()],
        ),
        gradient(
            ["end of a domain", "x^1.5 at 0"],
            &[0.0],
            |v| v[0].powf(1.5),
            |x| vec![1.5 * x[0].sqrt()],
            "the factor 1.5 is lost",
            |x| vec![x[0].sqrt()],
        ),
        gradient(
            ["end of a domain", "acosh x at 1"],
            &[1.0],
            |v| v[0].acosh(),
            |x| vec![1.0 / (x[0] * x[0] - 1.0).sqrt()],
            "of acosh x²",
            |x| vec![2.0 / (x[0] * x[0] - 1.0).sqrt()],
        ),
        gradient(
            ["end of a domain", "√(1 - x²) + y at the edge of the disc"],
            &[1.0, 2.0],
            |v| (-v[0].square() + 1.0).sqrt() + v[1].square(),
            |x| vec![-x[0] / (1.0 - x[0] * x[0]).sqrt(), 2.0 * x[1]],
            "y² for 2 y",
            |x| vec![-x[0] / (1.0 - x[0] * x[0]).sqrt(), x[1] * x[1]],
        ),
        gradient(
            ["end of a domain", "x ln x at 1e-300"],
            &[1e-300],
            |v| v[0] * v[0].ln(),
            |x| vec![x[0].ln() + 1.0],
            "the 1 is lost",
            |x| vec![x[0].ln()],
        ),
        gradient(
            ["end of a domain", "ln x at 0"],
            &[0.0],
            |v| v[0].ln(),
            |x| vec![1.0 / x[0]],
            "1/(x + 1e-9)",
            |x| vec![1.0 / (x[0] + 1e-9)],
        ),
    ]
}
