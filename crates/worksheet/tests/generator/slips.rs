//! The slips that are planted, one maker for each kind of the table.
//! It must not know how they are found.

use super::{Plan, Random, Slip, Wrong, X, network, show, truth, workings};

pub const KINDS: [&str; 15] = [
    "neighbour",
    "stale",
    "printed",
    "reused",
    "sign",
    "factor",
    "path",
    "updated",
    "place",
    "term",
    "exchanged",
    "function",
    "degrees",
    "point",
    "digits",
];

/// A plan that allows a kind: networks for what goes wrong in them, other workings for the rest.
pub fn plan_for(kind: &str, random: &mut Random) -> Plan {
    match kind {
        "function" | "degrees" | "exchanged" | "point" => workings::plan(random),
        "term" | "random" | "" if random.below(2) == 0 => workings::plan(random),
        _ => network::plan(random),
    }
}

/// A random slip of a kind; nothing if the first places tried do not allow one.
pub fn slip(kind: &'static str, plan: &Plan, random: &mut Random) -> Option<Slip> {
    (0..40).find_map(|_| {
        let line = random.below(plan.lines.len());
        let wrong = match kind {
            "neighbour" => neighbour(plan, line, random),
            "stale" => stale(plan, line, random),
            "printed" => printed(plan, line, random),
            "reused" => reused(plan, line, random),
            "sign" => sign(&plan.lines[line].formula, random).map(Wrong::Formula),
            "factor" => factor(&plan.lines[line].formula, random).map(Wrong::Formula),
            "path" => path(plan, line, random),
            "updated" => updated(plan, line, random),
            "place" => place(plan, line, random),
            "term" => term(plan, line, random),
            "exchanged" => exchanged(&plan.lines[line].formula, random),
            "function" => one_of(&functions(&plan.lines[line].formula), random),
            "degrees" => one_of(&angles(&plan.lines[line].formula), random),
            "point" => point(plan, line, random),
            _ => digits(plan, line, random),
        }?;
        Some(Slip { line, kind, wrong })
    })
}

fn family(name: &str) -> String {
    let letters = name.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty());
    letters.collect::<Vec<_>>().join("#")
}

/// The expression with one name put in place of another: everywhere, or at one occurrence.
fn swap(x: &X, from: &str, to: &str) -> X {
    let go = |x: &X| Box::new(swap(x, from, to));
    match x {
        X::Name(n) if n == from => X::Name(to.to_owned()),
        X::Name(_) | X::Number(_) => x.clone(),
        X::Add(a, b) => X::Add(go(a), go(b)),
        X::Sub(a, b) => X::Sub(go(a), go(b)),
        X::Mul(a, b) => X::Mul(go(a), go(b)),
        X::Div(a, b) => X::Div(go(a), go(b)),
        X::Square(a) => X::Square(go(a)),
        X::Neg(a) => X::Neg(go(a)),
        X::Call(f, a) => X::Call(f, go(a)),
    }
}

/// The names that are known above a line.
fn above(plan: &Plan, line: usize) -> Vec<String> {
    let given = plan.givens.iter().map(|(n, _)| n.clone());
    given.chain(plan.lines[..line].iter().map(|l| l.name.clone())).collect()
}

fn neighbour(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let formula = &plan.lines[line].formula;
    let from = random.pick(&formula.names())?.clone();
    let near = |n: &String| !n.contains('/') && *n != from && family(n) == family(&from);
    let rivals: Vec<String> = above(plan, line).into_iter().filter(near).collect();
    Some(Wrong::Formula(swap(formula, &from, random.pick(&rivals)?)))
}

/// The line worked out with an older value of an input: one that its formula reads, or that the
/// formula of a quantity reads that stands on the sheet without a number.
fn stale(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let of = &plan.lines[line].name;
    if of.contains('/') || of.contains('\'') || of.starts_with('E') {
        return None;
    }
    let mut reads = plan.lines[line].formula.names();
    if plan.silent && of.starts_with(['h', 'o']) {
        let inner = plan.lines.iter().find(|l| l.name == reads[0])?;
        reads = inner.formula.names();
    }
    let mut givens = plan.givens.clone();
    let inputs: Vec<usize> = (0..givens.len()).filter(|i| reads.contains(&givens[*i].0)).collect();
    let input = *random.pick(&inputs)?;
    let ratio = 0.6 + 1.2 * random.unit();
    givens[input].1 = (givens[input].1 * ratio * 100.0).round() / 100.0;
    if givens[input].1 >= 1.0 {
        return None;
    }
    let value = truth(plan, &givens)[of];
    (value != truth(plan, &plan.givens)[of]).then_some(Wrong::Value(value))
}

