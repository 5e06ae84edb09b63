//! One recorded price at 100,000 points: in vector lanes, and on all cores with `rayon`.

use wengert::prelude::*;

const POINTS: usize = 100_000;

/// The price of a call by Black and Scholes, at v = [spot, strike, years, rate, volatility].
fn call<N: Number>(v: &[N]) -> N {
    let [s, k, t, r, sigma] = [v[0], v[1], v[2], v[3], v[4]];
    let spread = sigma * t.sqrt();
    let d1 = ((s / k).ln() + (r + sigma.square() * 0.5) * t) / spread;
    s * d1.norm_cdf() - k * (-r * t).exp() * (d1 - spread).norm_cdf()
}

/// Point number `i`.
fn point(i: usize) -> [f64; 5] {
    let u = (i % 1000) as f64 / 1000.0;
    [100.0 + 10.0 * u, 95.0 + 5.0 * u, 0.5 + u, 0.01 + 0.02 * u, 0.2 + 0.1 * u]
}

fn main() -> Result<(), wengert::Error> {
    let points: Vec<f64> = (0..POINTS).flat_map(point).collect();
    let price = record(|v| call(v), &point(0));

    // A batch keeps room for its sweeps: make one, and use it again.
    #[cfg(not(feature = "rayon"))]
    let mut batch = price.batch();
    #[cfg(feature = "rayon")]
    let mut batch = price.batch().on_all_cores(); // not a bit changes
    let (values, gradients) = batch.values_and_gradients(&points)?;

    println!("point    price  by spot  strike    years     rate  volatility");
    for i in [0, 1, 500, 99_999] {
        print!("{i:5}  {:7.4}", values[i]);
        gradients[5 * i..][..5].iter().for_each(|slope| print!("  {slope:7.4}"));
        println!();
    }
    // Lanes have vector functions of their own, within 2 units in the last place.
    assert_relative_eq!(gradients[..5], price.gradient(&point(0))?[..], max_relative = 1e-14);

    // A point at which the code would have run along another branch is named.
    let capped = record(|v| if v[0] < 105.0 { v[0] } else { v[0] * 0.0 + 105.0 }, &[100.0]);
    let spots: Vec<f64> = points.iter().copied().step_by(5).collect();
    match capped.batch().values(&spots) {
        Err(error) => println!("\n{error}"),
        Ok(_) => println!("\nno point is above the cap"),
    }
    Ok(())
}
