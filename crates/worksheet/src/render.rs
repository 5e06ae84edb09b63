//! Reports as text: for people, for editors, for programs.
//! It must not decide what is said.

pub mod human;
pub mod json;
pub mod sarif;
pub mod short;

pub use human::human;
pub use json::{json, json_unreadable};
pub use sarif::sarif;
pub use short::short;
