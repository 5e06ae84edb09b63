//! A derivation for reading: the steps in words, formulas and numbers, as text, Markdown or LaTeX.
//! It must not know how any number was computed.

mod chain;
mod document;
mod latex;
mod markdown;
mod math;
pub(super) mod numbers;
mod passes;
pub(super) mod text;
mod units;

use crate::derive::Steps;

impl Steps {
    /// The derivation as plain text: every line is a statement of the worksheet language, or a
    /// comment that begins with `#`.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 3.0);
    /// let y = (x.square() + 1.0).named("y");
    /// let text = tape.steps(y).text();
    /// assert!(text.contains("y = x^2 + 1 = 3^2 + 1 = 10"));
    /// assert!(text.contains("dy/dx = 2*x = 2*3 = 6"));
    /// ```
    pub fn text(&self) -> String {
        text::render(self, &document::document(self))
    }

    /// The derivation as Markdown, with its formulas in `$$` blocks.
    pub fn markdown(&self) -> String {
        markdown::render(self, &document::document(self))
    }

    /// The derivation as a LaTeX document of its own, which needs the packages amsmath and geometry.
    pub fn latex(&self) -> String {
        latex::render(self, &document::document(self))
    }
}
