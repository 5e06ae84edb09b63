//! Why a value or a derivative is not known, or is no number.
//! It must not compute any.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use wengert::{Tape, Var};

use super::{Truth, name};
use crate::{
    ast::{Expr, Kind, Node},
    model::{Model, Rule, Target},
    values::{constant, evaluate, first_refused},
};

/// Why there is no number for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The sheet does not say enough.
    Unknown(String),
    /// It says enough, but what it says has no value there: ln(-1), 0/0.
    Undefined(String),
}

impl Why {
    pub(crate) fn text(self) -> String {
        match self {
            Self::Unknown(text) | Self::Undefined(text) => text,
        }
    }
}

impl Truth {
    /// Why a target has no value, if something stands in the way: what is not known goes before
    /// what has no value.
    pub(crate) fn why(&self, model: &Model, target: Target) -> Option<Why> {
        let mut undefined = None;
        let mut open = vec![target];
        let mut seen: HashSet<Target> = HashSet::from_iter([target]);
        while let Some(here) = open.pop() {
            match self.here(model, here, target) {
                Some(Why::Undefined(text)) => undefined = Some(text),
                Some(unknown) => return Some(unknown),
                None => {}
            }
            open.extend(reads(model, here).into_iter().filter(|next| seen.insert(*next)));
        }
        let in_itself = || match target {
            Target::Expression(expr) => self.undefined_in(model, target, expr),
            _ => None,
        };
        undefined.or_else(in_itself).map(Why::Undefined)
    }

    /// Which operation of a formula is the first without a value, if what the formula reads has one.
    /// Every leaf is an input here, so that operations on numbers alone are recorded, too.
    pub(super) fn undefined_in(&self, model: &Model, target: Target, expr: Expr) -> Option<String> {
        let tape = Tape::new();
        let mut inputs: HashMap<Target, Var<'_>> = HashMap::default();
        let mut read = |target: Target| {
            *inputs.entry(target).or_insert_with(|| {
                tape.input_array([self.target(model, target)])[0].named(name(model, target))
            })
        };
        let result: Var<'_> = evaluate(model.nodes.of(expr), &mut |_, kind| match kind {
            Kind::Quantity(q) => read(Target::Quantity(q)),
            Kind::Derivative(of, wrt) => read(Target::Derivative(of, wrt)),
            kind => tape.input_array([constant(kind)])[0],
        });
        if inputs.values().any(|input| input.value().is_nan()) || !result.value().is_nan() {
            return None;
        }
        let nodes = model.nodes.of(expr);
        let refused = first_refused(nodes, &mut |kind| self.nodes(&[Node { kind, ..nodes[0] }]));
        if let Some((at, wanted)) = refused {
            let call = model.sources.text(nodes[at].span);
            return Some(format!("`{call}` has no value: {wanted}"));
        }
        if inputs.values().all(|input| input.slot() != result.slot()) {
            result.named(name(model, target));
        }
        tape.diagnose(result).value_reason()
    }

    /// What stands in the way at one of the things that a target is made of.
    fn here(&self, model: &Model, here: Target, target: Target) -> Option<Why> {
        if let Some(text) = self.undefined.get(&here) {
            return Some(Why::Undefined(text.clone()));
        }
        match here {
            Target::Quantity(q) if model.quantities[q as usize].rule == Rule::Missing => {
                Some(Why::Unknown(missing(model, q, here == target)))
            }
            Target::Derivative(of, wrt) => {
                let reason = self.blocked.get(&(of, wrt))?;
                let name = model.describe(here);
                Some(Why::Unknown(match here == target {
                    true => reason.clone(),
                    false => format!("it depends on {name}, which is not known: {reason}"),
                }))
            }
            _ => None,
        }
    }
}

/// What the value of something is made of.
fn reads(model: &Model, target: Target) -> Vec<Target> {
    let expr = match target {
        Target::Quantity(q) => model.formula(q),
        Target::Derivative(of, _) => return vec![Target::Quantity(of)],
        Target::Expression(expr) => Some(expr),
    };
    let target = |kind| match kind {
        Kind::Quantity(q) => Some(Target::Quantity(q)),
        Kind::Derivative(of, wrt) => Some(Target::Derivative(of, wrt)),
        _ => None,
    };
    expr.into_iter().flat_map(|expr| model.reads(expr)).filter_map(target).collect()
}

/// A quantity without a rule: what of its statement could not be read, if it is that.
fn missing(model: &Model, q: u32, is_target: bool) -> String {
    let quantity = &model.quantities[q as usize];
    let (name, line) = (&quantity.spelled, model.sources.line(quantity.span));
    let unread = model.unread.iter().find(|unread| quantity.span.contains(unread.span));
    let reason = unread.map(|unread| format!("line {line} cannot be used: {}", unread.reason));
    match (reason, is_target) {
        (Some(reason), true) => reason,
        (Some(reason), false) => format!("it depends on `{name}`, and {reason}"),
        (None, true) if quantity.unread => format!("a statement about `{name}` could not be read"),
        (None, false) if quantity.unread => {
            format!("it depends on `{name}`, whose statement could not be read")
        }
        (None, true) => format!("nothing says how `{name}` is made"),
        (None, false) => format!("it depends on `{name}`, and nothing says how that is made"),
    }
}
