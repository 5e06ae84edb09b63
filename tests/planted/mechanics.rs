//! Geometry and mechanics. It must not know how they are checked.

use super::{Slip, Subject};
use wengert::Number;

pub(crate) fn subjects() -> Vec<Subject> {
    vec![
        Subject {
            name: "turned and shifted point",
            f: |v| turned(v),
            gradient: turned_by_hand,
            point: |r| r.many(5, -1.5, 1.5),
            blocks: &[("angle", &[]), ("shift", &[2]), ("point", &[2])],
            slips: &[
                Slip(1, "the slope of cos without its minus", &["sign"]),
                Slip(2, "an angle in degrees", &["factor"]),
                Slip(
                    3,
                    "turned the other way on the way back",
                    &["sign", "transposed", "swapped", "wrong slope"],
                ),
                Slip(4, "x and y of the shift are swapped", &["swapped"]),
            ],
        },
        Subject {
            name: "arm of two links",
            f: |v| arm(v),
            gradient: arm_by_hand,
            point: |r| {
                vec![
                    r.between(0.2, 1.2),
                    r.between(0.2, 1.2),
                    r.between(0.5, 1.5),
                    r.between(0.5, 1.5),
                ]
            },
            blocks: &[("angle", &[2]), ("length", &[2])],
            slips: &[
                Slip(1, "the first angle does not turn the second link", &["missing path"]),
                Slip(2, "the lengths are swapped", &["swapped"]),
                Slip(
                    3,
                    "sine and cosine are mixed up in the lengths",
                    &["wrong slope", "wrong operand", "swapped"],
                ),
            ],
        },
        Subject {
            name: "attraction of two masses",
            f: |v| potential(v),
            gradient: potential_by_hand,
            point: |r| {
                r.many(4, 0.3, 2.0)
                    .into_iter()
                    .zip([1.0, 1.0, -1.0, -1.0])
                    .map(|(x, s)| x * s)
                    .collect()
            },
            blocks: &[("a", &[2]), ("b", &[2])],
            slips: &[
                Slip(1, "the force, not the slope", &["sign"]),
                Slip(2, "divided by the square of the distance, not the cube", &["wrong slope"]),
                Slip(
                    3,
                    "the second mass does not feel the first",
                    &["missing path", "taken for a constant"],
                ),
                Slip(4, "the force on a is given for b", &["sign", "wrong quantity", "swapped"]),
            ],
        },
        Subject {
            name: "growth by ten steps of Euler",
            f: |v| growth(v),
            gradient: growth_by_hand,
            point: |r| vec![r.between(0.1, 0.9), r.between(0.5, 2.0), r.between(1.0, 3.0)],
            blocks: &[("start", &[]), ("rate", &[]), ("limit", &[])],
            slips: &[
                Slip(1, "the product rule by half", &["missing path"]),
                Slip(2, "the step is left out of the rate", &["factor"]),
                Slip(3, "the limit's square is forgotten", &["wrong slope", "factor"]),
            ],
        },
        Subject {
            name: "saturated sensor",
            f: |v| sensor(v),
            gradient: sensor_by_hand,
            point: |r| vec![r.between(8.0, 9.0), r.between(2.0, 2.4)],
            blocks: &[("gain", &[]), ("signal", &[])],
            slips: &[
                Slip(1, "wrong sign of a slope near 1e-16", &["sign"]),
                Slip(2, "1 - tanh^2 where tanh is nearly 1", &["lost digits"]),
                Slip(3, "computed in f32", &["single precision"]),
                Slip(4, "2 per cent too large", &["factor"]),
                Slip(5, "of the value's square", &["factor", "wrong slope", "forgotten slope"]),
            ],
        },
        Subject {
            name: "unit quaternion",
            f: |v| quaternion(v),
            gradient: quaternion_by_hand,
            point: |r| r.many(4, 0.2, 1.5),
            blocks: &[("q", &[4])],
            slips: &[
                Slip(
                    1,
                    "the length is taken for a constant",
                    &["missing path", "taken for a constant"],
                ),
                Slip(2, "the scalar part stands last", &["shifted"]),
                Slip(3, "the components are in the opposite order", &["reversed"]),
            ],
        },
    ]
}

fn turned<N: Number>(v: &[N]) -> N {
    let (sin, cos) = (v[0].sin(), v[0].cos());
    let x = cos * v[3] - sin * v[4] + v[1];
    let y = sin * v[3] + cos * v[4] + v[2];
    x.square() * 0.5 + y.powi(3)
}

fn turned_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (sin, cos) = v[0].sin_cos();
    let x = cos * v[3] - sin * v[4] + v[1];
    let y = sin * v[3] + cos * v[4] + v[2];
    let (x_bar, y_bar) = (x, 3.0 * y * y);
    let minus = if slip == 1 { 1.0 } else { -1.0 };
    let mut angle =
        x_bar * (minus * sin * v[3] - cos * v[4]) + y_bar * (cos * v[3] + minus * sin * v[4]);
    if slip == 2 {
        angle = angle.to_radians();
    }
    let back = if slip == 3 { -sin } else { sin };
    let mut g = vec![angle, x_bar, y_bar, x_bar * cos + y_bar * back, y_bar * cos - x_bar * back];
    if slip == 4 {
        g.swap(1, 2);
    }
    g
}

const REACH: [f64; 2] = [0.7, 1.4];

