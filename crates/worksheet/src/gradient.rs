//! The gradient of one quantity of a sheet: what `wengert grad` answers.
//! It must not judge the sheet.

use crate::{
    functions::nearest,
    model::{Model, Rule, Target},
    names::normalise,
    problem::{Code, Problem},
    truth::{Truth, Wanted, Why},
};

/// A value and its partial derivatives.
#[derive(Clone, Debug, PartialEq)]
pub struct Gradient {
    /// The quantity.
    pub of: String,
    /// Its value.
    pub value: f64,
    /// The derivative by each quantity asked for, in order.
    pub by: Vec<(String, f64)>,
    /// Why numbers among these are NaN, where some are.
    pub notes: Vec<Problem>,
}

/// The gradient of `of`, else of the last quantity that a formula defines, by `wrt`, else by all
/// givens; 0 by a given that nothing uses.
///
/// ```
/// use wengert_worksheet::{gradient::gradient, read::read, resolve::resolve, source::Source};
///
/// let sheet = Source::new("sheet.ws", "x = 3\nk = 5\ny = x^2");
/// let model = resolve(read(sheet, Vec::new(), &[]));
/// let gradient = gradient(&model, None, &[]).unwrap();
/// assert_eq!((gradient.of.as_str(), gradient.value), ("y", 9.0));
/// assert_eq!(gradient.by, [("x".to_owned(), 6.0), ("k".to_owned(), 0.0)]);
/// ```
///
/// # Errors
///
/// A name that the sheet does not define, or a value or a derivative that is not known.
pub fn gradient(model: &Model, of: Option<&str>, wrt: &[String]) -> Result<Gradient, Problem> {
    let of = of.map_or_else(|| last_formula(model), |name| find(model, name))?;
    let wrt: Vec<u32> = match wrt {
        [] => givens(model).collect(),
        names => names.iter().map(|name| find(model, name)).collect::<Result<_, _>>()?,
    };
    let wanted = Wanted::with(model, wrt.iter().map(|by| (of, *by)));
    let truth = Truth::with(model, &wanted);
    known(model, &truth, of, &wrt)?;
    let name = |q: u32| model.quantities[q as usize].name.clone();
    let by = wrt.iter().map(|q| (name(*q), truth.slope(of, *q))).collect();
    let value = truth.values[of as usize];
    Ok(Gradient { of: name(of), value, by, notes: notes(model, &truth, of, &wrt) })
}

/// The quantities that the sheet gives a number for, in order.
pub(crate) fn givens(model: &Model) -> impl Iterator<Item = u32> + '_ {
    let is_given = |q: &u32| matches!(model.quantities[*q as usize].rule, Rule::Given(_));
    (0..model.quantities.len() as u32).filter(is_given)
}

/// Refuses a value and derivatives that the sheet does not say enough for.
pub(crate) fn known(model: &Model, truth: &Truth, of: u32, wrt: &[u32]) -> Result<(), Problem> {
    let value = std::iter::once((Target::Quantity(of), "value"));
    let slopes = wrt.iter().map(|by| (Target::Derivative(of, *by), "derivative"));
    for (target, what) in value.chain(slopes) {
        if let Some(Why::Unknown(reason)) = truth.why(model, target) {
            let name = &model.quantities[of as usize].name;
            let message = format!("the {what} of `{name}` is not known: {reason}");
            let span = model.quantities[of as usize].span;
            return Err(Problem::at(
                Code::UnknownName,
                span,
                message,
                "this is what was asked for",
            ));
        }
    }
    Ok(())
}

/// Why numbers of an answer are NaN: each reason once.
fn notes(model: &Model, truth: &Truth, of: u32, wrt: &[u32]) -> Vec<Problem> {
    let mut reasons: Vec<String> = Vec::new();
    let slopes = wrt.iter().map(|by| Target::Derivative(of, *by));
    for target in std::iter::once(Target::Quantity(of)).chain(slopes) {
        if !truth.target(model, target).is_nan() {
            continue;
        }
        let reason = truth.why(model, target).map_or_else(|| NO_REASON.to_owned(), Why::text);
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons.iter().map(|reason| not_a_number(model, of, reason)).collect()
}

/// What is said where it is not known which operation is to blame.
const NO_REASON: &str = "an operation on the way has no value there";

/// Says why a quantity, its derivatives or something on the way is NaN.
pub(crate) fn not_a_number(model: &Model, of: u32, reason: &str) -> Problem {
    let name = &model.quantities[of as usize].name;
    let message = format!("not everything about `{name}` is a number: {reason}");
    let span = model.quantities[of as usize].span;
    Problem::at(Code::Undefined, span, message, "this is what was asked for")
}

pub(crate) fn last_formula(model: &Model) -> Result<u32, Problem> {
    let formula = |q: &u32| matches!(model.quantities[*q as usize].rule, Rule::Formula(_));
    let last = (0..model.quantities.len() as u32)
        .filter(formula)
        .max_by_key(|q| model.quantities[*q as usize].span);
    last.ok_or_else(|| {
        Problem::new(Code::UnknownName, "no formula on the sheet says what to differentiate")
            .help("write one, or name a quantity: --of NAME")
    })
}

pub(crate) fn find(model: &Model, name: &str) -> Result<u32, Problem> {
    let wanted = normalise(name.trim());
    let found = model.quantities.iter().position(|q| q.name == wanted || q.spelled == wanted);
    found.map(|q| q as u32).ok_or_else(|| {
        let problem = Problem::new(Code::UnknownName, format!("`{wanted}` is not on the sheet"));
        match nearest(&wanted, model.quantities.iter().map(|q| q.name.as_str())) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem,
        }
    })
}
