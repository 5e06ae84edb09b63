//! The page of the primitives, `docs/reference/primitives.md`, against the table that it is made
//! from. It must not know any primitive.
//!
//! `UPDATE_GOLDEN=1 cargo test --test primitives` writes the page anew.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};
use wengert::{Notation, Number, Op, Tape, Var};

const INTRODUCTION: &str = "\
# Primitives

One entry for each row of `src/table.rs`, in the order of the table. This page is made from the rows by
`tests/primitives.rs`.

* **Partials** are in the form that textbooks give, written by the same program that writes derivations. Where
  the library computes another form, which keeps more digits or has a slope at a kink too, both are the same
  function elsewhere. An edge that is not taken carries nothing down, not even 0.
* `select(s, x, y)` is x where s > 0, else y. So `select(x, 1, 0)` is 1 where x > 0, else 0.
* **Domain** and **kink** are left out where a primitive is defined and smooth everywhere. What happens *at* an
  edge is stated in [Conventions](../conventions.md).
* **Accuracy** is the bound on the rounding errors of value and partials, in units in the last place. It is 4
  where nothing is said.
* A row that is **internal** is there for other rows or for the sweeps. In code it is called as
  `Number::call(Op::..., ..)`.
* Where a list is taken, three or four of its entries are shown.
";

/// Points at which a row is written out: arguments in every order, of either sign, on all sides of kinks.
const POINTS: [[f64; 4]; 6] = [
    [0.3, 0.7, 1.3, 1.1],
    [1.3, 0.7, 2.1, 1.1],
    [0.7, -0.3, 1.3, 1.1],
    [1.7, 0.3, 0.6, 1.1],
    [-0.7, 0.3, 0.6, 1.1],
    [0.3, 0.7, -1.3, 1.1],
];

/// The names of a row's arguments; those of a list are numbered.
fn arguments(op: Op) -> Vec<String> {
    let names = op.row().args;
    match (op.arity(), op) {
        (Some(_), _) => names.iter().map(|name| (*name).to_owned()).collect(),
        (None, Op::Dot) => ["x1", "x2", "y1", "y2"].map(str::to_owned).to_vec(),
        (None, _) => (1..=3).map(|k| format!("x{k}")).collect(),
    }
}

/// An exponent or an order, which a row wants as a constant whole number.
fn is_whole(name: &str) -> bool {
    name == "n"
}

/// The derivation of a row at a point, in names of its arguments and `v` for the result; and for each
/// argument whether anything flows to it there. None where the row, or the form that textbooks give
/// of its partials, has no value.
fn derivation(op: Op, point: &[f64; 4]) -> Option<(String, Vec<bool>)> {
    let names = arguments(op);
    let mut x = point[..names.len()].to_vec();
    names.iter().zip(&mut x).filter(|(name, _)| is_whole(name)).for_each(|(_, x)| *x = 3.0);
    if !(op.row().domain)(&x) || (op.row().args.contains(&"lo") && x[1] > x[2]) {
        return None;
    }
    let value = op.value(&x);
    op.textbook(&x, value).iter().find(|slope| slope.is_finite())?;
    let tape = Tape::new();
    let constant =
        |name: &str, x: f64| if is_whole(name) { x.into() } else { tape.new_input(name, x) };
    let args: Vec<Var<'_>> = names.iter().zip(&x).map(|(name, x)| constant(name, *x)).collect();
    let steps = tape.steps(Number::call(op, &args).named("v"));
    let flows = |name: &String| {
        let step = steps.all().iter().find(|step| step.name.as_ref() == Some(name));
        step.is_some_and(|step| step.uses.iter().any(|by| by.taken))
    };
    let flows = names.iter().map(flows).collect();
    Some((steps.text().replace("\n    = ", " = "), flows))
}

