//! One tape in a loop: record a term, sweep, rewind to the mark, and record the next in its place.

use wengert::Memory;
use wengert::prelude::*;

const POINTS: usize = 100_000;

/// Point number `i` on a noisy line.
fn point(i: usize) -> (f64, f64) {
    let x = i as f64 / POINTS as f64;
    (x, 2.0 * x + 1.0 + 0.1 * (i as f64).sin())
}

fn main() {
    // The parameters stand before the mark, so they outlive every rewind.
    let mut tape = Tape::new();
    tape.inputs(["slope", "offset"], [1.5, 0.5]);
    let mark = tape.mark();

    let mut workspace = Workspace::new();
    let mut sum = [0.0; 2];
    for i in 0..POINTS {
        tape.rewind(mark);
        let (slope, offset) = (tape.input(0), tape.input(1)); // or tape.var("slope"), by name
        let (x, y) = point(i);
        let error = (slope * x + offset - y).square();
        let grad = tape.gradient_in(&mut workspace, error);
        sum[0] += grad[slope];
        sum[1] += grad[offset];
    }
    report("term by term", &tape, sum);

    // The same sum, recorded as a whole.
    tape.rewind(mark);
    let (slope, offset) = (tape.input(0), tape.input(1));
    let errors = (0..POINTS).map(point).map(|(x, y)| (slope * x + offset - y).square());
    let grad = tape.gradient_in(&mut workspace, errors.sum());
    report("as a whole", &tape, [grad[slope], grad[offset]]);
}

fn report(how: &str, tape: &Tape, gradient: [f64; 2]) {
    let Memory { slots, bytes } = tape.memory();
    println!("{how:12}  gradient {gradient:.3?}  {slots:6} slots  {bytes:8} bytes");
}
