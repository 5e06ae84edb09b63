//! What a primitive can have among its arguments: an exponent or an order that must be a whole number,
//! bounds in order. It must not know any row, nor where the arguments come from.

use super::Op;
use smallvec::SmallVec;
use std::ops::RangeInclusive;

impl Op {
    /// Whether it can have these constants among its arguments; `None` stands for a variable.
    ///
    /// ```
    /// use wengert::Op;
    ///
    /// assert_eq!(Op::Powi.accepts(&[None, Some(3.0)]), Ok(()));
    /// assert!(Op::Powi.accepts(&[None, Some(2.5)]).unwrap_err().contains("whole number"));
    /// assert!(Op::Powi.accepts(&[None, None]).is_err(), "a variable exponent wants `pow`");
    /// ```
    ///
    /// # Errors
    /// What the row wants of them, in words.
    ///
    /// # Panics
    /// If the number of arguments is not the primitive's.
    pub fn accepts(self, constants: &[Option<f64>]) -> Result<(), &'static str> {
        self.check_arity(constants.len());
        match self.row().accepts {
            Some((wanted, accepts)) if !accepts(constants) => Err(wanted),
            _ => Ok(()),
        }
    }

    /// Fails where a recording would hold constants that the row does not accept.
    #[inline]
    #[track_caller]
    pub(crate) fn check_constants(self, constants: impl Iterator<Item = Option<f64>>) {
        if self.row().accepts.is_some() {
            let constants: SmallVec<[Option<f64>; 4]> = constants.collect();
            if let Err(wanted) = self.accepts(&constants) {
                self.refuse_constants(&constants, wanted);
            }
        }
    }

    #[cold]
    #[track_caller]
    fn refuse_constants(self, constants: &[Option<f64>], wanted: &str) -> ! {
        let shown = |x: &Option<f64>| x.map_or("a variable".to_owned(), |x| x.to_string());
        let given: Vec<String> = constants.iter().map(shown).collect();
        let (name, args) = (self.name(), self.row().args.join(", "));
        panic!("{name}({args}) was given ({}), but {wanted}", given.join(", "));
    }
}

/// Whether an argument is a constant and a whole number in this range.
pub(super) fn whole(argument: Option<f64>, range: RangeInclusive<f64>) -> bool {
    argument.is_some_and(|n| n == n.trunc() && range.contains(&n))
}
