//! `wengert grad`: the gradient of one quantity, as text or JSON.
//! It must not differentiate.

use serde_json::{Map, Value, json};
use wengert_worksheet::{
    gradient::{Gradient, gradient},
    problem::Problem,
};

use crate::{
    FINE, UNREAD,
    args::{Grad, GradFormat},
    files, notes, print,
};

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &Grad) -> u8 {
    let mut status = FINE;
    for path in &args.files {
        match of_file(args, path) {
            Ok(gradient) => {
                notes(&gradient.notes);
                print(&match args.format {
                    GradFormat::Json => format!("{}\n", as_json(&gradient)),
                    GradFormat::Text => as_text(&gradient),
                });
            }
            Err(problems) => {
                problems.iter().for_each(|p| eprintln!("error[{}]: {p}", p.code.text()));
                status = UNREAD;
            }
        }
    }
    status
}

fn of_file(args: &Grad, path: &std::path::Path) -> Result<Gradient, Vec<Problem>> {
    let model = files::model(path, &args.beside)?;
    gradient(&model, args.of.as_deref(), &args.wrt).map_err(|problem| vec![problem])
}

fn as_text(gradient: &Gradient) -> String {
    let width = gradient.by.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{} = {}\n", gradient.of, gradient.value);
    for (name, slope) in &gradient.by {
        let pad = " ".repeat(width - name.chars().count());
        text += &format!("d{}/d{name}{pad} = {slope}\n", gradient.of);
    }
    text
}

/// Numbers in shortest round-trip decimals, those that are not finite as strings.
fn as_json(gradient: &Gradient) -> Value {
    let number = |x: f64| match x {
        x if x.is_nan() => json!("NaN"),
        f64::INFINITY => json!("inf"),
        f64::NEG_INFINITY => json!("-inf"),
        x => json!(x),
    };
    let by: Map<String, Value> =
        gradient.by.iter().map(|(name, slope)| (name.clone(), number(*slope))).collect();
    let mut all = json!({ "of": gradient.of, "value": number(gradient.value), "gradient": by });
    if !gradient.notes.is_empty() {
        let notes: Vec<&str> = gradient.notes.iter().map(|note| note.message.as_str()).collect();
        all["notes"] = json!(notes);
    }
    all
}
