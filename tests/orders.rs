//! Derivatives of higher order of every smooth row against `reference/orders.tsv`, by every path that
//! leads to them: nested duals, derivative programs in plain numbers and in lanes, the Hessian of a
//! derivative, and (feature `jit`) compiled code.
//!
//! `reference/orders.py` says what a line of the file is. How near a row must come is said by [`bound`].

#[cfg(feature = "jit")]
use std::cell::RefCell;
use std::fmt::Write;
#[cfg(feature = "jit")]
use wengert::{Compiled, Workspace};
use wengert::{Dual, F32, Lanes, Number, Op, Program, Tape, Var, hessian, record, record_vec};

/// One line of the file.
struct Line {
    op: Op,
    args: Vec<f64>,
    wanted: Vec<f64>,
}

/// Lines of one row, and the constants among their arguments.
struct Case {
    op: Op,
    /// A whole argument, and its place.
    whole: Option<(usize, f64)>,
    /// The other arguments, and the derivatives there.
    points: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Case {
    fn apply<N: Number>(&self, x: &[N]) -> N {
        let mut args = x.to_vec();
        if let Some((place, n)) = self.whole {
            args.insert(place, N::constant(n));
        }
        N::call(self.op, &args)
    }

    fn count(&self) -> usize {
        self.points[0].0.len()
    }

    /// The highest order that is known.
    fn most(&self) -> usize {
        let known = self.points.iter().map(|(_, wanted)| wanted.len()).max().unwrap_or(0);
        (1..)
            .take_while(|order| all_indices(self.count(), *order).len() <= known)
            .last()
            .unwrap_or(0)
    }
}

fn line(text: &'static str) -> Line {
    let fields: Vec<_> = text.split('\t').collect();
    let [row, args, wanted] = fields[..] else { panic!("not three fields: {text}") };
    let op = Op::ALL.iter().find(|op| op.name() == row);
    let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"));
    Line {
        op: *op.unwrap_or_else(|| panic!("no row is called {row}")),
        args: args.split(' ').map(number).collect(),
        wanted: wanted.split(' ').map(number).collect(),
    }
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for Line { op, mut args, wanted } in include_str!("reference/orders.tsv").lines().map(line) {
        let place = op.row().args.iter().position(|name| *name == "n");
        let whole = place.map(|place| (place, args.remove(place)));
        let of_line =
            |case: &&mut Case| case.op == op && case.whole == whole && case.count() == args.len();
        match cases.iter_mut().find(of_line) {
            Some(case) => case.points.push((args, wanted)),
            None => cases.push(Case { op, whole, points: vec![(args, wanted)] }),
        }
    }
    cases
}

/// How often each of so many arguments is differentiated by: all ways of one order, as in the file.
fn indices(count: usize, order: usize) -> Vec<Vec<usize>> {
    if count == 1 {
        return vec![vec![order]];
    }
    let with = |k: usize| {
        let rest = indices(count - 1, order - k).into_iter();
        rest.map(move |rest| [&[k][..], &rest].concat())
    };
    (0..=order).rev().flat_map(with).collect()
}

/// Where one of these stands among those of its order.
fn place(index: &[usize]) -> usize {
    let all = indices(index.len(), index.iter().sum());
    all.iter().position(|each| each == index).expect("all of them")
}

/// Those of every order up to this.
fn all_indices(count: usize, most: usize) -> Vec<Vec<usize>> {
    (1..=most).flat_map(|order| indices(count, order)).collect()
}

/// The arguments that are differentiated by, one after another.
fn directions(index: &[usize]) -> Vec<usize> {
    index.iter().enumerate().flat_map(|(k, times)| std::iter::repeat_n(k, *times)).collect()
}

/// Rows that are held to less than the others, by which factor, and why.
const LOOSER: [(&str, f64, &str); 7] = [
    ("sigmoid", 4.0, "a polynomial in tanh(x/2), near its zeros"),
    ("silu_slope", 8.0, "the same beside x, near its zeros"),
    ("pow", 8.0, "a polynomial in ln x, whose terms may cancel"),
    ("pow_slope", 8.0, "the same"),
    ("pow_log", 8.0, "the same"),
    ("pow_derivative", 8.0, "the same"),
    ("sinc_derivative", 4.0, "near the zeros of its waves"),
];

/// How many ulps a derivative of this order may be off: 4 for a slope, and for each further order twice as
/// many, since each multiplies what the one before has rounded.
fn bound(op: Op, order: usize) -> f64 {
    let factor = LOOSER.iter().find(|(row, ..)| *row == op.name()).map_or(1.0, |looser| looser.1);
    4.0 * factor * 2_f64.powi(order as i32 - 1)
}

/// Beside what an error is judged, if not beside the derivative itself.
fn beside(op: Op, order: usize, largest: f64) -> f64 {
    match op {
        // A component over the length: where it is nearly the length, its slope is a difference.
        Op::Norm => largest,
        // Shares of two that are nearly equal: their third derivatives nearly cancel.
        Op::LogSumExp if order > 2 => 0.125,
        _ => 0.0,
    }
}

/// The error in ulps of the wanted number, or of a larger one beside which it is judged.
fn off(got: f64, want: f64, beside: f64) -> f64 {
    if got == want || (got.is_nan() && want.is_nan()) {
        return 0.0;
    }
    let scale = want.abs().max(beside);
    let off = (got - want).abs() / (scale.next_up() - scale);
    if off.is_nan() { f64::INFINITY } else { off }
}

/// Holds what a path gives for a case at one of its points against the file.
fn faults(case: &Case, (x, wanted): &(Vec<f64>, Vec<f64>), got: &[Option<f64>]) -> String {
    let all = all_indices(case.count(), case.most());
    assert_eq!((all.len(), got.len()), (wanted.len(), wanted.len()), "{}", case.op.name());
    let mut text = String::new();
    for ((index, got), want) in all.iter().zip(got).zip(wanted) {
        let Some(got) = got else { continue };
        let order: usize = index.iter().sum();
        let same = all.iter().zip(wanted).filter(|(i, _)| i.iter().sum::<usize>() == order);
        let largest = same.fold(0.0, |most: f64, (_, d)| most.max(d.abs()));
        let off = off(*got, *want, beside(case.op, order, largest));
        if off > bound(case.op, order) {
            let (row, n) = (case.op.name(), case.whole.map(|(_, n)| n));
            writeln!(text, "{row}{x:?}, n {n:?}, {index:?}: {got:e}, not {want:e}, {off} ulps off")
                .expect("a string takes it");
        }
    }
    text
}

/// Holds all cases to the file along one path. It is given the programs of each order.
fn hold(path: impl Fn(&Case, &[Program]) -> Vec<Vec<Option<f64>>>) {
    let (mut text, mut count) = (String::new(), 0);
    for case in cases() {
        let found = path(&case, &tower(&case));
        assert_eq!(found.len(), case.points.len(), "{}", case.op.name());
        for (point, got) in case.points.iter().zip(&found) {
            text += &faults(&case, point, got);
            count += got.iter().flatten().count();
        }
    }
    assert!(text.is_empty(), "{} faults:\n{text}", text.lines().count());
    assert!(count > 5000, "{count} derivatives");
}

/// The program with these outputs alone.
fn picked(program: &Program, outputs: &[usize], at: &[f64]) -> Program {
    let picked = record_vec(
        |v| {
            let all = program.inline(v).expect("no comparisons");
            outputs.iter().map(|k| all[*k]).collect()
        },
        at,
    );
    picked.simplify()
}

/// A program for the derivatives of each order: one output for each way, in the order of the file.
fn tower(case: &Case) -> Vec<Program> {
    let (count, at) = (case.count(), &case.points[0].0);
    let mut programs = vec![record(|v| case.apply(v), at)];
    for order in 1..=case.most() {
        let lower = programs.last().expect("at least the row itself");
        let slopes = lower.derivative().expect("no custom primitives");
        let of = |index: &Vec<usize>| {
            let k = index.iter().position(|times| *times > 0).expect("an order of 1 or more");
            let mut less = index.clone();
            less[k] -= 1;
            place(&less) * count + k
        };
        let wanted: Vec<usize> = indices(count, order).iter().map(of).collect();
        programs.push(picked(&slopes, &wanted, at));
    }
    programs
}

/// A number in which tangents nest.
trait Nest: Number {
    /// The argument at `x`, and along which of the innermost directions first it moves.
    fn nested(x: f64, moves: &[bool]) -> Self;
    fn innermost(self) -> f64;
}

impl Nest for f64 {
    fn nested(x: f64, _: &[bool]) -> f64 {
        x
    }
    fn innermost(self) -> f64 {
        self
    }
}

impl<N: Nest> Nest for Dual<N> {
    fn nested(x: f64, moves: &[bool]) -> Self {
        let [rest @ .., last] = moves else { panic!("a direction for each level") };
        Dual::new(N::nested(x, rest), N::constant(f64::from(u8::from(*last))))
    }
    fn innermost(self) -> f64 {
        self.tangent().innermost()
    }
}

type One = Dual;
type Two = Dual<One>;
type Three = Dual<Two>;

/// A derivative by tangents in tangents. They nest three deep; beyond, they run in the program of the
/// third derivatives.
fn by_duals(case: &Case, programs: &[Program], x: &[f64], index: &[usize]) -> f64 {
    fn of<N: Nest>(x: &[f64], along: &[usize], f: impl Fn(&[N]) -> N) -> f64 {
        let input = |k: usize| {
            let moves: Vec<bool> = along.iter().map(|direction| *direction == k).collect();
            N::nested(x[k], &moves)
        };
        f(&(0..x.len()).map(input).collect::<Vec<N>>()).innermost()
    }
    fn within<N: Nest>(programs: &[Program], x: &[f64], along: &[usize]) -> f64 {
        let (now, before) = along.split_at(along.len() - 3);
        let times = |k: usize| before.iter().filter(|direction| **direction == k).count();
        let output = place(&(0..x.len()).map(times).collect::<Vec<_>>());
        of::<N>(x, now, |x| programs[3].replay(x).expect("no comparisons")[output])
    }
    let along = directions(index);
    match along.len() {
        1 => of::<One>(x, &along, |x| case.apply(x)),
        2 => of::<Two>(x, &along, |x| case.apply(x)),
        3 => of::<Three>(x, &along, |x| case.apply(x)),
        4 => within::<One>(programs, x, &along),
        5 => within::<Two>(programs, x, &along),
        6 => within::<Three>(programs, x, &along),
        order => panic!("no number is nested {order} times"),
    }
}

#[test]
fn nested_duals_are_right_to_every_order() {
    hold(|case, programs| {
        let all = all_indices(case.count(), case.most());
        let of =
            |x: &[f64]| all.iter().map(|index| Some(by_duals(case, programs, x, index))).collect();
        case.points.iter().map(|(x, _)| of(x)).collect()
    });
}

#[test]
fn derivative_programs_are_right_to_every_order() {
    hold(|case, programs| {
        let values = |program: &Program, x: &[f64]| program.values(x).expect("no comparisons");
        let of = |x: &[f64]| programs[1..].iter().flat_map(|f| values(f, x)).map(Some).collect();
        case.points.iter().map(|(x, _)| of(x)).collect()
    });
}

/// Lanes have vector functions of their own.
#[test]
fn derivative_programs_are_right_in_lanes() {
    hold(|case, programs| {
        let values = |program: &Program, x: &[f64]| {
            let x: Vec<_> = x.iter().map(|x| Lanes([0.25, *x])).collect();
            program.replay(&x).expect("no comparisons").into_iter().map(|y| Some(y.0[1]))
        };
        let of = |x: &[f64]| programs[1..].iter().flat_map(|f| values(f, x)).collect();
        case.points.iter().map(|(x, _)| of(x)).collect()
    });
}

/// Two of the arguments that are differentiated by come last, and at once: the first and the last, so
/// that mixed derivatives are taken in another order than in the programs.
#[test]
fn the_hessian_of_a_derivative_is_right() {
    hold(|case, programs| {
        let of = |index: &Vec<usize>| {
            let along = directions(index);
            let [first, .., last] = along[..] else { return None };
            let mut less = index.clone();
            less[first] -= 1;
            less[last] -= 1;
            let lower = &programs[along.len() - 2];
            let program = picked(lower, &[place(&less)], &case.points[0].0);
            Some((program, last, first))
        };
        let programs: Vec<_> = all_indices(case.count(), case.most()).iter().map(of).collect();
        let hessian = |f: &Program, x: &[f64]| f.hessian(x).expect("no custom primitives");
        let entry = |f: &Option<(Program, usize, usize)>, x: &[f64]| {
            f.as_ref().map(|(f, i, j)| hessian(f, x)[(*i, *j)])
        };
        let of_point = |x: &[f64]| programs.iter().map(|f| entry(f, x)).collect();
        case.points.iter().map(|(x, _)| of_point(x)).collect()
    });
}

#[cfg(feature = "jit")]
#[test]
fn compiled_derivatives_are_right_to_every_order() {
    let room = RefCell::new(Workspace::new());
    hold(|case, programs| {
        let compile = |f: &Program| f.compile().expect("this machine is known");
        let codes: Vec<_> = programs[1..].iter().map(compile).collect();
        let values = |code: &Compiled, x: &[f64]| {
            let mut y = vec![0.0; code.program().outputs()];
            code.values_into(x, &mut y, &mut room.borrow_mut()).expect("no comparisons");
            y
        };
        let of = |x: &[f64]| codes.iter().flat_map(|code| values(code, x)).map(Some).collect();
        case.points.iter().map(|(x, _)| of(x)).collect()
    });
}

#[cfg(feature = "jit")]
#[test]
fn compiled_slopes_of_derivatives_are_right_to_every_order() {
    let room = RefCell::new(Workspace::new());
    hold(|case, programs| {
        let all = all_indices(case.count(), case.most());
        let below = all_indices(case.count(), case.most() - 1);
        let below: Vec<_> = [vec![0; case.count()]].into_iter().chain(below).collect();
        let compile = |index: &Vec<usize>| {
            let order: usize = index.iter().sum();
            let derivative = picked(&programs[order], &[place(index)], &case.points[0].0);
            derivative.compile().expect("this machine is known")
        };
        let codes: Vec<_> = below.iter().map(compile).collect();
        let slope = |index: &Vec<usize>, x: &[f64]| {
            let k = index.iter().rposition(|times| *times > 0).expect("an order of 1 or more");
            let mut less = index.clone();
            less[k] -= 1;
            let of = below.iter().position(|index| *index == less).expect("all of them");
            let mut x_bar = vec![0.0; x.len()];
            let room = &mut room.borrow_mut();
            codes[of].gradient_into(x, &mut x_bar, room).expect("no comparisons");
            Some(x_bar[k])
        };
        let of_point = |x: &[f64]| all.iter().map(|index| slope(index, x)).collect();
        case.points.iter().map(|(x, _)| of_point(x)).collect()
    });
}

/// Rows that are linear between their kinks or flat between their jumps, and those of sweeps.
const PIECES: [Op; 23] = [
    Op::Abs,
    Op::Signum,
    Op::Copysign,
    Op::Max,
    Op::Min,
    Op::MaxTied,
    Op::MinTied,
    Op::Tally,
    Op::Clamp,
    Op::Clip,
    Op::Lone,
    Op::Floor,
    Op::Ceil,
    Op::Round,
    Op::Trunc,
    Op::Fract,
    Op::Rem,
    Op::Select,
    Op::Compare,
    Op::Relu,
    Op::Chain,
    Op::Gate,
    Op::Open,
];

#[test]
fn every_smooth_row_is_in_the_file() {
    let cases = cases();
    for op in Op::ALL {
        let of_row = cases.iter().filter(|case| case.op == *op);
        let points: usize = of_row.map(|case| case.points.len()).sum();
        let piece = PIECES.contains(op);
        assert!(piece != (points > 0), "{}: {points} points, piece: {piece}", op.name());
    }
    let to = |most: usize| cases.iter().filter(move |case| case.most() >= most);
    let sixth: Vec<_> = to(6).map(|case| case.op).collect();
    for op in [Op::Tanh, Op::Sigmoid, Op::Softplus, Op::Silu, Op::Sinc] {
        assert!(sixth.contains(&op), "{}", op.name());
    }
    let numbered = |case: &&Case| case.op.name().ends_with("_derivative");
    assert!(cases.iter().filter(|case| !numbered(case)).all(|case| case.most() >= 4));
}

#[test]
fn the_looser_rows_are_listed_in_the_conventions() {
    let page = include_str!("../docs/conventions.md");
    for (row, times, reason) in LOOSER {
        let line = format!("| {row} | {times} | {reason} |");
        assert!(page.contains(&line), "docs/conventions.md lacks: {line}");
    }
}

/// Outside the domain a derivative exists in no order.
#[test]
fn no_value_has_no_derivative_of_any_order() {
    for (op, x) in [
        (Op::Ln, vec![-1.0]),
        (Op::Log2, vec![-1.0]),
        (Op::Log10, vec![-1.0]),
        (Op::Ln1p, vec![-2.0]),
        (Op::Sqrt, vec![-1.0]),
        (Op::Asin, vec![1.5]),
        (Op::Acos, vec![-1.5]),
        (Op::Acosh, vec![0.5]),
        (Op::Acosh, vec![-2.0]),
        (Op::Atanh, vec![2.0]),
        (Op::Log, vec![-1.0, 2.0]),
        (Op::Pow, vec![-8.0, 0.5]),
    ] {
        let all = all_indices(x.len(), 4);
        let case = Case { op, whole: None, points: vec![(x.clone(), vec![f64::NAN; all.len()])] };
        let programs = tower(&case);
        let by_programs = programs[1..].iter().flat_map(|f| f.values(&x).expect("no comparisons"));
        for (index, got) in all.iter().zip(by_programs) {
            let by_duals = by_duals(&case, &programs, &x, index);
            let both = (got, by_duals);
            assert!(got.is_nan() && by_duals.is_nan(), "{}{x:?}: {index:?} {both:?}", op.name());
        }
    }
}

/// Derivatives of a function of one number, the value first, each by the gradient of the program before.
fn orders(f: impl for<'t> Fn(Var<'t>) -> Var<'t>, x: f64, most: usize) -> Vec<f64> {
    let mut program = record(|v| f(v[0]), &[x]);
    let mut all = vec![program.value(&[x]).expect("no comparisons")];
    for _ in 0..most {
        all.extend(program.gradient(&[x]).expect("no comparisons"));
        program = program.derivative().expect("no custom primitives");
    }
    all
}

