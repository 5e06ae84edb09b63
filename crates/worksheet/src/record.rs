//! A sheet on a tape of the library, under its own names, so that whatever can be seen of a tape
//! can be seen of a sheet. It must not judge the sheet.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use wengert::{Operand, Tape, Var};

use crate::{
    gradient::{find, givens, known, last_formula, not_a_number},
    model::Model,
    names::normalise,
    problem::Problem,
    truth::{Truth, Wanted, claimed, held},
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
    /// Why something on the way is NaN, if something is.
    pub note: Option<Problem>,
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
/// A name that the sheet does not define, or a value or a derivative that is not known.
pub fn record<'t>(
    model: &Model,
    tape: &'t Tape,
    of: Option<&str>,
    wrt: &[String],
) -> Result<Recorded<'t>, Problem> {
    let of = of.map_or_else(|| subject(model), |name| find(model, name))?;
    let wrt: Vec<u32> = wrt.iter().map(|name| find(model, name)).collect::<Result<_, _>>()?;
    let asked = givens(model).chain(wrt.iter().copied()).map(|by| (of, by));
    let wanted = Wanted::with(model, asked.chain(claimed(model)));
    let mut truth = Truth::prepared(model, &wanted);
    known(model, &truth, of, &wrt)?;
    let mut vars: HashMap<u32, Var<'t>> = HashMap::default();
    truth.record_on(model, tape, &wanted, &mut |q, var| {
        vars.insert(q, var);
    });
    known(model, &truth, of, &wrt)?;
    let wrt = wrt.iter().map(|q| vars[q]).collect();
    let note = undefined(model, tape, of, vars[&of]);
    let of = vars[&of];
    let mut quantities: Vec<(Var<'t>, u32)> = vars.into_iter().map(|(q, var)| (var, q)).collect();
    quantities.sort_by_key(|(var, _)| var.slot());
    Ok(Recorded { of, wrt, quantities, note })
}

impl<'t> Recorded<'t> {
    /// Names every operation inside the formulas that `of` is made of, `f_1` and `f_2` in that of f, so
    /// that each is a quantity of its own: then all paths inside a formula are seen.
    ///
    /// ```
    /// use wengert::Tape;
    /// use wengert_worksheet::{read::read, record::record, resolve::resolve, source::Source};
    ///
    /// let sheet = Source::new("sheet.ws", "x = 2\nf = x*exp(x)");
    /// let model = resolve(read(sheet, Vec::new(), &[]));
    /// let tape = Tape::new();
    /// let recorded = record(&model, &tape, None, &[]).unwrap();
    /// recorded.expand(&tape);
    /// assert_eq!(tape.get("f_1").unwrap().value(), 2_f64.exp());
    /// ```
    pub fn expand(&self, tape: &'t Tape) {
        let names = tape.names();
        let mut taken: HashSet<String> = names.iter().map(|(name, _)| normalise(name)).collect();
        let named: HashMap<usize, &String> = names.iter().rev().map(|(n, at)| (*at, n)).collect();
        for (quantity, _) in &self.quantities {
            let Some((top, name)) = quantity.slot().and_then(|at| Some((at, named.get(&at)?)))
            else {
                continue;
            };
            // f_1 is another spelling of f1.
            let mut free = (1..).map(|k| format!("{name}_{k}"));
            let mut free = std::iter::from_fn(|| free.find(|name| taken.insert(normalise(name))));
            for at in inside(tape, top, &named) {
                tape.at(at).named(free.next().expect("there is always another name"));
            }
        }
    }
}

/// The slots that a formula is made of, in order, without its top and what has a name.
fn inside(tape: &Tape, top: usize, named: &HashMap<usize, &String>) -> Vec<usize> {
    let mut found: HashSet<usize> = HashSet::default();
    let mut open = vec![top];
    while let Some(at) = open.pop() {
        for arg in tape.slot(at).args {
            if let Operand::Slot(arg) = arg
                && !named.contains_key(&arg)
                && found.insert(arg)
            {
                open.push(arg);
            }
        }
    }
    let mut found: Vec<usize> = found.into_iter().collect();
    found.sort_unstable();
    found
}

/// The quantity that a sheet is about: the one that it differentiates most often, else the last that
/// a formula defines.
///
/// # Errors
///
/// If no formula stands on the sheet.
pub fn subject(model: &Model) -> Result<u32, Problem> {
    let mut counts: HashMap<u32, usize> = HashMap::default();
    for (of, _) in claimed(model).chain(held(model)).collect::<HashSet<_>>() {
        *counts.entry(of).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(of, count)| (*count, model.rank[*of as usize]));
    most.map_or_else(|| last_formula(model), |(of, _)| Ok(of))
}

/// Why something on the way to a quantity, or back from it, is NaN, if something is.
fn undefined(model: &Model, tape: &Tape, of: u32, var: Var<'_>) -> Option<Problem> {
    let gradient = tape.gradient(var);
    let top = var.slot().expect("a quantity stands on the tape");
    let is_nan = |slot| tape.at(slot).value().is_nan() || gradient[tape.at(slot)].is_nan();
    if !(0..=top).any(is_nan) {
        return None;
    }
    let diagnosis = tape.diagnose(var);
    let reason = diagnosis.value_reason().or_else(|| diagnosis.adjoint_reason())?;
    Some(not_a_number(model, of, &reason))
}
