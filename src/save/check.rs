//! Saved programs read back, nothing taken on trust. It must not know how they were written, only
//! what a program must be.

use super::*;
use crate::Error;
use crate::derive::LoadProblem as Problem;
use std::hash::{Hash, Hasher};

/// Programs within programs, at most: each costs a level of the stack when it runs.
const DEPTH: usize = 32;

/// FNV-1a: a change of any byte changes it. (Fowler, Noll and Vo; RFC 9923.)
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    fn write_u32(&mut self, x: u32) {
        self.write(&x.to_le_bytes());
    }

    fn write_u64(&mut self, x: u64) {
        self.write(&x.to_le_bytes());
    }

    fn write_i64(&mut self, x: i64) {
        self.write(&x.to_le_bytes());
    }

    fn write_usize(&mut self, x: usize) {
        self.write_u64(x as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The checksum of all that is saved but the checksum.
pub(super) fn checksum(saved: &Saved) -> u64 {
    let mut hasher = Fnv(0xCBF2_9CE4_8422_2325);
    (&saved.format, saved.version, &saved.kinds, &saved.constants, &saved.slots).hash(&mut hasher);
    (&saved.point, &saved.guards, &saved.outputs, &saved.names).hash(&mut hasher);
    saved.programs.iter().for_each(|inner| hasher.write_u64(inner.checksum));
    hasher.finish()
}

fn problem<T>(problem: Problem) -> Result<T, Error> {
    Err(Error::Load { slot: None, problem })
}

/// What a name among the kinds stands for.
enum Known {
    Input,
    Op(Op),
    Program(usize),
}

/// Reads a program. Whatever is wrong with it is an error, not a panic, then or later.
pub(super) fn load(saved: Saved, depth: usize) -> Result<Program, Error> {
    if saved.format != FORMAT {
        return problem(Problem::Format(saved.format));
    }
    if saved.version != VERSION {
        return problem(Problem::Version { found: saved.version, known: VERSION });
    }
    if saved.checksum != checksum(&saved) {
        return problem(Problem::Checksum);
    }
    if depth > DEPTH {
        return problem(Problem::TooDeep(DEPTH));
    }
    let kinds = saved.kinds.iter().map(|kind| known(kind)).collect::<Result<Vec<_>, _>>()?;
    let programs = saved.programs.iter().map(|inner| load_inner(inner, depth + 1));
    let programs = programs.collect::<Result<Vec<_>, _>>()?;
    let mut reader = Reader {
        code: Code::default(),
        constants: saved.constants.iter().map(|bits| f64::from_bits(*bits)).collect(),
        programs,
        point: saved.point.iter().map(|bits| f64::from_bits(*bits)).collect(),
    };
    for (slot, (kind, args)) in saved.slots.iter().enumerate() {
        let at = |problem| Error::Load { slot: Some(slot), problem };
        let known = kinds.get(*kind as usize).ok_or(at(Problem::Kind(kind.to_string())))?;
        reader.slot(known, args).map_err(at)?;
    }
    reader.finish(&saved)
}

fn known(kind: &str) -> Result<Known, Error> {
    if kind == INPUT {
        return Ok(Known::Input);
    }
    if let Some(op) = Op::ALL.iter().find(|op| op.name() == kind) {
        return Ok(Known::Op(*op));
    }
    let program = kind.strip_prefix("program ").and_then(|number| number.parse().ok());
    program.map(Known::Program).map_or_else(|| problem(Problem::Kind(kind.to_owned())), Ok)
}

fn load_inner(saved: &Saved, depth: usize) -> Result<Arc<dyn Custom>, Error> {
    let program = load(saved.clone(), depth)?;
    match program.outputs() {
        1 => Ok(Arc::new(program)),
        outputs => problem(Problem::InnerOutputs(outputs)),
    }
}

struct Reader {
    code: Code,
    constants: Vec<f64>,
    programs: Vec<Arc<dyn Custom>>,
    point: Vec<f64>,
}

impl Reader {
    fn slot(&mut self, kind: &Known, args: &[i64]) -> Result<(), Problem> {
        let stored = args.iter().map(|arg| self.arg(*arg)).collect::<Result<Vec<_>, _>>()?;
        match kind {
            Known::Input if !args.is_empty() => return Err(Problem::Arity(args.len())),
            Known::Input => {
                let i = self.code.inputs().len();
                let value = *self.point.get(i).ok_or(Problem::Point)?;
                self.code.push_input(value);
            }
            Known::Op(op) => {
                self.check_op(*op, &stored)?;
                self.code.push_op(*op, &stored, f64::NAN);
            }
            Known::Program(number) => {
                let custom = self.programs.get(*number).ok_or(Problem::Program(*number))?;
                let inputs = custom.program().expect("it was read as a program").inputs();
                if inputs != args.len() {
                    return Err(Problem::Arity(args.len()));
                }
                let terms: Vec<_> = stored.iter().map(|arg| self.code.term(*arg)).collect();
                self.code.push_custom(custom, terms.into_iter(), f64::NAN);
            }
        }
        Ok(())
    }

    /// A constant that exists, or a slot that comes before.
    fn arg(&mut self, saved: i64) -> Result<Arg, Problem> {
        if saved < 0 {
            let place = (-(saved + 1)) as usize;
            let constant = self.constants.get(place).ok_or(Problem::Constant(place))?;
            return Ok(self.code.intern(*constant));
        }
        let slot = usize::try_from(saved).unwrap_or(usize::MAX);
        if slot < self.code.len() { Ok(Arg::slot(slot)) } else { Err(Problem::Order(slot)) }
    }

    fn check_op(&self, op: Op, args: &[Arg]) -> Result<(), Problem> {
        if !op.takes(args.len()) {
            return Err(Problem::Arity(args.len()));
        }
        let constant = |arg: &Arg| arg.is_constant().then(|| self.code.constant(*arg));
        let constants: Vec<Option<f64>> = args.iter().map(constant).collect();
        op.accepts(&constants).map_err(|_| Problem::Bounds)
    }

    /// The rest of the program.
    fn finish(mut self, saved: &Saved) -> Result<Program, Error> {
        if self.point.len() != self.code.inputs().len() {
            return problem(Problem::Point);
        }
        for guard in &saved.guards {
            let guard = self.guard(guard).map_err(|problem| Error::Load { slot: None, problem })?;
            self.code.push_guard(guard);
        }
        let outputs = saved.outputs.iter().map(|arg| self.arg(*arg)).collect::<Result<Vec<_>, _>>();
        let outputs = outputs.map_err(|problem| Error::Load { slot: None, problem })?;
        for (name, slot) in &saved.names {
            if *slot as usize >= self.code.len() {
                return problem(Problem::Name(name.clone()));
            }
        }
        let Reader { code, point, .. } = self;
        Ok(Program { code, outputs, names: saved.names.clone(), point })
    }

    fn guard(&mut self, saved: &SavedGuard) -> Result<Guard, Problem> {
        let comparison = comparison_of(&saved.comparison);
        let comparison = comparison.ok_or(Problem::Comparison(saved.comparison.clone()))?;
        let place =
            Place { file: saved.file.clone().into(), line: saved.line, column: saved.column };
        let (x, y) = (self.arg(saved.x)?, self.arg(saved.y)?);
        Ok(Guard { x, y, comparison, outcome: saved.outcome, place })
    }
}
