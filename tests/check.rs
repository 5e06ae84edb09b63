//! The check of derivatives written by hand: planted mistakes, right ones, and what can be said of
//! either. It must not know how the check works.

mod planted;

use planted::{Random, Slip, Subject, subjects};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::{env, fs};
use wengert::check::{KinkKind, Mistake, NearBy, NearKink, Oracle, Reason};
use wengert::prelude::*;
use wengert::{
    Check, Comparison, Report, Verdict, assert_gradient, check_black_box, check_custom,
    check_gradient, check_hvp, check_jacobian,
};

fn options(subject: &Subject) -> Check {
    subject.blocks.iter().fold(Check::new(), |check, (name, shape)| check.block(name, shape))
}

fn check(subject: &Subject, number: u32, x: &[f64]) -> Report {
    options(subject).gradient(|v| (subject.f)(v), |x| (subject.gradient)(x, number), x)
}

/// What the first finding of a report is called.
fn name(report: &Report) -> &'static str {
    report.findings.first().map_or("-", |finding| finding.mistake.name())
}

#[test]
fn every_planted_mistake_is_found_and_most_are_named() {
    let mut rows = Vec::new();
    let (mut all, mut named) = (0, 0);
    for subject in subjects() {
        let x = (subject.point)(&mut Random::new(7));
        for Slip(number, what, names) in subject.slips {
            let report = check(&subject, *number, &x);
            assert_eq!(report.verdict(), Verdict::Wrong, "{}: {what}\n{report}", subject.name);
            let rightly = names.contains(&name(&report));
            let mark = if rightly { "" } else { " (not rightly)" };
            rows.push(format!("| {} | {what} | {}{mark} |", subject.name, name(&report)));
            all += 1;
            named += usize::from(rightly);
        }
    }
    assert!(all >= 40, "{all} mistakes are planted");
    assert!(10 * named >= 8 * all, "{named} of {all} are named rightly");
    rows.push(format!("\nFound: {all} of {all}. Named rightly: {named}."));
    compare_with_the_page(&rows.join("\n"));
}

/// The table in the book is what the check says. `UPDATE_GOLDEN=1` writes it anew.
fn compare_with_the_page(table: &str) {
    const HEAD: &str = "| function | mistake | first finding |\n|---|---|---|\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checking-gradients.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("the page has the table");
    let (_, after) = rest.split_once("\n\n## ").expect("a section follows the table");
    let renewed = format!("{before}{HEAD}{table}\n\n## {after}");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, renewed).unwrap();
    } else if renewed != page {
        let odd = table.lines().find(|line| !page.contains(line)).unwrap_or("a line is gone");
        panic!("docs/checking-gradients.md does not say: {odd}\nIf this is meant: just golden");
    }
}

#[test]
fn right_gradients_pass_at_ten_thousand_points() {
    let (subjects, mut smallest, mut checks) = (subjects(), f64::INFINITY, 0);
    let mut random = Random::new(11);
    while checks < 10_000 {
        for subject in &subjects {
            let x = (subject.point)(&mut random);
            let report = check(subject, 0, &x);
            assert!(report.is_right(), "{} at {x:?}\n{report}", subject.name);
            let sizes = report.components.iter().map(|c| c.truth.abs()).filter(|d| *d > 0.0);
            smallest = sizes.fold(smallest, f64::min);
            checks += 1;
        }
    }
    assert!(smallest < 1e-12, "the smallest derivative is {smallest:e}");
}

#[test]
fn right_gradients_are_not_accused_at_round_and_equal_numbers() {
    let (mut random, mut right, mut all) = (Random::new(17), 0, 0);
    let quarters = |x: &f64| (4.0 * x).round() / 4.0;
    for subject in &subjects() {
        for _ in 0..20 {
            let x = (subject.point)(&mut random);
            let round: Vec<f64> = x.iter().map(quarters).collect();
            let equal: Vec<f64> = x.iter().map(|of| x[0].copysign(*of)).collect();
            let single: Vec<f64> = x.iter().map(|of| f64::from(*of as f32)).collect();
            let zero: Vec<f64> =
                (0..x.len()).map(|k| if k % 2 == 0 { x[k] } else { 0.0 }).collect();
            for x in [round, equal, single, zero] {
                let report = check(subject, 0, &x);
                let accused = report.components.iter().any(|c| {
                    c.verdict == Verdict::Wrong && c.truth.is_finite() && c.yours.is_finite()
                        || matches!(c.reason, Reason::WrongNearBy { .. })
                });
                assert!(!accused, "{} at {x:?}\n{report}", subject.name);
                right += usize::from(report.is_right());
                all += 1;
            }
        }
    }
    assert!(10 * right >= 9 * all, "{right} of {all} are right");
}

