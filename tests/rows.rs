//! The laws of numbers and sweeps for every row of the table, one row at a time, also at its kinks and
//! where it has no value. It must not know any rule.

mod common;

use common::{all_bits, bits};
use std::sync::Arc;
use wengert::{Custom, Dual, F32, Lanes, Matrix, Number, Op, Program, Tape, Workspace};
use wengert::{record, record_vec};

/// Arguments between, at and beyond the edges of every row.
const ALL: [f64; 14] = [
    -20.0,
    -1.5,
    -1.0,
    -0.3,
    -0.0,
    0.0,
    0.4,
    1.0,
    2.0,
    3.5,
    1e200,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];

/// Where an argument of three stands, so that there are not too many of them.
const SOME: [f64; 6] = [-1.0, -0.0, 0.5, 2.0, f64::INFINITY, f64::NAN];

/// The primitive, the constants among its arguments, and points for the others.
struct Case {
    op: Op,
    /// An exponent or order that must be a constant, and its place.
    whole: Option<(usize, f64)>,
    points: Vec<Vec<f64>>,
}

impl Case {
    fn apply<N: Number>(&self, x: &[N]) -> N {
        let mut args = x.to_vec();
        if let Some((place, n)) = self.whole {
            args.insert(place, N::constant(n));
        }
        N::call(self.op, &args)
    }

    fn program(&self, at: &[f64]) -> Program {
        record(|v| self.apply(v), at)
    }
}

/// All points of so many arguments from a list.
fn product(values: &[f64], arity: usize) -> Vec<Vec<f64>> {
    (0..arity).fold(vec![Vec::new()], |points, _| {
        let longer = |point: Vec<f64>| values.iter().map(move |x| [&point[..], &[*x]].concat());
        points.into_iter().flat_map(longer).collect()
    })
}

fn cases() -> Vec<Case> {
    let free = |op: Op, points| Case { op, whole: None, points };
    let with = |op: Op, place, n: f64| {
        let points = product(&ALL, op.arity().expect("a fixed one") - 1);
        Case { op, whole: Some((place, n)), points }
    };
    let of = |op: &Op| match op.arity() {
        None => {
            let long = |k: usize| (0..20).map(|i| ALL[(i * (k + 1) + k) % 10] * 0.1).collect();
            let points = product(&SOME, 2).into_iter().chain((0..10).map(long));
            vec![free(*op, points.chain(product(&[-1.0, 0.0, 0.5, 2.0], 4)).collect())]
        }
        Some(arity) => match op.row().args {
            [_, "n"] => [-3.0, -1.0, 0.0, 1.0, 2.0, 5.0].map(|n| with(*op, 1, n)).into(),
            ["n", _] => [0.0, 1.0, 3.0].map(|n| with(*op, 0, n)).into(),
            ["n", _, _] => [1.0, 1000.0, 2.0, 1001.0].map(|n| with(*op, 0, n)).into(),
            [_, "lo", "hi"] => {
                let ordered = product(&SOME, 3).into_iter().filter(|x| x[1] <= x[2]).collect();
                vec![free(*op, ordered)]
            }
            _ => vec![free(*op, product(if arity > 2 { &SOME } else { &ALL }, arity))],
        },
    };
    Op::ALL.iter().flat_map(of).collect()
}

/// Runs a law at every point of every row; fails with what is wrong, and where.
fn hold(law: impl Fn(&Case, &Program, &[f64]) -> Result<(), String>) {
    let (mut count, mut faults) = (0, Vec::new());
    for case in cases() {
        let mut program = case.program(&case.points[0]);
        for point in &case.points {
            if point.len() != program.inputs() {
                program = case.program(point);
            }
            let fault = |fault| format!("{}{point:?}: {fault}", case.op.name());
            faults.extend(law(&case, &program, point).err().map(fault));
            count += 1;
        }
    }
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(count > 5000, "{count} points");
}

/// A law about two things that must be the same.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, x: T, y: T) -> Result<(), String> {
    if x == y { Ok(()) } else { Err(format!("{what}: {x:?} and {y:?}")) }
}

/// A law that holds.
fn must(holds: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(fault()) }
}

/// Whether two numbers are equal but for rounding that is small against `size`.
fn near(x: f64, y: f64, size: f64) -> bool {
    bits(x) == bits(y) || x == y || (x - y).abs() <= 1e-11 * size.max(x.abs()) + 1e-200
}

#[test]
fn every_row_is_among_the_cases() {
    let cases = cases();
    assert!(Op::ALL.iter().all(|op| cases.iter().any(|case| case.op == *op)));
}

#[test]
fn a_replay_is_a_recording() {
    hold(|case, program, x| {
        let tape = Tape::new();
        let y = case.apply(&tape.input_slice(x));
        let (value, gradient) = program.value_and_gradient(x).expect("no comparisons");
        let recorded = all_bits(tape.gradient(y).to_vec());
        same("value", bits(value), bits(y.value()))?;
        same("gradient", all_bits(gradient), recorded.clone())?;
        let inlined = record(|v| program.inline(v).expect("no comparisons")[0], x);
        let (value, gradient) = inlined.value_and_gradient(x).expect("no comparisons");
        same("inlined", (bits(value), all_bits(gradient)), (bits(y.value()), recorded))
    });
}

