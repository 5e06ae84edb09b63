//! Guest crates at work on the numbers of this crate: each test uses the real crate. It must not
//! know how a number stores a variable.
#![cfg(feature = "num-traits")]

#[path = "guests/ambient.rs"]
mod ambient;
#[cfg(feature = "argmin")]
#[path = "guests/argmin.rs"]
mod argmin_crate;
#[path = "guests/casts.rs"]
mod casts;
mod common;
#[path = "guests/misuse.rs"]
mod misuse;
#[cfg(feature = "nalgebra")]
#[path = "guests/nalgebra.rs"]
mod nalgebra_crate;
#[cfg(feature = "ndarray")]
#[path = "guests/ndarray.rs"]
mod ndarray_crate;
#[path = "guests/num_traits.rs"]
mod num_traits_crate;

#[cfg(feature = "nalgebra")]
#[path = "guests/shortcuts.rs"]
mod shortcuts;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a panic says.
fn panic_message<T>(f: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(f)).map(|_| ()).expect_err("it panics");
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => {
            panic.downcast::<&str>().map_or_else(|_| String::new(), |text| text.to_string())
        }
    }
}

#[allow(dead_code)] // not every feature needs it
/// All numbers agree to 12 digits, of the largest of them.
#[track_caller]
fn assert_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    let scale = expected.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    for (k, (x, y)) in found.iter().zip(expected).enumerate() {
        assert!((x - y).abs() <= 1e-12 * scale, "entry {k}: {x}, and not {y}");
    }
}
