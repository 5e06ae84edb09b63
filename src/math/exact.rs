//! Numbers of twice the precision, as an unevaluated sum of two f64, where one f64 is not enough.
//! It must not know what is computed with them.

use std::ops::{Add, Mul};

/// The number `high + low`, where `low` is at most half an ulp of `high`.
///
/// Operations are those of Dekker, "A floating-point technique for extending the available
/// precision" (1971), and are good to about 2^-102, underflow apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Twofold {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Twofold {
    /// The number x, exactly.
    pub(super) const fn new(x: f64) -> Self {
        Twofold { high: x, low: 0.0 }
    }

    /// x + y, exactly (Knuth's two-sum).
    pub(super) fn sum(x: f64, y: f64) -> Self {
        let high = x + y;
        let from_y = high - x;
        Twofold { high, low: (x - (high - from_y)) + (y - from_y) }
    }

    /// x * y, exactly.
    pub(super) fn product(x: f64, y: f64) -> Self {
        let high = x * y;
        Twofold { high, low: x.mul_add(y, -high) }
    }

    /// 1 / self.
    pub(super) fn recip(self) -> Self {
        let high = 1.0 / self.high;
        let rest = (-high).mul_add(self.high, 1.0) - high * self.low;
        Twofold::sum(high, rest * high)
    }

    /// This number times a power of two.
    pub(super) fn scale(self, power: f64) -> Self {
        Twofold { high: self.high * power, low: self.low * power }
    }
}

impl Add for Twofold {
    type Output = Twofold;

    fn add(self, other: Twofold) -> Twofold {
        let high = Twofold::sum(self.high, other.high);
        let low = Twofold::sum(self.low, other.low);
        let near = Twofold::sum(high.high, high.low + low.high);
        Twofold::sum(near.high, near.low + low.low)
    }
}

impl Mul for Twofold {
    type Output = Twofold;

    fn mul(self, other: Twofold) -> Twofold {
        let high = Twofold::product(self.high, other.high);
        let cross = self.high.mul_add(other.low, self.low * other.high);
        Twofold::sum(high.high, high.low + cross)
    }
}

/// Three parts of ln 2; the first has 33 bits, so that an exponent times it is exact.
const LN_2: [f64; 3] = [0.6931471803691238, 1.9082149292705877e-10, 1.1612227229362532e-26];

/// e^x for -740 < x < 700, to about 2^-95.
pub(super) fn exp(x: f64) -> Twofold {
    let exponent = (x * std::f64::consts::LOG2_E).round();
    let parts = LN_2.map(|part| Twofold::product(-exponent, part));
    let rest = Twofold::new(x) + parts[0] + parts[1] + parts[2];
    let (half, other_half) = (exponent as i32 / 2, exponent as i32 - exponent as i32 / 2);
    let unit = exp_m1(rest) + Twofold::new(1.0);
    unit.scale(2f64.powi(half)).scale(2f64.powi(other_half))
}

/// e^x - 1 for |x| <= 2, to about 2^-92: the Taylor series at x / 256, doubled eight times by
/// e^2x - 1 = u (u + 2), which subtracts nothing that is near.
pub(super) fn exp_m1(x: Twofold) -> Twofold {
    let x = x.scale(1.0 / 256.0);
    let mut series = Twofold::new(1.0);
    for k in (2..=13).rev() {
        series = series * x * Twofold::new(f64::from(k)).recip() + Twofold::new(1.0);
    }
    (0..8).fold(series * x, |u, _| u * (u + Twofold::new(2.0)))
}