fn printed(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let formula = &plan.lines[line].formula;
    let from = random.pick(&formula.names())?.clone();
    let recent = &plan.lines[line.saturating_sub(4)..line];
    let strange = |n: &String| *n != from && family(n) != family(&from) && !related(n, &from);
    let silent = |n: &String| plan.silent && n.starts_with(['z', 'y']);
    let names = recent.iter().map(|l| l.name.clone());
    let rivals: Vec<String> = names.filter(|n| strange(n) && !silent(n)).collect();
    Some(Wrong::Formula(swap(formula, &from, random.pick(&rivals)?)))
}

/// Whether two names are before and after an activation or an update: those are other kinds.
fn related(a: &str, b: &str) -> bool {
    let pair = |a: &str, b: &str| {
        let same = a.get(1..) == b.get(1..);
        same && matches!((&a[..1], &b[..1]), ("z", "h") | ("y", "o"))
    };
    pair(a, b) || pair(b, a) || format!("{a}'") == b || format!("{b}'") == a
}

fn reused(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let formula = &plan.lines[line].formula;
    let names = formula.names();
    let from = names.iter().find(|n| n.starts_with("dE/dw"))?;
    let near = |n: &String| n != from && n.starts_with("dE/dw");
    let rivals: Vec<String> = above(plan, line).into_iter().filter(near).collect();
    Some(Wrong::Formula(swap(formula, from, random.pick(&rivals)?)))
}

/// Every way in which one sign of an expression turns.
fn signs(x: &X) -> Vec<X> {
    let mut all = match x {
        X::Sub(a, b) => vec![X::Add(a.clone(), b.clone())],
        X::Add(a, b) => vec![X::Sub(a.clone(), b.clone())],
        X::Neg(a) => vec![(**a).clone()],
        _ => Vec::new(),
    };
    all.extend(inside(x, &signs));
    all
}

/// Every way in which one factor of an expression is dropped.
fn factors(x: &X) -> Vec<X> {
    let mut all = match x {
        X::Mul(a, b) => vec![(**a).clone(), (**b).clone()],
        X::Square(a) => vec![(**a).clone()],
        _ => Vec::new(),
    };
    all.extend(inside(x, &factors));
    all
}

fn inside(x: &X, change: &dyn Fn(&X) -> Vec<X>) -> Vec<X> {
    let pair = |a: &X, b: &X, make: &dyn Fn(Box<X>, Box<X>) -> X| {
        let left = change(a).into_iter().map(|n| make(n.into(), b.clone().into()));
        let right = change(b).into_iter().map(|n| make(a.clone().into(), n.into()));
        left.chain(right).collect::<Vec<X>>()
    };
    match x {
        X::Add(a, b) => pair(a, b, &X::Add),
        X::Sub(a, b) => pair(a, b, &X::Sub),
        X::Mul(a, b) => pair(a, b, &X::Mul),
        X::Div(a, b) => pair(a, b, &X::Div),
        X::Square(a) => change(a).into_iter().map(|n| X::Square(n.into())).collect(),
        X::Neg(a) => change(a).into_iter().map(|n| X::Neg(n.into())).collect(),
        X::Call(f, a) => change(a).into_iter().map(|n| X::Call(f, n.into())).collect(),
        _ => Vec::new(),
    }
}

fn sign(x: &X, random: &mut Random) -> Option<X> {
    random.pick(&signs(x)).cloned()
}

fn factor(x: &X, random: &mut Random) -> Option<X> {
    random.pick(&factors(x)).cloned()
}

/// One term of a sum over paths lost.
fn path(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let Line { name, formula } = &plan.lines[line];
    match formula {
        X::Add(a, b) if name.starts_with("dE/dh") => {
            Some(Wrong::Formula(if random.below(2) == 0 { (**a).clone() } else { (**b).clone() }))
        }
        _ => None,
    }
}

use super::Line;

/// An updated weight, or all of them, in a gradient of the layer below.
fn updated(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let formula = &plan.lines[line].formula;
    let known = above(plan, line);
    let weights: Vec<String> = formula
        .names()
        .into_iter()
        .filter(|n| n.starts_with('w') && known.contains(&format!("{n}'")))
        .collect();
    let all = random.below(2) == 0;
    let one = random.pick(&weights)?.clone();
    let swapped = weights.iter().filter(|w| all || **w == one);
    Some(Wrong::Formula(swapped.fold(formula.clone(), |x, w| swap(&x, w, &format!("{w}'")))))
}

