//! Instructions carried out in vector lanes: a list of them is run for many turns at once, each turn
//! in a lane. It must not know programs, nor what a turn is: a point of a batch, or one of a loop.
//!
//! This is an interpreter, but one that looks an instruction up once for some hundred numbers. What
//! an instruction gives stays in a register: a row of numbers in memory, one a lane, few enough of
//! them for all rows to stay near the processor.

mod each_point;
mod machine;
mod neighbours;
mod packs;
mod places;
mod raw;
mod schedule;

pub(crate) use each_point::EachPoint;
pub(crate) use machine::{Registers, Turns};
pub(crate) use places::{Access, Memory, Place, Space};
pub(crate) use schedule::Schedule;
