//! The macro that fails a test with a report. It must not know how a check is done.

/// Fails, with the report of the check, unless a gradient written by hand is right.
///
/// ```
/// use wengert::prelude::*;
/// use wengert::{Check, assert_gradient};
///
/// fn loss<N: Number>(w: &[N]) -> N {
///     (w[0] * 2.0 + w[1] - 1.0).square()
/// }
/// fn gradient(w: &[f64]) -> Vec<f64> {
///     let error = 2.0 * w[0] + w[1] - 1.0;
///     vec![4.0 * error, 2.0 * error]
/// }
/// assert_gradient!(|w| loss(w), gradient, &[0.3, 0.5]);
///
/// // With options: an excused component passes, though it is not called right.
/// let check = Check::new().block("w", &[2]).excuse(1e-12);
/// assert_gradient!(|w| loss(w), gradient, &[0.3, 0.5], check);
/// ```
///
/// # Panics
/// If a component is wrong, or if nothing can be said of one that is not excused.
#[macro_export]
macro_rules! assert_gradient {
    ($f:expr, $gradient:expr, $x:expr $(,)?) => {
        $crate::assert_gradient!($f, $gradient, $x, $crate::Check::new())
    };
    ($f:expr, $gradient:expr, $x:expr, $check:expr $(,)?) => {{
        let report = $crate::Check::gradient(&$check, $f, $gradient, $x);
        if !report.passes() {
            ::std::panic!("{report}");
        }
    }};
}
