//! Networks and cells. It must not know how they are checked.

use super::{Slip, Subject};
use wengert::Number;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "network 2-2-1 with sigmoids",
            f: |v| network(v),
            gradient: network_by_hand,
            point: |r| r.many(9, -1.5, 1.5),
            blocks: &[("W", &[2, 2]), ("b", &[2]), ("w", &[2]), ("c", &[])],
            slips: &[
                Slip(1, "w gets the hidden values before the sigmoid", &["before the activation"]),
                Slip(
                    2,
                    "the hidden slope is taken before the sigmoid",
                    &["slope at the wrong place"],
                ),
                Slip(3, "the hidden slope is forgotten", &["forgotten slope"]),
                Slip(4, "the way back to the hidden layer has no w", &["forgotten slope"]),
                Slip(5, "W is transposed", &["transposed"]),
                Slip(6, "the output's slope is forgotten", &["forgotten slope"]),
            ],
        },
        Subject {
            name: "LSTM cell",
            f: |v| lstm(v),
            gradient: lstm_by_hand,
            point: |r| r.many(9, -1.5, 1.5),
            blocks: &[("gates", &[4]), ("u", &[4]), ("c", &[])],
            slips: &[
                Slip(1, "the path through the new cell is forgotten", &["missing path"]),
                Slip(2, "tanh(c)'s slope is forgotten", &["forgotten slope"]),
                Slip(3, "the forget gate is given the new cell", &["wrong operand"]),
                Slip(4, "input and candidate gate are swapped", &["swapped"]),
                Slip(5, "the candidate's slope is that of a sigmoid", &["wrong slope"]),
                Slip(
                    6,
                    "1 - tanh^2 is taken at the cell, before the tanh",
                    &["slope at the wrong place"],
                ),
            ],
        },
        Subject {
            name: "recurrent network, 4 steps",
            f: |v| recurrent(v),
            gradient: recurrent_by_hand,
            point: |r| r.many(3, -1.2, 1.2),
            blocks: &[("u", &[]), ("w", &[]), ("h0", &[])],
            slips: &[
                Slip(1, "nothing flows back in time", &["missing path", "taken for a constant"]),
                Slip(
                    2,
                    "h after the step in place of h before it",
                    &["wrong operand", "wrong slope"],
                ),
                Slip(3, "the slopes of tanh are forgotten", &["forgotten slope"]),
            ],
        },
    ]
}

const X: [f64; 2] = [0.6, -0.9];
const TARGET: f64 = 0.8;

fn network<N: Number>(v: &[N]) -> N {
    let hidden = |k: usize| (v[2 * k] * X[0] + v[2 * k + 1] * X[1] + v[4 + k]).sigmoid();
    let y = (v[6] * hidden(0) + v[7] * hidden(1) + v[8]).sigmoid();
    (y - TARGET).square() * 0.5
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn network_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let z: Vec<f64> = (0..2).map(|k| v[2 * k] * X[0] + v[2 * k + 1] * X[1] + v[4 + k]).collect();
    let h: Vec<f64> = z.iter().map(|z| sigmoid(*z)).collect();
    let y = sigmoid(v[6] * h[0] + v[7] * h[1] + v[8]);
    let slope = if slip == 6 { 1.0 } else { y * (1.0 - y) };
    let delta = (y - TARGET) * slope;
    let mut g = vec![0.0; 9];
    for k in 0..2 {
        let slope = match slip {
            2 => z[k] * (1.0 - z[k]),
            3 => 1.0,
            _ => h[k] * (1.0 - h[k]),
        };
        let back = delta * if slip == 4 { 1.0 } else { v[6 + k] } * slope;
        for (i, x) in X.iter().enumerate() {
            let at = if slip == 5 { 2 * i + k } else { 2 * k + i };
            g[at] = back * x;
        }
        g[4 + k] = back;
        g[6 + k] = delta * if slip == 1 { z[k] } else { h[k] };
    }
    g[8] = delta;
    g
}

const INPUT: f64 = 0.7;

/// The gates are forget, input, output and candidate: a bias each, and a weight on the input.
fn lstm<N: Number>(v: &[N]) -> N {
    let z: Vec<N> = (0..4).map(|k| v[4 + k] * INPUT + v[k]).collect();
    let (forget, input, output) = (z[0].sigmoid(), z[1].sigmoid(), z[2].sigmoid());
    let candidate = z[3].tanh();
    let cell = forget * v[8] + input * candidate;
    let h = output * cell.tanh();
    h.square() + cell * 0.3
}

fn lstm_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let z: Vec<f64> = (0..4).map(|k| v[4 + k] * INPUT + v[k]).collect();
    let gates: Vec<f64> = z.iter().map(|z| sigmoid(*z)).collect();
    let candidate = z[3].tanh();
    let cell = gates[0] * v[8] + gates[1] * candidate;
    let squashed = cell.tanh();
    let h_bar = 2.0 * gates[2] * squashed;
    let slope = match slip {
        2 => 1.0,
        6 => 1.0 - cell * cell,
        _ => 1.0 - squashed * squashed,
    };
    let mut cell_bar = 0.3;
    if slip != 1 {
        cell_bar += h_bar * gates[2] * slope;
    }
    let given = if slip == 3 { cell } else { v[8] };
    let slopes: Vec<f64> = gates.iter().map(|s| s * (1.0 - s)).collect();
    let of_tanh = if slip == 5 { slopes[3] } else { 1.0 - candidate * candidate };
    let mut bars = [
        cell_bar * given * slopes[0],
        cell_bar * candidate * slopes[1],
        h_bar * squashed * slopes[2],
        cell_bar * gates[1] * of_tanh,
    ];
    if slip == 4 {
        bars.swap(1, 3);
    }
    let mut g = bars.to_vec();
    g.extend(bars.iter().map(|bar| bar * INPUT));
    g.push(cell_bar * gates[0]);
    g
}

const SERIES: [f64; 4] = [0.5, -0.8, 1.1, 0.3];

fn recurrent<N: Number>(v: &[N]) -> N {
    let mut h = v[2];
    for x in SERIES {
        h = (v[0] * x + v[1] * h).tanh();
    }
    (h - 0.4).square()
}

fn recurrent_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let mut states = vec![v[2]];
    for (t, x) in SERIES.iter().enumerate() {
        states.push((v[0] * x + v[1] * states[t]).tanh());
    }
    let mut bar = 2.0 * (states[4] - 0.4);
    let mut g = vec![0.0; 3];
    for t in (0..4).rev() {
        let slope = if slip == 3 { 1.0 } else { 1.0 - states[t + 1].powi(2) };
        let delta = bar * slope;
        g[0] += delta * SERIES[t];
        g[1] += delta * if slip == 2 { states[t + 1] } else { states[t] };
        bar = if slip == 1 { 0.0 } else { delta * v[1] };
    }
    g[2] = bar;
    g
}
