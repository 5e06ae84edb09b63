//! A derivation as Markdown, with formulas in LaTeX between dollar signs. It must not know what it
//! says.

use super::document::{Block, Chain};
use super::latex::{chain_of, rows, sentence, ways};
use crate::derive::Steps;

pub(super) fn render(steps: &Steps, blocks: &[Block]) -> String {
    let mut text = String::new();
    let mut rest = blocks;
    while let Some(block) = rest.first() {
        let chains: Vec<&Chain> = rest.iter().map_while(chain_of).collect();
        rest = &rest[chains.len().max(1)..];
        text += if text.is_empty() { "" } else { "\n" };
        match block {
            Block::Heading(pieces) => text += &format!("## {}\n", sentence(steps, pieces)),
            Block::Note(pieces) => text += &format!("{}\n", sentence(steps, pieces)),
            Block::Path(path) => text += &format!("* ${}$\n", ways(steps, path)),
            Block::Chain(_) => {
                let rows = rows(steps, &chains);
                text += &format!("$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$\n");
            }
        }
    }
    text
}