/// The partials as formulas, each from a point at which something flows along its edge.
fn partials(op: Op) -> Vec<String> {
    let points: Vec<_> = POINTS.iter().filter_map(|point| derivation(op, point)).collect();
    let partial = |(k, name): (usize, &String)| {
        let begins = format!("\ndv/d{name} = ");
        let Some((steps, _)) = points.iter().find(|(_, flows)| flows[k]) else {
            return format!("`∂v/∂{name}`: nothing flows");
        };
        let line = steps.split(&begins).nth(1).unwrap_or_else(|| panic!("{name}: {steps}"));
        let formula = line.lines().next().unwrap().split(" = ").next().unwrap();
        let always = points.iter().all(|(_, flows)| flows[k]);
        let taken = if always { "" } else { " where the edge is taken" };
        format!("`∂v/∂{name} = {formula}`{taken}")
    };
    let names = arguments(op);
    names.iter().enumerate().filter(|(_, name)| !is_whole(name)).map(partial).collect()
}

fn notation(op: Op, names: &[String]) -> String {
    match (op.row().notation, names) {
        (Notation::Infix(symbol, _), [x, y]) => format!("{x} {symbol} {y}"),
        (Notation::Prefix(symbol, _), [x]) => format!("{symbol}{x}"),
        (Notation::Postfix(symbol, _), [x]) => format!("{x}{symbol}"),
        _ => format!("{}({})", op.name(), names.join(", ")),
    }
}

/// The LaTeX of a row, with its arguments put in.
fn latex(op: Op, names: &[String]) -> String {
    let row = op.row();
    let all = names.join(", ");
    let put = |text: String, name: &&str| {
        let argument = if op.arity().is_some() { name } else { all.as_str() };
        text.replace(&format!("#{name}"), argument)
    };
    // Longer names first: #xs is not #x and an s.
    let mut args = row.args.to_vec();
    args.sort_by_key(|name| std::cmp::Reverse(name.len()));
    args.iter().fold(row.latex.to_owned(), put)
}

fn entry(op: Op) -> String {
    let (row, names) = (op.row(), arguments(op));
    let mut text = format!("\n## {}\n\n{}\n\n", row.name, row.why);
    let mut item = |head: &str, body: String| writeln!(text, "* {head}: {body}").unwrap();
    item("written", format!("`{}`, in LaTeX `{}`", notation(op, &names), latex(op, &names)));
    let note = if names.iter().any(|name| is_whole(name)) { ", for n = 3" } else { "" };
    item("partials", format!("{}{note}", partials(op).join(", ")));
    if !row.aliases.is_empty() {
        let names: Vec<String> = row.aliases.iter().map(|name| format!("`{name}`")).collect();
        item("other names", names.join(", "));
    }
    if let Some(domain) = row.domain_text {
        let domain = domain.trim_matches(|c: char| "{} \n".contains(c));
        item("domain", format!("`{domain}`"));
    }
    if let Some((place, _)) = row.kink {
        item("kink", place.to_owned());
    }
    if let Some((wanted, _)) = row.accepts {
        item("accepts", wanted.to_owned());
    }
    if let Some(service) = row.internal {
        item("internal", format!("no method and no function of a worksheet; {service}"));
    }
    if let Some(reason) = row.looser {
        item("accuracy", format!("{} units in the last place: {reason}", row.ulps));
    }
    text
}

#[test]
fn the_page_is_made_from_the_table() {
    let page: String = Op::ALL.iter().map(|op| entry(*op)).collect();
    let page = format!("{INTRODUCTION}{page}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/primitives.md");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let found = fs::read_to_string(&path).expect("docs/reference/primitives.md");
    let differs = page.lines().zip(found.lines()).find(|(made, found)| made != found);
    assert!(
        differs.is_none(),
        "the table and the page differ: {differs:?}\nIf this is meant: just golden"
    );
    assert_eq!(page, found, "one is longer\nIf this is meant: just golden");
}

#[test]
fn what_one_knows_by_heart_is_on_the_page() {
    let known = [
        (Op::Mul, vec!["`∂v/∂x = y`", "`∂v/∂y = x`"]),
        (Op::Sin, vec!["`∂v/∂x = cos(x)`"]),
        (Op::Tanh, vec!["`∂v/∂x = 1 - v^2`"]),
        (Op::Sigmoid, vec!["`∂v/∂x = v*(1 - v)`"]),
        (Op::Exp, vec!["`∂v/∂x = v`"]),
    ];
    for (op, expected) in known {
        assert_eq!(partials(op), expected, "{}", op.name());
    }
    assert_eq!(latex(Op::Div, &["x".into(), "y".into()]), r"\frac{x}{y}");
}
