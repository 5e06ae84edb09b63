//! What is measured: every workload with its modes, and the ratios that they should reach.
//! It must not know how anything is measured.

use crate::modes::{self, BASELINE, LeftOut, Mode};
use crate::workloads::{Advection, BlackScholes, Gmm, Mlp, Net222, Rosenbrock, Workload};

/// A workload with everything that is to be measured on it.
pub struct Case {
    /// Its number and name.
    pub name: String,
    /// Primitive operations of one evaluation.
    pub ops: usize,
    /// Where gradients are taken, one point after the other.
    pub points: Vec<Vec<f64>>,
    /// The fewest gradients in a sample, where the workload says so.
    pub least: usize,
    /// Ways to take them; the baseline comes first.
    pub modes: Vec<Box<dyn Mode>>,
    /// Ways that it has to do without.
    pub left_out: Vec<LeftOut>,
}

/// Ratios that recording and reversing, each time anew, is to reach on the tape that is made for speed:
/// what was asked of the first benchmark, where it had this workload, and what is asked in the end.
const GOALS: &[(&str, Option<f64>, f64)] = &[
    ("W1 net222", Some(10.0), 6.0),
    ("W2 rosenbrock-1e5", Some(34.0), 12.0),
    ("W3 advection", Some(75.0), 20.0),
    ("W4 gmm", None, 4.0),
    ("W5 mlp", Some(27.0), 11.0),
    ("W5 mlp-dot", None, 8.0),
    ("W6 black-scholes", Some(6.5), 2.5),
];

/// Ratios that a program recorded once is to reach, interpreted.
const INTERPRETED: &[(&str, f64)] = &[
    ("W1 net222", 8.0),
    ("W2 rosenbrock-1e5", 15.0),
    ("W3 advection", 30.0),
    ("W4 gmm", 6.0),
    ("W5 mlp", 8.0),
    ("W6 black-scholes", 5.0),
];

/// Ratios that it is to reach compiled.
const COMPILED: &[(&str, f64)] = &[
    ("W1 net222", 1.1),
    ("W2 rosenbrock-1e3", 1.5),
    ("W2 rosenbrock-1e6", 2.0),
    ("W3 advection", 3.0),
    ("W5 mlp", 2.0),
    ("W6 black-scholes", 1.15),
];

/// The goals of a workload in a mode: the first, and the last.
pub fn goals(workload: &str, mode: &str) -> (Option<f64>, Option<f64>) {
    let of = |goals: &[(&str, f64)]| {
        goals.iter().find(|(name, _)| *name == workload).map(|(_, goal)| *goal)
    };
    match mode {
        "quick" => {
            let goal = GOALS.iter().find(|(name, ..)| *name == workload);
            goal.map_or((None, None), |(_, first, last)| (*first, Some(*last)))
        }
        "batch" => (None, of(BATCHES)),
        "program" | "rolled" => (None, of(INTERPRETED)),
        "compiled" | "rolled-compiled" => (None, of(COMPILED)),
        _ => (None, None),
    }
}

/// Ratios that many points in lanes, in one thread, are to reach a gradient.
const BATCHES: &[(&str, f64)] = &[("W1 net222", 0.35), ("W6 black-scholes", 0.4)];

/// Cases whose names have one of `only` in them, with the modes whose names have one of `modes`
/// beside the baseline; all of them where nothing is asked for.
pub fn select(only: &[String], modes: &[String]) -> Vec<Case> {
    let mut cases = all();
    let only = &exact_first(only, cases.iter().map(|case| case.name.as_str()));
    let all_modes = cases.iter().flat_map(|case| case.modes.iter().map(|mode| mode.name()));
    let modes = &exact_first(modes, all_modes);
    cases.retain(|case| is_wanted(&case.name, only));
    cases.retain(|case| case.modes.iter().any(|mode| is_wanted(mode.name(), modes)));
    for case in &mut cases {
        case.modes.retain(|mode| mode.name() == BASELINE || is_wanted(mode.name(), modes));
        case.left_out.retain(|left_out| is_wanted(left_out.mode, modes));
    }
    cases
}

/// What there is to select from, for a message.
pub fn names() -> String {
    let cases = all();
    let workloads: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    let modes: Vec<&str> = cases[0].modes.iter().map(|mode| mode.name()).collect();
    format!("workloads: {}; modes: {}", workloads.join(", "), modes.join(", "))
}

/// What is asked for: a whole name, or a part of one.
enum Wanted {
    Whole(String),
    Part(String),
}

/// Takes for a whole name what is one, so that `W5 mlp` does not mean `W5 mlp-dot` too.
fn exact_first<'a>(parts: &[String], names: impl Iterator<Item = &'a str> + Clone) -> Vec<Wanted> {
    let wanted = |part: &String| {
        let part = part.to_lowercase();
        let is_whole = names.clone().any(|name| name.to_lowercase() == part);
        if is_whole { Wanted::Whole(part) } else { Wanted::Part(part) }
    };
    parts.iter().map(wanted).collect()
}

fn is_wanted(name: &str, wanted: &[Wanted]) -> bool {
    let name = name.to_lowercase();
    wanted.is_empty()
        || wanted.iter().any(|wanted| match wanted {
            Wanted::Whole(whole) => name == *whole,
            Wanted::Part(part) => name.contains(part),
        })
}

fn all() -> Vec<Case> {
    vec![
        case("W1", &Net222),
        case("W2", &Rosenbrock { n: 1_000 }),
        case("W2", &Rosenbrock { n: 100_000 }),
        case("W2", &Rosenbrock { n: 1_000_000 }),
        case("W3", &Advection),
        case("W4", &Gmm::new()),
        case("W5", &Mlp::plain()),
        case("W5", &Mlp::with_dot()),
        Case { least: 1_000_000, ..case("W6", &BlackScholes) },
    ]
}

fn case<W: Workload + Clone + 'static>(number: &str, workload: &W) -> Case {
    let modes::Modes { modes, left_out } = modes::with_peers(workload);
    Case {
        name: format!("{number} {}", workload.name()),
        ops: workload.ops(),
        points: workload.points(),
        least: 1,
        modes,
        left_out,
    }
}
