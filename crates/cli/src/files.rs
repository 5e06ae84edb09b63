//! Reading files, standard input, and what is given beside a page.
//! It must not know what the texts say.

use std::{fs, io::Read, path::Path};

use wengert_worksheet::{
    model::Model,
    problem::{Code, Problem},
    read as sheet,
    resolve::resolve,
    source::{LONGEST_FILE, Source},
};

use crate::args::Beside;

/// The text of a file, or of standard input for `-`.
pub(crate) fn read(path: &Path) -> Result<Source, Problem> {
    let is_stdin = path == Path::new("-");
    let name = if is_stdin { "<stdin>".to_owned() } else { path.display().to_string() };
    let cannot = |why: String| Problem::new(Code::File, format!("cannot read {name}: {why}"));
    let mut bytes = Vec::new();
    let limit = LONGEST_FILE as u64 + 1;
    let read = match is_stdin {
        true => std::io::stdin().lock().take(limit).read_to_end(&mut bytes),
        false => fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)),
    };
    read.map_err(|error| cannot(error.to_string()))?;
    if bytes.len() > LONGEST_FILE {
        let problem = cannot("it is longer than 16 MiB".to_owned());
        return Err(problem.help("split the sheet into several files"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        cannot(format!("byte {at} is not UTF-8")).help("save the file as UTF-8 text")
    })?;
    Ok(Source::new(name, text.strip_prefix('\u{feff}').unwrap_or(&text)))
}

/// The statements that are given beside a page.
pub(crate) fn givens(beside: &Beside) -> Result<Vec<Source>, Problem> {
    let source = |given: &String| match given.strip_prefix('@') {
        Some(path) => read(Path::new(path)),
        None => Ok(Source::new("--given", given.as_str())),
    };
    beside.given.iter().map(source).collect()
}

/// A page, understood, with what is given beside it; the problems if it is not.
pub(crate) fn model(path: &Path, beside: &Beside) -> Result<Model, Vec<Problem>> {
    let page = read(path).map_err(|problem| vec![problem])?;
    let givens = givens(beside).map_err(|problem| vec![problem])?;
    let model = resolve(sheet::read(page, givens, &beside.alias));
    match model.problems.is_empty() {
        true => Ok(model),
        false => Err(model.problems.iter().map(|problem| located(&model, problem)).collect()),
    }
}

/// The problem with its place in the message.
fn located(model: &Model, problem: &Problem) -> Problem {
    let span = problem.span();
    let at = model.sources.position(span);
    let name = &model.sources.get(span.source).name;
    let message = format!("{name}:{}:{}: {}", at.line, at.column, problem.message);
    Problem { message, ..problem.clone() }
}
