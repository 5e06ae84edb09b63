//! Black boxes at every scale: no right gradient is called wrong, whatever the function is made of,
//! and wrong ones are found, or it is said that the values are too coarse. The truths are closed
//! forms.

use wengert::check::Reason;
use wengert::{Report, Verdict, check_black_box};

/// A function, its derivative, and where both are tried.
struct Case {
    name: &'static str,
    f: Box<dyn Fn(f64) -> f64>,
    slope: Box<dyn Fn(f64) -> f64>,
    at: &'static [f64],
}

fn case(
    name: &'static str,
    at: &'static [f64],
    f: impl Fn(f64) -> f64 + 'static,
    slope: impl Fn(f64) -> f64 + 'static,
) -> Case {
    Case { name, f: Box::new(f), slope: Box::new(slope), at }
}

/// A bell of this mean and width.
fn bell(name: &'static str, mean: f64, width: f64, at: &'static [f64]) -> Case {
    let f = move |x: f64| (-((x - mean) / width).powi(2) / 2.0).exp();
    case(name, at, f, move |x| -(x - mean) / width / width * f(x))
}

/// sin, rounded to multiples of this.
fn rounded(name: &'static str, unit: f64) -> Case {
    const AT: [f64; 4] = [0.7, 0.3, 3.0, 0.0];
    case(name, &AT, move |x| (x.sin() / unit).round() * unit, f64::cos)
}

/// Noise that is no function of anything, within a half of 1.
fn noise(x: f64) -> f64 {
    let mut bits = x.to_bits().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (bits >> 11) as f64 / 2f64.powi(53) - 0.5
}

const USUAL: [f64; 5] = [0.3, 1.0, 2.5, 1e-3, 40.0];
const MANY: [f64; 7] = [1e-8, 1e-4, 0.1, 1.0, 10.0, 1e4, 1e8];

