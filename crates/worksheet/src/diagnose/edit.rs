//! One small change to a sketch, and the value that comes out.
//! It must not know which changes are plausible.

use smallvec::SmallVec;
use wengert::{Number, Op};

use crate::{
    ast::{Kind, Node},
    values::refusal,
};

/// What is done instead at one node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Action {
    /// This value stands there.
    Value(f64),
    /// Only this argument is kept.
    Keep(usize),
    /// Another operation is applied.
    Apply(Op),
    /// The value is multiplied.
    Scale(f64),
    /// The value is multiplied by that of its argument once more.
    Again(usize),
    /// The two arguments change places.
    Swap,
    /// The arguments are multiplied first.
    Inside(f64),
    /// One more operation is applied to the value.
    Then(Op),
}

/// The changes, by node, in ascending order.
pub(crate) type Edit = SmallVec<[(usize, Action); 2]>;

/// Evaluates a postfix list with changes; `leaves` holds the value of every leaf.
pub(crate) fn evaluate(nodes: &[Node], leaves: &[f64], edit: &[(usize, Action)]) -> f64 {
    let mut stack: Vec<f64> = Vec::with_capacity(16);
    let mut edits = edit.iter().peekable();
    for (at, node) in nodes.iter().enumerate() {
        let action = edits.next_if(|(place, _)| *place == at).map(|(_, action)| *action);
        let value = match node.kind {
            Kind::Apply(op, count) => {
                let start = stack.len() - count as usize;
                let value = operate(op, &stack[start..], action);
                stack.truncate(start);
                value
            }
            _ => match action {
                Some(Action::Value(value)) => value,
                Some(Action::Scale(by)) => leaves[at] * by,
                Some(Action::Then(op)) => call(op, &[leaves[at]]),
                _ => leaves[at],
            },
        };
        stack.push(value);
    }
    stack.pop().expect("an expression has a node")
}

fn operate(op: Op, args: &[f64], action: Option<Action>) -> f64 {
    match action {
        Some(Action::Value(value)) => value,
        Some(Action::Keep(argument)) => args[argument],
        Some(Action::Apply(other)) => call(other, args),
        Some(Action::Scale(by)) => call(op, args) * by,
        Some(Action::Again(argument)) => call(op, args) * args[argument],
        Some(Action::Swap) => call(op, &[args[1], args[0]]),
        Some(Action::Inside(by)) => call(op, &[args[0] * by]),
        Some(Action::Then(then)) => call(then, &[call(op, args)]),
        None => call(op, args),
    }
}

fn call(op: Op, args: &[f64]) -> f64 {
    match refusal(op, args.iter().copied()) {
        Some(_) => f64::NAN, // no value, as on the sheet: no claim fits it
        None => f64::call(op, args),
    }
}
