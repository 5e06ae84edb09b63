//! `wengert check --watch`: a second report after a save, however the file is saved.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

/// How long to wait for a report before the test fails: never long enough to be busy.
const PATIENCE: Duration = Duration::from_secs(600);

/// A command that is stopped when the test is over, whatever comes of it.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn begin(file: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wengert"))
            .args(["check", "--watch", "--format", "short"])
            .arg(file)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command");
        let (send, lines) = channel();
        let said = BufReader::new(child.stdout.take().expect("its output"));
        thread::spawn(move || said.lines().map_while(Result::ok).try_for_each(|l| send.send(l)));
        Self { child, lines }
    }

    /// Waits for the line that sums up a report to say this. On a busy machine a file may be read
    /// between two parts of a save: then there is one more report.
    fn says(&self, summary: &str) {
        let mut said = Vec::new();
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else {
                panic!("it never says {summary:?}, but {said:?}")
            };
            if line.rsplit_once(": ").is_some_and(|(_, found)| found == summary) {
                return;
            }
            said.push(line);
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sheet(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("sheet.ws");
    fs::write(&file, text).expect("room");
    file
}

#[test]
fn a_save_is_checked() {
    let file = sheet("saved", "x = 3\ny = x^2 = 9\n");
    let watching = Watching::begin(&file);
    watching.says("1 right");
    fs::write(&file, "x = 3\ny = x^2 = 90\n").expect("room");
    watching.says("1 slip, 0 right; fix line 2 first");
}

#[test]
fn a_file_put_in_its_place_is_checked() {
    let file = sheet("replaced", "x = 3\ny = x^2 = 90\n");
    let watching = Watching::begin(&file);
    watching.says("1 slip, 0 right; fix line 2 first");
    let other = file.with_file_name("sheet.ws.new");
    fs::write(&other, "x = 3\ny = x^2 = 9\n").expect("room");
    fs::rename(&other, &file).expect("the same folder");
    watching.says("1 right");
}

#[test]
fn standard_input_cannot_be_watched() {
    let output = Command::new(env!("CARGO_BIN_EXE_wengert"))
        .args(["check", "--watch", "-"])
        .stdin(Stdio::null())
        .output()
        .expect("the command");
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error[file]: standard input cannot be watched: name a file\n");
}
