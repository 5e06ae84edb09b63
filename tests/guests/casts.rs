//! Casts that guests' traits demand: refused, or guarded and listed. It must not know how.

use super::panic_message;
use num_traits::{Float, ToPrimitive, cast};
use wengert::check::Border;
use wengert::guest::record_active;
use wengert::guest::{Active, active, borders_active, casts, gradient_active, kinks_near_active};
use wengert::{Comparison, Dual, Error, Tape, Var};

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
fn a_dual_that_moves_refuses_to_be_cast() {
    // A tangent of 0 is no motion: such a number is a constant.
    assert_eq!(Dual::new(2.5, 0.0).to_f64(), Some(2.5));
    assert_eq!(Dual::new(2.5, 1e-300).to_f64(), None);
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
fn a_cast_is_a_border_wherever_its_recording_goes() {
    let f = |v: &[Active]| v[0] * v[1].to_f64().unwrap();
    let place = &casts(f, &[2.0, 3.0])[0].place;
    let here = |borders: Vec<Border>| {
        assert_eq!((borders.len(), &borders[0].place), (1, place));
        assert_eq!(borders[0].comparison, Comparison::Cast("to_f64"));
        assert_eq!(borders[0].values, [3.0, 3.0]);
    };
    here(borders_active(f, &[2.0, 3.0]));
    let program = record_active(f, &[2.0, 3.0]);
    here(program.borders(&[5.0, 3.0]).unwrap());
    here(program.simplify().borders(&[5.0, 3.0]).unwrap());
    let tape = Tape::new();
    let y = active(f)(&tape.input_slice(&[2.0, 3.0]));
    here(tape.borders());
    #[cfg(feature = "serde")]
    {
        let saved = serde_json::to_string(&program).unwrap();
        let loaded: wengert::Program = serde_json::from_str(&saved).unwrap();
        here(loaded.borders(&[5.0, 3.0]).unwrap());
    }
    for diagnosis in [tape.diagnose(y), program.diagnose(&[2.0, 3.0]).unwrap()] {
        let told = diagnosis.to_string();
        assert!(told.contains(&format!("  = cast: the cast `to_f64` at {place}")), "{told}");
        assert!(told.contains("a plain number of 3; no derivative flows through it"), "{told}");
    }
    let Err(error) = program.value(&[5.0, 4.0]) else { panic!("the cast gave 3") };
    assert!(error.to_string().contains("the cast `to_f64` at tests/guests/casts.rs"), "{error}");
}

#[test]
fn a_cast_to_an_index_is_as_far_as_its_next_step() {
    let f = |v: &[Active]| v[0] * f64::from(v[0].to_u8().unwrap());
    let near = |x: f64| kinks_near_active(f, &[x], 0.3).first().map(|kink| kink.distance);
    assert_eq!((near(2.5), near(2.75), near(2.0)), (None, Some(0.25), Some(0.0)));
}

/// Calls every method that casts, and lists its name.
macro_rules! all_casts {
    ($($method:ident)+) => {
        [$((stringify!($method), borders_active(|v| v[0].$method().unwrap(), &[2.0]))),+]
    };
}

#[test]
fn every_cast_is_a_border_by_its_name_and_can_be_saved() {
    let all = all_casts! { to_isize to_i8 to_i16 to_i32 to_i64 to_i128 to_usize to_u8 to_u16 to_u32
    to_u64 to_u128 to_f32 to_f64 };
    for (method, borders) in all {
        assert_eq!(borders[0].comparison, Comparison::Cast(method));
    }
    #[cfg(feature = "serde")]
    {
        let all = |v: &[Active]| {
            let sum = v[0].to_i8()? as f64 + v[0].to_i16()? as f64 + v[0].to_i32()? as f64;
            let sum = sum + v[0].to_i64()? as f64 + v[0].to_i128()? as f64;
            let sum = sum + v[0].to_u8()? as f64 + v[0].to_u16()? as f64 + v[0].to_u32()? as f64;
            let sum = sum + v[0].to_u64()? as f64 + v[0].to_u128()? as f64;
            let sum = sum + v[0].to_usize()? as f64 + v[0].to_isize()? as f64;
            Some(v[0] * sum + v[0].to_f32()? as f64 + v[0].to_f64()?)
        };
        let program = record_active(|v| all(v).unwrap(), &[2.0]);
        let saved = serde_json::to_string(&program).unwrap();
        let loaded: wengert::Program = serde_json::from_str(&saved).unwrap();
        assert_eq!(loaded.borders(&[2.0]).unwrap().len(), 14);
    }
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
