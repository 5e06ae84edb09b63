//! What a sheet means: quantities with their rules, and chains that claim something of them.
//! It must not know values.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ast::{Expr, Front, Kind, Literal, Nodes, Relation},
    names,
    problem::{Problem, Unread},
    source::{Sources, Span},
};

/// The most names that are looked at for one that is taken for another.
const MOST_ALIKE: usize = 16;

/// Where the value of a quantity comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rule {
    /// A bare number at first sight: exact.
    Given(Literal),
    /// A number written with `~` at first sight: a claim without a formula.
    Approximate(Literal),
    /// A formula in names.
    Formula(Expr),
    /// A formula in numbers alone; `hides` if a number worked out follows, so that names may
    /// stand behind the numbers.
    Numbers {
        /// The formula.
        expr: Expr,
        /// Whether names may stand behind its numbers.
        hides: bool,
    },
    /// Nothing on the sheet says.
    Missing,
}

impl Rule {
    /// Whether it is a bare number.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Given(_) | Self::Approximate(_))
    }
}

/// A quantity of the sheet.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// Its name in the one spelling.
    pub name: String,
    /// How the page spells it.
    pub spelled: String,
    /// Where its value comes from.
    pub rule: Rule,
    /// The statement that says so.
    pub span: Span,
    /// Where that statement comes from.
    pub front: Front,
    /// Whether a statement about it could not be read, so that what it is made of is not known.
    pub unread: bool,
    /// The quantity of which it is the update (`w5` of `w5'`).
    pub updates: Option<u32>,
    /// The quantity that is its update (`w5'` of `w5`).
    pub updated: Option<u32>,
}

/// What a chain is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// A quantity.
    Quantity(u32),
    /// The total derivative of one quantity by another.
    Derivative(u32, u32),
    /// An expression.
    Expression(Expr),
}

/// What stands in one link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// A formula in names.
    Formula(Expr),
    /// A formula with numbers put in.
    Numbers(Expr),
    /// A bare number.
    Bare(Literal),
    /// `?`
    Asked,
}

/// One link of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// What it says.
    pub part: Part,
    /// The sign before it.
    pub relation: Relation,
    /// Where it stands.
    pub span: Span,
}

/// One statement, understood.
#[derive(Clone, Debug)]
pub struct Chain {
    /// What it is about.
    pub target: Target,
    /// How the page writes that.
    pub spelled: String,
    /// Where it is written.
    pub head_span: Span,
    /// Its links.
    pub links: Vec<Link>,
    /// Which of them is the rule of the quantity, if one is.
    pub defines: Option<usize>,
    /// Where it comes from.
    pub front: Front,
}

impl Chain {
    /// The link that is judged: the last number or question that does not define.
    pub fn claim(&self) -> Option<(usize, Link)> {
        let judged = |(i, link): &(usize, Link)| match link.part {
            Part::Bare(_) => self.defines != Some(*i) || link.relation == Relation::About,
            Part::Asked => true,
            _ => false,
        };
        self.links.iter().copied().enumerate().rev().find(judged)
    }
}

/// A sheet, understood.
#[derive(Debug, Default)]
pub struct Model {
    /// The texts.
    pub sources: Sources,
    /// The expressions, in which names have become quantities.
    pub nodes: Nodes,
    /// The quantities.
    pub quantities: Vec<Quantity>,
    /// The statements: given ones first, then the page's.
    pub chains: Vec<Chain>,
    /// All quantities, what they need before them.
    pub order: Vec<u32>,
    /// The place of each quantity in the order.
    pub rank: Vec<u32>,
    /// For each quantity, those whose formulas read its value.
    pub users: Vec<Vec<u32>>,
    /// For each quantity, those whose values its formula reads.
    pub operands: Vec<Vec<u32>>,
    /// For each quantity, those of its family, itself included.
    pub families: HashMap<String, Vec<u32>>,
    /// The quantities by the letters of their names.
    pub letters: BTreeMap<String, Vec<u32>>,
    /// What stops the sheet from being read in full.
    pub problems: Vec<Problem>,
    /// What was passed over, and why.
    pub unread: Vec<Unread>,
    /// The source that is the page.
    pub page: u32,
}

