//! The order in which a loop is run again to be reversed from few snapshots. It must not know what a
//! step is, nor what a snapshot holds.

/// The binomial schedule: reverses a loop of steps with a bounded number of snapshots and as few
/// steps forward as there can be.
///
/// Of Griewank and Walther, "Algorithm 799: revolve", ACM Trans. Math. Softw. 26 (2000). With `s`
/// snapshots, of which the first one holds the first state, loops of up to C(s + r, s) steps are
/// reversed by advancing no step more than r times.
///
/// ```
/// use wengert::{Action, Schedule};
///
/// let actions: Vec<Action> = Schedule::new(3, 2).collect();
/// assert_eq!(actions, [
///     Action::Save { place: 0 },
///     Action::Advance { from: 0, to: 1 },
///     Action::Save { place: 1 },
///     Action::Advance { from: 1, to: 2 },
///     Action::Reverse { step: 2 },
///     Action::Restore { place: 1 },
///     Action::Reverse { step: 1 },
///     Action::Restore { place: 0 },
///     Action::Reverse { step: 0 },
/// ]);
/// assert_eq!(Schedule::forward_steps(3, 2), 2);
/// ```
#[derive(Clone, Debug)]
pub struct Schedule {
    snapshots: usize,
    /// Steps that are not reversed yet.
    left: usize,
    /// The step before which the state at hand stands; none where it has been used up.
    at: Option<usize>,
    /// The steps before which the saved states stand.
    saved: Vec<usize>,
}

/// What is to be done next with the state at hand. Step `k` leads from state `k` to state `k + 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Save the state in a place; what was there is not needed any more.
    Save {
        /// The place, less than the number of snapshots.
        place: usize,
    },
    /// Take the state from a place, where it stays.
    Restore {
        /// The place.
        place: usize,
    },
    /// Run some steps without recording.
    Advance {
        /// The first step to run.
        from: usize,
        /// The step to stop before.
        to: usize,
    },
    /// Record one step from the state at hand, and sweep down from its end to its beginning.
    Reverse {
        /// The step.
        step: usize,
    },
}

impl Schedule {
    /// The schedule for a number of steps and of snapshots, the first state's included. Takes 8 bytes
    /// a snapshot.
    ///
    /// # Panics
    /// If there are no snapshots.
    pub fn new(steps: usize, snapshots: usize) -> Schedule {
        assert!(snapshots > 0, "a loop is reversed from at least one snapshot, of its first state");
        let saved = Vec::with_capacity(snapshots.min(steps));
        Schedule { snapshots, left: steps, at: Some(0), saved }
    }

    /// How many steps are advanced: r steps - C(s + r, s + 1), where r is the least number with
    /// C(s + r, s) not below the number of steps. Reversals are not counted: there is one a step.
    ///
    /// ```
    /// use wengert::Schedule;
    ///
    /// assert_eq!(Schedule::forward_steps(2000, 1), 2000 * 1999 / 2);
    /// assert_eq!(Schedule::forward_steps(2000, 62), 2 * 2000 - 64);
    /// assert_eq!(Schedule::forward_steps(2000, 2000), 1999);
    /// ```
    ///
    /// # Panics
    /// If there are no snapshots.
    pub fn forward_steps(steps: usize, snapshots: usize) -> usize {
        assert!(snapshots > 0, "a loop is reversed from at least one snapshot, of its first state");
        if steps < 2 {
            return 0;
        }
        let repeats = repeats(steps, snapshots);
        repeats * steps - reach(snapshots + 1, repeats - 1)
    }

    /// The fewest snapshots with which no step is advanced more than `repeats` times.
    ///
    /// # Panics
    /// If `repeats` is 0.
    pub fn snapshots_for(steps: usize, repeats: usize) -> usize {
        assert!(repeats > 0, "each step but the last is advanced at least once");
        let (mut least, mut most) = (1, steps.max(1));
        while least < most {
            let middle = (least + most) / 2;
            if reach(middle, repeats) >= steps { most = middle } else { least = middle + 1 }
        }
        least
    }
}

/// The most steps that can be reversed with so many snapshots and repeats: C(s + r, s).
fn reach(snapshots: usize, repeats: usize) -> usize {
    let (most, least) = (snapshots.max(repeats), snapshots.min(repeats));
    let times = |so_far: u128, k: usize| so_far.saturating_mul((most + k) as u128) / k as u128;
    let all = (1..=least).try_fold(1, |so_far, k| {
        Some(times(so_far, k)).filter(|reach| *reach < usize::MAX as u128)
    });
    all.map_or(usize::MAX, |reach| reach as usize)
}

/// How often steps must be advanced at most.
fn repeats(steps: usize, snapshots: usize) -> usize {
    if snapshots == 1 {
        return steps - 1;
    }
    (1..).find(|repeats| reach(snapshots, *repeats) >= steps).unwrap_or(steps)
}

/// Where to save next, in a segment of at least two steps with at least two snapshots: as far on as
/// both parts can be reversed without more repeats.
fn split(steps: usize, snapshots: usize) -> usize {
    let repeats = repeats(steps, snapshots);
    let last = reach(snapshots - 1, repeats - 1);
    reach(snapshots, repeats - 1).min(steps - last)
}

impl Iterator for Schedule {
    type Item = Action;

    fn next(&mut self) -> Option<Action> {
        let last = self.left.checked_sub(1)?;
        let Some(at) = self.at else {
            self.at = self.saved.last().copied();
            return Some(Action::Restore { place: self.saved.len() - 1 });
        };
        if self.saved.last() != Some(&at) && (at < last || at == 0) {
            self.saved.push(at);
            return Some(Action::Save { place: self.saved.len() - 1 });
        }
        if at == last {
            (self.left, self.at) = (last, None);
            self.saved.pop_if(|saved| *saved == last);
            return Some(Action::Reverse { step: last });
        }
        let free = self.snapshots - self.saved.len();
        let to = if free == 0 { last } else { at + split(self.left - at, free + 1) };
        self.at = Some(to);
        Some(Action::Advance { from: at, to })
    }
}
