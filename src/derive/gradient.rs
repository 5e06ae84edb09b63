//! Gradients and vector-Jacobian products of a tape by one reverse sweep. It must not know how they
//! are printed.

use super::Workspace;
use super::lengths::check_length;
use crate::op::UNREACHED;
use crate::sweep::reverse;
use crate::tape::Tape;
use crate::var::Var;
use std::borrow::Cow;
use std::fmt;
use std::ops::Index;

/// The derivatives of one output, or of several weighed by cotangents, in every input and in every
/// slot on the way.
///
/// Indexed by variable or by name; iterated over the inputs in the order of their declaration.
///
/// ```
/// use wengert::prelude::*;
///
/// let tape = Tape::new();
/// let [x, y] = tape.inputs(["x", "y"], [2.0, 3.0]);
/// let p = (x * y).named("p");
/// let grad = tape.gradient(p.square());
/// assert_eq!((grad[x], grad["y"], grad[p]), (36.0, 24.0, 12.0));
/// let all: Vec<String> = grad.iter().map(|(name, d)| format!("{name} {d}")).collect();
/// assert_eq!(all, ["x 36", "y 24"]);
/// ```
pub struct Gradient<'a> {
    tape: &'a Tape,
    bars: Cow<'a, [f64]>,
    length: usize,
}

/// What an input is called: its name, or else its number, from 0, among the inputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Label {
    Name(String),
    Unnamed(usize),
}

