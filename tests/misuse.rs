//! Bad use, and what is said of it: the whole message, and that it points at the caller's line. It
//! must not know what good use computes.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Arc, Once};
use wengert::prelude::*;

thread_local! {
    /// The file that the last panic pointed at, while panics are expected on this thread.
    static FILE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The message that `f` panics with, and the file that the panic points at.
fn panic_of<T>(f: impl FnOnce() -> T) -> (String, String) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |info| match FILE.with(|file| file.borrow().is_some()) {
            true => FILE.set(info.location().map(|location| location.file().to_owned())),
            false => print(info),
        }));
    });
    FILE.set(Some(String::new()));
    let outcome = catch_unwind(AssertUnwindSafe(f));
    let file = FILE.take().unwrap_or_default();
    let payload = outcome.err().expect("a panic");
    match payload.downcast::<String>() {
        Ok(message) => (*message, file),
        Err(payload) => (payload.downcast_ref::<&str>().expect("a message").to_string(), file),
    }
}

/// Checks the message that each expression panics with.
macro_rules! says {
    ($($f:expr => $message:expr;)+) => { $(
        assert_eq!(panic_of(|| $f).0, $message, "{}", stringify!($f));
    )+ };
}

/// The same, and that the panic points at the line of the caller.
macro_rules! says_here {
    ($($f:expr => $message:expr;)+) => { $(
        let expected = ($message.to_string(), file!().to_string());
        assert_eq!(panic_of(|| $f), expected, "{}", stringify!($f));
    )+ };
}

const OURS_WITH_THEIRS: &str = "a variable of tape `theirs` (1 slot) was used with tape `ours` \
    (2 slots): variables of two tapes cannot meet";
const THEIRS_WITH_OURS: &str = "a variable of tape `ours` (2 slots) was used with tape `theirs` \
    (1 slot): variables of two tapes cannot meet";

/// Two tapes that cannot meet, with the inputs x, y and z.
fn strangers() -> (Tape, Tape) {
    let (ours, theirs) = (Tape::with_name("ours"), Tape::with_name("theirs"));
    ours.inputs(["x", "y"], [1.0, 2.0]);
    theirs.inputs(["z"], [3.0]);
    (ours, theirs)
}

struct Sum3;

impl Custom for Sum3 {
    fn name(&self) -> &str {
        "sum3"
    }
    fn value(&self, x: &[f64]) -> f64 {
        x.iter().sum()
    }
    fn partials(&self, _: &[f64], _: f64, partials: &mut [f64]) {
        partials.fill(1.0);
    }
}

#[test]
#[allow(clippy::op_ref)]
fn operators_refuse_a_variable_of_another_tape() {
    let (ours, theirs) = strangers();
    let (x, z) = (ours.var("x"), theirs.var("z"));
    says_here! {
        x + z => OURS_WITH_THEIRS;
        x - z => OURS_WITH_THEIRS;
        x * z => OURS_WITH_THEIRS;
        x / z => OURS_WITH_THEIRS;
        x % z => OURS_WITH_THEIRS;
        z + x => THEIRS_WITH_OURS;
        &x + z => OURS_WITH_THEIRS;
        x + &z => OURS_WITH_THEIRS;
        &x + &z => OURS_WITH_THEIRS;
        x == z => OURS_WITH_THEIRS;
        x < z => OURS_WITH_THEIRS;
        x <= z => OURS_WITH_THEIRS;
        x > z => OURS_WITH_THEIRS;
        x >= z => OURS_WITH_THEIRS;
        x.partial_cmp(&z) => OURS_WITH_THEIRS;
    }
    assert_eq!((ours.len(), theirs.len()), (2, 1), "what was refused was recorded");
}

