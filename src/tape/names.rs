//! Names of slots, within scopes, in the order they were given. It must not know what a slot is.

use indexmap::IndexMap;

/// An ordered map from names to slots that can be cut back and filled again without allocating:
/// names past `live` are kept for the time when they are given again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    slots: IndexMap<String, u32>,
    live: usize,
    scope: String,
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
    pub(crate) fn get(&self, name: &str) -> Option<u32> {
        let live = |name: &str| self.slots.get_full(name).filter(|found| found.0 < self.live);
        let scoped = if self.scope.is_empty() { None } else { live(&(self.scope.clone() + name)) };
        scoped.or_else(|| live(name)).map(|(_, _, slot)| *slot)
    }

    /// Gives a slot a name within the open scope; the slot that has the name already is the error.
    pub(crate) fn insert(&mut self, name: &str, slot: u32) -> Result<(), u32> {
        self.scratch.clear();
        self.scratch.push_str(&self.scope);
        self.scratch.push_str(name);
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

    /// Opens a scope; returns what [`leave`](Names::leave) wants to close it.
    pub(crate) fn enter(&mut self, scope: &str) -> usize {
        let outer = self.scope.len();
        self.scope.push_str(scope);
        self.scope.push('/');
        outer
    }

    pub(crate) fn leave(&mut self, outer: usize) {
        self.scope.truncate(outer);
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
