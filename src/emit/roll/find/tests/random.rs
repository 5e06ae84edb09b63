//! Programs made of random bodies that are repeated with random flaws. It must not know what is
//! searched for.

use super::{Part, check, parts};
use crate::derive::record_vec;
use crate::op::Number;
use crate::program::Program;
use crate::tape::code::Arg;
use crate::var::Var;

/// Random numbers by SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Where an argument comes from.
#[derive(Clone, Copy)]
enum Source {
    /// A variable of the same turn, so many back.
    Turn(usize),
    /// Any variable before the loop.
    Before,
    /// Always the same variable before the loop.
    Same(usize),
    /// What this step gave in the turn before.
    Last,
    /// What another step gave in the turn before.
    OtherOfLast(usize),
    Constant,
}

/// A step of a body: which primitive, and of what.
#[derive(Clone, Copy)]
struct Step {
    op: usize,
    x: Source,
    y: Source,
}

/// How far random programs are from loops.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// Bodies that are loops.
    Clean,
    /// Steps are changed here and there, and turns depend on each other in all ways.
    Flawed,
}

fn source(random: &mut Random, style: Style, k: usize, length: usize) -> Source {
    match random.below(12) {
        0..=5 if k > 0 => Source::Turn(1 + random.below(k)),
        0..=8 => Source::Before,
        9 => Source::Same(random.below(1000)),
        10 if style == Style::Flawed => Source::Last,
        11 if style == Style::Flawed && random.once_in(4) => {
            Source::OtherOfLast(random.below(length))
        }
        _ => Source::Before,
    }
}

fn body(random: &mut Random, style: Style) -> Vec<Step> {
    let length = 1 + random.below(12);
    let step = |k| {
        let x = source(random, style, k, length);
        let constant = random.once_in(8);
        let y = if constant { Source::Constant } else { source(random, style, k, length) };
        let sums = matches!((x, y), (Source::Last, _) | (_, Source::Last));
        let op = if sums && !random.once_in(8) { random.below(2) } else { random.below(7) };
        Step { op, x, y }
    };
    (0..length).map(step).collect()
}

/// Repeats a body on all variables so far, and appends what it gives.
fn repeat<'t>(random: &mut Random, style: Style, all: &mut Vec<Var<'t>>) {
    let body = body(random, style);
    let (start, turns) = (all.len(), 1 + random.below(60));
    let flaws = if style == Style::Clean { 1 << 40 } else { [20, 200, 100_000][random.below(3)] };
    for turn in 0..turns {
        for step in &body {
            let step = if random.once_in(flaws) { self::body(random, style)[0] } else { *step };
            let mut take = |source| match source {
                Source::Turn(back) => all[all.len() - back],
                Source::Same(place) => all[place % start],
                Source::Last if turn > 0 => all[all.len() - body.len()],
                Source::OtherOfLast(other) if turn > 0 => {
                    all[start + (turn - 1) * body.len() + other % body.len()]
                }
                Source::Constant => Var::constant(1.5 + random.below(3) as f64),
                _ => all[random.below(start)],
            };
            let (x, y) = (take(step.x), take(step.y));
            all.push(apply(step.op, x, y));
        }
        if style == Style::Flawed && random.once_in(400) {
            let _guard = all[random.below(all.len())] > all[random.below(all.len())];
        }
    }
}

fn apply<'t>(op: usize, x: Var<'t>, y: Var<'t>) -> Var<'t> {
    match op {
        0 => x + y,
        1 => x - y,
        2 => x * y,
        3 => x.sin(),
        4 => Var::dot(&[x, y, x], &[y, y, x]),
        5 => x.hypot(y),
        _ => y.cos() + x,
    }
}

fn program(random: &mut Random, style: Style) -> Program {
    let x: Vec<f64> = (0..1 + random.below(20)).map(|k| 0.3 + k as f64).collect();
    let (loops, seed) = (1 + random.below(5), random.next());
    record_vec(
        |x| {
            let (mut random, mut all) = (Random(seed), x.to_vec());
            (0..loops).for_each(|_| repeat(&mut random, style, &mut all));
            (0..1 + random.below(3)).map(|_| all[random.below(all.len())]).collect()
        },
        &x,
    )
}

/// How many sums go on in the second turn of a part.
fn sums(program: &Program, part: &Part) -> usize {
    let goes_on = |slot: &usize| {
        let last = |arg: &Arg| arg.position() + part.length == *slot;
        program.code.all_args(*slot).iter().any(last)
    };
    let second = part.start + part.length;
    (second..second + part.length).filter(goes_on).count()
}

/// Checks the parts of random programs; gives how many slots there are, how many of them are in
/// loops, and how many sums.
fn check_programs(seed: u64, style: Style) -> [usize; 3] {
    let (mut random, mut counts) = (Random(seed), [0; 3]);
    for round in 0..400 {
        let program = program(&mut random, style);
        let parts = parts(&program.code, &program.outputs);
        if let Err(why) = check(&program, &parts) {
            panic!("program {round}: {why}");
        }
        counts[0] += program.len();
        for part in parts.iter().filter(|part| part.turns > 1) {
            counts[1] += part.length * part.turns;
            counts[2] += sums(&program, part);
        }
    }
    counts
}

#[test]
fn parts_of_flawed_programs_are_loops() {
    let [slots, in_loops, sums] = check_programs(1, Style::Flawed);
    assert!(in_loops * 8 > slots, "{in_loops} of {slots} slots are in loops");
    assert!(sums > 100, "{sums} sums");
}

#[test]
fn parts_of_clean_programs_are_nearly_all_loops() {
    let [slots, in_loops, _] = check_programs(2, Style::Clean);
    assert!(in_loops * 20 > slots * 19, "{in_loops} of {slots} slots are in loops");
}