#[test]
fn every_primitive_refuses_a_variable_of_another_tape() {
    let (ours, theirs) = strangers();
    // An order or exponent must be a constant, which is said before anything else is.
    for op in Op::ALL.iter().filter(|op| !op.row().args.contains(&"n")) {
        let arity = op.arity().unwrap_or(4);
        for stranger in (0..arity).filter(|_| arity > 1) {
            let var = |k: usize| if k == stranger { theirs.var("z") } else { ours.var("x") };
            let mut args: Vec<Var<'_>> = (0..arity).map(var).collect();
            let mut expected = if stranger == 0 { THEIRS_WITH_OURS } else { OURS_WITH_THEIRS };
            if op.row().args.contains(&"lo") && args[1].value() > args[2].value() {
                args.swap(1, 2); // ordered bounds
                expected = OURS_WITH_THEIRS;
            }
            let (message, _) = panic_of(|| Number::call(*op, &args));
            assert_eq!(message, expected, "{} at {stranger}", op.name());
        }
    }
    assert_eq!((ours.len(), theirs.len()), (2, 1), "what was refused was recorded");
}

#[test]
fn what_a_row_does_not_accept_is_refused_with_what_it_wants() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.0);
    let quick = wengert::QuickTape::new();
    let y = quick.inputs(&[2.0])[0];
    let c = Var::constant;
    let exponent = "n must be a constant, a whole number from -2147483648 to 2147483647";
    let order = "n must be a constant, a whole number from 0 to 65535";
    says_here! {
        Var::call(Op::Powi, &[x, c(2.5)]) => format!("powi(x, n) was given (a variable, 2.5), but {exponent}");
        Var::call(Op::Powi, &[x, x]) => format!("powi(x, n) was given (a variable, a variable), but {exponent}");
        Var::call(Op::Powi, &[x, c(2147483648.0)]) => format!("powi(x, n) was given (a variable, 2147483648), but {exponent}");
        Var::call(Op::Polygamma, &[c(0.5), x]) => format!("polygamma(n, x) was given (0.5, a variable), but {order}");
        Var::call(Op::Polygamma, &[c(-1.0), c(2.0)]) => format!("polygamma(n, x) was given (-1, 2), but {order}");
        Var::call(Op::Clamp, &[x, c(2.0), c(1.0)]) => "clamp(x, lo, hi) was given (a variable, 2, 1), but lo must not be above hi";
        Number::call(Op::Powi, &[y, y + 0.5]) => format!("powi(x, n) was given (a variable, a variable), but {exponent}");
        Number::call(Op::Polygamma, &[wengert::QuickVar::constant(65536.0), y]) => format!("polygamma(n, x) was given (65536, a variable), but {order}");
    }
    assert_eq!(tape.len(), 1, "what was refused was recorded");
    let accepted =
        [Op::Powi.accepts(&[None, Some(-3.0)]), Op::Polygamma.accepts(&[Some(0.0), None])];
    assert_eq!(accepted, [Ok(()); 2]);
    // Nothing is truncated in plain numbers either.
    assert_eq!(Op::Powi.value(&[4.0, 2.5]), 32.0);
    assert!(Op::Polygamma.value(&[0.5, 2.0]).is_nan());
}

#[test]
fn whatever_takes_variables_refuses_those_of_another_tape() {
    let (ours, theirs) = strangers();
    let [x, y, z] = [ours.var("x"), ours.var("y"), theirs.var("z")];
    let c = Var::constant(1.0);
    let custom: Arc<dyn Custom> = Arc::new(Sum3);
    let mut workspace = Workspace::new();
    let grad = ours.gradient(y);
    let program = record(|v| v[0] * v[1], &[1.0, 1.0]);
    says! {
        [x, y, z].iter().sum::<Var<'_>>() => OURS_WITH_THEIRS;
        [c, z, x].into_iter().sum::<Var<'_>>() => THEIRS_WITH_OURS;
        [x, z].iter().product::<Var<'_>>() => OURS_WITH_THEIRS;
        Number::dot(&[x, y], &[x, z]) => OURS_WITH_THEIRS;
        x.mul_add(y, z) => OURS_WITH_THEIRS;
        x.select(y, z) => OURS_WITH_THEIRS;
        c.select(x, z) => OURS_WITH_THEIRS;
        x.powf(2.0).pow(z) => OURS_WITH_THEIRS.replace("2 slots", "3 slots");
    }
    let refused = OURS_WITH_THEIRS.replace("2 slots", "3 slots");
    says! {
        ours.custom(&custom, &[x, z]) => refused;
        ours.gradient(z) => refused;
        ours.gradient_vars(z, &[]) => refused;
        ours.gradient_vars(x, &[z]) => refused;
        ours.gradient_in(&mut workspace, z).to_vec() => refused;
        ours.vjp(&[(x, 1.0), (z, 1.0)]) => refused;
        ours.vjp_in(&mut workspace, &[(z, 1.0)]).to_vec() => refused;
        ours.program(&[x, z]) => refused;
        program.inline(&[x, z]) => refused;
    }
    says_here! { grad[z] => refused; }
    assert_eq!((grad.get(z), grad.get(c), grad.get(y)), (None, None, Some(1.0)));
}

