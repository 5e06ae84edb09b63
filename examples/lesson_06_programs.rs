//! Lesson 6. Derivatives through a loop, a branch and a solver.

use wengert::prelude::*;

/// A square root by Newton's method: the loop runs until the square is right.
fn root<N: Real>(a: N) -> (N, usize) {
    let (mut y, mut turns) = (N::constant(1.0), 0);
    while (y * y - a).abs() > N::constant(1e-12) {
        y = (y + a / y) * 0.5;
        turns += 1;
    }
    (y, turns)
}

/// A tariff: 2 a piece up to 10 pieces, 1.5 for each one beyond.
fn price<N: Real>(n: N) -> N {
    if n <= N::constant(10.0) { n * 2.0 } else { (n - 10.0) * 1.5 + 20.0 }
}

fn main() {
    // Turn by turn at a = 2: the value, and its slope in a.
    let tape = Tape::new();
    let a = tape.new_input("a", 2.0);
    let mut y = Var::constant(1.0);
    println!("turn  y            dy/da");
    for turn in 1..=5 {
        y = (y + a / y) * 0.5;
        println!("{turn:4}  {:.9}  {:.9}", y.value(), tape.gradient(y)[a]);
    }
    println!("true  {:.9}  {:.9}", 2_f64.sqrt(), 0.5 / 2_f64.sqrt());

    // The same as a function with a loop whose length depends on a.
    println!("\n   a  turns  slots  root         slope        1 / (2 root)");
    for a in [2.0, 9.0, 1e4] {
        let tape = Tape::new();
        let (y, turns) = root(tape.new_input("a", a));
        let slope = tape.gradient(y)["a"];
        let (slots, value) = (tape.len(), y.value());
        println!("{a:5}  {turns:4}  {slots:5}  {value:11.7}  {slope:.9}  {:.9}", 0.5 / value);
    }

    println!("\npieces  price  slope");
    for pieces in [4.0, 10.0, 12.0] {
        let (price, slope) = value_and_gradient(|n| price(n[0]), &[pieces]);
        println!("{pieces:6}  {price:5}  {:5}", slope[0]);
    }
}