/// The activation not applied, its argument in place of its result, or the reverse.
fn place(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let formula = &plan.lines[line].formula;
    if let X::Call(_, inner) = formula {
        return Some(Wrong::Formula((**inner).clone()));
    }
    let other = |n: &String| {
        let to = match &n[..1] {
            "h" => format!("z{}", &n[1..]),
            "o" => format!("y{}", &n[1..]),
            _ => return None,
        };
        Some((n.clone(), to))
    };
    let pairs: Vec<(String, String)> = formula.names().iter().filter_map(other).collect();
    let (from, to) = random.pick(&pairs)?;
    Some(Wrong::Formula(swap(formula, from, to)))
}

fn one_of(wrong: &[X], random: &mut Random) -> Option<Wrong> {
    random.pick(wrong).cloned().map(Wrong::Formula)
}

/// One term of a sum left out; sums over paths are another kind.
fn term(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    fn without(x: &X) -> Vec<X> {
        let X::Add(a, b) = x else { return Vec::new() };
        let mut all = vec![(**a).clone()];
        match **a {
            X::Add(..) => all.extend(without(a).into_iter().map(|a| a.add((**b).clone()))),
            _ => all.push((**b).clone()),
        }
        all
    }
    let Line { name, formula } = &plan.lines[line];
    let paths = name.starts_with('d');
    one_of(&if paths { Vec::new() } else { without(formula) }, random)
}

/// A quotient turned over, or two names each in place of the other.
fn exchanged(formula: &X, random: &mut Random) -> Option<Wrong> {
    fn turned(x: &X) -> Vec<X> {
        let mut all = match x {
            X::Div(a, b) => vec![X::Div(b.clone(), a.clone())],
            _ => Vec::new(),
        };
        all.extend(inside(x, &turned));
        all
    }
    if random.below(2) == 0 {
        return one_of(&turned(formula), random);
    }
    let names = formula.names();
    let (a, b) = (random.pick(&names)?, random.pick(&names)?);
    let angle = |name: &str| name == "th" || name == "ph";
    if a == b || angle(a) || angle(b) {
        return None;
    }
    Some(Wrong::Formula(swap(&swap(&swap(formula, a, "?"), b, a), "?", b)))
}

/// Every way in which one function is taken for another of its sort.
fn functions(x: &X) -> Vec<X> {
    let other = |f: &str| match f {
        "ln" => Some("log10"),
        "log10" => Some("ln"),
        "sin" => Some("cos"),
        "cos" => Some("sin"),
        _ => None,
    };
    let mut all = match x {
        X::Call(f, a) => other(f).map(|f| X::Call(f, a.clone())).into_iter().collect(),
        _ => Vec::new(),
    };
    all.extend(inside(x, &functions));
    all
}

/// Every way in which one angle is taken in the wrong unit.
fn angles(x: &X) -> Vec<X> {
    let degrees = 180.0 / std::f64::consts::PI;
    let mut all = match x {
        X::Call(f @ ("sin" | "cos"), a) => [degrees, 1.0 / degrees]
            .map(|by| X::Call(f, Box::new((**a).clone().mul(X::Number(by)))))
            .to_vec(),
        _ => Vec::new(),
    };
    all.extend(inside(x, &angles));
    all
}

/// A decimal point in the wrong place: in an operand, or in the result.
fn point(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let Line { name: of, formula } = &plan.lines[line];
    let by = [0.1, 10.0][random.below(2)];
    if random.below(2) == 0 {
        return Some(Wrong::Value(truth(plan, &plan.givens)[of] * by));
    }
    fn scaled(x: &X, by: f64) -> Vec<X> {
        match x {
            X::Name(_) => vec![x.clone().mul(X::Number(by))],
            _ => inside(x, &|x| scaled(x, by)),
        }
    }
    one_of(&scaled(formula, by), random)
}

/// Two neighbouring digits transposed, or one wrong.
fn digits(plan: &Plan, line: usize, random: &mut Random) -> Option<Wrong> {
    let value = truth(plan, &plan.givens)[&plan.lines[line].name];
    if plan.carry != super::Carry::Full {
        return None;
    }
    let mut text: Vec<char> = show(value, plan.decimals).chars().collect();
    let point = text.iter().position(|c| *c == '.')?;
    let at = point + 1 + random.below(plan.decimals - 1);
    if random.below(2) == 0 {
        text.swap(at, at + 1);
    } else {
        text[at] = char::from_digit(random.below(10) as u32, 10)?;
    }
    Some(Wrong::Digits(text.into_iter().collect()))
}
