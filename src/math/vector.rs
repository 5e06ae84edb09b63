//! Exponential, logarithm, tanh, error function and bell curve of many numbers at once, in vector
//! instructions. They must not know whose numbers these are.
//!
//! Each is within 2 ulp of the true value at every argument, and has the same bits on every machine
//! and however many numbers there are.

mod one;
mod raw;

pub(crate) use raw::{Work, widest};

/// A function of each number.
struct Each<'a, F, const K: usize>(&'a [f64; K], F);

impl<F: Fn(f64) -> f64, const K: usize> Work for Each<'_, F, K> {
    type Answer = [f64; K];
    #[inline(always)]
    fn run(self) -> [f64; K] {
        let mut v = *self.0;
        for number in &mut v {
            *number = (self.1)(*number);
        }
        v
    }
}

/// 1 - erf(x), by the one or two formulas that the numbers need.
struct Erfc<'a, const K: usize>(&'a [f64; K]);

impl<const K: usize> Work for Erfc<'_, K> {
    type Answer = [f64; K];
    #[inline(always)]
    fn run(self) -> [f64; K] {
        let near = self.0.iter().filter(|x| x.abs() < one::NEAR).count();
        if near == K {
            return Each(self.0, one::erfc_near).run();
        }
        let mut v = Each(self.0, one::erfc_far).run();
        if near > 0 {
            for (v, x) in v.iter_mut().zip(self.0) {
                *v = if x.abs() < one::NEAR { one::erfc_near(*x) } else { *v };
            }
        }
        v
    }
}

/// Functions compiled once for each set of instructions, and not into every sweep.
macro_rules! functions {
    ($($name:ident $doc:literal $Work:expr;)+) => { $(
        #[doc = $doc]
        #[inline(never)]
        pub(crate) fn $name<const K: usize>(x: &[f64; K]) -> [f64; K] {
            widest($Work(x))
        }
    )+ };
}

functions! {
    exp "e^x." |x| Each(x, one::exp);
    ln "The natural logarithm." |x| Each(x, one::ln);
    tanh "The hyperbolic tangent." |x| Each(x, one::tanh);
    erfc "1 - erf(x)." Erfc;
    gauss "e^(-x^2)." |x| Each(x, one::gauss);
}
