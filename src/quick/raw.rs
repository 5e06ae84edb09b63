//! A list that grows behind a shared reference. It must not know what its entries mean.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// Entries, appended one by one: a vector, taken apart into the pointers that an append needs. A
/// `RefCell` of a vector in its place takes twice the time to record the sums of products of W5.
///
/// `start`, the entries up to `next` and the room up to `end` are those of a `Vec<T>`, always.
pub(super) struct Growing<T: Copy> {
    start: Cell<NonNull<T>>,
    next: Cell<NonNull<T>>,
    end: Cell<NonNull<T>>,
    entries: PhantomData<Vec<T>>,
}

// SAFETY: it owns its entries and nothing else, as a vector does. It is not `Sync`, for it has cells:
// one thread at a time has it.
unsafe impl<T: Copy + Send> Send for Growing<T> {}

impl<T: Copy> Default for Growing<T> {
    fn default() -> Self {
        const { assert!(size_of::<T>() > 0, "pointers to entries of no size do not count them") };
        let start = Cell::new(NonNull::dangling());
        let (next, end) = (start.clone(), start.clone());
        Growing { start, next, end, entries: PhantomData }
    }
}

impl<T: Copy> Growing<T> {
    /// Appends an entry.
    pub(super) fn push(&self, entry: T) {
        if !self.push_within(entry) {
            self.push_apart(entry);
        }
    }

    /// Appends an entry if there is room, and says whether there was.
    #[inline(always)]
    pub(super) fn push_within(&self, entry: T) -> bool {
        let next = self.next.get();
        if next == self.end.get() {
            return false;
        }
        // SAFETY: `next` is before the end of the vector's room, and so is a place in it, and at most
        // at the end when it has moved on by one. Behind it there is no entry yet, and no reference
        // to any place is alive: this type hands none out.
        unsafe {
            next.write(entry);
            self.next.set(next.add(1));
        }
        true
    }

    /// Replaces the last entry by what this makes of it, if there is one.
    #[inline(always)]
    pub(super) fn update_last(&self, change: impl FnOnce(T) -> T) {
        let next = self.next.get();
        if next != self.start.get() {
            // SAFETY: there is an entry, so the last one is right before `next`.
            let changed = change(unsafe { next.sub(1).read() });
            // Whatever was done to the list in between, there must still be one.
            let next = self.next.get();
            if next != self.start.get() {
                // SAFETY: as above.
                unsafe { next.sub(1).write(changed) };
            }
        }
    }

    /// The same where there is no room.
    #[cold]
    #[inline(never)]
    fn push_apart(&self, entry: T) {
        let mut entries = self.take();
        grow(&mut entries);
        entries.push(entry);
        self.put_back(entries);
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        // SAFETY: both are of the same vector, and `next` is not before `start`.
        unsafe { self.next.get().offset_from_unsigned(self.start.get()) }
    }

    /// Takes the list out, to be read and then put back.
    #[inline]
    pub(super) fn take(&self) -> Vec<T> {
        let (start, length) = (self.start.get(), self.len());
        // SAFETY: as in `len`.
        let capacity = unsafe { self.end.get().offset_from_unsigned(start) };
        self.hold(Vec::new());
        // SAFETY: these are the parts of a vector, which is no longer held here; and the entries up
        // to its length are written.
        unsafe { Vec::from_raw_parts(start.as_ptr(), length, capacity) }
    }

    /// Puts back what was taken.
    ///
    /// # Panics
    /// If anything was appended in the meantime.
    #[inline]
    pub(super) fn put_back(&self, entries: Vec<T>) {
        assert!(self.end == self.start, "a tape was recorded on while it was swept");
        self.hold(entries);
    }

    /// Forgets the entries and keeps the room.
    pub(super) fn clear(&mut self) {
        self.next.set(self.start.get());
    }

    /// Holds these entries. What was held is not freed.
    fn hold(&self, entries: Vec<T>) {
        let mut entries = ManuallyDrop::new(entries);
        let (length, capacity) = (entries.len(), entries.capacity());
        // SAFETY: the pointer of a vector is never null, and length and capacity are within its room.
        unsafe {
            let start = NonNull::new_unchecked(entries.as_mut_ptr());
            self.start.set(start);
            self.next.set(start.add(length));
            self.end.set(start.add(capacity));
        }
    }
}

impl<T: Copy> Drop for Growing<T> {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// Room for twice as many entries.
#[cold]
#[inline(never)]
fn grow<T>(entries: &mut Vec<T>) {
    super::check_length(entries.len() + 1);
    entries.reserve(entries.len().max(64));
}
