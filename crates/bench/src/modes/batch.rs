//! Recorded once, then evaluated at many points in lanes. It must not know how many lanes there are.

use super::{Bytes, Mode};
use crate::workloads::Workload;
use std::hint::black_box;
use wengert::{Program, Workspace, record};

/// Points that are evaluated together.
const BLOCK: usize = 1024;

/// Programs of more operations have few points in practice, and the lanes would measure the memory.
pub const LARGEST: usize = 10_000;

/// A program, with room for a block of points and their gradients.
pub struct Batched {
    program: Program,
    points: Vec<f64>,
    values: Vec<f64>,
    gradients: Vec<f64>,
    workspace: Workspace,
}

impl Batched {
    pub fn new<W: Workload>(workload: &W) -> Self {
        let x = &workload.points()[0];
        let program = record(|x| workload.primal(x), x);
        let (points, gradients) = (vec![0.0; BLOCK * x.len()], vec![0.0; BLOCK * x.len()]);
        Batched {
            program,
            points,
            values: vec![0.0; BLOCK],
            gradients,
            workspace: Workspace::new(),
        }
    }
}

impl Mode for Batched {
    fn name(&self) -> &'static str {
        "batch"
    }

    fn gradient(&mut self, x: &[f64], x_bar: &mut [f64]) -> f64 {
        let (program, workspace) = (&self.program, &mut self.workspace);
        program.value_and_gradient_into(x, x_bar, workspace).expect("no branches")
    }

    fn bytes(&self) -> Bytes {
        Bytes { tape: self.program.memory().bytes, adjoints: self.workspace.bytes() }
    }

    fn run(&mut self, points: &[Vec<f64>], gradients: usize, x_bar: &mut [f64]) -> f64 {
        let inputs = x_bar.len();
        let mut batch = self.program.batch();
        let (mut left, mut next) = (gradients, points.iter().cycle());
        loop {
            let count = left.min(BLOCK);
            for (to, from) in self.points.chunks_exact_mut(inputs).zip(next.by_ref().take(count)) {
                to.copy_from_slice(from);
            }
            let (values, bars) = (&mut self.values[..count], &mut self.gradients[..count * inputs]);
            let points = black_box(&self.points[..count * inputs]);
            batch.values_and_gradients_into(points, values, bars).expect("no branches");
            left -= count;
            if left == 0 {
                x_bar.copy_from_slice(&bars[(count - 1) * inputs..]);
                return values[count - 1];
            }
        }
    }
}