#[test]
fn planted_mistakes_do_not_pass_at_round_and_equal_numbers() {
    let mut passed = Vec::new();
    for subject in subjects() {
        let x = (subject.point)(&mut Random::new(23));
        let round: Vec<f64> = x.iter().map(|x| (4.0 * x).round() / 4.0).collect();
        let equal: Vec<f64> = x.iter().map(|of| x[0].abs().min(1.3).copysign(*of)).collect();
        for x in [round, equal] {
            if !check(&subject, 0, &x).is_right() {
                continue; // The end of a domain.
            }
            // A form that loses digits elsewhere is right where it does not.
            let slips = subject.slips.iter().filter(|slip| !slip.2.contains(&"lost digits"));
            for Slip(number, what, _) in slips {
                let report = check(&subject, *number, &x);
                if report.is_right() {
                    passed.push(format!("{}: {what} at {x:?}\n{report}", subject.name));
                }
            }
        }
    }
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

#[test]
fn right_gradients_are_not_called_wrong_by_differences() {
    let mut random = Random::new(3);
    let (mut right, mut all) = (0, 0);
    for subject in &subjects() {
        for _ in 0..5 {
            let x = (subject.point)(&mut random);
            let tape = |x: &[f64]| value_and_gradient(|v| (subject.f)(v), x).0;
            let gradient = |x: &[f64]| (subject.gradient)(x, 0);
            let report = options(subject).black_box(tape, gradient, &x);
            assert_ne!(report.verdict(), Verdict::Wrong, "{} at {x:?}\n{report}", subject.name);
            right += report.components.iter().filter(|c| c.verdict == Verdict::Right).count();
            all += report.components.len();
        }
    }
    assert!(10 * right >= 9 * all, "{right} of {all} are called right");
}

/// The small network whose backpropagation is worked by hand in a well-known example: dE/dw1 is
/// 0.000438568 there (0.00043856773447434685 to more digits).
fn worked_example<N: Number>(w: &[N]) -> N {
    let [i1, i2] = [0.05, 0.10];
    let h1 = (w[0] * i1 + w[1] * i2 + 0.35).sigmoid();
    let h2 = (w[2] * i1 + w[3] * i2 + 0.35).sigmoid();
    let o1 = (w[4] * h1 + w[5] * h2 + 0.6).sigmoid();
    let o2 = (w[6] * h1 + w[7] * h2 + 0.6).sigmoid();
    (o1 - 0.01).square() * 0.5 + (o2 - 0.99).square() * 0.5
}

const WEIGHTS: [f64; 8] = [0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55];

#[test]
fn two_per_cent_of_a_small_derivative_are_seen() {
    let slipped = |w: &[f64]| {
        let mut g = gradient(|w| worked_example(w), w);
        g[0] *= 1.02;
        g
    };
    let report = check_gradient(|w| worked_example(w), slipped, &WEIGHTS);
    let wrong: Vec<_> = report.wrong().collect();
    assert_eq!(wrong.len(), 1);
    assert!((wrong[0].truth - 0.000_438_567_734_474_346_85).abs() < 1e-17);
    let value = |w: &[f64]| value_and_gradient(|w| worked_example(w), w).0;
    let report = check_black_box(value, slipped, &WEIGHTS);
    let verdicts: Vec<_> = report.components.iter().map(|c| c.verdict).collect();
    assert_eq!(verdicts[0], Verdict::Wrong, "{report}");
    assert!(verdicts[1..].iter().all(|verdict| *verdict == Verdict::Right), "{report}");
    assert!(report.taylor.is_some_and(|order| order < 1.9), "{report}");
}

#[test]
fn the_sign_of_a_tiny_derivative_is_seen() {
    let slipped = |x: &[f64]| vec![-1e-7 * x[0], x[1].cos()];
    let report = check_gradient(|v| v[0].square() * 5e-8 + v[1].sin(), slipped, &[1.0, 0.3]);
    assert_eq!(report.verdict(), Verdict::Wrong);
    assert_eq!(report.findings[0].mistake, Mistake::Sign);
    assert_eq!(report.findings[0].parts[0].to_string(), "x[0]");
    let plain = |x: &[f64]| x[0].powi(2) * 5e-8 + x[1].sin();
    assert_eq!(check_black_box(plain, slipped, &[1.0, 0.3]).wrong().count(), 1);
}

#[test]
fn a_tolerance_excuses_and_does_not_certify() {
    let f = |v: &[f64]| vec![-1e-7 * v[0]];
    let report = Check::new().excuse(1e-6).gradient(|v| v[0].square() * 5e-8, f, &[1.0]);
    assert_eq!(report.verdict(), Verdict::CannotTell);
    assert!(matches!(report.components[0].reason, Reason::Excused { .. }));
    assert!(report.passes() && !report.is_right());
    assert_gradient!(|v| v[0].square() * 5e-8, f, &[1.0], Check::new().excuse(1e-6));
}

#[test]
fn what_rounding_hides_cannot_be_told() {
    let x = 1e8;
    // The slope is 2 (x + 1) - 2 x - 2 = 0, of terms that are rounded to 1e-8.
    let report = check_gradient(
        |v| (v[0] + 1.0).square() * 0.1 - v[0].square() * 0.1 - v[0] * 0.2,
        |_| vec![1e-9],
        &[x],
    );
    assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
    assert!(matches!(report.components[0].reason, Reason::BelowError { .. }), "{report}");
}

#[test]
fn at_a_kink_nothing_is_called_wrong() {
    let report = check_gradient(|v| v[0].abs() + v[1], |_| vec![1.0, 1.0], &[0.0, 2.0]);
    assert_eq!(report.verdict(), Verdict::CannotTell);
    assert!(report.to_string().contains("kink at x = 0"), "{report}");
    let report = check_gradient(|v| v[0].abs() + v[1], |_| vec![1.0, 2.0], &[0.0, 2.0]);
    assert_eq!(report.verdict(), Verdict::Wrong, "the other component is not at a kink");
    let report = check_black_box(|x| x[0].abs(), |_| vec![1.0], &[0.0]);
    assert_eq!(report.verdict(), Verdict::CannotTell);
    let sides = Reason::BetweenKinks { left: -1.0, right: 1.0 };
    assert_eq!(report.components[0].reason, sides, "{report}");
}

#[test]
fn nan_is_wrong_where_the_truth_is_a_number_and_no_truth_where_it_is_not() {
    let report = check_gradient(|v| v[0].square(), |_| vec![f64::NAN], &[1.0]);
    assert_eq!((report.verdict(), name(&report)), (Verdict::Wrong, "not a number"));
    let report = check_gradient(|v| (v[0] - 2.0).ln(), |_| vec![1.0], &[1.0]);
    assert_eq!(report.verdict(), Verdict::CannotTell);
    let origin = report.origin.as_ref().unwrap();
    assert_eq!(origin.primitive, "ln", "{report}");
}

#[test]
fn a_constant_function_has_the_gradient_zero() {
    assert_gradient!(|_| Var::constant(3.0), |_| vec![0.0, 0.0], &[1.0, 2.0]);
    let report = check_gradient(|_| Var::constant(3.0), |_| vec![0.0, 1.0], &[1.0, 2.0]);
    assert_eq!(report.wrong().count(), 1);
    assert_gradient!(|v| v[0], |_| vec![1.0, 0.0], &[1.0, 2.0]);
}

#[test]
fn random_directions_find_what_components_do() {
    let f = |x: &[f64]| x.iter().map(|x| x.sin()).sum::<f64>();
    let x: Vec<f64> = (0..200).map(|k| k as f64 * 0.01).collect();
    let right = |x: &[f64]| x.iter().map(|x| x.cos()).collect::<Vec<_>>();
    let wrong = |x: &[f64]| {
        let mut g = right(x);
        g[77] *= -1.0;
        g
    };
    let check = Check::new().directions(4);
    assert!(check.black_box(f, right, &x).is_right());
    assert_eq!(check.black_box(f, wrong, &x).verdict(), Verdict::Wrong);
}

#[test]
fn taylor_says_two_for_right_and_one_for_wrong() {
    let f = |x: &[f64]| (x[0] * x[1]).exp();
    let x = [0.5, 0.8];
    let order = |factor: f64| {
        let g = |x: &[f64]| vec![factor * x[1] * f(x), x[0] * f(x)];
        check_black_box(f, g, &x).taylor.unwrap()
    };
    assert!((order(1.0) - 2.0).abs() < 0.1, "{}", order(1.0));
    assert!((order(1.1) - 1.0).abs() < 0.1, "{}", order(1.1));
}

#[test]
fn jacobians_are_checked_entry_by_entry() {
    let right = |x: &[f64]| vec![x[1], x[0], 0.0, 0.0, 1.0, 1.0];
    let f = |x: &[f64]| right(x);
    let report = check_jacobian(|v| vec![v[0] * v[1], v[1] + v[2]], f, &[2.0, 3.0, 4.0]);
    assert!(report.is_right(), "{report}");
    let by_columns = |x: &[f64]| vec![x[1], 0.0, x[0], 1.0, 0.0, 1.0];
    let report = check_jacobian(|v| vec![v[0] * v[1], v[1] + v[2]], by_columns, &[2.0, 3.0, 4.0]);
    assert_eq!(name(&report), "transposed", "{report}");
}

#[test]
fn products_of_the_hessian_are_checked() {
    let right = |x: &[f64], d: &[f64]| {
        vec![-x[0].sin() * x[1] * d[0] + x[0].cos() * d[1], x[0].cos() * d[0]]
    };
    let report = check_hvp(|v| v[0].sin() * v[1], right, &[0.4, 2.0]);
    assert!(report.is_right() && report.components.len() == 6, "{report}");
    let diagonal = |x: &[f64], d: &[f64]| vec![-x[0].sin() * x[1] * d[0], 0.0];
    assert_eq!(check_hvp(|v| v[0].sin() * v[1], diagonal, &[0.4, 2.0]).wrong().count(), 6);
}

struct Softsign {
    sign: f64,
}

impl Custom for Softsign {
    fn name(&self) -> &str {
        "softsign"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x[0] / (1.0 + x[0].abs())
    }
    fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
        partials[0] = self.sign / (1.0 + x[0].abs()).powi(2);
    }
}

