//! A function of two variables, and its gradient by one reverse sweep.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [3.0, 4.0]);
    let z = (x * y + x.square()).named("z");
    let grad = tape.gradient(z);

    println!("z      {:2}", z.value());
    println!("dz/dx  {:2}   by variable", grad[x]);
    println!("dz/dy  {:2}   by name", grad["y"]);

    println!("\nall inputs, in the order of their declaration");
    for (name, d) in &grad {
        println!("{name}  {d:+}");
    }

    println!("\nthe tape, recorded while z was computed");
    print!("{tape}");
}
