//! What can be seen of a tape, in the reader's own names. It reads; it never computes.

mod draw;
mod explain;
mod message;
mod names;
mod text;