#[test]
fn custom_primitives_are_checked() {
    let check = |sign| {
        let custom: Arc<dyn Custom> = Arc::new(Softsign { sign });
        check_custom(&custom, &[1.5])
    };
    assert!(check(1.0).is_right(), "{}", check(1.0));
    assert_eq!(check(1.0).oracle, Oracle::Differences);
    let report = check(-1.0);
    assert_eq!((report.verdict(), name(&report)), (Verdict::Wrong, "sign"));
    let program: Arc<dyn Custom> = Arc::new(record(|v| v[0].exp() * v[1], &[0.0, 1.0]));
    let report = check_custom(&program, &[0.5, 2.0]);
    assert!(report.is_right() && report.oracle == Oracle::Sweep, "{report}");
}

#[test]
fn a_function_with_a_custom_primitive_is_checked() {
    let custom: Arc<dyn Custom> = Arc::new(Softsign { sign: 1.0 });
    let slope = |x: f64| 1.0 / (1.0 + x.abs()).powi(2);
    let right =
        |x: &[f64]| vec![3.0 * slope(3.0 * x[0]) * x[1], 3.0 * x[0] / (1.0 + (3.0 * x[0]).abs())];
    let f = |x: &[f64]| right(x);
    let report = check_gradient(|v| Var::custom(&custom, &[v[0] * 3.0]) * v[1], f, &[0.5, 2.0]);
    assert!(report.is_right(), "{report}");
    let forgotten = |x: &[f64]| vec![3.0 * x[1], right(x)[1]];
    let report =
        check_gradient(|v| Var::custom(&custom, &[v[0] * 3.0]) * v[1], forgotten, &[0.5, 2.0]);
    assert_eq!(name(&report), "forgotten slope", "{report}");
}

