//! The truth: every quantity and every derivative at full precision, recorded on one tape.
//! It must not know what anyone printed.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use wengert::{Number, Tape, Var};

use crate::{
    ast::{Expr, Kind},
    model::{Model, Rule, Target},
    values::{constant, evaluate},
};

mod paths;
mod wanted;
mod why;

pub(crate) use wanted::{Wanted, claimed, held};
pub(crate) use why::Why;

/// The most steps of all reverse sweeps of a sheet: past them the time is without bound.
const MOST_SWEPT: usize = 1_000_000_000;
/// The longest tape on which derivatives are recorded, to be differentiated again: each order is
/// several times as long as the one before it.
const MOST_RECORDED: usize = 1_000_000;
/// Why a derivative is not known past these.
const TOO_MANY: &str = "the sheet asks for too many derivatives of too many quantities";

/// Values at full precision from the givens.
#[derive(Debug, Default)]
pub struct Truth {
    /// The value of each quantity; NaN where it has none.
    pub values: Vec<f64>,
    /// The derivatives that the sheet speaks of.
    pub slopes: HashMap<(u32, u32), f64>,
    /// Why a derivative is not known, where it is not.
    pub blocked: HashMap<(u32, u32), String>,
    /// The derivatives that go through a formula that is made of derivatives itself.
    pub second: HashSet<(u32, u32)>,
    /// Where a value or a derivative is the first that is NaN, and why it is.
    pub undefined: HashMap<Target, String>,
}

impl Truth {
    /// Computes all of it.
    pub fn of(model: &Model) -> Self {
        Self::with(model, &Wanted::with(model, claimed(model)))
    }

    /// Computes the values, and these derivatives.
    pub(crate) fn with(model: &Model, wanted: &Wanted) -> Self {
        let mut truth = Self::prepared(model, wanted);
        truth.record_on(model, &Tape::new(), wanted, &mut |_, _| {});
        truth
    }

    /// Looks for what stands in the way of these derivatives, and computes nothing yet.
    pub(crate) fn prepared(model: &Model, wanted: &Wanted) -> Self {
        let values = vec![f64::NAN; model.quantities.len()];
        let mut truth = Self { values, ..Self::default() };
        truth.paths(model, wanted);
        truth
    }

    /// Computes everything on this tape, each under its name, and hands over each quantity as it is
    /// recorded.
    pub(crate) fn record_on<'t>(
        &mut self,
        model: &Model,
        tape: &'t Tape,
        wanted: &Wanted,
        each: &mut dyn FnMut(u32, Var<'t>),
    ) {
        let mut recorder = Recorder {
            model,
            tape,
            vars: vec![None; model.quantities.len()],
            slopes: HashMap::default(),
            swept: 0,
        };
        for &q in &model.order {
            let var = recorder.quantity(self, q);
            each(q, var);
            if let Some(wrts) = wanted.of(q) {
                recorder.derivatives(self, q, var, wrts);
            }
        }
    }

    /// A derivative that stands on the sheet or was asked for; NaN where it is not known: `blocked`
    /// says why.
    ///
    /// # Panics
    ///
    /// If it was not asked for.
    pub fn slope(&self, of: u32, wrt: u32) -> f64 {
        match self.blocked.contains_key(&(of, wrt)) {
            true => f64::NAN,
            false => *self.slopes.get(&(of, wrt)).expect("what is read was asked for"),
        }
    }

    /// A derivative, if it was asked for and is known.
    pub fn slope_if_known(&self, of: u32, wrt: u32) -> Option<f64> {
        let slope = self.slopes.get(&(of, wrt)).copied();
        slope.filter(|_| !self.blocked.contains_key(&(of, wrt)))
    }

    /// The value of an expression.
    pub fn expr(&self, model: &Model, expr: Expr) -> f64 {
        self.nodes(model.nodes.of(expr))
    }

    /// The value of a postfix list.
    pub fn nodes(&self, nodes: &[crate::ast::Node]) -> f64 {
        evaluate(nodes, &mut |_, kind| match kind {
            Kind::Quantity(q) => self.values[q as usize],
            Kind::Derivative(of, wrt) => self.slope(of, wrt),
            kind => constant(kind),
        })
    }

