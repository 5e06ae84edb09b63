//! Newton's method on a system of equations: the Jacobian of a recorded function.

use wengert::prelude::*;

/// Where a circle, a parabola and a plane meet: all three are 0.
fn system<N: Number>(v: &[N]) -> Vec<N> {
    let [x, y, z] = [v[0], v[1], v[2]];
    vec![x.square() + y.square() - 4.0, y - x.square() + 1.0, x + y + z - 1.0]
}

/// Solves `a s = b` by elimination with the largest pivot.
fn solve(a: &wengert::Matrix, b: &[f64]) -> Vec<f64> {
    let mut rows: Vec<Vec<f64>> = (0..b.len()).map(|i| [a.row(i), &[b[i]]].concat()).collect();
    for k in 0..b.len() {
        let largest = |i: &usize, j: &usize| rows[*i][k].abs().total_cmp(&rows[*j][k].abs());
        let pivot = (k..b.len()).max_by(largest).unwrap_or(k);
        rows.swap(k, pivot);
        let above = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let factor = row[k] / above[k];
            row.iter_mut().zip(&above).for_each(|(x, y)| *x -= factor * y);
        }
    }
    (0..b.len()).map(|i| rows[i][b.len()] / rows[i][i]).collect()
}

fn main() -> Result<(), wengert::Error> {
    let mut x = vec![1.0, 1.0, 1.0];
    let f = record_vec(|v| system(v), &x); // recorded once, replayed at every step

    println!("step         x         y         z    residual");
    for step in 0..6 {
        let y = f.values(&x)?;
        let residual = y.iter().fold(0.0, |most: f64, y| most.max(y.abs()));
        println!("{step:4}  {:8.5}  {:8.5}  {:8.5}  {residual:10.1e}", x[0], x[1], x[2]);
        let newton = solve(&f.jacobian(&x)?, &y);
        x.iter_mut().zip(newton).for_each(|(x, step)| *x -= step);
    }

    println!("\nits Jacobian there: a row an equation, a column a variable");
    let jacobian = f.jacobian(&x)?;
    (0..3).for_each(|i| println!("  {:8.5?}", jacobian.row(i)));

    // The same by name, for one answer from a closure:
    assert_eq!(jacobian, wengert::jacobian(|v| system(v), &x));
    Ok(())
}
