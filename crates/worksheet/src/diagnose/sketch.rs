//! What the author should have worked out, as one flat expression: unprinted quantities put in,
//! derivatives as sums over paths of textbook partials. It must not know what went wrong.

use wengert::{Op, Operand, SlotKind, Tape, Var};

use crate::{
    ast::{Expr, Kind, Literal, Node, arguments},
    author::Author,
    model::Target,
    source::Span,
};

use super::work::Work;

/// The longest sketch into which more is put.
const LONGEST: usize = 4000;
/// The longest sketch of all.
const FULL: usize = 4 * LONGEST;
/// The deepest that unprinted quantities are put in.
const DEEPEST: usize = 12;

/// What is known of a part of a sketch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Note {
    /// The value of a quantity, or a derivative, that was put in.
    Group(Target),
    /// One link of the chain rule.
    Link(u32, u32),
}

/// A flat expression with notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Sketch {
    pub(super) nodes: Vec<Node>,
    /// For each node, what the part that ends there is.
    pub(super) notes: Vec<Option<Note>>,
    /// For each node, whether it stands in a derivative.
    pub(super) in_slope: Vec<bool>,
    /// For each node, whether it adds two paths.
    pub(super) adds_paths: Vec<bool>,
}

impl Sketch {
    /// Whether a node stands in a derivative that was put in.
    pub(super) fn hidden(&self, at: usize) -> bool {
        let inside = |end: usize| end + 1 - (self.nodes[end].size as usize) <= at;
        let put_in =
            |end: &usize| matches!(self.notes[*end], Some(Note::Group(Target::Derivative(..))));
        self.in_slope[at] && (at + 1..self.nodes.len()).filter(put_in).any(inside)
    }
}

pub(super) struct Builder<'a, 'm> {
    pub(super) author: &'a mut Author<'m>,
    work: &'a mut Work,
    /// Whether there is no room for all of it: what was built is of no use.
    is_full: bool,
    /// Whether printed numbers end the sketch, or only quantities do.
    pub(super) printed: bool,
    /// Whether quantities are put in.
    pub(super) inlines: bool,
    /// Whether what the formula itself reads is put in although it was printed.
    opens: bool,
    pub(super) sketch: Sketch,
    slope_depth: usize,
}

impl<'a, 'm> Builder<'a, 'm> {
    pub(super) fn new(
        author: &'a mut Author<'m>,
        work: &'a mut Work,
        printed: bool,
        inlines: bool,
    ) -> Self {
        let sketch = Sketch::default();
        Self {
            author,
            work,
            is_full: false,
            printed,
            inlines,
            opens: false,
            sketch,
            slope_depth: 0,
        }
    }

    /// Puts in what the formula itself reads, printed or not.
    pub(super) fn opening(mut self) -> Self {
        self.opens = true;
        self
    }

    /// The sketch of what a chain is about, if there is room for it.
    pub(super) fn build(mut self, target: Target) -> Option<Sketch> {
        match target {
            Target::Quantity(q) => match self.author.model.formula(q) {
                Some(expr) => self.expr(expr, 0),
                None => self.leaf(Kind::Quantity(q), Span::default()),
            },
            Target::Derivative(of, wrt) => self.slope(of, wrt, 0),
            Target::Expression(expr) => self.expr(expr, 0),
        }
        (!self.is_full && !self.author.is_spent()).then_some(self.sketch)
    }

    fn leaf(&mut self, kind: Kind, span: Span) {
        self.is_full |= self.sketch.nodes.len() >= FULL || !self.work.take(1);
        if self.is_full {
            return;
        }
        self.sketch.nodes.push(Node { kind, size: 1, span });
        self.sketch.notes.push(None);
        self.sketch.in_slope.push(self.slope_depth > 0);
        self.sketch.adds_paths.push(false);
    }

    fn apply(&mut self, op: Op, count: u32, span: Span) {
        if self.is_full {
            return;
        }
        let nodes = &self.sketch.nodes;
        let mut start = nodes.len();
        for _ in 0..count {
            start -= nodes[start - 1].size as usize;
        }
        let size = (nodes.len() - start) as u32 + 1;
        self.leaf(Kind::Apply(op, count), span);
        if let Some(node) = self.sketch.nodes.last_mut() {
            node.size = size;
        }
    }

