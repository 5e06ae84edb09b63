//! Code written for `num_traits::Float`, which has never heard of derivatives, differentiated.

use num_traits::{Float, FloatConst};
use wengert::guest::{Active, casts, record_active};
use wengert::{Dual, Tape};

/// The great-circle distance in kilometres, from latitudes and longitudes in degrees.
fn distance<F: Float + FloatConst>(lat1: F, lon1: F, lat2: F, lon2: F) -> F {
    let half = |x: F| (x / (F::one() + F::one())).sin().powi(2);
    let [lat1, lon1, lat2, lon2] = [lat1, lon1, lat2, lon2].map(F::to_radians);
    let h = half(lat2 - lat1) + lat1.cos() * lat2.cos() * half(lon2 - lon1);
    F::from(2.0 * 6371.0).unwrap() * h.sqrt().min(F::one()).asin()
}

/// Linear interpolation in a table: the index is a cast, and a cast loses derivatives.
fn interpolate<F: Float>(table: &[f64], x: F) -> F {
    let k = x.to_usize().unwrap().min(table.len() - 2);
    let [low, high, start] = [table[k], table[k + 1], k as f64].map(|x| F::from(x).unwrap());
    low + (high - low) * (x - start)
}

fn main() -> Result<(), wengert::Error> {
    let [berlin, paris] = [(52.52, 13.405), (48.8566, 2.3522)];
    println!("f64   {:.9} km", distance(berlin.0, berlin.1, paris.0, paris.1));

    let north = Dual::new(berlin.0, 1.0);
    let [lon1, lat2, lon2] = [berlin.1, paris.0, paris.1].map(|x| Dual::new(x, 0.0));
    let moved = distance(north, lon1, lat2, lon2);
    println!("Dual  {:.9} km, {:.9} km a degree north", moved.value(), moved.tangent());

    let tape = Tape::new();
    let names = ["lat1", "lon1", "lat2", "lon2"];
    let [lat1, lon1, lat2, lon2] = tape.inputs(names, [berlin.0, berlin.1, paris.0, paris.1]);
    let d = distance(lat1, lon1, lat2, lon2);
    println!("Var   {:.9} km, with the gradient\n{:.9}", d.value(), tape.gradient(d));

    let squares = [0.0, 1.0, 4.0, 9.0, 16.0];
    let f = |x: &[Active]| interpolate(&squares, x[0]);
    let program = record_active(f, &[2.25]);
    println!("interpolated at 2.25: value and slope {:?}", program.value_and_gradient(&[2.25])?);
    println!("replayed at 2.75:     value and slope {:?}", program.value_and_gradient(&[2.75])?);
    for cast in casts(f, &[2.25]) {
        let (method, value, line) = (cast.method, cast.value, cast.place.line);
        println!("line {line} casts {value} by `{method}`, so a replay at 3.5 is an error:");
    }
    println!("{}", program.value(&[3.5]).unwrap_err());
    Ok(())
}
