//! A sum of variables is a variable.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let x = tape.input_array([1.0, 2.0]);
    let _: f64 = x.iter().sum();
}
