//! How often a function is differentiated, as an argument that is a number. It must not know any function.

/// How much one derivative by the second of two arguments counts; one by the first counts 1.
pub(crate) const IN_Y: f64 = 1000.0;

/// A number of derivatives: a whole number from 0 to 65535.
pub(super) fn of_one(order: f64) -> Option<u32> {
    let is_order = order == order.trunc() && (0.0..=f64::from(u16::MAX)).contains(&order);
    is_order.then_some(order as u32)
}

/// Numbers of derivatives by each of two arguments: `order` is the first plus 1000 times the second.
pub(super) fn of_two(order: f64) -> Option<(u32, u32)> {
    of_one(order).map(|both| (both % IN_Y as u32, both / IN_Y as u32))
}