#[test]
fn a_gradient_does_not_answer_for_what_came_later() {
    let tape = Tape::new();
    let x = tape.new_input("x", 2.0);
    let grad = tape.gradient(x.square());
    let later = x.exp().named("later");
    let stale = "a stale gradient: slot 2 was recorded after the sweep, which saw 2 slots; \
        take the gradient again";
    says_here! {
        grad[later] => stale;
        grad["later"] => stale;
    }
    assert_eq!((grad.get(later), grad[x]), (None, 4.0));
    let below = tape.gradient(x.square());
    assert_eq!(below[later], 0.0, "recorded before the sweep, above the output or not");
}

#[test]
fn a_constant_has_no_gradient_and_no_name() {
    let tape = Tape::with_name("t");
    let x = tape.new_input("x", 2.0);
    let c = Var::constant(1.5);
    let constant = "the output is a constant, 1.5: it depends on no variable of tape `t` (1 slot), \
        so it has no gradient; was it detached, or computed from plain numbers?";
    says! {
        tape.gradient(c) => constant;
        tape.vjp(&[(x, 1.0), (c, 1.0)]) => constant;
        tape.gradient(x.detach()) => constant.replace("1.5", "2");
        tape.gradient(x)[c] => "a constant, 1.5, has no derivative";
        tape.gradient_vars(c, &[x]) => constant;
        tape.gradient_vars(x, &[c]) => "a constant, 1.5, has no derivative";
    }
    says_here! {
        c.named("c") => "`c` would name a constant, 1.5, which has no slot; declare an input";
    }
    assert_eq!(value_and_gradient(|_| Var::constant(7.0), &[1.0, 2.0]), (7.0, vec![0.0, 0.0]));
}

#[test]
fn a_name_is_used_once_in_a_scope() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    says_here! {
        tape.new_input("x", 2.0) => "`x` names slot 0 already, so it cannot name slot 1; \
            choose another name, or open a scope: let _scope = tape.scope(\"layer2\")";
        x.square().named("x") => "`x` names slot 0 already, so it cannot name slot 2; \
            choose another name, or open a scope: let _scope = tape.scope(\"layer2\")";
    }
    let scope = tape.scope("inner");
    let inner = tape.new_input("x", 3.0);
    says_here! {
        inner.named("x") => "`inner/x` names slot 3 already, so it cannot name slot 3; \
            choose another name, or open a scope: let _scope = tape.scope(\"layer2\")";
    }
    assert_eq!((tape.var("x").slot(), tape.var("inner/x").slot()), (Some(3), Some(3)));
    drop(scope);
    assert_eq!((tape.var("x").slot(), tape.var("inner/x").slot()), (Some(0), Some(3)));
    assert_eq!(x.named("also x").slot(), tape.var("also x").slot());
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let tape = Tape::with_name("t");
    says! {
        tape.var("x") => "nothing on tape `t` (0 slots) is named `x`";
    }
    let [w1, _] = tape.inputs(["weight1", "bias"], [1.0, 2.0]);
    let grad = tape.gradient(w1);
    says! {
        tape.var("wieght1") => "nothing on tape `t` (2 slots) is named `wieght1`; did you mean `weight1`?";
        tape.var("bais") => "nothing on tape `t` (2 slots) is named `bais`; did you mean `bias`?";
        tape.var("?") => "nothing on tape `t` (2 slots) is named `?`";
        grad["weigth1"] => "nothing on tape `t` (2 slots) is named `weigth1`; did you mean `weight1`?";
    }
    assert!(tape.get("wieght1").is_none());
    says! {
        Tape::new().var("x").value() => "nothing on a tape without names (0 slots) is named `x`";
    }
}

