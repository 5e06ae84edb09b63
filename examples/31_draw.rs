//! The picture of a derivation, for Graphviz and for Mermaid: one arrow for each use.
//! With the feature `svg` there is also `steps.svg()`, which needs no other program.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [3.0, -2.0]);
    let double = (x + x).named("double"); // two uses, so two arrows
    let loss = (double * y).named("loss");
    let steps = tape.steps(loss);

    println!("{}", steps.dot());
    println!("{}", steps.mermaid());
}
