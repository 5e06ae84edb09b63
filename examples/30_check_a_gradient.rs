//! A gradient written by hand, checked: a small network, with slips that everyone makes once. With
//! `--features places` the message names the line.

use wengert::Check;
use wengert::prelude::*;

const X: [f64; 2] = [0.6, -0.9];

/// Two inputs, two hidden units, one output: W is 2 by 2, w has 2 weights.
fn loss<N: Number>(v: &[N]) -> N {
    let z = [0, 1].map(|k| v[2 * k] * X[0] + v[2 * k + 1] * X[1]);
    let h = z.map(|z| z.sigmoid());
    let y = (v[4] * h[0] + v[5] * h[1]).tanh();
    (y - 0.5).square()
}

/// Its gradient by hand, from a slope of the sigmoid in terms of what it is given.
fn by_hand(v: &[f64], slope: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let z = [0, 1].map(|k| v[2 * k] * X[0] + v[2 * k + 1] * X[1]);
    let h = z.map(|z| 1.0 / (1.0 + (-z).exp()));
    let y = (v[4] * h[0] + v[5] * h[1]).tanh();
    let delta = 2.0 * (y - 0.5) * (1.0 - y * y);
    let back = [0, 1].map(|k| delta * v[4 + k] * slope(z[k], h[k]));
    let outer = [delta * h[0], delta * h[1]];
    [back[0] * X[0], back[0] * X[1], back[1] * X[0], back[1] * X[1], outer[0], outer[1]].to_vec()
}

fn main() {
    let point = [0.4, -0.3, 0.8, 0.5, 1.2, -0.7];
    let check = Check::new().block("W", &[2, 2]).block("w", &[2]);

    println!("{}", check.gradient(|v| loss(v), |v| by_hand(v, |_, h| h * (1.0 - h)), &point));
    println!("{}", check.gradient(|v| loss(v), |v| by_hand(v, |z, _| z * (1.0 - z)), &point));

    let transposed = |v: &[f64]| {
        let mut g = by_hand(v, |_, h| h * (1.0 - h));
        g.swap(1, 2);
        g
    };
    println!("{}", check.gradient(|v| loss(v), transposed, &point));

    let half = |v: &[f64]| by_hand(v, |_, h| h * (1.0 - h)).iter().map(|d| d / 2.0).collect();
    println!("{}", check.black_box(loss, half, &point));
}
