//! From functions to programs, and from programs to recordings. It must not evaluate anything at
//! other points.

use super::Error;
use crate::custom::Custom;
use crate::program::Program;
use crate::sweep::Room;
use crate::tape::Tape;
use crate::var::Var;

/// Records a function of a slice once, to be replayed at other points.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v[0].square() * v[1], &[1.0, 1.0]);
/// assert_eq!(f.gradient(&[3.0, 2.0])?, [12.0, 9.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
///
/// A branch that `f` takes on the values is recorded as taken, and guarded: a replay where a
/// comparison would go the other way is an error, never a wrong number.
pub fn record(f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>, x: &[f64]) -> Program {
    record_vec(|v| vec![f(v)], x)
}

/// The same for a function with several outputs.
///
/// ```
/// use wengert::prelude::*;
///
/// let polar = record_vec(|v| vec![v[0] * v[1].cos(), v[0] * v[1].sin()], &[1.0, 0.0]);
/// assert_eq!(polar.jacobian(&[2.0, 0.0])?.data(), [1.0, 0.0, 0.0, 2.0]);
/// # Ok::<(), wengert::Error>(())
/// ```
pub fn record_vec(f: impl for<'t> Fn(&[Var<'t>]) -> Vec<Var<'t>>, x: &[f64]) -> Program {
    let tape = Tape::new();
    let outputs = f(&tape.input_slice(x));
    tape.program(&outputs)
}

impl Program {
    /// Runs the program on variables: its slots are recorded anew, its guards too, with the places
    /// of the comparisons that they are of.
    ///
    /// # Errors
    /// If a comparison goes the other way at these values.
    ///
    /// # Panics
    /// If there are not as many variables as inputs, or they are of several tapes.
    pub fn inline<'t>(&self, x: &[Var<'t>]) -> Result<Vec<Var<'t>>, Error> {
        self.replay(x)
    }

    /// The derivative as a program of the same inputs: its outputs are the partial derivatives of
    /// the first output in every input, then those of the second, and so on. It can be replayed,
    /// differentiated again and [simplified](Program::simplify).
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].powi(3), &[1.0]);
    /// let second = f.derivative()?.derivative()?;
    /// assert_eq!(second.value(&[2.0])?, 12.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a custom primitive has no program of its own: its partials are plain numbers.
    pub fn derivative(&self) -> Result<Program, Error> {
        self.check_customs()?;
        let tape = Tape::new();
        let x = tape.input_slice(&self.point);
        let mut room = Room::<Var<'_>>::default();
        self.run(&mut room, x.len(), |k| x[k])?;
        for (name, slot) in self.names() {
            if room.values[slot].slot().is_some() {
                room.values[slot].named(name);
            }
        }
        let mut outputs = Vec::with_capacity(self.outputs() * self.inputs());
        for output in &self.outputs {
            room.unreached(self.reach());
            room.seed(*output, Var::constant(1.0));
            room.reverse(&self.code);
            outputs.extend(self.code.inputs().iter().map(|slot| room.bar(*slot)));
        }
        Ok(tape.program(&outputs))
    }
}

impl Custom for Program {
    fn name(&self) -> &str {
        self.output_name(0).unwrap_or("program")
    }

    /// # Panics
    /// If a comparison goes the other way at these values, or there is not one output.
    fn value(&self, x: &[f64]) -> f64 {
        Program::value(self, x).unwrap_or_else(|error| panic!("{error}"))
    }

    fn partials(&self, x: &[f64], _v: f64, partials: &mut [f64]) {
        let gradient = self.gradient(x).unwrap_or_else(|error| panic!("{error}"));
        partials.copy_from_slice(&gradient);
    }

    fn program(&self) -> Option<&Program> {
        Some(self)
    }
}

/// A program with the function that it was recorded from: where a branch changes, it records again.
///
/// ```
/// use wengert::prelude::*;
///
/// let mut f = wengert::Recorded::new(|v| if v[0] > 1.0 { v[0].ln() } else { v[0] - 1.0 }, &[2.0]);
/// assert_eq!(f.value_and_gradient(&[4.0]).1, [0.25]);
/// assert_eq!(f.value_and_gradient(&[0.5]), (-0.5, vec![1.0]));
/// assert_eq!(f.recordings(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Recorded<F> {
    f: F,
    program: Program,
    recordings: usize,
}

impl<F: for<'t> Fn(&[Var<'t>]) -> Var<'t>> Recorded<F> {
    /// Records the function at `x`.
    pub fn new(f: F, x: &[f64]) -> Recorded<F> {
        let program = record(&f, x);
        Recorded { f, program, recordings: 1 }
    }

    /// The program of the branches taken last.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// How often it was recorded.
    pub fn recordings(&self) -> usize {
        self.recordings
    }

    /// The value and the gradient at `x`.
    ///
    /// # Panics
    /// If `x` has another length than there are inputs.
    pub fn value_and_gradient(&mut self, x: &[f64]) -> (f64, Vec<f64>) {
        self.evaluate(x, |program| program.value_and_gradient(x))
    }

    /// Whatever is asked of the program at `x`, after recording again if a branch has changed.
    ///
    /// # Panics
    /// If the question itself fails along the branches that the function takes at `x`.
    pub fn evaluate<T>(&mut self, x: &[f64], ask: impl Fn(&Program) -> Result<T, Error>) -> T {
        ask(&self.program).unwrap_or_else(|_| {
            self.program = record(&self.f, x);
            self.recordings += 1;
            ask(&self.program).unwrap_or_else(|error| panic!("{error}"))
        })
    }
}
