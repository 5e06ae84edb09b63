//! The functions of one number, without a branch and without a table, so that a loop over them
//! becomes vector instructions. They must not know of such loops.
//!
//! Each is written once, for both arithmetics: where products are fused, what a product lost is one
//! more product, so that nothing need be cut to keep it. The polynomials are Chebyshev fits, computed
//! with 60 digits.

use super::arithmetic::Arithmetic;
use std::f64::consts::LOG2_E;

/// (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, to 3e-18.
const EXP: [f64; 11] = [
    0.5,
    0.166_666_666_666_666_7,
    0.041_666_666_666_666_67,
    0.008_333_333_333_326_136,
    0.001_388_888_888_888_374_8,
    0.000_198_412_698_748_206_27,
    2.480_158_732_554_774_3e-5,
    2.755_725_540_020_642_2e-6,
    2.755_727_364_311_03e-7,
    2.510_521_700_472_074_5e-8,
    2.091_468_696_808_687_6e-9,
];

/// (ln((1 + s) / (1 - s)) - 2 s) / s^3 in s^2, for |s| <= (sqrt 2 - 1) / (sqrt 2 + 1), to 4e-16.
const LN: [f64; 7] = [
    0.666_666_666_666_667,
    0.399_999_999_998_988_9,
    0.285_714_286_262_538_36,
    0.222_222_110_893_794_96,
    0.181_828_924_325_368_7,
    0.153_316_117_220_550_08,
    0.146_178_071_534_173_25,
];

/// (tanh(x) - x) / x^3 in x^2, for |x| <= 0.8, to 2e-17.
const TANH: [f64; 14] = [
    -0.333_333_333_333_333_3,
    0.133_333_333_333_331_56,
    -0.053_968_253_968_072_76,
    0.021_869_488_528_862_377,
    -0.008_863_235_376_274_077,
    0.003_592_126_090_903_733_5,
    -0.001_455_818_349_336_692_4,
    0.000_589_937_154_484_977_6,
    -0.000_238_771_776_865_816_64,
    9.590_580_074_661_439e-5,
    -3.723_351_759_986_434e-5,
    1.296_596_928_674_646_3e-5,
    -3.451_065_152_173_475_4e-6,
    4.967_418_898_612_299e-7,
];

/// erf(x) / x - 1 in x^2, for |x| <= 0.84375, to 2e-17.
const ERF: [f64; 12] = [
    0.128_379_167_095_512_6,
    -0.376_126_389_031_837_5,
    0.112_837_916_709_547_43,
    -0.026_866_170_645_030_895,
    0.005_223_977_624_079_475,
    -0.000_854_832_691_416_264_3,
    0.000_120_553_274_174_454_86,
    -1.492_546_346_377_651_9e-5,
    1.645_791_245_631_575e-6,
    -1.630_307_424_137_826_3e-7,
    1.420_546_550_526_009_4e-8,
    -8.879_356_864_701_441e-10,
];

/// (1 + 2 x) e^(x^2) erfc(x) - 1.1875 in (x - 4) / (x + 4), for 0.84 <= x <= 28, to 2e-17.
const ERFC: [f64; 21] = [
    0.045_495_118_625_552_51,
    -0.139_621_116_840_562_5,
    0.015_379_652_102_621_856,
    0.068_097_054_254_688_25,
    -0.101_039_066_036_459_35,
    0.093_732_834_998_591_43,
    -0.066_330_365_807_796_54,
    0.037_167_515_531_422_97,
    -0.016_197_734_121_938_593,
    0.005_031_970_061_383_384,
    -0.000_757_772_754_046_699_1,
    -0.000_199_257_383_424_454_02,
    0.000_150_618_970_771_139_7,
    -2.439_565_223_732_322e-5,
    -1.121_362_121_719_294_9e-5,
    5.698_092_625_685_934e-6,
    2.783_067_423_206_805_3e-7,
    -8.020_011_052_135_02e-7,
    8.961_243_840_447_698e-8,
    8.324_734_048_687_584e-8,
    -2.246_442_497_253_916_7e-8,
];

/// Adding it rounds to an integer, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// ln 2, in two parts: 2,048 times the first is exact.
const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

#[inline(always)]
fn polynomial<A: Arithmetic, const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let mut sum = c[N - 1];
    for k in (0..N - 1).rev() {
        sum = A::mul_add(sum, x, c[k]);
    }
    sum
}