/// Functions that are smooth in f64.
fn smooth() -> Vec<Case> {
    vec![
        bell("bell, 0, 1", 0.0, 1.0, &[0.0, 0.5, -2.0, 5.0]),
        bell("bell, 1, 0.02", 1.0, 0.02, &[1.01, 0.97, 1.0, 1.1]),
        bell("bell, 100, 0.5", 100.0, 0.5, &[100.3, 99.0, 100.0, 103.0]),
        bell("bell, 1000, 2", 1000.0, 2.0, &[1001.0, 998.0, 1000.0, 1010.0]),
        bell("bell, 1e6, 1", 1e6, 1.0, &[1e6 + 0.7, 1e6 - 1.3]),
        bell("bell, 5, 1e-4", 5.0, 1e-4, &[5.0001, 4.99995]),
        case("1/x", &MANY, |x| 1.0 / x, |x| -1.0 / x / x),
        case("ln x", &MANY, f64::ln, |x| 1.0 / x),
        case("sqrt x", &MANY, f64::sqrt, |x| 0.5 / x.sqrt()),
        case("x^3", &MANY, |x| x.powi(3), |x| 3.0 * x * x),
        case("x^2.5", &MANY, |x| x.powf(2.5), |x| 2.5 * x.powf(1.5)),
        case("x ln x", &MANY, |x| x * x.ln(), |x| x.ln() + 1.0),
        case("sin x", &USUAL, f64::sin, f64::cos),
        case("exp x", &USUAL, f64::exp, f64::exp),
        case("exp(-x)", &USUAL, |x| (-x).exp(), |x| -(-x).exp()),
        case("tanh x", &USUAL, f64::tanh, |x| x.cosh().powi(-2)),
        case("atan x", &USUAL, f64::atan, |x| 1.0 / (1.0 + x * x)),
        case("x sin x", &USUAL, |x| x * x.sin(), |x| x.sin() + x * x.cos()),
        case(
            "sin(x) / x",
            &USUAL,
            |x| x.sin() / x,
            |x| {
                if x < 0.01 { -x / 3.0 + x.powi(3) / 30.0 } else { (x.cos() - x.sin() / x) / x }
            },
        ),
        case(
            "1 / (1 + 25 x^2)",
            &USUAL,
            |x| 1.0 / (1.0 + 25.0 * x * x),
            |x| -50.0 * x / (1.0 + 25.0 * x * x).powi(2),
        ),
        case("ln(1 + exp x)", &USUAL, |x| x.exp().ln_1p(), |x| 1.0 / (1.0 + (-x).exp())),
        case(
            "cos(62832 x)",
            &[0.0, 1e-6, 0.3, 0.123_456, 1.0, 10.0],
            |x| (62832.0 * x).cos(),
            |x| -62832.0 * (62832.0 * x).sin(),
        ),
        case("cos(1000 x)", &[0.0, 0.3, 7.0], |x| (1e3 * x).cos(), |x| -1e3 * (1e3 * x).sin()),
        case(
            "x + sin(1e5 x) / 1e3",
            &[0.0, 0.3, 2.0],
            |x| x + 1e-3 * (1e5 * x).sin(),
            |x| 1.0 + 100.0 * (1e5 * x).cos(),
        ),
        case("x + sin x", &[100.0, 1e4], |x| x + x.sin(), |x| 1.0 + x.cos()),
        case(
            "tanh(1e6 x)",
            &[0.0, 1e-7, 1e-6, 3e-6, 0.3, 1.0],
            |x| (1e6 * x).tanh(),
            |x| 1e6 * (1e6 * x).cosh().powi(-2),
        ),
        case(
            "atan(1e4 (x - 1))",
            &[1.0, 1.00001, 0.99, 2.0],
            |x| (1e4 * (x - 1.0)).atan(),
            |x| 1e4 / (1.0 + (1e4 * (x - 1.0)).powi(2)),
        ),
        case("1 + 1e-12 x", &[1.0, 0.0], |x| 1.0 + 1e-12 * x, |_| 1e-12),
        case("1e10 + sin x", &[1.0, 3.0], |x| 1e10 + x.sin(), f64::cos),
        case("1e-30 sin x", &[1.0, 3.0], |x| 1e-30 * x.sin(), |x| 1e-30 * x.cos()),
        case("x^20", &[0.0, 0.1, 1.0, 2.0], |x| x.powi(20), |x| 20.0 * x.powi(19)),
        case("a constant", &[0.0, 0.3, 100.0], |_| 3.3, |_| 0.0),
    ]
}

