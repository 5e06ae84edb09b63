//! A list that grows behind a shared reference. It must not know what its entries mean.
#![allow(unsafe_code)]

use std::cell::UnsafeCell;

/// Entries, appended one by one. Not `Sync`: one thread at a time has it.
pub(super) struct Growing<T> {
    entries: UnsafeCell<Vec<T>>,
}

impl<T> Default for Growing<T> {
    fn default() -> Self {
        Growing { entries: UnsafeCell::new(Vec::new()) }
    }
}

impl<T: Copy> Growing<T> {
    /// Appends an entry.
    pub(super) fn push(&self, entry: T) {
        if !self.push_within(entry) {
            // SAFETY: as in `push_within`.
            grow(unsafe { &mut *self.entries.get() });
            self.push_within(entry);
        }
    }

    /// Appends an entry if there is room, and says whether there was. A `RefCell` in its place takes
    /// twice the time to record the sums of products of W5.
    #[inline(always)]
    pub(super) fn push_within(&self, entry: T) -> bool {
        // SAFETY: no other reference to the list is alive. One is only ever made inside a method of
        // this type, and none of them hands it out, runs code of others (T is `Copy`: nothing is
        // dropped) or calls another; and the cell keeps other threads away.
        let entries = unsafe { &mut *self.entries.get() };
        let position = entries.len();
        if position == entries.capacity() {
            return false;
        }
        // SAFETY: the capacity is more than `position`, so that place is the list's own, and after
        // the write all places up to it hold entries.
        unsafe {
            entries.as_mut_ptr().add(position).write(entry);
            entries.set_len(position + 1);
        }
        true
    }

    /// Appends entries.
    #[inline]
    pub(super) fn extend(&self, more: &[T]) {
        // SAFETY: as in `push`.
        let entries = unsafe { &mut *self.entries.get() };
        if entries.capacity() - entries.len() < more.len() {
            grow(entries);
        }
        entries.extend_from_slice(more);
    }

    /// The last entry.
    #[inline(always)]
    pub(super) fn last(&self) -> Option<T> {
        // SAFETY: as in `push`; what is returned is a copy.
        unsafe { (*self.entries.get()).last().copied() }
    }

    /// Replaces the last entry, if there is one.
    #[inline(always)]
    pub(super) fn set_last(&self, entry: T) {
        // SAFETY: as in `push`.
        if let Some(last) = unsafe { (*self.entries.get()).last_mut() } {
            *last = entry;
        }
    }

    pub(super) fn len(&self) -> usize {
        // SAFETY: as in `push`; the reference is gone when the length is known.
        unsafe { (*self.entries.get()).len() }
    }

    /// Takes the list out, to be read and then put back.
    pub(super) fn take(&self) -> Vec<T> {
        // SAFETY: as in `push`; an empty list is left behind.
        std::mem::take(unsafe { &mut *self.entries.get() })
    }

    /// Puts back what was taken.
    ///
    /// # Panics
    /// If anything was appended in the meantime.
    pub(super) fn put_back(&self, entries: Vec<T>) {
        assert_eq!(self.len(), 0, "a tape was recorded on while it was swept");
        // SAFETY: as in `push`; the list that is dropped here holds nothing.
        unsafe { *self.entries.get() = entries };
    }

    pub(super) fn get_mut(&mut self) -> &mut Vec<T> {
        self.entries.get_mut()
    }
}

/// Room for twice as many entries.
#[cold]
#[inline(never)]
fn grow<T>(entries: &mut Vec<T>) {
    assert!(
        entries.len() < super::CAPACITY,
        "the tape is full: {} slots are its limit",
        super::CAPACITY
    );
    entries.reserve(entries.len().max(64));
}