#[test]
fn a_tape_goes_back_only_to_what_it_still_holds() {
    let mut tape = Tape::with_name("t");
    let start = tape.mark();
    tape.inputs(["x", "y"], [1.0, 2.0]);
    let mark = tape.mark();
    tape.rewind(start);
    let stale = "a stale mark: slot 2 of tape `t` (0 slots) was rewound past since it was marked";
    says_here! {
        tape.rewind(mark) => stale;
        tape.input(0) => "input 0 of tape `t` (0 slots), which has 0, counted from 0";
        tape.at(3) => "slot 3 of tape `t` (0 slots), counted from 0";
        tape.slot(3) => "slot 3 of tape `t` (0 slots), counted from 0";
    }
    tape.new_input("x", 1.0);
    says_here! { tape.input(1) => "input 1 of tape `t` (1 slot), which has 1, counted from 0"; }
    tape.input_array([1.0, 2.0, 3.0]);
    says_here! { tape.rewind(mark) => stale.replace("(0", "(4"); }
    let fresh = tape.mark();
    tape.input_array([1.0]);
    tape.rewind(fresh);
    tape.input_array([1.0]);
    tape.rewind(fresh);
    assert_eq!(tape.len(), 4, "a mark is good for as long as what it marks is there");
}

#[test]
fn a_mark_that_only_a_name_sets_apart_is_stale_too() {
    let mut tape = Tape::with_name("t");
    let x = tape.input_array([1.0])[0];
    let before = tape.mark();
    x.named("x");
    let named = tape.mark();
    assert_eq!(tape.var("x").value(), 1.0);
    tape.rewind(before);
    says_here! {
        tape.rewind(named) =>
            "a stale mark: slot 1 of tape `t` (1 slot) was rewound past since it was marked";
    }
    assert!(tape.get("x").is_none(), "a name that was rewound past does not come back");
    tape.rewind(before);
}

#[test]
fn a_mark_is_of_one_tape() {
    let (mut ours, theirs) = strangers();
    let mark = theirs.mark();
    says_here! {
        ours.rewind(mark) => "a mark at slot 1 of another tape than tape `ours` (2 slots)";
    }
}

#[test]
fn scopes_close_in_any_order() {
    let tape = Tape::new();
    let outer = tape.scope("ab");
    let inner = tape.scope("c");
    drop(outer);
    let next = tape.scope("block");
    tape.new_input("x", 1.0);
    drop(inner);
    tape.new_input("y", 1.0);
    drop(next);
    tape.new_input("z", 1.0);
    let names: Vec<String> = tape.names().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["c/block/x", "block/y", "z"]);
}

#[test]
fn lengths_must_fit() {
    let tape = Tape::new();
    let [x, y] = tape.input_array([1.0, 2.0]);
    let (grad, mut one) = (tape.gradient(x * y), [0.0]);
    says_here! {
        grad.write_inputs(&mut one) => "the slice has 1 numbers, and should have 2: one for each input";
    }
    says! {
        Number::dot(&[x], &[x, y]) => "assertion `left == right` failed: dot: the lengths of the \
            two vectors differ\n  left: 1\n right: 2";
        <f64 as Number>::dot(&[1.0], &[1.0, 2.0]) => "assertion `left == right` failed: dot: the \
            lengths of the two vectors differ\n  left: 1\n right: 2";
        x.clamp(y, x) => "min > max, or either was NaN. min = 2.0, max = 1.0";
    }
}

