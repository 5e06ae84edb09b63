//! Sets of inputs as unions of earlier sets, written out only for those that are asked for, and
//! forgotten after their last use. It must not know what depends on them.

use super::depends::flat_edges;
use crate::op::Op;
use std::cell::RefCell;

/// Sets by name: the empty one, one for each input, and unions of two earlier sets at 8 bytes each.
#[derive(Debug)]
pub(super) struct Sets {
    inputs: usize,
    unions: RefCell<Vec<[u32; 2]>>,
    flat: Vec<u8>,
}

impl Sets {
    pub(super) const EMPTY: u32 = 0;

    /// The sets of single inputs.
    pub(super) fn new(inputs: usize) -> Sets {
        Sets { inputs, unions: RefCell::default(), flat: flat_edges() }
    }

    pub(super) fn of_input(input: usize) -> u32 {
        input as u32 + 1
    }

    /// A bit for each argument in which the primitive's partial is the constant 0.
    pub(super) fn flat_edges(&self, op: Op) -> u8 {
        self.flat[op as usize]
    }

    pub(super) fn union(&self, x: u32, y: u32) -> u32 {
        match (x.min(y), x.max(y)) {
            (Sets::EMPTY, other) => other,
            (x, y) if x == y => x,
            (x, y) => {
                let mut unions = self.unions.borrow_mut();
                if unions.last() != Some(&[x, y]) {
                    unions.push([x, y]);
                }
                (self.inputs + unions.len()) as u32
            }
        }
    }

    /// Writes out the sets of these names, each in ascending order, one after another.
    pub(super) fn write_out(self, names: &[u32], mut row: impl FnMut(&[u32])) {
        let unions = self.unions.into_inner();
        let mut shelf = Shelf::new(self.inputs, &unions, names);
        (0..self.inputs).for_each(|input| shelf.input(input));
        unions.iter().enumerate().for_each(|(k, of)| shelf.union(1 + self.inputs + k, *of));
        names.iter().for_each(|name| row(&shelf.sets[shelf.place[*name as usize] as usize]));
    }
}

/// Sets written out, each in a place that is given away after its last use. Sets with the same
/// elements may share a place.
struct Shelf {
    uses: Vec<u32>,
    place: Vec<u32>,
    sets: Vec<Vec<u32>>,
    users: Vec<u32>,
    free: Vec<u32>,
}

impl Shelf {
    fn new(inputs: usize, unions: &[[u32; 2]], names: &[u32]) -> Shelf {
        let length = 1 + inputs + unions.len();
        let mut uses = vec![0; length];
        names.iter().for_each(|name| uses[*name as usize] += 1);
        for (k, of) in unions.iter().enumerate().rev() {
            if uses[1 + inputs + k] > 0 {
                of.iter().for_each(|name| uses[*name as usize] += 1);
            }
        }
        let (sets, users, free) = (vec![Vec::new()], vec![1], Vec::new()); // the empty set
        Shelf { uses, place: vec![0; length], sets, users, free }
    }

    fn input(&mut self, input: usize) {
        let name = Sets::of_input(input) as usize;
        if self.uses[name] > 0 {
            self.put(name, vec![input as u32]);
        }
    }

    /// Makes the union, in the place of one of its parts if it has the same elements, or if that
    /// part is not needed any more.
    fn union(&mut self, name: usize, of: [u32; 2]) {
        if self.uses[name] == 0 {
            return;
        }
        let [x, y] = of.map(|part| self.place[part as usize]);
        let size = |place: u32| self.sets[place as usize].len();
        let (small, large) = if size(x) < size(y) { (x, y) } else { (y, x) };
        let [less, more] = [small, large].map(|place| &self.sets[place as usize]);
        if small == large || is_subset(less, more) {
            self.place[name] = large;
            self.users[large as usize] += self.uses[name];
        } else if self.users[large as usize] == 1 {
            let less = std::mem::take(&mut self.sets[small as usize]);
            merge(&mut self.sets[large as usize], &less);
            self.sets[small as usize] = less;
            self.place[name] = large;
            self.users[large as usize] += self.uses[name];
        } else {
            let mut all = Vec::with_capacity(less.len() + more.len());
            all.extend_from_slice(more);
            merge(&mut all, less);
            self.put(name, all);
        }
        self.release(small);
        self.release(large);
    }

    fn put(&mut self, name: usize, set: Vec<u32>) {
        let place = self.free.pop().unwrap_or(self.sets.len() as u32);
        if place as usize == self.sets.len() {
            self.sets.push(Vec::new());
            self.users.push(0);
        }
        self.sets[place as usize] = set;
        self.users[place as usize] = self.uses[name];
        self.place[name] = place;
    }

    fn release(&mut self, place: u32) {
        let users = &mut self.users[place as usize];
        *users -= 1;
        if *users == 0 {
            self.sets[place as usize] = Vec::new();
            self.free.push(place);
        }
    }
}

/// Whether each element of a set is in another one that is not smaller; both ascend.
fn is_subset(small: &[u32], large: &[u32]) -> bool {
    if small.len() == large.len() {
        return small == large;
    }
    let mut rest = large;
    small.iter().all(|x| {
        let at = match rest.iter().take(8).position(|y| y >= x) {
            Some(at) => at,
            None => rest.partition_point(|y| y < x),
        };
        rest = &rest[at..];
        rest.first() == Some(x)
    })
}

/// Adds the elements of a set to another; both ascend. Moves no more than those above the least new
/// element.
fn merge(large: &mut Vec<u32>, small: &[u32]) {
    let new = |x: &&u32| large.binary_search(x).is_err();
    let added: Vec<u32> = small.iter().filter(new).copied().collect();
    let (mut from, mut to) = (large.len(), large.len() + added.len());
    large.resize(to, 0);
    for x in added.into_iter().rev() {
        let at = large[..from].partition_point(|y| *y < x);
        to -= from - at;
        large.copy_within(at..from, to);
        from = at;
        to -= 1;
        large[to] = x;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(sets: Sets, names: &[u32]) -> Vec<Vec<u32>> {
        let mut rows = Vec::new();
        sets.write_out(names, |row| rows.push(row.to_vec()));
        rows
    }

    #[test]
    fn unions_are_written_in_order_and_shared_sets_stay_whole() {
        let sets = Sets::new(5);
        let [a, b, c, e] = [0, 1, 2, 4].map(Sets::of_input);
        let ce = sets.union(e, c);
        let ace = sets.union(ce, a);
        let bce = sets.union(b, ce);
        let all = sets.union(ace, bce);
        let again = sets.union(all, Sets::EMPTY);
        let rows = written(sets, &[all, ce, again, Sets::EMPTY, bce, ace, a]);
        let wanted: [&[u32]; 7] =
            [&[0, 1, 2, 4], &[2, 4], &[0, 1, 2, 4], &[], &[1, 2, 4], &[0, 2, 4], &[0]];
        assert_eq!(rows, wanted);
    }

    #[test]
    fn a_long_chain_keeps_one_set() {
        let sets = Sets::new(1000);
        let all = (0..1000).rev().fold(Sets::EMPTY, |all, k| sets.union(all, Sets::of_input(k)));
        let unions = sets.unions.borrow().clone();
        let mut shelf = Shelf::new(1000, &unions, &[all]);
        (0..1000).for_each(|input| shelf.input(input));
        unions.iter().enumerate().for_each(|(k, of)| shelf.union(1001 + k, *of));
        let kept: Vec<usize> = shelf.sets.iter().map(Vec::len).filter(|n| *n > 0).collect();
        assert_eq!(kept, [1000]);
    }
}
