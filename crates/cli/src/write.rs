//! `wengert new` and `wengert fmt`: what writes to files.
//! It must not read what a sheet says.

use std::{fs, path::Path};

use wengert_worksheet::{
    layout::{layout, layout_fences},
    read::Format,
};

use crate::{
    FINE, UNREAD,
    args::{Fmt, New},
    files, print,
};

/// The sheet to begin from.
const TEMPLATE: &str = include_str!("template.ws");

/// Writes a sheet to begin from.
pub(crate) fn new(args: &New) -> u8 {
    let Some(path) = &args.file else {
        print(TEMPLATE);
        return FINE;
    };
    let written = fs::File::create_new(path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, TEMPLATE.as_bytes()));
    match written {
        Ok(()) => {
            print(&format!("wrote {0}; now: wengert check {0}\n", path.display()));
            FINE
        }
        Err(error) => fail(path, &error.to_string()),
    }
}

/// Lays files out evenly.
pub(crate) fn fmt(args: &Fmt) -> u8 {
    args.files.iter().map(|path| fmt_one(path, args.check)).max().unwrap_or(FINE)
}

fn fmt_one(path: &Path, only_check: bool) -> u8 {
    let source = match files::read(path) {
        Ok(source) => source,
        Err(problem) => {
            eprintln!("error[{}]: {problem}", problem.code.text());
            return UNREAD;
        }
    };
    let even = match Format::of(&source) {
        Format::Plain => layout(&source.text),
        Format::Markdown => layout_fences(&source.text),
    };
    let is_stdin = path == Path::new("-");
    match (only_check, even == source.text) {
        (true, true) => FINE,
        (true, false) => {
            eprintln!("{} is not laid out evenly", path.display());
            1
        }
        (false, _) if is_stdin => {
            print(&even);
            FINE
        }
        (false, true) => FINE,
        (false, false) => match fs::write(path, even) {
            Ok(()) => FINE,
            Err(error) => fail(path, &error.to_string()),
        },
    }
}

fn fail(path: &Path, why: &str) -> u8 {
    eprintln!("error[file]: cannot write {}: {why}", path.display());
    UNREAD
}
