//! The example sheets: what is right stays right, and the first patient gets every verdict and
//! every explanation that it must.

use std::path::{Path, PathBuf};

use expect_test::expect_file;
use wengert_worksheet::{
    judge::Verdict,
    render,
    report::{Options, Report, check},
    source::Source,
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/worksheets")
}

fn source(name: &str) -> Source {
    let text = std::fs::read_to_string(folder().join(name)).expect("an example sheet");
    Source::new(name, text)
}

fn report(name: &str, givens: &[&str]) -> Report {
    let givens = givens.iter().map(|given| source(given)).collect();
    check(source(name), Options { givens, ..Options::default() })
}

/// Line, name, claimed, verdict, kind and text of the first explanation; `?` left out.
fn verdicts(report: &Report) -> Vec<String> {
    let claims = report.claims.iter().enumerate().filter(|(_, claim)| claim.number.is_some());
    claims
        .map(|(i, claim)| {
            let claimed = report.model.sources.text(claim.span);
            let first = report.explanations[i].first();
            let why = first.map_or(String::new(), |e| format!(": {}, {}", e.kind.text(), e.text));
            format!("{} {claimed} {}{why}", claim.name, claim.verdict.text())
        })
        .collect()
}

const PATIENT: [&str; 14] = [
    "z1 0.3275 ok",
    "h1 0.5812 ok",
    "h2 0.5969 slip: stale, b1 = 0.35 instead of 0.30",
    "y1 1.094 slip: neighbour, h1 in place of h2",
    "ŷ1 0.7491 carried",
    "out_y2 0.7703 slip: neighbour, h1 in place of h2",
    "E_y1 0.2731 carried",
    "E_y2 0.289 slip: neighbour, t1 in place of t2",
    "dE_total/dŷ1 0.7391 carried",
    "dŷ1/dh1 0.1928 slip: printed, dE_total/dŷ1 in place of ŷ1",
    "dŷ1/dw5 0.5932 slip: stale, h1 of b1 = 0.35 instead of 0.30, and truncated",
    "dE_total/dw5 0.0845 carried",
    "w5' 0.3578 carried",
    "w6' 0.4078 slip: reused, dE_total/dw5 used again for dE_total/dw6",
];

#[test]
fn the_first_patient_gets_its_verdicts() {
    let report = report("backprop.md", &["backprop-given.ws"]);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert_eq!(verdicts(&report), PATIENT);
    let faults: Vec<usize> =
        report.faults.iter().map(|fault| report.model.sources.line(fault.span)).collect();
    assert_eq!(faults.len(), 4, "{faults:?}");
    assert_eq!(report.model.unread.len(), 3);
    assert_eq!(report.exit_status(), 1);
}

#[test]
fn what_the_patient_asks_is_answered() {
    let report = report("backprop.md", &["backprop-given.ws"]);
    let truth = |name: &str| {
        let claim = report.claims.iter().find(|claim| claim.name == name).expect(name);
        claim.truth.expect("a value")
    };
    for (name, value) in [
        ("E_total", 0.297432905),
        ("w1'", 0.149779942),
        ("w2'", 0.199559883),
        ("w3'", 0.249750109),
        ("w4'", 0.299500218),
        ("w5'", 0.359652984),
        ("w6'", 0.409399807),
        ("w7'", 0.511262077),
        ("w8'", 0.561332746),
    ] {
        assert!((truth(name) - value).abs() < 6e-10, "{name}");
    }
}

#[test]
fn the_patient_reads_the_same_in_plain_text() {
    let report = report("network-slips.ws", &[]);
    let kinds = |verdicts: &[String]| -> Vec<String> {
        verdicts
            .iter()
            .map(|v| v.split([' ', ':']).skip(1).take(4).collect::<Vec<_>>().join(" "))
            .collect()
    };
    let patient: Vec<String> = PATIENT.iter().map(|v| (*v).to_owned()).collect();
    let plain = kinds(&verdicts(&report));
    let latex = kinds(&patient);
    assert!(plain.iter().all(|v| latex.contains(v)), "{plain:#?}");
    assert_eq!(plain.len(), 14);
}