/// Rows whose value or slopes, in lanes, are not those of plain numbers to the last bit at some of the
/// points, because they are computed by vector functions; `table.rs` says how near these are. Which of
/// them differ where depends on whether the processor fuses products.
const VECTOR: [Op; 10] = [
    Op::Exp,
    Op::ExpM1,
    Op::Tanh,
    Op::TanhSlope,
    Op::SigmoidSlope,
    Op::SiluSlope,
    Op::ShareSlope,
    Op::Erf,
    Op::Erfc,
    Op::Gauss,
];

#[test]
fn lanes_are_scalars() {
    let mut differ = Vec::new();
    for case in cases() {
        let inputs = case.points[0].len();
        let program = case.program(&case.points[0]);
        let points: Vec<_> = case.points.iter().filter(|x| x.len() == inputs).collect();
        for group in points.chunks_exact(4) {
            let lanes = |k: usize| Lanes(std::array::from_fn::<f64, 4, _>(|lane| group[lane][k]));
            let x: Vec<Lanes<4>> = (0..inputs).map(lanes).collect();
            let (y, x_bar) = program.reverse(&x, &[Lanes([1.0; 4])]).expect("no comparisons");
            for (lane, point) in group.iter().enumerate() {
                let found = (bits(y[0].0[lane]), all_bits(x_bar.iter().map(|bar| bar.0[lane])));
                let x: Vec<_> = point.iter().map(|x| Lanes([*x])).collect();
                let (y, x_bar) = program.reverse(&x, &[Lanes([1.0])]).expect("no comparisons");
                let alone = (bits(y[0].0[0]), all_bits(x_bar.iter().map(|bar| bar.0[0])));
                assert_eq!(found, alone, "{:?}{point:?}", case.op);
                let (value, gradient) = program.value_and_gradient(point).expect("no comparisons");
                if found != (bits(value), all_bits(gradient)) && !differ.contains(&case.op) {
                    differ.push(case.op);
                }
            }
        }
    }
    let unknown: Vec<_> = differ.iter().filter(|op| !VECTOR.contains(op)).collect();
    assert!(unknown.is_empty(), "rows that are not those of plain numbers: {unknown:?}");
    assert!(!differ.is_empty(), "lanes have vector functions");
}

#[test]
fn turns_of_a_loop_are_lanes() {
    for case in cases() {
        for points in case.points.chunk_by(|x, y| x.len() == y.len()) {
            let (count, x) = (points[0].len(), points.concat());
            let program = record_vec(|v| v.chunks(count).map(|x| case.apply(x)).collect(), &x);
            let y_bar: Vec<f64> = (0..points.len()).map(|k| 1.0 - (k % 3) as f64).collect();
            let lanes = |all: &[f64]| all.iter().map(|x| Lanes([*x])).collect::<Vec<_>>();
            let (y, x_bar) = program.reverse(&lanes(&x), &lanes(&y_bar)).expect("no comparisons");
            let wanted = y.iter().chain(&x_bar).map(|lane| lane.0[0]);
            let (mut y, mut x_bar) = (vec![0.0; y.len()], vec![0.0; x.len()]);
            let rolled = program.roll().expect("no custom primitives");
            let room = &mut Workspace::new();
            rolled.vjp_into(&x, &y_bar, &mut y, &mut x_bar, room).expect("no comparisons");
            let name = case.op.name();
            assert_eq!(all_bits(y.into_iter().chain(x_bar)), all_bits(wanted), "{name}");
            assert!(count > 3 || points.len() < 20 || rolled.loops().count() > 0, "{name}");
        }
    }
}

#[test]
fn a_derivative_program_is_the_reverse_sweep() {
    hold(|_, program, x| {
        let derivative = program.derivative().expect("no custom primitives");
        let gradient = all_bits(program.gradient(x).expect("no comparisons"));
        let replayed = all_bits(derivative.values(x).expect("no comparisons"));
        same("replayed", replayed, gradient.clone())?;
        let simple = all_bits(derivative.simplify().values(x).expect("no comparisons"));
        same("simplified", simple, gradient)
    });
}

#[test]
fn forward_and_reverse_are_transposes() {
    hold(|_, program, x| {
        let (value, gradient) = program.value_and_gradient(x).expect("no comparisons");
        for (k, slope) in gradient.iter().enumerate() {
            let unit: Vec<f64> = (0..x.len()).map(|i| f64::from(i == k)).collect();
            let (y, y_dot) = program.jvp(x, &unit).expect("no comparisons");
            same("value", bits(y[0]), bits(value))?;
            same("slope", bits(y_dot[0]), bits(*slope))?;
        }
        let x_dot: Vec<f64> = (0..x.len()).map(|k| 0.75 - 0.5 * k as f64).collect();
        let forward = program.jvp(x, &x_dot).expect("no comparisons").1[0];
        let terms = || gradient.iter().zip(&x_dot).map(|(slope, x_dot)| slope * x_dot);
        let (reverse, size) = (terms().sum::<f64>(), terms().map(f64::abs).sum());
        let judged = gradient.iter().all(|slope| slope.is_finite());
        must(!judged || near(forward, reverse, size), || format!("{forward:e} and {reverse:e}"))
    });
}

