//! A tape cannot be rewound while a variable of it lives, even one from before the mark.

use wengert::prelude::*;

fn main() {
    let mut tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let mark = tape.mark();
    tape.rewind(mark);
    println!("{}", x.value());
}
