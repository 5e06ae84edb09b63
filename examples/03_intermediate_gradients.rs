//! The gradient of any value on the way, and how much of it came by which path.

use wengert::prelude::*;

fn main() {
    let tape = Tape::new();
    let [x1, x2, b1, b2] = tape.inputs(["x1", "x2", "b1", "b2"], [0.05, 0.10, 0.30, 0.60]);
    let h1 = (x1 * 0.15 + x2 * 0.20 + b1).sigmoid().named("h1");
    let h2 = (x1 * 0.25 + x2 * 0.30 + b1).sigmoid().named("h2");
    let o1 = (h1 * 0.40 + h2 * 0.45 + b2).sigmoid().named("o1");
    let o2 = (h1 * 0.50 + h2 * 0.55 + b2).sigmoid().named("o2");
    let e1 = ((o1 - 0.01).square() * 0.5).named("E1");
    let e2 = ((o2 - 0.99).square() * 0.5).named("E2");
    let e = (e1 + e2).named("E");

    let (whole, first, second) = (tape.gradient(e), tape.gradient(e1), tape.gradient(e2));
    println!("           dE/d..  =  dE1/d..  +  dE2/d..");
    for name in ["o1", "o2", "h1", "h2", "b1", "b2"] {
        println!("{name}     {:9.6}  {:9.6}    {:9.6}", whole[name], first[name], second[name]);
    }

    let weighed = tape.vjp(&[(e1, 2.0), (e2, -1.0)]);
    println!("\nseveral outputs, each with its cotangent");
    println!("d(2 E1 - E2)/dh1   {:9.6}", weighed[h1]);

    let grad = tape.gradient((o1 - o2.detach()).square());
    println!("\n(o1 - o2)^2 with o2 detached, that is, held constant");
    println!("d/do1              {:9.6}", grad[o1]);
    println!("d/do2              {:9.6}", grad[o2]);
}
