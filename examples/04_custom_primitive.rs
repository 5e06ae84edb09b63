//! A function with its own value and partials: Kepler's equation, solved in one slot.

use std::sync::Arc;
use wengert::prelude::*;

/// The eccentric anomaly E with E - e sin E = M. Newton's steps leave nothing on the tape; the
/// partials follow from differentiating the equation itself: dE (1 - e cos E) = dM + de sin E.
struct Kepler;

impl Custom for Kepler {
    fn name(&self) -> &str {
        "kepler"
    }

    fn value(&self, x: &[f64]) -> f64 {
        let (mean, eccentricity) = (x[0], x[1]);
        (0..20).fold(mean, |anomaly, _| {
            let error = anomaly - eccentricity * anomaly.sin() - mean;
            anomaly - error / (1.0 - eccentricity * anomaly.cos())
        })
    }

    fn partials(&self, x: &[f64], anomaly: f64, partials: &mut [f64]) {
        let slope = 1.0 - x[1] * anomaly.cos();
        partials[0] = 1.0 / slope;
        partials[1] = anomaly.sin() / slope;
    }
}

fn main() {
    let kepler: Arc<dyn Custom> = Arc::new(Kepler);
    let tape = Tape::new();
    let [mean, e] = tape.inputs(["M", "e"], [1.0, 0.3]);
    let anomaly = tape.custom(&kepler, &[mean, e]).named("E");
    let distance = (1.0 - e * anomaly.cos()).named("r");
    println!("{tape:.9}");

    let grad = tape.gradient(distance);
    let r = |mean, e| 1.0 - e * Kepler.value(&[mean, e]).cos();
    let differences = [
        (r(1.0 + 1e-6, 0.3) - r(1.0 - 1e-6, 0.3)) / 2e-6,
        (r(1.0, 0.3 + 1e-6) - r(1.0, 0.3 - 1e-6)) / 2e-6,
    ];
    println!("        gradient   central difference");
    for ((name, d), difference) in grad.iter().zip(differences) {
        println!("dr/d{name}  {d:9.6}            {difference:9.6}");
    }
}
