//! Lesson 7. Tangents go up with the values: forward mode, and when it is the cheaper way.

use wengert::prelude::*;

/// The function of lesson 1, in any number.
fn f<N: Number>(x: N, y: N) -> N {
    let s = x + y;
    s * x + s.ln()
}

/// A spiral: one input, three outputs.
fn spiral<N: Number>(t: N) -> [N; 3] {
    [t * t.cos(), t * t.sin(), t * 0.5]
}

fn main() -> Result<(), wengert::Error> {
    // A Dual is a value and its tangent. The tangent of an input is the direction we look in.
    println!("direction  value        tangent");
    for [x_dot, y_dot] in [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [3.0, -2.0]] {
        let v = f(Dual::new(1.5, x_dot), Dual::new(0.5, y_dot));
        println!("({x_dot:2}, {y_dot:2})   {:.9}  {:.9}", v.value(), v.tangent());
    }
    println!("gradient by one sweep down: {:?}", gradient(|v| f(v[0], v[1]), &[1.5, 0.5]));

    // One input, many outputs: one way up gives all derivatives.
    let velocity = spiral(Dual::new(2.0, 1.0)).map(Dual::tangent);
    println!("\nvelocity on the spiral, 1 way up:     {velocity:.9?}");
    // Down from the outputs, each needs a sweep of its own.
    let tape = Tape::new();
    let t = tape.new_input("t", 2.0);
    let rows = spiral(t).map(|output| tape.gradient(output)[t]);
    println!("velocity on the spiral, 3 sweeps down: {rows:.9?}");

    // Both are one matrix, read along its columns or along its rows.
    let g = record_vec(|v| vec![v[0] * v[1], v[0] + v[1].sin(), v[0].exp()], &[0.5, 2.0]);
    let (x, x_dot, y_bar) = ([0.5, 2.0], [1.0, -3.0], [2.0, 1.0, -1.0]);
    let (_, y_dot) = g.jvp(&x, &x_dot)?;
    let (_, x_bar) = g.vjp(&x, &y_bar)?;
    let product = |u: &[f64], v: &[f64]| u.iter().zip(v).map(|(u, v)| u * v).sum::<f64>();
    println!("\ny_bar . (J x_dot) = {:.9}", product(&y_bar, &y_dot));
    println!("(y_bar J) . x_dot = {:.9}", product(&x_bar, &x_dot));
    Ok(())
}
