//! Prices and filters. It must not know how they are checked.

use super::{Slip, Subject};
use wengert::Number;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "Black-Scholes call",
            f: |v| call(v),
            gradient: greeks,
            point: |r| {
                vec![
                    r.between(80.0, 120.0),
                    r.between(90.0, 110.0),
                    r.between(0.01, 0.08),
                    r.between(0.15, 0.5),
                    r.between(0.3, 2.0),
                ]
            },
            blocks: &[("spot", &[]), ("strike", &[]), ("rate", &[]), ("sigma", &[]), ("time", &[])],
            slips: &[
                Slip(1, "vega per cent", &["factor"]),
                Slip(2, "theta with the sign that traders give it", &["sign"]),
                Slip(
                    3,
                    "rho without the time",
                    &["wrong slope", "forgotten slope", "wrong quantity"],
                ),
                Slip(4, "theta without the interest", &["missing path", "taken for a constant"]),
                Slip(
                    5,
                    "vega without the root of time",
                    &["forgotten slope", "wrong slope", "wrong quantity"],
                ),
                Slip(6, "theta per day of a year", &["factor"]),
            ],
        },
        Subject {
            name: "bond by its yield",
            f: |v| bond(v),
            gradient: bond_by_hand,
            point: |r| vec![r.between(0.01, 0.1), r.between(1.0, 9.0)],
            blocks: &[("yield", &[]), ("coupon", &[])],
            slips: &[
                Slip(1, "duration: the sign is dropped", &["sign"]),
                Slip(2, "Macaulay's duration: not divided by 1 + y", &["wrong slope"]),
                Slip(3, "the redemption is forgotten", &["missing path", "taken for a constant"]),
            ],
        },
        Subject {
            name: "Kalman filter, one step",
            f: |v| kalman(v),
            gradient: kalman_by_hand,
            point: |r| {
                vec![
                    r.between(-1.0, 1.0),
                    r.between(0.2, 2.0),
                    r.between(0.1, 1.0),
                    r.between(0.2, 2.0),
                    r.between(-1.0, 1.0),
                ]
            },
            blocks: &[("mean", &[]), ("p", &[]), ("q", &[]), ("r", &[]), ("z", &[])],
            slips: &[
                Slip(
                    1,
                    "the gain is taken for a constant",
                    &["missing path", "taken for a constant"],
                ),
                Slip(2, "the gain's slope by its numerator alone", &["missing path"]),
                Slip(3, "q and r are swapped", &["swapped"]),
                Slip(4, "the innovation has the wrong sign", &["sign", "wrong slope"]),
                Slip(5, "the quotient's square is forgotten", &["wrong slope"]),
            ],
        },
    ]
}

fn call<N: Number>(v: &[N]) -> N {
    let [spot, strike, rate, sigma, time] = [v[0], v[1], v[2], v[3], v[4]];
    let width = sigma * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + sigma.square() * 0.5) * time) / width;
    let d2 = d1 - width;
    spot * d1.norm_cdf() - strike * (-rate * time).exp() * d2.norm_cdf()
}

fn greeks(v: &[f64], slip: u32) -> Vec<f64> {
    let [spot, strike, rate, sigma, time] = [v[0], v[1], v[2], v[3], v[4]];
    let width = sigma * time.sqrt();
    let d1 = ((spot / strike).ln() + (rate + sigma * sigma / 2.0) * time) / width;
    let d2 = d1 - width;
    let density = (-d1 * d1 / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let discount = (-rate * time).exp();
    let (in_time, interest) =
        (spot * density * sigma / (2.0 * time.sqrt()), rate * strike * discount * d2.norm_cdf());
    let vega = spot * density * if slip == 5 { 1.0 } else { time.sqrt() };
    let theta = in_time + if slip == 4 { 0.0 } else { interest };
    vec![
        d1.norm_cdf(),
        -discount * d2.norm_cdf(),
        strike * discount * d2.norm_cdf() * if slip == 3 { 1.0 } else { time },
        if slip == 1 { vega / 100.0 } else { vega },
        match slip {
            2 => -theta,
            6 => theta / 365.0,
            _ => theta,
        },
    ]
}

/// Five coupons, and 100 at the end.
fn bond<N: Number>(v: &[N]) -> N {
    let base = v[0] + 1.0;
    let coupons = (1..=5).map(|year| v[1] / base.powi(year));
    coupons.sum::<N>() + base.powi(-5) * 100.0
}

fn bond_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let base = 1.0 + v[0];
    let redemption = if slip == 3 { 0.0 } else { 100.0 };
    let mut g = vec![0.0; 2];
    for year in 1..=5 {
        let flow = v[1] + if year == 5 { redemption } else { 0.0 };
        let power = if slip == 2 { year } else { year + 1 };
        g[0] -= f64::from(year) * flow / base.powi(power);
        g[1] += base.powi(-year);
    }
    if slip == 1 {
        g[0] = -g[0];
    }
    g
}

/// The squared error of the updated mean, and the updated variance.
fn kalman<N: Number>(v: &[N]) -> N {
    let [mean, p, q, r, z] = [v[0], v[1], v[2], v[3], v[4]];
    let predicted = p + q;
    let gain = predicted / (predicted + r);
    let updated = mean + gain * (z - mean);
    (updated - 0.5).square() + (-gain + 1.0) * predicted
}

fn kalman_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let [mean, p, q, r, z] = [v[0], v[1], v[2], v[3], v[4]];
    let predicted = p + q;
    let total = predicted + r;
    let gain = predicted / total;
    let innovation = if slip == 4 { mean - z } else { z - mean };
    let error_bar = 2.0 * (mean + gain * (z - mean) - 0.5);
    let gain_bar = if slip == 1 { 0.0 } else { error_bar * innovation - predicted };
    let square = if slip == 5 { total } else { total * total };
    let (of_predicted, of_r) = match slip {
        2 => (1.0 / total, 0.0),
        _ => (r / square, -predicted / square),
    };
    let in_predicted = gain_bar * of_predicted + (1.0 - gain);
    let mut g = vec![
        error_bar * (1.0 - gain),
        in_predicted,
        in_predicted,
        gain_bar * of_r,
        error_bar * gain,
    ];
    if slip == 3 {
        g.swap(2, 3);
    }
    g
}
