//! Kinks of primitives and borders of branches. It must not know how they are checked.

use super::{Checked, Special, gradient};
use wengert::{Number, Var};

pub(crate) fn specials() -> Vec<Special> {
    let mut all = kinks();
    all.extend(penalties());
    all.extend(branches());
    all.extend(pieces());
    all.extend(matrices());
    all
}

fn sign(x: f64) -> f64 {
    if x == 0.0 { 0.0 } else { x.signum() }
}

fn kinks() -> Vec<Special> {
    vec![
        gradient(
            ["kink", "|x|, level at 0"],
            &[0.0],
            |v| v[0].abs(),
            |x| vec![sign(x[0])],
            "twice the slope",
            |x| vec![2.0 * sign(x[0])],
        ),
        gradient(
            ["kink", "|x|, the right slope at 0"],
            &[0.0],
            |v| v[0].abs(),
            |x| vec![if x[0] >= 0.0 { 1.0 } else { -1.0 }],
            "twice the slope",
            |x| vec![if x[0] >= 0.0 { 2.0 } else { -2.0 }],
        ),
        gradient(
            ["kink", "relu(x) + y²"],
            &[0.0, 1.2],
            |v| v[0].relu() + v[1].square(),
            |x| vec![if x[0] > 0.0 { 1.0 } else { 0.0 }, 2.0 * x[1]],
            "y's 2 is lost",
            |x| vec![if x[0] > 0.0 { 1.0 } else { 0.0 }, x[1]],
        ),
        gradient(
            ["tie", "max(x, y), the first wins"],
            &[1.1, 1.1],
            |v| v[0].max(v[1]),
            |x| if x[0] >= x[1] { vec![1.0, 0.0] } else { vec![0.0, 1.0] },
            "both win",
            |x| if x[0] == x[1] { vec![1.0, 1.0] } else { vec![f64::from(x[0] > x[1]); 2] },
        ),
        gradient(
            ["tie", "max of three, the last wins"],
            &[0.4, 0.4, 0.4],
            |v| v[0].max(v[1]).max(v[2]),
            |x| last_largest(x, 1.0),
            "minus one",
            |x| last_largest(x, -1.0),
        ),
        gradient(
            ["tie", "min(x, y) of numbers that rounding made unequal"],
            &[0.1, 0.3],
            |v| (v[0] * 3.0).min(v[1]),
            |x| if x[0] * 3.0 < x[1] { vec![3.0, 0.0] } else { vec![0.0, 1.0] },
            "the other one's slope",
            |x| if x[0] * 3.0 < x[1] { vec![0.0, 1.0] } else { vec![3.0, 0.0] },
        ),
        gradient(
            ["bound", "clamp(x, 0, 1) y at 1"],
            &[1.0, 0.3],
            |v| v[0].clamp(Var::constant(0.0), Var::constant(1.0)) * v[1],
            |x| {
                let inside = x[0] > 0.0 && x[0] < 1.0;
                vec![if inside { x[1] } else { 0.0 }, x[0].clamp(0.0, 1.0)]
            },
            "x for clamp(x) in y's component",
            |x| {
                let inside = x[0] > 0.0 && x[0] < 1.0;
                vec![if inside { x[1] } else { 0.0 }, 2.0 * x[0] - 1.0]
            },
        ),
        gradient(
            ["bound", "clamp(x, 0, 1) at 1, the slope within"],
            &[1.0],
            |v| v[0].clamp(Var::constant(0.0), Var::constant(1.0)),
            |x| vec![if (0.0..=1.0).contains(&x[0]) { 1.0 } else { 0.0 }],
            "minus that slope",
            |x| vec![if (0.0..=1.0).contains(&x[0]) { -1.0 } else { 0.0 }],
        ),
        gradient(
            ["kink", "relu(x)²"],
            &[0.0],
            |v| v[0].relu().square(),
            |x| vec![2.0 * x[0].max(0.0)],
            "the 2 is lost",
            |x| vec![x[0].max(0.0)],
        ),
        gradient(
            ["kink", "x |x|"],
            &[0.0],
            |v| v[0] * v[0].abs(),
            |x| vec![2.0 * x[0].abs()],
            "half of it",
            |x| vec![x[0].abs()],
        ),
        gradient(
            ["kink", "hypot(x, y) at 0"],
            &[0.0, 0.0],
            |v| v[0].hypot(v[1]),
            |x| {
                let h = x[0].hypot(x[1]);
                if h == 0.0 { vec![0.0, 0.0] } else { vec![x[0] / h, x[1] / h] }
            },
            "the components are swapped",
            |x| {
                let h = x[0].hypot(x[1]);
                if h == 0.0 { vec![0.0, 0.0] } else { vec![x[1] / h, x[0] / h] }
            },
        ),
        gradient(
            ["jump", "floor(x) y at 2"],
            &[2.0, 3.3],
            |v| v[0].floor() * v[1],
            |x| vec![0.0, x[0].floor()],
            "as if floor were x",
            |x| vec![x[1], x[0]],
        ),
    ]
}

