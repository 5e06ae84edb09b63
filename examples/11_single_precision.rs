//! f32 data: the same generic code, and the same recorded program, in single precision.

use wengert::F32;
use wengert::prelude::*;

/// How far a model is from measured values: v = [amplitude, decay, offset].
fn misfit<N: Number>(v: &[N], data: &[f32]) -> N {
    let model = |t: f64| v[0] * (-v[1] * t).exp() + v[2];
    let terms =
        data.iter().enumerate().map(|(k, y)| (model(0.25 * k as f64) - f64::from(*y)).square());
    terms.sum()
}

fn main() -> Result<(), wengert::Error> {
    let data: Vec<f32> = (0..12).map(|k| 2.0 * (-0.3 * k as f32).exp() + 0.5).collect();
    let v: [f32; 3] = [1.5, 1.0, 0.4];
    let single = v.map(F32);
    let double = v.map(f64::from);

    // Generic code runs on f32 as it stands.
    println!("value      in f32  {:.9}", misfit(&single, &data).0);
    println!("           in f64  {:.9}", misfit(&double, &data));

    // A tape holds f64, which every f32 is: exact slopes of f32 data.
    let f = record(|v| misfit(v, &data), &double);
    let exact = f.gradient(&double)?;

    // The same program, with both sweeps in f32.
    let (_, rounded) = f.reverse(&single, &[F32(1.0)])?;
    println!("\n           in f32        in f64");
    for ((name, single), exact) in ["amplitude", "decay", "offset"].iter().zip(&rounded).zip(&exact)
    {
        println!("{name:9}  {:12.9}  {exact:12.9}", single.0);
    }

    // And forward, by tangents in f32.
    let along =
        [Dual::new(single[0], F32(1.0)), Dual::constant(1.0), Dual::constant(f64::from(v[2]))];
    println!("\nalong the amplitude, forward in f32: {:.9}", misfit(&along, &data).tangent().0);
    Ok(())
}
