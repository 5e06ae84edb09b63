//! Pages of sheets, and the library's own numbers for a sheet. It must not know what is on a page.

use super::{Numbers, Open};
use crate::common::{self, printed, room};
use std::path::PathBuf;
use wengert::Tape;
use wengert_worksheet::{read::read, record::record, resolve::resolve, source::Source};

/// The text of an example sheet.
pub(crate) fn sheet(name: &str) -> String {
    std::fs::read_to_string(common::sheet(name)).expect("an example sheet")
}

/// Writes the page of a sheet.
pub(crate) fn page(name: &str, text: &str) -> PathBuf {
    let to = room("pages").join(format!("{name}.html"));
    printed(&["page", "-", "-o", &to.display().to_string()], text);
    to
}

/// The library's own numbers for a sheet.
pub(crate) fn library(text: &str) -> Numbers {
    let model = resolve(read(Source::new("sheet.ws", text), Vec::new(), &[]));
    assert!(model.problems.is_empty(), "{:?}", model.problems);
    let tape = Tape::new();
    let recorded = record(&model, &tape, None, &[]).expect("a tape");
    let gradient = tape.gradient(recorded.of);
    let steps = tape.steps(recorded.of);
    let reach = [steps.value_reach(), steps.derivative_reach()];
    let numbers = |(name, slot): (String, usize)| {
        let var = tape.at(slot);
        let place = steps.all().iter().position(|step| step.slot == slot);
        let [of_value, of_slope] = reach.each_ref().map(|reach| place.map_or(0.0, |k| reach[k]));
        (name, [var.value(), gradient[var], of_value, of_slope])
    };
    tape.names().into_iter().map(numbers).collect()
}

/// Holds the page's numbers to the library's: to the last bit, or to 1e-12. How far rounding may carry
/// is an estimate, and never held to the bit.
pub(crate) fn agree(open: &Open, text: &str, exact: bool) {
    agrees(open.numbers(), text, exact);
}

/// The same, of numbers that the page has told.
pub(crate) fn agrees(found: Numbers, text: &str, exact: bool) {
    let known = library(text);
    assert!(found.len() > 2, "{found:?}");
    let what = ["value", "derivative", "reach of the value", "reach of the derivative"];
    for (name, found) in found {
        let Some((_, wanted)) = known.iter().find(|(known, ..)| *known == name) else {
            panic!("{name} is not the library's")
        };
        for (k, (found, want)) in found.into_iter().zip(*wanted).enumerate() {
            let close = (found - want).abs() <= 1e-12 * want.abs() || found == want;
            let same = found.to_bits() == want.to_bits() || found.is_nan() && want.is_nan();
            let fits = if exact && k < 2 { same } else { same || close };
            let what = what[k];
            assert!(fits, "{what} of {name}: {found:?}, should be {want:?}");
        }
    }
}

/// The sheet with another number for a given.
pub(crate) fn with(text: &str, name: &str, x: f64) -> String {
    let line = |line: &str| match line.split_once('=') {
        Some((head, _)) if head.trim() == name => format!("{head}= {x:?}"),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
