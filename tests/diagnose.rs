//! Where a NaN comes from, how sensitive and how exact a value is, which kinks are near. It must not
//! know how any of it is found.

use wengert::check::{Advice, Cause, Decision, Diagnosis, KinkKind};
use wengert::prelude::*;

/// A tape that remembers lines, where this build can.
fn tape() -> Tape {
    #[cfg(feature = "places")]
    return Tape::with_places();
    #[cfg(not(feature = "places"))]
    Tape::new()
}

fn diagnose(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> Diagnosis {
    let tape = tape();
    let output = f(&tape.input_slice(x));
    tape.diagnose(output)
}

#[test]
fn a_naive_log_softmax_is_traced_to_the_exp_that_overflowed() {
    let tape = tape();
    let x = tape.inputs(["a", "b", "c"], [1.0, 1000.0, 2.0]);
    let (e, line) = (x.map(|x| x.exp()), line!());
    let sum = e[0] + e[1] + e[2];
    let loss = (-(e[0] / sum).ln()).named("loss");
    let diagnosis = tape.diagnose(loss);
    let fault = diagnosis.value.as_ref().unwrap();
    assert_eq!((fault.site.primitive.as_str(), fault.cause), ("exp", Cause::Overflow));
    assert_eq!(fault.operands[0].value, 1000.0);
    assert_eq!(fault.operands[0].site.as_ref().unwrap().name.as_deref(), Some("b"));
    assert_eq!(diagnosis.advice, [Advice::LogSoftmax]);
    let message = diagnosis.to_string();
    assert!(message.contains("logsumexp"), "{message}");
    if cfg!(feature = "places") {
        let place = fault.site.place.as_ref().unwrap();
        assert_eq!((place.line, &*place.file), (line, file!()));
        assert!(message.contains(&format!("diagnose.rs:{line}:")), "{message}");
    }
    // What is advised is finite, and right.
    let right = -(x[0] - Number::call(Op::LogSumExp, &x));
    assert_eq!(right.value(), 999.0);
    assert!(tape.diagnose(right).is_clean());
}

#[test]
fn the_advice_fits_the_formula() {
    let cases: [(&str, Diagnosis, Advice); 8] = [
        (
            "ln of a sum",
            diagnose(|v| (v[0].exp() + v[1].exp()).ln(), &[800.0, 1.0]),
            Advice::LogSumExp,
        ),
        (
            "vanished",
            diagnose(|v| (v[0].exp() + v[1].exp()).ln(), &[-800.0, -900.0]),
            Advice::LogSumExp,
        ),
        (
            "softmax",
            diagnose(|v| v[0].exp() / (v[0].exp() + v[1].exp()), &[800.0, 1.0]),
            Advice::Softmax,
        ),
        ("softplus", diagnose(|v| (v[0].exp() + 1.0).ln(), &[800.0]), Advice::Softplus),
        ("sigmoid", diagnose(|v| 1.0 / ((-v[0]).exp() + 1.0), &[-800.0]), Advice::Sigmoid),
        ("norm", diagnose(|v| (v[0].square() + v[1].square()).sqrt(), &[1e200, 1.0]), Advice::Norm),
        (
            "norm at 0",
            diagnose(|v| (v[0].square() + v[1].square()).sqrt(), &[0.0, 0.0]),
            Advice::Norm,
        ),
        ("sinc", diagnose(|v| v[0].sin() / v[0], &[0.0]), Advice::Sinc),
    ];
    for (name, diagnosis, advice) in cases {
        assert_eq!(diagnosis.advice, [advice], "{name}\n{diagnosis}");
    }
}

#[test]
fn a_value_outside_the_domain_says_what_the_domain_is() {
    let diagnosis = diagnose(|v| (v[0] - v[1]).sqrt() * 2.0, &[1.0, 3.0]);
    let fault = diagnosis.value.as_ref().unwrap();
    assert_eq!((fault.site.primitive.as_str(), fault.operands[0].value), ("sqrt", -2.0));
    assert!(matches!(fault.cause, Cause::OutsideDomain(Some(_))));
    assert!(diagnosis.to_string().contains("x >= 0.0"), "{diagnosis}");
    let given = diagnose(|v| v[0] * 2.0, &[f64::NAN]);
    assert_eq!(given.value.unwrap().cause, Cause::Given);
}

#[test]
fn an_adjoint_that_is_not_finite_has_its_convention() {
    // d/dx sqrt(x) * 0 at 0: the slope is infinite, and what arrives is 0.
    let diagnosis = diagnose(|v| v[0].sqrt() * 0.0, &[0.0]);
    assert!(diagnosis.value.is_none());
    let fault = diagnosis.adjoint.as_ref().unwrap();
    assert_eq!((fault.site.input, fault.cause), (Some(0), Cause::ZeroTimesInfinity));
    assert!(fault.found.is_nan());
    assert!(matches!(diagnosis.decided[..], [Decision::ZeroTimesInfinity { .. }]));
    assert_eq!(diagnosis.advice, [Advice::RootAtZero]);

    let diagnosis = diagnose(|v| v[0].sqrt(), &[0.0]);
    let fault = diagnosis.adjoint.as_ref().unwrap();
    assert_eq!((fault.found, fault.cause), (f64::INFINITY, Cause::InfiniteSlope));
    assert!(matches!(diagnosis.decided[..], [Decision::InfiniteSlope { .. }]));
}

#[test]
fn an_edge_that_is_not_taken_is_no_fault() {
    let diagnosis = diagnose(|v| v[0].select(v[0].ln(), v[0] * 2.0), &[-1.0]);
    assert!(diagnosis.is_clean(), "{diagnosis}");
    let [Decision::NotTaken { behind, .. }] = &diagnosis.decided[..] else {
        panic!("{diagnosis:?}");
    };
    assert_eq!(behind.primitive, "ln");
}

#[test]
fn a_kink_that_decides_is_named() {
    let diagnosis = diagnose(|v| v[0].abs() + (v[0] * 0.0).sqrt(), &[0.0]);
    let kinks = diagnosis.decided.iter().filter(|d| matches!(d, Decision::Kink(_)));
    assert_eq!(kinks.count(), 1, "{diagnosis}");
    assert!(diagnosis.to_string().contains("kink at x = 0"), "{diagnosis}");
}

#[cfg(feature = "places")]
#[test]
fn every_way_to_record_remembers_its_line() {
    fn generic<N: Number>(x: &[N]) -> [(N, u32); 6] {
        [
            (x[0] + x[1], line!()),
            (x[0] * 2.0, line!()),
            (-x[0], line!()),
            (x[0].exp(), line!()),
            (x[0].mul_add(x[1], x[0]), line!()),
            (N::call(Op::Sum, x), line!()),
        ]
    }
    let tape = Tape::with_places();
    let x = tape.input_slice(&[0.5, 2.0]);
    let mut assigned = x[0];
    assigned += x[1];
    let after = line!() - 1;
    let recorded = generic(&x).into_iter().chain([(assigned, after), (2.0 / x[0], line!())]);
    for (var, line) in recorded {
        let sensitivity = tape.sensitivity(var);
        assert_eq!(sensitivity.output.place.map(|place| place.line), Some(line));
    }
    let sum = x.iter().sum::<Var<'_>>() + 1.0;
    let place = tape.sensitivity(tape.at(sum.slot().unwrap() - 1)).output.place;
    assert!(place.is_none(), "the line of a sum of an iterator is in std: {place:?}");
}

#[cfg(feature = "places")]
#[test]
fn places_follow_the_tape_when_it_is_rewound() {
    let mut tape = Tape::with_places();
    tape.new_input("x", 1.0);
    let mark = tape.mark();
    let _ = tape.input(0).sin();
    tape.rewind(mark);
    let (y, line) = (tape.input(0).cos(), line!());
    assert_eq!(tape.sensitivity(y).output.place.unwrap().line, line);
}

#[test]
fn condition_numbers_are_those_of_closed_forms() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [3.0, 2.5]);
    let of = |output: Var<'_>| {
        let sensitivity = tape.sensitivity(output);
        sensitivity.inputs.iter().map(|input| input.condition).collect::<Vec<_>>()
    };
    assert_relative_eq!(of(x - y)[..], [6.0, 5.0], max_relative = 1e-14); // |x| / |x - y|
    assert_relative_eq!(of(x.exp())[..], [3.0], max_relative = 1e-14); // |x|
    assert_relative_eq!(of(x.powf(7.0))[..], [7.0], max_relative = 1e-14); // |n|
    assert_relative_eq!(of(x * y)[..], [1.0, 1.0], max_relative = 1e-14);
    assert_relative_eq!(of(x.ln())[..], [1.0 / 3f64.ln()], max_relative = 1e-14); // 1 / |ln x|
    assert_relative_eq!(tape.sensitivity(x - y).condition(), 11.0, max_relative = 1e-14);
}

