//! Programs compiled to machine code. It must not know any primitive: a number that writes
//! instructions goes through the two sweeps.

mod functions;
mod loops;
mod lower;
mod order;
mod pairs;
mod pieces;
mod raw;
mod writer;

use crate::derive::{Error, Workspace, check_length};
use crate::emit::Rolled;
use crate::program::Program;
use cranelift_codegen::isa::Builder;
use loops::Loops;
use lower::Lowering;
use pieces::Written;
use std::fmt;

/// How much time is spent on compiling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompileMode {
    /// For code that is run often.
    #[default]
    Thorough,
    /// Several times as quick to compile, for slower code.
    Quick,
}

/// Why a program could not be compiled. It can be interpreted all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompileError {
    /// No code can be written for this machine, and why.
    Machine(String),
    /// A custom primitive that is not a program itself, by name: code cannot look into it.
    Custom(String),
    /// The code generator refused the program, and why.
    Code(String),
    /// No memory for code could be had, and why.
    Memory(String),
}

/// A program in machine code, with the program itself. It is `Send + Sync`, and evaluated through
/// `&self` with a [`Workspace`] per caller.
///
/// ```
/// use wengert::prelude::*;
///
/// let f = record(|v| v[0].sin() * v[1], &[0.5, 2.0]);
/// let compiled = f.compile()?;
/// let (value, gradient) = compiled.value_and_gradient(&[0.0, 3.0])?;
/// assert_eq!((value, gradient), (0.0, vec![3.0, 0.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Every number has the bits that the program gives, and where a recorded comparison goes the other
/// way, the error is the program's. NaN are one to it: the sign of a NaN that was computed may differ,
/// which only `copysign` shows. Of a program whose loops were found
/// ([`Rolled::compile`]), numbers agree to rounding: what adds up from turn to turn is added in two
/// parts.
#[derive(Debug)]
pub struct Compiled {
    program: Program,
    code: Result<Code, CompileError>,
}

/// Code of a program as it was recorded, or of its loops.
#[derive(Debug)]
enum Code {
    Straight(Written),
    Loops(Loops),
}

impl Program {
    /// Machine code of the program: of its values, and of the gradient of its outputs. Costs some 5
    /// µs a slot (3 in the quick mode), and a small program some 300 µs (180). It pays for itself
    /// against the interpreter after some thousand evaluations: `cargo run --release -- --mode compiled
    /// --mode program` in `crates/bench` says how many.
    ///
    /// # Errors
    /// If Cranelift does not know this machine, or there is a custom primitive that is not a program.
    pub fn compile(&self) -> Result<Compiled, CompileError> {
        self.compile_in(CompileMode::Thorough)
    }

    /// The same, with a choice of how much time is spent.
    pub fn compile_in(&self, mode: CompileMode) -> Result<Compiled, CompileError> {
        self.compile_for(cranelift_native::builder(), mode)
    }

    /// The same where it can be; else the program is interpreted, and
    /// [`interpreted_because`](Compiled::interpreted_because) says why.
    ///
    /// ```
    /// use wengert::prelude::*;
    /// use wengert::CompileMode;
    ///
    /// let f = record(|v| v[0].square(), &[1.0]).compile_or_interpret(CompileMode::Quick);
    /// if let Some(reason) = f.interpreted_because() {
    ///     println!("this will be slower: {reason}");
    /// }
    /// assert_eq!(f.value(&[3.0])?, 9.0);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    pub fn compile_or_interpret(&self, mode: CompileMode) -> Compiled {
        self.or_interpret(self.compile_in(mode))
    }

    fn or_interpret(&self, compiled: Result<Compiled, CompileError>) -> Compiled {
        compiled.unwrap_or_else(|why| Compiled { program: self.clone(), code: Err(why) })
    }

    fn compile_for(
        &self,
        machine: Result<Builder, &'static str>,
        mode: CompileMode,
    ) -> Result<Compiled, CompileError> {
        let machine = machine.map_err(|why| CompileError::Machine(why.to_owned()))?;
        if let Err(Error::Unsupported { custom }) = self.check_customs() {
            return Err(CompileError::Custom(custom));
        }
        let lowering = Lowering::new(machine, mode, pieces::PARAMETERS)?;
        let code = Code::Straight(pieces::write(self, lowering)?);
        Ok(Compiled { program: self.clone(), code: Ok(code) })
    }
}