    /// The value of what a chain is about.
    pub fn target(&self, model: &Model, target: Target) -> f64 {
        match target {
            Target::Quantity(q) => self.values[q as usize],
            Target::Derivative(of, wrt) => self.slope(of, wrt),
            Target::Expression(expr) => self.expr(model, expr),
        }
    }
}

/// A sheet while it is recorded.
struct Recorder<'m, 't> {
    model: &'m Model,
    tape: &'t Tape,
    /// The quantities recorded so far.
    vars: Vec<Option<Var<'t>>>,
    /// The derivatives recorded so far, where they are differentiated again.
    slopes: HashMap<(u32, u32), Var<'t>>,
    /// How many slots all sweeps have gone over.
    swept: usize,
}

impl<'t> Recorder<'_, 't> {
    /// Records a quantity; all that it is made of is recorded already.
    fn quantity(&mut self, truth: &mut Truth, q: u32) -> Var<'t> {
        let var = self.formula(truth, q);
        self.name(Target::Quantity(q), var);
        self.vars[q as usize] = Some(var);
        truth.values[q as usize] = var.value();
        if var.value().is_nan() && self.model.quantities[q as usize].rule != Rule::Missing {
            self.explain_value(truth, q);
        }
        var
    }

    fn formula(&self, truth: &Truth, q: u32) -> Var<'t> {
        let input = |value: f64| self.tape.input_array([value])[0];
        let expr = match self.model.quantities[q as usize].rule {
            Rule::Given(n) | Rule::Approximate(n) => return input(n.value),
            // It has no value; whoever asks is told why.
            Rule::Missing => return input(f64::NAN),
            Rule::Formula(expr) | Rule::Numbers { expr, .. } => expr,
        };
        let mut leaf = |_: usize, kind: Kind| match kind {
            Kind::Quantity(r) => self.vars[r as usize].expect("operands come first in the order"),
            Kind::Derivative(of, wrt) => match self.slopes.get(&(of, wrt)) {
                Some(slope) if !truth.blocked.contains_key(&(of, wrt)) => *slope,
                _ => Var::constant(truth.slope(of, wrt)),
            },
            kind => Var::constant(constant(kind)),
        };
        let nodes = self.model.nodes.of(expr);
        let var: Var<'t> = evaluate(nodes, &mut leaf);
        match var.slot() {
            None => input(var.value()),
            // A quantity that only renames another is a node of its own.
            Some(_) if nodes.len() == 1 => {
                Var::call(wengert::Op::Mul, &[var, Number::constant(1.0)])
            }
            Some(_) => var,
        }
    }

    /// Records the derivatives of a quantity that was recorded last.
    fn derivatives(&mut self, truth: &mut Truth, q: u32, var: Var<'t>, wrts: &HashSet<u32>) {
        self.swept += self.tape.len();
        let again = !truth.second.is_empty();
        if self.swept > MOST_SWEPT || (again && self.tape.len() > MOST_RECORDED) {
            truth.blocked.extend(wrts.iter().map(|wrt| ((q, *wrt), TOO_MANY.to_owned())));
            return;
        }
        // Nothing flows to what comes after the quantity.
        let (below, after): (Vec<u32>, Vec<u32>) =
            wrts.iter().partition(|wrt| self.vars[**wrt as usize].is_some());
        truth.slopes.extend(after.into_iter().map(|wrt| ((q, wrt), 0.0)));
        let vars = below.iter().filter_map(|wrt| self.vars[*wrt as usize]);
        if again {
            let slopes = self.tape.gradient_vars(var, &vars.collect::<Vec<_>>());
            for (wrt, slope) in below.iter().zip(slopes) {
                self.name(Target::Derivative(q, *wrt), slope);
                self.slopes.insert((q, *wrt), slope);
                truth.slopes.insert((q, *wrt), slope.value());
            }
        } else {
            let gradient = self.tape.gradient(var);
            for (wrt, var) in below.iter().zip(vars) {
                // An adjoint that nothing reached is -0.
                truth.slopes.insert((q, *wrt), gradient[var] + 0.0);
            }
        }
        self.explain_slopes(truth, q, var, &below);
    }

    /// Names what was recorded, if it stands on the tape and has no name yet.
    fn name(&self, target: Target, var: Var<'t>) {
        let name = name(self.model, target);
        if var.slot().is_some() && self.tape.get(&name).is_none() {
            var.named(name);
        }
    }

    /// Says why a value is NaN, if nothing that it is made of is.
    fn explain_value(&self, truth: &mut Truth, q: u32) {
        let Some(expr) = self.model.formula(q) else { return };
        let reason = truth.undefined_in(self.model, Target::Quantity(q), expr);
        truth.undefined.extend(reason.map(|reason| (Target::Quantity(q), self.placed(q, reason))));
    }

    /// Says why derivatives are NaN, if the value is not.
    fn explain_slopes(&mut self, truth: &mut Truth, q: u32, var: Var<'t>, wrts: &[u32]) {
        let is_nan = |wrt: &&u32| truth.slopes[&(q, **wrt)].is_nan();
        let undefined: Vec<u32> = wrts.iter().filter(is_nan).copied().collect();
        if undefined.is_empty() || var.value().is_nan() {
            return;
        }
        self.swept += self.tape.len();
        let diagnosis = (self.swept <= MOST_SWEPT).then(|| self.tape.diagnose(var));
        let reason = diagnosis.and_then(|diagnosis| diagnosis.adjoint_reason());
        let reason = reason.unwrap_or_else(|| "the derivative does not exist there".to_owned());
        let reason = self.placed(q, reason);
        let targets = undefined.into_iter().map(|wrt| (Target::Derivative(q, wrt), reason.clone()));
        truth.undefined.extend(targets);
    }

    /// A reason with the line that it is about.
    fn placed(&self, q: u32, reason: String) -> String {
        let line = self.model.sources.line(self.model.quantities[q as usize].span);
        format!("in `{}` on line {line}, {reason}", self.model.spelled(q))
    }
}

