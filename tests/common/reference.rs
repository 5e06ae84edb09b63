//! The reference of every row, `../reference/table.tsv`: values and partials to 50 digits, and the
//! conventions at the edges. It must not know how a row is computed.
//!
//! `../reference/make.py` says what a line of the file is.

use std::collections::HashMap;
use std::fmt::Write;
use wengert::Op;

pub(crate) struct Line {
    pub(crate) row: &'static str,
    pub(crate) args: Vec<f64>,
    pub(crate) edge: bool,
    pub(crate) value: f64,
    /// `None`: not judged.
    pub(crate) partials: Vec<Option<f64>>,
}

fn number(text: &str) -> f64 {
    match text {
        "-" => 0.0,
        _ => text.parse().unwrap_or_else(|_| panic!("`{text}` in table.tsv is no number")),
    }
}

pub(crate) fn lines() -> Vec<Line> {
    let read = |line: &'static str| {
        let fields: Vec<_> = line.split('\t').collect();
        let [row, args, kind, value, partials] = fields[..] else {
            panic!("not five fields: {line}")
        };
        Line {
            row,
            args: args.split_whitespace().map(number).collect(),
            edge: kind == "edge",
            value: number(value),
            partials: partials
                .split_whitespace()
                .map(|text| (text != "?").then(|| number(text)))
                .collect(),
        }
    };
    include_str!("../reference/table.tsv").lines().map(read).collect()
}

pub(crate) fn rows() -> HashMap<&'static str, Op> {
    Op::ALL.iter().map(|op| (op.name(), *op)).collect()
}

/// How many f64 lie from x to y; two NaN are equal, and so are two zeros.
pub(crate) fn distance(x: f64, y: f64) -> f64 {
    let place = |x: f64| {
        let size = i128::from(x.abs().to_bits());
        if x < 0.0 { -size } else { size }
    };
    match (x.is_nan(), y.is_nan()) {
        (true, true) => 0.0,
        (false, false) => (place(x) - place(y)).abs() as f64,
        _ => f64::INFINITY,
    }
}

/// The size of an error in ulps of `scale`.
pub(crate) fn distance_beside(x: f64, y: f64, scale: f64) -> f64 {
    let ulp = scale.abs().next_up() - scale.abs();
    if x == y { 0.0 } else { distance(x, y).min((x - y).abs() / ulp) }
}

/// Where terms cancel, an error is judged beside the largest of them.
pub(crate) fn scale(op: Op, args: &[f64], want: f64) -> f64 {
    let largest = |xs: &mut dyn Iterator<Item = f64>| xs.fold(want.abs(), |m, x| m.max(x.abs()));
    match op {
        Op::Sum | Op::LogSumExp => largest(&mut args.iter().copied()),
        Op::Dot => {
            let (x, y) = args.split_at(args.len() / 2);
            largest(&mut x.iter().zip(y).map(|(x, y)| x * y))
        }
        // The size of its waves.
        Op::SincDerivative => want.abs().max(1.0 / (args[0] + 1.0 + args[1].abs())),
        _ => want,
    }
}

/// What is wrong with the value and the partials of one line, a line of text for each fault.
pub(crate) fn faults(op: Op, line: &Line, v: f64, partials: &[f64]) -> String {
    let (args, mut text) = (&line.args, String::new());
    let ulps = if line.edge { 0.0 } else { op.row().ulps };
    let mut judge = |what: &str, got: f64, want: f64, off: f64| {
        if off.is_nan() || off > ulps {
            let row = line.row;
            writeln!(text, "{row}{args:?}: {what} is {got:e}, should be {want:e}, {off} ulps off")
                .unwrap();
        }
    };
    let mut off = distance_beside(v, line.value, scale(op, args, line.value));
    if line.edge
        && matches!(op, Op::Chain | Op::Copysign)
        && v.is_sign_negative() != line.value.is_sign_negative()
        && !v.is_nan()
    {
        off = f64::INFINITY;
    }
    judge("value", v, line.value, off);
    assert_eq!(partials.len(), line.partials.len(), "{}{args:?}", line.row);
    for (k, (got, want)) in partials.iter().zip(&line.partials).enumerate() {
        if let Some(want) = want {
            let scale = match op {
                Op::LogSumExp => 0.5,
                Op::SincDerivative => scale(op, args, *want),
                _ => *want,
            };
            judge(&format!("partial {k}"), *got, *want, distance_beside(*got, *want, scale));
        }
    }
    text
}
