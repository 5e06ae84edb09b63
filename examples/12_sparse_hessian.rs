//! Newton's method on a chain of 10,000 variables: the Hessian by one compressed sweep.
//! What it costs, which differs from run to run, goes to the standard error.

use std::time::{Duration, Instant};
use wengert::Csr;
use wengert::prelude::*;

const LENGTH: usize = 10_000;

/// The chained Rosenbrock function: its minimum is 0, where all x are 1.
fn rosenbrock<N: Number>(x: &[N]) -> N {
    let link = |p: &[N]| (p[1] - p[0].square()).square() * 100.0 + (p[0] - 1.0).square();
    x.windows(2).map(link).sum()
}

/// Solves `a s = b` by elimination, for a matrix with entries on and beside its diagonal.
fn solve(a: &Csr, b: &[f64]) -> Vec<f64> {
    let (mut pivots, mut s) = (vec![a[(0, 0)]; b.len()], b.to_vec());
    for i in 1..b.len() {
        let factor = a[(i, i - 1)] / pivots[i - 1];
        pivots[i] = a[(i, i)] - factor * a[(i - 1, i)];
        s[i] -= factor * s[i - 1];
    }
    s[b.len() - 1] /= pivots[b.len() - 1];
    for i in (1..b.len()).rev() {
        s[i - 1] = (s[i - 1] - a[(i - 1, i)] * s[i]) / pivots[i - 1];
    }
    s
}

/// The least time of twenty runs.
fn time(mut f: impl FnMut()) -> Duration {
    (0..20).map(|_| (Instant::now(), f()).0.elapsed()).min().unwrap_or_default()
}

fn main() -> Result<(), wengert::Error> {
    let mut x: Vec<f64> = (0..LENGTH).map(|i| 1.2 + 0.1 * (i as f64).sin()).collect();
    let f = record(|v| rosenbrock(v), &x);
    let start = Instant::now();
    let hessian = f.sparse_hessian()?; // the pattern and its colouring, found once
    let coloured = start.elapsed();
    let (entries, colours, sweeps) = (hessian.pattern().len(), hessian.colours(), hessian.sweeps());
    println!("{LENGTH} variables: {entries} entries, {colours} colours, {sweeps} sweep");
    for step in 0..8 {
        let (value, gradient) = f.value_and_gradient(&x)?;
        println!("{step}  {value:17.9}");
        let newton = solve(&hessian.evaluate(&x)?, &gradient);
        x.iter_mut().zip(newton).for_each(|(x, step)| *x -= step);
    }
    let (mut w, mut values) = (Workspace::new(), vec![0.0; entries]);
    let [mut g, mut h, d] = [0.0, 0.0, 1.0].map(|x| vec![x; LENGTH]);
    let one = time(|| f.gradient_into(&x, &mut g, &mut w).expect("no branches"));
    let hvp = time(|| f.hvp_into(&x, &d, &mut g, &mut h, &mut w).expect("no branches"));
    let all = time(|| hessian.evaluate_into(&x, &mut values, &mut w).expect("no branches"));
    let [hvp, all] = [hvp, all].map(|time| time.as_secs_f64() / one.as_secs_f64());
    eprintln!("pattern and colouring {coloured:.1?}, gradient {one:.1?}");
    eprintln!("in gradients: hvp {hvp:.2}, sparse Hessian {all:.2}");
    Ok(())
}
