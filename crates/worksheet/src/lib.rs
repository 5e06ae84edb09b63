//! A compiler for arithmetic on paper: reads a hand-worked derivation, judges every number in it
//! and names the slip. It must not draw (but in `render`), nor know any primitive by heart.
#![forbid(unsafe_code)]

pub mod ast;
pub mod author;
pub mod diagnose;
pub mod digits;
pub mod explain;
pub mod functions;
pub mod gradient;
pub mod judge;
pub mod layout;
pub mod lex;
pub mod message;
pub mod model;
pub mod names;
pub mod parse;
pub mod problem;
pub mod read;
pub mod record;
pub mod render;
pub mod report;
pub mod resolve;
pub mod source;
pub mod truth;
pub mod values;
