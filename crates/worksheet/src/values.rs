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
    stack.pop().unwrap_or_else(|| N::constant(f64::NAN))
}

/// The value of a constant leaf; nothing for a quantity or a derivative.
pub fn constant(kind: Kind) -> Option<f64> {
    match kind {
        Kind::Number(n) => Some(n.value),
        Kind::Constant(c) => Some(c),
        _ => None,
    }
}

/// Applies a primitive where it is defined; what a person may write must not panic.
fn apply<N: Known>(op: Op, args: &[N]) -> N {
    let defined = match op {
        Op::Clamp => args[1].known() <= args[2].known(),
        Op::Polygamma => (0.0..=100.0).contains(&args[0].known()),
        _ => true,
    };
    if defined { N::call(op, args) } else { N::constant(f64::NAN) }
}
