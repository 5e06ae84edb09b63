//! `wengert page`: a sheet as a page to play with.
//! It must not know how a page works.

use std::{fs, path::Path};

use wengert::{Tape, Var};
use wengert_worksheet::{
    ast::Kind,
    model::{Model, Target},
    problem::{Code, Problem},
    record::{Recorded, record},
};

use crate::{FINE, UNREAD, args, files, notes, print};

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &args::Page) -> u8 {
    let written = html(args).and_then(|html| match &args.output {
        None => {
            print(&html);
            Ok(())
        }
        Some(path) => fs::write(path, html).map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            vec![Problem::new(Code::File, message)]
        }),
    });
    match written {
        Ok(()) => FINE,
        Err(problems) => {
            problems.iter().for_each(|p| eprintln!("error[{}]: {p}", p.code.text()));
            UNREAD
        }
    }
}

fn html(args: &args::Page) -> Result<String, Vec<Problem>> {
    let model = files::model(&args.subject.file, &args.beside)?;
    let tape = Tape::new();
    let recorded =
        record(&model, &tape, args.subject.of.as_deref(), &[]).map_err(|problem| vec![problem])?;
    notes(&recorded.note);
    let of = quantity(&recorded, recorded.of);
    let (weights, rate) = learning(&model, &recorded, of);
    let source = model.sources.get(model.page);
    let mut page = tape.page(recorded.of).source(&source.text).learns(&weights, rate);
    if let Some(title) = args.title.clone().or_else(|| title(&args.subject.file, &source.text)) {
        page = page.titled(&title);
    }
    for (var, q) in &recorded.quantities {
        let on_page = |span: wengert_worksheet::source::Span| {
            (span.source == model.page).then(|| model.sources.line(span))
        };
        if let Some(line) = on_page(model.quantities[*q as usize].span) {
            page = page.line(*var, line);
        }
        let derivative = |target: Target| of.is_some_and(|of| target == Target::Derivative(of, *q));
        let chain = model.chains.iter().find(|chain| derivative(chain.target));
        if let Some(line) = chain.and_then(|chain| on_page(chain.head_span)) {
            page = page.slope_line(*var, line);
        }
    }
    page.html().map_err(|refused| {
        let help = "`wengert explain` and `wengert graph` work without a browser";
        vec![Problem::new(Code::UnknownFunction, refused.to_string()).help(help)]
    })
}

fn quantity(recorded: &Recorded<'_>, var: Var<'_>) -> Option<u32> {
    let found = recorded.quantities.iter().find(|(known, _)| known.slot() == var.slot());
    found.map(|(_, q)| *q)
}

/// The first line of the sheet if it is a comment or a heading, else the name of the file.
fn title(path: &Path, text: &str) -> Option<String> {
    let first = text.lines().next().and_then(|line| line.strip_prefix('#'));
    let heading = first.map(|line| line.trim_start_matches('#').trim().to_owned());
    let short = heading.filter(|line| (3..=90).contains(&line.chars().count()));
    short.or_else(|| Some(path.file_stem()?.to_string_lossy().into_owned()))
}

/// What the sheet updates by a step down the slope of `of`, and the rate of the first such step.
fn learning<'t>(model: &Model, recorded: &Recorded<'t>, of: Option<u32>) -> (Vec<Var<'t>>, f64) {
    let (mut weights, mut rate) = (Vec::new(), None);
    for (var, q) in &recorded.quantities {
        let Some(updated) = model.updated(*q) else { continue };
        let Some(expr) = model.formula(updated) else { continue };
        let nodes = model.nodes.of(expr);
        let steps_down = nodes.iter().any(|node| match node.kind {
            Kind::Derivative(top, by) => Some(top) == of && by == *q,
            _ => false,
        });
        if steps_down {
            weights.push(*var);
            rate = rate.or(nodes.iter().find_map(|node| match node.kind {
                Kind::Number(n) => Some(n.value),
                Kind::Quantity(other) if other != *q => known(model, other),
                _ => None,
            }));
        }
    }
    (weights, rate.unwrap_or(0.5))
}

/// The number that is given for a quantity.
fn known(model: &Model, q: u32) -> Option<f64> {
    match model.quantities[q as usize].rule {
        wengert_worksheet::model::Rule::Given(n) => Some(n.value),
        _ => None,
    }
}