/// What a quantity or a derivative is called on a tape.
pub(crate) fn name(model: &Model, target: Target) -> String {
    let name = |q: u32| &model.quantities[q as usize].name;
    match target {
        Target::Quantity(q) => name(q).clone(),
        Target::Derivative(of, by) => format!("d{}/d{}", name(of), name(by)),
        Target::Expression(expr) => model.sources.text(model.nodes.span(expr)).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{read::read, resolve::resolve, source::Source};

    fn slope(text: &str) -> (f64, usize) {
        let model = resolve(read(Source::new("t.ws", text), Vec::new(), &[]));
        assert!(model.problems.is_empty(), "{:?}", model.problems);
        let truth = Truth::of(&model);
        let Target::Derivative(of, wrt) = model.chains.last().unwrap().target else {
            panic!("no derivative");
        };
        (truth.slope(of, wrt), truth.blocked.len())
    }

    #[test]
    fn every_named_quantity_is_a_node() {
        assert_eq!(slope("x = 2\na = x\ny = a*x\ndy/da = ?"), (2.0, 0));
        assert_eq!(slope("x = 2\na = x\ny = a*x\ndy/dx = ?"), (4.0, 0));
        assert_eq!(slope("x = 2\nz = 3\ny = x^2\ndy/dz = ?"), (0.0, 0));
    }

    #[test]
    fn what_is_made_of_derivatives_is_differentiated_too() {
        let step = "x = 2\nE = x^3\nx' = x - 0.1*dE/dx\nE' = x'^3\n";
        // x' = x - 0.3 x², so dx'/dx = 1 - 0.6 x and dE'/dx = 3 x'² (1 - 0.6 x).
        assert!((slope(&format!("{step}dE'/dx = ?")).0 - 3.0 * 0.64 * -0.2).abs() < 1e-12);
    }

    #[test]
    fn what_hides_blocks() {
        assert!(slope("w = 2\nz = 0.3*2 = 0.6\ny = 2*z\ndy/dw = ?").0.is_nan());
        assert_eq!(slope("w = 2\nz ~ 0.6\ny = 2*z\ndy/dz = ?"), (2.0, 0));
    }
}
