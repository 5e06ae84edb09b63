//! Large sheets and hostile ones: linear time, clear errors, never a crash.

mod generator;

use std::time::{Duration, Instant};

use generator::{Random, network::plan, work_out};
use wengert_worksheet::{
    judge::Verdict,
    render,
    report::{Options, Report, check},
    source::Source,
};

fn report(name: &str, text: &str) -> Report {
    check(Source::new(name, text), Options::default())
}

/// Many networks on one sheet, each with names of its own.
fn large(statements: usize) -> String {
    let mut text = String::new();
    let mut block = 0;
    while text.lines().count() < statements {
        let mut random = Random::new(block);
        let plan = plan(&mut random);
        let sheet = work_out(&plan, None, &mut random).expect("a sheet");
        let letters = format!("{}{}", letter(block / 26), letter(block % 26));
        text += &renamed(&sheet.text, &letters);
        block += 1;
    }
    text
}

fn letter(n: u64) -> char {
    char::from(b'a' + (n % 26) as u8)
}

/// Every name with letters put behind it: `w1'` becomes `w1_ab'`, `dE/dw1` stays a derivative.
fn renamed(text: &str, letters: &str) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars() {
        if c.is_alphanumeric() && !(word.is_empty() && c.is_ascii_digit()) {
            word.push(c);
            continue;
        }
        let function = ["sigmoid", "tanh"].contains(&word.as_str());
        if !word.is_empty() && !function {
            word = format!("{word}_{letters}");
        }
        out += &std::mem::take(&mut word);
        out.push(c);
    }
    out
}

fn timed(text: &str) -> (Report, Duration) {
    let start = Instant::now();
    let report = report("sheet.ws", text);
    (report, start.elapsed())
}

#[test]
fn ten_thousand_statements_in_a_second() {
    let text = large(10_000);
    let (report, time) = timed(&text);
    println!("{} statements, {} claims: {time:?}", text.lines().count(), report.claims.len());
    assert!(report.problems.is_empty(), "{:?}", report.problems.first());
    assert!(report.claims.len() > 6_000 && report.claims.iter().all(|c| !c.verdict.is_wrong()));
    if !cfg!(debug_assertions) {
        assert!(time < Duration::from_secs(1), "{time:?}");
    }
}

#[test]
fn a_long_chain_of_quantities() {
    let mut text = String::from("x0 = 0.5\n");
    for i in 1..=5_000 {
        text += &format!("x{i} = x{}*0.999 + 0.001 = ?\n", i - 1);
    }
    for i in (0..5_000).step_by(2) {
        text += &format!("dx5000/dx{i} = ?\n");
    }
    let (report, time) = timed(&text);
    println!("a chain of {} statements: {time:?}", text.lines().count());
    assert!(report.claims.iter().all(|c| c.verdict == Verdict::Answered));
}

#[test]
fn every_number_wrong() {
    let mut text = String::from("x1 = 0.5\nw1 = 0.3\n");
    for i in 2..=3_000 {
        text += &format!("x{i} = sigmoid(w1*x{} + 0.1) = 0.{:04}\n", i - 1, (i * 7919) % 10_000);
    }
    let (report, time) = timed(&text);
    println!("{} wrong numbers: {time:?}", report.claims.len());
    assert!(report.summary().count(Verdict::Slip) > 2_000);
}

#[test]
fn deep_and_long_expressions_are_evaluated() {
    let nested = format!("x = {}1{} = 1", "(".repeat(1000), ")".repeat(1000));
    assert_eq!(report("s.ws", &nested).claims[0].verdict, Verdict::Ok);
    let long = format!("a = 1\nx = a{} = 600001", "+1".repeat(600_000));
    assert_eq!(report("s.ws", &long).claims[0].verdict, Verdict::Ok);
    let wrong = format!("a = 1\nx = a{} = 600002", "+1".repeat(600_000));
    assert_eq!(report("s.ws", &wrong).claims[0].verdict, Verdict::Slip);
    let deeper = format!("x = {}1{} = 1", "(".repeat(1001), ")".repeat(1001));
    assert_eq!(report("s.ws", &deeper).problems[0].code.text(), "nesting");
}

#[test]
fn large_files_are_read_or_refused() {
    for piece in [
        "a=1\n",
        ";\n",
        "$x=1$\n",
        "$\\foo=1$ ",
        "x=(",
        "-",
        "1+",
        "#\n",
        "x=x-1\n",
        "= ",
        "\\frac{",
    ] {
        for name in ["s.ws", "s.md"] {
            let text = piece.repeat((2 << 20) / piece.len());
            let start = Instant::now();
            let report = report(name, &text);
            let time = start.elapsed();
            println!("{name} {piece:?}: {time:?}, {} claims", report.claims.len());
            assert!(time < Duration::from_secs(60), "{time:?}");
        }
    }
}

/// How many hostile sheets to try: more if `WENGERT_SEEDS` says so.
fn seeds(few: u64) -> u64 {
    std::env::var("WENGERT_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// Pieces of which hostile sheets are made.
const PIECES: [&str; 48] = [
    "x",
    "x1",
    "w5'",
    "w5+",
    "dE/dw",
    "dE_dw",
    "∂E/∂w",
    "d(E)/d(w)",
    "d E / d w",
    "E",
    "w",
    "=",
    "= ",
    "~",
    "?",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    ",",
    "0.5",
    "1e-3",
    "1e308",
    "-2",
    "½",
    "²",
    "#",
    "\n",
    "\n",
    "\n",
    "sigmoid(",
    "max(",
    "clamp(1, 3, 2)",
    "polygamma(",
    "log(",
    "\\frac{",
    "}{",
    "}",
    "$",
    "$$",
    "\\begin{align}",
    "\\end{align}",
    "\\hat{y}_1",
    "\\\\",
    "```worksheet\n",
];

#[test]
fn no_sheet_crashes_the_check() {
    for seed in 0..seeds(3_000) {
        let mut random = Random::new(seed);
        let pieces = 1 + random.below(60);
        let text: String = (0..pieces).map(|_| PIECES[random.below(PIECES.len())]).collect();
        for name in ["s.ws", "s.md"] {
            let page = Source::new(name, text.as_str());
            let given = Source::new("--given", "E = w^2 + x1\nw = 0.5");
            let aliases = vec!["x=x1".to_owned()];
            let options = Options { givens: vec![given], aliases, absolute: seed % 7 == 0 };
            let report = check(page, options);
            render::human(&report, seed % 2 == 0);
            render::short(&report);
            render::json(&report);
            render::sarif([&report]);
        }
    }
}

#[test]
fn broken_sheets_do_not_crash_either() {
    let good = large(60);
    for seed in 0..seeds(600) {
        let mut random = Random::new(seed);
        let mut chars: Vec<char> = good.chars().collect();
        for _ in 0..1 + random.below(8) {
            let at = random.below(chars.len());
            match random.below(3) {
                0 => drop(chars.remove(at)),
                1 => chars
                    .insert(at, PIECES[random.below(PIECES.len())].chars().next().unwrap_or('x')),
                _ => chars.swap(at, random.below(good.chars().count() / 2)),
            }
        }
        let text: String = chars.into_iter().collect();
        render::human(&report("s.ws", &text), false);
    }
}
