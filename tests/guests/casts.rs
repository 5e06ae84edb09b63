//! Casts that guests' traits demand: refused, or guarded and listed. It must not know how.

use super::panic_message;
use num_traits::{Float, ToPrimitive, cast};
use wengert::guest::{Active, casts, gradient_active, record_active};
use wengert::{Dual, Error, Tape, Var};

#[test]
fn a_plain_variable_refuses_to_be_cast() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.5);
    assert_eq!((x.to_f64(), x.to_f32(), x.to_i64(), x.to_usize()), (None, None, None, None));
    assert_eq!(cast::<_, Var<'_>>(x * 2.0).map(Var::value), None);
    let constant = Var::constant(2.5);
    assert_eq!((constant.to_f64(), constant.to_u8()), (Some(2.5), Some(2)));
    let message = panic_message(|| Float::integer_decode(x));
    assert!(message.contains("`integer_decode` would make a plain number"), "{message}");
    assert_eq!(Float::integer_decode(constant), 2.5.integer_decode());
}

#[test]
fn a_dual_refuses_to_be_cast_whatever_its_tangent() {
    assert_eq!(Dual::new(2.5, 0.0).to_f64(), None);
    assert_eq!((Dual::new(2.5, 1.0) * 2.0).to_i32(), None);
    assert_eq!(cast::<_, Dual>(7u8).and_then(|x| x.to_f64()), Some(7.0));
    let nested = Dual::new(Dual::new(2.5, 1.0), cast(0).unwrap());
    assert_eq!(nested.to_f64(), None);
}

#[test]
fn an_ambient_variable_is_cast_guarded_and_listed() {
    let f = |v: &[Active]| v[0] * v[1].to_f64().unwrap();
    assert_eq!(gradient_active(f, &[2.0, 3.0]), [3.0, 0.0]);
    let program = record_active(f, &[2.0, 3.0]);
    assert_eq!(program.value(&[5.0, 3.0]), Ok(15.0));
    let Err(Error::BranchChanged { place, .. }) = program.value(&[5.0, 4.0]) else {
        panic!("the number that was baked in is wrong here")
    };
    let found = casts(f, &[2.0, 3.0]);
    assert_eq!(found[0].place, place);
    let listed = found[0].to_string();
    assert!(listed.starts_with("`to_f64` at tests/guests/casts.rs:"), "{listed}");
    assert!(listed.ends_with("made a plain number of slot 1, 3: no derivative flows through it"));
}

#[test]
fn a_cast_to_an_index_holds_for_its_whole_step() {
    let table = [1.0, 4.0, 9.0, 16.0];
    let interpolate = |v: &[Active]| {
        let k = v[0].to_usize().unwrap();
        (v[0] - k as f64) * (table[k + 1] - table[k]) + table[k]
    };
    let program = record_active(interpolate, &[1.25]);
    assert_eq!(program.value_and_gradient(&[1.75]), Ok((7.75, vec![5.0])));
    assert!(program.value(&[2.5]).is_err());
    assert_eq!(casts(interpolate, &[1.25])[0].method, "to_usize");
}

#[test]
fn a_cast_of_nan_is_guarded_too() {
    let f = |v: &[Active]| v[0] * v[1].to_i32().map_or(1.0, f64::from);
    let program = record_active(f, &[2.0, f64::NAN]);
    assert_eq!(program.value(&[2.0, f64::NAN]), Ok(2.0));
    assert!(program.value(&[2.0, 3.0]).is_err());
}

#[test]
fn constants_and_named_ways_out_are_no_casts() {
    let f = |v: &[Active]| {
        v[0] * v[1].value() * v[1].detach() * Active::constant(2.0).to_f64().unwrap()
    };
    assert_eq!(casts(f, &[1.0, 3.0]), []);
    assert_eq!(record_active(f, &[1.0, 3.0]).value(&[1.0, 4.0]), Ok(18.0));
}

#[test]
fn a_cast_through_num_cast_names_the_callers_line() {
    let found = casts(|v| <Active as num_traits::NumCast>::from(v[0]).unwrap(), &[1.0]);
    assert!(found[0].place.file.ends_with("casts.rs"), "{}", found[0].place);
}
