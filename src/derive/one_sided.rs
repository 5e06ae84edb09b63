//! Second derivatives at kinks: of the piece of the function into which a direction points. It must not
//! know how a number looks to one side.

use super::Error;
use crate::number::OneSided;
use crate::program::Program;
use crate::sweep::Room;
use crate::tape::code::{Code, Kind};

impl Program {
    /// Whether a primitive below the outputs is at its kink exactly, or one of a custom primitive's own
    /// program may be. Costs one look at each slot;
    /// `args` is room to work in.
    pub(super) fn is_at_kink(&self, args: &mut Vec<f64>, value: impl Fn(usize) -> f64) -> bool {
        let slots = &self.code.slots()[..self.reach()];
        slots.iter().enumerate().any(|(slot, stored)| match stored.word.kind() {
            Kind::Input => false,
            Kind::Op(op) if op.row().kink.is_none() => false,
            Kind::Op(op) => {
                gather(&self.code, slot, args, &value);
                op.is_at_kink(args)
            }
            Kind::Custom => {
                let inner = self.code.custom(stored.word).program();
                inner.is_some_and(|inner| has_kinks(&inner.code))
            }
        })
    }

    /// Replays, and sweeps down from the only output, along a direction and to the side into which it
    /// points.
    pub(super) fn to_one_side(
        &self,
        room: &mut Room<OneSided>,
        x: &[f64],
        x_dot: impl Fn(usize) -> f64,
    ) -> Result<(), Error> {
        self.run(room, x.len(), |k| OneSided::new(x[k], x_dot(k)))?;
        self.reverse_of(room);
        Ok(())
    }

    /// The Hessian, row by row: each column to the side into which its axis points.
    pub(super) fn one_sided_hessian(
        &self,
        x: &[f64],
        hessian: &mut [f64],
        room: &mut Room<OneSided>,
    ) -> Result<(), Error> {
        let n = self.inputs();
        for column in 0..n {
            self.to_one_side(room, x, |k| f64::from(u8::from(k == column)))?;
            for (row, slot) in hessian.chunks_mut(n).zip(self.code.inputs()) {
                row[column] = room.bar(*slot).tangent();
            }
        }
        Ok(())
    }
}

/// The arguments of a slot, in room that is kept.
fn gather(code: &Code, slot: usize, args: &mut Vec<f64>, value: &impl Fn(usize) -> f64) {
    args.clear();
    code.each_arg(slot, |arg| {
        args.push(match code.term(arg) {
            Ok(slot) => value(slot as usize),
            Err(constant) => constant,
        });
    });
}

fn has_kinks(code: &Code) -> bool {
    code.slots().iter().any(|stored| match stored.word.kind() {
        Kind::Input => false,
        Kind::Op(op) => op.row().kink.is_some(),
        Kind::Custom => {
            code.custom(stored.word).program().is_some_and(|inner| has_kinks(&inner.code))
        }
    })
}
