//! `wengert graph`: the picture of a sheet's derivatives.
//! It must not draw anything.

use wengert::{Steps, Tape};
use wengert_worksheet::{
    problem::{Code, Problem},
    record::record,
};

use crate::{
    FINE, UNREAD,
    args::{Graph, GraphFormat},
    files, notes, print,
};

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &Graph) -> u8 {
    match picture(args) {
        Ok(picture) => {
            print(&picture);
            FINE
        }
        Err(problems) => {
            problems.iter().for_each(|p| eprintln!("error[{}]: {p}", p.code.text()));
            UNREAD
        }
    }
}

fn picture(args: &Graph) -> Result<String, Vec<Problem>> {
    let steps = steps(args)?;
    match args.format {
        GraphFormat::Dot => Ok(steps.dot()),
        GraphFormat::Mermaid => Ok(steps.mermaid()),
        GraphFormat::Svg => steps.svg().ok_or_else(|| {
            let boxes = steps.all().len();
            let message = format!("{boxes} quantities and their arrows are too many for a picture");
            let help = "name a quantity nearer to the givens: --of NAME; or let Graphviz try: --format dot";
            vec![Problem::new(Code::Size, message).help(help)]
        }),
    }
}

fn steps(args: &Graph) -> Result<Steps, Vec<Problem>> {
    let model = files::model(&args.subject.file, &args.beside)?;
    let tape = Tape::new();
    let recorded = record(&model, &tape, args.subject.of.as_deref(), &args.wrt)
        .map_err(|problem| vec![problem])?;
    notes(&recorded.note);
    Ok(tape.steps_to(recorded.of, &recorded.wrt))
}
