//! `wengert ops`: the table of primitives, as a table.
//! It must not know any primitive.

use wengert::Op;
use wengert_worksheet::functions::{callable, nearest, spellings};

use crate::{FINE, args::Ops, print};

/// Nothing was found, as `grep` says it.
const NOTHING: u8 = 1;

/// Runs the command and returns the exit status.
pub(crate) fn run(args: &Ops) -> u8 {
    let matches = |op: &Op| match &args.filter {
        None => true,
        Some(word) => {
            op.row().aliases.iter().chain([&op.name()]).any(|name| name.contains(word.as_str()))
        }
    };
    let rows: Vec<[String; 3]> = callable().filter(matches).map(row).collect();
    if rows.is_empty() {
        let word = args.filter.as_deref().unwrap_or_default();
        let near = nearest(word, spellings()).map(|near| format!("; did you mean `{near}`?"));
        eprintln!("no function has `{word}` in its name{}", near.unwrap_or_default());
        return NOTHING;
    }
    let width =
        |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let (first, second) = (width(0), width(1));
    for [call, aliases, why] in &rows {
        let pad = |text: &str, width: usize| " ".repeat(width - text.chars().count());
        print(&format!("{call}{}  {aliases}{}  {why}\n", pad(call, first), pad(aliases, second)));
    }
    FINE
}

fn row(op: Op) -> [String; 3] {
    let row = op.row();
    let call = format!("{}({})", op.name(), row.args.join(", "));
    [call, row.aliases.join(", "), row.why.to_owned()]
}
