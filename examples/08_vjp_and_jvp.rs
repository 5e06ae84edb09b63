//! A robot's arm: speeds go forward by `jvp`, forces go back by `vjp`, and power is the same.

use wengert::prelude::*;

/// Where the hand is, from the angles of shoulder, elbow and wrist.
fn hand<N: Number>(angles: &[N]) -> Vec<N> {
    let (mut x, mut y, mut direction) = (N::constant(0.0), N::constant(0.0), N::constant(0.0));
    for (angle, length) in angles.iter().zip([1.0, 0.8, 0.3]) {
        direction = direction + *angle;
        x = x + direction.cos() * length;
        y = y + direction.sin() * length;
    }
    vec![x, y]
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

fn main() {
    let angles = [0.5, 0.9, -0.4];

    // Forward: how fast the hand moves when the joints turn at these speeds.
    let speeds = [0.2, -0.1, 0.3];
    let (at, velocity) = jvp(|v| hand(v), &angles, &speeds);
    println!("the hand is at        {at:.4?}");
    println!("it moves by           {velocity:.4?} each second");

    // Backward: what each joint must hold when a force pulls at the hand.
    let force = [0.0, -9.81];
    let (_, torques) = vjp(|v| hand(v), &angles, &force);
    println!("the joints hold       {torques:.4?}");

    // The two are transposes of each other: the power is the same at the hand and at the joints.
    println!("power at the hand     {:.6}", dot(&force, &velocity));
    println!("power at the joints   {:.6}", dot(&torques, &speeds));
}
