//! Lesson 4. All eight weights of the example: derivative, new value, and the adjoints on the way.

use wengert::prelude::*;

const NAMES: [&str; 8] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"];
const START: [f64; 8] = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55];

/// The error of the network, with every value on the way named.
fn error<'t>(tape: &'t Tape, w: [f64; 8]) -> Var<'t> {
    let w = tape.inputs(NAMES, w);
    let [b1, b2] = tape.inputs(["b1", "b2"], [0.30, 0.60]);
    let h1 = (w[0] * 0.05 + w[1] * 0.10 + b1).named("z1").sigmoid().named("h1");
    let h2 = (w[2] * 0.05 + w[3] * 0.10 + b1).named("z2").sigmoid().named("h2");
    let o1 = (w[4] * h1 + w[5] * h2 + b2).named("y1").sigmoid().named("o1");
    let o2 = (w[6] * h1 + w[7] * h2 + b2).named("y2").sigmoid().named("o2");
    (o1 - 0.01).square() * 0.5 + (o2 - 0.99).square() * 0.5
}

fn main() {
    let tape = Tape::new();
    let e = error(&tape, START);
    let grad = tape.gradient(e);
    for name in "o1 o2 y1 y2 h1 h2 z1 z2".split(' ') {
        println!("dE/d{name}  {:12.9}", grad[name]);
    }

    // The two paths into h1, one by one: the same sweep begun at y1 alone, then at y2 alone.
    let [y1, y2] = [tape.var("y1"), tape.var("y2")];
    println!("into h1 by way of y1  {:12.9}", tape.vjp(&[(y1, grad["y1"])])["h1"]);
    println!("into h1 by way of y2  {:12.9}", tape.vjp(&[(y2, grad["y2"])])["h1"]);

    let mut stepped = START;
    println!("\n            dE/dw        new w");
    for (k, name) in NAMES.iter().enumerate() {
        stepped[k] -= 0.5 * grad[*name];
        println!("{name}  {:12.9}  {:.9}", grad[*name], stepped[k]);
    }
    println!("b1  {:12.9}\nb2  {:12.9}", grad["b1"], grad["b2"]);

    let after = Tape::new();
    println!("\nE before  {:.9}\nE after   {:.9}", e.value(), error(&after, stepped).value());
}
