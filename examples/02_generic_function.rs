//! One function, generic over the number: plain on `f64`, recorded on `Var`.

use wengert::prelude::*;

/// Rosenbrock's valley in any number of dimensions. In generic code a constant stands on the
/// right: `x * 100.0`, not `100.0 * x`.
fn rosenbrock<N: Number>(x: &[N]) -> N {
    x.windows(2).map(|w| (w[1] - w[0].square()).square() * 100.0 + (w[0] - 1.0).square()).sum()
}

/// The Huber loss. Code that branches asks for `Real`, a `Number` that can be compared.
fn huber<N: Real>(x: N) -> N {
    if x.abs() <= N::constant(1.0) { x.square() * 0.5 } else { x.abs() - 0.5 }
}

fn main() {
    let x = [-1.0, 1.5, 2.0];
    println!("rosenbrock at {x:?}");
    println!("  on f64   {}", rosenbrock(&x));

    // A generic function is handed over in a closure: `|v| rosenbrock(v)`, not `rosenbrock`.
    let (value, slopes) = value_and_gradient(|v| rosenbrock(v), &x);
    println!("  on Var   {value}");
    println!("  gradient {slopes:?}");

    println!("\n   x   huber  slope");
    for x in [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0] {
        let slope = gradient(|v| huber(v[0]), &[x])[0];
        println!("{x:4}  {:6}  {slope:5}", huber(x));
    }
}
