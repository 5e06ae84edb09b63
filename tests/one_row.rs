//! A primitive is one row: the change that `docs/adding-a-primitive.md` shows is applied to a copy
//! of the library, and its program is run. It must not know which primitive the page adds.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn in_crate(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The first fenced block of a kind.
fn block<'a>(page: &'a str, kind: &str) -> &'a str {
    page.split(&format!("```{kind}\n")).nth(1).unwrap().split("```").next().unwrap()
}

/// The lines of a diff that begin so, without their first character.
fn lines(diff: &str, kinds: &[char]) -> String {
    let hunk = diff.lines().skip(2).filter(|line| line.starts_with(kinds));
    hunk.map(|line| format!("{}\n", &line[1..])).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to)
        } else {
            write_file(&entry.path(), &to)
        }
    }
}

fn write_file(from: &Path, to: &Path) {
    fs::write(to, fs::read(from).unwrap()).unwrap();
}

#[test]
fn a_primitive_is_one_row() {
    let page = fs::read_to_string(in_crate("docs/adding-a-primitive.md")).unwrap();
    let crate_copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("one_row");
    let _ = fs::remove_dir_all(crate_copy.join("src"));
    copy(&in_crate("src"), &crate_copy.join("src"));

    let diff = block(&page, "diff");
    assert!(diff.lines().nth(1) == Some("+++ b/src/table.rs") && !diff.contains("\n-"), "{diff}");
    let table = fs::read_to_string(in_crate("src/table.rs")).unwrap();
    let changed = table.replacen(&lines(diff, &[' ']), &lines(diff, &[' ', '+']), 1);
    assert_ne!(table, changed, "the lines around the page's row are not in the table:\n{diff}");
    fs::write(crate_copy.join("src/table.rs"), changed).unwrap();

    let manifest = fs::read_to_string(in_crate("Cargo.toml")).unwrap();
    let section = |name: &str| {
        let rest = manifest.split(&format!("[{name}]\n")).nth(1).unwrap();
        format!("[{name}]\n{}\n", rest.split("\n[").next().unwrap())
    };
    let sections = ["package", "dependencies", "features"].map(section).join("") + "[workspace]\n";
    fs::write(crate_copy.join("Cargo.toml"), sections).unwrap();
    write_file(&in_crate("Cargo.lock"), &crate_copy.join("Cargo.lock"));
    fs::write(crate_copy.join("src/main.rs"), block(&page, "rust,ignore")).unwrap();

    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["run", "--quiet", "--target-dir"]).arg(crate_copy.join("target"));
    let output = cargo.current_dir(&crate_copy).output().expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "the page's program fails:\n{errors}");
}
