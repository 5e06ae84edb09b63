//! How good the diagnosis is, measured on random sheets: how often a planted slip is found, and
//! its kind named; how often a clean sheet is accused; how often a random number is explained.
//!
//! `cargo test --release -p wengert-worksheet --test measured -- --nocapture` prints the figures.

mod generator;

use generator::{Plan, Random, Sheet, Slip, Wrong, slips, slips::plan_for, truth, work_out};
use wengert_worksheet::{
    judge::Verdict,
    report::{Options, Report, check},
    source::Source,
};

const SHEETS: u64 = 1000;
const SHEETS_OF_A_KIND: u64 = 100;

/// The first seed: `WENGERT_FIRST_SEED` measures on sheets that nothing was tuned on.
fn first_seed() -> u64 {
    std::env::var("WENGERT_FIRST_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn report(sheet: &Sheet) -> Report {
    check(Source::new("sheet.ws", sheet.text.as_str()), Options::default())
}

#[test]
fn clean_sheets_are_not_accused() {
    for seed in first_seed()..first_seed() + SHEETS {
        let mut random = Random::new(seed);
        let plan = plan_for("", &mut random);
        let sheet = work_out(&plan, None, &mut random).expect("a sheet");
        let report = report(&sheet);
        let wrong =
            report.claims.iter().find(|c| c.verdict.is_wrong() || c.verdict == Verdict::Unchecked);
        assert!(report.problems.is_empty(), "seed {seed}: {:?}", report.problems);
        let link = report.faulty_links().next();
        assert!(link.is_none(), "seed {seed} {:?}: {link:?}\n{}", plan.carry, sheet.text);
        if let Some(claim) = wrong {
            let line = report.model.sources.line(claim.span);
            panic!("seed {seed} {:?}, line {line}: {claim:?}\n{}", plan.carry, sheet.text);
        }
    }
}

/// Wrong formulas of derivatives, written down, with the numbers put in and their result.
#[test]
fn wrong_formulas_are_found_however_faithfully_they_are_followed() {
    let (mut total, mut named) = (0, 0);
    for (seed, kind) in (first_seed()..).zip(["sign", "factor", "path", "neighbour"].repeat(100)) {
        let found = (0..50).find_map(|again| {
            let mut random = Random::new(seed + 1_000_003 * again + 5);
            let mut plan = plan_for(kind, &mut random);
            (plan.follows, plan.shows_numbers) = (true, random.below(2) == 0);
            let slip = slips::slip(kind, &plan, &mut random)?;
            let derivative = plan.lines[slip.line].name.starts_with('d');
            work_out(&plan, Some(&slip), &mut random).filter(|_| derivative)
        });
        let Some(sheet) = found else { continue };
        let report = report(&sheet);
        let slip = report.claims.iter().position(|claim| claim.verdict == Verdict::Slip);
        let line = slip.map(|claim| report.line(claim as u32));
        assert_eq!((line, report.exit_status()), (sheet.slip_line, 1), "{seed}\n{}", sheet.text);
        assert!(slip.is_some_and(|claim| report.in_formula[claim]), "{seed}\n{}", sheet.text);
        let says = slip.and_then(|claim| report.explanations[claim].first());
        total += 1;
        named += u64::from(says.is_some_and(|e| e.kind.text() == kind));
    }
    println!("wrong formulas followed: {total}, kind named first {:.0}%", percent(named, total));
    assert!(total >= 390 && percent(named, total) >= 90.0);
}

/// A sheet with a slip of a kind, from the first seed at or after `seed` that allows one.
fn planted(kind: &'static str, seed: u64) -> Option<(Plan, Slip, Sheet)> {
    (0..50).find_map(|again| {
        let mut random = Random::new(seed + 1_000_003 * again + 17);
        let plan = plan_for(kind, &mut random);
        let slip = slips::slip(kind, &plan, &mut random)?;
        let sheet = work_out(&plan, Some(&slip), &mut random)?;
        Some((plan, slip, sheet))
    })
}

#[test]
fn planted_slips_are_found_and_named() {
    let each = SHEETS_OF_A_KIND;
    let (mut all, mut all_found, mut all_named) = (0, 0, 0);
    println!("kind        sheets  first slip found  kind named first");
    for kind in slips::KINDS {
        let (mut total, mut found, mut named) = (0, 0, 0);
        for seed in first_seed()..first_seed() + each {
            let Some((plan, slip, sheet)) = planted(kind, seed) else { continue };
            let report = report(&sheet);
            let first = report.claims.iter().position(|c| c.verdict == Verdict::Slip);
            let here = first.filter(|i| Some(report.line(*i as u32)) == sheet.slip_line);
            total += 1;
            found += u64::from(here.is_some());
            let says = here.and_then(|i| report.explanations[i].first()).map(|e| e.kind.text());
            named += u64::from(says == Some(kind));
            if std::env::var_os("SHOW").is_some() && (here.is_none() || says != Some(kind)) {
                let line = sheet.slip_line.unwrap_or(1);
                println!(
                    "  {kind} seed {seed} {:?}: {:?} said {:?}",
                    plan.carry,
                    slip.wrong,
                    first.map(|i| &report.explanations[i])
                );
                println!(
                    "     found on {:?}, planted on {line}: {}",
                    first.map(|i| report.line(i as u32)),
                    sheet.text.lines().nth(line - 1).unwrap_or("")
                );
            }
        }
        println!(
            "{kind:<11} {total:>6} {found:>13} {:>3.0}% {named:>12} {:>3.0}%",
            percent(found, total),
            percent(named, total)
        );
        all += total;
        all_found += found;
        all_named += named;
    }
    println!(
        "all         {all:>6} {all_found:>13} {:>3.0}% {all_named:>12} {:>3.0}%",
        percent(all_found, all),
        percent(all_named, all)
    );
    assert_eq!(all_found, all);
    assert!(percent(all_named, all) >= 90.0);
}

fn percent(part: u64, all: u64) -> f64 {
    100.0 * part as f64 / all.max(1) as f64
}

#[test]
fn random_wrong_numbers_are_seldom_explained() {
    let (mut total, mut explained) = (0, 0);
    let mut by_kind = std::collections::BTreeMap::<&str, u64>::new();
    for seed in first_seed()..first_seed() + SHEETS {
        let mut random = Random::new(seed + 77_777);
        let plan = plan_for("random", &mut random);
        let line = random.below(plan.lines.len());
        let right = truth(&plan, &plan.givens)[&plan.lines[line].name];
        let wrong = Wrong::Value(right * (0.5 + 1.5 * random.unit()));
        let slip = Slip { line, kind: "random", wrong };
        let Some(sheet) = work_out(&plan, Some(&slip), &mut random) else { continue };
        let report = report(&sheet);
        let first = report.claims.iter().position(|c| c.verdict == Verdict::Slip);
        let Some(first) = first.filter(|i| Some(report.line(*i as u32)) == sheet.slip_line) else {
            continue;
        };
        total += 1;
        if let Some(e) = report.explanations[first].first() {
            explained += 1;
            *by_kind.entry(e.kind.text()).or_default() += 1;
        }
    }
    println!(
        "random wrong numbers: {total}, explained {explained} ({:.1}%) {by_kind:?}",
        percent(explained, total)
    );
    assert!(percent(explained, total) < 10.0);
}
