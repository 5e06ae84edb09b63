//! The ambient variable as a vector of one lane, which `nalgebra` asks of its elements. It must not
//! know anything but lanes; no block of it is unsafe.
#![allow(unsafe_code)] // the trait declares two methods unsafe, so an impl has to; these never are

use super::active::Active;
use nalgebra::SimdValue;

/// One lane, as of any scalar.
#[cfg_attr(docsrs, doc(cfg(feature = "nalgebra")))]
impl SimdValue for Active {
    const LANES: usize = 1;
    type Element = Active;
    type SimdBool = bool;

    #[inline]
    fn splat(x: Active) -> Active {
        x
    }
    #[inline]
    fn extract(&self, _: usize) -> Active {
        *self
    }
    #[inline]
    unsafe fn extract_unchecked(&self, _: usize) -> Active {
        *self
    }
    #[inline]
    fn replace(&mut self, _: usize, x: Active) {
        *self = x;
    }
    #[inline]
    unsafe fn replace_unchecked(&mut self, _: usize, x: Active) {
        *self = x;
    }
    #[inline]
    fn select(self, condition: bool, other: Active) -> Active {
        if condition { self } else { other }
    }
}
