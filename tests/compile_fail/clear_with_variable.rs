//! A tape cannot be cleared while a variable of it lives.

use wengert::prelude::*;

fn main() {
    let mut tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    tape.clear();
    println!("{}", x.value());
}
