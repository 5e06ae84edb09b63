//! A tape cannot be cleared while a gradient of it lives.

use wengert::prelude::*;

fn main() {
    let mut tape = Tape::new();
    let grad = tape.gradient(tape.new_input("x", 1.0));
    tape.clear();
    println!("{grad}");
}
