//! A page to play with: a derivation as one HTML file that computes by itself, without a network. It
//! must not know how any number is computed: a module of the tape's own program does that.

mod json;
mod slips;

use super::draw::Picture;
use super::explain::text::{Names, name};
use crate::derive::{Formula, Steps};
use crate::emit::page::{Machine, Plan};
use crate::emit::wasm::{JAVASCRIPT, Refused};
use crate::tape::Tape;
use crate::var::Var;
use json::{Json, base64};
use std::collections::HashMap;

const HTML: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = concat!(
    include_str!("page/numbers.js"),
    "\n",
    include_str!("page/formulas.js"),
    "\n",
    include_str!("page/page.js")
);

/// A page that is being put together. [`html`](Page::html) writes it.
#[derive(Clone)]
pub struct Page<'t> {
    tape: &'t Tape,
    steps: Steps,
    title: String,
    source: String,
    lines: HashMap<usize, usize>,
    slope_lines: HashMap<usize, usize>,
    weights: Vec<usize>,
    rate: f64,
}

impl std::fmt::Debug for Page<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({:?}, {} quantities)", self.title, self.steps.all().len())
    }
}

impl Tape {
    /// A page on which the derivatives of `output` can be stepped through and played with.
    ///
    /// ```
    /// use wengert::prelude::*;
    ///
    /// let tape = Tape::new();
    /// let [w, x] = tape.inputs(["w", "x"], [0.6, 2.0]);
    /// let loss = ((w * x).named("z").sigmoid().named("h") - 1.0).square().named("loss");
    /// let page = tape.page(loss).titled("One neuron").learns(&[w], 0.5);
    /// let html = page.html().unwrap();
    /// assert!(html.starts_with("<!doctype html>"));
    /// ```
    ///
    /// # Panics
    /// If `output` is a constant, or a variable of another tape.
    #[track_caller]
    pub fn page<'t>(&'t self, output: Var<'t>) -> Page<'t> {
        let steps = self.steps(output);
        let title =
            format!("How {} comes about, and its derivatives", name(&steps, steps.output()));
        let (lines, slope_lines) = (HashMap::new(), HashMap::new());
        let (source, weights) = (String::new(), Vec::new());
        Page { tape: self, steps, title, source, lines, slope_lines, weights, rate: 0.5 }
    }
}

impl<'t> Page<'t> {
    /// The title of the page.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// The text that the quantities come from, to be shown beside them.
    #[must_use]
    pub fn source(mut self, text: &str) -> Self {
        text.clone_into(&mut self.source);
        self
    }

    /// The line of the text, from 1, that says what a quantity is.
    #[must_use]
    pub fn line(mut self, quantity: Var<'t>, line: usize) -> Self {
        self.lines.extend(quantity.slot().map(|slot| (slot, line)));
        self
    }

    /// The line of the text, from 1, that is about the derivative in a quantity.
    #[must_use]
    pub fn slope_line(mut self, quantity: Var<'t>, line: usize) -> Self {
        self.slope_lines.extend(quantity.slot().map(|slot| (slot, line)));
        self
    }

