//! The variable that users compute with: a value, and where on which tape it stands. It must not
//! know derivatives.

pub(crate) mod operators;

use crate::custom::Custom;
use crate::number::operators::required_by_call;
use crate::op::{Extreme, Internal, Number, Op};
use crate::tape::code::{Arg, Code};
use crate::tape::guard::{Comparison, Guard, Place};
use crate::tape::{Core, Tape};
use smallvec::SmallVec;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;

/// A recorded variable, or a constant that stands on no tape.
///
/// It works with variables and with `f64` on either side, by value and by reference, and is never
/// turned into a number in silence: the ways out are [`value`](Var::value) and
/// [`detach`](Var::detach). Comparisons look at values, and are remembered as guards.
///
/// ```
/// use wengert::prelude::*;
///
/// let tape = Tape::new();
/// let x = tape.new_input("x", 2.0);
/// let y = 3.0 / x + &x * 2.0 - 1.0;
/// assert_eq!(y.value(), 4.5);
/// assert_eq!(tape.gradient(y)[x], 1.25);
/// ```
#[derive(Clone, Copy)]
pub struct Var<'t> {
    tape: Option<&'t Tape>,
    value: f64,
    slot: u32,
}

const _: () = assert!(size_of::<Var<'_>>() <= 24);

impl<'t> Var<'t> {
    #[inline]
    pub(crate) fn new(tape: &'t Tape, slot: u32, value: f64) -> Var<'t> {
        Var { tape: Some(tape), value, slot }
    }

    /// A constant: it takes no slot, and no derivative flows to it.
    #[inline]
    pub fn constant(value: f64) -> Var<'t> {
        Var { tape: None, value, slot: 0 }
    }

    /// The value. No derivative comes along.
    #[inline]
    pub fn value(self) -> f64 {
        self.value
    }

    /// The same value as a constant, so that no derivative flows through.
    pub fn detach(self) -> Var<'t> {
        Var::constant(self.value)
    }

    /// Its position on the tape; a constant has none.
    pub fn slot(self) -> Option<usize> {
        self.tape.map(|_| self.slot as usize)
    }

    /// The tape that it stands on; a constant stands on none.
    pub fn tape(self) -> Option<&'t Tape> {
        self.tape
    }

    /// Gives the slot a name, within the open scope. A slot may have several.
    ///
    /// # Panics
    /// If the name is in use, or the variable is a constant, which has no slot to name.
    #[track_caller]
    pub fn named(self, name: impl AsRef<str>) -> Var<'t> {
        let name = name.as_ref();
        let Some(tape) = self.tape else {
            panic!(
                "`{name}` would name a constant, {}, which has no slot; declare an input",
                self.value
            )
        };
        let names = &mut tape.core.borrow_mut().names;
        if let Err(holder) = names.insert(name, self.slot) {
            panic!(
                "`{}` names slot {holder} already, so it cannot name slot {}; \
                 choose another name, or open a scope: let _scope = tape.scope(\"layer2\")",
                names.last(),
                self.slot,
            );
        }
        self
    }

    /// Panics unless it may be used with this tape.
    #[inline]
    #[track_caller]
    pub(crate) fn check_tape(self, tape: &Tape) {
        if self.tape.is_some_and(|own| !std::ptr::eq(own, tape)) {
            strangers(self, tape);
        }
    }

    /// The variable as the argument of a slot.
    #[inline]
    pub(crate) fn store(self, code: &mut Code) -> Arg {
        match self.tape {
            Some(_) => Arg::slot(self.slot as usize),
            None => code.intern(self.value),
        }
    }

    /// Records a primitive of two arguments; one of a single argument is given it twice.
    #[inline(always)]
    #[track_caller]
    fn record(op: Op, x: Var<'t>, y: Var<'t>, value: f64) -> Var<'t> {
        let (tape, a, b) = match (x.tape, y.tape) {
            (Some(tape), Some(_)) => {
                y.check_tape(tape);
                (tape, Arg::slot(x.slot as usize), Arg::slot(y.slot as usize))
            }
            (Some(tape), None) => (tape, Arg::slot(x.slot as usize), tape.intern(y.value)),
            (None, Some(tape)) => (tape, tape.intern(x.value), Arg::slot(y.slot as usize)),
            (None, None) => return Var::constant(value),
        };
        Var::new(tape, tape.push(op, a, b, value), value)
    }

    /// Records a primitive of any number of arguments, given its function of plain numbers.
    #[inline(always)]
    #[track_caller]
    fn apply(op: Op, args: &[Var<'t>], value: impl Fn(&[f64]) -> f64) -> Var<'t> {
        match *args {
            [x] if !op.takes_list() => Var::record(op, x, x, value(&[x.value])),
            [x, y] if let Some(extreme) = op.extreme() => {
                Var::record_extreme(op, extreme, x, y, value(&[x.value, y.value]))
            }
            [x, y] if !op.takes_list() => Var::record(op, x, y, value(&[x.value, y.value])),
            _ => {
                let op = op.settled(args.iter().map(|x| x.tape.is_none()));
                Var::record_list(op, args.iter().copied(), value)
            }
        }
    }

    /// Records a maximum or minimum of two. Where an argument is one itself, all arguments of both
    /// share a tie alike, so the row that weighs them is recorded.
    #[track_caller]
    fn record_extreme(op: Op, extreme: Extreme, x: Var<'t>, y: Var<'t>, value: f64) -> Var<'t> {
        let [behind_x, behind_y] = [x, y].map(|x| x.nested(extreme));
        if behind_x.is_none() && behind_y.is_none() {
            return Var::record(op, x, y, value);
        }
        let [m, n] = [behind_x, behind_y].map(|behind| match behind {
            None => Var::constant(1.0),
            Some([x, y, m, n]) if extreme.larger => x.tally(y, m, n),
            Some([x, y, m, n]) => y.tally(x, m, n),
        });
        Var::record_list(extreme.weighed, [x, y, m, n].into_iter(), |_| value)
    }

    /// The arguments of this slot, and how many stand behind each, if it is a maximum (or minimum)
    /// itself.
    fn nested(self, extreme: Extreme) -> Option<[Var<'t>; 4]> {
        let tape = self.tape?;
        let code = &tape.core.borrow().code;
        let is_extreme = code.word(self.slot as usize).op().and_then(Op::extreme) == Some(extreme);
        if !is_extreme {
            return None;
        }
        let var = |arg: Arg| match code.term(arg) {
            Ok(slot) => Var::new(tape, slot, code.value(slot as usize)),
            Err(constant) => Var::constant(constant),
        };
        let one = Var::constant(1.0);
        match code.all_args(self.slot as usize)[..] {
            [x, y] => Some([var(x), var(y), one, one]),
            [x, y, m, n] => Some([x, y, m, n].map(var)),
            _ => None,
        }
    }

    /// Records an operator.
    #[inline(always)]
    #[track_caller]
    fn operate<const OP: u8>(x: Var<'t>, y: Var<'t>, value: f64) -> Var<'t> {
        Var::record(Op::ALL[OP as usize], x, y, value)
    }

    /// Records a primitive over a list, or of three arguments, given its function of plain numbers.
    #[track_caller]
    fn record_list(
        op: Op,
        args: impl Iterator<Item = Var<'t>> + Clone,
        value: impl FnOnce(&[f64]) -> f64,
    ) -> Var<'t> {
        let Some(tape) = args.clone().find_map(|x| x.tape) else {
            return Var::constant(value(&args.map(|x| x.value).collect::<SmallVec<[f64; 8]>>()));
        };
        for x in args.clone() {
            x.check_tape(tape);
        }
        let Core { code, values, .. } = &mut *tape.core.borrow_mut();
        values.clear();
        values.extend(args.clone().map(|x| x.value));
        let value = value(values);
        let slot = code.push_terms(op, args.map(Var::term), value);
        tape.remember(code);
        Var::new(tape, slot, value)
    }

    /// Its slot, or else the constant that it is.
    pub(crate) fn term(self) -> Result<u32, f64> {
        self.tape.map(|_| self.slot).ok_or(self.value)
    }

    /// Takes in the terms of a sum or product one by one, so that the list is one slot. What
    /// computes the terms may record too, other sums among it: the terms wait on the tape.
    fn fold(
        op: Op,
        unit: f64,
        step: fn(f64, f64) -> f64,
        terms: impl Iterator<Item = Var<'t>>,
    ) -> Var<'t> {
        let (mut value, mut constants) = (None, SmallVec::<[Result<u32, f64>; 8]>::new());
        let mut waiting: Option<(&Tape, usize)> = None;
        for x in terms {
            value = Some(value.map_or(x.value, |value| step(value, x.value)));
            if let (None, Some(tape)) = (waiting, x.tape) {
                let terms = &mut tape.core.borrow_mut().terms;
                waiting = Some((tape, terms.len()));
                terms.extend(constants.drain(..));
            }
            match waiting {
                Some((tape, _)) => {
                    x.check_tape(tape);
                    tape.core.borrow_mut().terms.push(x.term());
                }
                None => constants.push(x.term()),
            }
        }
        let value = value.unwrap_or(unit);
        let Some((tape, start)) = waiting else { return Var::constant(value) };
        let Core { code, terms, .. } = &mut *tape.core.borrow_mut();
        let slot = code.push_terms(op, terms.drain(start..), value);
        tape.remember(code);
        Var::new(tape, slot, value)
    }

    /// Remembers a comparison, so that a replay notices when it would go the other way.
    #[track_caller]
    pub(crate) fn guard(self, comparison: Comparison, other: Var<'t>) -> i8 {
        let place = Location::caller();
        self.guard_at(comparison, other, || place.into())
    }

    /// The same for a comparison that was made elsewhere.
    #[track_caller]
    fn guard_at(self, asked: Comparison, other: Var<'t>, place: impl FnOnce() -> Place) -> i8 {
        let outcome = asked.ask(self.value, other.value);
        if let Some(tape) = self.tape.or(other.tape) {
            other.check_tape(tape);
            let code = &mut tape.core.borrow_mut().code;
            let (x, y) = (self.store(code), other.store(code));
            code.push_guard(Guard { x, y, comparison: asked, outcome, place: place() });
        }
        outcome
    }
}