#[test]
fn a_long_gradient_is_checked_with_few_runs_of_it() {
    let x: Vec<f64> = (0..20_000).map(|k| 0.51 + 1e-5 * k as f64).collect();
    let (runs, recordings) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let wrong = |x: &[f64]| {
        runs.fetch_add(1, Relaxed);
        x.iter().map(|x| 2.0 * x.sin() * x.cos() + 1e-3).collect::<Vec<_>>()
    };
    let report = check_gradient(|v| v.iter().map(|x| x.sin().square()).sum(), wrong, &x[..300]);
    assert_eq!((report.wrong().count(), runs.swap(0, Relaxed)), (300, 3));
    check_gradient(|v| counted(v, &recordings), |x| x.iter().map(|_| 0.7).collect(), &x[..1]);
    assert_eq!(recordings.swap(0, Relaxed), 3, "the point, and two for the search");
    assert!(check_gradient(|v| counted(v, &recordings), |_| vec![0.5], &x[..1]).is_right());
    assert_eq!(recordings.swap(0, Relaxed), 1, "a point that is not special");
    assert!(check_gradient(|v| counted(v, &recordings), |_| vec![0.5], &[1.0]).is_right());
    assert_eq!(recordings.swap(0, Relaxed), 5, "a special one, and two on each side");
}

fn counted<'t>(v: &[Var<'t>], recordings: &AtomicUsize) -> Var<'t> {
    recordings.fetch_add(1, Relaxed);
    v[0] * 0.5
}

/// A primitive whose partials change after they have been asked for so many times.
struct Fickle {
    asked: AtomicUsize,
    honest: usize,
}

impl Custom for Fickle {
    fn name(&self) -> &str {
        "fickle"
    }
    fn value(&self, x: &[f64]) -> f64 {
        2.0 * x[0]
    }
    fn partials(&self, _: &[f64], _v: f64, partials: &mut [f64]) {
        partials[0] = if self.asked.fetch_add(1, Relaxed) < self.honest { 2.0 } else { 3.0 };
    }
}

#[test]
fn an_oracle_that_contradicts_itself_is_no_judge() {
    let check = |honest: usize, yours: f64| {
        let custom: Arc<dyn Custom> = Arc::new(Fickle { asked: AtomicUsize::new(0), honest });
        check_gradient(|v| f_of(&custom, v), |_| vec![yours], &[0.37])
    };
    assert!(check(1_000, 2.0).is_right() && check(0, 3.0).is_right());
    for yours in [2.0, 3.0, 7.0] {
        let reports: Vec<Report> = (0..20).map(|honest| check(honest, yours)).collect();
        let disagrees = |report: &&Report| matches!(reason(report), Reason::OracleDisagrees { dual } if *dual == 3.0);
        let report = reports.iter().find(disagrees).expect("the sweep was told 2, and the duals 3");
        assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
        assert!(report.to_string().contains("dual numbers give 3"), "{report}");
    }
}

