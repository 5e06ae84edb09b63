//! Sheets that were written without knowledge of the tool, with the slips of people: what is found
//! of them. It must not know how; the key was written before the tool was run.

use std::{fs, path::Path};

use wengert_worksheet::{
    judge::Verdict,
    report::{Options, Report, check},
    source::Source,
};

/// A slip of the key: the sheet, the statement, what was done, the kind that says so, and whether
/// the tool named it before anything was learned from these sheets.
struct Key(&'static str, &'static str, &'static str, &'static str, bool);

const SLIPS: [Key; 27] = [
    Key("logistic-decay", "dL/dw1", "2 of the derivative of lam*w1^2 forgotten", "factor", false),
    Key("logistic-decay", "dL/dw2", "the same", "factor", false),
    Key("logistic-decay", "w2'", "+ for -", "sign", true),
    Key("softmax", "L", "log10 for ln", "function", false),
    Key("softmax", "dL/dh", "the third path forgotten", "path", true),
    Key("projectile", "vx", "38 degrees put into a calculator in radians", "degrees", false),
    Key("projectile", "vy", "the same", "degrees", false),
    Key("projectile", "H", "2 forgotten", "factor", true),
    Key("interest", "A_c", "exp(0.0225) for exp(0.225)", "point", false),
    Key("interest", "dA/dr", "the factor 1/n of the chain rule forgotten", "factor", true),
    Key("michaelis-menten", "dv/dS", "the square of the denominator forgotten", "factor", false),
    Key("michaelis-menten", "Kapp", "Ki/I for I/Ki", "exchanged", false),
    Key("two-lenses", "m1", "the minus lost", "sign", true),
    Key("two-lenses", "inv2", "+ for -", "sign", true),
    Key("two-layer-step", "dE/dh1", "the path through q2 forgotten", "path", true),
    Key("two-layer-step", "dE/dh2", "v2' and v4' for v2 and v4", "updated", true),
    Key("least-squares", "sxy", "67.3 for 63.7", "digits", true),
    Key("least-squares", "SSE", "r3^2 left out", "term", false),
    Key("relative-entropy", "t3", "ln for log2", "factor", true),
    Key("relative-entropy", "u2", "p2 and q2 exchanged", "exchanged", false),
    Key("pendulum-period", "T1", "theta not squared", "factor", true),
    Key("pendulum-period", "dT0/dL", "1/2 forgotten", "factor", true),
    Key("black-scholes", "d1", "T for sqrt(T), one formula down", "place", false),
    Key("black-scholes", "Put", "the discount forgotten", "factor", true),
    Key("kalman-filter", "Pp1", "a for a^2", "factor", true),
    Key("kalman-filter", "P1", "P0 for Pp1", "neighbour", false),
    Key("kalman-filter", "xh2", "- for +", "sign", true),
];

/// What is right given the slips, and so must be found carried, by sheet.
const CARRIED: [(&str, &str); 12] = [
    ("logistic-decay", "w1' z' p'"),
    ("softmax", "dL/du"),
    ("projectile", "t_up t_all R y_half dH/dvy dR/dvy"),
    ("interest", "gap A_up"),
    ("michaelis-menten", "v_more vi inhib"),
    ("two-lenses", "hi1 di2 m2 m h_end"),
    ("two-layer-step", "dE/dp1 dE/dp2 dE/da1 dE/da2 dE/da3 dE/da4 a1' a3'"),
    ("least-squares", "m c r1 r2 r3 r4 s se_m y_at6"),
    ("relative-entropy", "H perp eff CE KL waste"),
    ("pendulum-period", "n_min cL uT percent"),
    ("black-scholes", "d2 N1 N2 C dN1/dd1 delta_put shares"),
    ("kalman-filter", "S1 K1 xh1 dK1/dPp1 xp2 Pp2 K2 y2 P2 sd"),
];

const CLEAN: [&str; 3] = ["buffer", "capacitor", "triangle"];

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn report(sheet: &str) -> Report {
    let text = read(&format!("tests/by_hand/{sheet}.ws"));
    check(Source::new(sheet, text), Options::default())
}

/// The names of the claims of a sheet that got a verdict, in order.
fn named(report: &Report, verdict: Verdict) -> Vec<&str> {
    let claims = report.claims.iter().filter(|claim| claim.verdict == verdict);
    claims.map(|claim| claim.name.as_str()).collect()
}

#[test]
fn every_slip_is_found_and_nothing_else() {
    for (sheet, carried) in CARRIED {
        let report = report(sheet);
        let slips: Vec<&str> = SLIPS.iter().filter(|k| k.0 == sheet).map(|k| k.1).collect();
        assert_eq!(named(&report, Verdict::Slip), slips, "{sheet}");
        assert_eq!(named(&report, Verdict::Carried).join(" "), carried, "{sheet}");
        assert_eq!(named(&report, Verdict::Unchecked), Vec::<&str>::new(), "{sheet}");
        let first = report.claims.iter().position(|claim| claim.verdict == Verdict::Slip);
        let line = first.map(|claim| report.line(claim as u32));
        assert_eq!((report.exit_status(), report.first()), (1, line), "{sheet}");
        // A link is faulty only where a slip answers for it.
        assert!(report.faults.is_empty(), "{sheet}");
        let beside = report.claims.iter().filter(|claim| claim.verdict != Verdict::Slip);
        assert!(beside.flat_map(|claim| &claim.faults).next().is_none(), "{sheet}");
    }
}

#[test]
fn what_is_right_is_not_accused() {
    for sheet in CLEAN {
        let report = report(sheet);
        let fine = |verdict| matches!(verdict, Verdict::Ok | Verdict::Rounding);
        assert!(report.claims.len() > 10 && report.claims.iter().all(|c| fine(c.verdict)));
        assert_eq!((report.exit_status(), report.faults.len(), report.first()), (0, 0, None));
    }
}

#[test]
fn what_rests_on_two_slips_says_so() {
    let report = report("least-squares");
    let line = |name: &str| {
        let claim = report.claims.iter().find(|claim| claim.name == name).expect(name);
        claim.from.iter().map(|c| report.line(*c)).collect::<Vec<_>>()
    };
    assert_eq!((line("c"), line("s")), (vec![13], vec![13, 20]));
}

#[test]
fn the_slips_are_named_and_the_docs_say_how() {
    let mut table = String::from(
        "| sheet | statement | the slip | named at first | named now |\n|---|---|---|---|---|\n",
    );
    let (mut before, mut now) = (0, 0);
    for Key(sheet, name, done, kind, at_first) in SLIPS {
        let report = report(sheet);
        let claim = report.claims.iter().position(|claim| claim.name == name).expect(name);
        let first = report.explanations[claim].first();
        let says = first.map_or_else(String::new, |e| format!("{} `{}`", e.text, e.kind.text()));
        before += usize::from(at_first);
        now += usize::from(first.is_some_and(|e| e.kind.text() == kind));
        let at_first = if at_first { "yes" } else { "no" };
        table += &format!("| {sheet} | `{name}` | {done} | {at_first} | {says} |\n");
    }
    assert!(now >= 22, "{now} of {}", SLIPS.len());
    assert_eq!((before, now), (15, 27));
    let docs = read("../../docs/worksheet.md");
    assert!(docs.contains(&table), "docs/worksheet.md should show\n{table}");
}
