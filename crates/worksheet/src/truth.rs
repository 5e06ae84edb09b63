//! The truth: every quantity and every derivative at full precision, recorded on one tape.
//! It must not know what anyone printed.

use std::collections::{HashMap, HashSet};

use wengert::{Number, Tape, Var};

use crate::{
    ast::{Expr, Kind},
    model::{Model, Rule, Target},
    values::{constant, evaluate},
};

mod reverse;

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
}

impl Truth {
    /// Computes all of it.
    pub fn of(model: &Model) -> Self {
        let mut wanted: HashMap<u32, HashSet<u32>> = HashMap::new();
        let in_formulas = model.nodes.all.iter().filter_map(|node| match node.kind {
            Kind::Derivative(of, wrt) => Some((of, wrt)),
            _ => None,
        });
        let in_claims = model.chains.iter().filter_map(|chain| match chain.target {
            Target::Derivative(of, wrt) => Some((of, wrt)),
            _ => None,
        });
        for (of, wrt) in in_formulas.chain(in_claims) {
            wanted.entry(of).or_default().insert(wrt);
        }
        Self::with(model, &wanted)
    }

    /// Computes the values, and these derivatives.
    pub(crate) fn with(model: &Model, wanted: &HashMap<u32, HashSet<u32>>) -> Self {
        let mut truth = Self::prepared(model, wanted);
        truth.record_on(model, &Tape::new(), wanted, &mut |_, _| {});
        truth
    }

    /// Looks for what stands in the way of these derivatives, and computes nothing yet.
    pub(crate) fn prepared(model: &Model, wanted: &HashMap<u32, HashSet<u32>>) -> Self {
        let values = vec![f64::NAN; model.quantities.len()];
        let mut truth = Self { values, ..Self::default() };
        truth.paths(model, wanted);
        truth
    }

