//! `wengert explain`: the derivation of a sheet's derivatives, written out.
//! It must not derive anything.

use std::path::Path;

use wengert::Tape;
use wengert_worksheet::{problem::Problem, record::record};

use crate::{
    FINE, UNREAD,
    args::{Explain, ExplainFormat},
    files, notes, print,
};

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &Explain) -> u8 {
    match of_file(args, &args.subject.file) {
        Ok(text) => {
            print(&text);
            FINE
        }
        Err(problems) => {
            problems.iter().for_each(|p| eprintln!("error[{}]: {p}", p.code.text()));
            UNREAD
        }
    }
}

fn of_file(args: &Explain, path: &Path) -> Result<String, Vec<Problem>> {
    let model = files::model(path, &args.beside)?;
    let tape = Tape::new();
    let recorded = record(&model, &tape, args.subject.of.as_deref(), &args.wrt)
        .map_err(|problem| vec![problem])?;
    notes(&recorded.note);
    if args.expand {
        recorded.expand(&tape);
    }
    let steps = tape.steps_to(recorded.of, &recorded.wrt);
    Ok(match args.format {
        ExplainFormat::Text => steps.text(),
        ExplainFormat::Markdown => steps.markdown(),
        ExplainFormat::Latex => steps.latex(),
    })
}
