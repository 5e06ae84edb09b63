//! The number that writes WebAssembly: each operation appends instructions, and its result is a cell
//! of memory. A row that is no rule is a call of an import. It must not know any rule.

use super::module::{Body, address};
use crate::custom::Custom;
use crate::number::operators::operators;
use crate::op::{Number, Op, UNREACHED};
use crate::tape::guard::{Comparison, Place};
use std::fmt;
use std::iter::{Product, Sum};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};
use std::sync::Arc;
use wasm_encoder::{Ieee64, Instruction as I};

/// A constant, or a cell that holds the number when the module runs.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'b> {
    Constant(f64),
    At {
        body: &'b Body,
        cell: u32,
        /// Whether it is surely not the adjoint of a slot that nothing reached.
        arrived: bool,
    },
}

fn constant(x: f64) -> I<'static> {
    I::F64Const(Ieee64::new(x.to_bits()))
}

impl<'b> Cell<'b> {
    /// Its place among the cells.
    #[cfg(feature = "page")]
    pub(crate) fn place(self) -> Option<u32> {
        match self {
            Cell::Constant(_) => None,
            Cell::At { cell, .. } => Some(cell),
        }
    }

    fn constant_value(self) -> Option<f64> {
        match self {
            Cell::Constant(x) => Some(x),
            Cell::At { .. } => None,
        }
    }

    fn body(cells: &[Cell<'b>]) -> Option<&'b Body> {
        cells.iter().find_map(|cell| match cell {
            Cell::Constant(_) => None,
            Cell::At { body, .. } => Some(*body),
        })
    }

    /// Instructions that put it on the stack.
    fn push(self) -> Vec<I<'static>> {
        match self {
            Cell::Constant(x) => vec![constant(x)],
            Cell::At { cell, .. } => vec![I::LocalGet(0), I::F64Load(address(cell))],
        }
    }

    /// Writes a value into this cell.
    pub(crate) fn store(self, value: Cell<'b>) {
        if let Cell::At { body, cell, .. } = self {
            let store = [I::F64Store(address(cell))];
            body.write(&[&[I::LocalGet(0)][..], &value.push(), &store].concat());
        }
    }

    /// A new cell with what these instructions leave on the stack.
    fn new(body: &'b Body, arrived: bool, parts: &[&[I<'static>]]) -> Cell<'b> {
        let made = body.cell();
        if let Cell::At { cell, .. } = made {
            let store = [I::F64Store(address(cell))];
            body.write(&[&[I::LocalGet(0)][..], &parts.concat(), &store].concat());
            return Cell::At { body, cell, arrived };
        }
        made
    }

    /// An instruction of one argument.
    fn one(self, instruction: I<'static>, folded: impl Fn(f64) -> f64) -> Self {
        match self {
            Cell::Constant(x) => Cell::Constant(folded(x)),
            Cell::At { body, .. } => Cell::new(body, false, &[&self.push(), &[instruction]]),
        }
    }

    /// An instruction of two arguments.
    fn two(self, y: Self, instruction: I<'static>, folded: impl Fn(f64, f64) -> f64) -> Self {
        match (self, y) {
            (Cell::Constant(x), Cell::Constant(y)) => Cell::Constant(folded(x, y)),
            (Cell::At { body, .. }, _) | (_, Cell::At { body, .. }) => {
                Cell::new(body, false, &[&self.push(), &y.push(), &[instruction]])
            }
        }
    }

    /// Whether it may turn out that nothing arrived.
    fn may_be_nothing(self) -> bool {
        match self {
            Cell::Constant(x) => x.is_unreached(),
            Cell::At { arrived, .. } => !arrived,
        }
    }

    /// `then` where this is the adjoint of a slot that nothing reached, else `other`.
    fn if_nothing(self, then: Self, other: Self, arrived: bool) -> Self {
        let Some(body) = Cell::body(&[self, then, other]) else {
            return if self.is_unreached() { then } else { other };
        };
        let test = [I::I64ReinterpretF64, I::I64Const(i64::MIN), I::I64Eq, I::Select];
        Cell::new(body, arrived, &[&then.push(), &other.push(), &self.push(), &test])
    }

    /// Calls a row's own function: with the arguments, or with the address of a list and its length.
    fn import(op: Op, args: &[Self]) -> Self {
        let body = Cell::body(args).expect("constants alone are computed at once");
        let call = [I::Call(body.import(op))];
        let pushed: Vec<I<'static>> = match op.takes_list() {
            false => args.iter().flat_map(|x| x.push()).collect(),
            true => Cell::list(body, args),
        };
        Cell::new(body, false, &[&pushed, &call])
    }

    /// Copies a list to cells that stand side by side; instructions that push where it begins, in
    /// bytes, and its length.
    fn list(body: &'b Body, args: &[Self]) -> Vec<I<'static>> {
        let cells: Vec<Self> = args.iter().map(|_| body.cell()).collect();
        cells.iter().zip(args).for_each(|(cell, x)| cell.store(*x));
        let first = match cells.first() {
            Some(Cell::At { cell, .. }) => *cell as i32 * 8,
            _ => 0,
        };
        vec![I::LocalGet(0), I::I32Const(first), I::I32Add, I::I32Const(args.len() as i32)]
    }
}

