//! Where figures come from: the machine, the day, the compiler, the library and its peers.
//! It must not know the figures.

use serde::{Deserialize, Serialize};
use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

/// What figures are good for only together with.
#[derive(Serialize, Deserialize)]
pub struct About {
    /// Processor, how many of them, and the system.
    pub machine: String,
    /// Of the run, in UTC.
    pub date: String,
    pub rustc: String,
    pub rustflags: String,
    /// The library: its version, and its commit where there is one.
    pub wengert: String,
    /// Name and version of every peer.
    pub peers: Vec<(String, String)>,
}

/// The peers as the registry names them.
const PEERS: [&str; 7] =
    ["RustQuant_autodiff", "aad", "ad_trait", "easy-ml", "echidna", "num-dual", "reverse"];

impl About {
    /// Of this machine, now.
    pub fn here() -> About {
        let version = version_of("wengert").unwrap_or_default();
        let commit = commit().map_or(String::new(), |commit| format!(" at {commit}"));
        let peers = PEERS.iter().filter(|_| cfg!(feature = "peers"));
        let peers = peers.filter_map(|name| Some((name.to_string(), version_of(name)?))).collect();
        About {
            machine: machine(),
            date: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            rustc: env!("BENCH_RUSTC").into(),
            rustflags: env!("BENCH_RUSTFLAGS").into(),
            wengert: version + &commit,
            peers,
        }
    }
}

fn machine() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut fields = information.lines().filter_map(|line| line.split_once(':'));
    let model = fields.find(|(name, _)| name.trim() == "model name");
    let model = model.map_or("unknown processor", |(_, model)| model.trim());
    let processors = available_parallelism().map_or(1, usize::from);
    let (architecture, system) = (std::env::consts::ARCH, std::env::consts::OS);
    format!("{model}, {processors} processors, {architecture} {system}")
}

/// The commit of the library, marked where files differ from it.
fn commit() -> Option<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty", "--exclude=*"]);
    let output = git.current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
    let commit = String::from_utf8(output.stdout).ok()?;
    (output.status.success()).then(|| commit.trim().to_owned())
}

/// The version of a crate in the lock file.
fn version_of(name: &str) -> Option<String> {
    let package = format!("name = \"{name}\"\nversion = \"");
    let (_, rest) = include_str!("../Cargo.lock").split_once(&package)?;
    rest.split('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_peer_has_a_version() {
        for name in PEERS {
            let version = version_of(name).unwrap_or_else(|| panic!("{name} is not locked"));
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{name} {version}");
        }
        assert_eq!(version_of("no such crate"), None);
    }
}
