//! Loops found again: a recording of a million equal terms, run as one loop in vector lanes.

use wengert::prelude::*;
use wengert::record_vec;

/// Rosenbrock's valley in many dimensions: smallest, and 0, where every number is 1.
fn valley<N: Number>(v: &[N]) -> N {
    let term = |v: &[N]| (v[1] - v[0].square()).square() * 100.0 + (v[0] - 1.0).square();
    v.windows(2).map(term).sum()
}

/// A step of a rod that cools: its ends are lost.
fn step<N: Number>(rod: Vec<N>) -> Vec<N> {
    rod.windows(3).map(|u| u[1] + (u[0] - u[1] * 2.0 + u[2]) * 0.25).collect()
}

fn main() -> Result<(), wengert::Error> {
    let x: Vec<f64> = (0..100_000).map(|i| 0.5 + 0.001 * (i % 977) as f64).collect();
    let f = record(|v| valley(v), &x);
    println!("{} slots of {} inputs", f.len() - f.inputs(), f.inputs());

    // What repeats in the recording is found, whatever the code looked like that was recorded.
    let rolled = f.roll()?;
    for part in rolled.loops() {
        println!("a loop of {} slots and {} turns", part.length, part.turns);
    }

    let mut workspace = Workspace::new();
    let mut gradient = vec![0.0; x.len()];
    let value = rolled.value_and_gradient_into(&x, &mut gradient, &mut workspace)?;
    println!("value {value:.4}, slopes {:.4} {:.4} ...", gradient[0], gradient[1]);

    // The program keeps a value and an adjoint a slot; the loop keeps what turns leave for others.
    let mut of_program = Workspace::new();
    let mut slopes = gradient.clone();
    let wanted = f.value_and_gradient_into(&x, &mut slopes, &mut of_program)?;
    let [loops, slots] = [&workspace, &of_program].map(|room| room.bytes() as f64 / 1e6);
    println!("{loops:.1} MB instead of {slots:.1}");

    // A sum over turns is added in another order: equal to rounding, and not to the last bit.
    assert_relative_eq!(value, wanted, max_relative = 1e-12);
    assert_relative_eq!(gradient[..], slopes[..], max_relative = 1e-9);

    // A step that reads the one before it is a loop of its own.
    let rod = record_vec(|v| (0..3).fold(v.to_vec(), |rod, _| step(rod)), &x[..40]);
    let turns: Vec<usize> = rod.roll()?.loops().map(|part| part.turns).collect();
    println!("three steps of a rod: loops of {turns:?} turns");
    Ok(())
}
