//! The gradient of one quantity of a sheet: what `wengert grad` answers.
//! It must not judge the sheet.

use std::collections::{HashMap, HashSet};

use crate::{
    functions::nearest,
    model::{Model, Rule},
    names::normalise,
    problem::{Code, Problem},
    truth::Truth,
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
/// A name that the sheet does not define, or a derivative that is not known.
pub fn gradient(model: &Model, of: Option<&str>, wrt: &[String]) -> Result<Gradient, Problem> {
    let of = of.map_or_else(|| last_formula(model), |name| find(model, name))?;
    let is_given = |q: &u32| matches!(model.quantities[*q as usize].rule, Rule::Given(_));
    let wrt: Vec<u32> = match wrt {
        [] => (0..model.quantities.len() as u32).filter(is_given).collect(),
        names => names.iter().map(|name| find(model, name)).collect::<Result<_, _>>()?,
    };
    let wanted: HashSet<u32> = wrt.iter().copied().collect();
    let truth = Truth::with(model, &HashMap::from([(of, wanted)]));
    let name = |q: u32| model.quantities[q as usize].name.clone();
    if let Some(reason) = wrt.iter().find_map(|q| truth.blocked.get(&(of, *q))) {
        let message = format!("the gradient of `{}` is not known: {reason}", name(of));
        let span = model.quantities[of as usize].span;
        return Err(Problem::at(Code::UnknownName, span, message, "this is what was asked for"));
    }
    let by = wrt.iter().map(|q| (name(*q), truth.slope(of, *q))).collect();
    Ok(Gradient { of: name(of), value: truth.values[of as usize], by })
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
