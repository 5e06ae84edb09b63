//! Ways to declare inputs, and the scopes in which they are named. It must not know how a slot is
//! stored.

use super::Tape;
use crate::var::Var;

/// An open name scope: names given while it lives begin with its name and a `/`.
#[derive(Debug)]
#[must_use = "a scope is open only as long as it is kept: let _scope = ..."]
pub struct Scope<'t> {
    tape: &'t Tape,
    number: u64,
}

impl Tape {
    /// Declares named inputs; their values are known at once.
    ///
    /// # Panics
    /// If a name is in use in the open scope.
    #[track_caller]
    pub fn inputs<const K: usize>(
        &self,
        names: [impl AsRef<str>; K],
        values: [f64; K],
    ) -> [Var<'_>; K] {
        std::array::from_fn(|k| self.new_input(&names[k], values[k]))
    }

    /// Declares one named input.
    ///
    /// # Panics
    /// If the name is in use in the open scope.
    #[track_caller]
    pub fn new_input(&self, name: impl AsRef<str>, value: f64) -> Var<'_> {
        self.declare(value).named(name)
    }

    /// Declares inputs without names, which cost nothing beside their slots.
    #[track_caller]
    pub fn input_array<const K: usize>(&self, values: [f64; K]) -> [Var<'_>; K] {
        values.map(|value| self.declare(value))
    }

    /// Declares inputs without names from a slice, or from anything that gives numbers.
    #[track_caller]
    pub fn input_slice<'a>(&self, values: impl IntoIterator<Item = &'a f64>) -> Vec<Var<'_>> {
        let values = values.into_iter();
        let mut variables = Vec::with_capacity(values.size_hint().0);
        let code = &mut self.core.borrow_mut().code;
        let mut slot = code.len() as u32;
        code.push_inputs(values.map(|value| {
            variables.push(Var::new(self, slot, *value));
            slot += 1;
            *value
        }));
        self.remember(code);
        variables
    }

    /// Declares named inputs from anything that gives names and values.
    ///
    /// # Panics
    /// If a name is in use in the open scope.
    #[track_caller]
    pub fn input_named<S: AsRef<str>>(
        &self,
        pairs: impl IntoIterator<Item = (S, f64)>,
    ) -> Vec<Var<'_>> {
        pairs.into_iter().map(|(name, value)| self.new_input(name, value)).collect()
    }

    /// Opens a name scope, so that a layer can be called twice.
    pub fn scope(&self, name: impl AsRef<str>) -> Scope<'_> {
        Scope { tape: self, number: self.core.borrow_mut().names.enter(name.as_ref()) }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        self.tape.core.borrow_mut().names.leave(self.number);
    }
}
