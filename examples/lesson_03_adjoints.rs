//! Lesson 3. A reverse sweep by hand; the same with a path lost; and both against a measurement.

use wengert::prelude::*;

fn f(x: f64, y: f64) -> f64 {
    (x + y) * x + (x + y).ln()
}

/// Adds what comes down one path. With the slip, it is put in the place of what came before.
fn send(bar: &mut f64, share: f64, slip: bool) {
    *bar = if slip { share } else { *bar + share };
}

/// The adjoints of x and y: the list of lesson 1 from the bottom to the top.
fn sweep(x: f64, y: f64, slip: bool) -> [f64; 2] {
    let s = x + y;
    let f_bar = 1.0;
    let [mut p_bar, mut l_bar, mut s_bar, mut x_bar, mut y_bar] = [0.0; 5];
    send(&mut p_bar, f_bar * 1.0, slip); // f = p + l
    send(&mut l_bar, f_bar * 1.0, slip);
    send(&mut s_bar, l_bar * (1.0 / s), slip); // l = ln s
    send(&mut s_bar, p_bar * x, slip); // p = s x
    send(&mut x_bar, p_bar * s, slip);
    send(&mut x_bar, s_bar * 1.0, slip); // s = x + y
    send(&mut y_bar, s_bar * 1.0, slip);
    [x_bar, y_bar]
}

fn main() {
    let (x, y, h) = (1.5, 0.5, 1e-6);
    let measured = [
        (f(x + h, y) - f(x - h, y)) / (2.0 * h), // a little to the right, a little to the left
        (f(x, y + h) - f(x, y - h)) / (2.0 * h),
    ];
    println!("              df/dx     df/dy");
    println!("paths lost   {:.6?}", sweep(x, y, true));
    println!("paths added  {:.6?}", sweep(x, y, false));
    println!("measured     {measured:.6?}");

    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [x, y]);
    let s = (x + y).named("s");
    let p = (s * x).named("p");
    let f = p + s.ln();
    let grad = tape.gradient(f);
    println!("the tape     {:.6?}", [grad[x], grad[y]]);
    println!("and on the way: s_bar = {}, p_bar = {}", grad["s"], grad["p"]);

    // Asked again, it answers the same: nothing was added to what the first sweep left behind.
    let again = tape.gradient(f);
    println!("asked again  {:.6?}", [again[x], again[y]]);

    // Two equal edges are two paths: x + x.
    println!("x + x        {}", tape.gradient(x + x)[x]);
}