#[test]
fn sheets_that_are_right_are_found_right() {
    for name in ["network.ws", "logistic.ws", "two-layers.ws", "pendulum.ws", "annuity.ws"] {
        let report = report(name, &[]);
        let fine = |v: Verdict| matches!(v, Verdict::Ok | Verdict::Answered);
        assert!(report.claims.iter().all(|claim| fine(claim.verdict)), "{name}");
        assert_eq!(
            (report.exit_status(), report.faults.len(), report.model.unread.len()),
            (0, 0, 0)
        );
        let settled: f64 = report.claims.iter().filter_map(|claim| claim.truth).sum();
        assert!(settled.is_finite());
    }
}

#[test]
fn the_original_post() {
    let report = report("post.ws", &[]);
    let found = verdicts(&report);
    let error = "E' 0.291027924 slip: updated, w5', w6', w7' and w8' in place of w5, w6, w7 and \
                 w8, the forward values kept";
    assert!(found.contains(&error.to_owned()), "{found:#?}");
    let last = report.claims.last().expect("a claim");
    assert_eq!(last.verdict, Verdict::Unchecked);
    assert_eq!(last.reason.as_deref(), Some("`E10000` is claimed without a formula"));
}

#[test]
fn reports_as_they_are_printed() {
    let report = report("backprop.md", &["backprop-given.ws"]);
    expect_file!["golden/backprop.human.txt"].assert_eq(&render::human(&report, false));
    expect_file!["golden/backprop.short.txt"].assert_eq(&render::short(&report));
    let json: serde_json::Value = serde_json::from_str(&render::json(&report)).expect("JSON");
    let pretty = serde_json::to_string_pretty(&json).expect("JSON");
    expect_file!["golden/backprop.json"].assert_eq(&pretty);
    let sarif: serde_json::Value = serde_json::from_str(&render::sarif([&report])).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results").len();
    assert_eq!(results, 7 + 5 + 3 + 5);
}

/// A page of homework: an angle in degrees, and a path that was lost; all else follows from these.
#[test]
fn a_mistake_is_told_from_what_follows_from_it() {
    let sheet = "x = 2\ny = 3\na = x*y = 6\nb = sin(x) = 0.0349\nc = a + b = 6.0349\n\
                 d = exp(-y) = 0.0498\nf = c*d = 0.3005\ndf/dc = d = 0.0498\ndf/dd = c = 6.0349\n\
                 df/da = df/dc = 0.0498\ndf/dx = df/da*y = 0.1494\n\
                 df/dy = df/da*x - df/dd*d = 0.0996 - 0.3005 = -0.2009\n";
    let report = check(Source::new("homework.ws", sheet), Options::default());
    assert_eq!(
        verdicts(&report),
        [
            "a 6 ok",
            "b 0.0349 slip: degrees, sin of the radians as if they were degrees",
            "c 6.0349 carried",
            "d 0.0498 ok",
            "f 0.3005 carried",
            "df/dc 0.0498 ok",
            "df/dd 6.0349 carried",
            "df/da 0.0498 ok",
            "df/dx 0.1494 slip: path, the path by way of b lost",
            "df/dy -0.2009 carried",
        ]
    );
}

/// Digits that do not show a term do not show a factor of it: the term is what was left out.
#[test]
fn a_term_left_out_goes_before_its_factors() {
    let sheet = "L = 1.000\nT = 2.006\nsL = 0.001\nsT = 0.005\ng = 4*pi^2*L/T^2 = 9.81\n\
                 dg/dL = 4*pi^2/T^2 = 9.81\ndg/dT = -8*pi^2*L/T^3 = -9.78\n\
                 sg = sqrt((dg/dL*sL)^2 + (dg/dT*sT)^2) = 0.0489\n";
    let report = check(Source::new("pendulum.ws", sheet), Options::default());
    let said = render::human(&report, false);
    let note = "one known mistake gives 0.0489: the term (dg/dL*sL)^2 left out [term]";
    assert!(said.contains(note), "{said}");
    assert_eq!(report.explanations[3].len(), 1, "{:?}", report.explanations[3]);
}

/// On a page a circle is passed over, and what is made of it is not known; nothing else is harmed.
#[test]
fn a_circle_costs_what_is_made_of_it() {
    let page = "$$a = b + 1$$\n$$b = c + 1 = 3$$\n$$c = a + 1$$\n$$x = 2$$\n$$y = x^2 = 4$$\n";
    let report = check(Source::new("circle.md", page), Options::default());
    assert_eq!(verdicts(&report), ["b 3 unchecked", "y 4 ok"]);
    let reason = report.claims[0].reason.as_deref().expect("a reason");
    assert!(reason.contains("depends on itself"), "{reason}");
}