    fn note(&mut self, note: Note) {
        if let Some(last) = self.sketch.notes.last_mut() {
            *last = Some(note);
        }
    }

    fn add_paths(&mut self) {
        self.apply(Op::Add, 2, Span::default());
        if let Some(last) = self.sketch.adds_paths.last_mut() {
            *last = true;
        }
    }

    fn room(&self, depth: usize) -> bool {
        depth < DEEPEST && self.sketch.nodes.len() < LONGEST
    }

    fn expr(&mut self, expr: Expr, depth: usize) {
        let model = self.author.model;
        for node in model.nodes.of(expr) {
            if self.is_full {
                return;
            }
            match node.kind {
                Kind::Apply(op, count) => self.apply(op, count, node.span),
                Kind::Quantity(q) => self.quantity(q, node.span, depth),
                Kind::Derivative(of, wrt) => self.derivative(of, wrt, node.span, depth),
                kind => self.leaf(kind, node.span),
            }
        }
    }

    fn quantity(&mut self, q: u32, span: Span, depth: usize) {
        let target = Target::Quantity(q);
        let opened = self.opens && depth == 0;
        let printed = self.printed && !opened && self.author.printed(target).is_some();
        match self.author.model.formula(q) {
            Some(expr) if self.inlines && !printed && self.room(depth) => {
                self.expr(expr, depth + 1);
                self.note(Note::Group(target));
            }
            _ => self.leaf(Kind::Quantity(q), span),
        }
    }

    fn derivative(&mut self, of: u32, wrt: u32, span: Span, depth: usize) {
        let target = Target::Derivative(of, wrt);
        let printed = self.printed && self.author.printed(target).is_some();
        if printed
            || !self.room(depth)
            || self.author.truth.slope_if_known(of, wrt).is_none_or(f64::is_nan)
        {
            return self.leaf(Kind::Derivative(of, wrt), span);
        }
        self.slope(of, wrt, depth + 1);
        self.note(Note::Group(target));
    }

    /// A derivative as a sum over the quantities that use `wrt`.
    fn slope(&mut self, of: u32, wrt: u32, depth: usize) {
        self.slope_depth += 1;
        let model = self.author.model;
        let mut terms = 0;
        for user in &model.users[wrt as usize] {
            self.is_full |= !self.work.take(1);
            if self.is_full || !self.author.leads(of, *user) {
                continue;
            }
            if *user != of {
                self.adjoint(of, *user, depth);
            }
            self.link(*user, wrt);
            if *user != of {
                self.apply(Op::Mul, 2, Span::default());
            }
            terms += 1;
            if terms > 1 {
                self.add_paths();
            }
        }
        if terms == 0 {
            self.number(f64::from(u8::from(of == wrt)));
        }
        self.slope_depth -= 1;
    }

    fn adjoint(&mut self, of: u32, user: u32, depth: usize) {
        let target = Target::Derivative(of, user);
        let printed = self.printed && self.author.printed(target).is_some();
        if printed || !self.room(depth) {
            return self.leaf(Kind::Derivative(of, user), Span::default());
        }
        self.slope(of, user, depth + 1);
        self.note(Note::Group(target));
    }

    /// One link of the chain rule: as printed, or by textbook partials.
    fn link(&mut self, user: u32, operand: u32) {
        let model = self.author.model;
        let printed =
            self.printed && self.author.printed(Target::Derivative(user, operand)).is_some();
        let author = &mut *self.author;
        let mut others = model.users[operand as usize].iter().filter(|c| **c != user);
        let only = printed && !others.any(|c| author.leads(user, *c));
        match model.formula(user) {
            _ if only => self.leaf(Kind::Derivative(user, operand), Span::default()),
            Some(expr) => self.partial(user, expr, operand),
            None => self.number(0.0),
        }
        self.note(Note::Link(user, operand));
    }

    fn number(&mut self, value: f64) {
        let literal = Literal { value, places: 0, whole: true };
        self.leaf(Kind::Number(literal), Span::default());
    }

