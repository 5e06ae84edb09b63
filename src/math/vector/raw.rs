//! Code compiled for each set of vector instructions that a processor may have. It must not know
//! what it does.
#![allow(unsafe_code)]

use super::arithmetic::{Arithmetic, Fused, Plain};

/// Something to do, in the vector instructions that there are.
///
/// What `run` calls must be inlined into it: a function compiled by itself has the instructions that
/// every processor has.
pub(crate) trait Work {
    type Answer;
    fn run<A: Arithmetic>(self) -> Self::Answer;
}

/// Does it in the widest vectors of this processor: AVX-512, AVX2, or what the build is for. Products
/// are fused by the first two, and where the build is for a processor that has it.
#[inline]
pub(crate) fn widest<W: Work>(work: W) -> W::Answer {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::is_x86_feature_detected as has;
        if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("fma") {
            // SAFETY: the processor has the instructions that the function is compiled for.
            return unsafe { with_avx512::<W, Fused>(work) };
        }
        if has!("avx2") && has!("fma") {
            // SAFETY: as above.
            return unsafe { with_avx2::<W, Fused>(work) };
        }
    }
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
        work.run::<Fused>()
    } else {
        work.run::<Plain>()
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,fma")]
fn with_avx512<W: Work, A: Arithmetic>(work: W) -> W::Answer {
    work.run::<A>()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<W: Work, A: Arithmetic>(work: W) -> W::Answer {
    work.run::<A>()
}

/// With each set of instructions that the processor has.
#[cfg(all(test, target_arch = "x86_64"))]
pub(super) fn with_each<W: Work, A: Arithmetic>(work: impl Fn() -> W) -> Vec<W::Answer> {
    use std::arch::is_x86_feature_detected as has;
    let mut all = Vec::new();
    if has!("avx2") && has!("fma") {
        // SAFETY: the processor has the instructions that the function is compiled for.
        all.push(unsafe { with_avx2::<W, A>(work()) });
    }
    if has!("avx512f") && has!("avx512dq") && has!("avx512vl") && has!("fma") {
        // SAFETY: as above.
        all.push(unsafe { with_avx512::<W, A>(work()) });
    }
    all
}
