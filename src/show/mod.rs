//! What can be seen of a tape, in the reader's own names. It reads; it never computes.

mod diagnosis;
mod finding;
mod message;
mod report;
mod sensitivity;
mod site;
mod text;
