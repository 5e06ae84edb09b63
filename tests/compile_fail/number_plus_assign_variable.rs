//! Adding a variable to a plain number would drop its derivative in silence.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let mut sum = 0.0_f64;
    sum += x;
}
