//! A workspace holds one gradient at a time.

use wengert::prelude::*;

fn main() {
    let (tape, mut workspace) = (Tape::new(), Workspace::new());
    let x = tape.new_input("x", 1.0);
    let first = tape.gradient_in(&mut workspace, x);
    let second = tape.gradient_in(&mut workspace, x);
    println!("{first} {second}");
}
