//! The figures that are read off the samples, and the table that shows them.
//! It must not know how they were taken.

use crate::about::About;
use crate::cases::{Case, goals};
use crate::measure::{Measured, Plan};
use crate::modes::{BASELINE, Preparation};
use serde::{Deserialize, Serialize};
use std::fmt;

/// All figures of one run.
#[derive(Serialize, Deserialize)]
pub struct Report {
    pub about: About,
    pub rounds: usize,
    pub sample_milliseconds: f64,
    pub rows: Vec<Row>,
    pub left_out: Vec<LeftOut>,
}

/// One workload in one mode.
#[derive(Serialize, Deserialize)]
pub struct Row {
    pub workload: String,
    pub inputs: usize,
    pub ops: usize,
    pub mode: String,
    /// Time over that of the hand-written adjoint: the median of the ratios of all rounds ...
    pub ratio: f64,
    /// ... the smallest of them ...
    pub ratio_min: f64,
    /// ... and the largest.
    pub ratio_max: f64,
    /// The ratio that it was first to be no worse than ...
    pub first_goal: Option<f64>,
    /// ... and that it is to reach.
    pub goal: Option<f64>,
    pub ns_per_gradient: f64,
    pub ns_per_op: f64,
    /// Where the mode can tell.
    pub tape_bytes_per_op: Option<f64>,
    pub adjoint_bytes_per_op: Option<f64>,
    /// Where the program is compiled: microseconds that it takes, a slot ...
    pub compile_us_per_slot: Option<f64>,
    /// ... that it takes another time ...
    #[serde(default)]
    pub compile_again_us_per_slot: Option<f64>,
    /// ... and gradients after which this was quicker than to interpret it.
    pub break_even: Option<f64>,
}

/// A mode that some workloads have to do without, for one reason.
#[derive(Serialize, Deserialize)]
pub struct LeftOut {
    pub mode: String,
    pub reason: String,
    pub workloads: Vec<String>,
}

impl LeftOut {
    /// What is left out of these cases, each mode and reason once.
    pub fn of(cases: &[Case]) -> Vec<LeftOut> {
        let mut all: Vec<LeftOut> = Vec::new();
        for case in cases {
            for left_out in &case.left_out {
                let (mode, reason) = (left_out.mode.to_owned(), left_out.reason.clone());
                match all.iter_mut().find(|one| one.mode == mode && one.reason == reason) {
                    Some(one) => one.workloads.push(case.name.clone()),
                    None => all.push(LeftOut { mode, reason, workloads: vec![case.name.clone()] }),
                }
            }
        }
        all.sort_by(|x, y| (&x.reason, &x.mode).cmp(&(&y.reason, &y.mode)));
        all
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is left out of {}: {}", self.mode, self.workloads.join(", "), self.reason)
    }
}

impl Report {
    pub fn new(plan: &Plan, measured: &[Measured], left_out: Vec<LeftOut>) -> Report {
        let same_workload = |a: &Measured, b: &Measured| a.workload == b.workload;
        let groups = measured.chunk_by(same_workload);
        let rows =
            groups.flat_map(|group| group.iter().map(|mode| Row::new(mode, group))).collect();
        Report {
            about: About::here(),
            rounds: plan.rounds,
            sample_milliseconds: plan.sample.as_secs_f64() * 1e3,
            rows,
            left_out,
        }
    }
}

impl Row {
    /// The row of a mode among all that were measured of its workload, the baseline first.
    fn new(measured: &Measured, group: &[Measured]) -> Row {
        let pairs = measured.seconds.iter().zip(&group[0].seconds);
        let ratios = sorted(pairs.map(|(mode, adjoint)| mode / adjoint).collect());
        let nanoseconds = median(&sorted(measured.seconds.clone())) * 1e9;
        let ops = measured.ops as f64;
        let (first_goal, goal) = goals(&measured.workload, measured.mode);
        let ready = measured.preparation;
        let per_slot = |of: Preparation, seconds: f64| seconds * 1e6 / of.slots as f64;
        Row {
            workload: measured.workload.clone(),
            inputs: measured.inputs,
            ops: measured.ops,
            mode: measured.mode.into(),
            ratio: median(&ratios),
            ratio_min: ratios[0],
            ratio_max: ratios[ratios.len() - 1],
            first_goal,
            goal,
            ns_per_gradient: nanoseconds,
            ns_per_op: nanoseconds / ops,
            tape_bytes_per_op: per_op(measured.bytes.tape, ops),
            adjoint_bytes_per_op: per_op(measured.bytes.adjoints, ops),
            compile_us_per_slot: ready.map(|of| per_slot(of, of.cost.first)),
            compile_again_us_per_slot: ready
                .and_then(|of| of.cost.again.map(|seconds| per_slot(of, seconds))),
            break_even: break_even(measured, group),
        }
    }