#[cold]
#[track_caller]
fn strangers(x: Var<'_>, tape: &Tape) -> ! {
    let own = x.tape.map(|own| format!("{own:?}")).unwrap_or_default();
    panic!("a variable of {own} was used with {tape:?}: variables of two tapes cannot meet");
}

impl Number for Var<'_> {
    #[inline]
    fn constant(x: f64) -> Self {
        Var::constant(x)
    }
    required_by_call!();
    #[track_caller]
    fn call(op: Op, args: &[Self]) -> Self {
        op.check_constants(args.iter().map(|x| x.term().err()));
        Var::apply(op, args, |x| op.value(x))
    }
    #[inline(always)]
    #[track_caller]
    fn call_with<const OP: u8>(args: &[Self], value: impl Fn(&[f64]) -> f64) -> Self {
        Var::apply(Op::ALL[OP as usize], args, value)
    }
    #[track_caller]
    fn dot(x: &[Self], y: &[Self]) -> Self {
        assert_eq!(x.len(), y.len(), "dot: the lengths of the two vectors differ");
        Var::record_list(Op::Dot, x.iter().chain(y).copied(), |x| Op::Dot.value(x))
    }
    fn answer(self, comparison: Comparison, y: Self, expected: i8, place: &Place) -> bool {
        self.guard_at(comparison, y, || place.clone()) == expected
    }
    fn is_constant(self) -> bool {
        self.tape.is_none()
    }
    fn is_unreached(self) -> bool {
        self.tape.is_none() && self.value.is_unreached()
    }
    /// The first contribution is recorded as it is: -0 plus it has its bits.
    fn contribute(&mut self, bar: Self, partial: Self, taken: Option<Self>) {
        let more = match taken {
            None => bar.chain(partial),
            Some(taken) => bar.gate(partial, taken),
        };
        *self = if self.is_unreached() { more } else { *self + more };
    }
    #[track_caller]
    fn as_seed(self) -> Self {
        if self.tape.is_none() { Var::constant(self.value.as_seed()) } else { self + 0.0 }
    }
    #[track_caller]
    fn custom(custom: &Arc<dyn Custom>, args: &[Self]) -> Self {
        match args.iter().find_map(|x| x.tape) {
            Some(tape) => tape.custom(custom, args),
            None => Var::constant(custom.value(&args.iter().map(|x| x.value).collect::<Vec<_>>())),
        }
    }
}

operators::variable!(Var);

impl fmt::Debug for Var<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.slot() {
            Some(slot) => write!(f, "Var({} in slot {slot})", self.value),
            None => write!(f, "Var(constant {})", self.value),
        }
    }
}