fn penalties() -> Vec<Special> {
    vec![
        gradient(
            ["kink", "hinge loss at the margin"],
            &[0.5, 0.25],
            |v| (-(v[0] * 1.0 + v[1] * 2.0) + 1.0).relu(),
            |x| hinge(x, 1.0),
            "the label's sign",
            |x| hinge(x, -1.0),
        ),
        gradient(
            ["kink", "a square with an L1 penalty at w = 0"],
            &[0.0],
            |v| (v[0] - 1.0).square() + v[0].abs(),
            |x| vec![2.0 * (x[0] - 1.0) + sign(x[0])],
            "the penalty is forgotten",
            |x| vec![2.0 * (x[0] - 1.0)],
        ),
        gradient(
            ["kink", "leaky relu as max(x, 0.01 x)"],
            &[0.0],
            |v| v[0].max(v[0] * 0.01),
            |x| vec![if x[0] > 0.0 { 1.0 } else { 0.01 }],
            "0 for 0.01",
            |x| vec![if x[0] > 0.0 { 1.0 } else { 0.0 }],
        ),
        gradient(
            ["kink", "mean absolute error where one residual is 0"],
            &[1.0, 0.5],
            |v| ((v[0] - 1.0).abs() + (v[0] + v[1] - 1.2).abs()) / 2.0,
            |x| {
                let [r, s] = [sign(x[0] - 1.0), sign(x[0] + x[1] - 1.2)];
                vec![(r + s) / 2.0, s / 2.0]
            },
            "not divided by 2",
            |x| {
                let [r, s] = [sign(x[0] - 1.0), sign(x[0] + x[1] - 1.2)];
                vec![r + s, s]
            },
        ),
        gradient(
            ["kink", "the absolute value of a quotient at 0"],
            &[0.0, 2.0],
            |v| (v[0] / v[1]).abs() + v[1],
            |x| vec![sign(x[0]) / x[1], 1.0 - x[0].abs() / (x[1] * x[1])],
            "y's own term is lost",
            |x| vec![sign(x[0]) / x[1], -x[0].abs() / (x[1] * x[1])],
        ),
    ]
}

