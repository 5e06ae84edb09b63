//! The figures that are read off the samples, and the table that shows them.
//! It must not know how they were taken.

use crate::cases::goals;
use crate::measure::{Measured, Plan};
use crate::modes::{BASELINE, Preparation};
use serde::Serialize;
use std::fmt;

/// All figures of one run.
#[derive(Serialize)]
pub struct Report {
    rounds: usize,
    sample_milliseconds: f64,
    rows: Vec<Row>,
}

/// One workload in one mode.
#[derive(Serialize)]
struct Row {
    workload: String,
    inputs: usize,
    ops: usize,
    mode: &'static str,
    /// Time over that of the hand-written adjoint: the median of the ratios of all rounds ...
    ratio: f64,
    /// ... the smallest of them ...
    ratio_min: f64,
    /// ... and the largest.
    ratio_max: f64,
    /// The ratio that it was first to be no worse than ...
    first_goal: Option<f64>,
    /// ... and that it is to reach.
    goal: Option<f64>,
    ns_per_gradient: f64,
    ns_per_op: f64,
    tape_bytes_per_op: f64,
    adjoint_bytes_per_op: f64,
    /// Where the program is compiled: microseconds that it takes, a slot ...
    compile_us_per_slot: Option<f64>,
    /// ... and gradients after which this was quicker than to interpret it.
    break_even: Option<f64>,
}

impl Report {
    pub fn new(plan: &Plan, measured: &[Measured]) -> Report {
        let same_workload = |a: &Measured, b: &Measured| a.workload == b.workload;
        let groups = measured.chunk_by(same_workload);
        let rows =
            groups.flat_map(|group| group.iter().map(|mode| Row::new(mode, group))).collect();
        Report { rounds: plan.rounds, sample_milliseconds: plan.sample.as_secs_f64() * 1e3, rows }
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
        let per_slot = |cost: Preparation| cost.seconds * 1e6 / cost.slots as f64;
        Row {
            workload: measured.workload.clone(),
            inputs: measured.inputs,
            ops: measured.ops,
            mode: measured.mode,
            ratio: median(&ratios),
            ratio_min: ratios[0],
            ratio_max: ratios[ratios.len() - 1],
            first_goal,
            goal,
            ns_per_gradient: nanoseconds,
            ns_per_op: nanoseconds / ops,
            tape_bytes_per_op: measured.bytes.tape as f64 / ops,
            adjoint_bytes_per_op: measured.bytes.adjoints as f64 / ops,
            compile_us_per_slot: measured.preparation.map(per_slot),
            break_even: break_even(measured, group),
        }
    }

    /// What it costs to compile, and after how many gradients it has paid for itself.
    fn compiling(&self) -> String {
        let cost =
            self.compile_us_per_slot.map(|cost| format!("  compiled in {cost:.1} us a slot"));
        let even = self.break_even.map(|even| format!(", even after {even:.0} gradients"));
        cost.unwrap_or_default() + &even.unwrap_or_default()
    }

    /// The goals beside what became of each.
    fn verdict(&self) -> String {
        let goals = self.first_goal.into_iter().chain(self.goal);
        let verdict =
            |goal| format!("{goal} {}", if self.ratio <= goal { "met" } else { "missed" });
        goals.map(verdict).collect::<Vec<_>>().join(", ")
    }

    fn spread(&self) -> String {
        format!("{}..{}", digits(self.ratio_min), digits(self.ratio_max))
    }
}

/// Gradients after which the cost of getting ready is earned, against the interpreter.
fn break_even(measured: &Measured, group: &[Measured]) -> Option<f64> {
    let seconds = |mode: &Measured| median(&sorted(mode.seconds.clone()));
    let interpreted = group.iter().find(|other| other.mode == "program")?;
    let gain = seconds(interpreted) - seconds(measured);
    measured.preparation.filter(|_| gain > 0.0).map(|cost| (cost.seconds / gain).ceil())
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
        )
    }
}

/// Above the columns of a row.
const HEADINGS: &str = concat!(
    "workload                ops mode             ratio               goals        spread",
    "    ns/op   tape adjoints",
);

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mode == BASELINE {
            write!(f, "{:<18} {:>8} {:<14} ", self.workload, self.ops, self.mode)?;
            return write!(f, "{:>7} {:>19} {:>13} {:>8.3}", "1", "", "", self.ns_per_op);
        }
        write!(f, "{:27} {:<14} ", "", self.mode)?;
        write!(f, "{:>7} {:>19} {:>13} ", digits(self.ratio), self.verdict(), self.spread())?;
        write!(f, "{:>8.3} ", self.ns_per_op)?;
        write!(f, "{:>6.1} {:>8.1}", self.tape_bytes_per_op, self.adjoint_bytes_per_op)?;
        write!(f, "{}", self.compiling())
    }
}

/// A ratio with about three digits.
fn digits(ratio: f64) -> String {
    let decimals = if ratio < 10.0 { 2 } else { usize::from(ratio < 100.0) };
    format!("{ratio:.decimals$}")
}