/// The number without its 32 lowest bits: the product of two such is exact.
#[inline(always)]
fn short(x: f64) -> f64 {
    f64::from_bits(x.to_bits() & 0xFFFF_FFFF_0000_0000)
}

/// A number (1 + y) 2^n.
#[derive(Clone, Copy)]
struct Scaled {
    y: f64,
    /// `ROUND` + n.
    n: f64,
}

/// e^x, for -1100 < x < 1100: n is the integer nearest to x / ln 2, and y what is left, less than
/// 0.42 in size.
#[inline(always)]
fn scaled_exp<A: Arithmetic>(x: f64) -> Scaled {
    let n = A::mul_add(x, LOG2_E, ROUND);
    let integer = n - ROUND;
    let high = A::mul_add(-integer, LN_2_HIGH, x);
    let r = A::mul_add(-integer, LN_2_LOW, high);
    let rest = A::mul_add(-integer, LN_2_LOW, high - r);
    Scaled { y: r + A::mul_add(r * r, polynomial::<A, 11>(&EXP, r), rest), n }
}

/// x 2^n, in two steps, so that what is subnormal is rounded once.
#[inline(always)]
fn times_power(x: f64, n: f64) -> f64 {
    let biased = n.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(2048);
    let half = biased >> 1;
    let power = |k: u64| f64::from_bits(k.wrapping_sub(1) << 52);
    x * power(half) * power(biased - half)
}

/// e^x.
#[inline(always)]
pub(super) fn exp<A: Arithmetic>(x: f64) -> f64 {
    let x = if x > 710.0 { 710.0 } else { x };
    let x = if x < -750.0 { -750.0 } else { x };
    let e = scaled_exp::<A>(x);
    times_power(1.0 + e.y, e.n)
}

/// The natural logarithm: with x = 2^k (1 + f) and s = f / (2 + f), ln(1 + f) is
/// f - (f^2 / 2 - s (f^2 / 2 + R(s^2))), as in fdlibm.
#[inline(always)]
pub(super) fn ln<A: Arithmetic>(x: f64) -> f64 {
    const SQRT_HALF: u64 = 0x3FE6_A09E_0000_0000;
    const BIAS: u64 = 1 << 63;
    let subnormal = x < f64::MIN_POSITIVE;
    let bits = if subnormal { x * 18_014_398_509_481_984.0 } else { x }.to_bits();
    let exponent = (bits.wrapping_sub(SQRT_HALF) ^ BIAS) >> 52;
    let f = f64::from_bits(bits.wrapping_sub((exponent << 52) ^ BIAS)) - 1.0;
    let k = f64::from_bits(0x4330_0000_0000_0000 | exponent) - (4_503_599_627_370_496.0 + 2048.0);
    let k = if subnormal { k - 54.0 } else { k };
    let s = f / (2.0 + f);
    let (z, half) = (s * s, 0.5 * f * f);
    let rest = s * A::mul_add(z, polynomial::<A, 7>(&LN, z), half);
    let v = A::mul_add(k, LN_2_HIGH, -((half - A::mul_add(k, LN_2_LOW, rest)) - f));
    let v = if x < f64::INFINITY { v } else { x };
    let v = if x == 0.0 { f64::NEG_INFINITY } else { v };
    if x < 0.0 { f64::NAN } else { v }
}

/// The hyperbolic tangent: a polynomial up to 0.8, and 1 - 2 / (e^2x + 1) beyond.
#[inline(always)]
pub(super) fn tanh<A: Arithmetic>(x: f64) -> f64 {
    let size = x.abs();
    let z = size * size;
    let near = A::mul_add(size * z, polynomial::<A, 14>(&TANH, z), size);
    let large = if size > 20.0 { 20.0 } else { size };
    let e = scaled_exp::<A>(2.0 * large);
    let far = 1.0 - 2.0 / (times_power(1.0 + e.y, e.n) + 1.0);
    if size < 0.8 { near } else { far }.copysign(x)
}

/// e^(-x^2) for 0 <= x <= 28, as a power and a factor that is nearly 1: e^(-square), where square is
/// exact and near to x^2, and what is left.
struct Bell {
    power: Scaled,
    /// e^(square - x^2) - 1, less than 2e-3 in size.
    delta: f64,
}

