//! A variable cannot outlive its tape.

use wengert::prelude::*;

fn main() {
    let x = {
        let tape = Tape::new();
        tape.new_input("x", 1.0)
    };
    println!("{}", x.value());
}
