//! The variables of a one-shot driver do not escape from its function.

use std::cell::Cell;
use wengert::prelude::*;

fn main() {
    let kept = Cell::new(None);
    gradient(
        |v| {
            kept.set(Some(v[0]));
            v[0]
        },
        &[1.0],
    );
}
