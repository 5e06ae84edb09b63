//! The judgement: for every number claimed, does it follow from the author's own, is it true?
//! It must not explain a slip, nor draw a message.

use std::collections::{HashMap, HashSet};

use smallvec::SmallVec;

use crate::{
    ast::{Expr, Front, Literal},
    author::{Author, Estimate},
    diagnose::mend::same,
    digits::{Claimed, Fit},
    model::{Chain, Link, Model, Part, Rule, Target},
    problem::{Code, Problem},
    source::Span,
    truth::{Truth, Why},
};

mod claim;
mod links;

pub use claim::{Claim, Fault, Judgement, Step, Steps, Verdict};

/// Judges every chain, in order. `visit` is called for each slip while the author's numbers are
/// those from before it, so that it can be explained.
pub fn judge(
    model: &Model,
    truth: &Truth,
    absolute: bool,
    visit: &mut dyn FnMut(&mut Author<'_>, &Claim, &[Claim]),
) -> Judgement {
    let mut judge = Judge {
        model,
        truth,
        author: Author::new(model, truth),
        absolute,
        exact: exact_numbers(model),
        numbers: HashSet::new(),
        found: Judgement::default(),
        printed: HashMap::new(),
    };
    for index in 0..model.chains.len() {
        judge.chain(index, visit);
    }
    judge.carry_on();
    judge.found
}

struct Judge<'m> {
    model: &'m Model,
    truth: &'m Truth,
    author: Author<'m>,
    absolute: bool,
    /// The numbers that stand on the sheet as they are: givens, constants, and what was printed.
    exact: HashSet<u64>,
    /// The numbers that were printed so far.
    numbers: HashSet<u64>,
    found: Judgement,
    /// The last claim that printed each target.
    printed: HashMap<Target, u32>,
}

fn exact_numbers(model: &Model) -> HashSet<u64> {
    let given = model.quantities.iter().filter_map(|q| match q.rule {
        Rule::Given(n) | Rule::Approximate(n) => Some(n.value.abs().to_bits()),
        _ => None,
    });
    let formulas = model.quantities.iter().filter_map(|q| match q.rule {
        Rule::Formula(expr) => Some(expr),
        _ => None,
    });
    let written = model.chains.iter().flat_map(|c| &c.links).filter_map(|l| match l.part {
        Part::Formula(expr) => Some(expr),
        _ => None,
    });
    let literals = formulas.chain(written).flat_map(|expr| model.nodes.of(expr));
    let constants = literals.filter_map(|node| crate::values::if_constant(node.kind));
    given.chain(constants.map(|value| value.abs().to_bits())).collect()
}