#[test]
fn a_program_takes_points_of_its_own_size() {
    let f = record(|v| v[0] * v[1], &[1.0, 2.0]);
    let two = record_vec(|v| vec![v[0], v[1]], &[1.0, 2.0]);
    let (mut w, mut one, mut other) = (Workspace::new(), [0.0], [0.0]);
    let point = "the point has 1 numbers, and should have 2: one for each input";
    let scalar = "assertion `left == right` failed: this asks for one output, and the program \
        has 2; use a plural\n  left: 2\n right: 1";
    says! {
        f.value(&[1.0]) => point;
        f.gradient(&[1.0]) => point;
        f.hessian(&[1.0]) => point;
        f.jacobian(&[1.0]) => point;
        two.value(&[1.0, 2.0]) => scalar;
        two.gradient(&[1.0, 2.0]) => scalar;
        two.hvp(&[1.0, 2.0], &[1.0, 2.0]) => scalar;
        two.values_into(&[1.0, 2.0], &mut one, &mut w) => "the slice of values has 1 numbers, and \
            should have 2: one for each output";
        two.vjp(&[1.0, 2.0], &[1.0]) => "the cotangent has 1 numbers, and should have 2: one for \
            each output";
        two.reverse(&[1.0, 2.0], &[1.0]) => "the cotangent has 1 numbers, and should have 2: one \
            for each output";
        f.replay(&[wengert::F32(1.0)]) => point;
        f.gradient_into(&[1.0, 2.0], &mut one, &mut w) => "the gradient has 1 numbers, and should \
            have 2: one for each input";
        f.jvp(&[1.0, 2.0], &[1.0]) => "the tangent has 1 numbers, and should have 2: one for each \
            number of the point";
        f.hvp_into(&[1.0, 2.0], &[1.0, 0.0], &mut one, &mut other, &mut w) => "the gradient has 1 \
            numbers, and should have 2: one for each number of the point";
        f.jacobian_into(&[1.0, 2.0], &mut one, &mut w) => "the Jacobian has 1 numbers, and should \
            have 2: one for each output and input";
        f.hessian_into(&[1.0, 2.0], &mut one, &mut w) => "the Hessian has 1 numbers, and should \
            have 4: one for each pair of inputs";
    }
}

#[test]
fn a_primitive_takes_as_many_arguments_as_it_has() {
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let three = "add(x, y) was given 3 arguments";
    says! {
        Op::Add.value(&[1.0; 3]) => three;
        Op::Add.partials(&[1.0; 3], 1.0) => three;
        <f64 as Number>::call(Op::Add, &[1.0; 3]) => three;
        Number::call(Op::Add, &[x; 3]) => three;
        Op::Sin.value(&[]) => "sin(x) was given 0 arguments";
        Op::Dot.value(&[1.0; 3]) => "dot(xs) was given 3 arguments";
        Number::call(Op::Dot, &[x; 3]) => "dot(xs) was given 3 arguments";
        Op::Add.textbook(&[1.0; 3], 1.0) => three;
        <Dual>::call(Op::Add, &[Dual::constant(1.0); 3]) => three;
    }
    assert_eq!(tape.len(), 1, "what was refused was recorded");
}

#[test]
fn a_custom_primitive_is_named_where_a_number_cannot_be_served() {
    let custom: Arc<dyn Custom> = Arc::new(Sum3);
    let tape = Tape::new();
    let x = tape.new_input("x", 1.0);
    let program = tape.program(&[tape.custom(&custom, &[x]) * x]);
    let twice = Dual::new(Dual::new(1.0, 1.0), Dual::constant(1.0));
    says! {
        Number::custom(&custom, &[twice]) => format!(
            "custom primitive `sum3` has its value and partials in f64 only, so it cannot run in {}; \
             build it from primitives to use it there",
            std::any::type_name::<Dual>());
    }
    says! {
        tape.gradient_vars(tape.at(2), &[x]) => format!(
            "custom primitive `sum3` has its value and partials in f64 only, so it cannot run in {}; \
             build it from primitives to use it there",
            std::any::type_name::<Var<'_>>());
    }
    assert_eq!(program.gradient(&[3.0]), Ok(vec![6.0]));
    let refused = "custom primitive `sum3` gives its partials in f64 only, and this derivative \
        needs them in another number; build it from primitives, or give it a program";
    assert_eq!(program.hessian(&[3.0]).unwrap_err().to_string(), refused);
    assert_eq!(program.derivative().unwrap_err().to_string(), refused);
}
