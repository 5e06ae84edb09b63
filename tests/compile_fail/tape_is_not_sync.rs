//! A tape is not shared between threads, as two would record into each other's programs.

use wengert::prelude::*;

fn needs_sync<T: Sync>() {}

fn main() {
    needs_sync::<Tape>();
}
