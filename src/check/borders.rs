//! The borders that a point is at, as far as rounding tells: kinks of primitives, and comparisons
//! whose two sides are equal. It must not know what a derivative there is compared with.
//!
//! A program is replayed in numbers that carry a bound of their rounding error. A kink or comparison
//! that is no farther away than that error is a border. The recording shows the function on one side
//! of it, or, after an equality that was true, at that point alone. An input is concerned if it
//! reaches what was compared: moving it may lead to code that was not recorded.

use super::judge::MARGIN;
use super::kinks::{KinkKind, NearKink};
use super::linear::{Compared, Linear, Site};
use super::rounded::Rounded;
use crate::op::Op;
use crate::program::Program;
use crate::sweep::{Room, read};
use crate::tape::code::{Arg, Code, Kind};
use crate::tape::guard::Guard;
use crate::tape::{Comparison, Operand, Tape};
use smallvec::SmallVec;

/// The borders at a point, and all places where the function may go over to another piece.
#[derive(Clone, Debug, Default)]
pub(crate) struct Borders {
    at: Vec<Border>,
    turns: Vec<Turn>,
    /// The whole tape, if there is a border to name.
    linear: Option<Linear>,
}

/// A border that the point is at.
#[derive(Clone, Debug)]
struct Border {
    distance: f64,
    what: What,
    /// The slots that decide: that of the primitive, or those that were compared.
    slots: SmallVec<[usize; 2]>,
    /// The slot of the custom primitive in whose program it is.
    within: Option<usize>,
}

#[derive(Clone, Debug)]
enum What {
    Primitive(&'static str),
    Branch(Compared),
}

/// A place where the function may go over to another piece, and which piece it is on.
#[derive(Clone, Debug)]
enum Turn {
    Kink {
        args: SmallVec<[f64; 2]>,
        distance: f64,
    },
    Branch {
        outcome: i8,
    },
    /// A kink that the point is at: both of its sides are near.
    AtKink,
    /// A comparison that the point is at the border of: on its other side, other code is recorded.
    AtBranch,
}

/// Borders by program: those of a custom primitive's own program are at the slot of the primitive.
struct Survey {
    at: Vec<Border>,
    turns: Vec<Turn>,
}

impl Borders {
    /// The borders of a program that was made of this tape, at the point where it was recorded.
    pub(crate) fn new(tape: &Tape, program: &Program, x: &[f64]) -> Borders {
        let mut survey = Survey { at: Vec::new(), turns: Vec::new() };
        survey.program(program, &|k| x[k].into(), None);
        let Survey { mut at, turns } = survey;
        at.sort_by(|a, b| a.distance.total_cmp(&b.distance));
        let linear = (!at.is_empty()).then(|| Linear::new(tape, tape.len() - 1));
        Borders { at, turns, linear }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// For each input, the nearest border that its derivative of this output depends on. `None` for
    /// an output that is a constant: a branch may have made it one.
    pub(crate) fn behind(&self, inputs: usize, output: Option<usize>) -> Vec<Option<usize>> {
        let Some(linear) = &self.linear else { return vec![None; inputs] };
        let reached = output.map(|output| linear.reached_from(output));
        let matters = |border: &Border| match (&border.what, &reached) {
            (What::Branch(_), _) => true,
            (What::Primitive(_), Some(reached)) => border.slots.iter().any(|slot| reached[*slot]),
            (What::Primitive(_), None) => false,
        };
        let mut behind: Vec<Option<usize>> = vec![None; linear.slots.len()];
        for (k, border) in self.at.iter().enumerate().rev().filter(|(_, b)| matters(b)) {
            border.slots.iter().for_each(|slot| behind[*slot] = Some(k));
        }
        for slot in (0..behind.len()).rev() {
            let Some(border) = behind[slot] else { continue };
            for from in linear.slots[slot].edges.iter().filter_map(|edge| edge.from()) {
                behind[from] = Some(behind[from].map_or(border, |known| known.min(border)));
            }
        }
        linear.inputs.iter().map(|slot| behind[*slot]).collect()
    }

    /// What the border of this number is.
    pub(crate) fn name(&self, border: usize) -> Option<NearKink> {
        let Border { distance, what, slots, within } = self.at.get(border)?;
        let linear = self.linear.as_ref()?;
        let within: Vec<Site> = within.iter().map(|slot| linear.site(*slot)).collect();
        let kind = match what {
            What::Branch(compared) => {
                KinkKind::Branch(super::kinks::Border::new(compared, &within))
            }
            What::Primitive(at) => {
                KinkKind::Primitive { site: linear.site(slots[0]), at, within: Vec::new() }
            }
        };
        Some(NearKink { distance: *distance, kind })
    }

    /// Whether it is an equality that was true, or a cast: the recording is of that point alone.
    pub(crate) fn is_equality(&self, border: usize) -> bool {
        match self.at.get(border).map(|border| &border.what) {
            Some(What::Branch(Compared { guard, .. })) => match guard.comparison {
                Comparison::Equal => guard.outcome == 1,
                comparison => matches!(comparison, Comparison::Cast(_)),
            },
            _ => false,
        }
    }

    /// Whether a point near by is surely on the piece of this one, or on one of those that meet
    /// here. After a border that the point is at, other code may have been recorded.
    pub(crate) fn meet(&self, other: &Borders) -> bool {
        for (k, here) in self.turns.iter().enumerate() {
            if matches!(here, Turn::AtBranch) {
                return true;
            }
            let Some(there) = other.turns.get(k) else { return false };
            match (here, there) {
                (Turn::AtKink, _) => {}
                (Turn::Branch { outcome }, Turn::Branch { outcome: other }) => {
                    if outcome != other {
                        return false;
                    }
                }
                (Turn::Kink { args, distance }, Turn::Kink { args: others, .. }) => {
                    let moved: f64 = args.iter().zip(others).map(|(x, y)| (x - y).abs()).sum();
                    if moved.is_nan() || moved >= *distance {
                        return false;
                    }
                }
                _ => return false,
            }
        }
        self.turns.len() == other.turns.len()
    }
}

impl Survey {
    /// Adds the borders of a program at these inputs. `within` is the slot of the custom primitive
    /// that the program computes.
    fn program(&mut self, program: &Program, x: &dyn Fn(usize) -> Rounded, within: Option<usize>) {
        let (code, mut room) = (&program.code, Room::<Rounded>::default());
        if room.replay(code, x).is_err() {
            return;
        }
        let values = &room.values[..];
        let mut guards = code.guards().iter().peekable();
        for slot in 0..code.len() {
            let before = |arg: Arg| arg.is_constant() || arg.index() < slot;
            while let Some(guard) = guards.next_if(|guard| before(guard.x) && before(guard.y)) {
                self.guard(code, values, guard, within);
            }
            self.slot(code, values, slot, within);
        }
        guards.for_each(|guard| self.guard(code, values, guard, within));
    }

