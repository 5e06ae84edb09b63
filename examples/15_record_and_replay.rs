//! Recorded once, replayed elsewhere and by many; and what happens where a branch changes.

use wengert::Recorded;
use wengert::prelude::*;

/// What is left of an income after a tax in two steps, and a saving rate.
fn saved<N: Real>(v: &[N]) -> N {
    let [income, rate] = [v[0], v[1]];
    let tax =
        if income > N::constant(1000.0) { (income - 1000.0) * 0.4 + 200.0 } else { income * 0.2 };
    (income - tax) * rate
}

fn main() -> Result<(), wengert::Error> {
    let f = record(|v| saved(v), &[800.0, 0.1]);
    println!("{f:?}");

    // A program is `Send + Sync`; each caller has a workspace of its own, and nothing is allocated.
    let slopes: Vec<[f64; 2]> = std::thread::scope(|scope| {
        let ask = |income: f64| {
            let (f, mut workspace, mut slopes) = (&f, Workspace::new(), [0.0; 2]);
            scope.spawn(move || {
                f.gradient_into(&[income, 0.1], &mut slopes, &mut workspace).map(|()| slopes)
            })
        };
        let threads = [100.0, 500.0, 999.0].map(ask);
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect::<Result<_, _>>()
    })?;
    println!("below 1000, d saved = {:.2?}", slopes);

    // At 3000 the code would have run along its other branch, which was not recorded: that is an
    // error, and not the wrong number.
    match f.gradient(&[3000.0, 0.1]) {
        Ok(slopes) => println!("{slopes:?}"),
        Err(error) => println!("\n{error}\n"),
    }

    // A program with its function records again by itself.
    let mut f = Recorded::new(|v| saved(v), &[800.0, 0.1]);
    for income in [900.0, 3000.0, 4000.0, 700.0] {
        let (value, slopes) = f.value_and_gradient(&[income, 0.1]);
        let times = f.recordings();
        println!("at {income:4}: {value:6.2}, slopes {slopes:.2?}, recorded {times} times so far");
    }
    Ok(())
}
