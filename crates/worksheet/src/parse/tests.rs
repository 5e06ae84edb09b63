//! Every shape of expression and every message of the parser.

use crate::{
    ast::Kind,
    read::{Sheet, read},
    source::Source,
};

fn sheet(text: &str) -> Sheet {
    read(Source::new("t.ws", text), Vec::new(), &[])
}

/// The last link of the first statement, in reverse Polish.
fn polish(text: &str) -> String {
    let sheet = sheet(text);
    assert!(sheet.problems.is_empty(), "{:?}", sheet.problems);
    let crate::ast::Body::Expr(expr) = sheet.statements[0].links.last().unwrap().body else {
        return "?".into();
    };
    let word = |kind: &Kind| match kind {
        Kind::Number(n) => n.value.to_string(),
        Kind::Constant(c) => format!("{c:.3}"),
        Kind::Name(n) => sheet.names.text(*n).into(),
        Kind::Slope(a, b) => format!("d{}/d{}", sheet.names.text(*a), sheet.names.text(*b)),
        Kind::Apply(op, _) => op.name().into(),
        other => format!("{other:?}"),
    };
    sheet.nodes.of(expr).iter().map(|n| word(&n.kind)).collect::<Vec<_>>().join(" ")
}

fn problem(text: &str) -> String {
    let sheet = sheet(text);
    let problem = sheet.problems.first().expect("a problem");
    let at = sheet.sources.position(problem.span());
    format!("{}:{} {}: {problem}", at.line, at.column, problem.code.text())
}

#[test]
fn precedence_is_that_of_the_blackboard() {
    for (text, expected) in [
        ("x = 1 - 2 - 3", "1 2 sub 3 sub"),
        ("x = 1 + 2*3^2", "1 2 3 2 pow mul add"),
        ("x = -2^2", "2 2 pow neg"),
        ("x = 2^-3^2", "2 3 2 pow neg pow"),
        ("x = 2^3^2", "2 3 2 pow pow"),
        ("x = -2*3", "2 neg 3 mul"),
        ("x = 1 - -2", "1 2 neg sub"),
        ("x = (1 + 2)*3", "1 2 add 3 mul"),
        ("x = max(1, 2, 3)", "1 2 3 max max"),
        ("x = σ(2)²", "2 sigmoid 2 pow"),
        ("x = ½(1 − 2)·3×4", "0.5 1 2 sub mul 3 mul 4 mul"),
        ("x = 2*pi + e", "2 3.142 mul 2.718 add"),
        ("x = 10⁻² + 1.5e-3", "10 2 neg pow 0.0015 add"),
    ] {
        assert_eq!(polish(text), expected, "{text}");
    }
}

#[test]
fn derivatives_are_atoms_however_written() {
    for written in ["dE/dw", "d E / d w", "dE_dw", "∂E/∂w", "d(E)/d(w)"] {
        assert_eq!(polish(&format!("y = 2*{written}^2\nE = 1\nw = 2")), "2 dE/dw 2 pow mul");
    }
    assert_eq!(polish("y = dE/dw\nE = 1\nw = 2\ndE = 3\ndw = 2"), "dE dw div");
    assert_eq!(polish("y = dE_dw\nE = 1\nw = 2\ndE_dw = 3"), "dE_dw");
}

#[test]
fn lines_go_on() {
    assert_eq!(polish("x = 1 + # more\n 2"), "1 2 add");
    assert_eq!(polish("x = 1 \\\n + 2"), "1 2 add");
    assert_eq!(polish("x = (\n1)"), "1");
    let two = sheet("x = 1 + 1\n= 2\n  ~ 2.0\ny = ?");
    assert_eq!(two.statements[0].links.len(), 3);
    assert_eq!(two.statements.len(), 2);
}

#[test]
fn messages_say_what_where_and_what_to_write() {
    for (text, expected) in [
        ("w5+ = 2", "1:1 name-plus: `w5+` is not a name (write `w5'` for the updated quantity)"),
        (
            "x = 2 y",
            "1:7 syntax: expected an operator or `=`, found a name (a product needs its sign: write `*` between the factors)",
        ),
        ("x = (1 + 2", "1:5 bracket: this bracket is never closed"),
        ("x = (1 = 2)", "1:5 bracket: this bracket is never closed"),
        ("x = 1)", "1:6 bracket: this bracket was never opened"),
        (
            "x = 1 +",
            "1:7 syntax: the line ends where a number or a name should be (to ask for the number, write `?`)",
        ),
        (
            "x = sigmiod(1)",
            "1:5 unknown-function: there is no function `sigmiod` (did you mean `sigmoid`?)",
        ),
        (
            "z = 1\nx = z(1)",
            "2:5 unknown-function: `z` is a quantity, not a function (for a product write `z*(...)`)",
        ),
    ] {
        assert_eq!(problem(text), expected, "{text}");
    }
}

#[test]
fn messages_say_what_to_write_instead() {
    for (text, expected) in [
        (
            "x = exp(1,5)",
            "1:5 arguments: `exp` takes 1 argument, not 2 (decimals are written with a point: `0.5`, not `0,5`)",
        ),
        (
            "x = 0,5",
            "1:6 syntax: a comma only separates arguments (decimals are written with a point, `0.5`; one statement a line)",
        ),
        (
            "x = 2 ** 3",
            "1:8 syntax: expected a number or a name, found `*` (a power is written `^`)",
        ),
        ("x == 3", "1:4 syntax: expected a number or a name, found `=` (one `=` is enough)"),
        ("x", "1:1 syntax: this line claims nothing (to ask for it, write `x = ?`)"),
        (
            "1 + 2",
            "1:1 syntax: this line claims nothing (a statement is `name = formula = number`; a comment begins with `#`)",
        ),
        (
            "= 3",
            "1:1 syntax: this continues a chain, but there is none above (a statement begins with a name: `z1 = ...`)",
        ),
        (
            "x = 1 ; y = 2",
            "1:7 character: `;` means nothing in a worksheet (one statement a line, with nothing at its end)",
        ),
        (
            "x = 1e999",
            "1:5 syntax: this is not a number that can be computed with (numbers reach to about 1.8e308)",
        ),
        (
            "x = 2 + ?",
            "1:9 syntax: expected a number or a name, found `?` (`?` stands alone after `=`: it asks for the number)",
        ),
        (
            "x = ()",
            "1:6 syntax: expected a number or a name, found a closing bracket (a pair of brackets holds an expression)",
        ),
    ] {
        assert_eq!(problem(text), expected, "{text}");
    }
}

#[test]
fn limits_are_errors_and_nothing_overflows() {
    let nested = |n: usize| format!("x = {}1{}", "(".repeat(n), ")".repeat(n));
    assert!(sheet(&nested(1000)).problems.is_empty());
    assert!(problem(&nested(1001)).contains("nested more than 1000 deep"));
    assert!(problem(&nested(100_000)).contains("nested more than 1000 deep"));
    assert!(problem(&format!("x = {}1", "exp(".repeat(100_000))).contains("1000 deep"));
    let long = format!("x = 1{}", "+1".repeat(600_000));
    assert_eq!(sheet(&long).nodes.all.len(), 1_200_002);
    for chain in ["+1", "^1", "*-1"] {
        let longer = format!("x = 1{}", chain.repeat(1_100_000));
        assert!(problem(&longer).contains("more than 1000000 operations"));
    }
    assert!(problem(&format!("x = {}1", "-".repeat(3_000_000))).contains("operations"));
    assert!(problem(&" ".repeat((16 << 20) + 1)).contains("16 MiB"));
}
