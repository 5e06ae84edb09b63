//! Colourings: which columns of a sparse matrix can share a direction. They must not know what the
//! entries are.

use super::Pattern;
use crate::derive::workspace::DIRECTIONS;
use std::collections::HashMap;

/// A colour for each column. All columns of a colour are seeded together.
#[derive(Clone, Debug)]
pub(super) struct Colouring {
    pub(super) of: Vec<u32>,
    pub(super) colours: usize,
}

const NONE: u32 = u32::MAX;

/// Colours that the column at hand cannot have, without clearing between columns.
struct Forbidden {
    by: Vec<u32>,
}

impl Forbidden {
    fn forbid(&mut self, colour: u32, by: usize) {
        self.by[colour as usize] = by as u32;
    }

    /// The first colour that `by` may have; there is always one more.
    fn first_free(&mut self, by: usize) -> u32 {
        let free = self.by.iter().position(|last| *last != by as u32).unwrap_or(self.by.len());
        if free + 1 >= self.by.len() {
            self.by.push(NONE);
        }
        free as u32
    }
}

impl Colouring {
    /// Columns of a colour share no row, so that every entry stands alone in the sum of its colour.
    /// Greedy: the better one of the natural order and of that from long columns to short ones.
    pub(super) fn of_columns(pattern: &Pattern) -> Colouring {
        let by_column = pattern.transpose();
        let least = pattern.longest_row();
        better(&by_column, least, |order| distance_two(pattern, &by_column, order))
    }

    /// A star colouring of a symmetric pattern: neighbours differ, and every path of four has three
    /// colours, so that of each two entries (i, j) and (j, i) one stands alone in the sum of its
    /// colour. Often fewer colours than columns need. Greedy, as by Gebremedhin, Tarafdar, Manne and
    /// Pothen, "New acyclic and star coloring algorithms with application to computing Hessians",
    /// SIAM J. Sci. Comput. 29 (2007).
    pub(super) fn star(pattern: &Pattern) -> Colouring {
        better(pattern, 1, |order| Star::new(pattern).colour(order))
    }

    /// The columns of each colour.
    pub(super) fn classes(&self) -> Vec<Vec<usize>> {
        let mut classes = vec![Vec::new(); self.colours];
        self.of.iter().enumerate().for_each(|(j, colour)| classes[*colour as usize].push(j));
        classes
    }
}

/// The colouring with fewer colours: in the natural order, or from long columns to short ones. The
/// second is not tried if the first one needs no more than `least`, or than one sweep can take.
fn better(by_column: &Pattern, least: usize, colour: impl Fn(&[usize]) -> Colouring) -> Colouring {
    let mut order: Vec<usize> = (0..by_column.rows()).collect();
    let natural = colour(&order);
    if natural.colours <= least.max(DIRECTIONS) {
        return natural;
    }
    order.sort_by_key(|j| std::cmp::Reverse(by_column.row(*j).len()));
    let other = colour(&order);
    if other.colours < natural.colours { other } else { natural }
}

fn distance_two(by_row: &Pattern, by_column: &Pattern, order: &[usize]) -> Colouring {
    let mut of = vec![NONE; by_column.rows()];
    let mut forbidden = Forbidden { by: vec![NONE] };
    for j in order {
        for k in by_column.row(*j).iter().flat_map(|i| by_row.row(*i)) {
            if of[*k] != NONE {
                forbidden.forbid(of[*k], *j);
            }
        }
        of[*j] = forbidden.first_free(*j);
    }
    counted(of)
}

fn counted(of: Vec<u32>) -> Colouring {
    let colours = of.iter().max().map_or(0, |most| *most as usize + 1);
    Colouring { of, colours }
}

/// A star colouring on its way.
struct Star<'p> {
    pattern: &'p Pattern,
    of: Vec<u32>,
    /// For a vertex and a colour: the first neighbour that has it, and how many have.
    beside: HashMap<(usize, u32), (usize, u32)>,
    /// Colours of the vertices that have another neighbour of the colour of this one.
    hubs: Vec<Vec<u32>>,
}

impl<'p> Star<'p> {
    fn new(pattern: &'p Pattern) -> Star<'p> {
        let rows = pattern.rows();
        let (of, hubs) = (vec![NONE; rows], vec![Vec::new(); rows]);
        Star { pattern, of, beside: HashMap::new(), hubs }
    }

    fn colour(mut self, order: &[usize]) -> Colouring {
        let mut forbidden = Forbidden { by: vec![NONE] };
        let mut twins = HashMap::new();
        for v in order {
            twins.clear();
            for w in self.coloured(*v) {
                forbidden.forbid(self.of[w], *v);
                self.hubs[w].iter().for_each(|colour| forbidden.forbid(*colour, *v));
                if let Some(first) = twins.insert(self.of[w], None) {
                    let both = first.into_iter().chain([w]);
                    let beyond = both.flat_map(|twin| self.coloured(twin));
                    beyond.for_each(|x| forbidden.forbid(self.of[x], *v));
                } else {
                    twins.insert(self.of[w], Some(w));
                }
            }
            let colour = forbidden.first_free(*v);
            self.join(*v, colour);
        }
        counted(self.of)
    }

    fn coloured(&self, v: usize) -> impl Iterator<Item = usize> {
        let others = self.pattern.row(v).iter().copied().filter(move |w| *w != v);
        others.filter(|w| self.of[*w] != NONE)
    }

    /// Gives a vertex its colour, and notes of which stars it becomes a leaf or the hub.
    fn join(&mut self, v: usize, colour: u32) {
        let beside: Vec<usize> = self.coloured(v).collect();
        self.of[v] = colour;
        for w in beside {
            self.meet(w, v);
            self.meet(v, w);
        }
    }

    /// A neighbour of `hub` has got a colour.
    fn meet(&mut self, hub: usize, leaf: usize) {
        let seen = self.beside.entry((hub, self.of[leaf])).or_insert((leaf, 0));
        seen.1 += 1;
        if seen.1 == 2 {
            self.hubs[seen.0].push(self.of[hub]);
        }
        if seen.1 >= 2 {
            self.hubs[leaf].push(self.of[hub]);
        }
    }
}
