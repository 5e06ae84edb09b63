//! The 2-2-2 network of the worked example, from `+ * sigmoid square` alone.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let [x1, x2] = tape.inputs(["x1", "x2"], [0.05, 0.10]);
    let [w1, w2, w3, w4] = tape.inputs(["w1", "w2", "w3", "w4"], [0.15, 0.20, 0.25, 0.30]);
    let [w5, w6, w7, w8] = tape.inputs(["w5", "w6", "w7", "w8"], [0.40, 0.45, 0.50, 0.55]);
    let [b1, b2] = tape.inputs(["b1", "b2"], [0.30, 0.60]);
    let h1 = (w1 * x1 + w2 * x2 + b1).sigmoid().named("h1");
    let h2 = (w3 * x1 + w4 * x2 + b1).sigmoid().named("h2");
    let o1 = (w5 * h1 + w6 * h2 + b2).sigmoid().named("o1");
    let o2 = (w7 * h1 + w8 * h2 + b2).sigmoid().named("o2");
    let e = ((o1 - 0.01).square() * 0.5 + (o2 - 0.99).square() * 0.5).named("E");
    println!("{tape}");
    println!("{:.9}", tape.gradient(e));
}
