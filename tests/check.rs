//! The check of derivatives written by hand: planted mistakes, right ones, and what can be said of
//! either. It must not know how the check works.

mod planted;

use planted::{Random, Slip, Subject, subjects};
use std::path::Path;
use std::sync::Arc;
use std::{env, fs};
use wengert::check::{Mistake, Oracle, Reason};
use wengert::prelude::*;
use wengert::{
    Check, Report, Verdict, assert_gradient, check_black_box, check_custom, check_gradient,
    check_hvp, check_jacobian,
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
fn a_search_in_a_long_tape_ends_soon() {
    let x: Vec<f64> = (0..20_000).map(|k| 0.5 + 1e-5 * k as f64).collect();
    let wrong = |x: &[f64]| x.iter().map(|x| 2.0 * x.sin() * x.cos() + 1e-3).collect::<Vec<_>>();
    let started = std::time::Instant::now();
    let report = check_gradient(|v| v.iter().map(|x| x.sin().square()).sum(), wrong, &x);
    assert_eq!(report.wrong().count(), 20_000);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
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
