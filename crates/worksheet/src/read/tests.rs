//! What each front end makes of a page, in one notation.

use super::{Sheet, read};
use crate::{
    ast::{Body, Expr, Head, Kind, Relation},
    source::Source,
};

fn polish(sheet: &Sheet, expr: Expr) -> String {
    let name = |n| sheet.names.text(n);
    let word = |kind: &Kind| match kind {
        Kind::Number(n) => n.value.to_string(),
        Kind::Constant(c) => format!("{c:.3}"),
        Kind::Name(n) => name(*n).into(),
        Kind::Slope(a, b) => format!("d{}/d{}", name(*a), name(*b)),
        Kind::Apply(op, _) => op.name().into(),
        other => format!("{other:?}"),
    };
    sheet.nodes.of(expr).iter().map(|n| word(&n.kind)).collect::<Vec<_>>().join(" ")
}

/// Every statement on a line of its own, then what was passed over.
fn dump(name: &str, text: &str) -> String {
    let sheet = read(Source::new(name, text), Vec::new(), &[]);
    let mut out = String::new();
    for statement in &sheet.statements {
        let head = match statement.head {
            Head::Name(n) => sheet.names.text(n).to_owned(),
            Head::Slope(a, b) => format!("d{}/d{}", sheet.names.text(a), sheet.names.text(b)),
            Head::Expr(e) => format!("({})", polish(&sheet, e)),
        };
        out += &format!("{}: {head}", sheet.sources.line(statement.span));
        for link in &statement.links {
            out += if link.relation == Relation::Equal { " = " } else { " ~ " };
            out += &match link.body {
                Body::Asked => "?".into(),
                Body::Expr(expr) => polish(&sheet, expr),
            };
        }
        out += "\n";
    }
    for unread in &sheet.unread {
        out += &format!("{}: unread: {}\n", sheet.sources.line(unread.span), unread.reason);
    }
    for problem in &sheet.problems {
        out += &format!("{}: {problem}\n", sheet.sources.line(problem.span()));
    }
    out
}

fn latex(math: &str) -> String {
    dump("p.md", &format!("$$\n{math}\n$$\n")).trim_end().replace("2: ", "")
}

#[test]
fn latex_as_people_write_it() {
    for (math, expected) in [
        (r"z1 = w1 x1 + b1", "z1 = w1 x1 mul b1 add"),
        (r"z = 0.15 x 0.05 + 0.2x0.1", "z = 0.15 0.05 mul 0.2 0.1 mul add"),
        (r"z = 0.15\times 0.05 \cdot 2 * 3", "z = 0.15 0.05 mul 2 mul 3 mul"),
        (
            r"h = \frac{1}{1 + e ^ {- 0.3275}} \approx 0.58",
            "h = 1 1 2.718 0.3275 neg pow add div ~ 0.58",
        ),
        (r"h = \sigma (z_1) = \tfrac12(t - o)^2", "h = z1 sigmoid = 1 2 div t o sub 2 pow mul"),
        (r"\hat{y1} = \hat{y}_1 = \hat y_{1} = 1", "ŷ1 = ŷ1 = ŷ1 = 1"),
        (
            r"\frac{\partial E_{total}}{\partial w5} = \frac{\partial E}{\partial \hat{y1}} \frac{d o_1}{dy_1}",
            "dE_total/dw5 = dE/dŷ1 do1/dy1 mul",
        ),
        (r"w_5^{new} = w_5 - 0.5", "w5' = w5 0.5 sub"),
        (r"w_5^+ = w^{new}_5 = w_5' = w_{5}^{(t+1)}", "w5' = w5' = w5' = w5'"),
        (
            r"o = h(1 - h) = \ln y + \sqrt{2}\sqrt[3]{8}",
            "o = h 1 h sub mul = y ln 2 sqrt 8 cbrt mul add",
        ),
        (r"y = | b |^2 = 2|x|\lvert c \rvert", "y = b abs 2 pow = 2 x abs mul c abs mul"),
        (r"y = \left|x\right| + \text{ReLU}(x) + \log_e 8", "y = x abs x relu add 8 ln add"),
        (r"a &= 1 \\ &= 2 \\ b &= 3, c = 4.", "a = 1 = 2\nb = 3\nc = 4"),
        (r"\theta \leftarrow \theta - \eta g", "θ = θ η g mul sub"),
        (r"E = \frac{\frac{1}{2}}{3} = x^\frac12", "E = 1 2 div 3 div = x 1 2 div pow"),
        (r"y = a \\ + b = \\ 3", "y = a b add = 3"),
        (r"y = 3 \text{ (to one place)}", "y = 3"),
        (r"w = 2, x_1 = 3, y = 4wx_1^2 + b", "w = 2\nx1 = 3\ny = 4 w mul x1 2 pow mul b add"),
        (r"p = 2\pi r^{2-1}", "p = 2 3.142 mul r 2 1 sub pow mul"),
    ] {
        let got = latex(math).replace("3: ", "");
        assert_eq!(got, expected, "{math}");
    }
}

