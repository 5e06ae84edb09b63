//! A whole program in lanes, each of which is a point. It must not know who asks for the points.

use super::machine::{Registers, Turns};
use super::places::{Access, Memory, Place, Space};
use super::schedule::Schedule;
use crate::emit::list::{Reach, Seed, Task};
use crate::program::Program;
use std::cell::Cell;

/// The instructions of a program, at as many points as there are. Points stand one behind another.
#[derive(Clone, Debug)]
pub(crate) struct EachPoint {
    schedule: Schedule,
    inputs: Vec<Place>,
    outputs: Vec<Place>,
    /// Whether an input has no derivative, so that nothing is written there.
    some_unreached: bool,
}

impl EachPoint {
    /// The values of its outputs, or its value and gradient.
    pub(crate) fn of(program: &Program, gradient: bool) -> EachPoint {
        let seeds = vec![Seed::One; program.outputs()];
        let list = Task {
            code: &program.code,
            outputs: &program.outputs,
            inputs: &[],
            up: true,
            down: gradient.then_some(&seeds[..]),
        }
        .write();
        let places = |space, count: usize| {
            let access = |k| Access::Stride { at: k as u32, step: count as i32 };
            (0..count).map(|k| Place { space, access: access(k) }).collect()
        };
        EachPoint {
            schedule: Schedule::of(&list.graph, &[], true),
            inputs: places(Space::Point, program.inputs()),
            outputs: places(Space::Outputs, program.outputs()),
            some_unreached: list.reached.contains(&Reach::Nothing),
        }
    }

    /// Values, and gradients if they were asked for. False if a recorded comparison goes the other
    /// way at one of the points; then what is written means nothing.
    pub(crate) fn run(
        &self,
        points: &[f64],
        values: &mut [f64],
        gradients: &mut [f64],
        registers: &mut Registers,
    ) -> bool {
        if self.some_unreached {
            gradients.fill(0.0);
        }
        let memory = Memory {
            point: points,
            constants: &[],
            tables: &[],
            cells: &[],
            outputs: Cell::from_mut(values).as_slice_of_cells(),
            slopes: Cell::from_mut(gradients).as_slice_of_cells(),
            bars: &[],
        };
        Turns {
            schedule: &self.schedule,
            turns: points.len() / self.inputs.len().max(1),
            inputs: &self.inputs,
            outputs: &self.outputs,
            fresh: true,
            memory,
        }
        .run(registers)
    }
}
