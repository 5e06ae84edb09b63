//! Exponential, logarithm, tanh, error function and bell curve of many numbers at once, in vector
//! instructions. They must not know whose numbers these are.
//!
//! Each is within 2 ulp of the true value at every argument. On one machine it has the same bits
//! however many numbers there are and wherever they stand; machines that fuse products and those that
//! do not may differ in the last place.

mod arithmetic;
mod one;
mod raw;
#[cfg(test)]
mod tests;

pub(crate) use arithmetic::Arithmetic;
pub(crate) use raw::{Work, widest};
use std::cell::Cell;
use std::marker::PhantomData;

/// Numbers that stand together.
pub(crate) trait Pack<const K: usize>: Copy + Into<[f64; K]> + From<[f64; K]> {}

impl<T: Copy + Into<[f64; K]> + From<[f64; K]>, const K: usize> Pack<K> for T {}

/// Packs one behind another.
pub(crate) type Packs<T> = [Cell<T>];

/// A function of one number.
trait Function {
    fn of<A: Arithmetic>(x: f64) -> f64;
}

/// A function of some numbers at once, each by itself, put in their place.
trait Together {
    fn of<A: Arithmetic>(numbers: &mut [f64]);
}

/// Replaces each number, in a loop: what goes through a function of the standard library, such as `map`,
/// may be compiled by itself, without the vector instructions.
macro_rules! replace {
    ($numbers:expr, $f:expr) => {
        for number in $numbers {
            *number = $f(*number);
        }
    };
}

impl<F: Function> Together for F {
    #[inline(always)]
    fn of<A: Arithmetic>(numbers: &mut [f64]) {
        replace!(numbers, <F as Function>::of::<A>);
    }
}

/// 1 - erf(x), by the one or two formulas that the numbers need.
struct Erfc;

impl Together for Erfc {
    #[inline(always)]
    fn of<A: Arithmetic>(numbers: &mut [f64]) {
        let near = numbers.iter().filter(|x| x.abs() < one::NEAR).count();
        if near == numbers.len() {
            replace!(numbers, one::erfc_near::<A>);
        } else if near == 0 {
            replace!(numbers, one::erfc_far::<A>);
        } else {
            replace!(numbers, |x: f64| {
                let (near, far) = (one::erfc_near::<A>(x), one::erfc_far::<A>(x));
                if x.abs() < one::NEAR { near } else { far }
            });
        }
    }
}

/// A function of all packs of a row, and where its values go. Four packs are taken together: a loop
/// over them becomes vector instructions, and one over few numbers may not.
struct Row<'a, F, T, const K: usize> {
    f: PhantomData<F>,
    x: &'a Packs<T>,
    v: &'a Packs<T>,
}

impl<F: Together, T: Pack<K>, const K: usize> Work for Row<'_, F, T, K> {
    type Answer = ();
    #[inline(always)]
    fn run<A: Arithmetic>(self) {
        let (fours, rest) = self.x.as_chunks::<4>();
        let (v_fours, v_rest) = self.v.as_chunks::<4>();
        for ([a, b, c, d], v) in fours.iter().zip(v_fours) {
            let mut numbers: [[f64; K]; 4] =
                [a.get().into(), b.get().into(), c.get().into(), d.get().into()];
            F::of::<A>(numbers.as_flattened_mut());
            v.iter().zip(numbers).for_each(|(v, numbers)| v.set(T::from(numbers)));
        }
        for (x, v) in rest.iter().zip(v_rest) {
            let mut numbers: [f64; K] = x.get().into();
            F::of::<A>(&mut numbers);
            v.set(T::from(numbers));
        }
    }
}

/// The functions of one number, as types.
macro_rules! functions {
    ($($Name:ident $one:ident;)+) => { $(
        struct $Name;

        impl Function for $Name {
            #[inline(always)]
            fn of<A: Arithmetic>(x: f64) -> f64 {
                one::$one::<A>(x)
            }
        }
    )+ };
}

functions! {
    Exp exp;
    Ln ln;
    Tanh tanh;
    Gauss gauss;
}

/// Functions compiled once for each set of instructions, and not into every sweep: of each of the
/// packs of `x`, left in the packs of `v`, which may be the same.
macro_rules! in_lanes {
    ($($name:ident $doc:literal $Function:ident;)+) => { $(
        #[doc = $doc]
        #[inline(never)]
        pub(crate) fn $name<const K: usize, T: Pack<K>>(x: &Packs<T>, v: &Packs<T>) {
            widest(Row::<$Function, T, K> { f: PhantomData, x, v });
        }
    )+ };
}

in_lanes! {
    exp "e^x." Exp;
    ln "The natural logarithm." Ln;
    tanh "The hyperbolic tangent." Tanh;
    erfc "1 - erf(x)." Erfc;
    gauss "e^(-x^2)." Gauss;
}
