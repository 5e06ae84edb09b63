//! A scope that is not kept is closed at once.
#![deny(unused_must_use)]

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    tape.scope("layer1");
}