    /// The inputs that a step of learning changes, and how far: each less `rate` times the
    /// derivative in it. What is no input of the output is left out.
    #[must_use]
    pub fn learns(mut self, weights: &[Var<'t>], rate: f64) -> Self {
        let place = |slot: usize| self.steps.all().iter().position(|step| step.slot == slot);
        let places = weights.iter().filter_map(|w| place(w.slot()?));
        let input = |k: &usize| self.steps.all()[*k].formula.is_none();
        self.weights = places.filter(input).collect();
        self.rate = rate;
        self
    }

    /// The page as one HTML file that asks for nothing else.
    ///
    /// # Errors
    /// If something on the tape cannot be computed in a browser.
    pub fn html(&self) -> Result<String, Refused> {
        let slips = slips::found(&self.steps, &self.weights);
        let planned: Vec<_> = slips.iter().map(|(slip, _)| slip.clone()).collect();
        let plan =
            Plan { steps: &self.steps, tape: self.tape, weights: &self.weights, slips: &planned };
        let machine = plan.compile()?;
        let told: Vec<Json> = slips.iter().map(|(_, words)| Json::text(words)).collect();
        let data = self.data(&machine, told).to_string();
        let picture = unstyled(Picture::of(&self.steps).image().unwrap_or_default());
        Ok(HTML
            .replace("{{title}}", &json::escaped(&self.title))
            .replace("{{style}}", STYLE)
            .replace("{{picture}}", &picture)
            .replace("{{data}}", &data.replace("</", "<\\/"))
            .replace("{{script}}", &[JAVASCRIPT, SCRIPT].join("\n")))
    }

    /// What the page is told.
    fn data(&self, machine: &Machine, slips: Vec<Json>) -> Json {
        let numbers = |cells: &[u32]| Json::list(cells.iter().map(|cell| Json::index(*cell)));
        let pair = |(a, b): (u32, u32)| Json::list([Json::index(a), Json::index(b)]);
        let placed = |(k, cell): &(usize, u32)| pair((*k as u32, *cell));
        let steps = (0..self.steps.all().len()).map(|k| self.step(k));
        Json::object([
            ("output", Json::index(self.steps.output() as u32)),
            ("rate", Json::number(self.rate)),
            ("rateCell", Json::index(machine.rate)),
            ("steps", Json::list(steps)),
            ("inputs", Json::list(machine.inputs.iter().map(placed))),
            ("values", numbers(&machine.values)),
            ("adjoints", numbers(&machine.adjoints)),
            ("edges", numbers(&machine.edges)),
            ("uses", Json::list(machine.uses.iter().copied().map(pair))),
            ("updates", Json::list(machine.updates.iter().map(placed))),
            ("bytes", Json::index(machine.module.bytes() as u32)),
            ("valueReach", numbers(&machine.reach[0])),
            ("slopeReach", numbers(&machine.reach[1])),
            ("slips", Json::list(slips)),
            ("source", Json::list(self.source.lines().map(Json::text))),
            ("wasm", Json::text(&base64(machine.module.binary()))),
        ])
    }

    /// What the page is told of one quantity.
    fn step(&self, k: usize) -> Json {
        let step = &self.steps.all()[k];
        let line = |lines: &HashMap<usize, usize>| match lines.get(&step.slot) {
            Some(line) => Json::index(*line as u32),
            None => Json::Null,
        };
        let formula = |formula: &Formula| self.tokens(formula);
        let uses = step
            .uses
            .iter()
            .map(|by| Json::list([Json::index(by.by as u32), formula(&by.formula)]));
        Json::object([
            ("name", Json::text(&name(&self.steps, k))),
            ("start", Json::number(step.value)),
            ("formula", step.formula.as_ref().map_or(Json::Null, formula)),
            ("edges", Json::list(step.edges.iter().map(|edge| Json::index(edge.from as u32)))),
            ("uses", Json::list(uses)),
            ("asked", Json::Bool(step.adjoint.is_some())),
            ("line", line(&self.lines)),
            ("slopeLine", line(&self.slope_lines)),
        ])
    }

    /// A formula as text, with the places of quantities between.
    fn tokens(&self, formula: &Formula) -> Json {
        let marked = |quantity: usize| format!("\u{1}{quantity}\u{1}");
        let text = Names { name: &marked, output: self.steps.output() }.write(formula);
        Json::list(text.split('\u{1}').enumerate().map(|(k, piece)| match k % 2 {
            0 => Json::text(piece),
            _ => {
                Json::index(piece.parse().expect("the marks of a quantity stand around its number"))
            }
        }))
    }
}

/// A picture without its own style: the page has one for it.
fn unstyled(picture: String) -> String {
    match picture.split_once("<style>").zip(picture.split_once("</style>")) {
        Some(((before, _), (_, after))) => format!("{before}{}", after.trim_start()),
        None => picture,
    }
}
