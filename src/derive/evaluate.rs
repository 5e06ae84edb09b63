//! Programs at other points: values and derivatives of every kind. It must not know how a program
//! came to be.

use super::lengths::check_length;
use super::workspace::{DIRECTIONS, Directions};
use super::{Error, Matrix, Workspace};
use crate::number::{Dual, Lanes};
use crate::op::{Number, UNREACHED};
use crate::program::Program;
use crate::sweep::{Room, read};

/// # Evaluation
///
/// All of these panic if a slice has another length than the program's inputs or outputs, and give
/// [`Error::BranchChanged`] where a recorded comparison goes the other way. The forms ending in
/// `_into` write to the caller's slice and do not allocate once the workspace has grown, but that a
/// custom primitive without a program does, if it has more than 16 arguments and tangents are carried
/// (`jvp`, forward Jacobians). Costs are in replays: one evaluation without derivatives.
impl Program {
    /// Replays in any number.
    #[track_caller]
    pub(crate) fn run<N: Number>(
        &self,
        room: &mut Room<N>,
        length: usize,
        x: impl Fn(usize) -> N,
    ) -> Result<(), Error> {
        check_length("the point", length, self.inputs(), "input");
        Ok(room.replay(&self.code, x)?)
    }

    #[track_caller]
    pub(crate) fn check_scalar(&self) {
        let outputs = self.outputs();
        assert_eq!(
            outputs, 1,
            "this asks for one output, and the program has {outputs}; use a plural"
        );
    }

    /// Finds the custom primitive that has partials in f64 only.
    pub(crate) fn check_customs(&self) -> Result<(), Error> {
        match self.code.customs().iter().find(|custom| custom.program().is_none()) {
            Some(custom) => Err(Error::Unsupported { custom: custom.name().to_owned() }),
            None => Ok(()),
        }
    }

    /// The value of the only output.
    pub fn value(&self, x: &[f64]) -> Result<f64, Error> {
        self.value_into(x, &mut Workspace::new())
    }

    /// [`value`](Program::value) in a workspace.
    #[track_caller]
    pub fn value_into(&self, x: &[f64], workspace: &mut Workspace) -> Result<f64, Error> {
        self.check_scalar();
        let room = &mut workspace.real;
        self.run(room, x.len(), |k| x[k])?;
        Ok(read(&self.code, &room.values[..], self.outputs[0]))
    }

    /// The values of all outputs.
    pub fn values(&self, x: &[f64]) -> Result<Vec<f64>, Error> {
        let mut y = vec![0.0; self.outputs()];
        self.values_into(x, &mut y, &mut Workspace::new())?;
        Ok(y)
    }

    /// [`values`](Program::values) in a workspace.
    #[track_caller]
    pub fn values_into(
        &self,
        x: &[f64],
        y: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the slice of values", y.len(), self.outputs(), "output");
        let room = &mut workspace.real;
        self.run(room, x.len(), |k| x[k])?;
        self.write_outputs(room, y, |v| v);
        Ok(())
    }

    /// The gradient of the only output. Costs 2 to 5 replays, whatever the number of inputs.
    pub fn gradient(&self, x: &[f64]) -> Result<Vec<f64>, Error> {
        Ok(self.value_and_gradient(x)?.1)
    }

