//! Chains of several links: a number is judged against the truth of what is claimed, whatever
//! links lead to it. It must not know how a link is judged.

use wengert_worksheet::{
    judge::Verdict::{self, Carried, Ok, Rounding, Slip},
    message::{messages, summary},
    render,
    report::{Options, Report, check},
    source::Source,
};

fn report(sheet: &str) -> Report {
    let report = check(Source::new("sheet.ws", sheet), Options::default());
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

fn verdicts(report: &Report) -> Vec<Verdict> {
    report.claims.iter().map(|claim| claim.verdict).collect()
}

/// The square of an error, its slope 2(wx - 1)x = 1.38 claimed as 0.69 by a chain, and a step.
fn step(links: &str) -> Report {
    report(&format!(
        "x = 3\nw = 0.41\nE = (w*x - 1)^2 = 0.0529\ndE/dw = {links} = 0.69\n\
         w' = w - 0.1*dE/dw = 0.341\n"
    ))
}

#[test]
fn numbers_that_are_faithful_to_a_wrong_formula_are_a_slip() {
    for links in [
        "(w*x - 1)*x",
        "(w*x - 1)*x = (0.41*3 - 1)*3",
        "(w*x - 1)*x = (1.23 - 1)*3",
        "(w*x - 1)*x = (0.41*3 - 1)*3 = 0.23*3",
        "2*(w*x - 1)*x = (w*x - 1)*x = (0.41*3 - 1)*3 = 0.23*3",
        "2*(w*x - 1)*x = (0.41*3 - 1)*3",
        "(0.41*3 - 1)*3",
    ] {
        let report = step(links);
        assert_eq!(verdicts(&report), [Ok, Slip, Carried], "{links}");
        assert_eq!((report.exit_status(), report.first()), (1, Some(4)), "{links}");
        let explanation = report.explanations[1].first().expect("an explanation");
        assert_eq!(explanation.text, "the factor 2 left out", "{links}");
        assert_eq!(report.claims[2].from, [1], "{links}");
    }
}

#[test]
fn a_wrong_formula_after_the_one_that_defines_is_a_slip_too() {
    let sheet =
        "a = 3\nb = 1\nE = (a - b)^2 = (a - b)*(a + b) = (3 - 1)*(3 + 1) = 8\nF = E + 1 = 9\n";
    let report = report(sheet);
    assert_eq!(verdicts(&report), [Slip, Carried]);
    assert_eq!(report.explanations[0][0].text, "the sign of b turned");
    assert_eq!(messages(&report)[0].title, "E follows from a wrong formula");
}

#[test]
fn right_chains_are_right_however_long() {
    for links in [
        "2*(w*x - 1)*x = 2*(0.41*3 - 1)*3",
        "2*(w*x - 1)*x = 2*(0.41*3 - 1)*3 = 2*0.23*3",
        "2*x*(w*x - 1) = 2*x*(1.23 - 1) = 6*0.23",
        "2*(0.41*3 - 1)*3",
    ] {
        let sheet = format!("x = 3\nw = 0.41\nE = (w*x - 1)^2 = 0.0529\ndE/dw = {links} = 1.38\n");
        let report = report(&sheet);
        assert_eq!(verdicts(&report), [Ok, Ok], "{links}");
        assert_eq!((report.exit_status(), report.first()), (0, None), "{links}");
    }
}

#[test]
fn rounded_numbers_beside_names_are_no_wrong_formula() {
    let cut = "a = 0.123\nb = 0.456\nz = a*b + 0.1 = 0.123*0.456 + 0.1 = 0.0560 + 0.1 = 0.1561\n";
    assert_eq!((report(cut).exit_status(), report(cut).faulty_links().count()), (0, 0));
    let sheet = "x = 1.2\ny = 1\nz = 0.755*x = 0.906\np = sigmoid(z) = 0.7122\n\
                 L = (p - y)^2/2 = 0.0414\ndL/dp = (0.7122 - y) = -0.2878\n\
                 T = 2*pi*sqrt(x) = 2*3.14*sqrt(x) = 6.88\n";
    let report = report(sheet);
    assert!(report.claims.iter().all(|c| matches!(c.verdict, Ok | Rounding)), "{report:?}");
    assert_eq!((report.exit_status(), report.first()), (0, None));
}

#[test]
fn a_rounded_number_does_not_excuse_a_formula() {
    let sheet = "x = 1.2\ny = 1\np = sigmoid(x) = 0.7685\nL = (p - y)^2/2 = 0.0268\n\
                 dL/dp = 2*(0.7685 - y) = -0.4630\n";
    assert_eq!(verdicts(&report(sheet)), [Ok, Ok, Slip]);
}

#[test]
fn a_faulty_link_counts_beside_a_right_number() {
    let sheet = "a = 3\nb = 1\nE = (a - b)^2 = (a - b)*(a + b) = 4\nF = E + 1 = 5\n";
    let report = report(sheet);
    assert_eq!(verdicts(&report), [Ok, Ok]);
    assert_eq!((report.exit_status(), report.first()), (1, Some(3)));
    assert_eq!(summary(&report), "2 right, 1 faulty link; fix line 3 first");
    let json: serde_json::Value = serde_json::from_str(&render::json(&report)).expect("JSON");
    assert_eq!((&json["summary"]["links"], &json["summary"]["first"]), (&1.into(), &3.into()));
}

#[test]
fn what_comes_from_two_slips_names_both() {
    // The second slip stands on a number that is wrong already: to mend it alone is not enough.
    let sheet = "a = 0.31\nb = 0.7\np = a + 1 = 1.13\nq = p*b = 0.197\nr = q^2 + 1 = 1.0388\n";
    let report = report(sheet);
    assert_eq!(verdicts(&report), [Slip, Slip, Carried]);
    assert_eq!(report.claims[2].from, [0, 1]);
    let last = messages(&report).pop().expect("a message");
    assert_eq!(last.notes, ["it comes from the slips on lines 3 and 4"]);
}

#[test]
fn what_overflows_explains_nothing() {
    // P*exp(q*t) and P*exp(r*q) are infinite, and so is how far they may be off.
    let sheet = "P = 2500\nr = 0.045\nt = 5\nq = P*1.25 = 3125.00\nB = P*exp(r*t) = 1234.56\nC = B/q = 0.40\n";
    let report = report(sheet);
    assert_eq!(verdicts(&report), [Ok, Slip, Carried]);
    assert_eq!(report.explanations[1], []);
}

#[test]
fn an_older_input_does_not_go_before_the_formula_on_the_page() {
    // 16/1.28² is 12.5/1.28, so that a Vmax of 16 would give the same digits.
    let sheet = "Vmax = 12.5\nKm = 0.38\nS = 0.9\nv = Vmax*S/(Km + S) = 8.789\n";
    let written = report(&format!("{sheet}dv/dS = Vmax*Km/(Km + S) = 3.711\n"));
    let texts: Vec<&str> = written.explanations[1].iter().map(|e| e.text.as_str()).collect();
    assert_eq!(texts, ["the square of Km + S left out"]);
    let bare = report(&format!("{sheet}dv/dS = 3.711\n"));
    let texts: Vec<&str> = bare.explanations[1].iter().map(|e| e.text.as_str()).collect();
    assert_eq!(texts, ["the square of Km + S left out", "Vmax = 16 instead of 12.5"]);
}

#[test]
fn a_formula_is_marked_with_its_brackets() {
    let report = report("a = 1\nb = 2\nc = 4\ny = a*c = (a + b)*(b + c)\n(a + b)*(c) = 12.0\n");
    let messages = messages(&report);
    assert_eq!(report.model.sources.text(messages[0].span()), "(a + b)*(b + c)");
    assert_eq!(report.claims[0].name, "(a + b)*(c)");
}

#[test]
fn rounding_does_not_explain_what_no_rounded_number_gives() {
    // At x = 20.0 the slope of exp(20x) is so large that half a unit of x would, by that slope,
    // reach down to nothing; but exp(399) is no smaller than 1e173.
    let sheet = "a = 200.3\nx = a/10 = 20.0\nB = exp(x*20) = 1234.56\n";
    assert_eq!(verdicts(&report(sheet)), [Ok, Slip]);
    let put_in = "a = 200\nx = a/10 = 20.0\nB = exp(x*20) = exp(7.11847) = 1234.56\n";
    assert_eq!(verdicts(&report(put_in)), [Ok, Slip]);
    // What does follow from a rounded number does: exp(8.0), where exp(8.04) is the truth.
    let steep = "a = 2.01\nx = a*4 = 8.0\nB = exp(x) = 2981\nC = 1/(x - 7.9) = 10.0\n";
    assert_eq!(verdicts(&report(steep)), [Ok, Rounding, Rounding]);
    // Of two numbers that nearly cancel, nearly all of the difference may be rounding.
    let cancel =
        "a = 1.2345\nb = 1.2312\nx = a*1.1 = 1.36\ny = b*1.1 = 1.35\nd = 100*(x - y) = 0.5\n";
    assert_eq!(verdicts(&report(cancel)), [Ok, Ok, Rounding]);
}