/// The largest entry of a matrix, if all are finite.
fn size(matrix: &Matrix) -> Option<f64> {
    let all = matrix.data().iter();
    all.clone().all(|d| d.is_finite()).then(|| all.fold(0.0, |most: f64, d| most.max(d.abs())))
}

#[test]
fn hessians_are_symmetric_and_a_pattern_covers_them() {
    hold(|case, program, x| {
        let hessian = program.hessian(x).expect("no custom primitives");
        let pattern = program.hessian_pattern().expect("no custom primitives");
        let slopes = program.gradient(x).expect("no comparisons");
        let (row, size) = (program.jacobian_pattern(), size(&hessian));
        for (i, j) in (0..x.len()).flat_map(|i| (0..x.len()).map(move |j| (i, j))) {
            let (entry, mirrored) = (hessian[(i, j)], hessian[(j, i)]);
            let equal = size.is_none_or(|size| near(entry, mirrored, size * case.op.row().ulps));
            must(equal, || format!("({i}, {j}) {entry:e}, mirrored {mirrored:e}"))?;
            let covered = entry == 0.0 || entry.is_nan() || pattern.position(i, j).is_some();
            must(covered, || format!("no entry at ({i}, {j})"))?;
        }
        for (k, slope) in slopes.iter().enumerate() {
            let covered = *slope == 0.0 || slope.is_nan() || row.position(0, k).is_some();
            must(covered, || format!("no entry in {k}"))?;
        }
        Ok(())
    });
}

#[test]
fn nested_tangents_are_the_hessian() {
    hold(|case, program, x| {
        let hessian = program.hessian(x).expect("no custom primitives");
        let Some(size) = size(&hessian) else { return Ok(()) };
        for k in 0..x.len() {
            let seeded = |i: usize| match i == k {
                true => Dual::new(Dual::new(x[i], 1.0), Dual::constant(1.0)),
                false => Dual::constant(x[i]),
            };
            let v: Vec<Dual<Dual>> = (0..x.len()).map(seeded).collect();
            let (twice, entry) = (case.apply(&v).tangent().tangent(), hessian[(k, k)]);
            let equal = near(twice, entry, size * case.op.row().ulps);
            must(equal, || format!("in {k}: {twice:e} and {entry:e}"))?;
        }
        Ok(())
    });
}

/// Where a rule steps around 0 times infinity, what it steps to must have the right slopes too.
#[test]
fn powers_keep_their_higher_derivatives_at_0_and_1() {
    let f = record(|v| v[0].pow(v[1]), &[2.0, 3.0]);
    let third = f.derivative().and_then(|f| f.derivative()).expect("no custom primitives");
    for x in [0.5_f64, 1.0, 2.0, 3.5] {
        let jacobian = third.jacobian(&[x, 0.0]).expect("no comparisons");
        let ln = x.ln();
        // Rows xx, xy, yx, yy of x^y at y = 0; columns x and y.
        let by_hand = [
            [0.0, -1.0 / (x * x)],
            [-1.0 / (x * x), 2.0 * ln / x],
            [-1.0 / (x * x), 2.0 * ln / x],
            [2.0 * ln / x, ln.powi(3)],
        ];
        for (entry, by_hand) in jacobian.data().iter().zip(by_hand.as_flattened()) {
            assert!(near(*entry, *by_hand, 1.0), "at {x}: {jacobian:?}");
        }
    }
    let fourth = third.derivative().and_then(|f| f.derivative()).expect("no custom primitives");
    let yyxx = fourth.values(&[1.0, 3.0]).expect("no comparisons")[3 * 4];
    assert_eq!(yyxx, 2.0, "x^y ln^2 x is (x - 1)^2 + .. near 1");
}

#[test]
fn a_program_of_the_row_is_a_primitive_with_its_bits() {
    hold(|_, program, x| {
        let custom: Arc<dyn Custom> = Arc::new(program.clone());
        let tape = Tape::new();
        let outer = tape.program(&[tape.custom(&custom, &tape.input_slice(program.point()))]);
        let pair = |f: &Program| f.value_and_gradient(x).map(|(y, g)| (bits(y), all_bits(g)));
        same("value and gradient", pair(&outer), pair(program))
    });
}

#[test]
fn single_precision_is_rounded_once() {
    hold(|_, program, x| {
        let single: Vec<F32> = x.iter().map(|x| F32(*x as f32)).collect();
        let wide: Vec<f64> = single.iter().map(|x| f64::from(x.0)).collect();
        let y = program.replay(&single).expect("no comparisons")[0].0;
        let exact = program.value(&wide).expect("no comparisons") as f32;
        same("value", bits(f64::from(y)), bits(f64::from(exact)))
    });
}