/// What a check says of the first component.
fn reason(report: &Report) -> &Reason {
    &report.components[0].reason
}

fn piecewise<N: Real>(v: &[N]) -> N {
    if v[0] < N::constant(1.0) { v[0].square() } else { v[0] * 3.0 - 2.0 }
}

#[test]
fn at_the_border_of_a_branch_nothing_is_called_wrong_and_the_border_is_named() {
    for slope in [2.0, 0.0, -17.0] {
        let report = check_gradient(|v| piecewise(v), |_| vec![slope], &[1.0]);
        assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
        let Reason::AtKink(NearKink { distance, kind }) = reason(&report) else {
            panic!("{report}")
        };
        let KinkKind::Branch(border) = kind else { panic!("{report}") };
        assert_eq!((*distance, border.comparison), (0.0, Comparison::Less));
        assert!(border.place.file.ends_with("tests/check.rs"), "{report}");
        assert!(report.to_string().contains("the branch on `<` at tests/check.rs:"), "{report}");
        assert!(report.findings.is_empty(), "{report}");
    }
    assert!(
        check_gradient(|v| piecewise(v), |_| vec![3.0], &[1.0]).is_right(),
        "the slope recorded"
    );
    let beside = [1.0 - 1e-9, 1.0 + 1e-9];
    assert!(check_gradient(|v| piecewise(v), |x| vec![2.0 * x[0]], &beside[..1]).is_right());
    assert!(check_gradient(|v| piecewise(v), |_| vec![3.0], &beside[1..]).is_right());
    let report = check_gradient(|v| piecewise(v), |_| vec![2.0], &beside[1..]);
    assert_eq!(report.verdict(), Verdict::Wrong, "beyond the border the piece is known");
}

#[test]
fn a_component_that_does_not_reach_the_border_is_judged() {
    let report = check_gradient(|v| bordered(v), |x| vec![1.0, 4.0 * x[1]], &[1.0, 0.37]);
    let verdicts: Vec<Verdict> = report.components.iter().map(|c| c.verdict).collect();
    assert_eq!(verdicts, [Verdict::Right, Verdict::Wrong], "{report}");
    assert_eq!(name(&report), "factor", "{report}");
    let report = check_gradient(|v| bordered(v), |x| vec![0.0, 4.0 * x[1]], &[1.0, 0.37]);
    let verdicts: Vec<Verdict> = report.components.iter().map(|c| c.verdict).collect();
    assert_eq!(verdicts, [Verdict::CannotTell, Verdict::Wrong], "{report}");
    assert_eq!(report.findings.len(), 1, "{report}");
    assert_eq!(report.findings[0].parts[0].to_string(), "x[1]");
}

fn bordered<N: Real>(v: &[N]) -> N {
    let tail = if v[0] < N::constant(1.0) { N::constant(0.0) } else { v[0] - 1.0 };
    v[1].square() + tail
}

#[test]
fn rounding_may_go_over_a_border() {
    // 3 * 0.1 is larger than 0.3 by rounding alone.
    let x = [0.1, 0.3];
    let report = check_gradient(|v| (v[0] * 3.0).min(v[1]), |_| vec![3.0, 0.0], &x);
    assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
    assert!(report.to_string().contains("rounding may have gone over it"), "{report}");
    let report =
        check_gradient(|v| (v[0] * 3.0).min(v[1]), |_| vec![3.0, 0.0], &[0.1, 0.3 - 1e-14]);
    assert_eq!(report.verdict(), Verdict::Wrong, "{report}");
}

#[test]
fn a_kink_within_a_primitive_of_ones_own_is_one() {
    let inner: Arc<dyn Custom> = Arc::new(record(|v| v[0].abs() * 2.0, &[1.0]));
    let f = |x: f64| check_gradient(|v| f_of(&inner, v), |_| vec![2.0], &[x]);
    assert_eq!(f(0.0).verdict(), Verdict::CannotTell, "{}", f(0.0));
    assert!(matches!(reason(&f(0.0)), Reason::AtKink(_)), "{}", f(0.0));
    assert!(f(0.37).is_right() && f(-0.37).verdict() == Verdict::Wrong);
}

fn f_of<'t>(custom: &Arc<dyn Custom>, v: &[Var<'t>]) -> Var<'t> {
    Var::custom(custom, &v[..1])
}

