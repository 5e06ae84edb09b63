//! What is done on the way to a derivative, step by step, as data: values going up, adjoints coming
//! down, and the local partials between. It must not know how a step is printed.

mod expand;
mod formula;
mod paths;
mod reach;
mod units;
mod whole;

pub use formula::Formula;
pub use units::Unit;

use crate::tape::Tape;
use crate::var::Var;
use std::collections::HashMap;

/// The steps of a derivation: the quantities that an output is made of, in the order in which they
/// were computed, and for each its formula, its value and its adjoint.
///
/// Quantities are the inputs, the slots that have a name, the output, and slots that are used
/// more than once; any other slot is part of the formula of the quantity that uses it.
///
/// ```
/// use wengert::prelude::*;
///
/// let tape = Tape::new();
/// let [x, y] = tape.inputs(["x", "y"], [3.0, 4.0]);
/// let area = (x * y).named("area");
/// let total = (area + x).named("total");
/// let steps = tape.steps(total);
/// let names: Vec<_> = steps.all().iter().map(|step| step.name.as_deref().unwrap()).collect();
/// assert_eq!(names, ["x", "y", "area", "total"]);
/// // x is used twice: by way of the area, at the slope y, and directly.
/// let products: Vec<f64> = steps.all()[0].uses.iter().map(|by| by.product).collect();
/// assert_eq!(products, [4.0, 1.0]);
/// assert_eq!(steps.all()[0].adjoint, Some(5.0));
/// println!("{}", steps.text());
/// ```
#[derive(Clone, Debug)]
pub struct Steps {
    all: Vec<Step>,
    output: usize,
    wrt: Vec<usize>,
    units: Vec<Unit>,
}

/// A quantity on the way.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its slot on the tape.
    pub slot: usize,
    /// Its first name, if it has one.
    pub name: Option<String>,
    /// How it is made of the quantities before it; none for an input.
    pub formula: Option<Formula>,
    /// Its value.
    pub value: f64,
    /// The derivative of the output in it, if anything arrived.
    pub adjoint: Option<f64>,
    /// The edges into it: one for each time that its formula uses a quantity.
    pub edges: Vec<Edge>,
    /// What comes down to it: one entry for each quantity that uses it, however often.
    pub uses: Vec<Use>,
    /// Whether it lies between the output and what the derivation is about.
    pub asked: bool,
}

/// One use of a quantity in a formula.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The quantity that is used.
    pub from: usize,
    /// How fast the formula moves with this one occurrence of it.
    pub partial: f64,
    /// What comes down along it: the adjoint that arrived, times the partial.
    pub product: f64,
    /// Whether anything flows along it: not to what a maximum or a choice passed over.
    pub taken: bool,
    /// The slots of the formula from its top down to the use, with the argument taken in each.
    #[cfg_attr(not(feature = "page"), allow(dead_code))] // pages alone plant slips on it
    pub(crate) path: Vec<(usize, usize)>,
    formula: Formula,
}

/// What one quantity hands down to another that it is made of.
#[derive(Clone, Debug)]
pub struct Use {
    /// The quantity that uses it.
    pub by: usize,
    /// The partial of that one in this, as a formula, in the form that lessons show.
    pub formula: Formula,
    /// The same as a number, in the form that is computed.
    pub partial: f64,
    /// The adjoint of that quantity times the partial.
    pub product: f64,
    /// Whether anything flows.
    pub taken: bool,
}

impl Tape {
    /// The steps to the derivatives of `output` in all inputs. Costs a few times what recording did.
    ///
    /// # Panics
    /// If `output` is a constant, or a variable of another tape.
    #[track_caller]
    pub fn steps(&self, output: Var<'_>) -> Steps {
        self.steps_to(output, &[])
    }

    /// The same, in view of some variables only: what lies between them and the output is asked.
    ///
    /// # Panics
    /// If one of them is a constant, or a variable of another tape.
    #[track_caller]
    pub fn steps_to(&self, output: Var<'_>, wrt: &[Var<'_>]) -> Steps {
        let gradient = self.gradient(output);
        let slot = |x: &Var<'_>| {
            x.check_tape(self);
            x.slot().unwrap_or_else(|| panic!("a constant, {}, has no derivative", x.value()))
        };
        let top = slot(&output);
        let keep: Vec<usize> = wrt.iter().map(slot).collect();
        let mut steps = expand::steps(self, top, &keep);
        let place: HashMap<usize, usize> =
            steps.iter().enumerate().map(|(k, step)| (step.slot, k)).collect();
        for step in &mut steps {
            let reached = step.slot <= top && gradient.reached(step.slot);
            step.adjoint = reached.then(|| gradient[self.at(step.slot)]);
        }
        let mut steps = Steps {
            output: place[&top],
            wrt: keep.iter().map(|slot| place[slot]).collect(),
            all: steps,
            units: Vec::new(),
        };
        steps.hand_down();
        steps.mark_asked();
        steps.units = units::find(&steps);
        steps
    }
}

impl Steps {
    /// The quantities, each after those that it is made of.
    pub fn all(&self) -> &[Step] {
        &self.all
    }

    /// The quantity whose derivatives are taken.
    pub fn output(&self) -> usize {
        self.output
    }

    /// The quantities that were asked for by name; none where all inputs are meant.
    pub fn wrt(&self) -> &[usize] {
        &self.wrt
    }

    /// The units of a network: where there are any, the steps can be grouped as the delta rule.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// The derivative of the output in a quantity: 0 where nothing arrived.
    pub fn derivative(&self, quantity: usize) -> f64 {
        self.all[quantity].adjoint.unwrap_or(0.0)
    }

    /// Gathers the edges from below: for each quantity what its users hand down.
    fn hand_down(&mut self) {
        for by in 0..self.all.len() {
            let bar = self.derivative(by);
            let mut found: Vec<(usize, Use)> = Vec::new();
            for edge in &mut self.all[by].edges {
                edge.product = if edge.taken { bar * edge.partial } else { 0.0 };
                match found.iter_mut().find(|(from, _)| *from == edge.from) {
                    Some((_, known)) => known.join(edge),
                    None => found.push((edge.from, Use::of(by, edge))),
                }
            }
            for (from, mut by) in found {
                by.product = if by.taken { bar * by.partial } else { 0.0 };
                self.all[from].uses.push(by);
            }
        }
    }
}

impl Step {
    fn new(slot: usize, value: f64) -> Step {
        let (name, formula, adjoint) = (None, None, None);
        Step { slot, name, formula, value, adjoint, edges: vec![], uses: vec![], asked: false }
    }
}

impl Use {
    fn of(by: usize, edge: &Edge) -> Use {
        let Edge { partial, taken, .. } = *edge;
        Use { by, formula: edge.formula.clone(), partial, product: 0.0, taken }
    }

    /// Adds another edge between the same two quantities.
    fn join(&mut self, edge: &Edge) {
        self.formula = formula::sum(&self.formula, &edge.formula);
        self.partial += edge.partial;
        self.taken |= edge.taken;
    }
}
