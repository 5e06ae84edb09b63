//! What differs from row to row: the macros that the reading of the table leans on. They must not
//! know any row.

/// What differs between the kinds of rows. `method`: the provided method of [`Number`];
/// `method_f64`: the same for f64, by the row's block; `internal`: the method of an internal row, which
/// is one of [`Internal`](super::Internal); `apply`: the value in any number;
/// `rule`: the value where the block runs in any number; `domain`, `kink`: functions of a slice.
macro_rules! by_kind {
    (method [$service:literal] $($row:tt)*) => {};
    (method [] op $($row:tt)*) => {};
    (method [] own $($row:tt)*) => {};
    (method [] hand $($row:tt)*) => {};
    (method [] $kind:ident $Op:ident $name:ident $value:block $why:literal ($x:ident $(, $y:ident)*)) => {
        #[doc = $why]
        #[inline]
        #[track_caller]
        fn $name(self $(, $y: Self)*) -> Self {
            Self::call_with::<{ Op::$Op as u8 }>(&[self $(, $y)*], |x| {
                let [$x $(, $y)*] = array(x);
                <f64 as Number>::$name($x $(, $y)*)
            })
        }
    };
    (internal [] $($row:tt)*) => {};
    (internal [$service:literal] own $($row:tt)*) => {};
    (internal [$service:literal] $kind:ident $Op:ident $name:ident $value:block ($x:ident $(, $y:ident)*)) => {
        #[doc = $service]
        #[allow(unused_variables)]
        #[inline]
        #[track_caller]
        fn $name(self $(, $y: Self)*) -> Self {
            Self::call_with::<{ Op::$Op as u8 }>(&[self $(, $y)*], |x| {
                #[allow(dead_code)]
                type N = f64;
                let [$x $(, $y)*] = array(x);
                $value
            })
        }
    };
    (method_f64 [$service:literal] $($row:tt)*) => {};
    (method_f64 [] op $($row:tt)*) => {};
    (method_f64 [] own $($row:tt)*) => {};
    (method_f64 [] hand $($row:tt)*) => {};
    (method_f64 [] $kind:ident $Op:ident $name:ident $value:block $why:literal ($x:ident $(, $y:ident)*)) => {
        #[inline]
        fn $name(self $(, $y: Self)*) -> Self {
            #[allow(dead_code)]
            type N = f64;
            let $x = self;
            $value
        }
    };
    (apply op $Op:ident $name:ident $value:block ($($x:ident),*)) => { $value };
    (apply own $Op:ident $name:ident $value:block ($($x:ident),*)) => { $value };
    (apply hand $Op:ident $name:ident $value:block ($($x:ident),*)) => { N::call(Op::$Op, &[$($x),*]) };
    (apply $kind:ident $Op:ident $name:ident $value:block ($x:ident $(, $y:ident)*)) => { $x.$name($($y),*) };
    (accepts ($($x:ident),+)) => { None };
    (accepts ($($x:ident),+) $wanted:literal $accepts:block) => {
        Some(($wanted, |x| { let [$($x),+] = array(x); $accepts }))
    };
    (domain ($($x:ident),+)) => { |_| true };
    (domain ($($x:ident),+) $domain:block) => { |x| { let [$($x),+] = array(x); $domain } };
    (kink ($($x:ident),+)) => { None };
    (kink ($($x:ident),+) $where:literal $distance:block) => {
        Some(($where, |x| { let [$($x),+] = array(x); f64::abs($distance) }))
    };
    (rule rule $value:block) => { Some($value) };
    (rule $kind:ident $value:block) => { None };
}

macro_rules! notation {
    (infix $symbol:literal $level:literal) => {
        Notation::Infix($symbol, $level)
    };
    (prefix $symbol:literal $level:literal) => {
        Notation::Prefix($symbol, $level)
    };
    (postfix $symbol:literal $level:literal) => {
        Notation::Postfix($symbol, $level)
    };
    (call $symbol:literal) => {
        Notation::Call($symbol)
    };
}

/// The first thing of a list: what a row says, or else the default behind it.
macro_rules! first {
    ([$($first:tt)*] $($rest:tt)*) => { $($first)* };
}

pub(super) use {by_kind, first, notation};
