//! What can be seen of a tape, in the reader's own names. It reads; it never computes.

mod diagnosis;
mod draw;
mod explain;
mod finding;
mod message;
mod names;
#[cfg(feature = "page")]
pub(crate) mod page;
mod report;
mod sensitivity;
mod site;
mod text;