#[test]
fn tanh_and_sigmoid_have_third_derivatives_at_0() {
    assert_eq!(orders(|x| x.tanh(), 0.0, 5), [0.0, 1.0, 0.0, -2.0, 0.0, 16.0]);
    assert_eq!(orders(|x| x.sigmoid(), 0.0, 5), [0.5, 0.25, 0.0, -0.125, 0.0, 0.25]);
    let by_formula = orders(|x| -((x * 2.0).exp() + 1.0).recip() * 2.0 + 1.0, 0.0, 5);
    assert_eq!(by_formula, [0.0, 1.0, 0.0, -2.0, 0.0, 16.0]);
    let slope = record(|v| v[0].tanh(), &[1.0]).derivative().expect("no custom primitives");
    assert_eq!(slope.hessian(&[0.0]).expect("no custom primitives").data(), [-2.0]);
    assert_eq!(Three::nested(0.0, &[true; 3]).tanh().innermost(), -2.0);
}

/// The second derivative in x of u = w2 tanh(w1 x + b) is w2 w1^2 times that of tanh, which is 0 at zero
/// pre-activation. The third derivative of tanh is -2 there, so the slope of (u_xx - 1)^2 in b is
/// -2 w2 w1^2 (-2), and that in x is w1 times as much.
#[test]
fn a_loss_with_a_second_derivative_in_it_has_its_gradient() {
    let (w1, w2) = (0.7, 1.3);
    let at = [w1, 0.0, w2, 0.0];
    let u = record(|v| v[2] * (v[0] * v[3] + v[1]).tanh(), &at);
    let slope = u.derivative().expect("no custom primitives");
    let second = picked(&slope, &[3], &at).derivative().expect("no custom primitives");
    let loss = record(|v| (second.inline(v).expect("no comparisons")[3] - 1.0).square(), &at);
    let gradient = loss.gradient(&at).expect("no comparisons");
    for (got, want) in gradient.iter().zip([0.0, 2.548, 0.0, 1.7836]) {
        assert!((got - want).abs() < 1e-14, "{gradient:?}");
    }
}

