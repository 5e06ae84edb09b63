//! Comparison of derivatives within a tolerance, by the traits of approx. It must not compute any.

use super::{Gradient, Matrix};
use approx::{AbsDiffEq, RelativeEq, UlpsEq};

/// Implements approx's traits for a type whose entries are the numbers of a list: two are equal
/// when they are as long, and equal entry by entry.
macro_rules! by_entries {
    ($([$($generics:tt)*] $Left:ty, $Right:ty: |$x:ident| $left:expr, |$y:ident| $right:expr;)+) => { $(
        impl<$($generics)*> AbsDiffEq<$Right> for $Left {
            type Epsilon = f64;

            fn default_epsilon() -> f64 {
                f64::default_epsilon()
            }

            fn abs_diff_eq(&self, other: &$Right, epsilon: f64) -> bool {
                let ($x, $y) = (self, other);
                <[f64]>::abs_diff_eq(&$left[..], &$right[..], epsilon)
            }
        }

        impl<$($generics)*> RelativeEq<$Right> for $Left {
            fn default_max_relative() -> f64 {
                f64::default_max_relative()
            }

            fn relative_eq(&self, other: &$Right, epsilon: f64, max_relative: f64) -> bool {
                let ($x, $y) = (self, other);
                <[f64]>::relative_eq(&$left[..], &$right[..], epsilon, max_relative)
            }
        }

        impl<$($generics)*> UlpsEq<$Right> for $Left {
            fn default_max_ulps() -> u32 {
                f64::default_max_ulps()
            }

            fn ulps_eq(&self, other: &$Right, epsilon: f64, max_ulps: u32) -> bool {
                let ($x, $y) = (self, other);
                <[f64]>::ulps_eq(&$left[..], &$right[..], epsilon, max_ulps)
            }
        }
    )+ };
}

by_entries! {
    ['a, 'b] Gradient<'a>, Gradient<'b>: |x| x.to_vec(), |y| y.to_vec();
    ['a] Gradient<'a>, [f64]: |x| x.to_vec(), |y| y;
    ['a, const K: usize] Gradient<'a>, [f64; K]: |x| x.to_vec(), |y| y;
    ['a] Gradient<'a>, Vec<f64>: |x| x.to_vec(), |y| y;
    [] Matrix, Matrix: |x| [&[x.rows() as f64], x.data()].concat(), |y| [&[y.rows() as f64], y.data()].concat();
}

/// Gradients are equal when the derivatives in all inputs are, in the order of their declaration.
impl PartialEq<Gradient<'_>> for Gradient<'_> {
    fn eq(&self, other: &Gradient<'_>) -> bool {
        self.to_vec() == other.to_vec()
    }
}

macro_rules! equal_to_list {
    ($([$($generics:tt)*] $List:ty;)+) => { $(
        impl<$($generics)*> PartialEq<$List> for Gradient<'_> {
            fn eq(&self, other: &$List) -> bool {
                self.to_vec()[..] == other[..]
            }
        }
    )+ };
}
equal_to_list! { [] [f64]; [] Vec<f64>; [const K: usize] [f64; K]; }
