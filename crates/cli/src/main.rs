//! The command `wengert`: hands the work to the library and prints what it says.
//! It must not know how a sheet is judged.
#![forbid(unsafe_code)]

mod args;
mod check;
mod explain;
mod files;
mod grad;
mod graph;
mod ops;
mod page;
mod watch;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Args, Command};

/// Nothing is wrong.
const FINE: u8 = 0;
/// Something could not be read.
const UNREAD: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let status = match &args.command {
        Command::Check(check) => check::run(check),
        Command::Grad(grad) => grad::run(grad),
        Command::Explain(explain) => explain::run(explain),
        Command::Graph(graph) => graph::run(graph),
        Command::Page(page) => page::run(page),
        Command::Ops(ops) => ops::run(ops),
        Command::New(new) => write::new(new),
        Command::Fmt(fmt) => write::fmt(fmt),
        Command::Completions { shell } => {
            clap_complete::generate(
                *shell,
                &mut Args::command(),
                "wengert",
                &mut std::io::stdout(),
            );
            FINE
        }
        Command::Man { command } => man(command.as_deref()),
    };
    ExitCode::from(status)
}

/// The man page of all, or of one command.
fn man(of: Option<&str>) -> u8 {
    let mut page = Args::command();
    if let Some(name) = of {
        page.build();
        let Some(found) = page.find_subcommand(name).cloned() else {
            eprintln!("error: there is no command `{name}`; `wengert help` lists them");
            return UNREAD;
        };
        page = found;
    }
    match clap_mangen::Man::new(page).render(&mut std::io::stdout()) {
        Ok(()) => FINE,
        Err(_) => UNREAD,
    }
}

/// Says beside an answer why something in it is NaN.
fn notes<'a>(all: impl IntoIterator<Item = &'a wengert_worksheet::problem::Problem>) {
    all.into_iter().for_each(|note| eprintln!("note[{}]: {note}", note.code.text()));
}

/// Prints, and stops in peace where the reader has gone.
fn print(text: &str) {
    use std::io::Write;
    if std::io::stdout().write_all(text.as_bytes()).is_err() {
        std::process::exit(i32::from(FINE));
    }
}
