//! Adjoints that neighbours share, gathered in registers until their last contribution has come, so
//! that each is read and written once. It must not know what is gathered.
//!
//! In a pair of turns `i` and `i + 1`, an input that begins `d` numbers ahead of the first of its group
//! contributes to numbers `i + d` and `i + d + 1`. Behind this pair nothing comes for numbers `i` and `i +
//! 1` any more. Contributions of even `d` are gathered in vectors of numbers (`i`, `i + 1`), (`i + 2`, `i +
//! 3`), ...; those of odd `d` in vectors of (`i + 1`, `i + 2`), (`i + 3`, `i + 4`), ...

use cranelift_codegen::ir::{Endianness, InstBuilder, MemFlagsData, Value, types};
use cranelift_frontend::{FunctionBuilder, Variable};

/// The adjoints of a group of places.
#[derive(Debug)]
pub(super) struct Window {
    /// A place of the group.
    pub(super) member: usize,
    /// How far the first contribution is behind the first number of the group.
    pub(super) ahead: u32,
    /// What waits from pair to pair: of even distances from the first vector on, of odd distances
    /// likewise, and the last vector of odd distances whose second number still waits.
    even: Vec<Variable>,
    odd: Vec<Variable>,
    before: Option<Variable>,
    /// What has come in this pair.
    evens: Vec<Option<Value>>,
    odds: Vec<Option<Value>>,
}

impl Window {
    /// For contributions so far ahead of the first number of the group.
    pub(super) fn new(builder: &mut FunctionBuilder<'_>, member: usize, ahead: &[u32]) -> Window {
        let first = ahead.iter().copied().min().unwrap_or(0);
        let far = |parity: u32| {
            let all = ahead.iter().map(|ahead| ahead - first);
            all.filter(|distance| distance % 2 == parity).max()
        };
        let (even, odd) = (far(0).unwrap_or(0) / 2, far(1).map(|odd| odd / 2));
        let mut waiting = |count: u32| -> Vec<Variable> {
            (0..count).map(|_| builder.declare_var(types::F64X2)).collect()
        };
        let (even, odd, before) =
            (waiting(even), waiting(odd.unwrap_or(0)), odd.and_then(|_| waiting(1).pop()));
        Window { member, ahead: first, even, odd, before, evens: Vec::new(), odds: Vec::new() }
    }

    /// All that waits.
    pub(super) fn variables(&self) -> impl Iterator<Item = Variable> + '_ {
        self.even.iter().chain(&self.odd).chain(&self.before).copied()
    }

    /// A new pair: what waited is part of it.
    pub(super) fn begin(&mut self, builder: &mut FunctionBuilder<'_>) {
        let mut waited = |of: &[Variable]| -> Vec<Option<Value>> {
            let waited = of.iter().map(|variable| Some(builder.use_var(*variable)));
            waited.chain([None]).collect()
        };
        (self.evens, self.odds) = (waited(&self.even), waited(&self.odd));
    }

    /// Whether something has come for what a place contributes to that begins so far behind the first
    /// number of the group.
    pub(super) fn has_some(&self, ahead: u32) -> bool {
        let distance = ahead - self.ahead;
        let parity = if distance.is_multiple_of(2) { &self.evens } else { &self.odds };
        parity[distance as usize / 2].is_some()
    }

    /// A contribution of such a place; if it is negative, of the other sign: then something has come.
    pub(super) fn add(
        &mut self,
        builder: &mut FunctionBuilder<'_>,
        ahead: u32,
        value: Value,
        negative: bool,
    ) {
        let distance = ahead - self.ahead;
        let parity = if distance.is_multiple_of(2) { &mut self.evens } else { &mut self.odds };
        let sum = &mut parity[distance as usize / 2];
        *sum = Some(match (*sum, negative) {
            (None, _) => value,
            (Some(sum), false) => builder.ins().fadd(sum, value),
            (Some(sum), true) => builder.ins().fsub(sum, value),
        });
    }

    /// What has come for the two numbers that nothing more will come for. The others wait.
    pub(super) fn end(&mut self, builder: &mut FunctionBuilder<'_>) -> Option<Value> {
        let straddling = self.before.map(|before| {
            let first = self.odds[0].expect("something comes at odd distances");
            let last = builder.use_var(before);
            builder.def_var(before, first);
            second_and_first(builder, last, first)
        });
        let done = match (self.evens[0], straddling) {
            (Some(even), Some(odd)) => Some(builder.ins().fadd(even, odd)),
            (even, odd) => even.or(odd),
        };
        for (variables, sums) in [(&self.even, &self.evens), (&self.odd, &self.odds)] {
            for (variable, sum) in variables.iter().zip(&sums[1..]) {
                builder.def_var(*variable, sum.expect("something comes at the largest distance"));
            }
        }
        done
    }

    /// What still waits behind the last pair: how far behind the first number that waits, and which
    /// lane of which vector.
    pub(super) fn rest(&self) -> Vec<(u32, Variable, u8)> {
        let lanes = |first: u32, of: &[Variable]| -> Vec<(u32, Variable, u8)> {
            let both = (0..).zip(of).flat_map(move |(k, variable)| {
                [0, 1].map(|lane| (first + 2 * k + lane, *variable, lane as u8))
            });
            both.collect()
        };
        let before = self.before.map(|before| (0, before, 1));
        before.into_iter().chain(lanes(0, &self.even)).chain(lanes(1, &self.odd)).collect()
    }
}

/// The second number of a vector, and the first of another.
fn second_and_first(builder: &mut FunctionBuilder<'_>, x: Value, y: Value) -> Value {
    let bytes = [x, y].map(|x| builder.ins().bitcast(types::I8X16, little(), x));
    let mask: [u8; 16] = std::array::from_fn(|k| k as u8 + 8);
    let mask = builder.func.dfg.immediates.push(mask[..].into());
    let both = builder.ins().shuffle(bytes[0], bytes[1], mask);
    builder.ins().bitcast(types::F64X2, little(), both)
}

/// Lanes of vectors that are seen as others are numbered as in memory.
fn little() -> MemFlagsData {
    MemFlagsData::new().with_endianness(Endianness::Little)
}
