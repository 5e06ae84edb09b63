//! Takes samples of CPU time, case by case and round by round, and never of a wrong answer.
//! It must not know what a workload computes or how a mode computes it.

use crate::cases::Case;
use crate::modes::{Bytes, Mode, Preparation};
use cpu_time::ProcessTime;
use std::time::Duration;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// In each round every case is sampled once.
    pub rounds: usize,
    /// A sample takes as many gradients as it needs to last about so long.
    pub sample: Duration,
    /// Divides the fewest gradients that a workload asks for.
    pub thinning: usize,
}

impl Plan {
    /// For figures that are to be quoted.
    pub fn thorough() -> Plan {
        Plan { rounds: 15, sample: Duration::from_millis(20), thinning: 1 }
    }

    /// For a look.
    pub fn quick() -> Plan {
        Plan { rounds: 3, sample: Duration::from_millis(5), thinning: 10 }
    }
}

/// What was measured of one workload in one mode.
pub struct Measured {
    pub workload: String,
    pub inputs: usize,
    pub ops: usize,
    pub mode: &'static str,
    /// Seconds a gradient, round by round.
    pub seconds: Vec<f64>,
    pub bytes: Bytes,
    pub preparation: Option<Preparation>,
}

/// Measures all cases. Those of one workload stand together, the baseline first.
///
/// # Panics
/// If a mode's answer is not the baseline's.
pub fn measure(cases: Vec<Case>, plan: &Plan) -> Vec<Measured> {
    let mut benches: Vec<Bench> = cases.into_iter().flat_map(|case| benches(case, plan)).collect();
    for _ in 0..plan.rounds {
        benches.iter_mut().for_each(Bench::sample);
    }
    benches.into_iter().map(Bench::finish).collect()
}

/// One workload in one mode, ready to be sampled.
struct Bench {
    workload: String,
    ops: usize,
    points: Vec<Vec<f64>>,
    /// The baseline's value and gradient at each point.
    answers: Vec<(f64, Vec<f64>)>,
    mode: Box<dyn Mode>,
    gradients: usize,
    x_bar: Vec<f64>,
    seconds: Vec<f64>,
}

fn benches(mut case: Case, plan: &Plan) -> Vec<Bench> {
    let answers = answers(case.modes[0].as_mut(), &case.points);
    let least = (case.least / plan.thinning).max(1);
    let prepare = |mode| {
        let mut bench = Bench {
            workload: case.name.clone(),
            ops: case.ops,
            points: case.points.clone(),
            answers: answers.clone(),
            mode,
            gradients: least,
            x_bar: vec![f64::NAN; case.points[0].len()],
            seconds: Vec::new(),
        };
        bench.check_all();
        bench.calibrate(plan.sample);
        bench
    };
    case.modes.into_iter().map(prepare).collect()
}

fn answers(mode: &mut dyn Mode, points: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let mut x_bar = vec![f64::NAN; points[0].len()];
    let answer = |x: &Vec<f64>| (mode.gradient(x, &mut x_bar), x_bar.clone());
    points.iter().map(answer).collect()
}

impl Bench {
    /// Finds how many gradients a sample takes.
    fn calibrate(&mut self, sample: Duration) {
        while self.run() < sample.as_secs_f64() {
            self.gradients *= 2;
        }
    }

    /// Seconds that the gradients of one sample take.
    fn run(&mut self) -> f64 {
        let start = ProcessTime::now();
        let value = self.mode.run(&self.points, self.gradients, &mut self.x_bar);
        let seconds = start.elapsed().as_secs_f64();
        self.check((self.gradients - 1) % self.points.len(), value);
        seconds
    }

    /// Takes one sample, between two gradients that are checked. The first one warms the caches.
    fn sample(&mut self) {
        self.x_bar.fill(f64::NAN);
        let value = self.mode.gradient(&self.points[0], &mut self.x_bar);
        self.check(0, value);
        let seconds = self.run();
        self.seconds.push(seconds / self.gradients as f64);
    }

    fn finish(mut self) -> Measured {
        self.check_all();
        Measured {
            workload: self.workload,
            inputs: self.x_bar.len(),
            ops: self.ops,
            mode: self.mode.name(),
            seconds: self.seconds,
            bytes: self.mode.bytes(),
            preparation: self.mode.preparation(),
        }
    }

    /// Checks the answer at every point.
    fn check_all(&mut self) {
        for point in 0..self.points.len() {
            self.x_bar.fill(f64::NAN);
            let value = self.mode.gradient(&self.points[point], &mut self.x_bar);
            self.check(point, value);
        }
    }

    /// Checks the value and the gradient just taken at a point.
    fn check(&self, point: usize, value: f64) {
        let (right, right_bar) = &self.answers[point];
        let scale = right_bar.iter().fold(0.0, |scale: f64, bar| scale.max(bar.abs()));
        self.agree("value", value, *right, right.abs());
        for (i, (bar, right)) in self.x_bar.iter().zip(right_bar).enumerate() {
            self.agree(format_args!("derivative by input {i}"), *bar, *right, scale);
        }
    }

    #[track_caller]
    fn agree(&self, what: impl std::fmt::Display, is: f64, right: f64, scale: f64) {
        let (workload, mode) = (&self.workload, self.mode.name());
        let agrees = (is - right).abs() <= TOLERANCE * scale;
        assert!(agrees, "{workload}, {mode}: the {what} is {is:e} and should be {right:e}");
    }
}

/// Of the largest component.
const TOLERANCE: f64 = 1e-12;