impl Bell {
    /// Where products are fused, the square is rounded, and what it lost is exact and tiny. Else x
    /// is cut to `short(x)`, whose square is exact.
    #[inline(always)]
    fn of<A: Arithmetic>(x: f64) -> Bell {
        if A::FUSED {
            let square = x * x;
            let delta = A::mul_add(-x, x, square);
            return Bell { power: scaled_exp::<A>(-square), delta };
        }
        let high = short(x);
        let m = -((x - high) * (x + high));
        let series = m * (1.0 / 2.0 + m * (1.0 / 6.0 + m * (1.0 / 24.0 + m * (1.0 / 120.0))));
        Bell { power: scaled_exp::<A>(-(high * high)), delta: m + m * series }
    }

    /// Both in one, and a factor 1 + delta more: what is above 1 of all but 2^n.
    #[inline(always)]
    fn factor<A: Arithmetic>(&self, delta: f64) -> f64 {
        let y = self.power.y;
        y + A::mul_add(y, delta, delta)
    }
}

/// e^(-x^2).
#[inline(always)]
pub(super) fn gauss<A: Arithmetic>(x: f64) -> f64 {
    let size = x.abs();
    let bell = Bell::of::<A>(if size > 28.0 { 28.0 } else { size });
    times_power(1.0 + bell.factor::<A>(bell.delta), bell.power.n)
}

/// 1 - erf(x), for |x| < `NEAR`. From 1/2 on 1 - x is exact, and below what it loses is half an ulp.
#[inline(always)]
pub(super) fn erfc_near<A: Arithmetic>(x: f64) -> f64 {
    A::mul_add(-x, polynomial::<A, 12>(&ERF, x * x), 1.0 - x)
}

/// Up to here 1 - erf(x) loses no digit.
pub(super) const NEAR: f64 = 0.84375;

/// 1 - erf(x), for |x| >= `NEAR`: e^(-x^2) g / (1 + 2 x), where g is nearly constant.
///
/// All factors but one are nearly 1, and what they lack is added up first.
#[inline(always)]
pub(super) fn erfc_far<A: Arithmetic>(x: f64) -> f64 {
    let size = x.abs();
    let size = if size > 28.0 { 28.0 } else { size };
    let bell = Bell::of::<A>(size);
    let Divided { recip, lacking, place } = Divided::of::<A>(size);
    let delta = bell.delta + A::mul_add(bell.delta, lacking, lacking);
    let factor = bell.factor::<A>(delta);
    let main = 1.1875 * recip;
    let lost = if A::FUSED { A::mul_add(1.1875, recip, -main) } else { 0.0 };
    let rest = A::mul_add(recip, polynomial::<A, 21>(&ERFC, place), lost);
    let v = times_power(main + A::mul_add(main + rest, factor, rest), bell.power.n);
    if x < 0.0 { 2.0 - v } else { v }
}

/// 1 / (1 + 2 x) for `NEAR` <= x <= 28, as a number and a factor that is nearly 1.
struct Divided {
    recip: f64,
    /// 1 / (1 + 2 x) = recip (1 + lacking).
    lacking: f64,
    /// (x - 4) / (x + 4)
    place: f64,
}

impl Divided {
    #[inline(always)]
    fn of<A: Arithmetic>(x: f64) -> Divided {
        if A::FUSED {
            // One division for both: what the rounding of the first loses is known, and the second
            // need not be exact.
            let divisor = A::mul_add(2.0, x, 1.0);
            let lost = A::mul_add(2.0, x, -divisor) + 1.0;
            let both = 1.0 / (divisor * (x + 4.0));
            let recip = both * (x + 4.0);
            let lacking = A::mul_add(-recip, lost, A::mul_add(-recip, divisor, 1.0));
            return Divided { recip, lacking, place: (x - 4.0) * (both * divisor) };
        }
        let high = short(x);
        let divisor = 1.0 + 2.0 * high;
        let recip = short(1.0 / divisor);
        let lacking = 1.0 - recip * divisor;
        let cut = 2.0 * (x - high) * recip * (1.0 + lacking);
        let lacking = (lacking - cut) + (lacking * (lacking - cut) + cut * cut);
        Divided { recip, lacking, place: (x - 4.0) / (x + 4.0) }
    }
}
