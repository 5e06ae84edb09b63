//! Room for sweeps in every number that a derivative needs. It must not know any derivative.

use crate::emit::lanes::Registers;
use crate::number::{Dual, Lanes, OneSided};
use crate::sweep::Room;

/// Directions that one sweep of a Jacobian or Hessian takes at once.
pub(crate) const DIRECTIONS: usize = 4;

/// The number of such a sweep: one value, and a tangent along each direction.
pub(crate) type Directions = Dual<f64, Lanes<DIRECTIONS>>;

/// Room for values and adjoints, to be kept and used again: a sweep in a workspace that has grown
/// does not allocate. One serves any number of tapes and programs, one caller at a time.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    pub(crate) real: Room<f64>,
    pub(crate) dual: Room<Dual>,
    pub(crate) duals: Room<Directions>,
    pub(crate) one_sided: Room<OneSided>,
    pub(crate) lanes: Registers,
    /// Arguments of one slot.
    pub(crate) args: Vec<f64>,
    /// Adjoints of a quick tape, between sweeps all unreached.
    pub(crate) quick: Vec<f64>,
}

impl Workspace {
    /// An empty workspace; it grows to the largest sweep that it serves.
    pub fn new() -> Workspace {
        Workspace::default()
    }

    /// Bytes reserved for values and adjoints.
    pub fn bytes(&self) -> usize {
        fn of<N>(room: &Room<N>) -> usize {
            (room.values.capacity() + room.bars.capacity()) * size_of::<N>()
        }
        let quick = self.quick.capacity() * size_of::<f64>();
        of(&self.real)
            + of(&self.dual)
            + of(&self.duals)
            + of(&self.one_sided)
            + quick
            + self.lanes.bytes()
    }
}
