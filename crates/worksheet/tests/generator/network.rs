//! Random networks as plans: forward, errors, gradients, updates.
//! It must not plant any slip.

use super::{Carry, Line, Plan, Random, X, name};

struct Net {
    inputs: usize,
    hidden: usize,
    outputs: usize,
    activation: &'static str,
    rate: f64,
}

impl Net {
    fn hidden_weight(&self, j: usize, i: usize) -> String {
        format!("w{}", (j - 1) * self.inputs + i)
    }

    fn output_weight(&self, k: usize, j: usize) -> String {
        format!("w{}", self.hidden * self.inputs + (k - 1) * self.hidden + j)
    }

    fn slope(&self, h: &str) -> X {
        match self.activation {
            "sigmoid" => name(h).mul(X::Number(1.0).sub(name(h))),
            _ => X::Number(1.0).sub(name(h).square()),
        }
    }
}

/// A random plan.
pub fn plan(random: &mut Random) -> Plan {
    let net = Net {
        inputs: 2 + random.below(2),
        hidden: 2 + random.below(2),
        outputs: 1 + random.below(2),
        activation: if random.below(3) == 0 { "tanh" } else { "sigmoid" },
        rate: [0.5, 0.1, 0.2, 0.4][random.below(4)],
    };
    let mut lines = Vec::new();
    forward(&net, &mut lines);
    backward(&net, &mut lines);
    let carry = [Carry::Rounded, Carry::Full, Carry::Mixed][random.below(3)];
    Plan {
        givens: givens(&net, random),
        lines,
        decimals: 4 + random.below(3),
        carry,
        shows_numbers: random.below(3) == 0,
        silent: random.below(3) == 0,
        follows: false,
    }
}

fn givens(net: &Net, random: &mut Random) -> Vec<(String, f64)> {
    let mut two_digits = |low: usize, high: usize| (low + random.below(high - low)) as f64 / 100.0;
    let mut all = Vec::new();
    all.extend((1..=net.inputs).map(|i| (format!("x{i}"), two_digits(5, 99))));
    all.extend((1..=net.outputs).map(|k| (format!("t{k}"), two_digits(1, 99))));
    let weights = net.hidden * (net.inputs + net.outputs);
    all.extend((1..=weights).map(|w| (format!("w{w}"), two_digits(11, 95))));
    all.extend((1..=2).map(|b| (format!("b{b}"), two_digits(11, 80))));
    all
}

fn sum(terms: Vec<X>) -> X {
    terms.into_iter().reduce(X::add).expect("a term")
}

fn line(lines: &mut Vec<Line>, of: impl Into<String>, formula: X) {
    lines.push(Line { name: of.into(), formula });
}

fn forward(net: &Net, lines: &mut Vec<Line>) {
    for j in 1..=net.hidden {
        let terms =
            (1..=net.inputs).map(|i| name(net.hidden_weight(j, i)).mul(name(format!("x{i}"))));
        line(lines, format!("z{j}"), sum(terms.collect()).add(name("b1")));
        line(lines, format!("h{j}"), X::Call(net.activation, name(format!("z{j}")).into()));
    }
    for k in 1..=net.outputs {
        let terms =
            (1..=net.hidden).map(|j| name(net.output_weight(k, j)).mul(name(format!("h{j}"))));
        line(lines, format!("y{k}"), sum(terms.collect()).add(name("b2")));
        line(lines, format!("o{k}"), X::Call(net.activation, name(format!("y{k}")).into()));
    }
    let error =
        |k: usize| X::Number(0.5).mul(name(format!("t{k}")).sub(name(format!("o{k}"))).square());
    if net.outputs == 1 {
        return line(lines, "E", error(1));
    }
    (1..=net.outputs).for_each(|k| line(lines, format!("E{k}"), error(k)));
    line(lines, "E", sum((1..=net.outputs).map(|k| name(format!("E{k}"))).collect()));
}

fn backward(net: &Net, lines: &mut Vec<Line>) {
    for k in 1..=net.outputs {
        let (o, y) = (format!("o{k}"), format!("y{k}"));
        line(lines, format!("dE/d{o}"), X::Neg(name(format!("t{k}")).sub(name(&o)).into()));
        line(lines, format!("d{o}/d{y}"), net.slope(&o));
        for j in 1..=net.hidden {
            let w = net.output_weight(k, j);
            let chain =
                name(format!("dE/d{o}")).mul(name(format!("d{o}/d{y}"))).mul(name(format!("h{j}")));
            update(net, lines, &w, chain);
        }
    }
    for j in 1..=net.hidden {
        let paths = (1..=net.outputs).map(|k| {
            name(format!("dE/do{k}"))
                .mul(name(format!("do{k}/dy{k}")))
                .mul(name(net.output_weight(k, j)))
        });
        line(lines, format!("dE/dh{j}"), sum(paths.collect()));
        line(lines, format!("dh{j}/dz{j}"), net.slope(&format!("h{j}")));
        for i in 1..=net.inputs {
            let w = net.hidden_weight(j, i);
            let chain = name(format!("dE/dh{j}"))
                .mul(name(format!("dh{j}/dz{j}")))
                .mul(name(format!("x{i}")));
            update(net, lines, &w, chain);
        }
    }
}

fn update(net: &Net, lines: &mut Vec<Line>, w: &str, chain: X) {
    line(lines, format!("dE/d{w}"), chain);
    let step = X::Number(net.rate).mul(name(format!("dE/d{w}")));
    line(lines, format!("{w}'"), name(w).sub(step));
}
