//! A recording that is kept: frozen, to be sent and replayed. It must not know what is computed
//! with it.

use crate::tape::Memory;
use crate::tape::code::{Arg, Code};
use std::fmt;

/// A recorded function: a frozen tape with its outputs. It is `Send + Sync`, and evaluated through
/// `&self` with a [`Workspace`](crate::Workspace) per caller.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v[0].sin() * v[1], &[0.5, 2.0]);
/// let (value, gradient) = f.value_and_gradient(&[0.0, 3.0])?;
/// assert_eq!((value, gradient), (0.0, vec![3.0, 0.0]));
/// # Ok::<(), wengert::Error>(())
/// ```
#[derive(Clone)]
pub struct Program {
    pub(crate) code: Code,
    pub(crate) outputs: Vec<Arg>,
    pub(crate) names: Vec<(String, u32)>,
    pub(crate) point: Vec<f64>,
}

impl Program {
    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.code.inputs().len()
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Number of slots, inputs included.
    pub fn len(&self) -> usize {
        self.code.len()
    }

    /// Whether it has no slots: then every output is a constant.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Slots and bytes in use.
    pub fn memory(&self) -> Memory {
        Memory { slots: self.code.len(), bytes: self.code.bytes() }
    }

    /// The point at which it was recorded.
    pub fn point(&self) -> &[f64] {
        &self.point
    }

    /// The names of its slots, in the order in which they were given.
    pub fn names(&self) -> impl Iterator<Item = (&str, usize)> {
        self.names.iter().map(|(name, slot)| (name.as_str(), *slot as usize))
    }

    /// The first name of an input, if it has one.
    pub fn input_name(&self, i: usize) -> Option<&str> {
        let slot = *self.code.inputs().get(i)?;
        self.name_of(Arg::slot(slot as usize))
    }

    /// The first name of an output, if it has one.
    pub fn output_name(&self, i: usize) -> Option<&str> {
        self.name_of(*self.outputs.get(i)?)
    }

    fn name_of(&self, arg: Arg) -> Option<&str> {
        let named = |slot: u32| !arg.is_constant() && slot as usize == arg.index();
        self.names.iter().find(|(_, slot)| named(*slot)).map(|(name, _)| name.as_str())
    }

    /// Slots from which nothing below the last output is left out.
    pub(crate) fn reach(&self) -> usize {
        let slots = self.outputs.iter().filter(|arg| !arg.is_constant());
        slots.map(|arg| arg.index() + 1).max().unwrap_or(0)
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (inputs, outputs, slots) = (self.inputs(), self.outputs(), self.len());
        write!(f, "Program({inputs} inputs, {outputs} outputs, {slots} slots)")
    }
}
