//! The benchmark's command: measures every workload in every mode and prints one table of ratios.
//! It must not know how a gradient is taken; that is what modes are for.

mod cases;
mod measure;
mod modes;
mod report;
mod workloads;

use clap::Parser;
use measure::Plan;
use report::Report;
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
    let plan = options.plan();
    let cases = cases::select(&options.only, &options.mode);
    if cases.is_empty() {
        return Err(format!("nothing is named like that; {}", cases::names()).into());
    }
    let report = Report::new(&plan, &measure::measure(cases, &plan));
    print!("{report}");
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)? + "\n")?;
    }
    Ok(())
}
