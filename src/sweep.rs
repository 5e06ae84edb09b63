//! The two sweeps: `replay` goes up and computes values, `reverse` comes down and gathers adjoints.
//! They must not know which number they run in, nor what is done with the answer.

use crate::custom::Custom;
use crate::op::{Edges, ListRoom, Number, Spare, UNREACHED};
use crate::program::Program;
use crate::tape::code::{Arg, Code, Kind, Stored, Word};
use crate::tape::guard::Guard;
use std::ops::Range;
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
    spare: Spare<N>,
    lists: ListRoom,
    inner: Option<Box<Room<N>>>,
}

impl<N> Default for Room<N> {
    fn default() -> Self {
        let (args, spare) = (Vec::new(), Spare::new());
        let scratch = Scratch { args, spare, lists: ListRoom::default(), inner: None };
        Room { values: Vec::new(), bars: Vec::new(), scratch }
    }
}

/// Values of slots, wherever they are kept: in a room, or on the tape itself.
pub(crate) trait Values<N> {
    /// The value of a slot, if there is such a slot.
    fn get(&self, slot: usize) -> Option<N>;
    /// The first of the values.
    fn first(&self, length: usize) -> &Self;
}

impl<N: Number> Values<N> for [N] {
    #[inline(always)]
    fn get(&self, slot: usize) -> Option<N> {
        <[N]>::get(self, slot).copied()
    }
    fn first(&self, length: usize) -> &Self {
        &self[..length]
    }
}

impl Values<f64> for [Stored] {
    #[inline(always)]
    fn get(&self, slot: usize) -> Option<f64> {
        <[Stored]>::get(self, slot).map(|slot| slot.value)
    }
    fn first(&self, length: usize) -> &Self {
        &self[..length]
    }
}

/// The value of an argument: one comparison tells slots from constants, which are past all slots.
#[inline(always)]
pub(crate) fn read<N: Number>(code: &Code, values: &(impl Values<N> + ?Sized), arg: Arg) -> N {
    values.get(arg.position()).unwrap_or_else(|| N::constant(code.constant(arg)))
}

impl<N: Number> Room<N> {
    /// Computes every slot anew from these inputs. The first comparison that now goes the other
    /// way is the error.
    pub(crate) fn replay<'c>(
        &mut self,
        code: &'c Code,
        x: impl Fn(usize) -> N,
    ) -> Result<(), &'c Guard> {
        self.values.clear();
        self.values.reserve(code.len());
        self.ascend(code, 0..code.len(), x)?;
        let values = &self.values[..];
        code.guards().iter().find(|guard| !holds(code, values, guard)).map_or(Ok(()), Err)
    }

    /// Computes these slots, to stand behind those that are computed already.
    #[inline]
    pub(crate) fn ascend<'c>(
        &mut self,
        code: &'c Code,
        slots: Range<usize>,
        x: impl Fn(usize) -> N,
    ) -> Result<(), &'c Guard> {
        let Room { values, scratch, .. } = self;
        let mut input = code.inputs().partition_point(|input| (*input as usize) < slots.start);
        for slot in slots {
            let word = code.word(slot);
            let value = match word.kind() {
                Kind::Input => {
                    input += 1;
                    x(input - 1)
                }
                Kind::Op(op) if !op.takes_list() => {
                    op.apply(|arity, k| read(code, &values[..], code.arg(word, arity, k)))
                }
                Kind::Op(op) => {
                    scratch.gather(code, &values[..], word);
                    N::call_in(op, &scratch.args, &mut scratch.lists)
                }
                Kind::Custom => {
                    scratch.gather(code, &values[..], word);
                    scratch.custom(code.custom(word))?
                }
            };
            values.push(value);
        }
        Ok(())
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
        reverse(code, 0, &self.values[..], &mut self.bars, &mut self.scratch);
    }
}

/// Whether a recorded comparison has the answer that it had.
pub(crate) fn holds<N: Number>(code: &Code, values: &[N], guard: &Guard) -> bool {
    let [x, y] = [guard.x, guard.y].map(|arg| read(code, values, arg));
    x.answer(guard.comparison, y, guard.outcome, &guard.place)
}

