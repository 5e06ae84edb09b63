//! The same derivatives grouped as the delta rule, so that backpropagation is seen to be this
//! special case. It must not know any markup.

use super::document::{Block, Chain, sentence};
use super::math::{Math, value};
use crate::derive::{Formula, Steps, Unit};

/// Deltas of all units, from the output down, and the derivatives in what they weigh.
pub(super) fn delta_rule(steps: &Steps) -> Vec<Block> {
    if steps.units().is_empty() {
        return Vec::new();
    }
    let mut blocks = vec![
        Block::Heading(sentence!["The same, grouped as the delta rule"]),
        Block::Note(sentence![
            "The delta of a unit is the derivative in its weighted sum: the slope of the activation \
             times what arrives. In a hidden unit that is the sum of weights times the deltas above."
        ]),
    ];
    blocks.extend(steps.units().iter().map(|unit| Block::Chain(delta(steps, unit))));
    let weights: Vec<Block> =
        steps.units().iter().flat_map(|unit| weights(steps, unit)).map(Block::Chain).collect();
    if !weights.is_empty() {
        let words = "The derivative in a weight is the delta of its unit times what it weighs:";
        blocks.push(Block::Note(sentence![words]));
        blocks.extend(weights);
    }
    blocks
}

/// The delta of one unit.
fn delta(steps: &Steps, unit: &Unit) -> Chain {
    let slope = steps.all()[unit.net].uses[0].partial;
    let local = Math::Local(unit.out, unit.net);
    let uses = &steps.all()[unit.out].uses;
    let (names, numbers) = match unit.hidden {
        true => (
            Math::sum(uses.iter().map(|by| Math::names(&by.formula).times(Math::Delta(by.by)))),
            Math::sum(uses.iter().map(|by| {
                Math::numbers(steps, &by.formula).times(Math::Rounded(steps.derivative(by.by)))
            })),
        ),
        false => (Math::Total(unit.out), Math::Rounded(steps.derivative(unit.out))),
    };
    let numbers = Math::Rounded(slope).times(numbers);
    let result = Math::Rounded(steps.derivative(unit.net));
    Chain::new(vec![Math::Delta(unit.net), local.times(names), numbers, result])
}

/// The derivatives in the inputs that a unit alone uses.
fn weights(steps: &Steps, unit: &Unit) -> Vec<Chain> {
    let mut chains = Vec::new();
    for (k, step) in steps.all().iter().enumerate() {
        let [by] = &step.uses[..] else { continue };
        let weighed = match &by.formula {
            Formula::Quantity(x) => (Math::Quantity(*x), value(steps, *x)),
            _ => continue,
        };
        if by.by == unit.net && step.formula.is_none() && step.asked {
            chains.push(Chain::new(vec![
                Math::Total(k),
                Math::Delta(unit.net).times(weighed.0),
                Math::Rounded(steps.derivative(unit.net)).times(weighed.1),
                Math::Rounded(steps.derivative(k)),
            ]));
        }
    }
    chains
}
