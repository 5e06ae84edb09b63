//! W6, the Black-Scholes price of a call: a short program of costly functions, recorded anew for
//! every point. It must not know the closed forms of the Greeks: the adjoint follows the program.

use super::Workload;
use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use wengert::{Number, Real};

/// Inputs in the order `s`, `k`, `t`, `r`, `v`.
#[derive(Clone)]
pub struct BlackScholes;

impl Workload for BlackScholes {
    fn name(&self) -> String {
        "black-scholes".into()
    }

    fn ops(&self) -> usize {
        24
    }

    fn needs(&self) -> &'static [&'static str] {
        &["erfc"]
    }

    /// The points repeat after 1000, so that the harness may take a million of them.
    fn points(&self) -> Vec<Vec<f64>> {
        (0..1000).map(|i| point(i as f64 / 1000.0)).collect()
    }

    fn primal<N: Real>(&self, x: &[N]) -> N {
        let (s, k, t, r, v) = (x[0], x[1], x[2], x[3], x[4]);
        let spread = v * t.sqrt();
        let d1 = ((s / k).ln() + (v.square() * 0.5 + r) * t) / spread;
        let d2 = d1 - spread;
        s * norm_cdf(d1) - k * (-(r * t)).exp() * norm_cdf(d2)
    }

    fn adjoint(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let &[s, k, t, r, v] = <&[f64; 5]>::try_from(x).expect("five inputs");
        let x_bar: &mut [f64; 5] = x_bar.try_into().expect("five inputs");
        let root = t.sqrt();
        let spread = v * root;
        let moneyness = s / k;
        let drift = v * v * 0.5 + r;
        let d1 = (moneyness.ln() + drift * t) / spread;
        let d2 = d1 - spread;
        let cdf1 = libm::erfc(d1 * -FRAC_1_SQRT_2) * 0.5;
        let cdf2 = libm::erfc(d2 * -FRAC_1_SQRT_2) * 0.5;
        let discount = (-(r * t)).exp();
        let strike = k * discount;

        let d2_bar = -strike * norm_pdf(d2);
        let d1_bar = s * norm_pdf(d1) + d2_bar;
        let log_bar = d1_bar / spread;
        let spread_bar = -d2_bar - log_bar * d1;
        let strike_bar = -cdf2;
        let rt_bar = -strike_bar * strike;
        let drift_bar = log_bar * t;
        *x_bar = [
            cdf1 + log_bar / s,
            strike_bar * discount - log_bar / k,
            log_bar * drift + rt_bar * r + spread_bar * v * 0.5 / root,
            drift_bar + rt_bar * t,
            drift_bar * v + spread_bar * root,
        ];
        s * cdf1 - strike * cdf2
    }
}

fn point(u: f64) -> Vec<f64> {
    vec![100.0 + 10.0 * u, 95.0 + 5.0 * u, 0.5 + u, 0.01 + 0.02 * u, 0.2 + 0.1 * u]
}

/// The normal distribution function.
fn norm_cdf<N: Number>(x: N) -> N {
    (x * -FRAC_1_SQRT_2).erfc() * 0.5
}

#[inline(always)]
fn norm_pdf(x: f64) -> f64 {
    const SCALE: f64 = 0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
    SCALE * (x * x * -0.5).exp()
}
