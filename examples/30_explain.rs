//! A derivation written out: every value, every partial as a formula and a number, every path.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let [w, x, b] = tape.inputs(["w", "x", "b"], [0.6, 2.0, -0.1]);
    let z = (w * x + b).named("z");
    let h = z.tanh().named("h");
    let loss = (h.square() + 0.1 * w.square()).named("loss");

    // The weight is used twice: by way of z, and by its own penalty.
    let steps = tape.steps_to(loss, &[w]);
    print!("{}", steps.text());

    // The same as data.
    println!("\nWhat arrives in w:");
    for by in &steps.all()[0].uses {
        let name = steps.all()[by.by].name.as_deref().unwrap_or("?");
        println!("  by way of {name:4}  {:+.6}", by.product);
    }
}
