//! A custom primitive travels with the programs that use it, so it must be `Send` and `Sync`.

use std::cell::Cell;
use wengert::prelude::*;

struct Counter(Cell<usize>);

impl Custom for Counter {
    fn name(&self) -> &str {
        "counter"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0]
    }
    fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
        partials[0] = 1.0;
    }
}

fn main() {}
