//! From what is written to what it means: givens, formulas, claims, updates, aliases.
//! It must not compute.

use std::collections::HashMap;

use wengert::Op;

use crate::{
    ast::{Body, Expr, Front, Head, Kind, Relation, Statement, arguments},
    model::{Chain, Link, Model, Part, Quantity, Rule, Target},
    names::{Name, family, letters},
    problem::{Code, Problem, Unread},
    read::{Sheet, Side},
    source::Span,
};

mod order;
mod unknown;

/// Understands a sheet.
pub fn resolve(sheet: Sheet) -> Model {
    let mut resolver = Resolver::new(sheet);
    let statements = std::mem::take(&mut resolver.sheet.statements);
    let heads: Vec<Option<Name>> = statements.iter().map(|s| resolver.head(s)).collect();
    for (statement, head) in statements.iter().zip(&heads) {
        head.map(|name| resolver.quantity(name, statement));
    }
    resolver.lost();
    let links: Vec<Vec<Link>> = statements.iter().map(|s| resolver.links(s)).collect();
    for ((statement, head), links) in statements.iter().zip(&heads).zip(&links) {
        resolver.define(statement, *head, links);
    }
    for ((statement, head), links) in statements.iter().zip(&heads).zip(links) {
        resolver.chain(statement, *head, links);
    }
    resolver.finish()
}

struct Resolver {
    sheet: Sheet,
    model: Model,
    names: HashMap<Name, u32>,
    aliases: HashMap<Name, Name>,
    slopes: HashMap<(Name, Name), (Name, Name)>,
    /// Which statement, by its span, says where a quantity's value comes from, and in which link.
    rules: HashMap<Span, usize>,
    /// The first formula of a quantity that could not be read, where others stand on the sheet.
    lost: HashMap<Name, Span>,
}

impl Resolver {
    fn new(sheet: Sheet) -> Self {
        let pairs = sheet.aliases.iter();
        let mut aliases: HashMap<Name, Name> = HashMap::new();
        let mut slopes = HashMap::new();
        for pair in pairs {
            match *pair {
                (Side::Name(a), Side::Name(b)) => {
                    let root = |mut n| {
                        while let Some(next) = aliases.get(&n) {
                            n = *next;
                        }
                        n
                    };
                    let (a, b) = (root(a), root(b));
                    if a != b {
                        aliases.insert(a, b);
                    }
                }
                (Side::Slope(a, b), Side::Slope(c, d)) => drop(slopes.insert((a, b), (c, d))),
                _ => {}
            }
        }
        let model = Model::default();
        let (names, rules, lost) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { sheet, model, names, aliases, slopes, rules, lost }
    }

    /// The name that stands for all its spellings.
    fn canonical(&self, mut name: Name) -> Name {
        while let Some(next) = self.aliases.get(&name) {
            name = *next;
        }
        name
    }

    /// The name that a statement is about: for `w = w - ...` the updated one.
    fn head(&mut self, statement: &Statement) -> Option<Name> {
        let Head::Name(written) = statement.head else { return None };
        let name = self.canonical(written);
        let updates = statement.links.iter().any(|link| match link.body {
            Body::Expr(expr) => self.begins_with(expr, name),
            Body::Asked => false,
        });
        Some(if updates { self.primed(name) } else { name })
    }

    fn primed(&mut self, name: Name) -> Name {
        let primed = self.sheet.names.primed(name);
        self.canonical(primed)
    }

    /// Whether an expression is a sum whose first term is the name itself.
    fn begins_with(&self, expr: Expr, name: Name) -> bool {
        let nodes = self.sheet.nodes.of(expr);
        let mut at = nodes.len() - 1;
        while let Kind::Apply(Op::Add | Op::Sub, 2) = nodes[at].kind {
            at = arguments(nodes, at)[0];
        }
        let Kind::Name(first) = nodes[at].kind else { return false };
        at + 1 < nodes.len() && self.canonical(first) == name
    }

    /// What the statements are about that could not be read: known by name, and no more.
    fn lost(&mut self) {
        for lost in std::mem::take(&mut self.sheet.lost) {
            let name = self.canonical(lost.name);
            if !self.names.contains_key(&name) {
                let spelled = self.sheet.names.text(lost.name).to_owned();
                let index = self.add(name, spelled, lost.span, lost.front);
                self.model.quantities[index as usize].unread = true;
            } else if lost.formula {
                self.lost.entry(name).or_insert(lost.span);
            }
        }
    }

