//! `wengert check`: a report for each file, and the exit status.
//! It must not decide what is said.

use std::io::IsTerminal;

use wengert_worksheet::{
    explain,
    problem::Problem,
    render,
    report::{Options, Report, check},
};

use crate::{
    FINE, UNREAD,
    args::{Check, Colour, Format},
    files, print, watch,
};

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &Check) -> u8 {
    if let Some(code) = &args.explain {
        print(&format!("{}\n", explain::explanation(code).unwrap_or_default()));
        return FINE;
    }
    if args.watch {
        return watch::run(&args.files, &args.beside, || {
            once(args);
        });
    }
    once(args)
}

fn once(args: &Check) -> u8 {
    let results: Vec<(String, Result<Report, Problem>)> = args
        .files
        .iter()
        .map(|path| {
            (
                path.display().to_string(),
                files::read(path).and_then(|page| {
                    let givens = files::givens(&args.beside)?;
                    let aliases = args.beside.alias.clone();
                    Ok(check(page, Options { givens, aliases, absolute: args.absolute }))
                }),
            )
        })
        .collect();
    show(args, &results);
    let status =
        |result: &Result<Report, Problem>| result.as_ref().map_or(UNREAD, Report::exit_status);
    results.iter().map(|(_, result)| status(result)).max().unwrap_or(FINE)
}

fn show(args: &Check, results: &[(String, Result<Report, Problem>)]) {
    for (file, result) in results {
        match (result, args.format) {
            (Ok(report), Format::Human) => {
                if results.len() > 1 {
                    print(&format!("{file}\n\n"));
                }
                print(&render::human(report, colour(args.color)));
            }
            (Ok(report), Format::Short) => print(&render::short(report)),
            (Ok(report), Format::Json) => print(&format!("{}\n", render::json(report))),
            (Err(problem), Format::Json) => {
                print(&format!("{}\n", render::json_unreadable(file, problem)));
            }
            (Err(problem), _) => eprintln!("error[{}]: {problem}", problem.code.text()),
            (Ok(_), Format::Sarif) => {}
        }
    }
    if args.format == Format::Sarif {
        let reports = results.iter().filter_map(|(_, result)| result.as_ref().ok());
        print(&format!("{}\n", render::sarif(reports)));
    }
}

fn colour(when: Colour) -> bool {
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let unwanted = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            std::io::stdout().is_terminal() && !unwanted("NO_COLOR") && !dumb
        }
    }
}
