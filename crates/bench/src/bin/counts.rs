//! Counts instructions under callgrind and compares them with the figures in `counts.json`: what
//! can be held in continuous integration, where times cannot. It must not know how a gradient is
//! taken: it runs the benchmark's own binary, built for a processor that valgrind knows.

use clap::Parser;
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Instructions of a gradient, workload by workload.
#[derive(Parser)]
#[command(version, about)]
struct Options {
    /// Fail if a count has grown beyond the allowance of counts.json, which is of one compiler.
    #[arg(long)]
    check: bool,

    /// Write the counts to counts.json.
    #[arg(long, conflicts_with = "check")]
    update: bool,
}

/// What is counted: a workload, and how many gradients are enough to divide by.
const WORKLOADS: [(&str, usize); 3] = [("W1 net222", 2000), ("W3 advection", 1), ("W5 mlp", 50)];
const MODES: [&str; 3] = ["tape", "quick", "rolled"];

/// AVX2 and fused products, but nothing that valgrind does not know.
const FLAGS: &str = "-C target-cpu=x86-64-v3";

/// The figures that are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// By what part a count may grow.
    allowance: f64,
    rustc: String,
    rustflags: String,
    counts: Vec<Count>,
}

#[derive(Serialize, Deserialize)]
struct Count {
    workload: String,
    mode: String,
    instructions_per_gradient: u64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.json");
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("No instructions are counted: valgrind is not installed.");
        return if options.update { Err("there is nothing to write".into()) } else { Ok(()) };
    }
    let kept: Kept = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    let counts = count(&build()?)?;
    let grown = compare(&kept, &counts);
    if options.update {
        let (rustc, rustflags) = (env!("BENCH_RUSTC").into(), FLAGS.into());
        let kept = Kept { allowance: kept.allowance, rustc, rustflags, counts };
        std::fs::write(&file, serde_json::to_string_pretty(&kept)? + "\n")?;
    }
    if options.check && !grown.is_empty() {
        let complaint = complaint(&kept, &grown);
        if kept.rustc == env!("BENCH_RUSTC") {
            return Err(complaint.into());
        }
        println!("Not judged, because the compiler is another one: {complaint}");
    }
    Ok(())
}

/// Builds the benchmark without its peers, and returns its binary.
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target = target.unwrap_or_else(|| manifest.join("target")).join("counts");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--quiet", "--locked", "--no-default-features"]);
    cargo.args(["--bin", "wengert-bench", "--target-dir"]).arg(&target);
    cargo.env("RUSTFLAGS", FLAGS).env_remove("CARGO_ENCODED_RUSTFLAGS").current_dir(manifest);
    if !cargo.status()?.success() {
        return Err("the benchmark cannot be built; cargo says why above".into());
    }
    Ok(target.join("release/wengert-bench"))
}

fn count(binary: &Path) -> Result<Vec<Count>, Box<dyn Error>> {
    let mut counts = Vec::new();
    for (workload, gradients) in WORKLOADS {
        for mode in MODES {
            let once = instructions(binary, workload, mode, gradients)?;
            let twice = instructions(binary, workload, mode, 2 * gradients)?;
            counts.push(Count {
                workload: workload.into(),
                mode: mode.into(),
                instructions_per_gradient: (twice - once) / gradients as u64,
            });
        }
    }
    Ok(counts)
}

/// All instructions of a process that takes so many gradients. What it does besides is the same
/// for any number of them.
fn instructions(
    binary: &Path,
    workload: &str,
    mode: &str,
    gradients: usize,
) -> Result<u64, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(binary);
    valgrind.args(["--only", workload, "--mode", mode, "--gradients", &gradients.to_string()]);
    let output = valgrind.output()?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let collected = log.lines().find_map(|line| line.split_once("Collected :"));
    match collected.and_then(|(_, count)| count.trim().parse().ok()) {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(format!("callgrind did not count {mode} on {workload}; it says:\n{log}").into()),
    }
}

/// Prints the counts beside those that are kept, and returns what has grown too much.
fn compare(kept: &Kept, counts: &[Count]) -> Vec<String> {
    println!(
        "{:<14} {:<6} {:>14} {:>14} {:>8}",
        "workload", "mode", "instructions", "kept", "change"
    );
    let mut grown = Vec::new();
    for count in counts {
        let (workload, mode, is) = (&count.workload, &count.mode, count.instructions_per_gradient);
        let same = |other: &&Count| other.workload == *workload && other.mode == *mode;
        let Some(was) = kept.counts.iter().find(same).map(|kept| kept.instructions_per_gradient)
        else {
            println!("{workload:<14} {mode:<6} {is:>14} {:>14}", "-");
            continue;
        };
        let change = 100.0 * (is as f64 / was as f64 - 1.0);
        println!("{workload:<14} {mode:<6} {is:>14} {was:>14} {change:>+7.1}%");
        if change > 100.0 * kept.allowance {
            grown.push(format!("{mode} on {workload}: {was} became {is}, {change:+.1} %"));
        }
    }
    grown
}

fn complaint(kept: &Kept, grown: &[String]) -> String {
    let mut text = format!(
        "a gradient takes more instructions than counts.json allows, which is {} % more:\n  {}\n\
         Find out why. If it is worth it, say so in the commit, and keep the new counts by\n  \
         cargo run --release --no-default-features --bin counts -- --update",
        100.0 * kept.allowance,
        grown.join("\n  "),
    );
    if kept.rustc != env!("BENCH_RUSTC") {
        text += &format!("\nThe counts are of {}; this is {}.", kept.rustc, env!("BENCH_RUSTC"));
    }
    text
}
