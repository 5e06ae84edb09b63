//! A picture of a derivation, before it is written in any format: boxes with values and adjoints,
//! and an arrow for each use. It must not know how any number was computed.

mod dot;
mod mermaid;
#[cfg(feature = "svg")]
mod svg;

use super::explain::numbers::{Shown, shown};
use super::explain::text::name;
use crate::derive::Steps;

/// The colour of what is positive, and of what is negative: told apart by the colour-blind too, and
/// the sign always stands beside.
const COLOURS: [&str; 2] = ["#1f6fb4", "#c2500f"];
/// The colour of what does not flow.
const PALE: &str = "#8a8f98";

impl Steps {
    /// The picture in the language of Graphviz: a box for each quantity with its value and the
    /// derivative of the output in it, and an arrow for each use with what comes down along it.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let x = tape.new_input("x", 3.0);
    /// let y = (x + x).named("y");
    /// let dot = tape.steps(y).dot();
    /// assert_eq!(dot.matches("q0 -> q1").count(), 2); // one arrow for each use
    /// ```
    pub fn dot(&self) -> String {
        dot::render(&Picture::of(self))
    }

    /// The same as a Mermaid flowchart, which many Markdown viewers draw.
    pub fn mermaid(&self) -> String {
        mermaid::render(&Picture::of(self))
    }

    /// The same as an SVG image by itself, in light and dark. It is laid out by the crate dagre; no
    /// other program is needed. `None` if boxes and bends of arrows would be more than 1,500: such a
    /// picture takes minutes, and nobody can read it.
    #[cfg(feature = "svg")]
    #[cfg_attr(docsrs, doc(cfg(feature = "svg")))]
    pub fn svg(&self) -> Option<String> {
        Picture::of(self).image()
    }
}

/// What is drawn.
pub(super) struct Picture {
    title: String,
    boxes: Vec<Quantity>,
    arrows: Vec<Arrow>,
}

/// A quantity as a box.
struct Quantity {
    name: String,
    value: String,
    /// The derivative of the output in it, if anything arrived: what it is called, and the number.
    slope: Option<(String, String)>,
    is_input: bool,
    is_output: bool,
    #[cfg_attr(not(feature = "svg"), allow(dead_code))] // pictures alone make the rest pale
    asked: bool,
}

/// One use of a quantity.
struct Arrow {
    from: usize,
    to: usize,
    /// What comes down along it, with its sign; nothing where nothing flows.
    label: String,
    /// How that came to be: adjoint times partial.
    reason: String,
    colour: &'static str,
    /// From 1 to 6, by the size of what comes down.
    width: f64,
    asked: bool,
}

impl Picture {
    pub(super) fn of(steps: &Steps) -> Picture {
        let output = name(steps, steps.output());
        let edges = steps.all().iter().flat_map(|step| &step.edges);
        let largest = edges.map(|edge| edge.product.abs()).filter(|x| x.is_finite());
        let largest = largest.fold(0.0, f64::max);
        let mut arrows = Vec::new();
        for (to, step) in steps.all().iter().enumerate() {
            for edge in &step.edges {
                let flows = edge.taken && step.adjoint.is_some();
                arrows.push(Arrow {
                    from: edge.from,
                    to,
                    label: if flows { signed(edge.product) } else { "not taken".to_owned() },
                    reason: reason(steps, to, edge.from, edge.partial),
                    colour: if flows { colour(edge.product) } else { PALE },
                    width: width(edge.product, largest),
                    asked: steps.all()[edge.from].asked && flows,
                });
            }
        }
        let boxes = (0..steps.all().len()).map(|k| Quantity::of(steps, k, &output)).collect();
        let title = format!("The derivatives of {output}, worked out from right to left");
        Picture { title, boxes, arrows }
    }

    /// The picture as SVG, if it is not too large.
    #[cfg(feature = "svg")]
    pub(super) fn image(&self) -> Option<String> {
        (self.size() <= 1500).then(|| svg::render(self))
    }

    /// Boxes, and columns that arrows pass.
    #[cfg(feature = "svg")]
    fn size(&self) -> usize {
        let mut column = vec![0; self.boxes.len()];
        for arrow in &self.arrows {
            column[arrow.to] = column[arrow.to].max(column[arrow.from] + 1);
        }
        let passed = |arrow: &Arrow| column[arrow.to] - column[arrow.from];
        self.boxes.len() + self.arrows.iter().map(passed).sum::<usize>()
    }
}

impl Quantity {
    fn of(steps: &Steps, k: usize, output: &str) -> Quantity {
        let step = &steps.all()[k];
        let own = name(steps, k);
        Quantity {
            value: plain(step.value),
            slope: step.adjoint.map(|bar| (format!("d{output}/d{own}"), signed(bar))),
            name: own,
            is_input: step.formula.is_none(),
            is_output: k == steps.output(),
            asked: step.asked,
        }
    }
}

/// Adjoint times partial, in names and numbers.
fn reason(steps: &Steps, to: usize, from: usize, partial: f64) -> String {
    let [output, user, used] = [steps.output(), to, from].map(|k| name(steps, k));
    let bar = plain(steps.derivative(to));
    format!("{used} in {user}: d{output}/d{user} = {bar}, times the partial {}", plain(partial))
}

fn plain(x: f64) -> String {
    let Shown { decimals, exponent } = shown(x);
    match exponent {
        None => decimals,
        Some(exponent) => format!("{decimals}e{exponent}"),
    }
}

/// A number with its sign.
fn signed(x: f64) -> String {
    let plain = plain(x);
    if x > 0.0 { format!("+{plain}") } else { plain }
}

fn colour(x: f64) -> &'static str {
    match x {
        x if x > 0.0 => COLOURS[0],
        x if x < 0.0 => COLOURS[1],
        _ => PALE,
    }
}

/// Width of an arrow: its area grows as what flows.
fn width(x: f64, largest: f64) -> f64 {
    let share = if largest > 0.0 && x.is_finite() { x.abs() / largest } else { 0.0 };
    1.0 + 5.0 * share.sqrt()
}