    fn quantity(&mut self, name: Name, statement: &Statement) -> u32 {
        let spelled = self.spelling(statement, name);
        if let Some(&known) = self.names.get(&name) {
            let quantity = &mut self.model.quantities[known as usize];
            if quantity.front == Front::Given && statement.front != Front::Given {
                quantity.spelled = spelled;
                quantity.front = statement.front;
            }
            return known;
        }
        self.add(name, spelled, statement.span, statement.front)
    }

    fn add(&mut self, name: Name, spelled: String, span: Span, front: Front) -> u32 {
        let index = self.model.quantities.len() as u32;
        self.names.insert(name, index);
        let (rule, name) = (Rule::Missing, self.sheet.names.text(name).to_owned());
        let (unread, updates, updated) = (false, None, None);
        let made = Quantity { name, spelled, rule, span, front, unread, updates, updated };
        self.model.quantities.push(made);
        index
    }

    /// How the statement spells its head; an update that is written without a prime gets one.
    fn spelling(&self, statement: &Statement, name: Name) -> String {
        let Head::Name(written) = statement.head else { return String::new() };
        let text = self.sheet.names.text(written);
        let prime = self.canonical(written) != name && !text.ends_with('\'');
        if prime { format!("{text}'") } else { text.to_owned() }
    }

    /// The links of a statement, names looked up; those with an unknown name are listed, not kept.
    fn links(&mut self, statement: &Statement) -> Vec<Link> {
        let mut links = Vec::new();
        if let Head::Expr(expr) = statement.head {
            self.look_up(expr, statement.front);
        }
        for link in &statement.links {
            let part = match link.body {
                Body::Asked => Part::Asked,
                Body::Expr(expr) if !self.look_up(expr, statement.front) => continue,
                Body::Expr(expr) => self.part(expr),
            };
            links.push(Link { part, relation: link.relation, span: link.span });
        }
        links
    }

    fn part(&self, expr: Expr) -> Part {
        match self.sheet.nodes.bare(expr) {
            Some(literal) => Part::Bare(literal),
            None if self.sheet.nodes.is_symbolic(expr) => Part::Formula(expr),
            None => Part::Numbers(expr),
        }
    }

    /// Says where the value of a quantity comes from, if this statement does.
    fn define(&mut self, statement: &Statement, head: Option<Name>, links: &[Link]) {
        let Some(name) = head else { return };
        let Some(&index) = self.names.get(&name) else { return };
        let lost = self.lost.get(&name).is_some_and(|lost| *lost < statement.span);
        let quantity = &mut self.model.quantities[index as usize];
        let damaged = lost || statement.damaged || links.len() < statement.links.len();
        quantity.unread |= damaged && quantity.rule == Rule::Missing;
        let formula = links.iter().position(|l| matches!(l.part, Part::Formula(_)));
        let first = links.iter().position(|l| l.part != Part::Asked);
        let Some(at) = formula.or(first) else { return };
        // A formula that could be read stands for one that could not.
        let stands_in = formula.is_some() && quantity.unread && quantity.rule.is_number();
        if quantity.rule != Rule::Missing && !stands_in {
            let above = !matches!(quantity.rule, Rule::Formula(_));
            if formula.is_some() && above {
                self.number_first(index, statement);
            }
            return;
        }
        let number_follows = links[at + 1..].iter().any(|l| matches!(l.part, Part::Bare(_)));
        let rule = match (links[at].part, links[at].relation) {
            (Part::Formula(expr), _) => Rule::Formula(expr),
            (Part::Numbers(expr), _) => {
                Rule::Numbers { expr, hides: number_follows || quantity.unread }
            }
            // Behind the number stands a formula that could not be read.
            (Part::Bare(literal), _) if quantity.unread => Rule::Approximate(literal),
            (Part::Bare(literal), Relation::Equal) => Rule::Given(literal),
            (Part::Bare(literal), Relation::About) => Rule::Approximate(literal),
            (Part::Asked, _) => return,
        };
        self.rules.insert(statement.span, at);
        let quantity = &mut self.model.quantities[index as usize];
        (quantity.rule, quantity.span, quantity.front) = (rule, statement.span, statement.front);
    }

