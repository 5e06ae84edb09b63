//! The reverse sweep in recorded numbers: derivatives as variables of the same tape, so that what
//! is made of derivatives can be differentiated too. It must not know quantities' formulas.

use std::collections::HashMap;

use smallvec::SmallVec;
use wengert::{Operand, SlotKind, Tape, Var};

/// The adjoints of `of` at each of the variables below it, recorded.
pub(super) fn adjoints<'t>(
    tape: &'t Tape,
    of: Var<'t>,
    below: &[(u32, Var<'t>)],
) -> Vec<(u32, Var<'t>)> {
    let zero = || Var::constant(0.0);
    let slots = below.iter().filter_map(|(_, var)| var.slot());
    let (Some(top), Some(lowest)) = (of.slot(), slots.min()) else {
        return below.iter().map(|(wrt, _)| (*wrt, zero())).collect();
    };
    let mut bars: HashMap<usize, Var<'t>> = HashMap::from([(top, Var::constant(1.0))]);
    for position in (lowest + 1..=top).rev() {
        if let Some(bar) = bars.get(&position).copied() {
            hand_down(tape, position, bar, &mut bars);
        }
    }
    let found = |var: &Var<'t>| var.slot().and_then(|slot| bars.get(&slot).copied());
    below.iter().map(|(wrt, var)| (*wrt, found(var).unwrap_or_else(zero))).collect()
}

/// Adds adjoint times partial to each argument of a slot.
fn hand_down<'t>(
    tape: &'t Tape,
    position: usize,
    bar: Var<'t>,
    bars: &mut HashMap<usize, Var<'t>>,
) {
    let slot = tape.slot(position);
    let SlotKind::Op(op) = slot.kind else { return };
    let args: SmallVec<[Var<'t>; 4]> = slot
        .args
        .iter()
        .map(|arg| match arg {
            Operand::Slot(at) => tape.at(*at),
            Operand::Constant(value) => Var::constant(*value),
        })
        .collect();
    let partials = op.partials(&args, tape.at(position));
    for (arg, partial) in slot.args.iter().zip(partials) {
        if let Operand::Slot(at) = arg {
            let more = bar * partial;
            let sum = bars.get(at).map_or(more, |before| *before + more);
            bars.insert(*at, sum);
        }
    }
}