    /// The partial of a formula by an operand: over its occurrences, the product of the textbook
    /// partials from there to the top.
    fn partial(&mut self, user: u32, expr: Expr, operand: u32) {
        let model = self.author.model;
        let nodes = model.nodes.of(expr);
        self.is_full |= !self.work.take(nodes.len());
        if self.is_full {
            return;
        }
        let parents = parents(nodes);
        let mut terms = 0;
        for at in 0..nodes.len() {
            if nodes[at].kind != Kind::Quantity(operand) {
                continue;
            }
            let mut factors = 0;
            let mut here = at;
            while let Some((parent, argument)) = parents[here].filter(|_| !self.is_full) {
                factors += u32::from(self.factor(user, nodes, parent, argument, factors > 0));
                here = parent;
            }
            if factors == 0 {
                self.number(1.0);
            }
            terms += 1;
            if terms > 1 {
                self.add_paths();
            }
        }
        if terms == 0 {
            self.number(0.0);
        }
    }

    /// The textbook partial of one operation; false if it is 1 and was left out.
    fn factor(
        &mut self,
        user: u32,
        nodes: &[Node],
        at: usize,
        argument: usize,
        times: bool,
    ) -> bool {
        let Kind::Apply(op, _) = nodes[at].kind else { return false };
        let args: Vec<&[Node]> = arguments(nodes, at)
            .into_iter()
            .map(|a| &nodes[a + 1 - nodes[a].size as usize..=a])
            .collect();
        let whole = [Node { kind: Kind::Quantity(user), size: 1, span: nodes[at].span }];
        let value = if at + 1 == nodes.len() {
            &whole[..]
        } else {
            &nodes[at + 1 - nodes[at].size as usize..=at]
        };
        let tape = Tape::new();
        let input = |part: &[Node]| match part {
            [Node { kind: Kind::Number(n), .. }] => Var::constant(n.value),
            _ => tape.input_array([0.5])[0],
        };
        let vars: Vec<Var<'_>> = args.iter().map(|part| input(part)).collect();
        let result = input(value);
        let partial = op.textbook(&vars, result)[argument];
        let parts: Vec<(Option<usize>, &[Node])> = vars
            .iter()
            .chain([&result])
            .map(|var| var.slot())
            .zip(args.iter().copied().chain([value]))
            .collect();
        match partial.slot() {
            None if partial.value() == 1.0 => return false,
            None => self.number(partial.value()),
            Some(slot) => self.read_back(&tape, slot, &parts, nodes[at].span),
        }
        if times {
            self.apply(Op::Mul, 2, nodes[at].span);
        }
        true
    }

    /// Writes what a small tape computes, with the parts of the formula for its inputs.
    fn read_back(
        &mut self,
        tape: &Tape,
        slot: usize,
        parts: &[(Option<usize>, &[Node])],
        span: Span,
    ) {
        if self.is_full {
            return;
        }
        let read = tape.slot(slot);
        let SlotKind::Op(op) = read.kind else {
            let part = parts.iter().find(|(at, _)| *at == Some(slot)).map_or(&[][..], |p| p.1);
            for node in part.iter().take(FULL) {
                match node.kind {
                    Kind::Apply(op, count) => self.apply(op, count, node.span),
                    kind => self.leaf(kind, node.span),
                }
            }
            return;
        };
        let count = read.args.len() as u32;
        for arg in read.args {
            match arg {
                Operand::Slot(at) => self.read_back(tape, at, parts, span),
                Operand::Constant(value) => self.number(value),
            }
        }
        self.apply(op, count, span);
    }
}

/// How far a node is from the formula itself: within quantities that were put in.
pub(super) fn depth(sketch: &Sketch, at: usize) -> u8 {
    let inside = |(end, note): (usize, &Option<Note>)| {
        let start = end + 1 - sketch.nodes[end].size as usize;
        matches!(note, Some(Note::Group(_))) && start <= at && at < end
    };
    sketch.notes.iter().enumerate().skip(at + 1).filter(|n| inside(*n)).take(3).count() as u8
}

/// For each node, the operation that uses it, and as which argument.
pub(super) fn parents(nodes: &[Node]) -> Vec<Option<(usize, usize)>> {
    let mut parents = vec![None; nodes.len()];
    for at in 0..nodes.len() {
        for (argument, child) in arguments(nodes, at).into_iter().enumerate() {
            parents[child] = Some((at, argument));
        }
    }
    parents
}
