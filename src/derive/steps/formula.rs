//! Formulas as data, and the number that writes them: what is done with a symbol becomes a formula,
//! shortened as a textbook would. It must not know any primitive, nor how a formula is printed.

use crate::number::operators::operators;
use crate::op::{Number, Op};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// A formula in the quantities of [`Steps`](crate::Steps).
///
/// A formula is at most some hundred operations large: what is longer was cut into quantities.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// A constant.
    Constant(f64),
    /// A quantity, by its place in [`Steps::all`](crate::Steps::all).
    Quantity(usize),
    /// A primitive of formulas.
    Apply(Op, Vec<Formula>),
    /// A primitive of the user's own, or its partial in one of the arguments.
    Custom {
        /// The name of the primitive.
        name: String,
        /// Which argument its partial is meant in, from 0; its value is meant without one.
        slope: Option<usize>,
        /// The arguments.
        args: Vec<Formula>,
    },
}

impl Formula {
    /// Hands over every quantity in it, one for each time that it stands there.
    pub fn quantities(&self, each: &mut impl FnMut(usize)) {
        match self {
            Formula::Constant(_) => {}
            Formula::Quantity(q) => each(*q),
            Formula::Apply(_, args) | Formula::Custom { args, .. } => {
                args.iter().for_each(|arg| arg.quantities(each));
            }
        }
    }

    /// How many constants and quantities stand in it.
    pub fn leaves(&self) -> usize {
        match self {
            Formula::Constant(_) | Formula::Quantity(_) => 1,
            Formula::Apply(_, args) | Formula::Custom { args, .. } => {
                args.iter().map(Formula::leaves).sum()
            }
        }
    }

    /// Its value, given those of the quantities; `None` if it holds a primitive of the user's own.
    pub fn value(&self, quantity: &impl Fn(usize) -> f64) -> Option<f64> {
        Some(match self {
            Formula::Constant(x) => *x,
            Formula::Quantity(q) => quantity(*q),
            Formula::Apply(op, args) => {
                let args: Option<Vec<f64>> = args.iter().map(|arg| arg.value(quantity)).collect();
                op.value(&args?)
            }
            Formula::Custom { .. } => return None,
        })
    }
}

/// The sum of two formulas.
pub(super) fn sum(x: &Formula, y: &Formula) -> Formula {
    let paper = Paper::default();
    (paper.read(x) + paper.read(y)).formula()
}

/// Where formulas are written while they grow.
#[derive(Default)]
pub(super) struct Paper {
    terms: RefCell<Vec<Term>>,
}

/// A formula or a part of one. The operators stand by themselves, since the rules of shortening are
/// about them; all else is a row.
#[derive(Clone)]
enum Term {
    Quantity(usize),
    Neg(Part),
    Add(Part, Part),
    Sub(Part, Part),
    Mul(Part, Part),
    Div(Part, Part),
    Call(Op, SmallVec<[Part; 3]>),
    Custom(String, Option<usize>, SmallVec<[Part; 3]>),
}

/// A constant, or a term by its place on the paper.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Number(f64),
    Term(usize),
}

/// A formula that is being written: a number whose operations write formulas.
#[derive(Clone, Copy)]
pub(super) enum Symbol<'p> {
    Number(f64),
    Term(&'p Paper, usize),
}

impl Paper {
    fn write(&self, term: Term) -> Symbol<'_> {
        let mut terms = self.terms.borrow_mut();
        terms.push(term);
        Symbol::Term(self, terms.len() - 1)
    }

    /// A quantity.
    pub(super) fn quantity(&self, q: usize) -> Symbol<'_> {
        self.write(Term::Quantity(q))
    }

    /// A primitive of the user's own.
    pub(super) fn custom(
        &self,
        name: &str,
        slope: Option<usize>,
        args: &[Symbol<'_>],
    ) -> Symbol<'_> {
        let args = args.iter().map(|x| x.part()).collect();
        self.write(Term::Custom(name.to_owned(), slope, args))
    }

    /// Writes a formula once more, shortened.
    pub(super) fn read(&self, formula: &Formula) -> Symbol<'_> {
        let all = |args: &[Formula]| args.iter().map(|arg| self.read(arg)).collect::<Vec<_>>();
        match formula {
            Formula::Constant(x) => Symbol::Number(*x),
            Formula::Quantity(q) => self.quantity(*q),
            Formula::Custom { name, slope, args } => self.custom(name, *slope, &all(args)),
            Formula::Apply(op, args) if op.takes_list() => Symbol::call(*op, &all(args)),
            Formula::Apply(op, args) => {
                let args = all(args);
                op.apply(|_, k| args[k])
            }
        }
    }

    fn formula(&self, part: Part) -> Formula {
        let term = match part {
            Part::Number(x) => return Formula::Constant(x),
            Part::Term(at) => self.terms.borrow()[at].clone(),
        };
        let all = |parts: &[Part]| parts.iter().map(|part| self.formula(*part)).collect();
        match term {
            Term::Quantity(q) => Formula::Quantity(q),
            Term::Neg(x) => Formula::Apply(Op::Neg, all(&[x])),
            Term::Add(x, y) => Formula::Apply(Op::Add, all(&[x, y])),
            Term::Sub(x, y) => Formula::Apply(Op::Sub, all(&[x, y])),
            Term::Mul(x, y) => Formula::Apply(Op::Mul, all(&[x, y])),
            Term::Div(x, y) => Formula::Apply(Op::Div, all(&[x, y])),
            Term::Call(op, args) => Formula::Apply(op, all(&args)),
            Term::Custom(name, slope, args) => Formula::Custom { name, slope, args: all(&args) },
        }
    }
}

