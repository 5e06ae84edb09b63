//! The two passes in sentences and chains: values up, adjoints down. It must not know any markup.

use super::document::{Block, Chain, Piece, listed, sentence};
use super::math::{Math, value};
use crate::derive::{Step, Steps, Use};

/// Each quantity with its formula, the numbers put in, and its value.
pub(super) fn forward(steps: &Steps) -> Vec<Block> {
    let output = Math::Quantity(steps.output());
    let mut blocks = vec![
        Block::Heading(sentence!["Forward: the values, up to ", output]),
        Block::Note(sentence!["What is given:"]),
    ];
    let (given, made): (Vec<_>, Vec<_>) =
        steps.all().iter().enumerate().partition(|(_, step)| step.formula.is_none());
    for (k, _) in given {
        blocks.push(Block::Chain(Chain::new(vec![Math::Quantity(k), value(steps, k)])));
    }
    blocks.push(Block::Note(sentence!["Each quantity from those before it:"]));
    for (k, step) in made {
        let mut links = vec![Math::Quantity(k)];
        if let Some(formula) = &step.formula {
            links.extend([Math::names(formula), Math::numbers(steps, formula)]);
        }
        links.push(Math::Rounded(step.value));
        blocks.push(Block::Chain(Chain::new(links)));
    }
    blocks
}

/// For each quantity what arrives, from whom, along which partial.
pub(super) fn reverse(steps: &Steps) -> Vec<Block> {
    let output = steps.output();
    let mut blocks = vec![
        Block::Heading(sentence!["Reverse: the derivatives, down from ", Math::Quantity(output)]),
        Block::Note(sentence![
            "Each quantity gathers, from everything that uses it, the derivative that arrived there \
             times the slope of that use. The output begins with 1."
        ]),
        Block::Chain(Chain::new(vec![Math::Total(output), Math::Exact(1.0)])),
    ];
    for (k, step) in steps.all().iter().enumerate().rev().filter(|(k, _)| *k != output) {
        if step.asked {
            blocks.extend(gather(steps, k, step));
        } else if steps.wrt().contains(&k) || step.formula.is_none() && steps.wrt().is_empty() {
            let (this, top) = (Math::Quantity(k), Math::Quantity(output));
            let words = match step.uses.is_empty() {
                true => sentence![this, " does not lead to ", top, "."],
                false => sentence!["Nothing flows from ", top, " down to ", this, "."],
            };
            blocks.push(Block::Note(words));
            blocks.push(Block::Chain(Chain::new(vec![Math::Total(k), Math::Exact(0.0)])));
        }
    }
    blocks
}

/// What one quantity gathers.
fn gather(steps: &Steps, k: usize, step: &Step) -> Vec<Block> {
    let users: Vec<&Use> =
        step.uses.iter().filter(|by| steps.all()[by.by].adjoint.is_some()).collect();
    let names: Vec<usize> = users.iter().map(|by| by.by).collect();
    let mut words = sentence![Math::Quantity(k), " is used by "];
    words.extend(listed(&names));
    words.push(Piece::from(match users.len() {
        1 => ".".to_owned(),
        n => format!(": {n} paths, and their sum."),
    }));
    let mut blocks = vec![Block::Note(words)];
    for by in &users {
        blocks.extend(slope(steps, k, by));
        if users.len() > 1 {
            blocks.push(path(steps, k, by));
        }
    }
    match &users[..] {
        [by] if by.by == steps.output() && steps.only_way(k, by.by) => {}
        _ => blocks.push(Block::Chain(sum(steps, k, &users))),
    }
    blocks
}

/// The partial of one use: its formula, the numbers put in, and its value.
fn slope(steps: &Steps, k: usize, by: &Use) -> Vec<Block> {
    let alone = steps.only_way(k, by.by);
    let mut links = vec![Math::names(&by.formula), Math::numbers(steps, &by.formula)];
    links.push(Math::Rounded(by.partial));
    if alone {
        links.insert(0, Math::Local(by.by, k));
    }
    let chain = Chain::new(links);
    let nothing = "Nothing flows along this edge";
    let mut blocks = match by.taken {
        false if alone => vec![Block::Note(sentence![nothing, "."])],
        _ => Vec::new(),
    };
    if !alone {
        let (this, user) = (Math::Quantity(k), Math::Quantity(by.by));
        let mut words =
            sentence![user, " uses ", this.clone(), " directly and by way of others. Where only "];
        words.extend(sentence![this, " itself moves, the slope is"]);
        words.extend(match &chain.links[..] {
            [only] if by.taken => sentence![" ", only.clone(), "."],
            [only] => sentence![" ", only.clone(), ". ", nothing, "."],
            _ => sentence![":"],
        });
        blocks.push(Block::Note(words));
    }
    if chain.links.len() > 1 {
        blocks.push(Block::Chain(chain));
    }
    blocks
}

/// What comes by way of one user.
fn path(steps: &Steps, k: usize, by: &Use) -> Block {
    let mut links = vec![product(steps, k, by)];
    if by.by != steps.output() {
        let arrives = Math::Rounded(steps.derivative(by.by));
        links.push(arrives.times(Math::Rounded(by.partial)));
    }
    links.push(Math::Signed(by.product));
    let mut note = sentence!["by way of ", Math::Quantity(by.by)];
    let chain = Chain::new(links);
    match &chain.links[..] {
        [_] => {
            note.extend(sentence![": ", Math::Signed(by.product)]);
            Block::Note(note)
        }
        _ => Block::Chain(Chain { note: Some(note), ..chain }),
    }
}

/// The sum of what comes by way of all users.
fn sum(steps: &Steps, k: usize, users: &[&Use]) -> Chain {
    let terms = users.iter().map(|by| product(steps, k, by));
    let numbers = match users {
        [by] => Math::Rounded(steps.derivative(by.by)).times(Math::Rounded(by.partial)),
        _ => Math::sum(users.iter().map(|by| Math::Rounded(by.product))),
    };
    let result = Math::Rounded(steps.derivative(k));
    Chain::new(vec![Math::Total(k), Math::sum(terms), numbers, result])
}

/// The derivative that arrives at a user, times the partial.
pub(super) fn product(steps: &Steps, k: usize, by: &Use) -> Math {
    let local = local(steps, k, by);
    match by.by == steps.output() {
        true => local,
        false => Math::Total(by.by).times(local),
    }
}

/// The partial as it stands in a product: by its sign, or by its formula where the sign would be
/// read as the derivative along all ways.
fn local(steps: &Steps, k: usize, by: &Use) -> Math {
    match steps.only_way(k, by.by) {
        true if by.by == steps.output() => Math::Total(k),
        true => Math::Local(by.by, k),
        false => Math::names(&by.formula),
    }
}
