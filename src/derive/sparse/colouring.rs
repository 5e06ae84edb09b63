//! Colourings: which columns of a sparse matrix can share a direction. They must not know what the
//! entries are.

use super::Pattern;
use crate::derive::workspace::DIRECTIONS;
use smallvec::SmallVec;

/// A colour for each column that has an entry. All columns of a colour are seeded together.
#[derive(Clone, Debug, Default)]
pub(super) struct Colouring {
    pub(super) of: Vec<u32>,
    pub(super) colours: usize,
}

const NONE: u32 = u32::MAX;

impl Colouring {
    /// Columns of a colour share no row, so that every entry stands alone in the sum of its colour.
    /// Greedy: the better one of the natural order and of that from long columns to short ones.
    pub(super) fn of_columns(pattern: &Pattern) -> Colouring {
        let (by_column, least) = (pattern.transpose(), pattern.longest_row());
        better(&by_column, least, |order| distance_two(&by_column, order))
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
        let coloured = self.of.iter().enumerate().filter(|(j, _)| self.has(*j));
        coloured.for_each(|(j, colour)| classes[*colour as usize].push(j));
        classes
    }

    /// Whether a column has a colour.
    pub(super) fn has(&self, j: usize) -> bool {
        self.of[j] != NONE
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

/// Each row keeps the colours that it has, so that a column need not meet all the others.
fn distance_two(by_column: &Pattern, order: &[usize]) -> Colouring {
    let mut of = vec![NONE; by_column.rows()];
    let mut of_row = vec![Colours::default(); by_column.columns()];
    let mut taken = Colours::default();
    for j in order.iter().filter(|j| !by_column.row(**j).is_empty()) {
        taken.0.clear();
        by_column.row(*j).iter().for_each(|i| taken.add_all(&of_row[*i]));
        of[*j] = taken.first_free();
        by_column.row(*j).iter().for_each(|i| _ = of_row[*i].add(of[*j]));
    }
    counted(of)
}

/// A set of colours, a bit each.
#[derive(Clone, Default)]
struct Colours(SmallVec<[u64; 2]>);

impl Colours {
    fn grow(&mut self, words: usize) {
        if self.0.len() < words {
            self.0.resize(words, 0);
        }
    }

    /// Whether it is new.
    fn add(&mut self, colour: u32) -> bool {
        let is_new = !self.has(colour);
        let word = (colour / u64::BITS) as usize;
        self.grow(word + 1);
        self.0[word] |= 1 << (colour % u64::BITS);
        is_new
    }

    fn has(&self, colour: u32) -> bool {
        let word = self.0.get((colour / u64::BITS) as usize);
        word.is_some_and(|word| word >> (colour % u64::BITS) & 1 == 1)
    }

    fn add_all(&mut self, others: &Colours) {
        self.grow(others.0.len());
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    fn first_free(&self) -> u32 {
        let full = self.0.iter().take_while(|word| **word == u64::MAX).count();
        full as u32 * u64::BITS + self.0.get(full).map_or(0, |word| word.trailing_ones())
    }
}

fn counted(of: Vec<u32>) -> Colouring {
    let colours = of.iter().filter(|of| **of != NONE).max().map_or(0, |most| *most as usize + 1);
    Colouring { of, colours }
}

/// A star colouring on its way: what is known of each vertex.
struct Star<'p> {
    pattern: &'p Pattern,
    of: Vec<u32>,
    /// Colours of its neighbours.
    beside: Vec<Colours>,
    /// Those that two of them have or more: it is, or would be, the hub of a star.
    twice: Vec<Colours>,
    /// Colours of the hubs of which it is a leaf.
    hubs: Vec<Colours>,
}

impl<'p> Star<'p> {
    fn new(pattern: &'p Pattern) -> Star<'p> {
        let [beside, twice, hubs] = [(); 3].map(|()| vec![Colours::default(); pattern.rows()]);
        Star { pattern, of: vec![NONE; pattern.rows()], beside, twice, hubs }
    }

    fn colour(mut self, order: &[usize]) -> Colouring {
        let mut taken = Colours::default();
        for v in order {
            taken.0.clone_from(&self.beside[*v].0);
            for w in self.coloured(*v) {
                taken.add_all(&self.hubs[w]);
                if self.twice[*v].has(self.of[w]) {
                    taken.add_all(&self.beside[w]);
                }
            }
            self.join(*v, taken.first_free());
        }
        counted(self.of)
    }

    fn neighbours(&self, v: usize) -> impl Iterator<Item = usize> + use<'p> {
        self.pattern.row(v).iter().copied().filter(move |w| *w != v)
    }

    fn coloured(&self, v: usize) -> impl Iterator<Item = usize> {
        self.neighbours(v).filter(|w| self.of[*w] != NONE)
    }

    /// Gives a vertex its colour. Its neighbours may become hubs, or leaves if it is a hub.
    fn join(&mut self, v: usize, colour: u32) {
        self.of[v] = colour;
        for w in self.neighbours(v) {
            let (of_w, is_new) = (self.of[w], self.beside[w].add(colour));
            if of_w != NONE && self.twice[v].has(of_w) {
                self.hubs[w].add(colour);
            }
            if !is_new && of_w != NONE {
                self.hubs[v].add(of_w);
            }
            if !is_new && self.twice[w].add(colour) && of_w != NONE {
                let first = self.coloured(w).find(|x| *x != v && self.of[*x] == colour);
                first.into_iter().for_each(|x| _ = self.hubs[x].add(of_w));
            }
        }
    }
}
