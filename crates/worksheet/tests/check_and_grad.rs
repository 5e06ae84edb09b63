//! `check` and `grad` on random sheets whose formulas hold derivatives: they agree to the bit, and
//! with closed forms where there are some. It must not know how a derivative is found.

mod generator;

use std::collections::BTreeMap;

use generator::Random;
use wengert_worksheet::{
    gradient::gradient,
    judge::Verdict,
    read::read,
    report::{Options, check},
    resolve::resolve,
    source::Source,
};

/// What `check` answers to each question of a sheet, by its text: `y`, `dy/dx`.
fn answers(sheet: &str) -> BTreeMap<String, f64> {
    let report = check(Source::new("sheet.ws", sheet), Options::default());
    assert!(report.problems.is_empty(), "{:?}\n{sheet}", report.problems);
    let answer = |claim: &wengert_worksheet::judge::Claim| {
        assert_eq!(claim.verdict, Verdict::Answered, "{:?}\n{sheet}", claim.reason);
        (claim.name.clone(), claim.truth.expect("an answer"))
    };
    report.claims.iter().map(answer).collect()
}

/// What `grad` answers of a quantity, its derivatives by all givens included, under the same names.
fn grads(sheet: &str, of: &str) -> BTreeMap<String, f64> {
    let model = resolve(read(Source::new("sheet.ws", sheet), Vec::new(), &[]));
    let found = gradient(&model, Some(of), &[]).unwrap_or_else(|e| panic!("{e}\n{sheet}"));
    assert_eq!(found.notes, [], "{sheet}");
    let slopes = found.by.into_iter().map(|(by, slope)| (format!("d{of}/d{by}"), slope));
    slopes.chain([(of.to_owned(), found.value)]).collect()
}

/// A sheet that asks for each quantity and for its derivatives by the givens.
fn asking(formulas: &str, quantities: &[String], givens: &[&str]) -> String {
    let mut sheet = formulas.to_owned();
    for q in quantities {
        sheet += &format!("{q} = ?\n");
        givens.iter().for_each(|g| sheet += &format!("d{q}/d{g} = ?\n"));
    }
    sheet
}

/// `check` and `grad` agree to the bit on every quantity of a sheet.
fn agree(sheet: &str, quantities: &[String]) -> BTreeMap<String, f64> {
    let answers = answers(sheet);
    for q in quantities {
        for (name, value) in grads(sheet, q) {
            let other = answers[&name];
            assert_eq!(value.to_bits(), other.to_bits(), "{name}: {value}, {other}\n{sheet}");
        }
    }
    answers
}

/// A polynomial in x and y, by the exponents of the two: the oracle, which knows nothing of tapes.
#[derive(Clone, Debug, Default)]
struct Polynomial(BTreeMap<[u32; 2], f64>);

impl Polynomial {
    fn given(which: usize) -> Self {
        Self::default().plus([u32::from(which == 0), u32::from(which == 1)], 1.0)
    }

    fn plus(mut self, exponents: [u32; 2], coefficient: f64) -> Self {
        *self.0.entry(exponents).or_default() += coefficient;
        self
    }

    fn add(self, other: &Self, times: f64) -> Self {
        other.0.iter().fold(self, |sum, (exponents, c)| sum.plus(*exponents, times * c))
    }

    fn mul(&self, other: &Self) -> Self {
        let mut product = Self::default();
        for ([a, b], c) in &self.0 {
            for ([d, e], f) in &other.0 {
                product = product.plus([a + d, b + e], c * f);
            }
        }
        product
    }

    fn by(&self, which: usize) -> Self {
        let mut slope = Self::default();
        for (exponents, c) in self.0.iter().filter(|(exponents, _)| exponents[which] > 0) {
            let mut lower = *exponents;
            lower[which] -= 1;
            slope = slope.plus(lower, c * f64::from(exponents[which]));
        }
        slope
    }

    fn degree(&self) -> u32 {
        self.0.keys().map(|[a, b]| a + b).max().unwrap_or(0)
    }

    /// The value, and the size of its terms: what rounding is measured by.
    fn at(&self, point: [f64; 2]) -> (f64, f64) {
        let terms = self
            .0
            .iter()
            .map(|([a, b], c)| c * point[0].powi(*a as i32) * point[1].powi(*b as i32));
        terms.fold((0.0, 0.0), |(sum, size), term| (sum + term, size + term.abs()))
    }
}

