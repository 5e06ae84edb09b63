//! Lesson 8. Derivatives of derivatives: tangents of adjoints, and the derivative as a program.

use wengert::prelude::*;

fn f<N: Number>(v: &[N]) -> N {
    let s = v[0] + v[1];
    s * v[0] + s.ln()
}

/// Newton's method for a minimum: where the gradient would be 0 if the slopes went on as they do.
fn newton_step(w: f64, slope: f64, curvature: f64) -> f64 {
    w - slope / curvature
}

fn main() -> Result<(), wengert::Error> {
    let program = record(|v| f(v), &[1.5, 0.5]);
    let at = [1.5, 0.5];

    let hessian = program.hessian(&at)?;
    println!("Hessian  {:?}\n         {:?}", hessian.row(0), hessian.row(1));

    // One product with a direction: gradient and Hessian times direction, at the cost of a sweep.
    let (gradient, product) = program.hvp(&at, &[1.0, 1.0])?;
    println!("gradient              {gradient:?}\nHessian times (1, 1)  {product:?}");

    // The derivative is a program, so it has a derivative.
    let slopes = program.derivative()?;
    println!("slopes of slopes      {:?}", slopes.jacobian(&at)?.data());
    let third = slopes.derivative()?.derivative()?.values(&at)?;
    println!("third derivatives     {third:?}");

    // A minimum of w^2 - ln w: the slope 2 w - 1/w is 0 where w is the root of one half.
    let g = record(|w| w[0].square() - w[0].ln(), &[1.0]);
    let (mut w, start) = ([1.0], [1.0]);
    println!("\nstep  w            slope         curvature");
    for step in 0..=4 {
        let (slope, curvature) = g.hvp(&w, &start)?;
        println!("{step:4}  {:.9}  {:+.9}  {:.9}", w[0], slope[0], curvature[0]);
        w = [newton_step(w[0], slope[0], curvature[0])];
    }
    println!("true  {:.9}", 0.5_f64.sqrt());
    Ok(())
}
