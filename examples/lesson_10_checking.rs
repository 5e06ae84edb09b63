//! Lesson 10. Slopes by differences, for steps of every size, against the exact one.

use wengert::prelude::*;

fn f<N: Number>(x: N) -> N {
    (x.square() + 1.0).recip()
}

/// How many leading digits of an approximation are right.
fn digits(x: f64, exact: f64) -> i32 {
    (-((x - exact) / exact).abs().log10()).floor().clamp(0.0, 16.0) as i32
}

fn main() {
    let x = 0.5;
    let exact = f(Dual::new(x, 1.0)).tangent();
    println!("by tangents  {exact:.16}");
    println!("by a sweep   {:.16}\n", gradient(|v| f(v[0]), &[x])[0]);

    println!("step   one-sided     digits  two-sided     digits");
    for exponent in 1..=16 {
        let h = 10_f64.powi(-exponent);
        let one = (f(x + h) - f(x)) / h;
        let two = (f(x + h) - f(x - h)) / (2.0 * h);
        let (d1, d2) = (digits(one, exact), digits(two, exact));
        println!("1e-{exponent:02}  {one:12.9}  {d1:6}  {two:12.9}  {d2:6}");
    }
}
