//! The edges of what has many arguments: runs of slots at one distance, each with its partials behind
//! one another. It must not know what computes them.

use super::{Edge, flow};

/// Edges to so many slots at one distance. One word that says so is followed by the partials, as bits.
#[derive(Clone, Copy)]
struct Run {
    slot: u32,
    step: u32,
    count: u32,
}

/// Bits of a count; those above are the step.
const COUNT_BITS: u32 = 24;
const LONGEST: usize = (1 << COUNT_BITS) - 1;
const WIDEST: u32 = u32::MAX >> COUNT_BITS;

impl Run {
    /// The first of a run that goes on with the second, if that is not too far.
    fn starting(slot: u32, second: Option<u32>) -> Option<Run> {
        let step = second.map_or(1, |second| second.wrapping_sub(slot));
        (1..=WIDEST).contains(&step).then_some(Run { slot, step, count: 1 })
    }

    fn to_word(self) -> u64 {
        u64::from(self.slot) << 32 | u64::from(self.step << COUNT_BITS | self.count)
    }

    fn of_word(word: u64) -> Run {
        let (slot, rest) = ((word >> 32) as u32, word as u32);
        Run { slot, step: rest >> COUNT_BITS, count: rest & LONGEST as u32 }
    }

    /// Makes this slot one more of the run, if it can be.
    fn take(&mut self, slot: u32) -> bool {
        if self.count == 1
            && let Some(run) = Run::starting(self.slot, Some(slot))
        {
            *self = Run { count: 2, ..run };
            return true;
        }
        let follows = slot == self.slot.wrapping_add(self.step.wrapping_mul(self.count));
        let takes = follows && (self.count as usize) < LONGEST;
        self.count += u32::from(takes);
        takes
    }
}

/// Appends edges as they come, in the longest runs that they make.
pub(super) fn extend(words: &mut Vec<u64>, edges: impl Iterator<Item = Edge>) {
    let mut current: Option<(usize, Run)> = None;
    for Edge { slot, partial } in edges {
        if let Some((at, run)) = &mut current
            && run.take(slot)
        {
            words[*at] = run.to_word();
        } else {
            let run = Run { slot, step: 1, count: 1 };
            current = Some((words.len(), run));
            words.push(run.to_word());
        }
        words.push(partial.to_bits());
    }
}

/// Appends edges that make a single run, and says whether they did; if not, nothing is appended. Their
/// first two slots are known beforehand; an edge that must not be appended is `None`.
#[inline(always)]
pub(super) fn extend_run(
    words: &mut Vec<u64>,
    [first, second]: [Option<u32>; 2],
    edges: impl ExactSizeIterator<Item = Option<Edge>>,
) -> bool {
    let (start, count) = (words.len(), edges.len());
    let Some(run) = first.and_then(|slot| Run::starting(slot, second)) else { return false };
    if count > LONGEST {
        return false;
    }
    words.resize(start + 1 + count, Run { count: count as u32, ..run }.to_word());
    let mut expected = run.slot;
    for (word, edge) in words[start + 1..].iter_mut().zip(edges) {
        let Some(edge) = edge.filter(|edge| edge.slot == expected) else {
            words.truncate(start);
            return false;
        };
        *word = edge.partial.to_bits();
        expected = expected.wrapping_add(run.step);
    }
    true
}

/// Adds what flows along the edges of a list: to `next` where that is their end, or else to those
/// below. Returns what `next` is then.
#[inline(never)]
pub(super) fn flow_to_list<const WILD: bool>(
    mut next: f64,
    below: &mut [f64],
    mut words: &[u64],
    bar: f64,
) -> f64 {
    while let [word, rest @ ..] = words {
        let Run { slot, step, count } = Run::of_word(*word);
        let (mut partials, behind) = rest.split_at(count as usize);
        words = behind;
        // The slots of a run ascend, so that no other than the last is the one just below.
        if slot as usize + (step as usize) * (count as usize - 1) == below.len()
            && let [first @ .., last] = partials
        {
            flow::<WILD>(&mut next, bar, f64::from_bits(*last));
            partials = first;
        }
        let ends = &mut below[slot as usize..];
        if step == 1 {
            for (x_bar, partial) in ends.iter_mut().zip(partials) {
                flow::<WILD>(x_bar, bar, f64::from_bits(*partial));
            }
        } else {
            for (k, partial) in partials.iter().enumerate() {
                flow::<WILD>(&mut ends[k * step as usize], bar, f64::from_bits(*partial));
            }
        }
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_flow_as_they_would_one_by_one() {
        let slots = [4, 5, 6, 6, 6, 9, 12, 15, 20, 19, 18, 0, 300, 20, 1, 256, 255, 511, 512, 513];
        let edges =
            slots.iter().zip(1..).map(|(slot, k)| Edge { slot: *slot, partial: f64::from(k) });
        let mut words = Vec::new();
        extend(&mut words, edges.clone());
        for length in [513, 514, 600] {
            let (mut below, mut expected) = (vec![0.0; length], vec![0.0; length + 1]);
            edges.clone().for_each(|edge| expected[edge.slot as usize] += 2.0 * edge.partial);
            let next = flow_to_list::<true>(0.0, &mut below, &words, 2.0);
            below.push(next);
            assert_eq!(below, expected);
        }
    }

    #[test]
    fn a_run_says_in_one_word_what_it_is() {
        for (slot, step) in [(0, 1), (u32::MAX / 2, WIDEST), (7, 200)] {
            let mut run = Run { slot, step, count: LONGEST as u32 - 1 };
            assert!(run.take(slot.wrapping_add(step.wrapping_mul(run.count))));
            assert!(!run.take(slot.wrapping_add(step.wrapping_mul(run.count))), "it is full");
            let Run { slot: first, step: distance, count } = Run::of_word(run.to_word());
            assert_eq!((first, distance, count as usize), (slot, step, LONGEST));
        }
        assert!(Run::starting(5, Some(5)).is_none() && Run::starting(5, Some(4)).is_none());
        assert!(Run::starting(5, Some(5 + WIDEST + 1)).is_none());
    }

    /// What is no single run leaves nothing behind.
    #[test]
    fn a_run_is_appended_whole_or_not_at_all() {
        let edges = |slots: &[u32]| -> Vec<Option<Edge>> {
            let edge = |slot: &u32| (*slot > 0).then_some(Edge { slot: *slot, partial: 0.5 });
            slots.iter().map(edge).collect()
        };
        let mut words = vec![1];
        for slots in [&[3, 4, 6][..], &[3, 4, 0], &[3, 3, 3], &[3, 2, 1], &[3, 1000, 1997]] {
            let edges = edges(slots).into_iter();
            assert!(!extend_run(&mut words, [0, 1].map(|k| slots.get(k).copied()), edges));
            assert_eq!(words, [1]);
        }
        assert!(extend_run(&mut words, [Some(9), Some(11)], edges(&[9, 11, 13]).into_iter()));
        assert_eq!(words[2..], [0.5f64.to_bits(); 3]);
    }
}
