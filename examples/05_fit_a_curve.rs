//! A curve fitted by gradient descent: y = a exp(-b t) + c through eight measurements.

use wengert::prelude::*;

const MEASURED: [(f64, f64); 8] = [
    (0.0, 3.02),
    (0.5, 2.41),
    (1.0, 1.93),
    (1.5, 1.62),
    (2.0, 1.37),
    (3.0, 1.06),
    (4.0, 0.91),
    (6.0, 0.73),
];

fn curve<N: Number>(p: &[N], t: f64) -> N {
    p[0] * (-p[1] * t).exp() + p[2]
}

/// The mean of the squared errors.
fn loss<N: Number>(p: &[N]) -> N {
    let squares = MEASURED.iter().map(|(t, y)| (curve(p, *t) - *y).square());
    squares.sum::<N>() / MEASURED.len() as f64
}

fn main() {
    let mut p = [1.0, 1.0, 0.0];
    println!(" step          loss         a         b         c");
    for step in 0..=2000 {
        let (value, gradient) = value_and_gradient(|p| loss(p), &p);
        if [0, 1, 10, 100, 1000, 2000].contains(&step) {
            println!("{step:5}  {value:12.9}  {:8.6}  {:8.6}  {:8.6}", p[0], p[1], p[2]);
        }
        for (p, slope) in p.iter_mut().zip(gradient) {
            *p -= 0.2 * slope;
        }
    }

    println!("\n    t  measured    fitted");
    for (t, y) in MEASURED {
        println!("{t:5.1}  {y:8.2}  {:8.2}", curve(&p, t));
    }
}
