//! The error that ends a solver's run at a point where something is not finite: with NaN for a value
//! or slope a line search finds no step, and goes on for ever. It must not know solvers.

use argmin::core::Error as ArgminError;
use std::fmt;

/// Something that is NaN or infinite, which no solver can go on from.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NotFinite {
    /// What it is.
    pub what: Quantity,
    /// Which entry of it, counted from 0; for a matrix, row and column.
    pub entry: Vec<usize>,
    /// The number.
    pub found: f64,
    /// The point at which it was asked for.
    pub point: Vec<f64>,
}

/// What a solver asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// The point itself.
    Point,
    /// The value of the function.
    Value,
    /// Its gradient.
    Gradient,
    /// Its Hessian.
    Hessian,
    /// The residuals.
    Residuals,
    /// The Jacobian of the residuals.
    Jacobian,
}

impl NotFinite {
    /// The numbers asked for at a point, in rows of this length, if all are finite.
    pub(super) fn check(
        what: Quantity,
        numbers: &[f64],
        columns: Option<usize>,
        point: &[f64],
    ) -> Result<(), ArgminError> {
        let wrong = |what, numbers: &[f64], entry: &dyn Fn(usize) -> Vec<usize>| {
            let k = numbers.iter().position(|x| !x.is_finite())?;
            Some(NotFinite { what, entry: entry(k), found: numbers[k], point: point.to_vec() })
        };
        let entry = |k: usize| match (what, columns) {
            (Quantity::Value, _) => Vec::new(),
            (_, Some(columns)) => vec![k / columns, k % columns],
            _ => vec![k],
        };
        let wrong =
            wrong(Quantity::Point, point, &|k| vec![k]).or_else(|| wrong(what, numbers, &entry));
        wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
    }
}

/// Numbers of a point that are shown at most.
const SHOWN: usize = 6;

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NotFinite { what, entry, found, point } = self;
        let what = match what {
            Quantity::Point => "the solver's point",
            Quantity::Value => "the value of the function",
            Quantity::Gradient => "the gradient",
            Quantity::Hessian => "the Hessian",
            Quantity::Residuals => "the list of residuals",
            Quantity::Jacobian => "the Jacobian",
        };
        match &entry[..] {
            [] => write!(f, "{what} is {found}")?,
            entry => write!(f, "{what} has {found} at {entry:?}, counted from 0")?,
        }
        let shown: Vec<String> = point.iter().take(SHOWN).map(f64::to_string).collect();
        let more = if point.len() > SHOWN { ", ..." } else { "" };
        write!(
            f,
            "; the point is [{}{more}]. The solver cannot go on from there: keep it where the \
             function is finite, by its starting point, shorter steps or other parameters; \
             `Tape::diagnose` tells where a NaN begins",
            shown.join(", ")
        )
    }
}

impl std::error::Error for NotFinite {}
