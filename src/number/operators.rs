//! Operators of numbers, from what each says of them once. It must not know any number.

/// The required methods of [`Number`], by rows of the same names.
macro_rules! required_by_call {
    () => {
        required_by_call! { abs Abs() sqrt Sqrt() floor Floor() compare Compare(y) select Select(x y)
            mul_add MulAdd(y z) }
    };
    ($($method:ident $Op:ident($($x:ident)*))+) => { $(
        #[inline]
        #[track_caller]
        fn $method(self $(, $x: Self)*) -> Self {
            Self::call_with::<{ Op::$Op as u8 }>(&[self $(, $x)*], |x| match *x {
                [first $(, $x)*] => <f64 as Number>::$method(first $(, $x)*),
                _ => unreachable!("it was given as many as it has"),
            })
        }
    )+ };
}

/// Operators with `Self` and with a plain number on the right, sums and products.
macro_rules! operators {
    (one [$($generics:tt)*] $Self:ty: $Trait:ident $method:ident |$x:ident, $y:ident| $value:expr) => {
        impl<$($generics)*> $Trait for $Self {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                let ($x, $y) = (self, other);
                $value
            }
        }
        impl<$($generics)*> $Trait<f64> for $Self {
            type Output = Self;
            #[inline]
            fn $method(self, other: f64) -> Self {
                $Trait::$method(self, <$Self>::constant(other))
            }
        }
    };
    (folds [$($generics:tt)*] $Self:ty) => {
        impl<$($generics)*> Sum for $Self {
            fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
                terms.reduce(|x, y| x + y).unwrap_or(Self::constant(0.0))
            }
        }
        impl<$($generics)*> Product for $Self {
            fn product<I: Iterator<Item = Self>>(terms: I) -> Self {
                terms.reduce(|x, y| x * y).unwrap_or(Self::constant(1.0))
            }
        }
    };
    ($generics:tt $Self:ty: $($Trait:ident $method:ident |$x:ident, $y:ident| $value:expr;)+) => {
        $(operators!(one $generics $Self: $Trait $method |$x, $y| $value);)+
        operators!(folds $generics $Self);
    };
}

pub(crate) use {operators, required_by_call};
