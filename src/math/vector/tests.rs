//! The vector functions in both arithmetics, with every set of instructions: how near they are, and
//! that they have the same bits. It must not know how they are computed.

use super::arithmetic::{Arithmetic, Fused, Plain};
use super::{Erfc, Exp, Gauss, Ln, Tanh, Together, Work};

/// The function of a name, in one arithmetic.
#[inline(always)]
fn by_name<A: Arithmetic, const K: usize>(name: &str, mut x: [f64; K]) -> [f64; K] {
    match name {
        "exp" => <Exp as Together>::of::<A>(&mut x),
        "ln" => <Ln as Together>::of::<A>(&mut x),
        "tanh" => <Tanh as Together>::of::<A>(&mut x),
        "erfc" => <Erfc as Together>::of::<A>(&mut x),
        "gauss" => <Gauss as Together>::of::<A>(&mut x),
        _ => panic!("no function is called {name}"),
    }
    x
}

/// The same as work.
struct ByName<'a>(&'a str, [f64; 32]);

impl Work for ByName<'_> {
    type Answer = [f64; 32];
    #[inline(always)]
    fn run<A: Arithmetic>(self) -> [f64; 32] {
        by_name::<A, 32>(self.0, self.1)
    }
}

/// `reference.tsv` has a function, an argument, the value in f64 and what that is off, computed by
/// mpmath 1.3.0 with 75 digits: at edges, and where the functions were furthest off among 48,000
/// arguments each, in either arithmetic.
#[test]
fn both_arithmetics_are_within_2_ulps() {
    let mut count = 0;
    for line in include_str!("reference.tsv").lines() {
        let (name, numbers) = line.split_once('\t').expect("a name and three numbers");
        let numbers: Vec<f64> = numbers.split('\t').map(|text| text.parse().unwrap()).collect();
        let [x, high, low] = numbers[..] else { panic!("not three numbers: {line}") };
        let ulp = high.abs().next_up() - high.abs();
        let values = [by_name::<Fused, 1>(name, [x]), by_name::<Plain, 1>(name, [x])];
        for (arithmetic, [v]) in ["fused", "plain"].into_iter().zip(values) {
            let off = ((v - high) - low).abs() / ulp;
            assert!(off <= 2.0, "{arithmetic} {name}({x:e}) is {v:e}, {off} ulps from {high:e}");
            count += 1;
        }
    }
    assert!(count > 200, "{count} values");
}

#[cfg(target_arch = "x86_64")]
mod instructions {
    use super::super::raw::with_each;
    use super::*;

    fn the_bits_are_the_same<A: Arithmetic>() {
        for turn in 0..1000 {
            let x: [f64; 32] = std::array::from_fn(|lane| {
                let place = f64::from(turn) * 0.618 + lane as f64 * 0.414;
                (place.fract() - 0.5) * 10.0_f64.powi((turn % 7) - 3)
            });
            for name in ["exp", "ln", "tanh", "erfc", "gauss"] {
                let x = if name == "ln" { x.map(f64::abs) } else { x };
                let alone = x.map(|x| by_name::<A, 1>(name, [x])[0].to_bits());
                let mut all = with_each::<_, A>(|| ByName(name, x));
                all.push(ByName(name, x).run::<A>());
                for v in all {
                    assert_eq!(v.map(f64::to_bits), alone, "{name} {x:?}");
                }
            }
        }
    }

    #[test]
    fn the_bits_are_the_same_with_every_set_of_instructions() {
        the_bits_are_the_same::<Plain>();
        the_bits_are_the_same::<Fused>();
    }
}
