//! Tapes and gradients as plain text. It must not know how anything was computed.

use crate::derive::{Gradient, Label};
use crate::table::Notation;
use crate::tape::{Operand, Slot, SlotKind, Tape};
use std::collections::HashMap;
use std::fmt;

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Label::Name(name) => f.pad(name),
            Label::Unnamed(i) => f.pad(&format!("#{i}")),
        }
    }
}

impl fmt::Display for Gradient<'_> {
    /// A table: one input a line, in the order of their declaration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<(String, f64)> =
            self.iter().map(|(label, d)| (label.to_string(), d)).collect();
        let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, d) in rows {
            match f.precision() {
                Some(digits) => {
                    writeln!(f, "{label:width$}  {d:>+places$.digits$}", places = digits + 4)?
                }
                None => writeln!(f, "{label:width$}  {d:>+}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Tape {
    /// A listing: one slot a line, with its names, its formula and its value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = names_by_slot(self);
        let rows: Vec<[String; 4]> =
            (0..self.len()).map(|k| row(&self.slot(k), &names, f)).collect();
        let width =
            |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
        let (slot, name, formula) = (width(0), width(1).max(4), width(2).max(7));
        writeln!(f, "{:>slot$}  {:name$}  {:formula$}  value", "", "name", "formula")?;
        for [a, b, c, d] in &rows {
            writeln!(f, "{a:>slot$}  {b:name$}  {c:formula$}  {d}")?;
        }
        Ok(())
    }
}

fn row(slot: &Slot, names: &HashMap<usize, String>, f: &fmt::Formatter<'_>) -> [String; 4] {
    let value = match f.precision() {
        Some(digits) => format!("{:.digits$}", slot.value),
        None => slot.value.to_string(),
    };
    let name = names.get(&slot.position).cloned().unwrap_or_default();
    [format!("%{}", slot.position), name, formula(slot, names), value]
}

/// All names of each slot, separated by commas.
fn names_by_slot(tape: &Tape) -> HashMap<usize, String> {
    let mut names = HashMap::<usize, String>::new();
    for (name, slot) in tape.names() {
        let known = names.entry(slot).or_default();
        known.push_str(if known.is_empty() { "" } else { ", " });
        known.push_str(&name);
    }
    names
}

/// A slot's formula in the names of its arguments; `%7` is the slot 7, which has no name.
fn formula(slot: &Slot, names: &HashMap<usize, String>) -> String {
    let args: Vec<String> = slot.args.iter().map(|arg| operand(arg, names)).collect();
    match &slot.kind {
        SlotKind::Input => "input".to_owned(),
        SlotKind::Custom(custom) => format!("{}({})", custom.name(), args.join(", ")),
        SlotKind::Op(op) => match (op.row().notation, args.as_slice()) {
            (Notation::Infix(symbol, _), [x, y]) => format!("{x} {symbol} {y}"),
            (Notation::Prefix(symbol, _), [x]) => format!("{symbol}{x}"),
            (Notation::Postfix(symbol, _), [x]) => format!("{x}{symbol}"),
            _ => format!("{}({})", op.name(), args.join(", ")),
        },
    }
}

fn operand(arg: &Operand, names: &HashMap<usize, String>) -> String {
    match arg {
        Operand::Constant(x) if x.is_sign_negative() => format!("({x})"),
        Operand::Constant(x) => x.to_string(),
        Operand::Slot(slot) => match names.get(slot) {
            Some(all) => all.split(", ").next().unwrap_or(all).to_owned(),
            None => format!("%{slot}"),
        },
    }
}
