//! The whole check: read, resolve, judge, diagnose, in one call, as facts.
//! It must not draw.

use crate::{
    diagnose::{Diagnosis, Explanation, Extent, Memory, explain},
    judge::{Claim, Fault, Judgement, Step, Verdict, judge},
    model::Model,
    problem::Problem,
    read::read,
    resolve::resolve,
    source::{Source, Span},
    truth::Truth,
};

/// What a check is told beside the page.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Statements that outrank the page's.
    pub givens: Vec<Source>,
    /// Pairs of spellings, as `A=B`.
    pub aliases: Vec<String>,
    /// Whether the truth alone counts.
    pub absolute: bool,
}

/// Everything that is found on a sheet.
#[derive(Debug)]
pub struct Report {
    /// The sheet, understood.
    pub model: Model,
    /// The truth.
    pub truth: Truth,
    /// One entry for every number claimed or asked for.
    pub claims: Vec<Claim>,
    /// For each claim, the explanations, the most plausible first; only slips have any.
    pub explanations: Vec<Vec<Explanation>>,
    /// For each claim, how much was searched for them.
    pub extents: Vec<Extent>,
    /// For each claim, whether a wrong formula on the page gives its digits.
    pub in_formula: Vec<bool>,
    /// For each claim, the one of the numbers put in that is wrong, and what belongs there.
    pub places: Vec<Option<(Span, String)>>,
    /// Faulty links of chains that claim no number.
    pub faults: Vec<Fault>,
    /// What stops the sheet from being read in full.
    pub problems: Vec<Problem>,
}

/// Checks a page.
///
/// ```
/// use wengert_worksheet::{judge::Verdict, report::{Options, check}, source::Source};
///
/// let sheet = "x = 0.5\nw = 0.3\nz = w*x = 0.15\nh = sigmoid(z) = 0.5734\n";
/// let report = check(Source::new("sheet.ws", sheet), Options::default());
/// let verdicts: Vec<Verdict> = report.claims.iter().map(|claim| claim.verdict).collect();
/// assert_eq!(verdicts, [Verdict::Ok, Verdict::Slip]);
/// assert_eq!(report.explanations[1][0].text, "two digits transposed: 0.5734 for 0.5374");
/// ```
pub fn check(page: Source, options: Options) -> Report {
    let model = resolve(read(page, options.givens, &options.aliases));
    let truth = Truth::of(&model);
    let mut explained: Vec<(usize, Diagnosis)> = Vec::new();
    let mut memory = Memory::default();
    let found = judge(&model, &truth, options.absolute, &mut |author, claim, claims| {
        explained.push((claims.len(), explain(author, claim, claims, &mut memory)));
    });
    let mut explanations = vec![Vec::new(); found.claims.len()];
    let mut extents = vec![Extent::Whole; found.claims.len()];
    let mut in_formula = vec![false; found.claims.len()];
    let mut places = vec![None; found.claims.len()];
    for (claim, found) in explained {
        (explanations[claim], extents[claim]) = (found.explanations, found.extent);
        (in_formula[claim], places[claim]) = (found.in_formula, found.place);
    }
    let mut problems = model.problems.clone();
    problems.extend(found.problems);
    problems.sort_by_key(|problem| problem.span());
    let Judgement { claims, faults, .. } = found;
    Report { model, truth, claims, explanations, extents, in_formula, places, faults, problems }
}

/// How many claims got each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    counts: [usize; Verdict::ALL.len()],
}

impl Summary {
    /// How many got this one.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.counts[verdict as usize]
    }
}

impl Report {
    /// How many claims got each verdict.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        for claim in &self.claims {
            summary.counts[claim.verdict as usize] += 1;
        }
        summary
    }

    /// Whether there is nothing to be said.
    pub fn is_empty(&self) -> bool {
        let Self { claims, faults, problems, .. } = self;
        claims.is_empty()
            && faults.is_empty()
            && problems.is_empty()
            && self.model.unread.is_empty()
    }

    /// The line on which a claim's number stands.
    pub fn line(&self, claim: u32) -> usize {
        self.model.sources.line(self.claims[claim as usize].span)
    }

    /// The faulty links that no slip answers for: numbers put in wrong are the slip of their own
    /// chain, but a formula that is wrong is wrong beside the number, too.
    pub fn faulty_links(&self) -> impl Iterator<Item = &Fault> {
        let of_claims = self.claims.iter().flat_map(|claim| {
            let slip = claim.verdict == Verdict::Slip;
            claim.faults.iter().filter(move |fault| !(slip && fault.step == Step::Numbers))
        });
        self.faults.iter().chain(of_claims)
    }

    /// Where to begin: the first problem, else the first slip or faulty link.
    pub fn first(&self) -> Option<usize> {
        let slip = |claim: &&Claim| claim.verdict == Verdict::Slip;
        let alone = |claim: &&Claim| claim.verdict != Verdict::Slip;
        let slips = self.claims.iter().filter(slip).map(|claim| claim.span);
        let beside = self.claims.iter().filter(alone).flat_map(|claim| &claim.faults);
        let links = self.faults.iter().chain(beside).map(|fault| fault.span);
        let problem = self.problems.first().map(Problem::span);
        let span = problem.or_else(|| slips.chain(links).min());
        span.map(|span| self.model.sources.line(span))
    }

    /// 0 if nothing is wrong, 1 if a number or a link is, 2 if the sheet could not be read.
    pub fn exit_status(&self) -> u8 {
        let wrong = self.claims.iter().any(|claim| claim.verdict.is_wrong())
            || self.faulty_links().next().is_some();
        match (self.problems.is_empty(), wrong) {
            (false, _) => 2,
            (true, true) => 1,
            (true, false) => 0,
        }
    }
}
