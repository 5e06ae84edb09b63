//! The slots of a program that belong to no loop yet, as ranges. It must not know what they are.

use std::collections::BTreeMap;
use std::ops::Range;

/// Ranges that do not touch, by their start.
#[derive(Debug)]
pub(super) struct Free(BTreeMap<usize, usize>);

impl Free {
    /// All slots.
    pub(super) fn all(slots: usize) -> Free {
        Free([(0, slots)].into_iter().filter(|(start, end)| start < end).collect())
    }

    pub(super) fn len(&self) -> usize {
        self.iter().map(|range| range.len()).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Range<usize>> {
        self.0.iter().map(|(start, end)| *start..*end)
    }

    /// What is free of a range.
    pub(super) fn within(&self, range: Range<usize>) -> Vec<Range<usize>> {
        let first = self.0.range(..=range.start).next_back();
        let from = first.map_or(range.start, |(start, _)| *start);
        let touched = self.0.range(from..range.end);
        let cut = touched.map(|(start, end)| range.start.max(*start)..range.end.min(*end));
        cut.filter(|piece| !piece.is_empty()).collect()
    }

    /// Takes a range that is free as a whole.
    pub(super) fn take(&mut self, range: Range<usize>) {
        let around = self.0.range(..=range.start).next_back();
        let (start, end) = around.map(|(start, end)| (*start, *end)).expect("it is free");
        assert!(range.end <= end, "{range:?} is not free");
        self.0.remove(&start);
        for (start, end) in [(start, range.start), (range.end, end)] {
            if start < end {
                self.0.insert(start, end);
            }
        }
    }
}
