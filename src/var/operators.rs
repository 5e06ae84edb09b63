//! The operators of variables, spelled out for every pairing. It must not know how a slot is
//! stored.

/// Gives a kind of variable `$Var` its operators with variables and plain numbers on either side, by
/// value and by reference, sums and products of iterators, and comparisons. `$Var` has `constant`,
/// `operate` for a primitive of two arguments, given its number (one of a single argument is given it
/// twice), `fold` for one over a list, and `guard`.
macro_rules! variable {
    ($Var:ident) => {
        $crate::var::operators::variable!(operators $Var: Add add + Sub sub - Mul mul * Div div / Rem rem %);
        $crate::var::operators::variable!(assign $Var: AddAssign add_assign + SubAssign sub_assign -
            MulAssign mul_assign * DivAssign div_assign / RemAssign rem_assign %);
        $crate::var::operators::variable!(folds $Var: Sum sum 0.0 + Product product 1.0 *);
        $crate::var::operators::variable!(comparisons $Var: ($Var<'t>, $Var<'t>) ($Var<'t>, f64) (f64, $Var<'t>));

        impl<'t> std::ops::Neg for $Var<'t> {
            type Output = $Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $Var<'t> {
                $Var::operate::<{ Op::Neg as u8 }>(self, self, -self.value)
            }
        }

        impl<'t> std::ops::Neg for &$Var<'t> {
            type Output = $Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn neg(self) -> $Var<'t> {
                -*self
            }
        }

        impl From<f64> for $Var<'_> {
            #[inline(always)]
            fn from(x: f64) -> Self {
                $Var::constant(x)
            }
        }

        impl From<&f64> for $Var<'_> {
            #[inline(always)]
            fn from(x: &f64) -> Self {
                $Var::constant(*x)
            }
        }

        impl<'t> From<&$Var<'t>> for $Var<'t> {
            #[inline(always)]
            fn from(x: &$Var<'t>) -> $Var<'t> {
                *x
            }
        }
    };
    (operators $Var:ident: $($Trait:ident $method:ident $op:tt)*) => { $(
        impl<'t> std::ops::$Trait for $Var<'t> {
            type Output = $Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn $method(self, y: $Var<'t>) -> $Var<'t> {
                $Var::operate::<{ Op::$Trait as u8 }>(self, y, self.value $op y.value)
            }
        }
        $crate::var::operators::variable!(forward $Var $Trait $method:
            (&$Var<'t>, $Var<'t>) ($Var<'t>, &$Var<'t>) (&$Var<'t>, &$Var<'t>)
            ($Var<'t>, f64) ($Var<'t>, &f64) (&$Var<'t>, f64) (&$Var<'t>, &f64)
            (f64, $Var<'t>) (&f64, $Var<'t>) (f64, &$Var<'t>) (&f64, &$Var<'t>));
    )* };
    (assign $Var:ident: $($Trait:ident $method:ident $op:tt)*) => { $(
        impl<'t, Y> std::ops::$Trait<Y> for $Var<'t>
        where
            $Var<'t>: From<Y>,
        {
            #[inline(always)]
            #[track_caller]
            fn $method(&mut self, y: Y) {
                *self = *self $op $Var::from(y);
            }
        }
    )* };
    (forward $Var:ident $Trait:ident $method:ident: $(($X:ty, $Y:ty))*) => { $(
        impl<'t> std::ops::$Trait<$Y> for $X {
            type Output = $Var<'t>;
            #[inline(always)]
            #[track_caller]
            fn $method(self, y: $Y) -> $Var<'t> {
                std::ops::$Trait::$method($Var::from(self), $Var::from(y))
            }
        }
    )* };
    (folds $Var:ident: $($Trait:ident $method:ident $unit:literal $op:tt)*) => { $(
        impl<'t> std::iter::$Trait for $Var<'t> {
            /// One slot for the whole list; of nothing, a constant.
            fn $method<I: Iterator<Item = $Var<'t>>>(terms: I) -> $Var<'t> {
                $Var::fold(Op::$Trait, $unit, |x, y| x $op y, terms)
            }
        }
        impl<'a, 't: 'a> std::iter::$Trait<&'a $Var<'t>> for $Var<'t> {
            fn $method<I: Iterator<Item = &'a $Var<'t>>>(terms: I) -> $Var<'t> {
                terms.copied().$method()
            }
        }
    )* };
    (comparisons $Var:ident: $(($X:ty, $Y:ty))*) => { $(
        impl<'t> PartialEq<$Y> for $X {
            #[track_caller]
            fn eq(&self, y: &$Y) -> bool {
                $Var::from(self).guard(Comparison::Equal, $Var::from(y)) != 0
            }
            #[allow(clippy::partialeq_ne_impl)] // std's own `ne` would hide the place of the caller
            #[track_caller]
            fn ne(&self, y: &$Y) -> bool {
                $Var::from(self).guard(Comparison::Equal, $Var::from(y)) == 0
            }
        }
        impl<'t> PartialOrd<$Y> for $X {
            #[track_caller]
            fn partial_cmp(&self, y: &$Y) -> Option<std::cmp::Ordering> {
                let order = $Var::from(self).guard(Comparison::Order, $Var::from(y));
                (order != 2).then(|| order.cmp(&0))
            }
            $crate::var::operators::variable!(ask $Var $Y: lt Less le LessOrEqual gt Greater ge GreaterOrEqual);
        }
    )* };
    (ask $Var:ident $Y:ty: $($method:ident $Comparison:ident)*) => { $(
        #[track_caller]
        fn $method(&self, y: &$Y) -> bool {
            $Var::from(self).guard(Comparison::$Comparison, $Var::from(y)) != 0
        }
    )* };
}
pub(crate) use variable;
