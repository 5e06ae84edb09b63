//! Lesson 5. Backpropagation as a textbook has it, with deltas, beside the tape; and its slip.

use wengert::prelude::*;

const X: [f64; 2] = [0.05, 0.10];
const T: [f64; 2] = [0.01, 0.99];
/// w1 w2, w3 w4, then w5 w6, w7 w8: a row holds what leads into one unit.
const START: [f64; 8] = [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55];

/// One layer: each unit weighs its inputs, adds the bias, and squashes.
fn layer<N: Number>(w: &[N], x: [N; 2], bias: f64) -> [N; 2] {
    [0, 2].map(|row| (w[row] * x[0] + w[row + 1] * x[1] + bias).sigmoid())
}

fn error<N: Number>(w: &[N], b1: f64) -> N {
    let o = layer(&w[4..], layer(w, X.map(N::constant), b1), 0.60);
    (o[0] - T[0]).square() * 0.5 + (o[1] - T[1]).square() * 0.5
}

/// The eight derivatives by the delta rule. `w_back` is what the deltas are sent back through:
/// the weights themselves, or, with the slip, the weights already updated.
fn delta_rule(w: [f64; 8], w_back: [f64; 8], b1: f64) -> [f64; 8] {
    let h = layer(&w, X, b1);
    let o = layer(&w[4..], h, 0.60);
    let above = [0, 1].map(|k| (o[k] - T[k]) * o[k] * (1.0 - o[k]));
    let arrives = [0, 1].map(|k| w_back[4 + k] * above[0] + w_back[6 + k] * above[1]);
    let below = [0, 1].map(|k| arrives[k] * h[k] * (1.0 - h[k]));
    let [d, x] = [[below[0], below[1], above[0], above[1]], [X[0], X[1], h[0], h[1]]];
    [0, 1, 2, 3, 4, 5, 6, 7].map(|k| d[k / 2] * x[k / 4 * 2 + k % 2])
}

fn step(w: [f64; 8], slopes: [f64; 8]) -> [f64; 8] {
    [0, 1, 2, 3, 4, 5, 6, 7].map(|k| w[k] - 0.5 * slopes[k])
}

fn main() {
    let by_tape = gradient(|w| error(w, 0.30), &START);
    let by_deltas = delta_rule(START, START, 0.30);
    println!("      delta rule          tape");
    for k in 0..8 {
        println!("w{}  {:12.9}  {:12.9}", k + 1, by_deltas[k], by_tape[k]);
    }
    let apart = (0..8).map(|k| (by_deltas[k] - by_tape[k]).abs()).fold(0.0, f64::max);
    println!("never further apart than 1e-15: {}", apart <= 1e-15);

    // One step at b1 = 0.35: as it should be, and with the deltas sent through updated weights.
    let right = step(START, delta_rule(START, START, 0.35));
    let slip = step(START, delta_rule(START, right, 0.35));
    println!("\n              E after one step");
    println!("as it should be  {:.9}", error(&right, 0.35));
    println!("with the slip    {:.9}", error(&slip, 0.35));
}
