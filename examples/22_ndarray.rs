//! A small neural network in `ndarray`, trained by exact gradients through its matrix products.

use ndarray::{Array2, ArrayView2, Axis, concatenate, s};
use wengert::guest::{Active, record_active};
use wengert::{Error, Workspace};

const HIDDEN: usize = 8;
const WEIGHTS: usize = 3 * HIDDEN + HIDDEN + 1;

/// Points in two interleaved spirals, a 1 for the bias, and the spiral that each is on.
fn spirals() -> (Array2<f64>, Array2<f64>) {
    let turn = |k: usize| (k / 2) as f64 * 0.15 + 0.5;
    let sign = |k: usize| if k.is_multiple_of(2) { 1.0 } else { -1.0 };
    let x = Array2::from_shape_fn((40, 3), |(k, j)| match j {
        0 => sign(k) * turn(k) * turn(k).cos(),
        1 => sign(k) * turn(k) * turn(k).sin(),
        _ => 1.0,
    });
    (x, Array2::from_shape_fn((40, 1), |(k, _)| sign(k)))
}

/// The mean squared error: two matrix products with a tanh between.
fn loss(w: &[Active], x: &Array2<Active>, y: &Array2<Active>) -> Active {
    let (first, second) = w.split_at(3 * HIDDEN);
    let first = ArrayView2::from_shape((3, HIDDEN), first).expect("3 weights a hidden unit");
    let second = ArrayView2::from_shape((HIDDEN + 1, 1), second).expect("and 1, and a bias");
    let hidden = x.dot(&first).mapv(|x| x.tanh());
    let hidden = concatenate![Axis(1), hidden, x.slice(s![.., 2..3])];
    let error = hidden.dot(&second) - y;
    (&error * &error).mean().expect("there are samples")
}

fn main() -> Result<(), Error> {
    let (x, y) = spirals();
    let (x, y) = (x.mapv(Active::from), y.mapv(Active::from));
    let mut w: Vec<f64> = (0..WEIGHTS).map(|k| (k as f64 * 2.3).sin()).collect();
    let program = record_active(|w| loss(w, &x, &y), &w);
    println!("{WEIGHTS} weights, 40 samples, {} slots\n\nsteps      loss", program.len());

    let (mut slopes, mut workspace) = (vec![0.0; WEIGHTS], Workspace::new());
    let mut speed = vec![0.0; WEIGHTS];
    for step in 0..=3000 {
        let loss = program.value_and_gradient_into(&w, &mut slopes, &mut workspace)?;
        if [0, 1, 10, 100, 1000, 3000].contains(&step) {
            println!("{step:5}  {loss:.6}");
        }
        for ((w, slope), speed) in w.iter_mut().zip(&slopes).zip(&mut speed) {
            *speed = 0.9 * *speed - 0.02 * slope;
            *w += *speed;
        }
    }
    Ok(())
}
