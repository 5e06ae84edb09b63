//! `ndarray` with elements that are differentiated. It must not know arrays: an element type is all
//! that it adds.

use super::active::Active;
use crate::number::{Dual, Lanes};
use ndarray::{NdFloat, ScalarOperand};

/// Arrays of ambient variables, with all that `ndarray` does for `f64`.
///
/// ```
/// use ndarray::ArrayView2;
/// use wengert::guest::{Active, value_and_gradient_active};
///
/// let square = |x: &[Active]| {
///     let a = ArrayView2::from_shape((2, 2), x).unwrap();
///     a.dot(&a).diag().sum()
/// };
/// let (trace, gradient) = value_and_gradient_active(square, &[1.0, 2.0, 3.0, 4.0]);
/// assert_eq!((trace, gradient), (29.0, vec![2.0, 6.0, 4.0, 8.0]));
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "ndarray")))]
impl NdFloat for Active {}

#[cfg_attr(docsrs, doc(cfg(feature = "ndarray")))]
impl ScalarOperand for Active {}

#[cfg_attr(docsrs, doc(cfg(feature = "ndarray")))]
impl<N: Clone + 'static> ScalarOperand for Dual<N> {}

#[cfg_attr(docsrs, doc(cfg(feature = "ndarray")))]
impl<const K: usize> ScalarOperand for Lanes<K> {}
