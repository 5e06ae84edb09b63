//! A recorded function called as one primitive inside another recording: one slot a call.

use std::sync::Arc;
use wengert::prelude::*;

/// The root of x = cos(x y), by ten steps of Newton's method.
fn root<N: Number>(y: N) -> N {
    let step = |x: N| x - (x - (x * y).cos()) / ((x * y).sin() * y + 1.0);
    (0..10).fold(N::constant(0.7), |x, _| step(x))
}

fn main() -> Result<(), wengert::Error> {
    let inner: Arc<dyn Custom> = Arc::new(record(|v| root(v[0]), &[1.0]));

    let tape = Tape::new();
    let ys = tape.inputs(["y1", "y2", "y3"], [0.5, 1.0, 1.5]);
    let roots = ys.map(|y| tape.custom(&inner, &[y]));
    let total = roots.into_iter().sum::<Var<'_>>().named("total");
    println!("{tape}");

    let gradient = tape.gradient(total);
    println!("   y      root     slope   by hand");
    for (y, x) in ys.into_iter().zip(roots) {
        // From x = cos(x y): dx = -sin(x y) (y dx + x dy).
        let sine = (x.value() * y.value()).sin();
        let by_hand = -x.value() * sine / (1.0 + y.value() * sine);
        println!("{:4}  {:8.5}  {:8.5}  {by_hand:8.5}", y.value(), x.value(), gradient[y]);
    }

    // It runs in every number, as its slots do: here for second derivatives.
    let program = tape.program(&[total]);
    let hessian = program.hessian(&[0.5, 1.0, 1.5])?;
    let written_out = record(|v| v.iter().map(|y| root(*y)).sum(), &[0.5, 1.0, 1.5]);
    println!("\nslots: {}, and {} written out", program.len(), written_out.len());
    assert_relative_eq!(hessian, written_out.hessian(&[0.5, 1.0, 1.5])?, epsilon = 1e-14);
    println!(
        "second derivatives {:.5} {:.5} {:.5}",
        hessian[(0, 0)],
        hessian[(1, 1)],
        hessian[(2, 2)]
    );
    Ok(())
}
