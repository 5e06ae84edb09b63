//! Code compiled for each set of vector instructions that a processor may have. It must not know
//! what it does.
#![allow(unsafe_code)]

/// Something to do, in the vector instructions that there are.
///
/// What `run` calls must be inlined into it: a function compiled by itself has the instructions that
/// every processor has.
pub(super) trait Work {
    type Answer;
    fn run(self) -> Self::Answer;
}

/// Does it in the widest vectors of this processor: AVX-512, AVX2, or what the build is for.
#[inline]
pub(super) fn widest<W: Work>(work: W) -> W::Answer {
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
