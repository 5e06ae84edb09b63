//! The steps carried out, for as many turns at once as there is room for. It must not know where
//! steps come from.

use super::packs::{Octet, Pack, Single};
use super::places::{Memory, Place, Stretch, add_up, sum};
use super::schedule::{Schedule, Step, What};
use crate::math::vector::{Arithmetic, Work, widest};
use crate::op::{Number, Op, UNREACHED};
use crate::tape::guard::Comparison;
use smallvec::SmallVec;
use std::cell::Cell;

/// Room for registers, kept and used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registers {
    octets: Vec<Octet>,
    singles: Vec<Single>,
    /// The arguments of a function, in one lane.
    args: Vec<f64>,
}

impl Registers {
    /// Bytes reserved.
    pub(crate) fn bytes(&self) -> usize {
        self.octets.capacity() * size_of::<Octet>() + self.singles.capacity() * size_of::<Single>()
    }
}

/// Octets that all registers may take together, for them to stay in the nearest cache.
const NEAR: usize = 400;

/// Steps to be taken, so many times.
pub(crate) struct Turns<'a> {
    pub(crate) schedule: &'a Schedule,
    pub(crate) turns: usize,
    /// Where each input is found, and its adjoint gathered.
    pub(crate) inputs: &'a [Place],
    /// Where each output is left, and its adjoint found.
    pub(crate) outputs: &'a [Place],
    /// Whether adjoints are written, and not added to what is there.
    pub(crate) fresh: bool,
    pub(crate) memory: Memory<'a>,
}

impl Turns<'_> {
    /// Takes all turns. False if a comparison goes another way than was recorded.
    pub(crate) fn run(self, registers: &mut Registers) -> bool {
        if self.schedule.is_empty() || self.turns == 0 {
            return true;
        }
        let Registers { octets, singles, args } = registers;
        match (self.turns, self.schedule.registers) {
            (1, _) => self.run_in::<Single, 1>(singles, args),
            (turns, registers) if turns > 8 * Octet::WIDTH && registers * 16 <= NEAR => {
                self.run_in::<Octet, 16>(octets, args)
            }
            _ => self.run_in::<Octet, 4>(octets, args),
        }
    }

    /// The same with so many packs in a register.
    fn run_in<P: Pack, const W: usize>(self, room: &mut Vec<P>, args: &mut Vec<f64>) -> bool {
        let length = self.schedule.registers * W;
        if room.len() < length {
            room.resize(length, P::all(0.0));
        }
        let room = Cell::from_mut(&mut room[..length]).as_slice_of_cells();
        let (registers, _) = room.as_chunks::<W>();
        for (register, number) in registers.iter().zip(&self.schedule.constants) {
            register.iter().for_each(|pack| pack.set(P::all(*number)));
        }
        let mut sums = SmallVec::<[P; 2]>::from_elem(P::all(-0.0), self.schedule.totals.len());
        let sums = Cell::from_mut(&mut sums[..]).as_slice_of_cells();
        widest(Run { turns: self, registers, sums, args, holds: true })
    }
}

/// A register.
type Row<P, const W: usize> = [Cell<P>; W];

/// A run, with its registers and the sums over its turns.
struct Run<'a, P: Pack, const W: usize> {
    turns: Turns<'a>,
    registers: &'a [Row<P, W>],
    sums: &'a [Cell<P>],
    args: &'a mut Vec<f64>,
    holds: bool,
}

impl<P: Pack, const W: usize> Work for Run<'_, P, W> {
    type Answer = bool;

    #[inline(always)]
    fn run<A: Arithmetic>(mut self) -> bool {
        let (schedule, all) = (self.turns.schedule, self.turns.turns);
        for first in (0..all).step_by(W * P::WIDTH) {
            let count = (all - first).min(W * P::WIDTH);
            for step in &schedule.steps {
                self.step(step, Stretch { first, count });
            }
        }
        self.finish();
        self.holds
    }
}

