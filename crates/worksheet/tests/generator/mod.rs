//! Random correct sheets of small networks and of other workings, as a careful author writes them, with one slip
//! planted if asked for. It must not know the tool: its arithmetic is its own.

#![allow(dead_code, unreachable_pub)]

use std::collections::HashMap;

pub mod network;
pub mod slips;
pub mod workings;

/// A small generator of random numbers: the same seed, the same sheets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        ((self.next() >> 33) % n.max(1) as u64) as usize
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        (!all.is_empty()).then(|| &all[self.below(all.len())])
    }
}

/// An expression of the generator's own.
#[derive(Clone, Debug, PartialEq)]
pub enum X {
    Name(String),
    Number(f64),
    Add(Box<X>, Box<X>),
    Sub(Box<X>, Box<X>),
    Mul(Box<X>, Box<X>),
    Div(Box<X>, Box<X>),
    Square(Box<X>),
    Neg(Box<X>),
    Call(&'static str, Box<X>),
}

pub fn name(text: impl Into<String>) -> X {
    X::Name(text.into())
}

impl X {
    pub fn add(self, other: X) -> X {
        X::Add(self.into(), other.into())
    }

    pub fn sub(self, other: X) -> X {
        X::Sub(self.into(), other.into())
    }

    pub fn mul(self, other: X) -> X {
        X::Mul(self.into(), other.into())
    }

    pub fn div(self, other: X) -> X {
        X::Div(self.into(), other.into())
    }

    pub fn square(self) -> X {
        X::Square(self.into())
    }

    pub fn value(&self, get: &mut dyn FnMut(&str) -> f64) -> f64 {
        match self {
            X::Name(n) => get(n),
            X::Number(c) => *c,
            X::Add(a, b) => a.value(get) + b.value(get),
            X::Sub(a, b) => a.value(get) - b.value(get),
            X::Mul(a, b) => a.value(get) * b.value(get),
            X::Div(a, b) => a.value(get) / b.value(get),
            X::Square(a) => a.value(get).powi(2),
            X::Neg(a) => -a.value(get),
            X::Call("sigmoid", a) => 1.0 / (1.0 + (-a.value(get)).exp()),
            X::Call("sin", a) => a.value(get).sin(),
            X::Call("cos", a) => a.value(get).cos(),
            X::Call("ln", a) => a.value(get).ln(),
            X::Call("log10", a) => a.value(get).log10(),
            X::Call(_, a) => a.value(get).tanh(),
        }
    }

    pub fn text(&self, show: &dyn Fn(&str) -> String) -> String {
        let inner = |x: &X| match x {
            X::Add(..) | X::Sub(..) | X::Neg(_) => format!("({})", x.text(show)),
            _ => x.text(show),
        };
        match self {
            X::Name(n) => show(n),
            X::Number(c) => c.to_string(),
            X::Add(a, b) => format!("{} + {}", a.text(show), b.text(show)),
            X::Sub(a, b) => format!("{} - {}", a.text(show), inner(b)),
            X::Mul(a, b) => format!("{}*{}", inner(a), inner(b)),
            X::Div(a, b) => match **b {
                X::Mul(..) | X::Div(..) => format!("{}/({})", inner(a), b.text(show)),
                _ => format!("{}/{}", inner(a), inner(b)),
            },
            X::Square(a) => format!("{}^2", inner(a)),
            X::Neg(a) => format!("-{}", inner(a)),
            X::Call(f, a) => format!("{f}({})", a.text(show)),
        }
    }

    pub fn names(&self) -> Vec<String> {
        match self {
            X::Name(n) => vec![n.clone()],
            X::Number(_) => Vec::new(),
            X::Add(a, b) | X::Sub(a, b) | X::Mul(a, b) | X::Div(a, b) => {
                [a.names(), b.names()].concat()
            }
            X::Square(a) | X::Neg(a) | X::Call(_, a) => a.names(),
        }
    }
}

/// One line of a sheet.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub formula: X,
}

/// How the author carries numbers on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Carry {
    Rounded,
    Full,
    Mixed,
}

