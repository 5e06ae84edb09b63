//! What a derivation says, in order, before it is written in any markup. It must not know any
//! markup.

use super::math::Math;
use super::{chain, passes, units};
use crate::derive::Steps;

/// A part of the document.
pub(super) enum Block {
    Heading(Vec<Piece>),
    Note(Vec<Piece>),
    Chain(Chain),
    /// The quantities on the way from one to another.
    Path(Vec<usize>),
}

/// A piece of a sentence.
pub(super) enum Piece {
    Words(String),
    Math(Math),
}

/// A statement: something, and what it is equal to, link by link.
pub(super) struct Chain {
    pub(super) links: Vec<Math>,
    pub(super) note: Option<Vec<Piece>>,
    /// Whether each link has a line of its own.
    pub(super) tall: bool,
}

impl Chain {
    /// A chain without links that only repeat the one before. A sum of numbers adds up to the result
    /// in the digits that are shown; where that cannot be, it is said to be rounded.
    pub(super) fn new(mut links: Vec<Math>) -> Chain {
        let mut chain = Chain { links: Vec::new(), note: None, tall: false };
        if let [.., numbers, result] = &mut links[..]
            && let Some(total) = result.number()
        {
            let sum = std::mem::replace(numbers, Math::Exact(total)).adding_up_to(total);
            if sum.is_err() {
                chain.note = Some(sentence!["rounded"]);
            }
            *numbers = sum.unwrap_or_else(|sum| sum);
        }
        for link in links {
            if chain.links.last().is_none_or(|last| !last.says_the_same(&link)) {
                chain.links.push(link);
            }
        }
        chain
    }
}

/// Pieces of a sentence from words and quantities.
macro_rules! sentence {
    ($($piece:expr),+ $(,)?) => { vec![$($crate::show::explain::document::Piece::from($piece)),+] };
}
pub(super) use sentence;

impl From<&str> for Piece {
    fn from(words: &str) -> Piece {
        Piece::Words(words.to_owned())
    }
}

impl From<String> for Piece {
    fn from(words: String) -> Piece {
        Piece::Words(words)
    }
}

impl From<Math> for Piece {
    fn from(math: Math) -> Piece {
        Piece::Math(math)
    }
}

/// All that is said of these steps.
pub(super) fn document(steps: &Steps) -> Vec<Block> {
    let mut blocks = passes::forward(steps);
    blocks.extend(passes::reverse(steps));
    for quantity in steps.wrt() {
        blocks.extend(chain::written_out(steps, *quantity));
    }
    blocks.extend(units::delta_rule(steps));
    blocks
}

/// Quantities in a sentence: a, b and c.
pub(super) fn listed(quantities: &[usize]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (k, quantity) in quantities.iter().enumerate() {
        if k > 0 {
            pieces.push(Piece::from(if k + 1 == quantities.len() { " and " } else { ", " }));
        }
        pieces.push(Piece::Math(Math::Quantity(*quantity)));
    }
    pieces
}
