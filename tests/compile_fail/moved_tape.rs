//! A tape cannot be moved, and so not sent away, while a variable of it lives.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    std::thread::spawn(move || tape.len());
    println!("{}", x.value());
}