fn branches() -> Vec<Special> {
    vec![
        gradient(
            ["border", "x < 1 ? x² : 3 x - 2, the left slope"],
            &[1.0],
            |v| if v[0] < 1.0 { v[0].square() } else { v[0] * 3.0 - 2.0 },
            |x| vec![if x[0] <= 1.0 { 2.0 * x[0] } else { 3.0 }],
            "minus that",
            |x| vec![if x[0] <= 1.0 { -2.0 * x[0] } else { -3.0 }],
        ),
        gradient(
            ["border", "|x| by a branch, the right slope"],
            &[0.0],
            |v| if v[0] > 0.0 { v[0] } else { -v[0] },
            |x| vec![if x[0] >= 0.0 { 1.0 } else { -1.0 }],
            "a slope of 3",
            |x| vec![if x[0] >= 0.0 { 3.0 } else { -3.0 }],
        ),
        gradient(
            ["border", "Huber's loss by a branch"],
            &[1.0],
            |v| if v[0].abs() <= 1.0 { v[0].square() * 0.5 } else { v[0].abs() - 0.5 },
            |x| vec![x[0].clamp(-1.0, 1.0)],
            "the slope beyond is 2",
            |x| vec![if x[0].abs() <= 1.0 { x[0] } else { 2.0 * x[0].signum() }],
        ),
        gradient(
            ["border", "a smooth step at its end"],
            &[1.0],
            |v| if v[0] >= 1.0 { v[0] * 0.0 + 1.0 } else { step(v[0]) },
            |x| vec![if x[0] >= 1.0 { 0.0 } else { 6.0 * x[0] * (1.0 - x[0]) }],
            "3 for 6",
            |x| vec![if x[0] >= 1.0 { 0.0 } else { 3.0 * x[0] * (1.0 - x[0]) }],
        ),
        gradient(
            ["border", "soft threshold at the threshold"],
            &[0.5],
            |v| if v[0] > 0.5 { v[0] - 0.5 } else { v[0] * 0.0 },
            |x| vec![if x[0] >= 0.5 { 1.0 } else { 0.0 }],
            "a slope of -1",
            |x| vec![if x[0] >= 0.5 { -1.0 } else { 0.0 }],
        ),
        gradient(
            ["border", "interpolation at a knot, the slope before it"],
            &[2.0, 0.7],
            |v| if v[0] < 2.0 { v[0] * v[1] } else { (v[0] - 2.0) * 5.0 + v[1] * 2.0 },
            |x| if x[0] <= 2.0 { vec![x[1], x[0]] } else { vec![5.0, 2.0] },
            "y's component is -2",
            |x| if x[0] <= 2.0 { vec![x[1], -x[0]] } else { vec![5.0, -2.0] },
        ),
        gradient(
            ["border", "a tax where a bracket begins"],
            &[1000.0],
            |v| if v[0] <= 1000.0 { v[0] * 0.1 } else { (v[0] - 1000.0) * 0.3 + 100.0 },
            |x| vec![if x[0] < 1000.0 { 0.1 } else { 0.3 }],
            "the average",
            |x| vec![if x[0] < 1000.0 { 0.1 } else { 3.0 }],
        ),
        gradient(
            ["border", "a comparison that changes nothing"],
            &[1.0],
            |v| {
                let _is_large = v[0] > 1.0;
                v[0].square() * 1.5
            },
            |x| vec![3.0 * x[0]],
            "the value's 1.5",
            |x| vec![1.5 * x[0]],
        ),
        gradient(
            ["border", "two numbers that are sorted first, equal"],
            &[0.8, 0.8],
            |v| {
                let [small, large] = if v[0] < v[1] { [v[0], v[1]] } else { [v[1], v[0]] };
                large * 2.0 + small
            },
            |x| if x[0] <= x[1] { vec![1.0, 2.0] } else { vec![2.0, 1.0] },
            "both are 2",
            |x| if x[0] == x[1] { vec![2.0, 2.0] } else { vec![x[0] + 1.0, x[1] + 1.0] },
        ),
    ]
}

fn pieces() -> Vec<Special> {
    vec![
        gradient(
            ["equality", "x² with a special case at 1"],
            &[1.0],
            |v| if v[0] == 1.0 { v[0] * 0.0 + 1.0 } else { v[0].square() },
            |x| vec![2.0 * x[0]],
            "that of the special case",
            |x| vec![if x[0] == 1.0 { 0.0 } else { 2.0 * x[0] }],
        ),
        gradient(
            ["equality", "x² with a constant at 1"],
            &[1.0],
            |v| if v[0] == 1.0 { Var::constant(1.0) } else { v[0].square() },
            |x| vec![2.0 * x[0]],
            "that of the constant",
            |x| vec![if x[0] == 1.0 { 0.0 } else { 2.0 * x[0] }],
        ),
        gradient(
            ["equality", "a product that stops at a zero"],
            &[1.0, 2.0, 0.0, 3.0, 4.0],
            |v| {
                let mut product = Var::constant(1.0);
                for x in v {
                    product *= *x;
                    if product == 0.0 {
                        break;
                    }
                }
                product
            },
            |x| others(x, 5),
            "that of the factors that were multiplied",
            |x| if x.contains(&0.0) { others(&x[..3], 5) } else { others(x, 5) },
        ),
        gradient(
            ["equality", "sin x / x with 1 at 0"],
            &[0.0],
            |v| if v[0] == 0.0 { Var::constant(1.0) } else { v[0].sin() / v[0] },
            |x| {
                let x = x[0];
                vec![if x == 0.0 { 0.0 } else { x.cos() / x - x.sin() / (x * x) }]
            },
            "1 at 0",
            |x| {
                let x = x[0];
                vec![if x == 0.0 { 1.0 } else { x.cos() / x - x.sin() / (x * x) }]
            },
        ),
        gradient(
            ["equality", "a shift along a direction, with 0 at 0"],
            &[0.0, 0.0],
            |v| {
                let n = (v[0].square() + v[1].square()).sqrt();
                if n > 0.0 { v[0] / n * n.sin() } else { Var::constant(0.0) }
            },
            direction,
            "level at 0",
            |x| if x == [0.0, 0.0] { vec![0.0, 0.0] } else { direction(x) },
        ),
    ]
}

