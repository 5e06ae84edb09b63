//! Programs as data that outlives a run: written with a version and a checksum, and checked when
//! read. It must not know any file format, nor do any I/O: serde does that.

mod check;

use crate::custom::Custom;
use crate::op::Op;
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind};
use crate::tape::guard::{CASTS, Comparison, Guard, Place};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::sync::Arc;

const FORMAT: &str = "wengert program";
const VERSION: u32 = 1;

/// Position of "input" among the kinds of a saved program.
const INPUT: &str = "input";

/// A program as written. Numbers are written as their bits, so that every format keeps them.
#[derive(Clone, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    format: String,
    version: u32,
    /// Names of the primitives that occur, and of the custom ones, which are programs.
    kinds: Vec<String>,
    programs: Vec<Saved>,
    constants: Vec<u64>,
    /// For each slot its kind and its arguments.
    slots: Vec<(u32, Vec<i64>)>,
    point: Vec<u64>,
    guards: Vec<SavedGuard>,
    outputs: Vec<i64>,
    names: Vec<(String, u32)>,
    checksum: u64,
}

#[derive(Clone, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedGuard {
    x: i64,
    y: i64,
    comparison: String,
    outcome: i8,
    file: String,
    line: u32,
    column: u32,
}

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
    Comparison::Order,
];

/// What a comparison is saved as: its symbol, or for a cast the method.
fn comparison_name(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Cast(method) => method,
        _ => comparison.symbol(),
    }
}

/// The comparison that is saved so.
fn comparison_of(name: &str) -> Option<Comparison> {
    let casts = CASTS.into_iter().map(Comparison::Cast);
    COMPARISONS.into_iter().chain(casts).find(|known| comparison_name(*known) == name)
}

impl Serialize for Program {
    /// Fails for a program with a custom primitive that is not a program itself.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        save(self).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Program {
    /// Fails for whatever is not exactly what was written; see [`Error::Load`](crate::Error::Load).
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Program, D::Error> {
        check::load(Saved::deserialize(deserializer)?, 0).map_err(serde::de::Error::custom)
    }
}

fn save(program: &Program) -> Result<Saved, crate::Error> {
    program.check_customs()?;
    let code = &program.code;
    let mut saved = Saved {
        format: FORMAT.to_owned(),
        version: VERSION,
        kinds: Vec::new(),
        programs: code
            .customs()
            .iter()
            .filter_map(|c| c.program())
            .map(save)
            .collect::<Result<_, _>>()?,
        constants: code.constants().iter().map(|x| x.to_bits()).collect(),
        slots: Vec::with_capacity(code.len()),
        point: program.point.iter().map(|x| x.to_bits()).collect(),
        guards: code.guards().iter().map(save_guard).collect(),
        outputs: program.outputs.iter().map(|arg| save_arg(*arg)).collect(),
        names: program.names.clone(),
        checksum: 0,
    };
    for slot in 0..code.len() {
        let kind = kind_index(&mut saved.kinds, code, slot);
        saved.slots.push((kind, code.all_args(slot).iter().map(|arg| save_arg(*arg)).collect()));
    }
    saved.checksum = check::checksum(&saved);
    Ok(saved)
}

/// The number of a slot's kind: among the names, or past them for a program.
fn kind_index(kinds: &mut Vec<String>, code: &Code, slot: usize) -> u32 {
    let word = code.word(slot);
    let name = match word.kind() {
        Kind::Input => INPUT.to_owned(),
        Kind::Op(op) => op.name().to_owned(),
        Kind::Custom => format!("program {}", code.custom_index(word)),
    };
    let known = kinds.iter().position(|kind| *kind == name);
    known.unwrap_or_else(|| {
        kinds.push(name);
        kinds.len() - 1
    }) as u32
}

/// A slot is its position; a constant is minus its place in the pool, counted from 1.
fn save_arg(arg: Arg) -> i64 {
    if arg.is_constant() { -(arg.index() as i64) - 1 } else { arg.index() as i64 }
}

fn save_guard(guard: &Guard) -> SavedGuard {
    SavedGuard {
        x: save_arg(guard.x),
        y: save_arg(guard.y),
        comparison: comparison_name(guard.comparison).to_owned(),
        outcome: guard.outcome,
        file: guard.place.file.clone().into_owned(),
        line: guard.place.line,
        column: guard.place.column,
    }
}
