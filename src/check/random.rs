//! Random directions and points, the same in every run. It must not know what they are for.

/// A generator of random numbers (S. Vigna's splitmix64), from a seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number between two others.
    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// A direction of length 1, no component of which is nearly 0.
    pub(crate) fn direction(&mut self, length: usize) -> Vec<f64> {
        let mut signed =
            || self.between(0.5, 1.0) * if self.between(0.0, 1.0) < 0.5 { -1.0 } else { 1.0 };
        let direction: Vec<f64> = (0..length).map(|_| signed()).collect();
        let norm = direction.iter().map(|d| d * d).sum::<f64>().sqrt();
        direction.into_iter().map(|d| d / norm).collect()
    }
}
