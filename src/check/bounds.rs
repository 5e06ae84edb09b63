//! How far rounding may have taken a gradient from the truth, by running error analysis in both
//! sweeps. It must not know what is done with the bound.

use super::rounded::Rounded;
use crate::number::Dual;
use crate::op::Number;
use crate::program::Program;
use crate::sweep::{Room, read};
use crate::tape::code::{Arg, Kind};

/// Bounds of the error of each derivative of an output.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bounds {
    /// With the stable forms of the partials, by which the truth is computed.
    pub(crate) truth: Vec<f64>,
    /// With the forms in textbooks, which people write by hand.
    pub(crate) taught: Vec<f64>,
}

impl Bounds {
    /// The same bounds for both.
    pub(crate) fn alike(truth: Vec<f64>) -> Bounds {
        Bounds { taught: truth.clone(), truth }
    }
}

/// The bounds for the first output.
pub(crate) fn of_gradient(program: &Program, x: &[f64]) -> Bounds {
    let mut room = Room::<Rounded>::default();
    if room.gradient(program, |k| x[k].into()).is_err() {
        return Bounds::alike(vec![f64::INFINITY; x.len()]);
    }
    let truth = inputs(program, |slot| room.bar(slot).error);
    let Some(bars) = textbook(program, &room) else { return Bounds::alike(truth) };
    let taught = inputs(program, |slot| bars.get(slot as usize).map_or(0.0, |bar| bar.error));
    let larger = |(a, b): (&f64, f64)| if b.is_finite() { a.max(b) } else { *a };
    Bounds { taught: truth.iter().zip(taught).map(larger).collect(), truth }
}

/// The bound of the error of each component of the Hessian-vector product along `x_dot`.
pub(crate) fn of_product(program: &Program, x: &[f64], x_dot: &[f64]) -> Vec<f64> {
    let mut room = Room::<Dual<Rounded>>::default();
    let input = |k: usize| Dual::new(x[k].into(), x_dot[k].into());
    match room.gradient(program, input) {
        Ok(()) => inputs(program, |slot| room.bar(slot).tangent().error),
        Err(_) => vec![f64::INFINITY; x.len()],
    }
}

/// The errors in the inputs; one that is NaN, as beside an infinity or a kink, bounds nothing.
fn inputs(program: &Program, of: impl Fn(u32) -> f64) -> Vec<f64> {
    let bound = |error: f64| if error.is_nan() { f64::INFINITY } else { error };
    program.code.inputs().iter().map(|slot| bound(of(*slot))).collect()
}

/// The adjoints by the forms that textbooks give, after a replay; none where a custom primitive has
/// no textbook.
fn textbook<N: Number>(program: &Program, room: &Room<N>) -> Option<Vec<N>> {
    let (code, output) = (&program.code, program.outputs[0]);
    let mut bars = vec![N::constant(0.0); program.reach()];
    if output.is_constant() {
        return Some(bars);
    }
    bars[output.index()] = N::constant(1.0);
    let value = |arg: Arg| read(code, &room.values[..], arg);
    for slot in (0..bars.len()).rev() {
        let op = match code.word(slot).kind() {
            Kind::Input => continue,
            Kind::Custom => return None,
            Kind::Op(op) => op,
        };
        let args = code.all_args(slot);
        let x: Vec<N> = args.iter().map(|arg| value(*arg)).collect();
        let partials = op.textbook(&x, value(Arg::slot(slot)));
        for (arg, partial) in args.iter().zip(partials).filter(|(arg, _)| !arg.is_constant()) {
            bars[arg.index()] = bars[arg.index()] + bars[slot] * partial;
        }
    }
    Some(bars)
}
