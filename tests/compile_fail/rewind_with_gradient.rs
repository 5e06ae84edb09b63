//! A tape cannot be rewound while a gradient in a workspace of the caller lives.

use wengert::prelude::*;

fn main() {
    let (mut tape, mut workspace) = (Tape::new(), Workspace::new());
    let mark = tape.mark();
    let grad = tape.gradient_in(&mut workspace, tape.new_input("x", 1.0));
    tape.rewind(mark);
    println!("{grad}");
}
