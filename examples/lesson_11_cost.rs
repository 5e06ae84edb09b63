//! Lesson 11. What a gradient costs, counted in operations by a number that counts.

mod counted;

use counted::{Counted, count};
use wengert::prelude::*;

/// x1 x2 x3 ..., one factor after the other.
fn product<N: Number>(x: &[N]) -> N {
    x[1..].iter().fold(x[0], |product, factor| product * *factor)
}

/// x1 / x2 / x3 ...
fn quotient<N: Number>(x: &[N]) -> N {
    x[1..].iter().fold(x[0], |quotient, divisor| quotient / *divisor)
}

/// The error of the example network in its eight weights.
fn network<N: Number>(w: &[N]) -> N {
    let layer = |w: &[N], x: [N; 2], bias: f64| {
        [0, 2].map(|row| (w[row] * x[0] + w[row + 1] * x[1] + bias).sigmoid())
    };
    let h = layer(w, [0.05, 0.10].map(N::constant), 0.30);
    let o = layer(&w[4..], h, 0.60);
    (o[0] - 0.01).square() * 0.5 + (o[1] - 0.99).square() * 0.5
}

/// Counts the way up alone, and the way up and down; prints both.
fn report(name: &str, program: &Program) -> Result<(), wengert::Error> {
    let x: Vec<Counted> = program.point().iter().map(|x| Counted(*x)).collect();
    let (up, value) = count(|| program.replay(&x));
    let (both, swept) = count(|| program.reverse(&x, &[Counted(1.0)]));
    assert_eq!(value?[0].0, swept?.0[0].0);
    let (inputs, ratio) = (x.len(), both as f64 / up as f64);
    let differences = (inputs + 1) * up;
    println!("{name:9}  {inputs:6}  {up:5}  {both:11}  {ratio:5.2}  {differences:11}");
    Ok(())
}

fn main() -> Result<(), wengert::Error> {
    println!("function   inputs     up  up and down  ratio  differences");
    for n in [2, 10, 100, 1000] {
        let x: Vec<f64> = (0..n).map(|k| 1.0 + 1.0 / (k + 1) as f64).collect();
        report("product", &record(|v| product(v), &x))?;
    }
    report("quotient", &record(|v| quotient(v), &[1.5; 10]))?;
    let w = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55];
    report("network", &record(|v| network(v), &w))?;
    Ok(())
}