    /// A number that stands above its own formula.
    fn number_first(&mut self, index: u32, statement: &Statement) {
        let quantity = &self.model.quantities[index as usize];
        if quantity.front == Front::Given && statement.front != Front::Given {
            return;
        }
        let name = &quantity.spelled;
        let message = format!("the number of `{name}` stands above its formula");
        let problem =
            Problem::at(Code::NumberFirst, statement.span, message, "the formula is here")
                .label(quantity.span, "the number is here, where it reads as given")
                .help("write the formula first; a bare number under it is a claim");
        if statement.front == Front::Latex {
            let line = self.sheet.sources.line(quantity.span);
            let reason = format!("{problem}: `{name}` is taken as given on line {line}");
            self.sheet.pass_over(Unread { span: statement.span, reason });
        } else {
            self.sheet.problem(problem);
        }
    }

    fn chain(&mut self, statement: &Statement, head: Option<Name>, links: Vec<Link>) {
        if links.is_empty() {
            return;
        }
        let Some(mut target) = self.target(statement, head) else { return };
        let defines = self.rules.get(&statement.span).copied();
        let mut spelled = self.sheet.sources.text(statement.head_span).to_owned();
        if let Head::Name(name) = statement.head {
            spelled = self.spelling(statement, head.unwrap_or(name));
        } else if let Head::Slope(of, wrt) = statement.head {
            let names = &self.sheet.names;
            spelled = format!("d{}/d{}", names.text(of), names.text(wrt));
        }
        if let Some(updated) = self.meant_update(target, statement, &links, defines) {
            target = Target::Quantity(updated);
            spelled.push('\'');
        }
        let head_span = statement.head_span;
        let front = statement.front;
        self.model.chains.push(Chain { target, spelled, head_span, links, defines, front });
    }

    fn target(&mut self, statement: &Statement, head: Option<Name>) -> Option<Target> {
        match statement.head {
            Head::Name(_) => Some(Target::Quantity(*self.names.get(&head?)?)),
            Head::Expr(expr) => {
                let known =
                    |node: &crate::ast::Node| !matches!(node.kind, Kind::Name(_) | Kind::Slope(..));
                self.sheet.nodes.of(expr).iter().all(known).then_some(Target::Expression(expr))
            }
            Head::Slope(of, wrt) => match self.slope(of, wrt) {
                Ok((of, wrt)) => Some(Target::Derivative(of, wrt)),
                Err(name) => {
                    self.unknown(name, statement.head_span, statement.front);
                    None
                }
            },
        }
    }

    /// On a page of LaTeX, `w6 = 0.4078` or `w7 = ?` for a given w6, w7 that has an update.
    fn meant_update(
        &mut self,
        target: Target,
        statement: &Statement,
        links: &[Link],
        defines: Option<usize>,
    ) -> Option<u32> {
        let (Target::Quantity(index), Head::Name(written)) = (target, statement.head) else {
            return None;
        };
        let Rule::Given(given) = self.model.quantities[index as usize].rule else { return None };
        let differs = |link: &Link| match link.part {
            Part::Bare(number) => number.value != given.value,
            part => part == Part::Asked,
        };
        if statement.front != Front::Latex || defines.is_some() || !links.iter().all(differs) {
            return None;
        }
        let name = self.canonical(written);
        let primed = self.primed(name);
        self.names.get(&primed).copied()
    }

    fn finish(mut self) -> Model {
        self.update_links();
        let Self { sheet, mut model, .. } = self;
        model.sources = sheet.sources;
        model.nodes = sheet.nodes;
        model.problems = sheet.problems;
        model.unread = sheet.unread;
        model.page = sheet.page;
        for (index, quantity) in model.quantities.iter().enumerate() {
            let letters = letters(&quantity.name);
            model.letters.entry(letters).or_default().push(index as u32);
            if let Some(family) = family(&quantity.name) {
                model.families.entry(family).or_default().push(index as u32);
            }
        }
        order::order(&mut model);
        model
    }

    fn update_links(&mut self) {
        let by_name: HashMap<String, u32> = self
            .model
            .quantities
            .iter()
            .enumerate()
            .map(|(i, q)| (q.name.clone(), i as u32))
            .collect();
        for quantity in &mut self.model.quantities {
            let base = quantity.name.strip_suffix('\'');
            quantity.updates = base.and_then(|base| by_name.get(base).copied());
        }
        for index in 0..self.model.quantities.len() {
            if let Some(base) = self.model.quantities[index].updates {
                self.model.quantities[base as usize].updated = Some(index as u32);
            }
        }
    }
}

#[cfg(test)]
mod tests;