impl Rolled {
    /// Machine code of the program, loops as loops: two turns at once where numbers stand one behind
    /// another, or a turn's own neighbours where the next turn's are far behind. It is smaller than that of [`Program::compile`], sooner made, and quicker where a
    /// program is long: code of a million operations must itself be fetched from memory.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v.windows(2).map(|x| (x[1] - x[0].square()).square()).sum(), &[0.5; 1000]);
    /// let compiled = f.roll()?.compile()?;
    /// let (value, gradient) = compiled.value_and_gradient(&[1.0; 1000])?;
    /// assert_eq!((value, gradient[0]), (0.0, 0.0));
    /// assert!(compiled.bytes() < f.compile()?.bytes() / 10);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Numbers agree with those of the program to rounding: sums over turns are added in two parts.
    /// Functions are the program's own, one turn at a time, but those of constants, which are computed as
    /// lanes do. Costs about twice as much for each kind of loop as for a program of one turn, however many it
    /// takes. A program without loops is compiled as [`Program::compile`] does.
    ///
    /// # Errors
    /// If Cranelift does not know this machine.
    pub fn compile(&self) -> Result<Compiled, CompileError> {
        self.compile_in(CompileMode::Thorough)
    }

    /// The same, with a choice of how much time is spent.
    pub fn compile_in(&self, mode: CompileMode) -> Result<Compiled, CompileError> {
        if self.loops().next().is_none() {
            return self.program.compile_in(mode); // its writer of straight code is the better one
        }
        let machine = cranelift_native::builder();
        let machine = machine.map_err(|why| CompileError::Machine(why.to_owned()))?;
        let lowering = Lowering::new(machine, mode, loops::PARAMETERS)?;
        let code = Code::Loops(Loops::write(&self.layout, self.program.inputs(), lowering)?);
        Ok(Compiled { program: self.program.clone(), code: Ok(code) })
    }
}

/// # Evaluation
///
/// All of these panic if a slice has another length than the program's inputs or outputs, and give
/// [`Error::BranchChanged`] where a recorded comparison goes the other way. The forms ending in
/// `_into` do not allocate once the workspace has grown.
impl Compiled {
    /// The program that was compiled.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Why it is interpreted, if it is.
    pub fn interpreted_because(&self) -> Option<&CompileError> {
        self.code.as_ref().err()
    }

    /// Bytes of machine code, and of what it is told of the places of loops.
    pub fn bytes(&self) -> usize {
        match &self.code {
            Ok(Code::Straight(code)) => code.machine.bytes(),
            Ok(Code::Loops(code)) => code.bytes(),
            Err(_) => 0,
        }
    }

    /// The value of the only output.
    pub fn value(&self, x: &[f64]) -> Result<f64, Error> {
        self.value_into(x, &mut Workspace::new())
    }

    /// [`value`](Compiled::value) in a workspace.
    #[track_caller]
    pub fn value_into(&self, x: &[f64], workspace: &mut Workspace) -> Result<f64, Error> {
        self.program.check_scalar();
        let mut y = [f64::NAN];
        match self.run(x, &mut y, &[1.0], None, workspace) {
            true => Ok(y[0]),
            false => self.program.value_into(x, workspace),
        }
    }

    /// The values of all outputs, in a workspace.
    #[track_caller]
    pub fn values_into(
        &self,
        x: &[f64],
        y: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the slice", y.len(), self.program.outputs(), "output");
        let mut unused = std::mem::take(&mut workspace.real.bars); // code going up reads no cotangent
        unused.resize(y.len(), 0.0);
        let holds = self.run(x, y, &unused, None, workspace);
        workspace.real.bars = unused;
        match holds {
            true => Ok(()),
            false => self.program.values_into(x, y, workspace),
        }
    }

