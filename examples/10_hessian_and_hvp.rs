//! How sure a fit is: the Hessian of a likelihood, and products with it where it would be too large.

use wengert::prelude::*;

const DATA: [f64; 8] = [4.1, 5.3, 4.8, 5.9, 5.1, 4.4, 5.6, 4.7];

/// Minus the logarithm of the likelihood of the data, under a normal distribution with the mean v[0]
/// and the logarithm v[1] of the deviation.
fn surprise<N: Number>(v: &[N]) -> N {
    let deviation = v[1].exp();
    DATA.iter().map(|x| ((v[0] - *x) / deviation).square() * 0.5 + v[1]).sum()
}

/// A long valley, for products with a matrix that is not formed.
fn valley<N: Number>(x: &[N]) -> N {
    x.windows(2).map(|p| (p[1] - p[0].square()).square() + (p[0] - 1.0).square()).sum()
}

fn main() -> Result<(), wengert::Error> {
    let n = DATA.len() as f64;
    let mean = DATA.iter().sum::<f64>() / n;
    let deviation = (DATA.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let best = [mean, deviation.ln()];

    let slopes = gradient(|v| surprise(v), &best);
    let h = hessian(|v| surprise(v), &best);
    println!("slopes at the best fit   {:.10} {:.10}", slopes[0].abs(), slopes[1].abs());
    println!("Hessian                  {:8.4} {:8.4}", h[(0, 0)], h[(0, 1)].abs());
    println!("                         {:8.4} {:8.4}", h[(1, 0)].abs(), h[(1, 1)]);
    println!("mean                     {mean:.4} +- {:.4}", h[(0, 0)].recip().sqrt());
    println!("by the textbook                 +- {:.4}", deviation / n.sqrt());
    println!("deviation                {deviation:.4} +- {:.4}", deviation / h[(1, 1)].sqrt());

    // The largest curvature of 1000 variables, by products of the Hessian with a vector: each costs
    // about two gradients, and there is no matrix.
    let x = vec![1.0; 1000];
    let f = record(|v| valley(v), &x);
    let mut along: Vec<f64> = (0..1000).map(|k| f64::from(k).sin()).collect();
    let mut curvature = 0.0;
    for _ in 0..200 {
        let (_, product) = f.hvp(&x, &along)?;
        curvature = product.iter().map(|d| d * d).sum::<f64>().sqrt();
        along = product.iter().map(|d| d / curvature).collect();
    }
    println!("\nlargest curvature of the valley: {curvature:.3}, and 20 is its bound");
    Ok(())
}