impl Judge<'_> {
    fn chain(&mut self, index: usize, visit: &mut dyn FnMut(&mut Author<'_>, &Claim, &[Claim])) {
        let model = self.model;
        let chain = &model.chains[index];
        self.author.trim();
        let (steps, faults) = self.links(index);
        let Some((at, link)) = chain.claim() else {
            self.found.faults.extend(faults);
            return;
        };
        let mut claim = self.begin(index, at, link, steps, faults);
        match (link.part, self.cannot(chain)) {
            (_, Some(reason)) => {
                claim.verdict = Verdict::Unchecked;
                claim.reason = Some(reason);
            }
            (Part::Bare(literal), None) => self.number(&mut claim, chain, literal, link),
            _ => {
                claim.verdict = Verdict::Answered;
                claim.own = Some(self.author.target(chain.target).value);
            }
        }
        if claim.verdict == Verdict::Slip {
            visit(&mut self.author, &claim, &self.found.claims);
        }
        self.print(&claim);
        self.found.claims.push(claim);
    }

    fn begin(
        &self,
        index: usize,
        at: usize,
        link: Link,
        steps: Steps,
        faults: Vec<Fault>,
    ) -> Claim {
        let chain = &self.model.chains[index];
        let truth = self.truth.target(self.model, chain.target);
        let about = link.relation == crate::ast::Relation::About;
        let number = match link.part {
            Part::Bare(literal) => Some(Claimed { literal, about }),
            _ => None,
        };
        Claim {
            chain: index,
            link: at,
            target: chain.target,
            name: chain.spelled.clone(),
            span: link.span,
            number,
            verdict: Verdict::Ok,
            own: None,
            reach: 0.0,
            truth: Some(truth).filter(|t| !t.is_nan()),
            from: Vec::new(),
            beneath: Vec::new(),
            into: Vec::new(),
            steps,
            faults,
            reason: None,
        }
    }

    /// Why nothing can be said of a chain, if nothing can.
    fn cannot(&self, chain: &Chain) -> Option<String> {
        if let Target::Quantity(q) = chain.target {
            match self.model.quantities[q as usize].rule {
                Rule::Approximate(_) if self.model.quantities[q as usize].unread => {
                    let name = &chain.spelled;
                    return Some(format!("a statement about `{name}` could not be read"));
                }
                Rule::Approximate(_) if chain.defines.is_some() => {
                    return Some(format!("`{}` is claimed without a formula", chain.spelled));
                }
                _ => {}
            }
        }
        if let Target::Derivative(of, wrt) = chain.target
            && let Some(reason) = self.truth.blocked.get(&(of, wrt))
        {
            return Some(reason.clone());
        }
        let truth = self.truth.target(self.model, chain.target);
        let why = || match self.truth.why(self.model, chain.target) {
            Some(Why::Unknown(reason)) => reason,
            Some(Why::Undefined(reason)) => format!("its value is {truth}: {reason}"),
            None => format!("its value is {truth}"),
        };
        (!truth.is_finite()).then(why)
    }

    /// Judges a number.
    fn number(&mut self, claim: &mut Claim, chain: &Chain, literal: Literal, link: Link) {
        let number = Claimed { literal, about: link.relation == crate::ast::Relation::About };
        let truth = claim.truth.expect("what has no value is not judged");
        let own = self.author.target(chain.target);
        claim.own = Some(own.value).filter(|v| !v.is_nan());
        claim.reach = own.reach;
        if self.author.is_spent() && claim.own.is_none() && number.fit(truth) == Fit::Not {
            claim.verdict = Verdict::Unchecked;
            claim.reason = Some(SPENT.to_owned());
            return;
        }
        if self.absolute {
            claim.verdict = match number.fit(truth) {
                Fit::Rounded => Verdict::Ok,
                Fit::Cut => Verdict::Truncated,
                Fit::Not => Verdict::Slip,
            };
            return;
        }
        let owns = self.own_ways(chain, own);
        claim.verdict = verdict(number, truth, &owns);
        let fits = |own: &&Estimate| number.fit(own.value) == Fit::Rounded;
        let shown = owns.iter().find(fits).unwrap_or(&owns[0]);
        claim.own = Some(shown.value).filter(|v| !v.is_nan());
        if claim.verdict == Verdict::Carried {
            let fitting = owns.iter().filter(|o| reaches(number, o));
            let sources = fitting.chain(&owns).find(|o| !o.sources.is_empty());
            claim.from = sources.map(|o| o.sources.to_vec()).unwrap_or_default();
        }
        if claim.verdict == Verdict::Slip {
            claim.beneath = shown.sources.to_vec();
        }
        self.restated(claim, number);
    }

    /// All ways that lead from the author's numbers to this one: the definition, right formulas
    /// that the chain writes, and numbers put in that give what one of those gives. Numbers that
    /// are faithful to a wrong formula lead nowhere.
    fn own_ways(&mut self, chain: &Chain, own: Estimate) -> Vec<Estimate> {
        let truth = self.truth.target(self.model, chain.target);
        let mut ways = vec![own];
        for link in &chain.links {
            match link.part {
                Part::Formula(expr) if same(self.truth.expr(self.model, expr), truth) => {
                    ways.push(self.author.expr(expr));
                }
                Part::Formula(expr) if self.is_right(expr, chain) => {
                    let sources = ways[0].sources.clone();
                    ways.push(Estimate { sources, ..self.mixed(expr) });
                }
                Part::Numbers(expr) => {
                    let mut put_in = self.put_in(expr);
                    let like = ways.iter().find(|w| links::near(&put_in, w));
                    if !links::near(&put_in, &Estimate::exact(truth)) {
                        let Some(like) = like else { continue };
                        put_in.sources = like.sources.clone();
                    }
                    ways.push(put_in);
                }
                _ => {}
            }
        }
        ways
    }

    /// A formula with rounded numbers beside the names.
    fn mixed(&mut self, expr: Expr) -> Estimate {
        let numbers = &self.numbers;
        self.author.mixed(expr, &|number| is_rounded(numbers, number))
    }

    fn put_in(&self, expr: Expr) -> Estimate {
        self.author.numbers(expr, &|value: f64| self.exact.contains(&value.abs().to_bits()))
    }

    /// A wrong number that only repeats one above is carried from there.
    fn restated(&self, claim: &mut Claim, number: Claimed) {
        let Some(before) = self.printed.get(&claim.target) else { return };
        let before_claim = &self.found.claims[*before as usize];
        let same = before_claim.number.is_some_and(|n| n.literal.value == number.literal.value);
        if claim.verdict == Verdict::Slip && same && before_claim.verdict.is_wrong() {
            claim.verdict = Verdict::Carried;
            claim.from = roots(before_claim, *before);
        }
    }

    /// From here on the author's number stands for what it is of.
    fn print(&mut self, claim: &Claim) {
        let Some(number) = claim.number else { return };
        let index = self.found.claims.len() as u32;
        let value = number.literal.value;
        self.exact.insert(value.abs().to_bits());
        self.numbers.insert(value.abs().to_bits());
        let given = matches!(claim.target, Target::Quantity(q)
            if matches!(self.model.quantities[q as usize].rule, Rule::Given(_)));
        if claim.verdict == Verdict::Unchecked || given || self.absolute {
            return;
        }
        let mut reach = number.half();
        let mut sources = SmallVec::new();
        if claim.verdict.is_wrong() {
            sources = SmallVec::from_vec(roots(claim, index));
        } else {
            reach = reach.max((value - claim.truth.unwrap_or(value)).abs());
        }
        self.author.print(claim.target, Estimate { value, reach, sources, range: None });
        self.printed.insert(claim.target, index);
    }

    /// Tells each slip which numbers come from it.
    fn carry_on(&mut self) {
        for index in 0..self.found.claims.len() {
            for source in self.found.claims[index].from.clone() {
                self.found.claims[source as usize].into.push(index as u32);
            }
        }
    }
}