#[test]
fn second_derivatives_at_0_are_limits() {
    fn at_0(f: impl for<'t> Fn(Var<'t>) -> Var<'t>) -> f64 {
        hessian(|v| f(v[0]), &[0.0]).data()[0]
    }
    assert_eq!(at_0(|x| x.recip()), f64::INFINITY);
    assert_eq!(at_0(|x| x.powf(0.5)), f64::NEG_INFINITY);
    assert_eq!(at_0(|x| x.sqrt()), f64::NEG_INFINITY);
    assert_eq!(at_0(|x| x.ln()), f64::NEG_INFINITY);
    assert_eq!(at_0(|x| x.cbrt()), f64::NEG_INFINITY);
    // From the left the cube root bends the other way.
    assert_eq!(hessian(|v| v[0].cbrt(), &[-0.0]).data(), [f64::INFINITY]);
}

/// The third derivative of sinc is x/5 - x^3/42 + .., the fourth 1/5 - x^2/14 + ...
#[test]
fn sinc_has_its_digits_near_0() {
    for x in [1e-8_f64, 1e-6, 1e-5, 1e-4, 1e-3] {
        let found = orders(|x| x.sinc(), x, 4);
        let (third, fourth) = (x / 5.0 - x.powi(3) / 42.0, 0.2 - x * x / 14.0);
        assert!((found[3] / third - 1.0).abs() < 1e-11, "{x}: {} and {third}", found[3]);
        assert!((found[4] / fourth - 1.0).abs() < 1e-11, "{x}: {} and {fourth}", found[4]);
    }
}

