//! Rows' own functions of plain numbers by address, for code that calls them. It must not know what
//! they compute.

use super::raw;
use crate::op::Op;

extern "C" fn of_one<const CODE: u8>(x: f64) -> f64 {
    value::<CODE>(&[x])
}

extern "C" fn of_two<const CODE: u8>(x: f64, y: f64) -> f64 {
    value::<CODE>(&[x, y])
}

extern "C" fn of_four<const CODE: u8>(x: f64, y: f64, z: f64, t: f64) -> f64 {
    value::<CODE>(&[x, y, z, t])
}

/// A row of three arguments may panic where it does not accept them, which code cannot survive.
/// There it gives NaN, and [`accepts`] says so.
extern "C" fn of_three<const CODE: u8>(x: f64, y: f64, z: f64) -> f64 {
    match accepts::<CODE>(x, y, z) {
        0.0 => f64::NAN,
        _ => value::<CODE>(&[x, y, z]),
    }
}

/// 1 where a row of three arguments accepts these, else 0.
extern "C" fn accepts<const CODE: u8>(x: f64, y: f64, z: f64) -> f64 {
    let op = Op::from_code(CODE);
    f64::from(u8::from(op.is_some_and(|op| op.accepts(&[Some(x), Some(y), Some(z)]).is_ok())))
}

/// By the same rule as the sweep up, which is compiled for each row here: nothing is looked up.
#[inline(always)]
fn value<const CODE: u8>(x: &[f64]) -> f64 {
    match Op::from_code(CODE) {
        Some(op) if !op.takes_list() => op.apply(args_of(x)),
        _ => unreachable!("no other address is given out"),
    }
}

#[inline(always)]
fn args_of(x: &[f64]) -> impl Fn(usize, usize) -> f64 {
    move |_, k| x[k]
}

/// A function, as code is told of it.
type Address = *const ();

const fn address<const CODE: u8>() -> [Address; 2] {
    match Op::from_code(CODE) {
        Some(op) => match op.arity() {
            Some(1) => [of_one::<CODE> as *const (), std::ptr::null()],
            Some(2) => [of_two::<CODE> as *const (), std::ptr::null()],
            Some(4) => [of_four::<CODE> as *const (), std::ptr::null()],
            Some(_) => [of_three::<CODE> as *const (), accepts::<CODE> as *const ()],
            None => [raw::of_list::<CODE> as *const (), std::ptr::null()],
        },
        None => [std::ptr::null(); 2],
    }
}

macro_rules! sixteen {
    ($from:literal: $($k:literal)*) => { [$(address::<{ $from + $k }>()),*] };
    ($from:literal) => { sixteen!($from: 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) };
}

/// The function of a row: of one to four numbers; of where a list begins and its length, if the
/// row takes a list.
pub(super) fn function(op: Op) -> usize {
    of(op)[0].addr()
}

/// For a row of three arguments, the function that tells whether it accepts them.
pub(super) fn acceptance(op: Op) -> usize {
    of(op)[1].addr()
}

fn of(op: Op) -> [Address; 2] {
    let all = [
        sixteen!(0),
        sixteen!(16),
        sixteen!(32),
        sixteen!(48),
        sixteen!(64),
        sixteen!(80),
        sixteen!(96),
        sixteen!(112),
    ];
    all[usize::from(op as u8 / 16)][usize::from(op as u8 % 16)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_function() {
        for op in Op::ALL {
            assert_ne!(function(*op), 0, "{op:?}");
            assert_eq!(acceptance(*op) != 0, op.arity() == Some(3), "{op:?}");
        }
    }
}