#[test]
fn slopes_on_both_sides_settle_what_an_equality_hides() {
    let special = |slope: f64| check_gradient(|v| special_case(v[0]), |_| vec![slope], &[1.0]);
    let report = special(2.0);
    assert!(report.is_right(), "{report}");
    assert!(matches!(reason(&report), Reason::Beside { digits: 9.., .. }), "{report}");
    assert!((report.components[0].truth - 2.0).abs() < 1e-9, "{report}");
    for slope in [0.0, 3.0] {
        let report = special(slope);
        assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
        assert!(report.to_string().contains("the branch on `==`"), "{report}");
    }
    // A jump has no derivative, though the slopes on both sides agree.
    for slope in [0.0, 2.0] {
        let report = check_gradient(|v| a_jump(v[0]), |_| vec![slope], &[1.0]);
        assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
    }
}

fn special_case<N: Real>(x: N) -> N {
    if x == N::constant(1.0) { x * 0.0 + 1.0 } else { x.square() }
}

fn a_jump<N: Real>(x: N) -> N {
    if x == N::constant(1.0) { x * 0.0 + 2.0 } else { x.square() }
}

#[test]
fn second_derivatives_at_a_kink_are_never_wrong_and_the_kink_is_named() {
    let smooth: [for<'t> fn(&[Var<'t>]) -> Var<'t>; 3] = [
        |v| Var::call(Op::Norm, v).square(),
        |v| v[0].hypot(v[1]).square(),
        |v| v[0].abs().square() + v[1].abs().square(),
    ];
    for f in smooth {
        let check = |factor: f64| {
            let hvp = |_: &[f64], d: &[f64]| d.iter().map(|d| factor * d).collect();
            check_hvp(f, hvp, &[0.0, 0.0])
        };
        for factor in [0.0, 1.0, 3.0] {
            let report = check(factor);
            assert_eq!(report.verdict(), Verdict::CannotTell, "{report}");
            assert!(report.to_string().contains("kink at"), "{report}");
        }
        let report = check(2.0);
        let told = report.is_right() || report.to_string().contains("kink at");
        assert!(told && report.verdict() != Verdict::Wrong, "{report}");
        let right = |_: &[f64], d: &[f64]| d.iter().map(|d| 2.0 * d).collect();
        assert!(check_hvp(f, right, &[0.3, -0.4]).is_right());
        let wrong = |_: &[f64], d: &[f64]| d.to_vec();
        assert_eq!(check_hvp(f, wrong, &[0.3, -0.4]).verdict(), Verdict::Wrong);
    }
    // A kink that leaves a product alone does not hide what is wrong with it.
    let right = |_: &[f64], d: &[f64]| vec![0.0, 2.0 * d[1]];
    let f = |d: f64| check_hvp(|v| v[0].relu() + v[1].square() * d, right, &[0.0, 0.37]);
    let verdicts = |d: f64| f(d).components.iter().map(|c| c.verdict).collect::<Vec<_>>();
    assert_eq!(verdicts(1.0), [Verdict::CannotTell, Verdict::Right].repeat(3));
    assert_eq!(verdicts(2.0), [Verdict::CannotTell, Verdict::Wrong].repeat(3));
}

#[test]
fn a_component_that_only_rounding_keeps_from_zero_is_right() {
    let f = |w: &[f64]| vec![6.0 * (w[0] * 3.0 - 0.3)];
    let report = check_gradient(|v| (v[0] * 3.0 - 0.3).square(), f, &[0.1]);
    assert!(report.is_right(), "{report}");
    let zero = |x: &[f64]| vec![(x[0] - 0.1) * 18.0];
    let report = check_gradient(|v| (v[0] * 3.0 - 0.3).square(), zero, &[0.1]);
    assert!(report.is_right(), "{report}");
    assert!(matches!(reason(&report), Reason::Zero { .. }), "{report}");
    assert!(report.to_string().contains("zero, as far as rounding tells"), "{report}");
    assert_gradient!(|v| (v[0] * 3.0 - 0.3).square(), zero, &[0.1]);
    let twice = |x: &[f64]| vec![(x[0] - 0.1) * 36.0];
    let report = check_gradient(|v| (v[0] * 3.0 - 0.3).square(), twice, &[0.1]);
    assert!(!report.is_right() && name(&report) == "factor", "{report}");
    // Of a map that doubles every error, rounding leaves nothing: that is not zero.
    let chaotic = |factor: f64| {
        check_gradient(
            |v| (0..120).fold(v[0], |x, _| x * (-x + 1.0) * 3.99),
            |x| {
                vec![factor * gradient(|v| (0..120).fold(v[0], |x, _| x * (-x + 1.0) * 3.99), x)[0]]
            },
            &[0.3],
        )
    };
    assert_eq!(chaotic(2.0).verdict(), Verdict::CannotTell, "{}", chaotic(2.0));
}

