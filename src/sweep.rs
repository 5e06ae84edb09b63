//! The two sweeps: `replay` goes up and computes values, `reverse` comes down and gathers adjoints.
//! They must not know which number they run in, nor what is done with the answer.

use crate::custom::Custom;
use crate::op::{Number, UNREACHED};
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind, Word};
use crate::tape::guard::Guard;
use std::sync::Arc;

/// Room for a replay and a sweep down, kept and used again.
#[derive(Clone, Debug)]
pub(crate) struct Room<N> {
    pub(crate) values: Vec<N>,
    pub(crate) bars: Vec<N>,
    pub(crate) scratch: Scratch<N>,
}

/// Room for one slot that has a list of arguments, or a program of its own.
#[derive(Clone, Debug)]
pub(crate) struct Scratch<N> {
    args: Vec<N>,
    spare: Vec<N>,
    inner: Option<Box<Room<N>>>,
}

impl<N> Default for Room<N> {
    fn default() -> Self {
        let scratch = Scratch { args: Vec::new(), spare: Vec::new(), inner: None };
        Room { values: Vec::new(), bars: Vec::new(), scratch }
    }
}

/// The value of an argument.
#[inline(always)]
pub(crate) fn read<N: Number>(code: &Code, values: &[N], arg: Arg) -> N {
    if arg.is_constant() { N::constant(code.constant(arg)) } else { values[arg.index()] }
}

impl<N: Number> Room<N> {
    /// Computes every slot anew from these inputs. The first comparison that now goes the other
    /// way is the error.
    pub(crate) fn replay<'c>(
        &mut self,
        code: &'c Code,
        x: impl Fn(usize) -> N,
    ) -> Result<(), &'c Guard> {
        let Room { values, scratch, .. } = self;
        let mut inputs = 0..;
        values.clear();
        values.reserve(code.len());
        for slot in 0..code.len() {
            let word = code.word(slot);
            let value = match word.kind() {
                Kind::Input => x(inputs.next().unwrap_or(0)),
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
                    scratch.custom(code.custom(word))?
                }
            };
            values.push(value);
        }
        let holds = |guard: &&Guard| {
            let [x, y] = [guard.x, guard.y].map(|arg| read(code, values, arg));
            x.answer(guard.comparison, y, guard.outcome)
        };
        code.guards().iter().find(|guard| !holds(guard)).map_or(Ok(()), Err)
    }

    /// Room for the adjoints of the slots up to the last output: nothing has reached them.
    pub(crate) fn unreached(&mut self, slots: usize) -> &mut [N] {
        self.bars.clear();
        self.bars.resize(slots, N::constant(UNREACHED));
        &mut self.bars
    }

    /// The gradient of the first output, left in the adjoints.
    pub(crate) fn gradient<'c>(
        &mut self,
        program: &'c Program,
        x: impl Fn(usize) -> N,
    ) -> Result<(), &'c Guard> {
        self.replay(&program.code, x)?;
        self.unreached(program.reach());
        self.seed(program.outputs[0], N::constant(1.0));
        self.reverse(&program.code);
        Ok(())
    }

    /// Adds a cotangent to the adjoint of an output.
    pub(crate) fn seed(&mut self, output: Arg, cotangent: N) {
        if !output.is_constant() {
            let bar = &mut self.bars[output.index()];
            *bar = *bar + (cotangent + 0.0);
        }
    }

    /// The adjoint that arrived in a slot; 0 where none did.
    pub(crate) fn bar(&self, slot: u32) -> N {
        self.bars.get(slot as usize).map_or(N::constant(0.0), |bar| *bar + 0.0)
    }

    /// Carries the adjoints down, after [`replay`](Room::replay).
    pub(crate) fn reverse(&mut self, code: &Code) {
        reverse(code, &self.values, &mut self.bars, &mut self.scratch);
    }
}

/// Carries the adjoints in `bars` down from its last slot to the inputs. `bars` holds `UNREACHED`
/// except where the sweep is seeded; a slot that no adjoint reached is not visited.
pub(crate) fn reverse<N: Number>(
    code: &Code,
    values: &[N],
    bars: &mut [N],
    scratch: &mut Scratch<N>,
) {
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
                    |k, partial, taken| below[args[k].index()].contribute(bar, partial, taken),
                );
            }
            kind => {
                scratch.gather(code, values, word);
                let list = code.list(word);
                let edge = &mut |k: usize, partial: N| {
                    if !list[k].is_constant() {
                        below[list[k].index()].contribute(bar, partial, None);
                    }
                };
                match kind {
                    Kind::Op(op) => {
                        op.partials_of_list(&scratch.args, values[slot], &mut scratch.spare, edge)
                    }
                    _ => scratch.custom_partials(code.custom(word), values[slot], edge),
                }
            }
        }
    }
}

impl<N: Number> Scratch<N> {
    fn gather(&mut self, code: &Code, values: &[N], word: Word) {
        self.args.clear();
        self.args.extend(code.list(word).iter().map(|arg| read(code, values, *arg)));
    }

    /// The value of a custom primitive at the gathered arguments.
    fn custom<'c>(&mut self, custom: &'c Arc<dyn Custom>) -> Result<N, &'c Guard> {
        let Some(program) = custom.program() else { return Ok(N::custom(custom, &self.args)) };
        let inner = self.inner.get_or_insert_default();
        inner.replay(&program.code, |k| self.args[k])?;
        Ok(read(&program.code, &inner.values, program.outputs[0]))
    }

    /// The partials of a custom primitive at the gathered arguments.
    fn custom_partials(&mut self, custom: &Arc<dyn Custom>, v: N, edge: &mut impl FnMut(usize, N)) {
        let Some(program) = custom.program() else {
            self.spare.clear();
            self.spare.resize(self.args.len(), N::constant(0.0));
            N::custom_partials(custom, &self.args, v, &mut self.spare);
            return self.spare.iter().enumerate().for_each(|(k, partial)| edge(k, *partial));
        };
        let inner = self.inner.get_or_insert_default();
        inner
            .gradient(program, |k| self.args[k])
            .expect("the value was computed along these branches");
        for (k, slot) in program.code.inputs().iter().enumerate() {
            if let Some(bar) = inner.bars.get(*slot as usize).filter(|bar| !bar.is_unreached()) {
                edge(k, *bar);
            }
        }
    }
}