#[test]
fn latex_that_is_not_understood_is_listed() {
    for (math, expected) in [
        (r"E = \sum_i e_i = 0.5", "E = 0.5\nunread: `\\sum` is not expanded: write its terms out"),
        (
            r"E = \frac{\partial^2 E}{\partial w^2} = 1",
            "E = 1\nunread: second derivatives are not judged",
        ),
        (
            r"a = (1 + = 2",
            "a = 2\nunread: the line ends where a number or a name should be (to ask for the number, write `?`)",
        ),
        (r"= 2", "unread: this continues a chain, but there is none above"),
        (r"a + b", "unread: this claims nothing: no `=` follows"),
        (r"\foo = 3", "unread: `\\foo` is not understood"),
        (r"a = b @ c = 1", "a = 1\nunread: `@` is not understood in math"),
        (r"a = [b + 1) = 1", "a = 1\nunread: `[` is closed by `)` (write `]` here, or `(` there)"),
    ] {
        assert_eq!(latex(math), expected, "{math}");
    }
}

#[test]
fn math_is_found_where_it_stands() {
    let page = "Costs $5 and $6.\n`$a = 1$` $b = 2$ and $c$ or \\(d = ?\\)\n\n```\n$$e = 1$$\n```\n\
                \\begin{align*}\nf &= 1\n\\end{align*}\n$$g = 1\n";
    let expected = "2: b = 2\n2: d = ?\n8: f = 1\n10: unread: this math never ends\n";
    assert_eq!(dump("p.md", page), expected);
}

#[test]
fn fences_are_one_sheet() {
    let page =
        "# T\n```worksheet\na = 1\n```\nprose $b = 2$\n\n> ```worksheet\n> c = a +\n>  2\n> ```\n";
    assert_eq!(dump("p.md", page), "3: a = 1\n8: c = a 2 add\n");
}

#[test]
fn comments_carry_givens_and_aliases() {
    let page = "<!-- --given \"k = 2\" --alias 'a=b' -->\n\n$a = 3$\n";
    let sheet = read(Source::new("p.md", page), Vec::new(), &["dE/dw=du/dv".into()]);
    assert_eq!((sheet.statements.len(), sheet.aliases.len()), (2, 2));
    let wrong = read(Source::new("p.ws", ""), Vec::new(), &["a".into()]);
    assert_eq!(wrong.problems[0].message, "this is not an alias");
}

#[test]
fn nothing_overflows() {
    for text in ["$$x = {{{", "$$x = \\frac{\\frac{", "$$\\hat{\\hat{"] {
        let deep = format!("{}$$", text.repeat(100_000));
        read(Source::new("p.md", deep), Vec::new(), &[]);
    }
    for text in ["\\[", "$a", "\\(", "`a` $x=1", "\\begin{align}"] {
        read(Source::new("p.md", text.repeat(100_000)), Vec::new(), &[]);
    }
    let nested = format!("$$x = {}1{}$$", "\\frac{".repeat(1000), "}{2}".repeat(1000));
    let sheet = read(Source::new("p.md", nested), Vec::new(), &[]);
    assert_eq!((sheet.statements.len(), sheet.unread.len()), (1, 0));
}
