//! A primitive of the user's own, beside those of the table. It must not know how it is recorded.

use crate::program::Program;

/// A function with its own value and partials, recorded as one slot.
///
/// ```
/// use std::sync::Arc;
/// use wengert::prelude::*;
///
/// struct Gelu;
/// impl Custom for Gelu {
///     fn name(&self) -> &str {
///         "gelu"
///     }
///     fn value(&self, x: &[f64]) -> f64 {
///         x[0] * x[0].norm_cdf()
///     }
///     fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
///         partials[0] = x[0].norm_cdf() + x[0] * x[0].norm_pdf();
///     }
/// }
/// let tape = Tape::new();
/// let x = tape.new_input("x", 0.0);
/// let gelu: Arc<dyn Custom> = Arc::new(Gelu);
/// let y = tape.custom(&gelu, &[x]);
/// assert_eq!(tape.gradient(y)[x], 0.5);
/// ```
pub trait Custom: Send + Sync {
    /// What messages and listings call it.
    fn name(&self) -> &str;

    /// The value at arguments `x`, as many as it was recorded with.
    fn value(&self, x: &[f64]) -> f64;

    /// Writes the partial in each argument, at arguments `x` and value `v`. All are 0 on entry.
    fn partials(&self, x: &[f64], v: f64, partials: &mut [f64]);

    /// The program that computes it, if it has one: then it runs in every number, and has
    /// derivatives of every order.
    fn program(&self) -> Option<&Program> {
        None
    }
}

/// Says that a number needs more of a custom primitive than it has.
pub(crate) fn cannot_serve<N>(custom: &dyn Custom) -> ! {
    panic!(
        "custom primitive `{}` has its value and partials in f64 only, so it cannot run in {}; \
         build it from primitives to use it there",
        custom.name(),
        std::any::type_name::<N>(),
    )
}
