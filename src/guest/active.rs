//! The ambient variable: a value, and where it stands in which recording of this thread. It must not
//! know any rule: whatever is done with it is done by the core's variable.

use super::recording::Home;
use crate::custom::Custom;
use crate::op::{Number, Op};
use crate::tape::{Comparison, Place};
use crate::var::Var;
use smallvec::SmallVec;
use std::fmt;
use std::sync::Arc;

/// An active variable: one of the recording that is open on this thread, or a constant.
///
/// It is `'static` and 16 bytes long, so that other crates' containers can hold it, and does all that
/// a [`Var`] does, by the same rules. Variables come into being in [`record_active`] and its kin
/// alone; what the compiler cannot hold against misuse is checked, in release builds too.
///
/// ```
/// use wengert::guest::{Active, value_and_gradient_active};
///
/// let volume = |x: &[Active]| x[0].powi(2) * x[1] * std::f64::consts::PI;
/// let (value, gradient) = value_and_gradient_active(volume, &[1.0, 2.0]);
/// assert_eq!(gradient, [2.0 * value, value / 2.0]);
/// ```
///
/// The ways out are [`value`](Active::value) and [`detach`](Active::detach), by name; a plain number
/// does not swallow a variable:
///
/// ```compile_fail
/// let mut sum = 1.0;
/// sum += wengert::guest::Active::constant(2.0);
/// ```
///
/// Casts that a guest's traits demand, such as `to_f64`, are possible: each is guarded, so that a
/// replay in which it would give another number is an error, and [`casts`] lists them. Recording
/// costs about twice what it costs with a [`Var`].
///
/// # Panics
/// Whatever is done with variables panics if their recording is not open on this thread, or if they
/// are of two recordings. A recording may open another one, but they share constants alone.
///
/// [`record_active`]: super::record_active
/// [`casts`]: super::casts()
#[derive(Clone, Copy, Default)]
pub struct Active {
    pub(super) value: f64,
    pub(super) slot: u32,
    /// The number of its recording; a constant has none.
    pub(super) recording: u32,
}

const _: () = assert!(size_of::<Active>() == 16);

/// The number of no recording.
pub(super) const CONSTANT: u32 = 0;

impl Active {
    /// A constant: it belongs to no recording, and no derivative flows to it.
    #[inline]
    pub const fn constant(value: f64) -> Active {
        Active { value, slot: 0, recording: CONSTANT }
    }

    /// The value. No derivative comes along.
    #[inline]
    pub const fn value(self) -> f64 {
        self.value
    }

    /// The same value as a constant, so that no derivative flows through.
    pub const fn detach(self) -> Active {
        Active::constant(self.value)
    }

    /// Its position in its recording; a constant has none.
    pub fn slot(self) -> Option<usize> {
        (self.recording != CONSTANT).then_some(self.slot as usize)
    }

    /// Gives the slot a name. A slot may have several.
    ///
    /// # Panics
    /// If the name is in use, or the variable is a constant, which has no slot to name.
    #[track_caller]
    pub fn named(self, name: impl AsRef<str>) -> Active {
        let home = Home::of(&[self]);
        home.take(home.lend(self).named(name))
    }
}

/// Methods that more than one guest's traits have: as inherent ones they can be called whatever
/// traits are in scope.
macro_rules! inherent {
    ($($name:ident)+) => { inherent! { $($name())+ } };
    ($($name:ident($($y:ident)*))+) => {
        impl Active { $(
            #[doc = concat!("[`Number::", stringify!($name), "`], whatever traits are in scope.")]
            #[inline]
            #[track_caller]
            pub fn $name(self $(, $y: impl Into<Active>)*) -> Active {
                Number::$name(self $(, $y.into())*)
            }
        )+ }
    };
}
shared_functions!(inherent);
inherent! { abs() signum() square() max(y) min(y) atan2(y) hypot(y) copysign(y) pow(y) log(y)
clamp(lo hi) mul_add(y z) }

impl Active {
    /// `self` to an integer power.
    #[track_caller]
    pub fn powi(self, n: i32) -> Active {
        Number::powi(self, n)
    }

    /// `self` to any power; a constant one is a plain number, or an [`Active`] without a slot.
    #[track_caller]
    pub fn powf(self, y: impl Into<Active>) -> Active {
        Number::pow(self, y.into())
    }

    /// Sine and cosine.
    #[track_caller]
    pub fn sin_cos(self) -> (Active, Active) {
        (Number::sin(self), Number::cos(self))
    }
}

/// Methods of [`Number`], by those of [`Var`].
macro_rules! by_var {
    ($($method:ident($($y:ident)*))+) => { $(
        #[track_caller]
        fn $method(self $(, $y: Self)*) -> Self {
            let home = Home::of(&[self $(, $y)*]);
            home.take(Number::$method(home.lend(self) $(, home.lend($y))*))
        }
    )+ };
}

impl Number for Active {
    #[inline]
    fn constant(x: f64) -> Self {
        Active::constant(x)
    }

    by_var! { abs() sqrt() floor() compare(y) select(x y) mul_add(y z) }

    #[track_caller]
    fn call(op: Op, args: &[Self]) -> Self {
        let home = Home::of(args);
        home.take(Var::call(op, &home.lend_all(args)))
    }

    #[track_caller]
    fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
        let home = Home::of(&[self, y]);
        home.lend(self).answer(comparison, home.lend(y), expected, place)
    }

    fn is_constant(self) -> bool {
        self.recording == CONSTANT
    }

    fn is_unreached(self) -> bool {
        self.recording == CONSTANT && self.value.is_unreached()
    }

    #[track_caller]
    fn as_seed(self) -> Self {
        let constant = self.recording == CONSTANT;
        if constant { Active::constant(self.value.as_seed()) } else { self + 0.0 }
    }

    #[track_caller]
    fn custom(custom: &Arc<dyn Custom>, args: &[Self]) -> Self {
        let home = Home::of(args);
        home.take(Var::custom(custom, &home.lend_all(args)))
    }
}

impl Home {
    #[track_caller]
    fn lend_all(&self, args: &[Active]) -> SmallVec<[Var<'_>; 8]> {
        args.iter().map(|x| self.lend(*x)).collect()
    }
}

impl fmt::Debug for Active {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.slot() {
            Some(slot) => {
                write!(f, "Active({} in slot {slot} of recording {})", self.value, self.recording)
            }
            None => write!(f, "Active(constant {})", self.value),
        }
    }
}

/// Formats as the value does.
macro_rules! as_the_value {
    ($($Trait:ident)+) => { $(
        impl fmt::$Trait for Active {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::$Trait::fmt(&self.value, f)
            }
        }
    )+ };
}
as_the_value! { Display LowerExp UpperExp }
