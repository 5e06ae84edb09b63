//! What can be trusted: derivatives written by hand against the truth, where a NaN comes from, how
//! sensitive and how exact a number is, which kinks are near. It must not format anything, and
//! nothing it finds depends on how it is shown.

mod advice;
mod assert;
mod black_box;
mod borders;
mod bounds;
mod diagnose;
mod difference;
mod examine;
mod finding;
mod gradient;
mod judge;
mod kinks;
mod linear;
mod near;
mod options;
mod others;
mod random;
mod report;
mod rounded;
mod scene;
mod sensitivity;
mod sides;
mod suspect;

pub use advice::Advice;
pub use diagnose::{Cause, Decision, Diagnosis, Fault, Witness};
pub use finding::{Finding, Meaning, Mistake, SlopeChange};
pub use kinks::{Answer, Border, KinkKind, NearKink};
pub use linear::Site;
pub use options::{
    Check, check_black_box, check_custom, check_gradient, check_hvp, check_jacobian,
};
pub use report::{Component, NearBy, Oracle, Part, Question, Reason, Report, Verdict};
pub use sensitivity::{Influence, Sensitivity};
