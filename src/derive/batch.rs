//! One program at many points: several in lanes, and if asked for, on all cores. It must not know
//! any primitive, nor which lane a point gets.

use super::Error;
use super::lengths::check_length;
use crate::emit::lanes::{EachPoint, Registers};
use crate::number::Lanes;
use crate::program::Program;
use crate::sweep::read;
use std::array::from_fn;
use std::fmt;

/// Points that a sweep takes at once, where instructions in lanes cannot be had or failed.
const LANES: usize = 8;

/// Slots of a program whose instructions are worth being written down: their registers stay near the
/// processor.
const SHORT: usize = 16_384;

/// Room for either way to get there.
#[derive(Clone, Default)]
struct Room {
    registers: Registers,
    sweep: crate::sweep::Room<Lanes<LANES>>,
}

/// A program to be evaluated at many points, with room of its own: a call allocates nothing once
/// the room has grown, but for what it returns, and for custom primitives without a program that
/// have more than 16 arguments.
///
/// Points stand one behind another in a slice, as do values and gradients. They are taken in
/// [`Lanes`]: the bits are those of a sweep in lanes, whatever the number of points and threads. They
/// are those of a single point in f64 too, unless the program has one of the functions that lanes
/// compute in their own way, within 2 ulp.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v[0] * v[1].exp(), &[1.0, 0.0]);
/// let points = [2.0, 0.0, 3.0, 0.0, 4.0, 0.0];
/// let (values, gradients) = f.batch().values_and_gradients(&points)?;
/// assert_eq!(values, [2.0, 3.0, 4.0]);
/// assert_eq!(gradients, [1.0, 2.0, 1.0, 3.0, 1.0, 4.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// A point where a recorded comparison goes the other way is an error, [`Error::AtPoint`]. Of
/// several such points the first one is named, and what is written for the others means nothing.
pub struct Batch<'p> {
    program: &'p Program,
    /// Instructions of the values, and of the values with the gradient.
    values: Option<EachPoint>,
    gradients: Option<EachPoint>,
    rooms: Vec<Room>,
}

/// Points, and where their results go.
struct Piece<'a> {
    first: usize,
    points: &'a [f64],
    values: &'a mut [f64],
    gradients: Option<&'a mut [f64]>,
}

impl Program {
    /// The program at many points. A short one, of less than 16,384 slots, is written down as
    /// instructions when it is first asked for, which takes about a microsecond a slot; one that is
    /// longer, or has a custom primitive without a program, is swept in lanes of 8 points, in 128
    /// bytes a slot.
    pub fn batch(&self) -> Batch<'_> {
        Batch { program: self, values: None, gradients: None, rooms: vec![Room::default()] }
    }
}

impl Batch<'_> {
    /// The same on all cores: the points are divided among the threads of rayon's pool. Takes room
    /// for each thread.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].sin(), &[0.0]);
    /// let points: Vec<f64> = (0..1000).map(f64::from).collect();
    /// let values = f.batch().on_all_cores().values(&points)?;
    /// assert_eq!(values, f.batch().values(&points)?);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    #[cfg(feature = "rayon")]
    #[cfg_attr(docsrs, doc(cfg(feature = "rayon")))]
    pub fn on_all_cores(self) -> Self {
        let rooms = vec![Room::default(); rayon::current_num_threads().max(1)];
        Batch { rooms, ..self }
    }

    /// The values of all outputs, point by point.
    ///
    /// # Panics
    /// If the length of `points` is not a multiple of the number of inputs.
    #[track_caller]
    pub fn values(&mut self, points: &[f64]) -> Result<Vec<f64>, Error> {
        let mut values = vec![0.0; self.count(points) * self.program.outputs()];
        self.values_into(points, &mut values)?;
        Ok(values)
    }

    /// [`values`](Batch::values), written to a slice.
    ///
    /// # Panics
    /// If a slice has not the length that the number of points asks for.
    #[track_caller]
    pub fn values_into(&mut self, points: &[f64], values: &mut [f64]) -> Result<(), Error> {
        let wanted = self.count(points) * self.program.outputs();
        check_length("the slice of values", values.len(), wanted, "point and output");
        if self.values.is_none() && is_short(self.program) {
            self.values = Some(EachPoint::of(self.program, false));
        }
        let way = Way { program: self.program, instructions: self.values.as_ref() };
        spread(way, &mut self.rooms, Piece { first: 0, points, values, gradients: None })
    }

    /// The value and the gradient of the only output, point by point.
    ///
    /// # Panics
    /// If there is not one output, or the length of `points` is not a multiple of the number of
    /// inputs.
    #[track_caller]
    pub fn values_and_gradients(&mut self, points: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let (mut values, mut gradients) = (vec![0.0; self.count(points)], vec![0.0; points.len()]);
        self.values_and_gradients_into(points, &mut values, &mut gradients)?;
        Ok((values, gradients))
    }

    /// [`values_and_gradients`](Batch::values_and_gradients), written to slices.
    ///
    /// # Panics
    /// As it does, and if a slice has not the length that the number of points asks for.
    #[track_caller]
    pub fn values_and_gradients_into(
        &mut self,
        points: &[f64],
        values: &mut [f64],
        gradients: &mut [f64],
    ) -> Result<(), Error> {
        self.program.check_scalar();
        check_length("the slice of values", values.len(), self.count(points), "point");
        check_length("the slice of gradients", gradients.len(), points.len(), "point and input");
        let gradients = Some(gradients);
        if self.gradients.is_none() && is_short(self.program) {
            self.gradients = Some(EachPoint::of(self.program, true));
        }
        let way = Way { program: self.program, instructions: self.gradients.as_ref() };
        spread(way, &mut self.rooms, Piece { first: 0, points, values, gradients })
    }

    /// Number of points in a slice.
    #[track_caller]
    fn count(&self, points: &[f64]) -> usize {
        let (length, inputs) = (points.len(), self.program.inputs());
        assert!(
            inputs > 0 && length % inputs == 0,
            "{length} numbers are no points of a program of {inputs} inputs",
        );
        length / inputs
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("program", self.program).finish_non_exhaustive()
    }
}

