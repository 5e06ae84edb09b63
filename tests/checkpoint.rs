//! Loops reversed from snapshots, against one long tape, and the schedule against the least number
//! of steps that there can be. It must not know how the next action is chosen.

use std::cell::Cell;
use std::collections::HashMap;
use wengert::prelude::*;
use wengert::{Action, Error, Schedule, TimeLoop};

/// Steps forward that a schedule takes. Follows it as a caller would, and checks that each action
/// makes sense where it comes.
fn follow(steps: usize, snapshots: usize) -> usize {
    let (mut at, mut left, mut forward) = (Some(0), steps, 0);
    let mut places = HashMap::new();
    for action in Schedule::new(steps, snapshots) {
        match action {
            Action::Save { place } => {
                assert!(place < snapshots, "place {place} of {snapshots}");
                places.insert(place, at.expect("a state is at hand"));
            }
            Action::Restore { place } => at = Some(places[&place]),
            Action::Advance { from, to } => {
                assert_eq!(at, Some(from));
                assert!(from < to && to < left, "{from}..{to} with {left} left");
                forward += to - from;
                at = Some(to);
            }
            Action::Reverse { step } => {
                assert_eq!((at, left), (Some(step), step + 1));
                (left, at) = (step, None);
            }
        }
    }
    assert_eq!(left, 0, "every step is reversed");
    forward
}

/// The least steps forward for all numbers of steps and snapshots up to these, by trying every place
/// for the next snapshot.
fn least(steps: usize, snapshots: usize) -> Vec<Vec<usize>> {
    let mut least = vec![vec![0; steps + 1]; snapshots + 1];
    for s in 1..=snapshots {
        for l in 2..=steps {
            let one = l * (l - 1) / 2;
            let saving = |m: usize| m + least[s - 1][l - m] + least[s][m];
            least[s][l] =
                if s == 1 { one } else { (1..l).map(saving).min().unwrap_or(one).min(one) };
        }
    }
    least
}

#[test]
fn the_schedule_takes_the_least_steps_forward() {
    let least = least(150, 20);
    for (snapshots, least) in least.iter().enumerate().skip(1) {
        for (steps, wanted) in least.iter().copied().enumerate() {
            let what = format!("{steps} steps, {snapshots} snapshots");
            assert_eq!(follow(steps, snapshots), wanted, "{what}");
            assert_eq!(Schedule::forward_steps(steps, snapshots), wanted, "{what}");
        }
    }
    for (steps, snapshots) in [(2000, 3), (2000, 62), (2000, 5000), (100_000, 40), (5000, 2)] {
        let wanted = Schedule::forward_steps(steps, snapshots);
        assert_eq!(follow(steps, snapshots), wanted, "{steps} steps, {snapshots} snapshots");
    }
}

#[test]
fn the_fewest_snapshots_for_a_number_of_repeats() {
    for (steps, repeats, wanted) in
        [(2000, 2, 62), (2016, 2, 62), (2017, 2, 63), (1, 1, 1), (9, 1, 8)]
    {
        assert_eq!(Schedule::snapshots_for(steps, repeats), wanted, "{steps} steps");
    }
}

const CELLS: usize = 20;

/// Advection on a ring with a little diffusion that depends on the state, at the speed `v[CELLS]`.
fn step<'t>(v: &[Var<'t>]) -> Vec<Var<'t>> {
    let at = |i: usize| v[i % CELLS];
    let next = |i: usize| {
        let (l, m, r) = (at(i + CELLS - 1), at(i), at(i + 1));
        m - (r - l) * v[CELLS] + (r - m * 2.0 + l) * (m.sin() * 0.1 + 0.08)
    };
    (0..CELLS).map(next).collect()
}

fn loss<'t>(v: &[Var<'t>]) -> Var<'t> {
    v[..CELLS].iter().map(|u| u.square()).sum::<Var<'_>>() + v[CELLS] * v[3]
}

/// The first state, and the speed.
fn start() -> Vec<f64> {
    let bump = |i: usize| (-0.1 * (i as f64 - 10.0).powi(2)).exp();
    (0..CELLS).map(bump).chain([0.2]).collect()
}

/// The same by one long tape.
fn plain(steps: usize, x: &[f64]) -> (f64, Vec<f64>) {
    value_and_gradient(
        |v| {
            let mut state = v.to_vec();
            for _ in 0..steps {
                let next = step(&state);
                state[..CELLS].copy_from_slice(&next);
            }
            loss(&state)
        },
        x,
    )
}

#[test]
fn the_gradient_has_the_bits_of_one_long_tape() {
    let x = start();
    let programs = || (record_vec(step, &x), record(loss, &x));
    for steps in [0, 1, 2, 7, 100] {
        let wanted = plain(steps, &x);
        for snapshots in [1, 2, 5, 30] {
            let mut recorded = TimeLoop::new(step, loss, steps).with_snapshots(snapshots);
            let (step, loss) = programs();
            let mut replayed = TimeLoop::of_programs(step, loss, steps).with_snapshots(snapshots);
            for run in [&mut recorded, &mut replayed] {
                for _ in 0..2 {
                    let found = run.value_and_gradient(&x).expect("no comparisons");
                    assert_eq!(found, wanted, "{steps} steps, {snapshots} snapshots");
                }
            }
        }
    }
}

