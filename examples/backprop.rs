//! The 2-2-2 network of a well-known worked example: its gradient, one step, and 10,000 steps.

use wengert::prelude::*;

const WEIGHTS: [&str; 8] = ["w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8"];
const START: [f64; 8] = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55];

/// Records the network anew. E is the total error; z and y are the net inputs of h and o.
fn network(tape: &mut Tape, w: [f64; 8], b1: f64) {
    tape.clear();
    let [x1, x2, b1, b2] = tape.inputs(["x1", "x2", "b1", "b2"], [0.05, 0.10, b1, 0.60]);
    let [w1, w2, w3, w4, w5, w6, w7, w8] = tape.inputs(WEIGHTS, w);
    let h1 = (w1 * x1 + w2 * x2 + b1).named("z1").sigmoid().named("h1");
    let h2 = (w3 * x1 + w4 * x2 + b1).named("z2").sigmoid().named("h2");
    let o1 = (w5 * h1 + w6 * h2 + b2).named("y1").sigmoid().named("o1");
    let o2 = (w7 * h1 + w8 * h2 + b2).named("y2").sigmoid().named("o2");
    let [e1, e2] = [o1 - 0.01, o2 - 0.99].map(|error| error.square() * 0.5);
    (e1.named("E1") + e2.named("E2")).named("E");
}

/// One step at rate 0.5. The slip: y1 and y2 lead back to h1 and h2 by w5..w8 already updated.
fn step(tape: &Tape, w: [f64; 8], slip: bool) -> [f64; 8] {
    let grad = tape.gradient(tape.var("E"));
    let mut new: [f64; 8] = std::array::from_fn(|i| w[i] - 0.5 * grad[WEIGHTS[i]]);
    if slip {
        let y = |i: usize| tape.var("h1") * new[i] + tape.var("h2") * new[i + 1];
        let slipped = tape.vjp(&[(y(4), grad["y1"]), (y(6), grad["y2"])]);
        (0..4).for_each(|i| new[i] = w[i] - 0.5 * slipped[WEIGHTS[i]]);
    }
    new
}

fn main() {
    let mut tape = Tape::new();
    for (b1, listing) in [(0.30, true), (0.35, false)] {
        network(&mut tape, START, b1);
        println!("\nForward pass, b1 = {b1:.2}");
        for names in ["z1 h1", "z2 h2", "y1 o1 E1", "y2 o2 E2", "E"] {
            names.split(' ').for_each(|name| print!("  {name:2} {:.9}", tape.var(name).value()));
            println!();
        }
        print!("{}", if listing { format!("\nThe tape\n{tape:.9}") } else { String::new() });
        println!("\nOne step at rate 0.5, b1 = {b1:.2}\n   weight         dE/dw    new weight");
        let grad = tape.gradient(tape.var("E"));
        for (i, new) in step(&tape, START, false).into_iter().enumerate() {
            println!("  {}  {:.2}  {:12.9}  {new:12.9}", WEIGHTS[i], START[i], grad[WEIGHTS[i]]);
        }
    }
    for (order, slip) in [("all at once", false), ("w5..w8 first, as published", true)] {
        println!("\nTraining, b1 = 0.35, weights updated {order}\n  steps  [E, o1, o2]");
        let mut w = START;
        for n in 0..=10_000 {
            network(&mut tape, w, 0.35);
            if [0, 1, 10_000].contains(&n) {
                println!("{n:7}  {:.9?}", ["E", "o1", "o2"].map(|name| tape.var(name).value()));
            }
            w = step(&tape, w, slip);
        }
    }
}
