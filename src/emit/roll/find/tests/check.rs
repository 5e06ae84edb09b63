//! Says whether the parts of a program may run as loops, from the definition alone. It must not know
//! how they were found.

use super::super::Part;
use crate::op::Op;
use crate::program::Program;
use crate::tape::code::{Arg, Kind};

/// What an argument is in a turn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Class {
    Constant,
    Before,
    SameTurn { distance: usize },
    LastTurn { distance: usize },
    Wrong,
}

/// Whether the parts cover the program in order, and every loop is one.
pub(super) fn check(program: &Program, parts: &[Part]) -> Result<(), String> {
    let mut start = 0;
    for part in parts {
        if part.start != start || part.length == 0 || part.turns == 0 {
            return Err(format!("{part:?} does not begin at {start}, or is empty"));
        }
        start += part.length * part.turns;
    }
    if start != program.len() {
        return Err(format!("{start} of {} slots are covered", program.len()));
    }
    let users = users(program);
    parts
        .iter()
        .filter(|part| part.turns > 1)
        .try_for_each(|part| check_loop(program, part, &users))
}

/// For each slot, what uses it: a slot, or for outputs and guards a number past all slots.
fn users(program: &Program) -> Vec<Vec<usize>> {
    let code = &program.code;
    let mut users = vec![Vec::new(); code.len()];
    let mut add = |arg: Arg, user: usize| {
        if !arg.is_constant() {
            users[arg.index()].push(user);
        }
    };
    for slot in 0..code.len() {
        code.all_args(slot).iter().for_each(|arg| add(*arg, slot));
    }
    program.outputs.iter().for_each(|arg| add(*arg, usize::MAX));
    for guard in code.guards() {
        add(guard.x, usize::MAX);
        add(guard.y, usize::MAX);
    }
    users
}

fn check_loop(program: &Program, part: &Part, users: &[Vec<usize>]) -> Result<(), String> {
    for k in 0..part.length {
        let slots: Vec<usize> =
            (0..part.turns).map(|turn| part.start + turn * part.length + k).collect();
        check_slots(program, part, &slots, users)
            .map_err(|why| format!("{part:?}, slot {k} of a turn: {why}"))?;
    }
    Ok(())
}

/// Whether these slots, one of each turn, are alike.
fn check_slots(
    program: &Program,
    part: &Part,
    slots: &[usize],
    users: &[Vec<usize>],
) -> Result<(), String> {
    let code = &program.code;
    let kinds: Vec<Kind> = slots.iter().map(|slot| code.word(*slot).kind()).collect();
    let Kind::Op(op) = kinds[0] else { return Err(format!("a {:?}", kinds[0])) };
    if kinds.iter().any(|kind| *kind != kinds[0]) {
        return Err("different primitives".into());
    }
    let args: Vec<_> = slots.iter().map(|slot| code.all_args(*slot)).collect();
    if args.iter().any(|list| list.len() != args[0].len()) {
        return Err("different numbers of arguments".into());
    }
    let mut sums = 0;
    for place in 0..args[0].len() {
        let class =
            |(slot, list): (&usize, &smallvec::SmallVec<[Arg; 2]>)| class(list[place], *slot, part);
        let classes: Vec<Class> = slots.iter().zip(&args).map(class).collect();
        let goes_on = Class::LastTurn { distance: part.length };
        if classes[1..].iter().all(|class| *class == goes_on) {
            sums += 1;
            check_sum(op, place, classes[0], slots, users)?;
        } else if classes.contains(&Class::Wrong) || classes.contains(&goes_on) {
            return Err(format!("argument {place} is of another turn"));
        } else if classes.iter().any(|class| *class != classes[0]) {
            return Err(format!("argument {place} is not the same in all turns"));
        }
    }
    if sums > 1 { Err("two arguments are its sum".into()) } else { Ok(()) }
}

fn class(arg: Arg, slot: usize, part: &Part) -> Class {
    if arg.is_constant() {
        return Class::Constant;
    }
    let turn = (slot - part.start) / part.length;
    let turn_of = |slot: usize| (slot - part.start) / part.length;
    let (of, distance) = (arg.index(), slot - arg.index());
    match of {
        of if of < part.start => Class::Before,
        of if turn_of(of) == turn => Class::SameTurn { distance },
        of if turn_of(of) + 1 == turn && distance == part.length => Class::LastTurn { distance },
        _ => Class::Wrong,
    }
}

/// Whether slots may add up in this argument.
fn check_sum(
    op: Op,
    place: usize,
    first: Class,
    slots: &[usize],
    users: &[Vec<usize>],
) -> Result<(), String> {
    if op != Op::Add && (op != Op::Sub || place != 0) {
        return Err(format!("{op:?} does not add up argument {place}"));
    }
    if first != Class::Before {
        return Err(format!("its sum begins with {first:?}"));
    }
    let alone = |pair: &[usize]| users[pair[0]] == [pair[1]];
    if slots.windows(2).all(alone) { Ok(()) } else { Err("its sum is used between".into()) }
}
