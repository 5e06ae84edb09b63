//! Lesson 2. The forward pass of the example network, and a replay with another bias.

use wengert::prelude::*;

fn main() -> Result<(), wengert::Error> {
    let tape = Tape::new();
    let [x1, x2] = tape.inputs(["x1", "x2"], [0.05, 0.10]);
    let [w1, w2, w3, w4] = tape.inputs(["w1", "w2", "w3", "w4"], [0.15, 0.20, 0.25, 0.30]);
    let [w5, w6, w7, w8] = tape.inputs(["w5", "w6", "w7", "w8"], [0.40, 0.45, 0.50, 0.55]);
    let [b1, b2] = tape.inputs(["b1", "b2"], [0.30, 0.60]);

    let z1 = (w1 * x1 + w2 * x2 + b1).named("z1");
    let z2 = (w3 * x1 + w4 * x2 + b1).named("z2");
    let [h1, h2] = [z1.sigmoid().named("h1"), z2.sigmoid().named("h2")];
    let y1 = (w5 * h1 + w6 * h2 + b2).named("y1");
    let y2 = (w7 * h1 + w8 * h2 + b2).named("y2");
    let [o1, o2] = [y1.sigmoid().named("o1"), y2.sigmoid().named("o2")];
    let e1 = ((o1 - 0.01).square() * 0.5).named("E1");
    let e2 = ((o2 - 0.99).square() * 0.5).named("E2");
    let e = (e1 + e2).named("E");

    // Recorded once at b1 = 0.30; replayed at b1 = 0.35. b1 is the eleventh input.
    let shown = [z1, z2, h1, h2, y1, y2, o1, o2, e1, e2, e];
    let program = tape.program(&shown);
    let mut inputs = program.point().to_vec();
    inputs[10] = 0.35;
    let replayed = program.values(&inputs)?;

    println!("      b1 = 0.30    b1 = 0.35");
    for (k, name) in "z1 z2 h1 h2 y1 y2 o1 o2 E1 E2 E".split(' ').enumerate() {
        println!("{name:2}  {:.9}  {:.9}", shown[k].value(), replayed[k]);
    }
    println!("from b1 = 0.30 to 0.35, E grows by {:.9}", replayed[10] - e.value());
    let inputs = program.inputs();
    println!("{} slots: {inputs} inputs and {} lines", tape.len(), tape.len() - inputs);
    Ok(())
}