impl Model {
    /// The formula of a quantity, in names or in numbers.
    pub fn formula(&self, quantity: u32) -> Option<Expr> {
        match self.quantities[quantity as usize].rule {
            Rule::Formula(expr) | Rule::Numbers { expr, .. } => Some(expr),
            _ => None,
        }
    }

    /// The quantities and the derivatives that an expression reads.
    pub fn reads(&self, expr: Expr) -> impl Iterator<Item = Kind> + '_ {
        let leaf = |kind: &Kind| matches!(kind, Kind::Quantity(_) | Kind::Derivative(..));
        self.nodes.of(expr).iter().map(|node| node.kind).filter(leaf)
    }

    /// How the page spells a quantity.
    pub fn spelled(&self, quantity: u32) -> &str {
        &self.quantities[quantity as usize].spelled
    }

    /// How the page would spell a target.
    pub fn describe(&self, target: Target) -> String {
        match target {
            Target::Quantity(q) => self.spelled(q).to_owned(),
            Target::Derivative(of, wrt) => format!("d{}/d{}", self.spelled(of), self.spelled(wrt)),
            Target::Expression(expr) => self.sources.text(self.nodes.span(expr)).to_owned(),
        }
    }

    /// The update of a quantity, if the sheet has one.
    pub fn updated(&self, quantity: u32) -> Option<u32> {
        self.quantities[quantity as usize].updated
    }

    /// The quantity before an activation, or those after it: `z` of `h = sigmoid(z)`, and `h` of `z`.
    pub fn around_activation(&self, quantity: u32) -> Vec<u32> {
        let inside = |q: u32| match self.nodes.of(self.formula(q)?) {
            [first, last] => match (first.kind, last.kind) {
                (Kind::Quantity(z), Kind::Apply(op, 1)) if op != wengert::Op::Neg => Some(z),
                _ => None,
            },
            _ => None,
        };
        let users = self.users[quantity as usize].iter().copied();
        let after = users.filter(|h| inside(*h) == Some(quantity));
        inside(quantity).into_iter().chain(after).collect()
    }

    /// Whether a quantity is what a step of learning updates: a given, or the update of one.
    pub fn is_weight(&self, quantity: u32) -> bool {
        let mut here = &self.quantities[quantity as usize];
        while let Some(base) = here.updates {
            here = &self.quantities[base as usize];
        }
        matches!(here.rule, Rule::Given(_))
    }

    /// The others of a quantity's family.
    pub fn family(&self, quantity: u32) -> impl Iterator<Item = u32> + '_ {
        let family = names::family(&self.quantities[quantity as usize].name);
        let members = family.and_then(|family| self.families.get(&family));
        members.into_iter().flatten().copied().filter(move |other| *other != quantity)
    }

    /// Quantities of other families whose names are easily taken for this one's; some, if there
    /// are many.
    pub fn alike(&self, quantity: u32) -> impl Iterator<Item = u32> + '_ {
        let name = &self.quantities[quantity as usize].name;
        let letters = names::letters(name);
        let family = names::family(name);
        let first: String = letters.chars().take(1).collect();
        let same_first = self.letters.range(first.clone()..).take(MOST_ALIKE);
        let same_first = same_first.take_while(move |(other, _)| other.starts_with(&first));
        let near = same_first.filter(move |(other, _)| names::alike(&letters, other));
        let members = near.flat_map(|(_, members)| members.iter().copied().take(MOST_ALIKE));
        let strange = move |other: &u32| {
            let name = &self.quantities[*other as usize].name;
            *other != quantity && (family.is_none() || names::family(name) != family)
        };
        members.filter(strange).take(MOST_ALIKE)
    }
}
