//! Recorded once, then evaluated at many points in lanes. It must not know how many lanes there are.

use super::{Bytes, Mode};
use crate::workloads::Workload;
use std::hint::black_box;
use wengert::{Program, Workspace, record};

/// Points that are evaluated together, at least.
const BLOCK: usize = 1000;

/// Programs of more operations have few points in practice, and the lanes would measure the memory.
pub const LARGEST: usize = 10_000;

/// A program, and a block of all points one behind another, as a user of batches has them.
pub struct Batched {
    program: Program,
    points: Vec<f64>,
    values: Vec<f64>,
    gradients: Vec<f64>,
    workspace: Workspace,
}

impl Batched {
    pub fn new<W: Workload>(workload: &W) -> Self {
        let points = workload.points();
        let count = BLOCK.next_multiple_of(points.len());
        let program = record(|x| workload.primal(x), &points[0]);
        let points: Vec<f64> = points.iter().cycle().take(count).flatten().copied().collect();
        let (values, gradients) = (vec![0.0; count], vec![0.0; points.len()]);
        Batched { program, points, values, gradients, workspace: Workspace::new() }
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
        assert_eq!(self.points[..inputs], points[0], "the points of the workload");
        let mut batch = self.program.batch();
        let mut left = gradients;
        loop {
            let count = left.min(self.values.len());
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
