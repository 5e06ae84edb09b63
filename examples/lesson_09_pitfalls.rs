//! Lesson 9. What goes wrong: kinks, NaN, cancellation, and a replay across a branch.

use wengert::prelude::*;

/// (sqrt(1 + x^2) - 1) / x^2, as one would write it. Near 0 it should be 1/2, and its slope -x/4.
fn naive<N: Number>(x: N) -> N {
    ((x.square() + 1.0).sqrt() - 1.0) / x.square()
}

/// The same function, with nothing left to cancel.
fn stable<N: Number>(x: N) -> N {
    ((x.square() + 1.0).sqrt() + 1.0).recip()
}

fn huber<N: Real>(x: N) -> N {
    if x.abs() <= N::constant(1.0) { x.square() * 0.5 } else { x.abs() - 0.5 }
}

fn slope(f: impl for<'t> Fn(Var<'t>) -> Var<'t>, x: f64) -> f64 {
    gradient(|v| f(v[0]), &[x])[0]
}

fn main() {
    println!("kinks, at 0");
    println!("abs(x)                     {}", slope(|x| x.abs(), 0.0));
    println!("max(x, 2 x)                {}", slope(|x| x.max(x * 2.0), 0.0));
    println!("relu(x) - relu(-x)         {}", slope(|x| x.relu() - (-x).relu(), 0.0));

    println!("\nNaN, at 0");
    println!("sqrt(x^2)                  {}", slope(|x| x.square().sqrt(), 0.0));
    println!("compare(x, 0) sqrt(x)      {}", slope(|x| x.compare(0.0.into()) * x.sqrt(), 0.0));
    println!("select(x, sqrt(x), 0)      {}", slope(|x| x.select(x.sqrt(), 0.0.into()), 0.0));

    println!("\ncancellation: the slope of (sqrt(1 + x^2) - 1) / x^2");
    println!("x      as written         rewritten          -x/4");
    for x in [1e-2, 1e-4, 1e-6, 1e-8] {
        let slopes = [slope(|x| naive(x), x), slope(|x| stable(x), x), -x / 4.0];
        println!("{x:.0e}  {:16.9e}  {:16.9e}  {:16.9e}", slopes[0], slopes[1], slopes[2]);
    }

    println!("\na replay across a branch");
    let program = record(|v| huber(v[0]), &[0.5]);
    for x in [0.25, -1.0, 3.0] {
        match program.gradient(&[x]) {
            Ok(slope) => println!("at {x:5}: {}", slope[0]),
            Err(error) => println!("at {x:5}: {error}"),
        }
    }
}
