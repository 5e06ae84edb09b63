//! Names of slots, within scopes, in the order they were given. It must not know what a slot is.

use indexmap::IndexMap;

/// An ordered map from names to slots that can be cut back and filled again without allocating:
/// names past `live` are kept for the time when they are given again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    slots: IndexMap<String, u32>,
    live: usize,
    scope: String,
    open: Vec<(u64, usize)>,
    opened: u64,
    scratch: String,
}

impl Names {
    pub(crate) fn len(&self) -> usize {
        self.live
    }

    /// Names and slots, in the order in which the names were given.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, u32)> {
        self.slots[..self.live].iter().map(|(name, slot)| (name.as_str(), *slot))
    }

    /// The slot of a full name, or of a name within the scope that is open.
    pub(crate) fn get(&mut self, name: &str) -> Option<u32> {
        self.qualify(name);
        let live = |name: &str| self.slots.get_full(name).filter(|found| found.0 < self.live);
        live(&self.scratch).or_else(|| live(name)).map(|(_, _, slot)| *slot)
    }

    /// Writes the full name, that of the open scope before it.
    fn qualify(&mut self, name: &str) {
        self.scratch.clear();
        self.scratch.push_str(&self.scope);
        self.scratch.push_str(name);
    }

    /// Gives a slot a name within the open scope; the slot that has the name already is the error.
    pub(crate) fn insert(&mut self, name: &str, slot: u32) -> Result<(), u32> {
        self.qualify(name);
        let index = match self.slots.get_full(&self.scratch) {
            Some((index, _, holder)) if index < self.live => return Err(*holder),
            Some((index, ..)) => index,
            None => {
                if self.slots.len() > 2 * self.live + 1024 {
                    self.slots.truncate(self.live); // names that are never given again
                }
                self.slots.insert_full(self.scratch.clone(), slot).0
            }
        };
        self.slots[index] = slot;
        self.slots.swap_indices(index, self.live);
        self.live += 1;
        Ok(())
    }

    pub(crate) fn truncate(&mut self, live: usize) {
        self.live = live;
    }

    /// The full name that [`insert`](Names::insert) was last called with.
    pub(crate) fn last(&self) -> &str {
        &self.scratch
    }

    /// Opens a scope; returns the number by which [`leave`](Names::leave) knows it.
    pub(crate) fn enter(&mut self, scope: &str) -> u64 {
        self.scope.push_str(scope);
        self.scope.push('/');
        self.open.push((self.opened, scope.len() + 1));
        self.opened += 1;
        self.opened - 1
    }

    /// Closes a scope, wherever it stands among those that are open.
    pub(crate) fn leave(&mut self, number: u64) {
        let Some(place) = self.open.iter().position(|(open, _)| *open == number) else { return };
        let start: usize = self.open[..place].iter().map(|(_, length)| length).sum();
        let (_, length) = self.open.remove(place);
        self.scope.replace_range(start..start + length, "");
    }

    /// Known names that look most like `name`, for messages.
    pub(crate) fn like(&self, name: &str) -> Option<&str> {
        let shared = |other: &str| name.chars().zip(other.chars()).filter(|(a, b)| a == b).count();
        self.iter()
            .map(|(other, _)| other)
            .filter(|other| shared(other) > 0)
            .max_by_key(|o| shared(o))
    }
}
