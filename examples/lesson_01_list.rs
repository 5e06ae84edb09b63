//! Lesson 1. A Wengert list written by hand, and the same list as the tape records it.

use wengert::prelude::*;

/// One line of a list. What it is made of is named by line number, and stands above.
enum Line {
    Input(f64),
    Add(usize, usize),
    Mul(usize, usize),
    Ln(usize),
}

/// Works a list out, from the top to the bottom.
fn replay(list: &[Line]) -> Vec<f64> {
    let mut v: Vec<f64> = Vec::new();
    for line in list {
        v.push(match *line {
            Line::Input(x) => x,
            Line::Add(i, j) => v[i] + v[j],
            Line::Mul(i, j) => v[i] * v[j],
            Line::Ln(i) => v[i].ln(),
        });
    }
    v
}

fn main() {
    // f(x, y) = (x + y) x + ln(x + y), with the sum computed once.
    let list = [
        Line::Input(1.5), // 0: x
        Line::Input(0.5), // 1: y
        Line::Add(0, 1),  // 2: s
        Line::Mul(2, 0),  // 3: p
        Line::Ln(2),      // 4: l
        Line::Add(3, 4),  // 5: f
    ];
    println!("by hand: {:.9?}", replay(&list));

    // The same from an ordinary formula: the tape writes the list while the formula is computed.
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [1.5, 0.5]);
    let s = (x + y).named("s");
    let f = (s * x + s.ln()).named("f");
    println!("\nthe tape of f = {:.9}\n{tape:.9}", f.value());

    // With a constant in it, and with the sum written twice.
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [1.5, 0.5]);
    let f = (x + y) * x * 3.0 + (x + y).ln();
    println!("the tape of f = {:.9}\n{tape:.9}", f.value());
}