impl Tape {
    /// The gradient of `output`, by one reverse sweep; asking twice gives the same answer twice.
    /// Costs a few times what recording did, and 8 bytes a slot.
    ///
    /// # Panics
    /// If `output` is a constant, or a variable of another tape.
    #[track_caller]
    pub fn gradient(&self, output: Var<'_>) -> Gradient<'_> {
        self.vjp(&[(output, 1.0)])
    }

    /// The same in a workspace, without allocating once the workspace has grown.
    ///
    /// # Panics
    /// As [`gradient`](Tape::gradient) does.
    #[track_caller]
    pub fn gradient_in<'a>(
        &'a self,
        workspace: &'a mut Workspace,
        output: Var<'_>,
    ) -> Gradient<'a> {
        self.vjp_in(workspace, &[(output, 1.0)])
    }

    /// The vector-Jacobian product: the gradient of the sum of all outputs, each times its cotangent.
    ///
    /// # Panics
    /// If an output is a constant, or a variable of another tape.
    #[track_caller]
    pub fn vjp(&self, outputs: &[(Var<'_>, f64)]) -> Gradient<'_> {
        let mut workspace = Workspace::new();
        self.sweep(&mut workspace, outputs);
        Gradient { tape: self, bars: Cow::Owned(workspace.real.bars), length: self.len() }
    }

    /// The same in a workspace, without allocating once the workspace has grown.
    ///
    /// # Panics
    /// As [`vjp`](Tape::vjp) does.
    #[track_caller]
    pub fn vjp_in<'a>(
        &'a self,
        workspace: &'a mut Workspace,
        outputs: &[(Var<'_>, f64)],
    ) -> Gradient<'a> {
        self.sweep(workspace, outputs);
        Gradient { tape: self, bars: Cow::Borrowed(&workspace.real.bars), length: self.len() }
    }

    #[track_caller]
    fn sweep(&self, workspace: &mut Workspace, outputs: &[(Var<'_>, f64)]) {
        let mut length = 0;
        for (output, _) in outputs {
            length = length.max(self.output_slot(*output) + 1);
        }
        let core = self.core.borrow();
        let room = &mut workspace.real;
        room.unreached(length);
        for (output, cotangent) in outputs {
            room.bars[self.output_slot(*output)] += cotangent + 0.0;
        }
        reverse(&core.code, 0, core.code.slots(), &mut room.bars, &mut room.scratch);
    }

    #[track_caller]
    pub(super) fn output_slot(&self, output: Var<'_>) -> usize {
        output.check_tape(self);
        match output.slot() {
            Some(slot) => slot,
            None => panic!(
                "the output is a constant, {}: it depends on no variable of {self:?}, so it has no \
                 gradient; was it detached, or computed from plain numbers?",
                output.value(),
            ),
        }
    }
}

impl<'a> Gradient<'a> {
    /// The tape that it belongs to.
    pub fn tape(&self) -> &'a Tape {
        self.tape
    }

    /// The derivatives in all inputs, named or not, in the order of their declaration.
    pub fn to_vec(&self) -> Vec<f64> {
        self.tape.core.borrow().code.inputs().iter().map(|slot| *self.at(*slot as usize)).collect()
    }

    /// The same, written into a slice.
    ///
    /// # Panics
    /// If the slice has another length than there are inputs.
    #[track_caller]
    pub fn write_inputs(&self, x_bar: &mut [f64]) {
        let core = self.tape.core.borrow();
        let inputs = core.code.inputs();
        check_length("the slice", x_bar.len(), inputs.len(), "input");
        for (bar, slot) in x_bar.iter_mut().zip(inputs) {
            *bar = *self.at(*slot as usize);
        }
    }

    /// Labels and derivatives of all inputs, in the order of their declaration.
    pub fn iter(&self) -> impl Iterator<Item = (Label, f64)> {
        let mut labels = self.tape.labels();
        let inputs: Vec<u32> = self.tape.core.borrow().code.inputs().to_vec();
        inputs.into_iter().enumerate().map(move |(i, slot)| {
            let label = labels.remove(&slot).map_or(Label::Unnamed(i), Label::Name);
            (label, *self.at(slot as usize))
        })
    }

    /// The derivative in a variable, if the sweep saw it: not for a constant, a variable of another
    /// tape, or one recorded after the sweep.
    pub fn get(&self, x: Var<'_>) -> Option<f64> {
        let slot = x.slot().filter(|slot| *slot < self.length)?;
        x.tape().is_some_and(|tape| std::ptr::eq(tape, self.tape)).then(|| *self.at(slot))
    }

    /// Whether anything arrived in a slot.
    pub(super) fn reached(&self, slot: usize) -> bool {
        self.bars.get(slot).is_some_and(|bar| bar.to_bits() != UNREACHED.to_bits())
    }

    /// The adjoint of a slot; one above the output, or that nothing reached, has the derivative 0.
    fn at(&self, slot: usize) -> &f64 {
        self.bars.get(slot).filter(|bar| bar.to_bits() != UNREACHED.to_bits()).unwrap_or(&0.0)
    }

    #[track_caller]
    fn seen(&self, slot: usize) -> &f64 {
        assert!(
            slot < self.length,
            "a stale gradient: slot {slot} was recorded after the sweep, which saw {} slots; \
             take the gradient again",
            self.length,
        );
        self.at(slot)
    }
}

impl Index<Var<'_>> for Gradient<'_> {
    type Output = f64;

    /// The derivative in an input or in any variable on the way.
    ///
    /// # Panics
    /// For a constant, a variable of another tape, or one recorded after the sweep.
    #[track_caller]
    fn index(&self, x: Var<'_>) -> &f64 {
        x.check_tape(self.tape);
        match x.slot() {
            Some(slot) => self.seen(slot),
            None => panic!("a constant, {}, has no derivative", x.value()),
        }
    }
}

impl Index<&str> for Gradient<'_> {
    type Output = f64;

    /// The derivative in what has this name.
    ///
    /// # Panics
    /// If nothing has the name, or it was given after the sweep.
    #[track_caller]
    fn index(&self, name: &str) -> &f64 {
        let slot = self.tape.core.borrow_mut().names.get(name);
        match slot {
            Some(slot) => self.seen(slot as usize),
            None => panic!("{}", self.tape.unknown(name)),
        }
    }
}

impl fmt::Debug for Gradient<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl IntoIterator for &Gradient<'_> {
    type Item = (Label, f64);
    type IntoIter = std::vec::IntoIter<(Label, f64)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}
