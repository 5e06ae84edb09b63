//! Branches that were decided at their border: listed for tapes and programs alike, with the place,
//! the two values and the answer. What the derivative of the function is at such a point, no list
//! can know.

use std::cmp::Ordering;
use std::sync::Arc;
use wengert::check::{Answer, Border, KinkKind};
use wengert::prelude::*;
use wengert::{Comparison, Error};

/// What a function's borders are at a point: the same by the tape and by the program.
#[track_caller]
fn borders(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> Vec<Border> {
    let tape = Tape::new();
    let y = f(&tape.input_slice(x));
    let by_tape = tape.borders();
    let program = record(&f, x);
    assert_eq!(program.borders(x).unwrap(), by_tape);
    assert_eq!(tape.diagnose(y).borders, by_tape);
    assert_eq!(program.diagnose(x).unwrap().borders, by_tape);
    by_tape
}

/// The questions, values and answers of borders.
fn told(borders: &[Border]) -> Vec<(Comparison, [f64; 2], Answer)> {
    borders.iter().map(|border| (border.comparison, border.values, border.answer)).collect()
}

#[test]
fn a_special_case_by_equality_is_a_border_where_it_is_taken() {
    let line = line!() + 2;
    fn square<'t>(v: &[Var<'t>]) -> Var<'t> {
        if v[0] == 1.0 { Var::constant(1.0) } else { v[0].square() }
    }
    let at = borders(square, &[1.0]);
    assert_eq!(told(&at), [(Comparison::Equal, [1.0, 1.0], Answer::Yes)]);
    assert_eq!((&*at[0].place.file, at[0].place.line), (file!(), line));
    assert_eq!(borders(square, &[1.5]), []);
    assert_eq!(borders(square, &[1.0 + f64::EPSILON]), []);
}

#[test]
fn a_product_that_stops_at_a_zero_has_its_border() {
    let product = |v: &[f64]| {
        borders(
            |v| {
                let mut p = Var::constant(1.0);
                for x in v {
                    p *= *x;
                    if p == 0.0 {
                        break;
                    }
                }
                p
            },
            v,
        )
    };
    assert_eq!(
        told(&product(&[1.0, 2.0, 0.0, 3.0, 4.0])),
        [(Comparison::Equal, [0.0, 0.0], Answer::Yes)]
    );
    assert_eq!(product(&[1.0, 2.0, 3.0]), []);
}

#[test]
fn a_tie_is_a_border_whatever_was_asked() {
    let asked = borders(
        |v| {
            let mut y = v[0];
            for yes in [v[0] < v[1], v[0] <= v[1], v[0] > v[1], v[0] >= v[1], v[0] != v[1]] {
                y = if yes { y * 2.0 } else { y };
            }
            if v[0].partial_cmp(&v[1]) == Some(Ordering::Equal) { y + 1.0 } else { y }
        },
        &[3.0, 3.0],
    );
    use Answer::*;
    let answers: Vec<Answer> = asked.iter().map(|border| border.answer).collect();
    assert_eq!(answers, [No, Yes, No, Yes, Yes, Order(Some(Ordering::Equal))]);
    assert!(asked[0].to_string().ends_with("answered no to 3 < 3"), "{}", asked[0]);
    assert!(asked[5].to_string().ends_with("found 3 and 3 equal"), "{}", asked[5]);
}

#[test]
fn whether_a_number_is_nearly_0_is_a_border_where_it_is() {
    let length = |x: &[f64], least: f64| {
        borders(
            |v| {
                let norm = Var::call(Op::Norm, v);
                if norm < least { Var::constant(0.0) } else { norm }
            },
            x,
        )
    };
    assert_eq!(told(&length(&[0.0, 0.0], 1e-12)), [(Comparison::Less, [0.0, 1e-12], Answer::Yes)]);
    assert_eq!(length(&[3e-13, 4e-13], 1e-12).len(), 1);
    assert_eq!(length(&[1.0, 1.0], 1e-12), []);
    // An ordinary threshold is not told from 0.
    assert_eq!(length(&[0.0, 0.0], 0.5), []);
    assert_eq!(length(&[0.0, 0.0], 0.0).len(), 1);
}