    fn guard(&mut self, code: &Code, values: &[Rounded], guard: &Guard, within: Option<usize>) {
        let [x, y] = [guard.x, guard.y].map(|arg| read(code, values, arg));
        let distance = (x.value - y.value).abs();
        // A number is compared with itself to see whether it is NaN.
        let is_cast = matches!(guard.comparison, Comparison::Cast(_));
        let is_itself = guard.x == guard.y && !is_cast;
        if is_itself || !is_near(distance, x.error + y.error) {
            return self.turns.push(Turn::Branch { outcome: guard.outcome });
        }
        let compared = [guard.x, guard.y].into_iter().filter(|arg| !arg.is_constant());
        let slots = match within {
            Some(slot) => SmallVec::from_slice(&[slot]),
            None => compared.map(Arg::index).collect(),
        };
        let operand = |arg: Arg| match code.term(arg) {
            Ok(slot) => Operand::Slot(slot as usize),
            Err(constant) => Operand::Constant(constant),
        };
        let operands = [guard.x, guard.y].map(operand);
        let compared = Compared { guard: guard.clone(), operands, values: [x.value, y.value] };
        self.turns.push(Turn::AtBranch);
        self.at.push(Border { distance, what: What::Branch(compared), slots, within });
    }

    fn slot(&mut self, code: &Code, values: &[Rounded], slot: usize, within: Option<usize>) {
        let word = code.word(slot);
        let args = code.all_args(slot);
        let read = |arg: &Arg| read(code, values, *arg);
        let op = match word.kind() {
            Kind::Input => return,
            Kind::Op(op) => op,
            Kind::Custom => {
                let x: Vec<Rounded> = args.iter().map(read).collect();
                if let Some(inner) = code.custom(word).program() {
                    self.program(inner, &|k| x[k], within.or(Some(slot)));
                }
                return;
            }
        };
        let Some((at, away)) = op.row().kink else { return };
        let x: SmallVec<[Rounded; 2]> = args.iter().map(read).collect();
        let plain: SmallVec<[f64; 2]> = x.iter().map(|x| x.value).collect();
        let distance = away(&plain);
        if !is_near(distance, x.iter().map(|x| x.error).sum()) {
            return self.turns.push(Turn::Kink { args: plain, distance });
        }
        if stays(op, &args, &plain) {
            return;
        }
        let slots = SmallVec::from_slice(&[within.unwrap_or(slot)]);
        self.turns.push(Turn::AtKink);
        self.at.push(Border { distance, what: What::Primitive(at), slots, within });
    }
}

/// Whether rounding may have taken the arguments over a border at this distance.
fn is_near(distance: f64, error: f64) -> bool {
    distance == 0.0 || distance <= MARGIN * error
}

/// Whether the arguments are at the kink wherever the inputs are, as those of `compare(v, v)`: it is
/// the border of nothing.
fn stays(op: Op, args: &[Arg], x: &[f64]) -> bool {
    let Some((_, away)) = op.row().kink else { return false };
    let moved = |(k, x): (usize, &f64)| {
        let first = args.iter().position(|arg| *arg == args[k]).unwrap_or(k);
        if args[k].is_constant() {
            *x
        } else {
            x + (x.abs() + 1.0) / (1000.0 + 77.0 * first as f64)
        }
    };
    let moved: SmallVec<[f64; 4]> = x.iter().enumerate().map(moved).collect();
    away(&moved) == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::op::Number;
    use crate::var::Var;

    /// The borders of a function at a point, by name, and what each input depends on.
    fn borders(
        f: impl for<'t> Fn(&[Var<'t>]) -> Var<'t>,
        x: &[f64],
    ) -> (Borders, Vec<Option<usize>>) {
        let tape = Tape::new();
        let y = f(&tape.input_slice(x));
        let borders = Borders::new(&tape, &tape.program(&[y]), x);
        let behind = borders.behind(x.len(), y.slot());
        (borders, behind)
    }