#[test]
fn agreement_by_chance_is_found_out_near_by() {
    let square = |by: f64| move |x: &[f64]| vec![by * (x[0] - 1.0)];
    let report = check_gradient(|v| (v[0] - 1.0).square(), square(4.0), &[1.0]);
    assert_eq!((report.verdict(), report.passes()), (Verdict::CannotTell, false), "{report}");
    let NearBy::Wrong { x } = &report.near_by else { panic!("{report}") };
    let Reason::WrongNearBy { yours, truth } = *reason(&report) else { panic!("{report}") };
    assert!((yours - 4.0 * (x[0] - 1.0)).abs() < 1e-15 && (truth - yours / 2.0).abs() < 1e-15);
    assert!(report.to_string().contains("right at this point, but wrong near by"), "{report}");
    assert!(report.to_string().contains("likely: x[0]: twice the truth"), "{report}");
    let report = check_gradient(|v| (v[0] - 1.0).square(), square(2.0), &[1.0]);
    assert_eq!((report.is_right(), &report.near_by), (true, &NearBy::Right { points: 4 }));
}

#[test]
fn a_point_near_by_counts_on_the_same_piece_alone() {
    // Right for what is recorded at 1, and for nothing beyond 1.005.
    let here = |x: &[f64]| vec![2.0 * x[0]];
    let kink = check_gradient(|v| v[0].square() + (v[0] - 1.005).relu(), here, &[1.0]);
    assert_eq!((kink.is_right(), &kink.near_by), (true, &NearBy::Right { points: 4 }), "{kink}");
    let branch = check_gradient(|v| beyond(v[0]), here, &[1.0]);
    assert_eq!((branch.is_right(), &branch.near_by), (true, &NearBy::Right { points: 4 }));
    // Where no point near by is on the piece, the report says so.
    let report = check_gradient(|v| narrow(v[0]), here, &[1.0]);
    assert_eq!((report.is_right(), &report.near_by), (true, &NearBy::Nothing), "{report}");
    assert!(report.to_string().contains("judged at this point alone"), "{report}");
    // A recorded program is not run where its comparisons go the other way.
    let program = record(|v| beyond(v[0]), &[1.0]);
    assert!(program.check_gradient(here, &[1.0]).is_right());
    let wrong = program.check_gradient(|x| vec![x[0]], &[1.0]);
    assert_eq!((wrong.verdict(), name(&wrong)), (Verdict::Wrong, "factor"), "{wrong}");
}

#[test]
fn code_may_panic_outside_of_its_domain() {
    let report = check_gradient(|v| root(v[0]), |x| vec![1.5 * x[0].sqrt()], &[0.0]);
    assert_ne!(report.verdict(), Verdict::Wrong, "{report}");
    let by_hand = |x: &[f64]| {
        assert!(x[0] <= 1.0, "beyond the domain");
        vec![-2.0 * x[0]]
    };
    assert!(check_gradient(|v| -v[0].square(), by_hand, &[1.0]).is_right());
}

fn root<N: Real>(x: N) -> N {
    assert!(x >= N::constant(0.0), "beyond the domain");
    x * x.sqrt()
}

fn beyond<N: Real>(x: N) -> N {
    if x > N::constant(1.005) { x.square() * 2.0 } else { x.square() }
}

fn narrow<N: Real>(x: N) -> N {
    let near = x > N::constant(1.0 - 1e-6) && x < N::constant(1.0 + 1e-6);
    if near { x.square() } else { x.square() * 2.0 }
}

#[test]
fn numbers_that_are_meant_for_one_point_are_judged_there() {
    let report = check_gradient(|v| v[0].square() * v[1], |_| vec![12.0, 4.0], &[2.0, 3.0]);
    assert_eq!((report.is_right(), &report.near_by), (true, &NearBy::Constant), "{report}");
    assert!(report.to_string().contains("yours are the same numbers"), "{report}");
    let report = check_gradient(|v| v[0].square() * v[1], |x| vec![12.0, x[0] * x[0]], &[2.0, 3.0]);
    assert!(!report.is_right(), "one of the two moves: {report}");
}

#[test]
fn a_special_case_that_loses_digits_near_by_is_no_mistake() {
    // (x - sin x) / x^3 by hand, with its limit at 0 and no series around it.
    let by_hand = |x: &[f64]| {
        let (x, s, c) = (x[0], x[0].sin(), x[0].cos());
        vec![if x == 0.0 { 0.0 } else { c / x - s / (x * x) }]
    };
    let report = check_gradient(|v| v[0].sinc(), by_hand, &[0.0]);
    assert!(report.is_right(), "{report}");
}