fn matrices() -> Vec<Special> {
    vec![
        Special {
            point: "kink",
            function: "Jacobian of (relu x, x y)",
            x: vec![0.0, 0.6],
            checked: Checked::Jacobian(
                |v| vec![v[0].relu(), v[0] * v[1]],
                [
                    |x| vec![if x[0] >= 0.0 { 1.0 } else { 0.0 }, 0.0, x[1], x[0]],
                    |x| vec![if x[0] >= 0.0 { 1.0 } else { 0.0 }, 0.0, -x[1], x[0]],
                ],
            ),
            mistake: "the sign in the other row",
        },
        Special {
            point: "border",
            function: "Jacobian of (|x| by a branch, y²)",
            x: vec![0.0, 0.6],
            checked: Checked::Jacobian(
                |v| vec![if v[0] < 0.0 { -v[0] } else { v[0] }, v[1].square()],
                [
                    |x| vec![if x[0] <= 0.0 { -1.0 } else { 1.0 }, 0.0, 0.0, 2.0 * x[1]],
                    |x| vec![if x[0] <= 0.0 { -1.0 } else { 1.0 }, 0.0, 0.0, x[1]],
                ],
            ),
            mistake: "the 2 in the other row",
        },
        Special {
            point: "kink",
            function: "products with the Hessian of |x|² at 0",
            x: vec![0.0, 0.0],
            checked: Checked::Product(
                |v| v[0].hypot(v[1]).square(),
                [|_, d| vec![2.0 * d[0], 2.0 * d[1]], |_, d| vec![d[0], d[1]]],
            ),
            mistake: "the 2 is lost",
        },
        Special {
            point: "kink",
            function: "products with the Hessian of |x - y|² at x = y",
            x: vec![1.3, 1.3],
            checked: Checked::Product(
                |v| (v[0] - v[1]).abs().square(),
                [
                    |_, d| vec![2.0 * (d[0] - d[1]), 2.0 * (d[1] - d[0])],
                    |_, d| vec![2.0 * (d[0] + d[1]), 2.0 * (d[1] + d[0])],
                ],
            ),
            mistake: "the sign of the off-diagonal",
        },
        Special {
            point: "border",
            function: "products with the Hessian of Huber's loss",
            x: vec![1.0],
            checked: Checked::Product(
                |v| if v[0] < 1.0 { v[0].square() * 0.5 } else { v[0] - 0.5 },
                [
                    |x, d| vec![if x[0] <= 1.0 { d[0] } else { 0.0 }],
                    |x, d| vec![if x[0] <= 1.0 { 2.0 * d[0] } else { 0.0 }],
                ],
            ),
            mistake: "twice as curved",
        },
    ]
}

fn last_largest(x: &[f64], slope: f64) -> Vec<f64> {
    let most = x.iter().fold(f64::MIN, |most, x| most.max(*x));
    let last = x.iter().rposition(|x| *x == most);
    (0..x.len()).map(|k| if Some(k) == last { slope } else { 0.0 }).collect()
}

fn hinge(x: &[f64], label: f64) -> Vec<f64> {
    let active = x[0] + 2.0 * x[1] <= 1.0;
    if active { vec![-label, -2.0 * label] } else { vec![0.0, 0.0] }
}

fn step<N: Number>(t: N) -> N {
    t.square() * (-(t * 2.0) + 3.0)
}

/// The product of the others, for each of the factors; 0 for factors that are not there.
fn others(x: &[f64], count: usize) -> Vec<f64> {
    let product = |k: usize| (0..x.len()).filter(|j| *j != k).map(|j| x[j]).product();
    (0..count).map(|k| if k < x.len() { product(k) } else { 0.0 }).collect()
}

/// The gradient of x sin(n)/n, where n is the length of (x, y).
fn direction(x: &[f64]) -> Vec<f64> {
    let n = x[0].hypot(x[1]);
    if n == 0.0 {
        return vec![1.0, 0.0];
    }
    let (sinc, slope) = (n.sin() / n, (n.cos() - n.sin() / n) / (n * n));
    vec![sinc + x[0] * x[0] * slope, x[0] * x[1] * slope]
}