/// What does not move asks for no partial, so there is no 0 times infinity.
#[test]
fn a_tangent_of_0_is_no_motion() {
    fn along(f: impl Fn(Dual, Dual) -> Dual, x: f64, y: f64) -> [f64; 3] {
        let still = [Dual::new(y, 0.0), Dual::new(y, -0.0), Dual::constant(y)];
        still.map(|y| f(Dual::new(x, 1.0), y).tangent())
    }
    assert_eq!(along(|x, y| x.pow(y), -1.0, 2.0), [-2.0; 3]);
    assert_eq!(along(|x, y| x + y.sqrt(), 1.0, 0.0), [1.0; 3]);
    assert_eq!(along(|x, y| x + y.ln(), 1.0, 0.0), [1.0; 3]);
    assert_eq!(along(|x, y| x + y.recip(), 1.0, 0.0), [1.0; 3]);
    let single = Dual::new(F32(-1.0), F32(1.0)).pow(Dual::new(F32(2.0), F32(0.0)));
    assert_eq!(single.tangent(), F32(-2.0));

    // Lane by lane.
    let x = Dual::new(-1.0, Lanes([1.0, 0.0]));
    let y = Dual::new(2.0, Lanes([0.0, 1.0]));
    let [by_x, by_y] = x.pow(y).tangent().0;
    assert!(by_x == -2.0 && by_y.is_nan());

    // Nested: 0 in all of its parts is no motion, 0 that moves is one.
    let still = Dual::new(Dual::new(2.0, 0.0), Dual::new(0.0, 0.0));
    let x = Dual::new(Dual::new(-1.0, 0.0), Dual::new(1.0, 0.0));
    assert_eq!(x.pow(still).tangent().value(), -2.0);
    let starts = Dual::new(Dual::new(0.25, 0.0), Dual::new(0.0, 1.0));
    assert_eq!(starts.sqrt().tangent().tangent(), 1.0);

    // As a direction of a program.
    let f = record(|v| v[0].pow(v[1]), &[2.0, 2.0]);
    assert_eq!(f.jvp(&[-1.0, 2.0], &[1.0, 0.0]).expect("no comparisons").1, [-2.0]);

    // A variable may come to move, so its 0 is kept; that of a constant is not.
    let tape = Tape::new();
    let y = tape.new_input("y", 0.0);
    assert_eq!(Dual::new(y, Var::constant(0.0)).sqrt().tangent().value(), 0.0);
}
