//! Large sheets and hostile ones: linear time, clear errors, never a crash.

mod generator;

use generator::{Random, network::plan, work_out};
use wengert_worksheet::{
    diagnose::Extent,
    judge::Verdict,
    message, render,
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

/// The report, and how often memory was asked for on the way to it: a measure of the work that no load
/// of the machine changes.
fn measured(name: &str, text: &str) -> (Report, u64) {
    let mut made = None;
    let info = allocation_counter::measure(|| made = Some(report(name, text)));
    (made.expect("a report"), info.count_total)
}

#[test]
fn ten_thousand_statements_take_work_by_the_statement() {
    let [(few, _), (many, claims)] = [5_000, 10_000].map(|statements| {
        let text = large(statements);
        let (report, work) = measured("sheet.ws", &text);
        println!("{} statements, {} claims: {work}", text.lines().count(), report.claims.len());
        assert!(report.problems.is_empty(), "{:?}", report.problems.first());
        assert!(report.claims.iter().all(|c| !c.verdict.is_wrong()));
        let of_one = |count: f64| count / text.lines().count() as f64;
        (of_one(work as f64), of_one(report.claims.len() as f64))
    });
    assert!(few < 150.0 && many < 1.05 * few, "{few} and {many} for a statement");
    assert!(claims > 0.6, "{claims} claims for a statement");
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
    let (report, work) = measured("sheet.ws", &text);
    println!("a chain of {} statements: {work}", text.lines().count());
    assert!(report.claims.iter().all(|c| c.verdict == Verdict::Answered));
}

/// A sheet that must be checked with bounded work, however wrong it is: the search counts its steps.
fn soon(text: &str) -> Report {
    let (report, work) = measured("sheet.ws", text);
    assert!(work < 20_000_000, "memory was asked for {work} times");
    report
}

#[test]
fn where_every_number_is_wrong_the_first_are_explained() {
    let mut text = String::from("x1 = 0.5\nw1 = 0.3\n");
    for i in 2..10_000 {
        text += &format!("x{i} = sigmoid(w1*x{} + 0.1) = 0.{:04}\n", i - 1, (i * 7919) % 10_000);
    }
    let report = soon(&text);
    let first = |extent| report.extents.iter().position(|e| *e == extent).expect("such a slip");
    assert!(first(Extent::Digits) > 200);
    let last = message::messages(&report).pop().expect("a message").notes;
    assert!(last.iter().any(|note| note.starts_with("not searched for the slip")), "{last:?}");
    assert!(message::summary(&report).contains("slips were not searched into"));
}

#[test]
fn a_dense_network_without_numbers() {
    let (wide, deep) = (24, 7);
    let mut random = Random::new(1);
    let mut text = String::new();
    let mut layers = String::new();
    for layer in 0..deep {
        for i in 0..wide {
            if layer == 0 {
                layers += &format!("h0_{i} = 0.{}\n", 10 + random.below(90));
                continue;
            }
            let weight = |j: usize| format!("w{layer}_{i}_{j}");
            for j in 0..wide {
                text += &format!("{} = 0.{}\n", weight(j), 10 + random.below(90));
            }
            let terms = (0..wide).map(|j| format!("{}*h{}_{j}", weight(j), layer - 1));
            let sum = terms.collect::<Vec<_>>().join(" + ");
            layers += &format!("h{layer}_{i} = tanh({sum})\n");
        }
    }
    let squares = (0..wide).map(|i| format!("h{}_{i}^2", deep - 1)).collect::<Vec<_>>();
    text += &format!("{layers}E = {}\n", squares.join(" + "));
    for i in 0..100 {
        text += &format!("dE/dw1_{}_{} = 0.{}\n", i / wide, i % wide, 1000 + random.below(9000));
    }
    let summary = message::summary(&soon(&text));
    assert!(summary.contains("the search was cut short, the formula being too long"), "{summary}");
}

#[test]
fn derivatives_of_everything_by_one_input() {
    let mut text = String::from("x0 = 0.5\nw = 0.9\n");
    for i in 1..3_000 {
        text += &format!("x{i} = sigmoid(w*x{})\n", i - 1);
    }
    let claims = |number| (1..3_000).map(move |i| format!("dx{i}/dw = {number}\n"));
    let asked: String = claims("?").step_by(10).collect();
    assert_eq!(message::summary(&soon(&(text.clone() + &asked))), "0 right, 300 answered");
    let report = soon(&(text + &claims("0.9999").collect::<String>()));
    let last = report.claims.last().expect("a claim");
    let reason = last.reason.as_deref().expect("a reason");
    assert!(reason.starts_with("it is not true, but what follows from your own numbers"));
    assert!(report.summary().count(Verdict::Slip) > 500);
}

#[test]
fn a_thousand_steps_of_descent() {
    let mut text = String::from("x = 1\n");
    let prime = |k: usize| "'".repeat(k);
    for k in 0..60 {
        let (now, next) = (prime(k), prime(k + 1));
        text += &format!("E{k} = (x{now} - 3)^2/2\nx{next} = x{now} - 0.1*dE{k}/dx{now}\n");
    }
    let mut long = String::from("x0 = 1\n");
    for k in 0..1_000 {
        long += &format!("E{k} = (x{k} - 3)^2/2\nx{0} = x{k} - 0.1*dE{k}/dx{k}\n", k + 1);
    }
    for (text, of, steps) in [(text, "x'", 1), (long, "x1000", 1_000)] {
        let report = report("s.ws", &format!("{text}{of} = ?\n"));
        let value = report.claims[0].truth.expect("a value");
        assert!((value - (3.0 - 2.0 * 0.9f64.powi(steps))).abs() < 1e-12);
    }
}

#[test]
fn too_many_messages_are_cut_short() {
    let report = |name: &str, line: &str| report(name, &line.repeat(1_500));
    let errors = report("s.ws", "x = 2 3\n").problems;
    assert_eq!(errors.len(), 1_001);
    assert_eq!(errors[1_000].message, "more than 1000 errors: the rest is not read");
    assert_eq!(errors[1_000].labels[0].text, "from here on");
    let unread = report("s.md", "$x = \\foo = 1$ ").model.unread;
    assert_eq!(unread.len(), 1_001);
    assert_eq!(unread[1_000].reason, "and more that is not understood, from here on");
    let sum = format!("x = 1\ny = x{}", " +\nx".repeat(1_000_001));
    for (text, place) in [(sum, "this one is too many"), ("1 + 1 +\n".repeat(1_000_001), GOES_ON)] {
        let problem = &self::report("s.ws", &text).problems[0];
        assert_eq!(problem.message, "the sheet has more than 1000000 operations");
        assert_eq!(problem.labels[0].text, place);
    }
}

const GOES_ON: &str = "in the statement that goes on here";

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
            let size = if cfg!(debug_assertions) { 1 << 18 } else { 2 << 20 };
            let text = piece.repeat(size / piece.len());
            let (report, work) = measured(name, &text);
            let (_, half) = measured(name, &text[..text.len() / 2]);
            println!("{name} {piece:?}: {work}, {} claims", report.claims.len());
            assert!(
                work < 2 * half + 1000,
                "{name} {piece:?}: {half} for the half, {work} for all"
            );
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
    for seed in 0..seeds(2_000) {
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
    for seed in 0..seeds(200) {
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
