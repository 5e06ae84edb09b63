//! A tape cannot be cleared while a name scope is open.

use wengert::prelude::*;

fn main() {
    let mut tape = Tape::new();
    let scope = tape.scope("layer1");
    tape.clear();
    drop(scope);
}