/// Why a number that is not true is not judged, where there are too many derivatives.
const SPENT: &str = "it is not true, but what follows from your own numbers is not known: \
                     the sheet asks for too many derivatives of too many quantities";

/// Whether a number in a formula stands for one worked out: it was printed on the sheet, or has
/// more digits than a constant that is exact, as 3.14 has.
fn is_rounded(numbers: &HashSet<u64>, number: Literal) -> bool {
    let digits = (number.value / number.unit()).abs();
    let printed = numbers.contains(&number.value.abs().to_bits());
    !number.whole && (digits >= 100.0 || (printed && digits >= 10.0))
}

/// The first-hand slips behind a wrong claim: what stays wrong when only one of them is mended
/// comes from all.
fn roots(claim: &Claim, index: u32) -> Vec<u32> {
    if claim.verdict != Verdict::Slip {
        return claim.from.clone();
    }
    let mut all = claim.beneath.clone();
    all.push(index);
    all
}

/// Whether rounding explains that a value was printed as this number.
fn reaches(number: Claimed, own: &Estimate) -> bool {
    number.within(own.value, own.reach) && own.allows(number.literal.value, number.half())
}

/// The verdict on a number, from the truth and from the ways that lead to it.
fn verdict(number: Claimed, truth: f64, owns: &[Estimate]) -> Verdict {
    if number.fit(truth) == Fit::Rounded {
        return Verdict::Ok;
    }
    let clean = |own: &&Estimate| own.sources.is_empty();
    let rounds = |own: &Estimate| number.fit(own.value) == Fit::Rounded;
    let cuts = |own: &Estimate| number.fit(own.value) == Fit::Cut;
    let reaches = |own: &Estimate| reaches(number, own);
    if owns.iter().filter(clean).any(rounds) {
        return Verdict::Rounding;
    }
    if number.fit(truth) == Fit::Cut || owns.iter().filter(clean).any(cuts) {
        return Verdict::Truncated;
    }
    if owns.iter().filter(clean).any(reaches) {
        return Verdict::Rounding;
    }
    if owns.iter().any(|own| rounds(own) || cuts(own) || reaches(own)) {
        return Verdict::Carried;
    }
    Verdict::Slip
}

/// A second formula on a plain sheet that says something else.
fn second_formula(model: &Model, chain: &Chain, q: u32, span: Span) -> Problem {
    let quantity = &model.quantities[q as usize];
    let message = format!("a second, different formula for `{}`", chain.spelled);
    Problem::at(Code::SecondFormula, span, message, "this says something else")
        .label(quantity.span, "the formula that counts is here")
        .help(format!("give the other quantity a name of its own: `{}'`", chain.spelled))
}

impl Chain {
    /// Whether a second, different formula in it is an error and no mere fault.
    fn is_strict(&self, model: &Model) -> Option<u32> {
        let Target::Quantity(q) = self.target else { return None };
        let quantity = &model.quantities[q as usize];
        let formula = matches!(quantity.rule, Rule::Formula(_));
        let rival = self.front == Front::Plain && quantity.front == Front::Plain;
        let given = self.front == Front::Given;
        (formula && self.defines.is_none() && (rival || given)).then_some(q)
    }
}
