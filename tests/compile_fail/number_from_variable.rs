//! A variable is not turned into a plain number in silence: say `.value()`.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let _: f64 = x.into();
    let _ = x as f64;
}