/// Carries the adjoints in `bars` down from its last slot to slot `end`. `bars` holds `UNREACHED`
/// except where the sweep is seeded; a slot that no adjoint reached is not visited.
pub(crate) fn reverse<N: Number>(
    code: &Code,
    end: usize,
    values: &(impl Values<N> + ?Sized),
    bars: &mut [N],
    scratch: &mut Scratch<N>,
) {
    let (slots, values) = (&code.slots()[..bars.len()], values.first(bars.len()));
    for slot in (end.max(code.first_operation())..bars.len()).rev() {
        let (bar, word) = (bars[slot], slots[slot].word);
        if bar.is_unreached() {
            continue;
        }
        let edges = Pull { code, word, values, bars: &mut *bars, bar };
        let fixed =
            word.op().is_some_and(|op| op.partials_by(read(code, values, Arg::slot(slot)), edges));
        if !fixed && word.kind() != Kind::Input {
            scratch.pull(code, word, values, bars, slot);
        }
    }
}

/// The edges into a slot on the way down: its adjoint flows along them.
struct Pull<'a, N, V: ?Sized> {
    code: &'a Code,
    word: Word,
    values: &'a V,
    bars: &'a mut [N],
    bar: N,
}

impl<N: Number, V: Values<N> + ?Sized> Edges<N> for Pull<'_, N, V> {
    #[inline(always)]
    fn arg<const K: usize>(&self, k: usize) -> N {
        read(self.code, self.values, self.code.arg(self.word, K, k))
    }
    #[inline(always)]
    fn wants<const K: usize>(&self, k: usize) -> bool {
        self.code.arg(self.word, K, k).position() < self.bars.len()
    }
    #[inline(always)]
    fn flow<const K: usize>(&mut self, k: usize, partial: N, taken: Option<N>) {
        let slot = self.code.arg(self.word, K, k).position();
        self.bars[slot].contribute(self.bar, partial, taken);
    }
}

impl<N: Number> Scratch<N> {
    fn gather(&mut self, code: &Code, values: &(impl Values<N> + ?Sized), word: Word) {
        self.args.clear();
        self.args.extend(code.list(word).iter().map(|arg| read(code, values, *arg)));
    }

    /// Pulls a slot that has a list of arguments.
    #[inline(never)]
    fn pull(
        &mut self,
        code: &Code,
        word: Word,
        values: &(impl Values<N> + ?Sized),
        bars: &mut [N],
        slot: usize,
    ) {
        self.gather(code, values, word);
        let (list, bar, v) = (code.list(word), bars[slot], read(code, values, Arg::slot(slot)));
        let mut flow = |k: usize, partial: N, taken: Option<N>| {
            if let Some(x_bar) = bars.get_mut(list[k].position()) {
                x_bar.contribute(bar, partial, taken);
            }
        };
        match word.op() {
            Some(op) => {
                let edge = &mut |k, partial| flow(k, partial, None);
                op.partials_of_list(&self.args, v, &mut self.spare, &mut self.lists, edge);
            }
            None => self.custom_partials(code.custom(word), v, &mut flow),
        }
    }

    /// The value of a custom primitive at the gathered arguments.
    fn custom<'c>(&mut self, custom: &'c Arc<dyn Custom>) -> Result<N, &'c Guard> {
        let Some(program) = custom.program() else { return Ok(N::custom(custom, &self.args)) };
        let inner = self.inner.get_or_insert_default();
        inner.replay(&program.code, |k| self.args[k])?;
        Ok(read(&program.code, &inner.values[..], program.outputs[0]))
    }

    /// The partials of a custom primitive at the gathered arguments. What nothing reached within its
    /// program is not handed on, and where a number learns that only as it runs, as in lanes and in
    /// a recorded sweep, the edge is taken only where something did.
    fn custom_partials(
        &mut self,
        custom: &Arc<dyn Custom>,
        v: N,
        edge: &mut impl FnMut(usize, N, Option<N>),
    ) {
        let Some(program) = custom.program() else {
            self.spare.clear();
            self.spare.resize(self.args.len(), N::constant(0.0));
            N::custom_partials(custom, &self.args, v, &mut self.spare);
            return self.spare.iter().enumerate().for_each(|(k, partial)| edge(k, *partial, None));
        };
        let inner = self.inner.get_or_insert_default();
        inner
            .gradient(program, |k| self.args[k])
            .expect("the value was computed along these branches");
        for (k, slot) in program.code.inputs().iter().enumerate() {
            if let Some(bar) = inner.bars.get(*slot as usize).filter(|bar| !bar.is_unreached()) {
                edge(k, *bar, bar.reached());
            }
        }
    }
}