#[test]
fn a_number_compared_with_itself_is_at_no_border() {
    #[allow(clippy::eq_op)]
    let f = |v: &[Var<'_>]| v[0] == v[0];
    let tape = Tape::new();
    let v = tape.input_slice(&[2.0]);
    assert!(f(&v));
    assert_eq!(tape.borders(), []);
    assert_eq!(tape.kinks_near(v[0], 1e9), []);
}

#[test]
fn a_jump_behind_a_comparison_is_its_border() {
    // floor(x) < 2.5 is x < 3: at 3 the two sides are half a unit apart, and yet it is the border.
    let f = |v: &[Var<'_>]| v[0].floor() < 2.5;
    let distance = |x: f64| {
        let tape = Tape::new();
        let v = tape.input_slice(&[x]);
        f(&v);
        (tape.kinks_near(v[0], 10.0)[0].distance, tape.borders().len())
    };
    assert_eq!(distance(3.0), (0.0, 1));
    assert_eq!(distance(2.875), (0.125, 0));
}

#[test]
fn infinities_are_equal_and_a_nan_is_not() {
    let f = |v: &[Var<'_>]| {
        let tape = v[0].tape().unwrap();
        let _ = v[0] == f64::INFINITY;
        tape.borders().len()
    };
    let at = |x: f64| f(&Tape::new().input_slice(&[x]));
    assert_eq!([at(f64::INFINITY), at(1.0), at(f64::NAN)], [1, 0, 0]);
}

/// |x| by a branch, beside a primitive with a kink.
fn inner() -> Arc<dyn Custom> {
    Arc::new(record(
        |v| {
            let size = if v[0] < 0.0 { -v[0] } else { v[0] };
            (size + v[1].abs()).named("inner")
        },
        &[1.0, 1.0],
    ))
}

#[test]
fn programs_within_programs_count() {
    let custom = inner();
    let outer = |v: &[Var<'_>]| {
        let tape = v[0].tape().unwrap();
        tape.at(tape.custom(&custom, &[tape.input(0), tape.input(1)]).slot().unwrap());
    };
    let tape = Tape::new();
    let v = tape.inputs(["x", "y"], [0.0, 0.0]);
    outer(&v);
    let y = tape.at(2);
    let found = tape.borders();
    assert_eq!(told(&found), [(Comparison::Less, [0.0, 0.0], Answer::No)]);
    assert_eq!(found[0].within[0].slot, 2);
    assert!(found[0].place.file.ends_with("borders.rs"), "{}", found[0].place);
    assert!(found[0].to_string().contains("within `inner` (%2)"), "{}", found[0]);
    let near: Vec<_> = tape.kinks_near(y, 0.0).into_iter().map(|kink| kink.kind).collect();
    assert_eq!(near.len(), 2);
    let abs = |kind: &KinkKind| {
        matches!(kind, KinkKind::Primitive { site, within, .. }
        if site.primitive == "abs" && within.len() == 1)
    };
    assert!(near.iter().any(abs), "{near:?}");

    // Twice as deep, and by a program of the outer tape.
    let program: Arc<dyn Custom> = Arc::new(tape.program(&[y]));
    let deep = Tape::new();
    let x = deep.inputs(["x", "y"], [0.0, 3.0]);
    let y = deep.custom(&program, &x);
    assert_eq!(deep.borders()[0].within.len(), 2);
    let kinks = deep.kinks_near(y, 3.0);
    assert_eq!(kinks.iter().map(|kink| kink.distance).collect::<Vec<_>>(), [0.0, 3.0]);
    assert!(deep.diagnose(y).to_string().contains("border"));
    // What nothing reaches has no kink, but its comparison was made.
    assert_eq!(deep.kinks_near(x[0], 3.0).len(), 1);
}

#[test]
fn a_constant_that_a_branch_returned_has_its_borders() {
    fn sinc<'t>(v: &[Var<'t>]) -> Var<'t> {
        if v[0] == 0.0 { Var::constant(1.0) } else { v[0].sin() / v[0] }
    }
    assert_eq!(borders(sinc, &[0.0]).len(), 1);
    let tape = Tape::new();
    let y = sinc(&tape.input_slice(&[0.0]));
    assert_eq!(tape.kinks_near(y, 0.0).len(), 1);
    let diagnosis = tape.diagnose(y);
    assert!(diagnosis.is_clean());
    let message = diagnosis.to_string();
    assert!(message.contains("  = border: the branch on `==` at tests/borders.rs"), "{message}");
    assert!(message.contains("answered yes to 0 == 0"), "{message}");
}

#[test]
fn a_program_is_asked_at_other_points() {
    let f = record(|v| if v[0] < 1.0 { v[0].square() } else { v[0] * 2.0 - 1.0 }, &[1.5]);
    assert_eq!(f.borders(&[2.0]), Ok(Vec::new()));
    assert_eq!(told(&f.borders(&[1.0]).unwrap())[0].1, [1.0, 1.0]);
    assert_eq!(f.kinks_near(&[1.25], 0.5).unwrap()[0].distance, 0.25);
    assert!(matches!(f.borders(&[0.5]), Err(Error::BranchChanged { .. })));
    assert!(matches!(f.kinks_near(&[0.5], 1.0), Err(Error::BranchChanged { .. })));
}

#[test]
fn a_program_has_the_kinks_of_its_tape() {
    let tape = Tape::new();
    let v = tape.input_slice(&[0.25, 0.5]);
    let (x, y) = (v[0].abs().named("size"), v[1].max(v[0]));
    let program = tape.program(&[x, y]);
    let both = program.kinks_near(&[0.25, 0.5], 0.25).unwrap();
    assert_eq!(both.len(), 2);
    assert!(both[0].to_string().starts_with("`size` (`abs`) is 0.25"), "{}", both[0]);
    assert_eq!(tape.kinks_near(x, 0.25)[0], both[0]);
    assert_eq!(tape.kinks_near(y, 0.25)[0], both[1]);
    assert_eq!(tape.program(&[]).kinks_near(&[0.25, 0.5], 1.0), Ok(Vec::new()));
}

#[test]
fn a_diagnosis_gathers_what_one_place_decided_again_and_again() {
    let tape = Tape::new();
    let v = tape.input_slice(&[0.0; 9]);
    let y = v.iter().filter(|x| **x != 0.0).copied().fold(Var::constant(0.0), |sum, x| sum + x);
    let message = tape.diagnose(y).to_string();
    assert_eq!(tape.borders().len(), 9);
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(message.contains("(the first of 9 at this place)"), "{message}");
}

#[test]
fn a_clean_diagnosis_names_the_kinks_it_rests_on() {
    let tape = Tape::new();
    let x = tape.new_input("x", 0.0);
    let message = tape.diagnose(x.abs()).to_string();
    assert!(message.contains("every adjoint is finite"), "{message}");
    assert!(message.contains("  = convention: `abs` (%1) is at its kink at x = 0"), "{message}");
}