#[test]
fn the_rounding_error_is_within_its_bound_and_the_bound_is_not_idle() {
    // (1 - cos x) / x^2 near 0 is 1/2 - x^2/24 + ..., but 1 - cos x cancels.
    for x in [1e-2f64, 1e-3, 1e-4, 1e-5] {
        let tape = Tape::new();
        let v = tape.new_input("x", x);
        let y = (1.0 - v.cos()) / v.square();
        let sensitivity = tape.sensitivity(y);
        let truth = 0.5 - x.powi(2) / 24.0 + x.powi(4) / 720.0;
        let error = (y.value() - truth).abs();
        assert!(error <= sensitivity.rounding, "{x}: {error:e}\n{sensitivity}");
        assert!(sensitivity.rounding < 1e-14 / x.powi(2), "{x}\n{sensitivity}");
        assert_eq!(sensitivity.slots[0].site.primitive, "cos");
    }
    // A tenth added ten times: the sum of all is 1 - 1.1e-16.
    let tape = Tape::new();
    let tenth = tape.new_input("tenth", 0.1);
    let total = (1..10).fold(tenth, |total, _| total + tenth);
    let sensitivity = tape.sensitivity(total);
    let exact = 1.000_000_000_000_000_055_511_151_231_257_8; // ten times the f64 nearest to 0.1
    assert!((total.value() - exact).abs() <= sensitivity.rounding, "{sensitivity}");
    assert!(sensitivity.rounding < 1e-15, "{sensitivity}");
}

