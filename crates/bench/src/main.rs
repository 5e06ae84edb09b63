//! The benchmark's command: measures every workload in every mode and prints one table of ratios.
//! It must not know how a gradient is taken; that is what modes are for.

mod about;
mod cases;
mod markdown;
mod measure;
mod modes;
mod report;
mod workloads;

use cases::Case;
use clap::Parser;
use measure::Plan;
use report::{LeftOut, Report};
use std::error::Error;
use std::path::PathBuf;

/// How far a gradient is from an adjoint written by hand, workload by workload.
#[derive(Parser)]
#[command(version, about)]
struct Options {
    /// Measure only workloads whose name has this in it; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,

    /// Measure only modes whose name has this in it; may be given several times.
    #[arg(long, value_name = "NAME")]
    mode: Vec<String>,

    /// Rounds, in each of which every case is measured once [default: 15, or 3 if quick].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,

    /// Write the figures to this file, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Measure nothing and show the figures of this file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "mode", "rounds", "quick"])]
    from: Option<PathBuf>,

    /// Write the figures into this page, too, between its two marks.
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Measure nothing and take so many gradients in each mode but the baseline: for profilers.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "json", "markdown"])]
    gradients: Option<usize>,

    /// Few rounds of short samples: to see that it works, not to quote.
    #[arg(long)]
    quick: bool,
}

impl Options {
    fn plan(&self) -> Plan {
        let plan = if self.quick { Plan::quick() } else { Plan::thorough() };
        Plan { rounds: self.rounds.map_or(plan.rounds, |rounds| rounds as usize), ..plan }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    if let Some(gradients) = options.gradients {
        run(select(&options)?, gradients);
        return Ok(());
    }
    let report = match &options.from {
        Some(file) => serde_json::from_str(&std::fs::read_to_string(file)?)?,
        None => measure(&options)?,
    };
    print!("{report}");
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    if let Some(file) = &options.markdown {
        let page = std::fs::read_to_string(file)?;
        std::fs::write(file, markdown::insert(&page, &report)?)?;
    }
    Ok(())
}

fn select(options: &Options) -> Result<Vec<Case>, String> {
    let cases = cases::select(&options.only, &options.mode);
    if cases.is_empty() {
        return Err(format!("nothing is named like that; {}", cases::names()));
    }
    Ok(cases)
}

fn measure(options: &Options) -> Result<Report, String> {
    let (cases, plan) = (select(options)?, options.plan());
    let left_out = LeftOut::of(&cases);
    Ok(Report::new(&plan, &measure::measure(cases, &plan), left_out))
}

/// Takes gradients and does nothing else.
fn run(cases: Vec<Case>, gradients: usize) {
    for mut case in cases {
        let mut x_bar = vec![f64::NAN; case.points[0].len()];
        for mode in &mut case.modes[1..] {
            mode.run(&case.points, gradients, &mut x_bar);
        }
    }
}