fn arm<N: Number>(v: &[N]) -> N {
    let both = v[0] + v[1];
    let x = v[2] * v[0].cos() + v[3] * both.cos();
    let y = v[2] * v[0].sin() + v[3] * both.sin();
    (x - REACH[0]).square() + (y - REACH[1]).square()
}

fn arm_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let both = v[0] + v[1];
    let x = v[2] * v[0].cos() + v[3] * both.cos();
    let y = v[2] * v[0].sin() + v[3] * both.sin();
    let (x_bar, y_bar) = (2.0 * (x - REACH[0]), 2.0 * (y - REACH[1]));
    let second = v[3] * (-x_bar * both.sin() + y_bar * both.cos());
    let first = v[2] * (-x_bar * v[0].sin() + y_bar * v[0].cos());
    let mut lengths =
        [x_bar * v[0].cos() + y_bar * v[0].sin(), x_bar * both.cos() + y_bar * both.sin()];
    if slip == 3 {
        lengths =
            [x_bar * v[0].sin() + y_bar * v[0].cos(), x_bar * both.sin() + y_bar * both.cos()];
    }
    if slip == 2 {
        lengths.swap(0, 1);
    }
    let first = first + if slip == 1 { 0.0 } else { second };
    vec![first, second, lengths[0], lengths[1]]
}

const STRENGTH: f64 = 2.5;

fn potential<N: Number>(v: &[N]) -> N {
    let distance = ((v[0] - v[2]).square() + (v[1] - v[3]).square()).sqrt();
    -(distance.recip() * STRENGTH)
}

fn potential_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (x, y) = (v[0] - v[2], v[1] - v[3]);
    let distance = x.hypot(y);
    let cube = if slip == 2 { distance.powi(2) } else { distance.powi(3) };
    let sign = if slip == 1 { -1.0 } else { 1.0 };
    let (on_x, on_y) = (sign * STRENGTH * x / cube, sign * STRENGTH * y / cube);
    match slip {
        3 => vec![on_x, on_y, 0.0, 0.0],
        4 => vec![on_x, on_y, on_x, on_y],
        _ => vec![on_x, on_y, -on_x, -on_y],
    }
}

const STEP: f64 = 0.1;

fn growth<N: Number>(v: &[N]) -> N {
    let mut x = v[0];
    for _ in 0..10 {
        let free = -(x / v[2]) + 1.0;
        x = x + v[1] * x * free * STEP;
    }
    x
}

fn growth_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let (rate, limit) = (v[1], v[2]);
    let mut states = vec![v[0]];
    for k in 0..10 {
        let x = states[k];
        states.push(x + STEP * rate * x * (1.0 - x / limit));
    }
    let (mut bar, mut g) = (1.0, vec![0.0; 3]);
    for x in states[..10].iter().rev() {
        let free = 1.0 - x / limit;
        let step = if slip == 2 { 1.0 } else { STEP };
        g[1] += bar * step * x * free;
        let square = if slip == 3 { limit } else { limit * limit };
        g[2] += bar * STEP * rate * x * x / square;
        let by_product = if slip == 1 { free } else { free - x / limit };
        bar *= 1.0 + STEP * rate * by_product;
    }
    g[0] = bar;
    g
}

fn sensor<N: Number>(v: &[N]) -> N {
    (v[0] * v[1]).tanh()
}

fn sensor_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let z = v[0] * v[1];
    let e = (-2.0 * z).exp();
    let slope = match slip {
        2 => 1.0 - z.tanh().powi(2),
        _ => 4.0 * e / (1.0 + e).powi(2),
    };
    match slip {
        1 => vec![-slope * v[1], slope * v[0]],
        3 => vec![f64::from((slope * v[1]) as f32), f64::from((slope * v[0]) as f32)],
        4 => vec![1.02 * slope * v[1], 1.02 * slope * v[0]],
        5 => vec![2.0 * z.tanh() * slope * v[1], 2.0 * z.tanh() * slope * v[0]],
        _ => vec![slope * v[1], slope * v[0]],
    }
}

/// How a vector along the first axis is turned.
fn quaternion<N: Number>(v: &[N]) -> N {
    let length = (v[0].square() + v[1].square() + v[2].square() + v[3].square()).sqrt();
    let [w, x, y, z] = [0, 1, 2, 3].map(|k| v[k] / length);
    let first = w * w + x * x - y * y - z * z;
    let second = (x * y + w * z) * 2.0;
    first * 0.4 + second * 0.9
}

fn quaternion_by_hand(v: &[f64], slip: u32) -> Vec<f64> {
    let length = v.iter().map(|q| q * q).sum::<f64>().sqrt();
    let [w, x, y, z] = [0, 1, 2, 3].map(|k| v[k] / length);
    let unit_bar = [0.8 * w + 1.8 * z, 0.8 * x + 1.8 * y, -0.8 * y + 1.8 * x, -0.8 * z + 1.8 * w];
    let along: f64 = [w, x, y, z].iter().zip(unit_bar).map(|(q, bar)| q * bar).sum();
    let along = if slip == 1 { 0.0 } else { along };
    let mut g: Vec<f64> =
        [w, x, y, z].iter().zip(unit_bar).map(|(q, bar)| (bar - q * along) / length).collect();
    match slip {
        2 => g.rotate_left(1),
        3 => g.reverse(),
        _ => {}
    }
    g
}