#[test]
fn an_exact_result_has_no_rounding_error() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [3.0, -5.0]);
    let sensitivity = tape.sensitivity((-x).max(y).abs());
    assert_eq!((sensitivity.rounding, sensitivity.digits()), (0.0, 16.0));
}

#[test]
fn kinks_and_branches_near_by_are_listed_by_distance() {
    let tape = Tape::new();
    let [x, y] = tape.inputs(["x", "y"], [0.02, 0.5]);
    let (branch, line) = (if x < 0.03 { x * 2.0 } else { y }, line!());
    let out = (branch + y).max(y * 0.9) + (x - y).relu() + x.abs();
    let near = tape.kinks_near(out, 0.1);
    let told: Vec<String> = near
        .iter()
        .map(|kink| match &kink.kind {
            KinkKind::Primitive { site, .. } => format!("{} {:.3}", site.primitive, kink.distance),
            KinkKind::Branch(border) => {
                format!("line {} {:.3}", border.place.line, kink.distance)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [format!("line {line} 0.010"), "abs 0.020".into(), "max 0.090".into()]);
    assert_eq!(tape.kinks_near(out, 1.0).len(), 4);
    assert!(tape.kinks_near(out, 1e-3).is_empty());
}

#[test]
fn a_constant_output_is_called_a_constant() {
    let diagnosis = Tape::new().diagnose(Var::constant(3.0));
    assert!(diagnosis.is_clean() && diagnosis.output.is_none());
    assert!(diagnosis.to_string().starts_with("the output is a constant, 3"), "{diagnosis}");
}

#[test]
#[should_panic(expected = "the output is a constant, 3, on no tape")]
fn a_constant_has_no_sensitivity() {
    Tape::new().sensitivity(Var::constant(3.0));
}
