//! A heated rod with a thermostat: a Jacobian with a band, a full row and a full column.

use wengert::prelude::*;

const CELLS: usize = 1000;

/// The rod's balance: each cell loses what it radiates, its neighbours and the heater feed it, and the
/// mean must be 1. v holds the temperatures, and last the heater's power.
fn balance<N: Number>(v: &[N]) -> Vec<N> {
    let (t, power) = (&v[..CELLS], v[CELLS]);
    let cell = |i: usize| {
        let (left, right) = (t[i.max(1) - 1], t[(i + 1).min(CELLS - 1)]);
        (left - t[i] * 2.0 + right) * 50.0 - t[i].powi(4) + power * (1.0 + (i % 7) as f64)
    };
    let mean = t.iter().copied().sum::<N>() / CELLS as f64;
    (0..CELLS).map(cell).chain([mean - 1.0]).collect()
}

fn main() -> Result<(), wengert::Error> {
    let v = vec![1.0; CELLS + 1];
    let f = record_vec(|v| balance(v), &v);
    let jacobian = f.sparse_jacobian(); // pattern and colouring, found once
    let rows = jacobian.pattern().rows();
    println!("{rows} rows, {} entries of {}", jacobian.pattern().len(), rows * rows);
    println!("full row: {}, full column: {}", jacobian.pattern().row(CELLS).len(), CELLS);
    println!("{} colours, {} sweeps", jacobian.colours(), jacobian.sweeps());

    // Compressed rows: where each row starts, the columns of its entries, and their values.
    let csr = jacobian.evaluate(&v)?;
    println!("\nrow starts  {:?} ..", &csr.row_starts()[..4]);
    for i in [0, 1, CELLS] {
        let span = csr.row_starts()[i]..csr.row_starts()[i + 1].min(csr.row_starts()[i] + 4);
        let (columns, values) = (&csr.column_indices()[span.clone()], &csr.values()[span]);
        println!("row {i:4}    columns {columns:?} values {values:.3?}");
    }

    // It multiplies: the change of the balance when everything warms by 1.
    let (mut change, mut along) = (vec![0.0; rows], vec![1.0; rows]);
    along[CELLS] = 0.0;
    csr.times_into(&along, &mut change);
    println!("\nwarmed by 1: {:.3?} .. {:.3?}", &change[..3], change[CELLS]);
    assert_relative_eq!(change[..], f.jvp(&v, &along)?.1[..], max_relative = 1e-12);
    Ok(())
}
