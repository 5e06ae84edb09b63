//! Functions at special points, each with a right gradient by hand and a wrong one. It must not know
//! how they are checked.

mod borders;
mod chance;
mod optima;
mod scales;

use wengert::{Report, Var, check_gradient, check_hvp, check_jacobian};

/// A derivative by hand.
pub(crate) type ByHand = fn(&[f64]) -> Vec<f64>;

/// A product of a Hessian with a direction by hand.
pub(crate) type Product = fn(&[f64], &[f64]) -> Vec<f64>;

/// What is checked: a function with a right derivative and a wrong one.
pub(crate) enum Checked {
    Gradient(for<'t> fn(&[Var<'t>]) -> Var<'t>, [ByHand; 2]),
    Jacobian(for<'t> fn(&[Var<'t>]) -> Vec<Var<'t>>, [ByHand; 2]),
    Product(for<'t> fn(&[Var<'t>]) -> Var<'t>, [Product; 2]),
}

/// A function at a special point.
pub(crate) struct Special {
    /// What is special.
    pub(crate) point: &'static str,
    pub(crate) function: &'static str,
    pub(crate) x: Vec<f64>,
    pub(crate) checked: Checked,
    /// What is wrong with the wrong one.
    pub(crate) mistake: &'static str,
}

impl Special {
    /// The reports on the right derivative and on the wrong one.
    pub(crate) fn reports(&self) -> [Report; 2] {
        match self.checked {
            Checked::Gradient(f, by_hand) => by_hand.map(|g| check_gradient(f, g, &self.x)),
            Checked::Jacobian(f, by_hand) => by_hand.map(|g| check_jacobian(f, g, &self.x)),
            Checked::Product(f, by_hand) => by_hand.map(|g| check_hvp(f, g, &self.x)),
        }
    }
}

/// A gradient at a special point.
fn gradient(
    [point, function]: [&'static str; 2],
    x: &[f64],
    f: for<'t> fn(&[Var<'t>]) -> Var<'t>,
    right: ByHand,
    mistake: &'static str,
    wrong: ByHand,
) -> Special {
    let checked = Checked::Gradient(f, [right, wrong]);
    Special { point, function, x: x.to_vec(), checked, mistake }
}

pub(crate) fn specials() -> Vec<Special> {
    [optima::specials(), chance::specials(), borders::specials(), scales::specials()]
        .into_iter()
        .flatten()
        .collect()
}
