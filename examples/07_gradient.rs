//! Where to build the well: the gradient of a closure, asked for again at each step.

use wengert::prelude::*;

const HOUSES: [[f64; 2]; 5] = [[0.0, 0.0], [4.0, 0.5], [6.0, 3.0], [0.5, 4.0], [8.0, 6.0]];

/// The length of all paths from the houses to the well.
fn paths<N: Number>(well: &[N]) -> N {
    HOUSES.iter().map(|[x, y]| (well[0] - *x).hypot(well[1] - *y)).sum()
}

fn main() {
    println!("step        x        y   length    slope");
    let mut well = vec![8.0, 0.0];
    for step in 0..=50 {
        // One recording and one sweep give the value and every slope.
        let (length, slopes) = value_and_gradient(|v| paths(v), &well);
        let steepest = slopes[0].hypot(slopes[1]);
        if [0, 1, 2, 5, 10, 20, 50].contains(&step) {
            println!("{step:4}  {:7.4}  {:7.4}  {length:7.4}  {steepest:7.4}", well[0], well[1]);
        }
        well.iter_mut().zip(&slopes).for_each(|(x, slope)| *x -= 0.4 * slope);
    }

    // Where only the slopes are wanted:
    let slopes = gradient(|v| paths(v), &[3.0, 2.0]);
    println!(
        "\nat (3, 2) the paths grow by {:.4} to the east and {:.4} to the north",
        slopes[0], slopes[1]
    );

    // At a house the length has a kink. The slope of that one path is 0 there, by convention.
    let slopes = gradient(|v| paths(v), &HOUSES[2]);
    println!("at the house at (6, 3): {:.4} and {:.4}", slopes[0], slopes[1]);
}
