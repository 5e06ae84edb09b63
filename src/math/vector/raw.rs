//! Code compiled for each set of vector instructions that a processor may have. It must not know
//! what it does.
#![allow(unsafe_code)]

/// Something to do, in the vector instructions that there are.
///
/// What `run` calls must be inlined into it: a function compiled by itself has the instructions that
/// every processor has.
pub(crate) trait Work {
    type Answer;
    fn run(self) -> Self::Answer;
}

/// Does it in the widest vectors of this processor: AVX-512, AVX2, or what the build is for.
#[inline]
pub(crate) fn widest<W: Work>(work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("fma") {
            // SAFETY: the processor has the instructions that the function is compiled for.
            return unsafe { with_avx512(work) };
        }
        if has!("avx2") && has!("fma") {
            // SAFETY: as above.
            return unsafe { with_avx2(work) };
        }
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,fma")]
fn with_avx512<W: Work>(work: W) -> W::Answer {
    work.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<W: Work>(work: W) -> W::Answer {
    work.run()
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::{Each, Erfc, one};
    use super::{Work, with_avx2, with_avx512};
    use std::arch::is_x86_feature_detected as has;

    /// The bits with each set of instructions that this processor has.
    fn bits<W: Work<Answer = [f64; 32]>>(work: impl Fn() -> W) -> Vec<[u64; 32]> {
        let mut all = vec![work().run()];
        if has!("avx2") && has!("fma") {
            // SAFETY: the processor has the instructions that the function is compiled for.
            all.push(unsafe { with_avx2(work()) });
        }
        if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("fma") {
            // SAFETY: as above.
            all.push(unsafe { with_avx512(work()) });
        }
        all.iter().map(|v| v.map(f64::to_bits)).collect()
    }

    #[test]
    fn the_bits_are_the_same_with_every_set_of_instructions() {
        for turn in 0..1000 {
            let x: [f64; 32] = std::array::from_fn(|lane| {
                let place = f64::from(turn) * 0.618 + lane as f64 * 0.414;
                (place.fract() - 0.5) * 10.0_f64.powi((turn % 7) - 3)
            });
            let size = x.map(f64::abs);
            for all in [
                bits(|| Each(&x, one::exp)),
                bits(|| Each(&size, one::ln)),
                bits(|| Each(&x, one::tanh)),
                bits(|| Each(&x, one::gauss)),
                bits(|| Erfc(&x)),
            ] {
                assert!(all.iter().all(|bits| bits == &all[0]), "{x:?}: {all:x?}");
            }
        }
    }
}
