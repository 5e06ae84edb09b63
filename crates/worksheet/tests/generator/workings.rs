//! Random sheets that are no network: quotients, angles, logarithms, sums of squares.
//! It must not know the tool.

use super::{Carry, Line, Plan, Random, X, name, truth};

/// The names of what is worked out.
const RESULTS: [&str; 9] = ["u", "v", "r", "s", "k", "n", "G", "H", "W"];
/// The names of the numbers given, and the least and greatest hundredths of each.
const GIVENS: [(&str, usize, usize); 8] = [
    ("a", 105, 950),
    ("b", 105, 950),
    ("c", 105, 950),
    ("d", 105, 950),
    ("p", 5, 95),
    ("q", 5, 95),
    ("th", 20, 140),
    ("ph", 20, 140),
];

/// A random plan.
pub fn plan(random: &mut Random) -> Plan {
    let given = |&(name, low, high): &(&str, usize, usize), random: &mut Random| {
        (name.to_owned(), (low + random.below(high - low)) as f64 / 100.0)
    };
    let givens = GIVENS.iter().map(|g| given(g, random)).collect();
    let carry = [Carry::Rounded, Carry::Full, Carry::Mixed][random.below(3)];
    let (decimals, shows_numbers) = (4 + random.below(3), random.below(3) == 0);
    let mut plan = Plan {
        givens,
        lines: Vec::new(),
        decimals,
        carry,
        shows_numbers,
        silent: false,
        follows: false,
    };
    for result in RESULTS {
        // A number that a person would work on with: neither next to nothing nor huge.
        let fitting = (0..40).find_map(|_| {
            let line = Line { name: result.to_owned(), formula: formula(&plan, random) };
            plan.lines.push(line);
            let value = truth(&plan, &plan.givens)[result].abs();
            let line = plan.lines.pop();
            line.filter(|_| (0.1..500.0).contains(&value))
        });
        plan.lines.extend(fitting);
    }
    plan
}

fn formula(plan: &Plan, random: &mut Random) -> X {
    let known: Vec<String> = GIVENS[..6]
        .iter()
        .map(|g| g.0.to_owned())
        .chain(plan.lines.iter().map(|line| line.name.clone()))
        .collect();
    let mut left = known;
    let mut any = |random: &mut Random| name(left.swap_remove(random.below(left.len())));
    let call = |f: &'static str, x: X| X::Call(f, x.into());
    match random.below(7) {
        0 => any(random).mul(call(["sin", "cos"][random.below(2)], name("th"))).add(any(random)),
        1 => any(random).div(any(random).add(any(random))),
        2 => any(random).mul(call(["ln", "log10"][random.below(2)], name("p"))).add(any(random)),
        3 => any(random).mul(any(random)).add(any(random).mul(any(random))).add(any(random)),
        4 => any(random).square().add(any(random).square()).add(any(random).square()),
        5 => any(random).sub(any(random)).div(any(random)),
        _ => any(random).div(any(random)).add(call(["sin", "cos"][random.below(2)], name("ph"))),
    }
}