#[test]
fn a_state_that_is_passed_on_or_set_to_a_constant() {
    // A count, a delay line and a value that is overwritten: no primitive, one, and none again.
    let mut run = TimeLoop::new(
        |v| vec![v[0] + v[1] * v[4], v[2], v[0], Var::constant(7.0)],
        |v| v[0] * v[1] + v[3],
        9,
    );
    let x = [1.0, 2.0, 3.0, 4.0, 0.5];
    let (value, gradient) = run.value_and_gradient(&x).expect("no comparisons");
    let wanted = value_and_gradient(
        |v| {
            let mut s = [v[0], v[1], v[2], v[3]];
            for _ in 0..9 {
                s = [s[0] + s[1] * v[4], s[2], s[0], Var::constant(7.0)];
            }
            s[0] * s[1] + s[3]
        },
        &x,
    );
    assert_eq!((value, gradient), wanted);
    assert_eq!(wanted.1[3], 0.0);
}

#[test]
fn a_function_may_branch_and_a_program_may_not() {
    let bounce = |v: &[f64]| if v[0] > 1.0 { 2.0 - v[0] } else { v[0] * 1.5 };
    let x = [0.3];
    let last = (0..6).fold(x[0], |y, _| bounce(&[y]));
    let mut run =
        TimeLoop::new(|v| vec![if v[0] > 1.0 { 2.0 - v[0] } else { v[0] * 1.5 }], |v| v[0], 6);
    let (value, gradient) = run.value_and_gradient(&x).expect("it is recorded anew");
    assert_eq!(value, last);
    assert_eq!(gradient[0].abs(), 1.5_f64.powi(4));
    let step = record_vec(|v| vec![if v[0] > 1.0 { 2.0 - v[0] } else { v[0] * 1.5 }], &x);
    let mut run = TimeLoop::of_programs(step, record(|v| v[0], &x), 6);
    assert!(matches!(run.value_and_gradient(&x), Err(Error::BranchChanged { .. })));
}

#[test]
fn what_was_not_reached_is_not_entered() {
    // The square root has an infinite slope at 0, and nothing of the loss comes there.
    let mut run = TimeLoop::new(|v| vec![v[0] * 2.0, v[1].sqrt()], |v| v[0], 5);
    let (value, gradient) = run.value_and_gradient(&[1.0, 0.0]).expect("no comparisons");
    assert_eq!((value, gradient), (32.0, vec![32.0, 0.0]));
}

#[test]
#[should_panic(expected = "the step was given 1 numbers and returned 2")]
fn a_step_that_makes_numbers_up_is_refused() {
    let _ = TimeLoop::new(|v| vec![v[0], v[0]], |v| v[0], 5).value_and_gradient(&[1.0]);
}

/// One step of Lax and Wendroff's scheme on a ring of 100 cells.
fn advection<'t>(u: &[Var<'t>]) -> Vec<Var<'t>> {
    let next = |i: usize| {
        let (l, m, r) = (u[(i + 99) % 100], u[i], u[(i + 1) % 100]);
        m - (r - l) * 0.2 + (r - m * 2.0 + l) * 0.08
    };
    (0..100).map(next).collect()
}

fn energy<'t>(u: &[Var<'t>]) -> Var<'t> {
    u.iter().map(|u| u.square()).sum()
}

#[test]
fn two_thousand_steps_of_advection_take_little_memory_and_few_steps() {
    const STEPS: usize = 2000;
    let x: Vec<f64> = (0..100).map(|i| (-0.01 * (f64::from(i) - 50.0).powi(2)).exp()).collect();
    let tape = Tape::new();
    let last = (0..STEPS).fold(tape.input_slice(&x), |u, _| advection(&u));
    let plain = tape.gradient(energy(&last)).to_vec();
    let taken = Cell::new(0);
    let programs = (record_vec(advection, &x), record(energy, &x));
    let recorded = TimeLoop::new(|u| count(&taken, u), energy, STEPS);
    let replayed = TimeLoop::of_programs(programs.0, programs.1, STEPS);
    for (how, mut wave) in [("recorded", recorded), ("replayed", replayed)] {
        let (_, gradient) = wave.value_and_gradient(&x).expect("no comparisons");
        assert_eq!(gradient, plain, "{how}");
        let memory = wave.bytes() as f64 / tape.memory().bytes as f64;
        println!("{how}: {:.2} % of the memory", 100.0 * memory);
        assert!(memory < 0.05, "{how}: {memory} of the memory");
        // Each step is taken once more to be reversed; to get there, at most twice.
        let forward = Schedule::forward_steps(STEPS, wave.snapshots());
        assert!(forward <= 2 * STEPS, "{how}: {forward} steps forward");
        if how == "recorded" {
            assert_eq!(taken.get(), forward + STEPS);
        }
    }
}

/// A step that is counted.
fn count<'t>(taken: &Cell<usize>, u: &[Var<'t>]) -> Vec<Var<'t>> {
    taken.set(taken.get() + 1);
    advection(u)
}