    #[test]
    fn a_border_is_near_within_eight_times_the_rounding() {
        assert!(is_near(0.0, 0.0) && is_near(7.9e-16, 1e-16) && !is_near(8.1e-16, 1e-16));
        assert!(!is_near(f64::NAN, 1.0) && !is_near(1e-300, 0.0));
    }

    #[test]
    fn an_input_depends_on_the_borders_that_it_reaches() {
        let (found, behind) = borders(|v| (v[0] - v[1]).abs() + v[2], &[1.0, 1.0, 0.5]);
        assert_eq!(behind, [Some(0), Some(0), None]);
        assert!(!found.is_equality(0) && found.name(0).is_some() && found.name(1).is_none());
        let (found, behind) = borders(|v| if v[1] == 0.0 { v[0] } else { v[2] }, &[1.0, 0.0, 2.0]);
        assert_eq!(behind, [None, Some(0), None], "the equality, and not the value of the branch");
        assert!(found.is_equality(0));
        let nan = |v: &[Var<'_>]| {
            let same = v[0];
            v[0] != same
        };
        let (found, _) = borders(|v| if nan(v) { v[0] * 2.0 } else { v[0] }, &[0.5]);
        assert!(found.is_empty(), "a number compared with itself");
        let (found, _) = borders(|v| if v[0] != 0.0 { v[0] } else { v[0] * 2.0 }, &[0.0]);
        assert!(found.is_equality(0), "an inequality that was false");
        let (found, behind) =
            borders(|v| if v[0] < 2.0 { Var::constant(1.0) } else { v[0] }, &[1.5]);
        assert!(found.is_empty() && behind == [None]);
        let (_, behind) = borders(|v| if v[0] < 2.0 { v[0] } else { Var::constant(2.0) }, &[2.0]);
        assert_eq!(behind, [Some(0)], "an output that a branch made a constant");
    }

    #[test]
    fn kinks_that_do_not_reach_the_output_do_not_matter() {
        let (found, behind) = borders(
            |v| {
                let _unused = v[0].abs();
                v[0] * 2.0
            },
            &[0.0],
        );
        assert_eq!((found.is_empty(), behind), (false, vec![None]));
        let (_, behind) = borders(|v| v[0].abs().max(v[1]), &[0.0, 1.0]);
        assert_eq!(behind, [None, None], "the loser of a maximum");
    }

    #[test]
    fn arguments_that_move_together_are_at_no_border() {
        assert!(borders(|v| v[0].max(v[0]), &[1.0]).0.is_empty());
        assert!(borders(|v| v[0].compare(v[0]), &[1.0]).0.is_empty());
        assert!(!borders(|v| v[0].hypot(v[0]), &[0.0]).0.is_empty());
        assert!(!borders(|v| v[0].max(v[1]), &[1.0, 1.0]).0.is_empty());
    }

    #[test]
    fn a_piece_is_left_where_a_kink_is_crossed_or_an_answer_changes() {
        let relu = |x: f64| borders(|v| (v[0] - 1.0).relu(), &[x]).0;
        assert!(relu(0.5).meet(&relu(0.7)) && !relu(0.5).meet(&relu(1.5)));
        assert!(relu(1.0).meet(&relu(1.5)) && relu(1.0).meet(&relu(0.5)), "both sides meet there");
        let branch =
            |x: f64| borders(|v| if v[0] > 1.0 { v[0] } else { v[0].square().sin() }, &[x]).0;
        assert!(branch(0.5).meet(&branch(0.7)) && !branch(0.5).meet(&branch(1.5)));
        assert!(branch(1.0).meet(&branch(1.5)) && branch(1.0).meet(&branch(0.5)));
    }
}
