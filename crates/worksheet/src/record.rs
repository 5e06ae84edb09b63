//! A sheet on a tape of the library, under its own names, so that whatever can be seen of a tape
//! can be seen of a sheet. It must not judge the sheet.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use wengert::{Tape, Var};

use crate::{
    gradient::{find, last_formula},
    model::{Model, Rule, Target},
    problem::{Code, Problem},
    truth::Truth,
};

/// The quantity that a sheet is about, and those that its derivatives are asked in: as variables.
#[derive(Debug)]
pub struct Recorded<'t> {
    /// The quantity that is differentiated.
    pub of: Var<'t>,
    /// Those that it is differentiated by.
    pub wrt: Vec<Var<'t>>,
    /// The statement that each named slot comes from.
    pub quantities: Vec<(Var<'t>, u32)>,
}

/// Records the sheet on an empty tape: the quantity `of`, else the one that the sheet
/// [is about](subject), and all that it is made of, each under its name.
///
/// ```
/// use wengert::Tape;
/// use wengert_worksheet::{read::read, record::record, resolve::resolve, source::Source};
///
/// let sheet = Source::new("sheet.ws", "x = 3\ny = x^2\nz = y + x");
/// let model = resolve(read(sheet, Vec::new(), &[]));
/// let tape = Tape::new();
/// let recorded = record(&model, &tape, None, &["x".to_owned()]).unwrap();
/// assert_eq!(tape.gradient(recorded.of)[recorded.wrt[0]], 7.0);
/// assert_eq!(tape.gradient(recorded.of)["y"], 1.0);
/// ```
///
/// # Errors
///
/// A name that the sheet does not define, or a derivative that is not known.
pub fn record<'t>(
    model: &Model,
    tape: &'t Tape,
    of: Option<&str>,
    wrt: &[String],
) -> Result<Recorded<'t>, Problem> {
    let of = of.map_or_else(|| subject(model), |name| find(model, name))?;
    let wrt: Vec<u32> = wrt.iter().map(|name| find(model, name)).collect::<Result<_, _>>()?;
    let givens = (0..model.quantities.len() as u32)
        .filter(|q| matches!(model.quantities[*q as usize].rule, Rule::Given(_)));
    let mut wanted: HashMap<u32, HashSet<u32>> =
        HashMap::from_iter([(of, givens.chain(wrt.iter().copied()).collect())]);
    for (of, by) in derivatives(model) {
        wanted.entry(of).or_default().insert(by);
    }
    let mut truth = Truth::prepared(model, &wanted);
    known(model, &truth, of, &wrt)?;
    let mut vars: HashMap<u32, Var<'t>> = HashMap::default();
    let mut named: HashSet<usize> = HashSet::default();
    truth.record_on(model, tape, &wanted, &mut |target, var| {
        if let Target::Quantity(q) = target {
            vars.insert(q, var);
        }
        if var.slot().is_some_and(|slot| named.insert(slot)) {
            var.named(name(model, target));
        }
    });
    known(model, &truth, of, &wrt)?;
    let wrt = wrt.iter().map(|q| vars[q]).collect();
    let of = vars[&of];
    let mut quantities: Vec<(Var<'t>, u32)> = vars.into_iter().map(|(q, var)| (var, q)).collect();
    quantities.sort_by_key(|(var, _)| var.slot());
    Ok(Recorded { of, wrt, quantities })
}

/// The quantity that a sheet is about: the one that it differentiates most often, else the last that
/// a formula defines.
///
/// # Errors
///
/// If no formula stands on the sheet.
pub fn subject(model: &Model) -> Result<u32, Problem> {
    let mut counts: HashMap<u32, usize> = HashMap::default();
    for (of, _) in derivatives(model) {
        *counts.entry(of).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(of, count)| (*count, model.rank[*of as usize]));
    most.map_or_else(|| last_formula(model), |(of, _)| Ok(of))
}

/// The derivatives that a sheet speaks of.
fn derivatives(model: &Model) -> Vec<(u32, u32)> {
    let mut found = HashSet::default();
    let of_chains = model.chains.iter().filter_map(|chain| match chain.target {
        Target::Derivative(of, by) => Some((of, by)),
        _ => None,
    });
    found.extend(of_chains);
    found.extend(model.nodes.all.iter().filter_map(|node| match node.kind {
        crate::ast::Kind::Derivative(of, by) => Some((of, by)),
        _ => None,
    }));
    found.into_iter().collect()
}

/// Refuses what goes through something of which it is not known what it depends on.
fn known(model: &Model, truth: &Truth, of: u32, wrt: &[u32]) -> Result<(), Problem> {
    let name = |q: u32| &model.quantities[q as usize].name;
    let Some(reason) = wrt.iter().find_map(|by| truth.blocked.get(&(of, *by))) else {
        return Ok(());
    };
    let message = format!("the derivative of `{}` is not known: {reason}", name(of));
    let span = model.quantities[of as usize].span;
    Err(Problem::at(Code::UnknownName, span, message, "this is what was asked for"))
}

fn name(model: &Model, target: Target) -> String {
    let name = |q: u32| &model.quantities[q as usize].name;
    match target {
        Target::Quantity(q) => name(q).clone(),
        Target::Derivative(of, by) => format!("d{}/d{}", name(of), name(by)),
        Target::Expression(expr) => model.sources.text(model.nodes.span(expr)).to_owned(),
    }
}
