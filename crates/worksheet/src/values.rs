//! Evaluating an expression in any number of the library: values in f64, adjoints on a tape.
//! It must not know where the numbers of the leaves come from.

use smallvec::SmallVec;
use wengert::{Number, Op, Var};

use crate::ast::{Kind, Node};

/// A number whose value is known while it is computed with.
pub trait Known: Number {
    /// The value.
    fn known(self) -> f64;
}

impl Known for f64 {
    fn known(self) -> f64 {
        self
    }
}

impl Known for Var<'_> {
    fn known(self) -> f64 {
        self.value()
    }
}

/// Evaluates a postfix list; `leaf` gives the value of every node that is no operation.
pub fn evaluate<N: Known>(nodes: &[Node], leaf: &mut dyn FnMut(usize, Kind) -> N) -> N {
    let mut stack: Vec<N> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let value = match node.kind {
            Kind::Apply(op, count) => {
                let args: SmallVec<[N; 4]> = stack.drain(stack.len() - count as usize..).collect();
                apply(op, &args)
            }
            kind => leaf(at, kind),
        };
        stack.push(value);
    }
    stack.pop().expect("an expression has a node")
}

/// The value of a leaf that is a constant, if it is one.
pub fn if_constant(kind: Kind) -> Option<f64> {
    match kind {
        Kind::Number(n) => Some(n.value),
        Kind::Constant(c) => Some(c),
        _ => None,
    }
}

/// The value of a leaf that is neither a quantity nor a derivative.
///
/// # Panics
///
/// If it is a name: no expression is kept whose names were not found.
pub fn constant(kind: Kind) -> f64 {
    if_constant(kind).expect("the names of an expression are quantities when it is evaluated")
}

/// The longest part of an expression that is taken for a constant.
const LONGEST_CONSTANT: usize = 32;

/// The value of a short part of an expression that reads nothing.
pub(crate) fn constant_of(nodes: &[Node]) -> Option<f64> {
    let fixed =
        |node: &Node| matches!(node.kind, Kind::Apply(..)) || if_constant(node.kind).is_some();
    let is_fixed = nodes.len() <= LONGEST_CONSTANT && nodes.iter().all(fixed);
    is_fixed.then(|| evaluate(nodes, &mut |_, kind| constant(kind)))
}

/// Why a primitive cannot be applied to arguments of these values, if it cannot.
pub(crate) fn refusal(op: Op, args: impl Iterator<Item = f64>) -> Option<&'static str> {
    op.row().accepts?;
    op.accepts(&args.map(Some).collect::<SmallVec<[_; 4]>>()).err()
}

/// Applies a primitive. What a person may write must not panic: where the row does not accept the
/// arguments, bounds in the wrong order, there is no value.
fn apply<N: Known>(op: Op, args: &[N]) -> N {
    match refusal(op, args.iter().map(|arg| arg.known())) {
        Some(_) => N::constant(f64::NAN),
        None => N::call(op, args),
    }
}

/// The first operation of an expression that is not accepted, and why, at these values of its leaves.
pub(crate) fn first_refused(
    nodes: &[Node],
    leaf: &mut dyn FnMut(Kind) -> f64,
) -> Option<(usize, &'static str)> {
    let mut stack: Vec<f64> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let value = match node.kind {
            Kind::Apply(op, count) => {
                let args = stack.split_off(stack.len() - count as usize);
                if let Some(wanted) = refusal(op, args.iter().copied()) {
                    return Some((at, wanted));
                }
                f64::call(op, &args)
            }
            kind => leaf(kind),
        };
        stack.push(value);
    }
    None
}