impl<'p> Symbol<'p> {
    fn part(self) -> Part {
        match self {
            Symbol::Number(x) => Part::Number(x),
            Symbol::Term(_, at) => Part::Term(at),
        }
    }

    /// What has been written.
    pub(super) fn formula(self) -> Formula {
        match self {
            Symbol::Number(x) => Formula::Constant(x),
            Symbol::Term(paper, at) => paper.formula(Part::Term(at)),
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Symbol::Number(x) => Some(x),
            Symbol::Term(..) => None,
        }
    }

    /// Its outermost operator, with the parts as symbols, as far as shortening looks.
    fn look(self) -> Shape<'p> {
        let Symbol::Term(paper, at) = self else { return Shape::Other };
        let symbol = |part| match part {
            Part::Number(x) => Symbol::Number(x),
            Part::Term(at) => Symbol::Term(paper, at),
        };
        match paper.terms.borrow()[at] {
            Term::Neg(x) => Shape::Neg(symbol(x)),
            Term::Mul(Part::Number(c), x) => Shape::Scaled(c, symbol(x)),
            Term::Mul(x, y) => Shape::Mul(symbol(x), symbol(y)),
            Term::Div(x, y) => Shape::Div(symbol(x), symbol(y)),
            _ => Shape::Other,
        }
    }

    fn join(self, other: Self, term: impl Fn(Part, Part) -> Term) -> Self {
        let paper = match (self, other) {
            (Symbol::Term(paper, _), _) | (_, Symbol::Term(paper, _)) => paper,
            _ => unreachable!("two numbers are computed at once"),
        };
        paper.write(term(self.part(), other.part()))
    }
}