    /// [`gradient`](Program::gradient) in a workspace.
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
        let mut x_bar = vec![0.0; self.inputs()];
        let value = self.value_and_gradient_into(x, &mut x_bar, &mut Workspace::new())?;
        Ok((value, x_bar))
    }

    /// [`value_and_gradient`](Program::value_and_gradient) in a workspace.
    #[track_caller]
    pub fn value_and_gradient_into(
        &self,
        x: &[f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<f64, Error> {
        self.check_scalar();
        let value = self.value_into(x, workspace)?;
        self.pull(&mut workspace.real, |_| Some(1.0), x_bar);
        Ok(value)
    }

    /// The values, and the vector-Jacobian product: the gradient of the sum of all outputs, each
    /// times its cotangent. Costs as much as one gradient.
    pub fn vjp(&self, x: &[f64], y_bar: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let (mut y, mut x_bar) = (vec![0.0; self.outputs()], vec![0.0; self.inputs()]);
        self.vjp_into(x, y_bar, &mut y, &mut x_bar, &mut Workspace::new())?;
        Ok((y, x_bar))
    }

    /// [`vjp`](Program::vjp) in a workspace.
    #[track_caller]
    pub fn vjp_into(
        &self,
        x: &[f64],
        y_bar: &[f64],
        y: &mut [f64],
        x_bar: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the cotangent", y_bar.len(), self.outputs(), "output");
        self.values_into(x, y, workspace)?;
        self.pull(&mut workspace.real, |k| Some(y_bar[k]), x_bar);
        Ok(())
    }

    /// The values, and the Jacobian-vector product: the derivative of each output along `x_dot`.
    /// Costs about 2 replays.
    pub fn jvp(&self, x: &[f64], x_dot: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let (mut y, mut y_dot) = (vec![0.0; self.outputs()], vec![0.0; self.outputs()]);
        self.jvp_into(x, x_dot, &mut y, &mut y_dot, &mut Workspace::new())?;
        Ok((y, y_dot))
    }

    /// [`jvp`](Program::jvp) in a workspace.
    #[track_caller]
    pub fn jvp_into(
        &self,
        x: &[f64],
        x_dot: &[f64],
        y: &mut [f64],
        y_dot: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        check_length("the tangent", x_dot.len(), x.len(), "number of the point");
        check_length("the slice of values", y.len(), self.outputs(), "output");
        check_length("the slice of tangents", y_dot.len(), self.outputs(), "output");
        let room = &mut workspace.dual;
        self.run(room, x.len(), |k| seeded(x[k], x_dot[k]))?;
        self.write_outputs(room, y, |v| v.value());
        self.write_outputs(room, y_dot, |v| v.tangent());
        Ok(())
    }

    /// The Jacobian: a row an output, a column an input. Forward or reverse, by shape: costs about
    /// half as many gradients as there are inputs, or as many as there are outputs.
    pub fn jacobian(&self, x: &[f64]) -> Result<Matrix, Error> {
        let mut jacobian = Matrix::zeros(self.outputs(), self.inputs());
        self.jacobian_into(x, jacobian.data_mut(), &mut Workspace::new())?;
        Ok(jacobian)
    }

    /// [`jacobian`](Program::jacobian) in a workspace; `jacobian` holds it row by row.
    #[track_caller]
    pub fn jacobian_into(
        &self,
        x: &[f64],
        jacobian: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        let (rows, columns) = (self.outputs(), self.inputs());
        check_length("the Jacobian", jacobian.len(), rows * columns, "output and input");
        if columns > 2 * rows {
            let room = &mut workspace.real;
            self.run(room, x.len(), |k| x[k])?;
            for (i, row) in jacobian.chunks_mut(columns).enumerate() {
                self.pull(room, |k| (k == i).then_some(1.0), row);
            }
            return Ok(());
        }
        let room = &mut workspace.duals;
        for first in (0..columns).step_by(DIRECTIONS) {
            self.run(room, x.len(), |k| along(x[k], k, first))?;
            for (i, output) in self.outputs.iter().enumerate() {
                let Lanes(of_row) = read(&self.code, &room.values[..], *output).tangent();
                let row = &mut jacobian[i * columns..][..columns];
                row.iter_mut().skip(first).zip(of_row).for_each(|(entry, d)| *entry = d);
            }
        }
        Ok(())
    }

    /// The gradient, and the Hessian-vector product: the derivative of the gradient along `x_dot`.
    /// Costs about twice a gradient, whatever the number of inputs.
    ///
    /// At a kink, as of |x| at 0, the product is that of the piece of the function into which `x_dot`
    /// points. Where the function is smooth all the same, as |x|² is, that is its Hessian; elsewhere it
    /// is a convention, or NaN (docs/conventions.md). It costs a sweep more.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let f = record(|v| v[0].hypot(v[1]).square(), &[0.0, 0.0]);
    /// assert_eq!(f.hessian(&[0.0, 0.0])?.data(), [2.0, 0.0, 0.0, 2.0]);
    /// # Ok::<(), wengert::Error>(())
    /// ```
    ///
    /// # Errors
    /// Also [`Error::Unsupported`], for a custom primitive without a program.
    pub fn hvp(&self, x: &[f64], x_dot: &[f64]) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let (mut gradient, mut product) = (vec![0.0; x.len()], vec![0.0; x.len()]);
        self.hvp_into(x, x_dot, &mut gradient, &mut product, &mut Workspace::new())?;
        Ok((gradient, product))
    }

    /// [`hvp`](Program::hvp) in a workspace.
    #[track_caller]
    pub fn hvp_into(
        &self,
        x: &[f64],
        x_dot: &[f64],
        gradient: &mut [f64],
        product: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        self.check_scalar();
        self.check_customs()?;
        check_length("the tangent", x_dot.len(), x.len(), "number of the point");
        check_length("the gradient", gradient.len(), x.len(), "number of the point");
        check_length("the product", product.len(), x.len(), "number of the point");
        let room = &mut workspace.dual;
        self.run(room, x.len(), |k| seeded(x[k], x_dot[k]))?;
        self.reverse_of(room);
        for (k, slot) in self.code.inputs().iter().enumerate() {
            let bar = room.bar(*slot);
            (gradient[k], product[k]) = (bar.value(), bar.tangent());
        }
        if self.is_at_kink(&mut workspace.args, |slot| room.values[slot].value()) {
            let room = &mut workspace.one_sided;
            self.to_one_side(room, x, |k| x_dot[k])?;
            for (product, slot) in product.iter_mut().zip(self.code.inputs()) {
                *product = room.bar(*slot).tangent();
            }
        }
        Ok(())
    }

    /// The Hessian of the only output. Costs about as many gradients as there are inputs.
    ///
    /// At a kink a column is the product along its own axis, as [`hvp`](Program::hvp) gives it.
    ///
    /// # Errors
    /// Also [`Error::Unsupported`], for a custom primitive without a program.
    pub fn hessian(&self, x: &[f64]) -> Result<Matrix, Error> {
        let mut hessian = Matrix::zeros(self.inputs(), self.inputs());
        self.hessian_into(x, hessian.data_mut(), &mut Workspace::new())?;
        Ok(hessian)
    }

    /// [`hessian`](Program::hessian) in a workspace; `hessian` holds it row by row.
    #[track_caller]
    pub fn hessian_into(
        &self,
        x: &[f64],
        hessian: &mut [f64],
        workspace: &mut Workspace,
    ) -> Result<(), Error> {
        self.check_scalar();
        self.check_customs()?;
        let n = self.inputs();
        check_length("the Hessian", hessian.len(), n * n, "pair of inputs");
        let room = &mut workspace.duals;
        for first in (0..n).step_by(DIRECTIONS) {
            self.run(room, x.len(), |k| along(x[k], k, first))?;
            if first == 0 && self.is_at_kink(&mut workspace.args, |slot| room.values[slot].value())
            {
                return self.one_sided_hessian(x, hessian, &mut workspace.one_sided);
            }
            self.reverse_of(room);
            for (row, slot) in hessian.chunks_mut(n).zip(self.code.inputs()) {
                let Lanes(of_row) = room.bar(*slot).tangent();
                row.iter_mut().skip(first).zip(of_row).for_each(|(entry, d)| *entry = d);
            }
        }
        Ok(())
    }

    fn write_outputs<N: Number>(&self, room: &Room<N>, y: &mut [f64], part: impl Fn(N) -> f64) {
        for (y, output) in y.iter_mut().zip(&self.outputs) {
            *y = part(read(&self.code, &room.values[..], *output));
        }
    }

    /// Seeds all outputs, sweeps down, and writes the adjoints of the inputs.
    #[track_caller]
    fn pull(&self, room: &mut Room<f64>, y_bar: impl Fn(usize) -> Option<f64>, x_bar: &mut [f64]) {
        check_length("the gradient", x_bar.len(), self.inputs(), "input");
        room.unreached(self.reach());
        for (k, output) in self.outputs.iter().enumerate() {
            y_bar(k).inspect(|cotangent| room.seed(*output, *cotangent));
        }
        room.reverse(&self.code);
        for (bar, slot) in x_bar.iter_mut().zip(self.code.inputs()) {
            *bar = room.bar(*slot);
        }
    }

    /// Sweeps down from the only output, in any number.
    pub(super) fn reverse_of<N: Number>(&self, room: &mut Room<N>) {
        room.unreached(self.reach());
        room.seed(self.outputs[0], N::constant(1.0));
        room.reverse(&self.code);
    }
}

/// An input with its tangent. One that does not move is a constant: nothing arrives from there, not
/// even 0 times infinity.
fn seeded(x: f64, x_dot: f64) -> Dual {
    if x_dot == 0.0 { Dual::constant(x) } else { Dual::new(x, x_dot) }
}

/// The input `k` of a sweep along the directions from `first` on: it moves in its own lane, and
/// nothing arrives there from the others.
pub(super) fn along(x: f64, k: usize, first: usize) -> Directions {
    let unit = |lane| if first + lane == k { 1.0 } else { UNREACHED };
    Dual::moving(x, Lanes(std::array::from_fn(unit)))
}
