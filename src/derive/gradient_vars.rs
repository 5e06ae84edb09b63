//! Derivatives as variables of the tape that they are taken of: the reverse sweep, run in [`Var`].
//! It must not know any primitive.
//!
//! The sweep reads the slots up to the output and records as it goes. A tape cannot be read and
//! recorded on at once, so the sweep reads a copy of these slots.

use crate::sweep::{Room, Values, reverse};
use crate::tape::Tape;
use crate::tape::code::{Arg, Code};
use crate::var::Var;

impl Tape {
    /// The derivatives of `output` in each of `wrt`, as variables of this tape: what is computed from
    /// them can be differentiated again. (PyTorch calls this `create_graph`.)
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [w, x] = tape.inputs(["w", "x"], [0.5, 3.0]);
    /// let loss = (w * x - 1.0).square();
    /// let [slope] = tape.gradient_vars(loss, &[w])[..] else { unreachable!() };
    /// assert_eq!(slope.value(), 3.0); // 2 x (w x - 1)
    /// let updated = w - slope * 0.1;
    /// let grad = tape.gradient(updated);
    /// assert_relative_eq!(grad[w], 1.0 - 0.1 * 2.0 * 9.0); // 1 - 0.1 * 2 x^2
    /// assert_relative_eq!(grad[x], -0.1 * 4.0); // -0.1 * (4 w x - 2)
    /// ```
    ///
    /// The values have the bits of [`gradient`](Tape::gradient): it is the same sweep. An edge that
    /// is not taken carries nothing in the derivatives of these derivatives either. A variable that
    /// nothing reaches, or that was recorded after `output`, has the constant 0.
    ///
    /// Records a few slots for each slot between the first of `wrt` and `output` that an adjoint
    /// reaches, and copies the tape up to `output`; a derivative of order n so takes a tape that
    /// is longer by a factor that is exponential in n. For derivatives at many points, see
    /// [`Program::derivative`](crate::Program::derivative).
    ///
    /// # Panics
    /// If `output` or one of `wrt` is a constant or a variable of another tape, or if the sweep meets
    /// a [custom primitive](crate::Custom) without a program, whose partials are plain numbers.
    #[track_caller]
    pub fn gradient_vars<'t>(&'t self, output: Var<'_>, wrt: &[Var<'_>]) -> Vec<Var<'t>> {
        let top = self.output_slot(output);
        let slots: Vec<usize> = wrt.iter().map(|x| self.wrt_slot(*x)).collect();
        let Some(lowest) = slots.iter().min() else { return Vec::new() };
        let code = self.core.borrow().code.up_to(top + 1);
        let mut room = Room::<Var<'t>>::default();
        room.unreached(top + 1);
        room.seed(Arg::slot(top), Var::constant(1.0));
        let recorded = Recorded { tape: self, code: &code };
        reverse(&code, lowest + 1, &recorded, &mut room.bars, &mut room.scratch);
        slots.into_iter().map(|slot| room.bar(slot as u32)).collect()
    }

    #[track_caller]
    fn wrt_slot(&self, x: Var<'_>) -> usize {
        x.check_tape(self);
        match x.slot() {
            Some(slot) => slot,
            None => panic!("a constant, {}, has no derivative", x.value()),
        }
    }
}

/// The slots of a tape up to an output, each as the variable that it is.
struct Recorded<'t, 'c> {
    tape: &'t Tape,
    code: &'c Code,
}

impl<'t> Values<Var<'t>> for Recorded<'t, '_> {
    fn get(&self, slot: usize) -> Option<Var<'t>> {
        let stored = self.code.slots().get(slot)?;
        Some(Var::new(self.tape, slot as u32, stored.value))
    }

    /// All of them: the copy ends at the output, as the adjoints do.
    fn first(&self, length: usize) -> &Self {
        debug_assert_eq!(length, self.code.len());
        self
    }
}