/// Whether it is written down as instructions.
fn is_short(program: &Program) -> bool {
    program.len() < SHORT && program.check_customs().is_ok()
}

/// A program, and its instructions if there are any.
#[derive(Clone, Copy)]
struct Way<'a> {
    program: &'a Program,
    instructions: Option<&'a EachPoint>,
}

/// Divides the points among the rooms. Of two errors the one at the earlier point is kept.
fn spread(way: Way<'_>, rooms: &mut [Room], piece: Piece<'_>) -> Result<(), Error> {
    match rooms {
        [] => Ok(()),
        [room] => piece.evaluate(way, room),
        _ => {
            let (left_rooms, right_rooms) = rooms.split_at_mut(rooms.len() / 2);
            let (left, right) = piece.split(way.program);
            let (left, right) =
                join(|| spread(way, left_rooms, left), || spread(way, right_rooms, right));
            left.and(right)
        }
    }
}

#[cfg(feature = "rayon")]
use rayon::join;

#[cfg(not(feature = "rayon"))]
fn join<T>(left: impl FnOnce() -> T, right: impl FnOnce() -> T) -> (T, T) {
    (left(), right())
}

impl<'a> Piece<'a> {
    /// Two halves, of which the first fills its lanes.
    fn split(self, program: &Program) -> (Piece<'a>, Piece<'a>) {
        let count = self.points.len() / program.inputs();
        self.split_at(count.div_ceil(2).next_multiple_of(LANES).min(count), program)
    }

    /// The first points and the others.
    fn split_at(self, half: usize, program: &Program) -> (Piece<'a>, Piece<'a>) {
        let inputs = program.inputs();
        let (points, other_points) = self.points.split_at(half * inputs);
        let (values, other_values) = self.values.split_at_mut(half * program.outputs());
        let (gradients, other_gradients) =
            self.gradients.map(|all| all.split_at_mut(half * inputs)).unzip();
        let first = self.first;
        let left = Piece { first, points, values, gradients };
        let (points, values, gradients) = (other_points, other_values, other_gradients);
        (left, Piece { first: first + half, points, values, gradients })
    }

    /// By instructions; if there are none, or a comparison fails, in sweeps, which say where.
    fn evaluate(
        mut self,
        Way { program, instructions }: Way<'_>,
        room: &mut Room,
    ) -> Result<(), Error> {
        let done = instructions.is_some_and(|instructions| {
            let gradients = self.gradients.as_deref_mut().unwrap_or_default();
            instructions.run(self.points, self.values, gradients, &mut room.registers)
        });
        if done { Ok(()) } else { self.sweep(program, &mut room.sweep) }
    }

    /// Sweeps lanes full of points. Lanes that are left over repeat the last point.
    fn sweep(
        mut self,
        program: &Program,
        room: &mut crate::sweep::Room<Lanes<LANES>>,
    ) -> Result<(), Error> {
        let (inputs, outputs) = (program.inputs(), program.outputs());
        for (group, points) in self.points.chunks(LANES * inputs).enumerate() {
            let (first, count) = (group * LANES, points.len() / inputs);
            let x = |k| Lanes(from_fn(|lane| points[lane.min(count - 1) * inputs + k]));
            if program.run(room, inputs, x).is_err() {
                let failed = (0..count).find_map(|lane| at_point(program, room, points, lane));
                let (lane, error) = failed.expect("what fails in lanes fails in one of them");
                return Err(Error::AtPoint { point: self.first + first + lane, error });
            }
            for (i, output) in program.outputs.iter().enumerate() {
                let Lanes(values) = read(&program.code, &room.values[..], *output);
                put(&mut self.values[first * outputs..], outputs, i, &values[..count]);
            }
            if let Some(gradients) = &mut self.gradients {
                program.reverse_of(room);
                for (k, slot) in program.code.inputs().iter().enumerate() {
                    let Lanes(bars) = room.bar(*slot);
                    put(&mut gradients[first * inputs..], inputs, k, &bars[..count]);
                }
            }
        }
        Ok(())
    }
}

/// Writes one number a lane to the column `k` of rows of a width.
fn put(rows: &mut [f64], width: usize, k: usize, lanes: &[f64]) {
    rows[k..].iter_mut().step_by(width).zip(lanes).for_each(|(to, from)| *to = *from);
}

/// What is wrong at the point of a lane, if anything is.
fn at_point(
    program: &Program,
    room: &mut crate::sweep::Room<Lanes<LANES>>,
    points: &[f64],
    lane: usize,
) -> Option<(usize, Box<Error>)> {
    let inputs = program.inputs();
    let alone = program.run(room, inputs, |k| Lanes([points[lane * inputs + k]; LANES]));
    alone.err().map(|error| (lane, Box::new(error)))
}
