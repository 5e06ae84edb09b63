//! How a mistake is put in words.
//! It must not search.

use super::{
    Search,
    sketch::{Note, Sketch},
};
use crate::{
    ast::{Kind, Node},
    digits::readable,
    model::{Model, Target},
};

/// The most operations that are written out, and the most characters of them that are shown.
const LONGEST: usize = 60;
const WIDEST: usize = 30;

impl Search<'_, '_> {
    /// The name of what stands at a node of a sketch.
    pub(super) fn name_at(&self, sketch: &Sketch, at: usize) -> String {
        let Sketch { nodes, notes, .. } = sketch;
        Writer { model: self.author.model, nodes, notes }.name_at(at)
    }

    /// An operation of a sketch as it would be written, whatever it has for a name.
    pub(super) fn written_at(&self, sketch: &Sketch, at: usize) -> String {
        let Sketch { nodes, notes, .. } = sketch;
        Writer { model: self.author.model, nodes, notes }.written(at)
    }
}

/// Writes parts of an expression.
pub(super) struct Writer<'a> {
    pub(super) model: &'a Model,
    pub(super) nodes: &'a [Node],
    /// What is known of the parts; none if there is nothing.
    pub(super) notes: &'a [Option<Note>],
}

impl Writer<'_> {
    /// The name of what stands at a node.
    pub(super) fn name_at(&self, at: usize) -> String {
        let model = self.model;
        if let Some(note) = self.notes.get(at).copied().flatten() {
            return match note {
                Note::Group(target) => model.describe(target),
                Note::Link(of, wrt) => model.describe(Target::Derivative(of, wrt)),
            };
        }
        match self.nodes[at].kind {
            Kind::Quantity(q) => model.spelled(q).to_owned(),
            Kind::Derivative(of, wrt) => model.describe(Target::Derivative(of, wrt)),
            Kind::Number(n) => readable(n.value),
            Kind::Constant(c) if c == std::f64::consts::PI => "pi".to_owned(),
            Kind::Constant(c) => readable(c),
            _ => self.written(at),
        }
    }

    /// An operation as it would be written, or the beginning of it.
    fn written(&self, at: usize) -> String {
        let start = at + 1 - self.nodes[at].size as usize;
        if at - start > LONGEST {
            return "(a long one)".to_owned();
        }
        let mut stack: Vec<(String, u8)> = Vec::new();
        for here in start..=at {
            let text = match self.nodes[here].kind {
                Kind::Apply(op, count) => {
                    let args = stack.split_off(stack.len() - count as usize);
                    operation(op, &args)
                }
                _ => (self.name_at(here), 9),
            };
            stack.push(text);
        }
        let whole = stack.pop().map_or_else(String::new, |(text, _)| text);
        match whole.char_indices().nth(WIDEST) {
            Some((end, _)) => format!("({}...)", &whole[..end]),
            None => whole,
        }
    }
}

fn operation(op: wengert::Op, args: &[(String, u8)]) -> (String, u8) {
    use wengert::Op;
    let (sign, binds) = match op {
        Op::Add => (" + ", 1),
        Op::Sub => (" - ", 1),
        Op::Mul => ("*", 2),
        Op::Div => ("/", 2),
        Op::Pow | Op::Powi => ("^", 4),
        Op::Neg => return (format!("-{}", wrap(&args[0], 3)), 3),
        Op::Square => return (format!("{}^2", wrap(&args[0], 5)), 4),
        Op::Recip => return (format!("1/{}", wrap(&args[0], 3)), 2),
        _ => {
            let inside: Vec<&str> = args.iter().map(|(text, _)| text.as_str()).collect();
            return (format!("{}({})", op.name(), inside.join(", ")), 9);
        }
    };
    // 1 - v is written -v + 1 by the tape.
    if op == Op::Add && args[0].0.starts_with('-') {
        return (format!("{} - {}", args[1].0, &args[0].0[1..]), 1);
    }
    (format!("{}{sign}{}", wrap(&args[0], binds), wrap(&args[1], binds + 1)), binds)
}

fn wrap(part: &(String, u8), binds: u8) -> String {
    if part.1 < binds { format!("({})", part.0) } else { part.0.clone() }
}
