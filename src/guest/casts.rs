//! Casts of ambient variables to plain numbers, which guests' traits demand: each is guarded and
//! listed. It must not know which trait demanded it.

use super::active::Active;
use super::recording::{Home, Session};
use crate::check::{Border, NearKink};
use crate::op::Number;
use crate::tape::{Comparison, Place};
use std::fmt;
use std::panic::Location;

/// A place where a variable was made a plain number, so that no derivative went on from there.
#[derive(Clone, Debug, PartialEq)]
pub struct Cast {
    /// Where in the source.
    pub place: Place,
    /// The method that did it.
    pub method: &'static str,
    /// The slot of the variable.
    pub slot: usize,
    /// Its value.
    pub value: f64,
}

/// Lists the casts that a function makes at `x`: where it loses derivatives by a trait of a guest.
///
/// ```
/// use num_traits::ToPrimitive;
/// use wengert::guest::{Active, casts};
///
/// let rounded = |x: &[Active]| x[0] * x[1].to_f64().unwrap();
/// let found = casts(rounded, &[2.0, 3.0]);
/// assert_eq!((found[0].method, found[0].slot, found[0].value), ("to_f64", 1, 3.0));
/// ```
///
/// Where a cast only picks a branch or an element, as an index does, nothing is lost. Casts are among
/// the borders of a recording too, and in its diagnosis: see [`borders_active`].
#[track_caller]
pub fn casts(f: impl FnOnce(&[Active]) -> Active, x: &[f64]) -> Vec<Cast> {
    let session = Session::open();
    f(&session.inputs(x));
    session.into_casts()
}

impl Active {
    /// The value, for a guest's trait that wants a plain number. A replay in which it (or, if only
    /// that is wanted, its whole part) would be another number is an error.
    #[track_caller]
    pub(super) fn cast(self, method: &'static str, whole: bool) -> f64 {
        let home = Home::of(&[self]);
        if let Some(recording) = home.recording() {
            let kept = if whole { Number::trunc(home.lend(self)) } else { home.lend(self) };
            let expected = if kept.value().is_nan() { kept } else { kept.value().into() };
            kept.guard(Comparison::Cast(method), expected);
            let place = Location::caller().into();
            let cast = Cast { place, method, slot: self.slot as usize, value: self.value };
            recording.casts.borrow_mut().push(cast);
        }
        self.value
    }
}

/// Lists the borders of a function at `x`: see [`Tape::borders`](crate::Tape::borders). Guest crates
/// branch for the sake of the value; this tells where such a branch decided the derivative.
///
/// ```
/// use wengert::guest::{Active, borders_active};
///
/// let sinc = |x: &[Active]| if x[0] == 0.0 { Active::constant(1.0) } else { x[0].sin() / x[0] };
/// assert_eq!(borders_active(sinc, &[0.0])[0].values, [0.0, 0.0]);
/// assert_eq!(borders_active(sinc, &[0.5]), []);
/// ```
#[track_caller]
pub fn borders_active<T>(f: impl FnOnce(&[Active]) -> T, x: &[f64]) -> Vec<Border> {
    let session = Session::open();
    f(&session.inputs(x));
    session.borders()
}

/// Lists the kinks and branches near a point, on the way to the result of a function: see
/// [`Tape::kinks_near`](crate::Tape::kinks_near).
///
/// ```
/// use wengert::guest::{Active, kinks_near_active};
///
/// let near = kinks_near_active(|x: &[Active]| x[0].abs() + x[1].abs(), &[0.5, 0.01], 0.1);
/// assert_eq!(near[0].to_string(), "`abs` (%3) is 0.01 from its kink at x = 0");
/// ```
///
/// # Panics
/// If the result is a variable of another recording.
#[track_caller]
pub fn kinks_near_active(
    f: impl FnOnce(&[Active]) -> Active,
    x: &[f64],
    distance: f64,
) -> Vec<NearKink> {
    let session = Session::open();
    let output = f(&session.inputs(x));
    session.kinks_near(output, distance)
}

impl fmt::Display for Cast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cast { place, method, slot, value } = self;
        write!(
            f,
            "`{method}` at {place} made a plain number of slot {slot}, {value}: \
             no derivative flows through it"
        )
    }
}