/// The numbers of arguments that are constants.
fn constants(args: &[Cell<'_>]) -> Option<Vec<f64>> {
    args.iter().map(|cell| cell.constant_value()).collect()
}

fn mul<'b>(x: Cell<'b>, y: Cell<'b>) -> Cell<'b> {
    match (x, y) {
        (Cell::Constant(1.0), other) | (other, Cell::Constant(1.0)) => other,
        _ => x.two(y, I::F64Mul, |x, y| x * y),
    }
}

operators! { ['b] Cell<'b>:
    Add add |x, y| x.two(y, I::F64Add, |x, y| x + y);
    Sub sub |x, y| x.two(y, I::F64Sub, |x, y| x - y);
    Mul mul |x, y| mul(x, y);
    Div div |x, y| x.two(y, I::F64Div, |x, y| x / y);
    Rem rem |x, y| Cell::call(Op::Rem, &[x, y]);
}

impl Neg for Cell<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.one(I::F64Neg, |x| -x)
    }
}

impl Number for Cell<'_> {
    fn constant(x: f64) -> Self {
        Cell::Constant(x)
    }
    fn abs(self) -> Self {
        self.one(I::F64Abs, f64::abs)
    }
    fn sqrt(self) -> Self {
        self.one(I::F64Sqrt, f64::sqrt)
    }
    fn floor(self) -> Self {
        self.one(I::F64Floor, f64::floor)
    }
    /// WebAssembly has no fused product.
    fn mul_add(self, y: Self, z: Self) -> Self {
        Cell::call(Op::MulAdd, &[self, y, z])
    }
    fn compare(self, y: Self) -> Self {
        let Some(body) = Cell::body(&[self, y]) else {
            return self.two(y, I::Nop, |x, y| x.compare(y));
        };
        let (a, b) = (self.push(), y.push());
        let sides = [I::I32Sub, I::F64ConvertI32S, constant(f64::NAN)];
        Cell::new(
            body,
            false,
            &[
                &[&a[..], &b, &[I::F64Gt], &a, &b, &[I::F64Lt]].concat(),
                &sides,
                &[&a[..], &a, &[I::F64Eq], &b, &b, &[I::F64Eq, I::I32And]].concat(),
                &[I::Select],
            ],
        )
    }
    fn select(self, x: Self, y: Self) -> Self {
        let body = match (self, Cell::body(&[self])) {
            (Cell::Constant(s), _) if s > 0.0 => return x,
            (Cell::Constant(s), _) if s.is_nan() => return self,
            (_, None) => return y,
            (_, Some(body)) => body,
        };
        let s = self.push();
        let known = [&s[..], &s, &s, &[I::F64Eq, I::Select]].concat();
        let chosen = [&s[..], &[constant(0.0), I::F64Gt, I::Select]].concat();
        Cell::new(body, false, &[&x.push(), &y.push(), &known, &chosen])
    }
    fn call(op: Op, args: &[Self]) -> Self {
        match constants(args) {
            Some(constants) => Cell::Constant(op.value(&constants)),
            None => {
                let known = op.rule(args).or_else(|| op.unrolled(args));
                known.unwrap_or_else(|| Cell::import(op, args))
            }
        }
    }
    fn answer(self, _: Comparison, y: Self, _: i8, _: &Place) -> bool {
        Cell::body(&[self, y]).is_none_or(|body| {
            body.refuse("a recorded comparison");
            true
        })
    }
    fn is_unreached(self) -> bool {
        matches!(self, Cell::Constant(x) if x.is_unreached())
    }
    fn accumulate(self, bar: Self, partial: Self) -> Self {
        let sum = (self + 0.0) + bar * partial;
        match (bar.may_be_nothing(), sum) {
            (true, _) => bar.if_nothing(self, sum, !self.may_be_nothing()),
            (false, Cell::At { body, cell, .. }) => Cell::At { body, cell, arrived: true },
            (false, sum) => sum,
        }
    }
    fn chain(self, partial: Self) -> Self {
        self.if_nothing(Cell::Constant(UNREACHED), self * partial + 0.0, false)
    }
    fn gate(self, partial: Self, taken: Self) -> Self {
        let nothing = Cell::Constant(UNREACHED);
        let flows = taken.select(self * partial + 0.0, nothing);
        self.if_nothing(nothing, flows, false)
    }
    fn custom(custom: &Arc<dyn Custom>, x: &[Self]) -> Self {
        match Cell::body(x) {
            Some(body) => {
                body.refuse(custom.name());
                body.cell()
            }
            None => Cell::Constant(custom.value(&constants(x).expect("nothing of it is a cell"))),
        }
    }
    /// Nothing sees them: nothing flows to constants, and where an argument is a cell there will be
    /// no module.
    fn custom_partials(_: &Arc<dyn Custom>, _: &[Self], _: Self, partials: &mut [Self]) {
        partials.fill(Cell::Constant(f64::NAN));
    }
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Constant(x) => write!(f, "{x}"),
            Cell::At { cell, .. } => write!(f, "cell {cell}"),
        }
    }
}