/// A sheet before it is worked out.
#[derive(Clone, Debug)]
pub struct Plan {
    pub givens: Vec<(String, f64)>,
    pub lines: Vec<Line>,
    pub decimals: usize,
    pub carry: Carry,
    pub shows_numbers: bool,
    /// Whether the inputs of the activations are not worked out on lines of their own.
    pub silent: bool,
    /// Whether a wrong formula for a derivative is written down, and the numbers put into it.
    pub follows: bool,
}

/// What stands in place of the right working on one line.
#[derive(Clone, Debug)]
pub struct Slip {
    pub line: usize,
    pub kind: &'static str,
    pub wrong: Wrong,
}

/// The wrong working itself.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// Another formula is worked out.
    Formula(X),
    /// This value comes out.
    Value(f64),
    /// These digits are written.
    Digits(String),
}

/// A sheet, worked out.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub text: String,
    /// The line of the text on which the slip stands, from 1.
    pub slip_line: Option<usize>,
}

/// The values at full precision, without any slip.
pub fn truth(plan: &Plan, given: &[(String, f64)]) -> HashMap<String, f64> {
    let mut values: HashMap<String, f64> = given.iter().cloned().collect();
    for line in &plan.lines {
        let value = line.formula.value(&mut |n| values[n]);
        values.insert(line.name.clone(), value);
    }
    values
}

/// Works a plan out as the author does; nothing if the slip does not show in the digits.
pub fn work_out(plan: &Plan, slip: Option<&Slip>, random: &mut Random) -> Option<Sheet> {
    let mut text = String::new();
    for (name, value) in &plan.givens {
        text += &format!("{name} = {value}\n");
    }
    let mut full: HashMap<String, f64> = plan.givens.iter().cloned().collect();
    let mut printed: HashMap<String, String> =
        plan.givens.iter().map(|(n, v)| (n.clone(), v.to_string())).collect();
    let mut slip_line = None;
    for (index, line) in plan.lines.iter().enumerate() {
        let mut used: HashMap<String, f64> = HashMap::new();
        let mut get = |n: &str| {
            let rounded = match plan.carry {
                Carry::Rounded => true,
                Carry::Full => false,
                Carry::Mixed => random.below(2) == 0,
            };
            let value = if rounded { printed[n].parse().unwrap() } else { full[n] };
            *used.entry(n.to_owned()).or_insert(value)
        };
        let right = line.formula.value(&mut get);
        let here = slip.filter(|s| s.line == index);
        let (value, digits) = match here.map(|s| &s.wrong) {
            None => (right, show(right, plan.decimals)),
            Some(Wrong::Formula(x)) => {
                let value = x.value(&mut get);
                (value, show(value, plan.decimals))
            }
            Some(Wrong::Value(value)) => (*value, show(*value, plan.decimals)),
            Some(Wrong::Digits(digits)) => (digits.parse().unwrap(), digits.clone()),
        };
        if here.is_some() {
            let unit = 10f64.powi(-(plan.decimals as i32));
            let written: f64 = digits.parse().unwrap();
            if (written - right).abs() < 6.0 * unit || written == 0.0 {
                return None;
            }
            slip_line = Some(text.lines().count() + 1);
        }
        let worked = match here.map(|s| &s.wrong) {
            Some(Wrong::Formula(x)) => x,
            _ => &line.formula,
        };
        let follows = plan.follows && line.name.starts_with('d');
        let formula = if follows { worked } else { &line.formula }.text(&|n| n.to_owned());
        let shows = plan.shows_numbers && !matches!(here.map(|s| &s.wrong), Some(Wrong::Value(_)));
        let numbers = match shows && !worked.names().is_empty() {
            true => format!(" = {}", worked.text(&|n| signed(&printed[n]))),
            false => String::new(),
        };
        full.insert(line.name.clone(), value);
        if plan.silent && here.is_none() && line.name.starts_with(['z', 'y']) {
            text += &format!("{} = {formula}\n", line.name);
            printed.insert(line.name.clone(), format!("{value:?}"));
        } else {
            text += &format!("{} = {formula}{numbers} = {digits}\n", line.name);
            printed.insert(line.name.clone(), digits);
        }
    }
    Some(Sheet { text, slip_line })
}

fn signed(number: &str) -> String {
    if number.starts_with('-') { format!("({number})") } else { number.to_owned() }
}

pub fn show(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}