impl<'a, P: Pack, const W: usize> Run<'a, P, W> {
    #[inline(always)]
    fn step(&mut self, step: &Step, turns: Stretch) {
        let Turns { memory, inputs, outputs, .. } = &self.turns;
        match step.what {
            What::Load(k) => memory.load(inputs[k as usize], turns, self.row(step.to)),
            What::LoadTwo(k) => {
                let places = [inputs[k as usize], inputs[k as usize + 1]];
                memory.load_two(places, turns, [self.row(step.to), self.arg(step)]);
            }
            What::LoadBar(k) => memory.load_bars(outputs[k as usize], turns, self.row(step.to)),
            What::Add => self.two(step, |x, y| x + y),
            What::Sub => self.two(step, |x, y| x - y),
            What::Mul => self.two(step, |x, y| x * y),
            What::Div => self.two(step, |x, y| x / y),
            What::Neg => self.one(step, |x| -x),
            What::Abs => self.one(step, f64::abs),
            What::NegAbs => self.one(step, |x| -x.abs()),
            What::Sqrt => self.one(step, f64::sqrt),
            What::Floor => self.one(step, f64::floor),
            What::MulAdd => self.three(step, |x, y, z| x.mul_add(y, z)),
            What::Compare => self.two(step, |x, y| x.compare(y)),
            What::Select => self.three(step, |s, x, y| s.select(x, y)),
            What::Unless => self.two(step, |bar, x| {
                let nothing = bar.to_bits() == UNREACHED.to_bits();
                if nothing { UNREACHED } else { x }
            }),
            What::Call(op, count) => {
                let args = &step.args[..usize::from(count)];
                let known = args.len() == 1 && self.vector_function(op, step, turns.count);
                if !known {
                    self.call(op, args, step.to, turns.count);
                }
            }
            What::List(op, start, length) => {
                let list = &self.turns.schedule.lists[start as usize..][..length as usize];
                self.call(op, list, step.to, turns.count);
            }
            What::Store(k) => memory.store(outputs[k as usize], turns, self.arg(step)),
            What::Slope(k) if self.turns.fresh => {
                memory.store_bars(inputs[k as usize], turns, self.arg(step));
            }
            What::Slope(k) => memory.add_bars(inputs[k as usize], turns, self.arg(step)),
            What::SlopeTwo(k) => {
                let places = [inputs[k as usize], inputs[k as usize + 1]];
                let from = [&self.arg(step)[..], &self.row(step.args[1])[..]];
                memory.slopes_of_two(places, turns, from, self.turns.fresh);
            }
            What::Total(sum) => {
                let sum = &self.sums[sum as usize];
                sum.set(add_up(sum.get(), self.arg(step), turns.count));
            }
            What::Pass(k) if turns.first == 0 => {
                memory.add_bars(inputs[k as usize], Stretch::ONE, &self.arg(step)[..1]);
            }
            What::Pass(_) => {}
            What::Ask(comparison, expected) => {
                self.holds &= self.ask(step, turns.count, comparison, expected);
            }
        }
    }

    #[inline(always)]
    fn row(&self, register: u32) -> &'a Row<P, W> {
        &self.registers[register as usize]
    }

    #[inline(always)]
    fn arg(&self, step: &Step) -> &'a Row<P, W> {
        self.row(step.args[0])
    }

    #[inline(always)]
    fn one(&self, step: &Step, f: impl Fn(f64) -> f64) {
        let (x, v) = (self.arg(step), self.row(step.to));
        for k in 0..W {
            let x = x[k].get();
            v[k].set(P::make(|lane| f(x.lanes()[lane])));
        }
    }

    #[inline(always)]
    fn two(&self, step: &Step, f: impl Fn(f64, f64) -> f64) {
        let (x, y, v) = (self.arg(step), self.row(step.args[1]), self.row(step.to));
        for k in 0..W {
            let (x, y) = (x[k].get(), y[k].get());
            v[k].set(P::make(|lane| f(x.lanes()[lane], y.lanes()[lane])));
        }
    }

    #[inline(always)]
    fn three(&self, step: &Step, f: impl Fn(f64, f64, f64) -> f64) {
        let [x, y, z] = step.args.map(|register| self.row(register));
        let v = self.row(step.to);
        for k in 0..W {
            let (x, y, z) = (x[k].get(), y[k].get(), z[k].get());
            v[k].set(P::make(|lane| f(x.lanes()[lane], y.lanes()[lane], z.lanes()[lane])));
        }
    }

    /// The vector function of a row, if it has one.
    #[inline(always)]
    fn vector_function(&self, op: Op, step: &Step, count: usize) -> bool {
        let needed = count.div_ceil(P::WIDTH);
        P::vector_function(op, &self.arg(step)[..needed], &self.row(step.to)[..needed])
    }

    /// A row's own function, lane by lane. Lanes past the last turn get what that one gets.
    #[inline(never)]
    fn call(&mut self, op: Op, args: &[u32], to: u32, count: usize) {
        let mut value = f64::NAN;
        for k in 0..W {
            let pack = P::make(|lane| {
                if k * P::WIDTH + lane < count {
                    self.args.clear();
                    for arg in args {
                        self.args.push(self.registers[*arg as usize][k].get().lanes()[lane]);
                    }
                    value = op.value(self.args);
                }
                value
            });
            self.row(to)[k].set(pack);
        }
    }

    /// Whether a comparison has the answer that was recorded, in all lanes.
    #[inline(always)]
    fn ask(&self, step: &Step, count: usize, comparison: Comparison, expected: i8) -> bool {
        let (x, y) = (self.arg(step), self.row(step.args[1]));
        (0..count).all(|lane| {
            let (k, lane) = (lane / P::WIDTH, lane % P::WIDTH);
            comparison.ask(x[k].get().lanes()[lane], y[k].get().lanes()[lane]) == expected
        })
    }

    /// Writes the sums over all turns.
    #[inline(always)]
    fn finish(&self) {
        let Turns { memory, inputs, outputs, .. } = &self.turns;
        for ((output, input), sums) in self.turns.schedule.totals.iter().zip(self.sums) {
            let one = [sums.clone()];
            let total = sum(&one, P::WIDTH);
            memory.load(inputs[*input as usize], Stretch::ONE, &one);
            one[0].set(P::all(one[0].get().lanes()[0] + total));
            memory.store(outputs[*output as usize], Stretch::ONE, &one);
        }
    }
}
