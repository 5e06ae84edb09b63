//! The two sweeps of a program in a number of the caller's choice. They must not know which.

use super::Error;
use super::lengths::check_length;
use crate::op::Number;
use crate::program::Program;
use crate::sweep::{Room, read};

/// # In any number
///
/// The sweeps that all of the above are made of. They take a number of the caller's choice, from
/// this crate or not, and memory of their own: 2 numbers a slot.
impl Program {
    /// The outputs, computed in any number: the sweep up.
    ///
    /// ```
    /// use wengert::prelude::*;
    /// use wengert::F32;
    ///
    /// let f = record(|v| v[0] / v[1], &[1.0, 1.0]);
    /// assert_eq!(f.replay(&[F32(1.0), F32(3.0)])?, [F32(1.0 / 3.0)]);
    /// assert_eq!(f.replay(&[Lanes([1.0, 4.0]), Lanes([2.0, 2.0])])?, [Lanes([0.5, 2.0])]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a comparison goes the other way at these inputs, in any lane.
    ///
    /// # Panics
    /// If there are not as many numbers as inputs; if the number cannot answer a comparison that was
    /// recorded, or not run a custom primitive.
    #[track_caller]
    pub fn replay<N: Number>(&self, x: &[N]) -> Result<Vec<N>, Error> {
        let mut room = Room::default();
        self.run(&mut room, x.len(), |k| x[k])?;
        Ok(self.outputs_in(&room))
    }

    /// The outputs and, from cotangents of them, the adjoints of the inputs, computed in any number:
    /// the sweep up and the sweep down. In tangents it is second order: the adjoints are gradients
    /// and their derivatives along the direction of the seeds.
    ///
    /// ```
    /// use wengert::prelude::*;
    /// use wengert::F32;
    ///
    /// let f = record(|v| v[0].square() * v[1], &[1.0, 1.0]);
    /// let (y, x_bar) = f.reverse(&[F32(3.0), F32(0.5)], &[F32(1.0)])?;
    /// assert_eq!((y, x_bar), (vec![F32(4.5)], vec![F32(3.0), F32(9.0)]));
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a comparison goes the other way at these inputs, in any lane.
    ///
    /// # Panics
    /// As [`replay`](Program::replay), and if there are not as many cotangents as outputs.
    #[track_caller]
    pub fn reverse<N: Number>(&self, x: &[N], y_bar: &[N]) -> Result<(Vec<N>, Vec<N>), Error> {
        check_length("the cotangent", y_bar.len(), self.outputs(), "output");
        let mut room = Room::default();
        self.run(&mut room, x.len(), |k| x[k])?;
        room.unreached(self.reach());
        self.outputs.iter().zip(y_bar).for_each(|(output, bar)| room.seed(*output, *bar));
        room.reverse(&self.code);
        let x_bar = self.code.inputs().iter().map(|slot| room.bar(*slot)).collect();
        Ok((self.outputs_in(&room), x_bar))
    }

    fn outputs_in<N: Number>(&self, room: &Room<N>) -> Vec<N> {
        self.outputs.iter().map(|y| read(&self.code, &room.values[..], *y)).collect()
    }
}