    /// What it costs to compile, and after how many gradients it has paid for itself.
    fn compiling(&self) -> String {
        let cost =
            self.compile_us_per_slot.map(|cost| format!("  compiled in {cost:.1} us a slot"));
        let even = self.break_even.map(|even| format!(", even after {even:.0} gradients"));
        let again = self.compile_again_us_per_slot.map(|again| format!(" ({again:.1} again)"));
        [cost, again, even].into_iter().flatten().collect()
    }

    /// The goals beside what became of each.
    pub fn verdict(&self) -> String {
        let goals = self.first_goal.into_iter().chain(self.goal);
        let verdict =
            |goal| format!("{goal} {}", if self.ratio <= goal { "met" } else { "missed" });
        goals.map(verdict).collect::<Vec<_>>().join(", ")
    }

    /// Whether it is the mode that all others are compared with.
    pub fn is_baseline(&self) -> bool {
        self.mode == BASELINE
    }

    pub fn spread(&self) -> String {
        format!("{}..{}", digits(self.ratio_min), digits(self.ratio_max))
    }
}

/// Bytes an operation; a mode that cannot tell says 0.
fn per_op(bytes: usize, ops: f64) -> Option<f64> {
    (bytes > 0).then(|| bytes as f64 / ops)
}

/// Gradients after which the cost of getting ready is earned, against the interpreter.
fn break_even(measured: &Measured, group: &[Measured]) -> Option<f64> {
    let seconds = |mode: &Measured| median(&sorted(mode.seconds.clone()));
    let interpreted = group.iter().find(|other| other.mode == "program")?;
    let gain = seconds(interpreted) - seconds(measured);
    measured.preparation.filter(|_| gain > 0.0).map(|of| (of.cost.first / gain).ceil())
}

fn sorted(mut figures: Vec<f64>) -> Vec<f64> {
    figures.sort_by(f64::total_cmp);
    figures
}

/// The median of sorted figures.
fn median(figures: &[f64]) -> f64 {
    let middle = figures.len() / 2;
    let other = (figures.len() - 1) / 2;
    0.5 * (figures[other] + figures[middle])
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rounds, sample) = (self.rounds, self.sample_milliseconds);
        writeln!(f, "CPU time of a gradient over that of the adjoint written by hand,")?;
        writeln!(f, "median of {rounds} rounds, samples of {sample} ms or more\n")?;
        writeln!(f, "{HEADINGS}")?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))?;
        writeln!(
            f,
            "\nspread: least and largest ratio of a round; tape, adjoints: bytes an operation"
        )?;
        self.left_out.iter().try_for_each(|left_out| writeln!(f, "{left_out}"))
    }
}

/// Above the columns of a row.
const HEADINGS: &str = concat!(
    "workload                ops mode                ratio               goals        spread",
    "    ns/op   tape adjoints",
);

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_baseline() {
            write!(f, "{:<18} {:>8} {:<17} ", self.workload, self.ops, self.mode)?;
            return write!(f, "{:>7} {:>19} {:>13} {:>8.3}", "1", "", "", self.ns_per_op);
        }
        write!(f, "{:27} {:<17} ", "", self.mode)?;
        write!(f, "{:>7} {:>19} {:>13} ", digits(self.ratio), self.verdict(), self.spread())?;
        write!(f, "{:>8.3} ", self.ns_per_op)?;
        write!(f, "{:>6} {:>8}", bytes(self.tape_bytes_per_op), bytes(self.adjoint_bytes_per_op))?;
        write!(f, "{}", self.compiling())
    }
}

/// Bytes an operation, or a dash.
pub fn bytes(per_op: Option<f64>) -> String {
    per_op.map_or("-".into(), |bytes| format!("{bytes:.1}"))
}

/// A ratio with about three digits.
pub fn digits(ratio: f64) -> String {
    let decimals = if ratio < 10.0 { 2 } else { usize::from(ratio < 100.0) };
    format!("{ratio:.decimals$}")
}