/// Functions that are rough, by their rounding or by what they are.
fn rough() -> Vec<Case> {
    let f32_cubic = |x: f64| {
        let x = x as f32;
        f64::from(x * x * x - 2.0 * x + 1.0)
    };
    vec![
        case(
            "sin in f32",
            &[0.7, 1e-3, 3.0, 100.0, 0.0],
            |x| f64::from((x as f32).sin()),
            f64::cos,
        ),
        case("a cubic in f32", &[0.7, 1e-3, 3.0, 100.0], f32_cubic, |x| 3.0 * x * x - 2.0),
        case(
            "a bell in f32",
            &[0.3, 1.0, 2.0],
            |x| f64::from((-(x * x) as f32).exp()),
            |x| -2.0 * x * (-x * x).exp(),
        ),
        case(
            "f32 within f64",
            &[0.7, 3.0, 1e5],
            |x| x + 0.3 * f64::from((x as f32).sin()),
            |x| 1.0 + 0.3 * x.cos(),
        ),
        case(
            "1 + 1e-9 x in f32",
            &[0.0, 0.7, 100.0],
            |x| f64::from(1.0 + 1e-9 * x as f32),
            |_| 1e-9,
        ),
        rounded("sin to 1e-3", 1e-3),
        rounded("sin to 1e-4", 1e-4),
        rounded("sin to 1e-5", 1e-5),
        rounded("sin to 1e-6", 1e-6),
        rounded("sin to 1e-7", 1e-7),
        rounded("sin to 1e-9", 1e-9),
        case("x to 1e-3", &[1e-3, 0.3], |x| (x * 1e3).floor() / 1e3, |_| 1.0),
        case("sin + noise of 1e-3", &USUAL, |x| x.sin() + 1e-3 * noise(x), f64::cos),
        case("sin + noise of 1e-9", &USUAL, |x| x.sin() + 1e-9 * noise(x), f64::cos),
        case("sin + noise of 1", &USUAL, |x| x.sin() + noise(x), f64::cos),
        case(
            "(1 - cos x) / x^2",
            &[1e-7, 1e-5, 1e-3, 0.1],
            |x| (1.0 - x.cos()) / x / x,
            |x| -x / 12.0 + x.powi(3) / 180.0 - x.powi(5) / 6720.0,
        ),
        case(
            "(exp x - 1) / x",
            &[1e-7, 1e-5, 1e-3],
            |x| (x.exp() - 1.0) / x,
            |x| 0.5 + x / 3.0 + x * x / 8.0 + x.powi(3) / 30.0,
        ),
        case(
            "|x - 1| beside its kink",
            &[0.999, 1.0 + 1e-6, 3.0],
            |x| (x - 1.0).abs(),
            f64::signum,
        ),
        case("relu", &[1e-4, 0.5, -1.0, -1e-6], |x| x.max(0.0), |x| f64::from(u8::from(x > 0.0))),
        case(
            "clamp",
            &[0.5, 0.999, 1.5, -1.0],
            |x| x.clamp(0.0, 1.0),
            |x| f64::from(u8::from(x > 0.0 && x < 1.0)),
        ),
    ]
}

/// The slope of |x - 1| stands where the table has signum, whose argument is x.
fn slope(case: &Case, x: f64) -> f64 {
    if case.name.starts_with("|x - 1|") { (case.slope)(x - 1.0) } else { (case.slope)(x) }
}

/// What is tried of each function: a gradient in it, and in the square of another number.
fn checked(case: &Case, x: f64, by_hand: impl Fn(f64, f64) -> [f64; 2]) -> Report {
    const OTHER: f64 = 0.75;
    let f = |v: &[f64]| (case.f)(v[0]) + v[1] * v[1];
    check_black_box(f, |_| by_hand(slope(case, x), 2.0 * OTHER).to_vec(), &[x, OTHER])
}

/// A gradient made wrong, given the derivative.
type Wrong = fn(f64) -> f64;

#[test]
fn no_right_gradient_is_called_wrong() {
    let (mut right, mut coarse) = (0, 0);
    let cases: Vec<Case> = smooth().into_iter().chain(rough()).collect();
    assert!(cases.len() >= 50);
    for case in &cases {
        for x in case.at {
            let alone = check_black_box(|v| (case.f)(v[0]), |_| vec![slope(case, *x)], &[*x]);
            for report in [alone, checked(case, *x, |a, b| [a, b])] {
                match report.verdict() {
                    Verdict::Right => right += 1,
                    Verdict::CannotTell => coarse += 1,
                    Verdict::Wrong => panic!("{} at {x}:\n{report}", case.name),
                }
                let message = report.to_string();
                assert!(!message.contains("wrong: wrong"), "{} at {x}:\n{message}", case.name);
            }
        }
    }
    published(&format!(
        "Right gradients: {} functions at {} points. Called right: {right}; too coarse to judge: {coarse}; \
         wrong: 0.",
        cases.len(),
        (right + coarse) / 2
    ));
}

