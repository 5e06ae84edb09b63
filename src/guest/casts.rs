//! Casts of ambient variables to plain numbers, which guests' traits demand: each is guarded and
//! listed. It must not know which trait demanded it.

use super::active::Active;
use super::recording::{Home, Session};
use crate::op::Number;
use crate::tape::Place;
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
/// Where a cast only picks a branch or an element, as an index does, nothing is lost.
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
            let _guard = match kept.value() {
                value if value.is_nan() => kept.eq(&kept),
                value => kept == value,
            };
            let place = Location::caller().into();
            let cast = Cast { place, method, slot: self.slot as usize, value: self.value };
            recording.casts.borrow_mut().push(cast);
        }
        self.value
    }
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
