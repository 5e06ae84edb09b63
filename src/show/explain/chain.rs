//! One derivative written out as a textbook would: the chain rule applied until only formulas are
//! left, then numbers. It must not know any markup.

use super::document::{Block, Chain, Piece, sentence};
use super::math::{Math, value};
use super::passes::product;
use crate::derive::{Steps, Use};

/// The most paths that are listed.
const MOST_PATHS: usize = 12;
/// The most factors that a line may hold.
const MOST_FACTORS: usize = 60;

/// The derivative of the output in one quantity.
pub(super) fn written_out(steps: &Steps, quantity: usize) -> Vec<Block> {
    if !steps.all()[quantity].asked || quantity == steps.output() {
        return Vec::new();
    }
    let total = Math::Total(quantity);
    let mut blocks = vec![Block::Heading(sentence![total.clone(), ", written out"])];
    blocks.extend(ways(steps, quantity));
    let mut links = vec![total];
    let (mut open, mut whole) = (links[0].clone(), true);
    loop {
        let further = open.replace(&|leaf| expanded(steps, leaf));
        if further == open {
            break;
        }
        if further.leaves() > MOST_FACTORS {
            whole = false;
            break;
        }
        links.push(further.clone());
        open = further;
    }
    match steps.derivative_formula(quantity, MOST_FACTORS).filter(|_| whole) {
        Some(formula) => {
            links.extend([Math::names(&formula), Math::numbers(steps, &formula)]);
        }
        None => links.push(open.replace(&|leaf| number(steps, leaf))),
    }
    links.push(Math::Rounded(steps.derivative(quantity)));
    blocks.push(Block::Chain(Chain { tall: true, ..Chain::new(links) }));
    if !whole {
        let words = "Further on it would no longer fit on a page: the derivatives that are left \
                     stand above.";
        blocks.push(Block::Note(sentence![words]));
    }
    blocks
}

/// The paths from the quantity to the output.
fn ways(steps: &Steps, quantity: usize) -> Vec<Block> {
    let count = steps.count_paths(quantity);
    let (from, to) = (Math::Quantity(quantity), Math::Quantity(steps.output()));
    let words = match count {
        1.0 => Piece::from("One path leads from "),
        n if n <= MOST_PATHS as f64 => Piece::from(format!("{n} paths lead from ")),
        n => Piece::from(format!("{n} paths, of which the first {MOST_PATHS}, lead from ")),
    };
    let mut blocks =
        vec![Block::Note(vec![words, from.into(), " to ".into(), to.into(), ":".into()])];
    blocks.extend(steps.paths(quantity, MOST_PATHS).into_iter().map(Block::Path));
    blocks
}

/// A derivative that has arrived, as the sum of what it was gathered from.
fn expanded(steps: &Steps, leaf: &Math) -> Option<Math> {
    let Math::Total(k) = *leaf else { return None };
    if k == steps.output() {
        return None;
    }
    let reached = |by: &&Use| steps.all()[by.by].adjoint.is_some();
    Some(Math::sum(steps.all()[k].uses.iter().filter(reached).map(|by| product(steps, k, by))))
}

/// Whatever has a number, as that number.
fn number(steps: &Steps, leaf: &Math) -> Option<Math> {
    match *leaf {
        Math::Quantity(k) => Some(value(steps, k)),
        Math::Total(k) => Some(Math::Rounded(steps.derivative(k))),
        Math::Local(by, k) => {
            let found = steps.all()[k].uses.iter().find(|found| found.by == by)?;
            Some(Math::Rounded(found.partial))
        }
        _ => None,
    }
}