#[test]
fn wrong_gradients_are_found_where_they_can_be() {
    let wrongs: [(&str, Wrong); 4] = [
        ("twice the gradient", |a| 2.0 * a),
        ("the other sign", |a| -a),
        ("1 per cent too large", |a| 1.01 * a),
        ("0", |_| 0.0),
    ];
    let mut counts = [[0, 0]; 2];
    for (cases, counts) in [smooth(), rough()].iter().zip(&mut counts) {
        for case in cases {
            for x in case.at {
                for (name, wrong) in wrongs {
                    let truth = slope(case, *x);
                    if wrong(truth) == truth {
                        continue;
                    }
                    let given = wrong(truth);
                    let report = check_black_box(|v| (case.f)(v[0]), |_| vec![given], &[*x]);
                    match report.verdict() {
                        Verdict::Wrong => counts[0] += 1,
                        Verdict::CannotTell => counts[1] += 1,
                        Verdict::Right => panic!("{name}, {} at {x}:\n{report}", case.name),
                    }
                    let message = report.to_string();
                    assert!(!message.contains("if wrong: right"), "{name}:\n{message}");
                }
            }
        }
    }
    let [[found, coarse], [found_rough, coarse_rough]] = counts;
    published(&format!(
        "Wrong gradients (twice, of the other sign, 1 per cent too large, 0): of smooth functions {found} \
         found and {coarse} too coarse to judge; of rough ones {found_rough} found and {coarse_rough} too \
         coarse."
    ));
}

/// Numbers stand in the page as they are.
#[track_caller]
fn published(sentence: &str) {
    let page = include_str!("../docs/checking-gradients.md").replace('\n', " ");
    assert!(page.contains(sentence), "docs/checking-gradients.md should say:\n{sentence}");
}

#[test]
fn one_wrong_component_among_right_ones_is_the_one_that_is_found() {
    for case in smooth() {
        for x in case.at {
            let report = checked(&case, *x, |a, b| [a, b / 2.0]);
            let verdicts: Vec<Verdict> = report.components.iter().map(|c| c.verdict).collect();
            assert_ne!(verdicts[0], Verdict::Wrong, "{} at {x}:\n{report}", case.name);
            assert_ne!(verdicts[1], Verdict::Right, "{} at {x}:\n{report}", case.name);
        }
    }
    let product = |v: &[f64]| v[0] * v[1].exp() + v[2].sin();
    let wrong = |v: &[f64]| vec![v[1].exp(), v[0] * v[1].exp(), -v[2].cos()];
    let report = check_black_box(product, wrong, &[3.0, 0.5, 1.0]);
    let found: Vec<String> = report.wrong().map(|c| c.part.to_string()).collect();
    assert_eq!(found, ["x[2]"], "{report}");
    assert!((report.taylor.unwrap() - 1.0).abs() < 0.1, "{report}");
}

#[test]
fn values_that_jump_are_too_rough_and_nothing_is_said_of_their_derivative() {
    let report = check_black_box(|v| noise(v[0]), |_| vec![1.0], &[0.3]);
    assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
    assert!(report.taylor.is_none());
    let report = check_black_box(|v| v[0].floor(), |_| vec![1.0], &[3.0]);
    assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
}

#[test]
fn a_kink_is_named_with_its_two_slopes() {
    let report = check_black_box(|v| v[0].abs() * 2.0, |_| vec![1.0], &[0.0]);
    let Reason::BetweenKinks { left, right } = report.components[0].reason else {
        panic!("{report}")
    };
    assert!((left + 2.0).abs() < 1e-9 && (right - 2.0).abs() < 1e-9);
}

#[test]
fn directions_are_judged_by_the_same_means() {
    let f = |x: &[f64]| x.iter().map(|x| (-((x - 100.0) / 0.5).powi(2) / 2.0).exp()).sum::<f64>();
    let gradient = |x: &[f64]| -> Vec<f64> {
        x.iter().map(|x| -(x - 100.0) / 0.25 * (-((x - 100.0) / 0.5).powi(2) / 2.0).exp()).collect()
    };
    let x = [100.3, 99.8, 100.1];
    let check = wengert::Check::new().directions(3);
    assert_eq!(check.black_box(f, gradient, &x).verdict(), Verdict::Right);
    let twice = |x: &[f64]| gradient(x).iter().map(|g| 2.0 * g).collect();
    assert_eq!(check.black_box(f, twice, &x).verdict(), Verdict::Wrong);
}
