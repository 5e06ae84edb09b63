//! Which derivatives must be computed: those that are asked for, and those that formulas hold.
//! It must not compute them.

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::{
    ast::Kind,
    model::{Model, Target},
};

/// The derivatives that must be computed, by the quantity that they are of.
///
/// Values are made of the derivatives that formulas hold, so whoever wants any value of a sheet
/// wants those. There is no other way to say what is wanted.
#[derive(Debug)]
pub(crate) struct Wanted {
    by_output: HashMap<u32, HashSet<u32>>,
}

impl Wanted {
    /// These derivatives, and those that the formulas of the sheet hold.
    pub(crate) fn with(model: &Model, asked: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut by_output: HashMap<u32, HashSet<u32>> = HashMap::default();
        for (of, wrt) in held(model).chain(asked) {
            by_output.entry(of).or_default().insert(wrt);
        }
        Self { by_output }
    }

    /// What a quantity is differentiated by, if it is.
    pub(super) fn of(&self, output: u32) -> Option<&HashSet<u32>> {
        self.by_output.get(&output)
    }

    /// The outputs in order, each with what it is differentiated by.
    pub(super) fn outputs(&self) -> Vec<(u32, &HashSet<u32>)> {
        let mut outputs: Vec<_> = self.by_output.iter().map(|(of, wrts)| (*of, wrts)).collect();
        outputs.sort_unstable_by_key(|(of, _)| *of);
        outputs
    }
}

/// The derivatives that stand in formulas.
pub(crate) fn held(model: &Model) -> impl Iterator<Item = (u32, u32)> + '_ {
    model.nodes.all.iter().filter_map(|node| match node.kind {
        Kind::Derivative(of, wrt) => Some((of, wrt)),
        _ => None,
    })
}

/// The derivatives that statements are about.
pub(crate) fn claimed(model: &Model) -> impl Iterator<Item = (u32, u32)> + '_ {
    model.chains.iter().filter_map(|chain| match chain.target {
        Target::Derivative(of, wrt) => Some((of, wrt)),
        _ => None,
    })
}