/// A sheet of polynomials, some of whose formulas hold derivatives of those before them.
#[test]
fn polynomials_made_of_derivatives_have_the_values_of_their_closed_forms() {
    let (mut compared, mut second) = (0, 0);
    for seed in 1..=150 {
        let mut random = Random::new(seed);
        let point = [0.25 * (1 + random.below(8)) as f64, 0.25 * (1 + random.below(8)) as f64];
        let mut sheet = format!("x = {}\ny = {}\n", point[0], point[1]);
        let mut known =
            vec![("x".to_owned(), Polynomial::given(0)), ("y".to_owned(), Polynomial::given(1))];
        for k in 1..=5 + random.below(4) {
            let (a, b) = (random.below(known.len()), random.below(known.len()));
            let ((a, p), (b, q)) = (known[a].clone(), known[b].clone());
            let (c, which) = (0.5 * (random.below(7) as f64 - 3.0), random.below(2));
            let by = ["x", "y"][which];
            let slope = k > 1 && !["x", "y"].contains(&a.as_str());
            let (formula, value) = match random.below(4) {
                0 if p.degree() + q.degree() <= 8 => (format!("{a}*{b}"), p.mul(&q)),
                1 if slope => (format!("{b} - {c}*d{a}/d{by}"), q.add(&p.by(which), -c)),
                2 if slope && p.degree() + q.degree() <= 8 => {
                    (format!("{b}*d{a}/d{by} + {b}"), q.mul(&p.by(which)).add(&q, 1.0))
                }
                _ => (format!("{a} + {c}*{b} + 1"), p.add(&q, c).plus([0, 0], 1.0)),
            };
            second += usize::from(formula.contains("/d"));
            sheet += &format!("q{k} = {formula}\n");
            known.push((format!("q{k}"), value));
        }
        let names: Vec<String> = known[2..].iter().map(|(name, _)| name.clone()).collect();
        let sheet = asking(&sheet, &names, &["x", "y"]);
        let answers = agree(&sheet, &names);
        for (name, polynomial) in &known[2..] {
            let slopes = [("/dx", polynomial.by(0)), ("/dy", polynomial.by(1))];
            let asked = slopes.map(|(by, slope)| (format!("d{name}{by}"), slope));
            for (name, polynomial) in asked.into_iter().chain([(name.clone(), polynomial.clone())])
            {
                let (value, size) = polynomial.at(point);
                let off = (answers[&name] - value).abs();
                assert!(
                    off <= 1e-9 * size.max(1e-3),
                    "{name}: {}, {value}\n{sheet}",
                    answers[&name]
                );
                compared += 1;
            }
        }
    }
    assert!(
        compared > 2000 && second > 200,
        "{compared} numbers, {second} formulas with derivatives"
    );
}