    /// Computes everything on this tape, and hands over each quantity and each derivative that
    /// stands there as it is recorded.
    pub(crate) fn record_on<'t>(
        &mut self,
        model: &Model,
        tape: &'t Tape,
        wanted: &HashMap<u32, HashSet<u32>>,
        each: &mut dyn FnMut(Target, Var<'t>),
    ) {
        let mut vars: Vec<Option<Var<'t>>> = vec![None; model.quantities.len()];
        let mut slopes: HashMap<(u32, u32), Var<'t>> = HashMap::new();
        for &q in &model.order {
            let var = self.quantity(model, tape, &vars, &slopes, q);
            each(Target::Quantity(q), var);
            vars[q as usize] = Some(var);
            self.values[q as usize] = var.value();
            let Some(wrts) = wanted.get(&q) else { continue };
            let gradient = tape.gradient(var);
            let below: Vec<(u32, Var<'t>)> =
                wrts.iter().filter_map(|wrt| Some((*wrt, vars[*wrt as usize]?))).collect();
            self.slopes.extend(wrts.iter().map(|wrt| ((q, *wrt), 0.0)));
            for (wrt, var) in &below {
                // An adjoint that nothing reached is -0.
                self.slopes.insert((q, *wrt), gradient[*var] + 0.0);
            }
            if !self.second.is_empty() {
                let adjoints = reverse::adjoints(tape, var, &below);
                adjoints.iter().for_each(|(wrt, slope)| each(Target::Derivative(q, *wrt), *slope));
                slopes.extend(adjoints.into_iter().map(|(wrt, slope)| ((q, wrt), slope)));
            }
        }
    }

    fn quantity<'t>(
        &self,
        model: &Model,
        tape: &'t Tape,
        vars: &[Option<Var<'t>>],
        slopes: &HashMap<(u32, u32), Var<'t>>,
        q: u32,
    ) -> Var<'t> {
        let input = |value: f64| tape.input_array([value])[0];
        let expr = match model.quantities[q as usize].rule {
            Rule::Given(n) | Rule::Approximate(n) => return input(n.value),
            Rule::Missing => return input(f64::NAN),
            Rule::Formula(expr) | Rule::Numbers { expr, .. } => expr,
        };
        let mut leaf = |_: usize, kind: Kind| match kind {
            Kind::Quantity(r) => vars[r as usize].unwrap_or_else(|| Var::constant(f64::NAN)),
            Kind::Derivative(of, wrt) => match slopes.get(&(of, wrt)) {
                Some(slope) if !self.blocked.contains_key(&(of, wrt)) => *slope,
                _ => Var::constant(self.slope(of, wrt)),
            },
            kind => Var::constant(constant(kind).unwrap_or(f64::NAN)),
        };
        let nodes = model.nodes.of(expr);
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

    /// A derivative; NaN where it is not known.
    pub fn slope(&self, of: u32, wrt: u32) -> f64 {
        if self.blocked.contains_key(&(of, wrt)) {
            return f64::NAN;
        }
        self.slopes.get(&(of, wrt)).copied().unwrap_or(f64::NAN)
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
            kind => constant(kind).unwrap_or(f64::NAN),
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

impl Truth {
    /// Finds the derivatives that go through something of which it is not known what it depends
    /// on, and those that go through derivatives.
    fn paths(&mut self, model: &Model, wanted: &HashMap<u32, HashSet<u32>>) {
        let special = |q: u32| is_opaque(model, q) || is_derived(model, q);
        let special: Vec<bool> = (0..model.quantities.len() as u32).map(special).collect();
        if !special.contains(&true) {
            return;
        }
        for (of, wrts) in wanted {
            let above = sources(model, *of);
            let mut found: Vec<u32> = above.into_iter().filter(|q| special[*q as usize]).collect();
            found.sort_unstable();
            for wrt in wrts.iter().filter(|_| !found.is_empty()) {
                self.path(model, &found, *of, *wrt);
            }
        }
    }

    fn path(&mut self, model: &Model, special: &[u32], of: u32, wrt: u32) {
        let before = sources(model, wrt);
        for q in special.iter().filter(|q| !before.contains(q)) {
            if is_opaque(model, *q) {
                self.blocked.entry((of, wrt)).or_insert_with(|| reason(model, *q));
            } else if sources(model, *q).contains(&wrt) {
                self.second.insert((of, wrt));
            }
        }
    }
}

/// Whether it is not known what a quantity depends on.
fn is_opaque(model: &Model, q: u32) -> bool {
    let rule = model.quantities[q as usize].rule;
    matches!(rule, Rule::Approximate(_) | Rule::Missing | Rule::Numbers { hides: true, .. })
}

/// Whether a formula is made of derivatives.
fn is_derived(model: &Model, q: u32) -> bool {
    let Rule::Formula(expr) = model.quantities[q as usize].rule else { return false };
    model.reads(expr).any(|kind| matches!(kind, Kind::Derivative(..)))
}

fn reason(model: &Model, q: u32) -> String {
    let name = model.spelled(q);
    let line = model.sources.line(model.quantities[q as usize].span);
    format!("it goes through `{name}` (line {line}), which has no formula in names")
}

/// A quantity and all that its value is made of, by way of derivatives too.
fn sources(model: &Model, q: u32) -> HashSet<u32> {
    let mut seen = HashSet::from([q]);
    let mut open = vec![q];
    while let Some(q) = open.pop() {
        let Some(expr) = model.formula(q) else { continue };
        for kind in model.reads(expr) {
            let (Kind::Quantity(r) | Kind::Derivative(r, _)) = kind else { continue };
            if seen.insert(r) {
                open.push(r);
            }
        }
    }
    seen
}

/// A quantity and all that its value is made of.
pub(crate) fn ancestors(model: &Model, q: u32) -> HashSet<u32> {
    let mut seen = HashSet::from([q]);
    let mut open = vec![q];
    while let Some(q) = open.pop() {
        for operand in &model.operands[q as usize] {
            if seen.insert(*operand) {
                open.push(*operand);
            }
        }
    }
    seen
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
