//! A gradient cannot outlive its tape.

use wengert::prelude::*;

fn main() {
    let grad = {
        let tape = Tape::new();
        let x = tape.new_input("x", 1.0);
        tape.gradient(x)
    };
    println!("{grad}");
}