/// What shortening asks of a symbol.
enum Shape<'p> {
    Neg(Symbol<'p>),
    Scaled(f64, Symbol<'p>),
    Mul(Symbol<'p>, Symbol<'p>),
    Div(Symbol<'p>, Symbol<'p>),
    Other,
}

fn add<'p>(x: Symbol<'p>, y: Symbol<'p>) -> Symbol<'p> {
    match (x.number(), y.number(), x.look(), y.look()) {
        (Some(a), Some(b), ..) => Symbol::Number(a + b),
        (Some(0.0), ..) => y,
        (_, Some(0.0), ..) => x,
        (_, Some(b), ..) if b < 0.0 => x - Symbol::Number(-b),
        (.., Shape::Neg(minus)) => x - minus,
        (.., Shape::Scaled(c, rest)) if c < 0.0 => x - Symbol::Number(-c) * rest,
        (_, _, Shape::Neg(minus), _) => y - minus,
        _ => x.join(y, Term::Add),
    }
}

fn sub<'p>(x: Symbol<'p>, y: Symbol<'p>) -> Symbol<'p> {
    match (x.number(), y.number(), y.look()) {
        (Some(a), Some(b), _) => Symbol::Number(a - b),
        (Some(0.0), ..) => -y,
        (_, Some(0.0), _) => x,
        (.., Shape::Neg(minus)) => x + minus,
        (.., Shape::Scaled(c, rest)) if c < 0.0 => x + Symbol::Number(-c) * rest,
        _ if x.part() == y.part() => Symbol::Number(0.0),
        _ => x.join(y, Term::Sub),
    }
}

fn mul<'p>(x: Symbol<'p>, y: Symbol<'p>) -> Symbol<'p> {
    match (x.number(), y.number(), x.look(), y.look()) {
        (Some(a), Some(b), ..) => Symbol::Number(a * b),
        (Some(0.0), ..) | (_, Some(0.0), ..) => Symbol::Number(0.0),
        (Some(1.0), ..) => y,
        (Some(-1.0), ..) => -y,
        (None, Some(_), ..) => y * x,
        (.., Shape::Neg(minus), _) => -(minus * y),
        (.., Shape::Neg(minus)) => -(x * minus),
        (Some(a), _, _, Shape::Scaled(c, rest)) => Symbol::Number(a * c) * rest,
        (None, _, Shape::Scaled(c, rest), _) => Symbol::Number(c) * (rest * y),
        (None, _, _, Shape::Scaled(c, rest)) => Symbol::Number(c) * (x * rest),
        (.., Shape::Div(above @ Symbol::Number(_), below)) => (above * x) / below,
        (.., Shape::Div(above @ Symbol::Number(_), below), _) => (above * y) / below,
        (Some(_), _, _, Shape::Div(above, below)) => (x * above) / below,
        (None, _, _, Shape::Mul(first, second)) => (x * first) * second,
        _ => x.join(y, Term::Mul),
    }
}

fn div<'p>(x: Symbol<'p>, y: Symbol<'p>) -> Symbol<'p> {
    /// Whether a number is short enough to be written as a factor.
    fn is_short(x: f64) -> bool {
        x * 1e4 == (x * 1e4).round() && x.abs() < 1e9
    }
    match (x.number(), y.number(), x.look(), y.look()) {
        (Some(a), Some(b), ..) => Symbol::Number(a / b),
        (Some(0.0), ..) => Symbol::Number(0.0),
        (_, Some(1.0), ..) => x,
        (.., Shape::Neg(minus), _) => -(minus / y),
        (.., Shape::Neg(minus)) => -(x / minus),
        (.., Shape::Div(Symbol::Number(1.0), below)) => x * below,
        (None, Some(b), ..) if is_short(1.0 / b) => Symbol::Number(1.0 / b) * x,
        _ if x.part() == y.part() => Symbol::Number(1.0),
        _ => x.join(y, Term::Div),
    }
}

operators! { ['p] Symbol<'p>:
    Add add |x, y| add(x, y);
    Sub sub |x, y| sub(x, y);
    Mul mul |x, y| mul(x, y);
    Div div |x, y| div(x, y);
    Rem rem |x, y| Symbol::call(Op::Rem, &[x, y]);
}

impl Neg for Symbol<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        match (self, self.look()) {
            (Symbol::Number(x), _) => Symbol::Number(-x),
            (_, Shape::Neg(x)) => x,
            (_, Shape::Scaled(c, x)) => Symbol::Number(-c) * x,
            (Symbol::Term(paper, at), _) => paper.write(Term::Neg(Part::Term(at))),
        }
    }
}

impl Number for Symbol<'_> {
    fn constant(x: f64) -> Self {
        Symbol::Number(x)
    }
    fn abs(self) -> Self {
        Self::call(Op::Abs, &[self])
    }
    fn sqrt(self) -> Self {
        Self::call(Op::Sqrt, &[self])
    }
    fn floor(self) -> Self {
        Self::call(Op::Floor, &[self])
    }
    fn mul_add(self, y: Self, z: Self) -> Self {
        self * y + z
    }
    fn compare(self, y: Self) -> Self {
        match self.part() == y.part() {
            true => Symbol::Number(0.0),
            false => Self::call(Op::Compare, &[self, y]),
        }
    }
    fn select(self, x: Self, y: Self) -> Self {
        match self.number() {
            Some(s) if s > 0.0 => x,
            Some(_) => y,
            None if x.part() == y.part() => x,
            None => Self::call(Op::Select, &[self, x, y]),
        }
    }
    fn recip(self) -> Self {
        Symbol::Number(1.0) / self
    }
    fn pow(self, y: Self) -> Self {
        match y.number() {
            Some(1.0) => self,
            Some(0.0) => Symbol::Number(1.0),
            _ => Self::call(Op::Pow, &[self, y]),
        }
    }
    fn call(op: Op, args: &[Self]) -> Self {
        let numbers: Option<Vec<f64>> = args.iter().map(|x| x.number()).collect();
        if let Some(numbers) = numbers {
            return Symbol::Number(op.value(&numbers));
        }
        let paper = args.iter().find_map(|x| match x {
            Symbol::Term(paper, _) => Some(*paper),
            Symbol::Number(_) => None,
        });
        let paper = paper.expect("an argument that is no number is a term");
        paper.write(Term::Call(op, args.iter().map(|x| x.part()).collect()))
    }
}

impl fmt::Debug for Symbol<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.formula().fmt(f)
    }
}