#[test]
fn a_wrong_constant_is_named_as_such() {
    const C: [f64; 2] = [0.4, -0.6];
    const H: [f64; 2] = [0.2, 0.1];
    let by_hand = |data: [f64; 2]| {
        move |w: &[f64]| -> Vec<f64> {
            let unit = |j: usize| {
                let s = 1.0 / (1.0 + (-w[j]).exp());
                let y = (s * C[j]).tanh();
                (1.0 - y * y) * data[j] * s * (1.0 - s)
            };
            (0..2).map(unit).collect()
        }
    };
    let check = |data: [f64; 2]| {
        check_gradient(
            |w| (0..2).map(|j| (w[j].sigmoid() * C[j]).tanh()).sum(),
            by_hand(data),
            &[0.3, 0.7],
        )
    };
    assert!(check(C).is_right());
    let report = check(H);
    assert_eq!(name(&report), "wrong constant", "{report}");
    let Mistake::WrongConstant { yours, truth, edges, .. } = report.findings[0].mistake else {
        panic!("{report}")
    };
    assert!((yours - 0.2).abs() < 1e-9 && (truth, edges) == (0.4, 2), "{report}");
    assert!(report.to_string().contains("is 0.2 where 0.4 belongs"), "{report}");
    assert!(!report.to_string().contains("a factor"), "{report}");
    let report = check([0.4, 0.1]);
    assert_eq!(name(&report), "wrong constant", "{report}");
    assert!(report.to_string().contains("is 0.1 where -0.6 belongs"), "{report}");
}

#[test]
fn a_factor_is_said_once() {
    let said = |factor: f64| {
        let slope = move |x: &[f64]| vec![factor * x[0].cos()];
        let report = check_gradient(|v| v[0].sin(), slope, &[0.37]);
        let text = report.to_string();
        text.split("x[0]: ").nth(1).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(said(0.5), "half of the truth: a factor 2 is missing");
    assert_eq!(said(0.5 - 1e-16), "half of the truth: a factor 2 is missing");
    assert_eq!(said(0.5 + 1e-16), "half of the truth: a factor 2 is missing");
    assert_eq!(said(2.0 + 1e-15), "twice the truth");
    assert_eq!(said(-2.0 - 1e-15), "minus twice the truth");
    assert_eq!(said(3.0), "3 times the truth: a factor 1/3 is missing");
    assert_eq!(said(0.25), "0.25 times the truth: a factor 4 is missing");
    assert_eq!(said(-0.25), "-0.25 times the truth: a factor -4 is missing");
    assert_eq!(said(-3.0), "-3 times the truth: a factor -1/3 is missing");
}

#[test]
fn what_does_not_fit_on_the_report_is_counted() {
    let x: Vec<f64> = (1..=20).map(|k| 0.1 * f64::from(k) + 0.003).collect();
    let wrong = |x: &[f64]| {
        let factor = |k: usize| 3.0 + 2.0 * (k * k) as f64;
        x.iter().enumerate().map(|(k, x)| factor(k) * x.cos()).collect::<Vec<_>>()
    };
    let report = check_gradient(|v| v.iter().map(|x| x.sin()).sum(), wrong, &x);
    let text = report.to_string();
    assert!(text.contains("... and 8 more that are wrong"), "{text}");
    assert!(
        text.contains("and 14 more components: no mistake was found that gives them"),
        "{text}"
    );
    // Those that are wrong come first.
    let mixed = |x: &[f64]| {
        let slope = |(k, x): (usize, &f64)| if k < 14 { -1.0 } else { 3.0 * x.cos() };
        x.iter().enumerate().map(slope).collect::<Vec<_>>()
    };
    let mut at = x.clone();
    at[..14].fill(0.0);
    let report = check_gradient(
        |v| {
            v[..14].iter().map(|x| x.abs()).sum::<Var<'_>>()
                + v[14..].iter().map(|x| x.sin()).sum::<Var<'_>>()
        },
        mixed,
        &at,
    );
    let text = report.to_string();
    assert_eq!(text.matches("WRONG").count(), 6, "{text}");
    assert!(text.contains("... and 8 more that cannot be judged"), "{text}");
}

#[test]
fn without_places_a_finding_says_how_to_see_them() {
    let forgotten = |x: &[f64]| vec![x[1], x[0].exp()];
    let text = check_gradient(|v| v[0].exp() * v[1], forgotten, &[0.5, 2.0]).to_string();
    let told = text.contains("with the feature `places` of wengert its line is named");
    assert_eq!(told, !cfg!(feature = "places"), "{text}");
    let text = check_gradient(|v| v[0].exp(), |x| vec![-x[0].exp()], &[0.37]).to_string();
    assert!(!text.contains("feature `places`"), "{text}");
}

#[test]
fn programs_are_checked() {
    let f = record(|v| v[0].exp() * v[1], &[0.0, 1.0]);
    assert!(f.check_gradient(|x| vec![x[1] * x[0].exp(), x[0].exp()], &[0.5, 2.0]).is_right());
    let report = f.check_gradient(|x| vec![x[1], x[0].exp()], &[0.5, 2.0]);
    assert_eq!(name(&report), "forgotten slope", "{report}");
}

#[test]
#[should_panic(expected = "the gradient has 1 components, and the point 2")]
fn a_gradient_of_another_length_panics() {
    check_gradient(|v| v[0] * v[1], |x| vec![x[1]], &[1.0, 2.0]);
}

#[test]
#[should_panic(expected = "the sign is wrong")]
fn the_macro_fails_with_the_report() {
    assert_gradient!(|v| v[0].cos(), |x| vec![x[0].sin()], &[1.0]);
}
