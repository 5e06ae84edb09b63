//! A variable does not leave the thread of its tape.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    std::thread::scope(|scope| {
        scope.spawn(|| x.sin().value());
    });
}
