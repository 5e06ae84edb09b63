//! `--watch`: checks again whenever a file is saved.
//! It must not know what a check is.

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    time::Duration,
};

use notify::{RecursiveMode, Watcher};

use crate::{UNREAD, args::Beside, print};

/// How long to wait for the rest of a save.
const SETTLE: Duration = Duration::from_millis(100);

/// Runs `check` now and after every save, until it is interrupted.
pub(crate) fn run(files: &[PathBuf], beside: &Beside, check: impl Fn()) -> u8 {
    let given = beside.given.iter().filter_map(|g| g.strip_prefix('@').map(PathBuf::from));
    let files: Vec<PathBuf> = files.iter().cloned().chain(given).collect();
    if files.iter().any(|file| file == Path::new("-")) {
        eprintln!("error[file]: standard input cannot be watched: name a file");
        return UNREAD;
    }
    match watch(&files, &check) {
        Ok(()) => UNREAD,
        Err(error) => {
            eprintln!("error[file]: cannot watch: {error}");
            UNREAD
        }
    }
}

fn watch(files: &[PathBuf], check: &impl Fn()) -> notify::Result<()> {
    let (send, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        let _ = send.send(event);
    })?;
    // Editors replace files when they save: the folder is watched, not the file.
    let mut folders: Vec<&Path> = files.iter().map(|file| folder(file)).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    check();
    while let Ok(event) = events.recv() {
        if event.is_ok_and(|event| concerns(&event, files)) {
            while events.recv_timeout(SETTLE).is_ok() {}
            print("\n");
            check();
        }
    }
    Ok(())
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn concerns(event: &notify::Event, files: &[PathBuf]) -> bool {
    let saved = event.kind.is_modify() || event.kind.is_create();
    saved && event.paths.iter().any(|path| files.iter().any(|f| f.file_name() == path.file_name()))
}
