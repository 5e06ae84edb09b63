//! What must be known before what: the order of the quantities, and circles in it.
//! It must not recurse.

use crate::{
    ast::{Front, Kind},
    model::{Model, Rule},
    problem::{Code, Problem, Unread},
};

/// Orders the quantities so that each comes after all that its formula reads. A quantity that
/// depends on itself is reported and loses its formula.
pub(super) fn order(model: &mut Model) {
    let count = model.quantities.len();
    let circles = search(model);
    for circle in &circles {
        report(model, circle);
    }
    // In every circle one has lost its formula, so that none is left, and must now come before the
    // others.
    if !circles.is_empty() {
        assert_eq!(search(model).len(), 0);
    }
    model.rank = vec![0; count];
    for (rank, q) in model.order.iter().enumerate() {
        model.rank[*q as usize] = rank as u32;
    }
    model.operands = (0..count as u32).map(|q| operands(model, q)).collect();
    model.users = vec![Vec::new(); count];
    for (q, operands) in model.operands.iter().enumerate() {
        operands.iter().for_each(|r| model.users[*r as usize].push(q as u32));
    }
}

/// Puts the quantities in order, and returns the circles that stand in the way.
fn search(model: &mut Model) -> Vec<Vec<u32>> {
    let count = model.quantities.len();
    let needs: Vec<Vec<u32>> = (0..count as u32).map(|q| needs(model, q)).collect();
    let mut search =
        Search { state: vec![State::New; count], order: Vec::new(), broken: Vec::new() };
    for root in 0..count as u32 {
        search.from(root, &needs);
    }
    model.order = search.order;
    search.broken
}

/// What must be known before a quantity: the operands, and the outputs that it differentiates.
fn needs(model: &Model, q: u32) -> Vec<u32> {
    let Some(expr) = model.formula(q) else { return Vec::new() };
    let of = |kind| match kind {
        Kind::Derivative(of, _) => of,
        Kind::Quantity(r) => r,
        _ => q,
    };
    unique(model.reads(expr).map(of))
}

fn operands(model: &Model, q: u32) -> Vec<u32> {
    let Some(expr) = model.formula(q) else { return Vec::new() };
    let quantity = |kind| match kind {
        Kind::Quantity(r) => Some(r),
        _ => None,
    };
    unique(model.reads(expr).filter_map(quantity))
}

fn unique(all: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut all: Vec<u32> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

struct Search {
    state: Vec<State>,
    order: Vec<u32>,
    broken: Vec<Vec<u32>>,
}

impl Search {
    fn from(&mut self, root: u32, needs: &[Vec<u32>]) {
        let mut path: Vec<(u32, usize)> = vec![(root, 0)];
        while let Some((q, next)) = path.last_mut() {
            let (q, at) = (*q, *next);
            *next += 1;
            if at == 0 && self.state[q as usize] != State::New {
                path.pop();
                continue;
            }
            self.state[q as usize] = State::Open;
            match needs[q as usize].get(at) {
                None => {
                    self.state[q as usize] = State::Done;
                    self.order.push(q);
                    path.pop();
                }
                Some(need) if self.state[*need as usize] == State::Open => {
                    let start = path.iter().position(|(p, _)| p == need).unwrap_or(0);
                    self.broken.push(path[start..].iter().map(|(p, _)| *p).collect());
                }
                Some(need) if self.state[*need as usize] == State::New => path.push((*need, 0)),
                Some(_) => {}
            }
        }
    }
}

fn report(model: &mut Model, circle: &[u32]) {
    let first = circle[0] as usize;
    let quantity = &model.quantities[first];
    if quantity.rule == Rule::Missing {
        return;
    }
    let name = &quantity.spelled;
    let message = format!("`{name}` depends on itself");
    let mut problem = Problem::at(Code::Circular, quantity.span, message, "its formula is here");
    if let Some(last) = circle.last().filter(|_| circle.len() > 1) {
        let last = &model.quantities[*last as usize];
        problem = problem.label(last.span, format!("`{}`, which it needs, needs it", last.spelled));
    }
    let problem = problem.help(format!("an updated quantity has a name of its own: `{name}'`"));
    if quantity.front == Front::Latex {
        let unread = Unread { span: quantity.span, reason: problem.to_string() };
        model.unread.push(unread);
    } else {
        model.problems.push(problem);
    }
    model.quantities[first].rule = Rule::Missing;
}
