//! What can be asked of a primitive. It must not know any row.

use super::edges::Collect;
use super::terms::c;
use super::{ListRoom, Number, Op, ROWS, Spare};
use crate::table::Row;
use smallvec::SmallVec;

impl Op {
    /// Its row of the table.
    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// Its name: that of the method of [`Number`], if it has one.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The value at these arguments. A dot product takes its two vectors one behind the other. Where the
    /// row does not accept the arguments, as an order of 0.5 ([`Op::accepts`]), a recording would refuse
    /// them; here the value is NaN, or that of the function which needs no such argument.
    ///
    /// # Panics
    /// If the number of arguments is not the primitive's.
    pub fn value(self, x: &[f64]) -> f64 {
        self.check_arity(x.len());
        self.value_f64(x)
    }

    /// The partial in each argument, at arguments `x` and value `v`; 0 where nothing flows.
    ///
    /// # Panics
    /// If the number of arguments is not the primitive's.
    pub fn partials<N: Number>(self, x: &[N], v: N) -> SmallVec<[N; 2]> {
        self.check_arity(x.len());
        let mut partials = SmallVec::from_elem(c(0.0), x.len());
        if self.arity().is_none() {
            let edge = &mut |k: usize, partial| partials[k] = partial;
            self.partials_of_list(x, v, &mut Spare::new(), &mut ListRoom::default(), edge);
        } else {
            self.partials_by(v, Collect { x, partials: &mut partials });
        }
        partials
    }

    /// Whether it takes so many arguments.
    #[inline(always)]
    pub(crate) fn takes(self, given: usize) -> bool {
        self.arity().is_none_or(|arity| arity == given)
            && (self != Op::Dot || given.is_multiple_of(2))
    }

    #[inline(always)]
    #[track_caller]
    pub(crate) fn check_arity(self, given: usize) {
        if !self.takes(given) {
            self.refuse(given);
        }
    }

    #[cold]
    #[track_caller]
    fn refuse(self, given: usize) -> ! {
        panic!("{}({}) was given {given} arguments", self.name(), self.row().args.join(", "));
    }
}
