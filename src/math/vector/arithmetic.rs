//! Sums of products, fused where the processor has an instruction for it. It must not know what they
//! are part of.

/// How x y + z is rounded.
pub(crate) trait Arithmetic {
    /// Whether `mul_add` is rounded once, so that it tells what a product has lost.
    const FUSED: bool;

    /// x y + z.
    fn mul_add(x: f64, y: f64, z: f64) -> f64;
}

/// Rounded once. Where there is no instruction for it, this is a slow call.
pub(crate) struct Fused;

impl Arithmetic for Fused {
    const FUSED: bool = true;

    #[inline(always)]
    fn mul_add(x: f64, y: f64, z: f64) -> f64 {
        x.mul_add(y, z)
    }
}

/// Rounded twice.
pub(crate) struct Plain;

impl Arithmetic for Plain {
    const FUSED: bool = false;

    #[inline(always)]
    fn mul_add(x: f64, y: f64, z: f64) -> f64 {
        x * y + z
    }
}