    /// The gradient of the only output, in a workspace.
    #[track_caller]
    pub fn gradient_into(
        &self,
        x: &[f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        self.value_and_gradient_into(x, x_bar, workspace).map(|_| ())
    }

    /// The value and the gradient of the only output.
    pub fn value_and_gradient(&self, x: &[f64]) -> Result<(f64, Vec<f64>), Error> {
        let mut x_bar = vec![0.0; self.program.inputs()];
        let value = self.value_and_gradient_into(x, &mut x_bar, &mut Workspace::new())?;
        Ok((value, x_bar))
    }

    /// [`value_and_gradient`](Compiled::value_and_gradient) in a workspace.
    #[track_caller]
    pub fn value_and_gradient_into(
        &self,
        x: &[f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<f64, Error> {
        self.program.check_scalar();
        let mut y = [f64::NAN];
        match self.run(x, &mut y, &[1.0], Some(x_bar), workspace) {
            true => Ok(y[0]),
            false => self.program.value_and_gradient_into(x, x_bar, workspace),
        }
    }

    /// The values, and the vector-Jacobian product, in a workspace: the gradient of the sum of all
    /// outputs, each times its cotangent.
    #[track_caller]
    pub fn vjp_into(
        &self,
        x: &[f64],
        y_bar: &[f64],
        y: &mut [f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the cotangent", y_bar.len(), self.program.outputs(), "output");
        check_length("the slice", y.len(), self.program.outputs(), "output");
        // Straight code of one output is seeded with 1.
        let is_straight = matches!(self.code, Ok(Code::Straight(_)));
        let fits = !is_straight || y_bar.len() != 1 || y_bar[0] == 1.0;
        match fits && self.run(x, y, y_bar, Some(x_bar), workspace) {
            true => Ok(()),
            false => self.program.vjp_into(x, y_bar, y, x_bar, workspace),
        }
    }

    /// Runs the code. False where there is none, or a recorded comparison goes the other way: then
    /// the program itself has the answer.
    #[track_caller]
    #[inline]
    fn run(
        &self,
        x: &[f64],
        y: &mut [f64],
        y_bar: &[f64],
        mut x_bar: Option<&mut [f64]>,
        workspace: &mut Workspace,
    ) -> bool {
        check_length("the point", x.len(), self.program.inputs(), "input");
        if let Some(x_bar) = &x_bar {
            check_length("the gradient", x_bar.len(), self.program.inputs(), "input");
        }
        let Written { machine, constants, frame: cells } = match &self.code {
            Ok(Code::Straight(written)) => written,
            Ok(Code::Loops(loops)) => return loops.run(x, y, y_bar, x_bar, workspace),
            Err(_) => return false,
        };
        let frame = &mut workspace.real.values;
        if frame.len() < *cells {
            frame.resize(*cells, 0.0);
        }
        let holds = machine.run(x, y, y_bar, x_bar.as_deref_mut(), frame);
        if let Some(x_bar) = x_bar {
            constants.iter().for_each(|(k, slope)| x_bar[*k as usize] = *slope);
        }
        holds
    }
}

impl fmt::Debug for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of code", self.machine.bytes())
    }
}

impl std::error::Error for CompileError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::record;
    use crate::op::Number;

    #[test]
    fn on_a_machine_that_is_not_known_the_program_is_interpreted_and_says_so() {
        let f = record(|v| v[0].powi(3), &[1.0]);
        let unknown = f.compile_for(Err("unsupported architecture"), CompileMode::Quick);
        let reason = CompileError::Machine("unsupported architecture".to_owned());
        assert_eq!(unknown.as_ref().err(), Some(&reason));
        let compiled = f.or_interpret(unknown);
        assert_eq!(compiled.interpreted_because(), Some(&reason));
        assert_eq!(compiled.bytes(), 0);
        assert_eq!(compiled.value(&[2.0]), Ok(8.0));
        assert_eq!(compiled.value_and_gradient(&[2.0]), Ok((8.0, vec![12.0])));
    }
}
