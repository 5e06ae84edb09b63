//! The two sweeps: `replay` goes up and computes values, `reverse` comes down and gathers adjoints.
//! They must not know which number they run in, nor what is done with the answer.

use crate::code::{Arg, Code, Kind, Word};
use crate::op::{Number, Op, UNREACHED};

/// Room for the arguments of one n-ary slot, kept from sweep to sweep.
#[derive(Clone, Debug)]
pub(crate) struct Scratch<N> {
    args: Vec<N>,
    spare: Vec<N>,
}

impl<N> Default for Scratch<N> {
    fn default() -> Self {
        Scratch { args: Vec::new(), spare: Vec::new() }
    }
}

/// The value of an argument.
#[inline(always)]
fn read<N: Number>(code: &Code, values: &[N], arg: Arg) -> N {
    if arg.is_constant() { N::constant(code.constant(arg)) } else { values[arg.index()] }
}

impl<N: Number> Scratch<N> {
    fn gather(&mut self, code: &Code, values: &[N], word: Word) {
        self.args.clear();
        self.args.extend(code.list(word).iter().map(|arg| read(code, values, *arg)));
    }
}

/// Computes every slot anew from these inputs. `values` is filled from the start.
pub(crate) fn replay<N: Number>(code: &Code, x: &[N], values: &mut Vec<N>, scratch: &mut Scratch<N>) {
    let mut inputs = x.iter();
    values.clear();
    values.reserve(code.len());
    for slot in 0..code.len() {
        let word = code.word(slot);
        let value = match word.kind() {
            Kind::Input => *inputs.next().expect("as many inputs as the program has"),
            Kind::Op(op) if op.arity().is_some() => {
                let args = code.args(word);
                op.apply(|k| read(code, values, args[k]))
            }
            Kind::Op(op) => {
                scratch.gather(code, values, word);
                N::call(op, &scratch.args)
            }
            Kind::Custom => {
                scratch.gather(code, values, word);
                N::custom(code.custom(word), &scratch.args)
            }
        };
        values.push(value);
    }
}

/// Carries the adjoints in `bars` down from its last slot to the inputs. `bars` holds
/// [`UNREACHED`] except where the sweep is seeded; a slot that no adjoint reached is not visited.
pub(crate) fn reverse<N: Number>(code: &Code, values: &[N], bars: &mut [N], scratch: &mut Scratch<N>) {
    for slot in (0..bars.len()).rev() {
        let (below, rest) = bars.split_at_mut(slot);
        let bar = rest[0];
        if bar.is_unreached() {
            continue;
        }
        let word = code.word(slot);
        match word.kind() {
            Kind::Input => {}
            Kind::Op(op) if op.arity().is_some() => {
                let args = code.args(word);
                op.partials_by(
                    |k| read(code, values, args[k]),
                    values[slot],
                    |k| !args[k].is_constant(),
                    |k, partial, taken| contribute(&mut below[args[k].index()], bar, partial, taken),
                );
            }
            Kind::Op(op) => {
                scratch.gather(code, values, word);
                pull_list(op, code.list(word), values[slot], bar, below, scratch);
            }
            Kind::Custom => {
                scratch.gather(code, values, word);
                scratch.spare.clear();
                scratch.spare.resize(scratch.args.len(), N::constant(0.0));
                N::custom_partials(code.custom(word), &scratch.args, values[slot], &mut scratch.spare);
                for (arg, partial) in code.list(word).iter().zip(&scratch.spare) {
                    if !arg.is_constant() {
                        contribute(&mut below[arg.index()], bar, *partial, None);
                    }
                }
            }
        }
    }
}

/// Adds what flows along one edge: adjoint times partial, or nothing if the edge is not taken.
#[inline(always)]
fn contribute<N: Number>(x_bar: &mut N, bar: N, partial: N, taken: Option<N>) {
    *x_bar = match taken {
        None => x_bar.accumulate(bar, partial),
        Some(taken) => *x_bar + taken.select(bar.chain(partial), N::constant(UNREACHED)),
    };
}

fn pull_list<N: Number>(op: Op, list: &[Arg], v: N, bar: N, below: &mut [N], scratch: &mut Scratch<N>) {
    op.partials_of_list(&scratch.args, v, &mut scratch.spare, &mut |k, partial| {
        if !list[k].is_constant() {
            contribute(&mut below[list[k].index()], bar, partial, None);
        }
    });
}