/// A function with its first two derivatives.
type Known = (&'static str, fn(f64) -> [f64; 3]);

const KNOWN: [Known; 8] = [
    ("sin", |u| [u.sin(), u.cos(), -u.sin()]),
    ("exp", |u| [u.exp(); 3]),
    ("ln", |u| [u.ln(), 1.0 / u, -1.0 / (u * u)]),
    ("sqrt", |u| [u.sqrt(), 0.5 / u.sqrt(), -0.25 / (u * u.sqrt())]),
    ("recip", |u| [1.0 / u, -1.0 / (u * u), 2.0 / (u * u * u)]),
    ("tanh", |u| {
        let t = u.tanh();
        [t, 1.0 - t * t, -2.0 * t * (1.0 - t * t)]
    }),
    ("sigmoid", |u| {
        let s = 1.0 / (1.0 + (-u).exp());
        [s, s * (1.0 - s), s * (1.0 - s) * (1.0 - 2.0 * s)]
    }),
    ("square", |u| [u * u, 2.0 * u, 2.0]),
];

/// y = f(a x + b), z = x - c dy/dx: so dz/dx = 1 - c a^2 f''.
#[test]
fn a_step_down_a_known_slope_has_the_derivative_of_its_closed_form() {
    let mut random = Random::new(7);
    for (name, f) in KNOWN.iter().cycle().take(160) {
        let [a, b, c, x] = [0.3, 0.2, 0.1, 0.1].map(|least| least + random.unit());
        let sheet =
            format!("x = {x}\na = {a}\nb = {b}\nc = {c}\ny = {name}(a*x + b)\nz = x - c*dy/dx\n");
        let names = ["y".to_owned(), "z".to_owned()];
        let answers = agree(&asking(&sheet, &names, &["x", "a", "b", "c"]), &names);
        let [value, first, second] = f(a * x + b);
        let expected = [
            ("y", value),
            ("dy/dx", a * first),
            ("z", x - c * a * first),
            ("dz/dx", 1.0 - c * a * a * second),
            ("dz/dc", -a * first),
        ];
        for (asked, value) in expected {
            let off = (answers[asked] - value).abs();
            assert!(off <= 1e-12 * value.abs().max(1.0), "{asked} of {name}: {}", answers[asked]);
        }
    }
}

/// Functions of every sort, kinks included, and derivatives by whatever stands above: no closed form,
/// but the two commands agree.
#[test]
fn whatever_is_written_check_and_grad_agree() {
    let unary = ["sin", "tanh", "relu", "abs", "sigmoid", "softplus", "floor", "exp"];
    let binary = ["max", "min", "hypot", "atan2"];
    for seed in 1..=120 {
        let mut random = Random::new(1000 + seed);
        let mut sheet = String::new();
        let mut all = vec!["x".to_owned(), "y".to_owned(), "k".to_owned()];
        all.iter().for_each(|g| sheet += &format!("{g} = {:.3}\n", 2.0 * random.unit() - 0.9));
        for q in (0..6).map(|k| format!("q{k}")) {
            let mut pick = || all[random.below(all.len())].clone();
            let (a, b, d, e) = (pick(), pick(), pick(), pick());
            let held = if d == e { String::new() } else { format!(" - 0.3*d{d}/d{e}") };
            let made = |name: &String| name.starts_with('q');
            let f = unary[random.below(unary.len())];
            let g = binary[random.below(binary.len())];
            let body = match random.below(3) {
                0 => format!("{f}({a} + {b})"),
                1 => format!("{g}({a}, 0.5*{b} + 0.1)"),
                _ => format!("{a}*{f}({b})"),
            };
            let held = if made(&d) { held } else { String::new() };
            sheet += &format!("{q} = {body}{held}\n");
            all.push(q);
        }
        agree(&asking(&sheet, &all[3..], &["x", "y", "k"]), &all[3..]);
    }
}

/// Edges that are not taken, with an infinite slope behind them, in formulas that hold derivatives.
#[test]
fn an_edge_that_is_not_taken_carries_nothing_into_a_formula() {
    for (body, expected) in [
        ("max(sqrt(x), k)", 0.0),
        ("min(k, 1/x)", 0.0),
        ("relu(ln(x))", 0.0),
        ("select(x, sqrt(x), k)", 0.0),
        ("clamp(ln(x), k, 2)", 0.0),
    ] {
        let sheet = format!("x = 0\nk = 1\ny = {body}\nw = x - 0.1*dy/dx\nz = w^2 + 3*w\n");
        let names = ["y", "w", "z"].map(str::to_owned);
        let answers = agree(&asking(&sheet, &names, &["x", "k"]), &names);
        let have = ["dy/dx", "w", "z", "dz/dx"].map(|name| answers[name]);
        assert_eq!(have, [expected, 0.0, 0.0, 3.0], "{body}");
    }
}

/// A derivative of a derivative of a derivative, as the sheet writes it line by line.
#[test]
fn orders_are_stacked() {
    let sheet = "x = 0.5\ny = exp(2*x)\na = dy/dx\nb = da/dx\nc = db/dx\n";
    let names = ["a", "b", "c"].map(str::to_owned);
    let answers = agree(&asking(sheet, &names, &["x"]), &names);
    let e = std::f64::consts::E;
    for (asked, power) in [("a", 2.0), ("b", 4.0), ("c", 8.0), ("dc/dx", 16.0)] {
        assert!((answers[asked] - power * e).abs() < 1e-12 * power * e, "{asked}");
    }
}

/// The last order of a function has no slope, and a sheet that wants one is answered all the same.
#[test]
fn the_last_order_of_a_function_has_no_slope() {
    let sheet = "x = 2\ny = polygamma(65535, x)\nz = x - 0.1*dy/dx\ndz/dx = ?\n";
    let report = check(Source::new("sheet.ws", sheet), Options::default());
    assert_eq!(report.claims[0].verdict, Verdict::Unchecked);
}
