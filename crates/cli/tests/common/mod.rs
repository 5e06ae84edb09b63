//! What several tests of the command share: running it, and where the example sheets are.
#![allow(dead_code)] // each test is a crate of its own and takes what it needs

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Runs the command with this on its standard input.
pub(crate) fn run(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_wengert"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("room");
    child.wait_with_output().expect("its output")
}

/// What the command prints where it succeeds.
pub(crate) fn printed(args: &[&str], input: &str) -> String {
    let output = run(args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The path of an example sheet.
pub(crate) fn sheet(name: &str) -> String {
    let sheets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/worksheets");
    sheets.join(name).display().to_string()
}

/// A folder of a test's own.
pub(crate) fn room(name: &str) -> PathBuf {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&room).expect("a folder");
    room
}
