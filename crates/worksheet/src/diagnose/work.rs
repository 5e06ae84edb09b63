//! How much a search may do, in steps: the same on every machine, so that a sheet gets the same
//! answers on all of them. It must not know what a step is for.

/// The most steps for one slip: one step is about one operation evaluated.
const FOR_ONE: u64 = 4_000_000;
/// The most steps for all slips of a sheet.
const FOR_ALL: u64 = 60_000_000;

/// How much of the search for the mistake behind a slip was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// Only a part: the formula is too long for all of it.
    Part,
    /// Only the digits were looked at: too many numbers of the sheet are wrong.
    Digits,
}

impl Extent {
    /// What the JSON form says where the search was not whole.
    pub fn text(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Part => Some("part"),
            Self::Digits => Some("digits"),
        }
    }
}

/// What is left to be done.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    for_all: u64,
    left: u64,
    is_cut: bool,
}

impl Default for Work {
    fn default() -> Self {
        Self { for_all: FOR_ALL, left: 0, is_cut: false }
    }
}

impl Work {
    /// Begins with the next slip; false if nothing is left for it.
    pub(crate) fn begin(&mut self) -> bool {
        self.left = FOR_ONE.min(self.for_all);
        self.is_cut = false;
        self.for_all >= FOR_ONE
    }

    /// Takes so many steps, if they are left.
    pub(crate) fn take(&mut self, steps: usize) -> bool {
        let steps = steps as u64;
        self.is_cut |= steps > self.left;
        if !self.is_cut {
            self.left -= steps;
            self.for_all -= steps;
        }
        !self.is_cut
    }

    /// Keeps a part of what is left for later, and returns what is kept.
    pub(crate) fn reserve(&mut self, part: u64) -> u64 {
        let kept = self.left / part;
        self.left -= kept;
        kept
    }

    /// Goes on with what was kept; false if what came before was cut short.
    pub(crate) fn release(&mut self, kept: u64) -> bool {
        self.left += kept;
        !std::mem::take(&mut self.is_cut)
    }

    /// Leaves the rest out.
    pub(crate) fn cut(&mut self) {
        self.is_cut = true;
    }

    /// Whether something was left out.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_cannot_take_what_is_left_for_others() {
        let mut work = Work::default();
        let mut slips = 0;
        while work.begin() {
            assert!(work.take(1_000_000));
            assert!(!work.take(FOR_ONE as usize));
            slips += 1;
        }
        assert_eq!(slips, (FOR_ALL - FOR_ONE) / 1_000_000 + 1);
    }

    #[test]
    fn what_is_kept_for_later_is_there_later() {
        let mut work = Work::default();
        assert!(work.begin());
        let kept = work.reserve(2);
        assert!(!work.take(FOR_ONE as usize * 3 / 4));
        assert!(!work.release(kept));
        assert!(work.take(FOR_ONE as usize) && !work.is_cut());
    }
}
