//! What statements mean, and every message of the resolver.

use super::resolve;
use crate::{
    model::{Model, Rule, Target},
    read::read,
    source::Source,
};

fn model(name: &str, text: &str) -> Model {
    resolve(read(Source::new(name, text), Vec::new(), &[]))
}

fn problem(text: &str) -> String {
    let model = model("t.ws", text);
    let problem = model.problems.first().expect("a problem");
    let lines: Vec<usize> = problem.labels.iter().map(|l| model.sources.line(l.span)).collect();
    format!("{lines:?} {}: {problem}", problem.code.text())
}

#[test]
fn statements_are_told_apart() {
    let model = model(
        "t.ws",
        "x = 0.05\nw ~ 0.2\nz = w*x = 0.01\nk = 1/2\nn = 2*3 = 6\nw = w - 1\nz = ?\n",
    );
    let rule = |i: usize| model.quantities[i].rule;
    assert!(matches!(rule(0), Rule::Given(_)));
    assert!(matches!(rule(1), Rule::Approximate(_)));
    assert!(matches!(rule(2), Rule::Formula(_)));
    assert!(matches!(rule(3), Rule::Numbers { hides: false, .. }));
    assert!(matches!(rule(4), Rule::Numbers { hides: true, .. }));
    assert_eq!((model.quantities[5].name.as_str(), model.quantities[5].updates), ("w'", Some(1)));
    let claims = model.chains.iter().map(|c| c.claim().is_some()).collect::<Vec<_>>();
    assert_eq!(claims, [false, true, true, false, true, false, true]);
}

#[test]
fn a_power_of_ten_is_part_of_the_number() {
    for (text, value, places) in [
        ("3.5*10^-5", 3.5e-5, 6),
        ("-3.5·10⁻⁵", -3.5e-5, 6),
        ("2*10^3", 2e3, -3),
        ("-1.50*10^2", -150.0, 0),
    ] {
        let model = model("t.ws", &format!("x = {text}"));
        let Rule::Given(literal) = model.quantities[0].rule else { panic!("{text}") };
        assert_eq!((literal.value, literal.places), (value, places), "{text}");
    }
}

#[test]
fn a_latex_page_updates_what_is_given() {
    let page = "$w_6 = 0.45$ $w_6' = w_6 - 0.1 = 0.35$\n$w6 = 0.36$ and $w_6 = ?$";
    let model = model("p.md", page);
    let primed = model.chains.iter().filter(|c| c.target == Target::Quantity(1)).count();
    assert_eq!((primed, model.chains[2].spelled.as_str()), (3, "w6'"));
}

#[test]
fn messages_say_what_where_and_what_to_write() {
    for (text, expected) in [
        ("h1 = 1\ny = 2*hh1", "[2] unknown-name: `hh1` is not on the sheet (did you mean `h1`?)"),
        (
            "y = 2*alpha",
            "[1] unknown-name: `alpha` is not on the sheet (give it a line of its own: `alpha = ...`)",
        ),
        (
            "y = 2*tanh",
            "[1] unknown-name: `tanh` is not on the sheet (a function needs brackets: `tanh(...)`)",
        ),
        (
            "E = 1\ny = dE/dw + 1",
            "[2] unknown-name: `dE` is not on the sheet (give it a line of its own; for a derivative, `E` must be a quantity of the sheet)",
        ),
        (
            "∂E/∂w = 1",
            "[1] unknown-name: `E` is not on the sheet (give it a line of its own: `E = ...`)",
        ),
        (
            "h = 0.5\nx = 1\nh = tanh(x)",
            "[3, 1] number-first: the number of `h` stands above its formula (write the formula first; a bare number under it is a claim)",
        ),
        (
            "a = b + 1\nb = a + 1",
            "[1, 2] circular: `a` depends on itself (an updated quantity has a name of its own: `a'`)",
        ),
        (
            "a = 2*a",
            "[1] circular: `a` depends on itself (an updated quantity has a name of its own: `a'`)",
        ),
    ] {
        assert_eq!(problem(text), expected, "{text}");
    }
}
