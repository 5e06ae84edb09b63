//! Turns one after the other, each as straight code: where the numbers of a turn stand side by side, and
//! those of the next turn far behind, a turn's own instructions are done two at once. It must not know
//! code.

use super::plan::Turn;
use super::ways::{Spot, Way};
use crate::emit::lanes::{Access, Place, Space};
use crate::emit::list::graph::{Cell, Graph, Id, Kind};

/// Where a place is: so many numbers behind the first place of its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Seat {
    /// The place whose pointer points to the first number of the row.
    pub(super) row: u32,
    ahead: u32,
    /// Whether its adjoint is written, and not added to what is there.
    alone: bool,
}

impl Seat {
    /// The number of the turn at hand, or its adjoint.
    fn cell(self, is_bar: bool, steady: bool) -> Cell {
        let pointer = 2 * self.row + u32::from(is_bar);
        Cell::Behind { pointer, ahead: self.ahead, steady }
    }
}

/// The seats of the places of a block, if turns are better taken one after the other: most of its
/// numbers are a row apart from turn to turn, and no two inputs are the same number in a turn.
pub(super) fn seats(
    places: &[Place],
    spots: &[Spot],
    alone: &[bool],
    inputs: usize,
    turns: usize,
) -> Option<Vec<Seat>> {
    let count = |is: fn(Way) -> bool| spots.iter().filter(|spot| is(spot.way)).count();
    let (far, near) = (
        count(|way| matches!(way, Way::Stride { .. })),
        count(|way| matches!(way, Way::Unit { .. })),
    );
    if far <= near || count(|way| way == Way::Table) > 0 || turns == 1 {
        return None;
    }
    let mut seats: Vec<Seat> = spots.iter().zip(0..).map(|(spot, k)| seat(spot.way, k)).collect();
    let same = |(k, place): (usize, &Place)| match place.access {
        Access::Same { at } => Some((place.space as u8, at, k)),
        _ => None,
    };
    let mut shared: Vec<_> = places.iter().enumerate().filter_map(same).collect();
    shared.sort_unstable();
    for pair in shared.windows(2) {
        let [(space, at, before), (other, next, k)] = [pair[0], pair[1]];
        if (space, at + 1) == (other, next) {
            seats[k] = Seat { ahead: seats[before].ahead + 1, ..seats[before] };
        }
    }
    seats.iter_mut().zip(alone).for_each(|(seat, alone)| seat.alone = *alone);
    are_apart(&places[..inputs], &seats, turns).then_some(seats)
}

fn seat(way: Way, k: u32) -> Seat {
    match way {
        Way::Unit { member, ahead } | Way::Stride { member, ahead } => {
            Seat { row: member, ahead, alone: false }
        }
        Way::Same | Way::Table => Seat { row: k, ahead: 0, alone: false },
    }
}

/// Whether rows share no number, nor places of a row.
fn are_apart(places: &[Place], seats: &[Seat], turns: usize) -> bool {
    let mut taken: Vec<(u32, u32)> = Vec::new();
    let mut rows: Vec<(u8, u32, i64, i64)> = Vec::new();
    for (place, seat) in
        places.iter().zip(seats).filter(|(place, _)| place.space != Space::Constants)
    {
        taken.push((seat.row, seat.ahead));
        let ends = [0, turns - 1].map(|turn| place.access.index(&[], turn) as i64);
        let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        match rows.iter_mut().find(|row| row.1 == seat.row) {
            Some(row) => (row.2, row.3) = (row.2.min(low), row.3.max(high)),
            None => rows.push((place.space as u8, seat.row, low, high)),
        }
    }
    taken.sort_unstable();
    rows.sort_unstable_by_key(|row| (row.0, row.2));
    taken.windows(2).all(|pair| pair[0] != pair[1])
        && rows.windows(2).all(|pair| pair[0].0 != pair[1].0 || pair[0].3 < pair[1].2)
}

/// Places whose adjoints are written, and not added to what is there.
pub(super) fn written(turn: &Turn<'_>, seats: &[Seat]) -> Vec<u32> {
    let slope = |(cell, _): &(Cell, Id)| match *cell {
        Cell::Slope(k) if seats[k as usize].alone => Some(k),
        _ => None,
    };
    turn.graph.stores.iter().filter_map(slope).collect()
}

/// For the first place of each row, whether numbers of the row are read or written by the instructions
/// of a turn, and whether their adjoints are.
pub(super) fn touched(graph: &Graph, places: usize) -> Vec<[bool; 2]> {
    let mut touched = vec![[false; 2]; places];
    let loads = graph.insts.iter().filter_map(|inst| match inst.kind {
        Kind::Load(cell) => Some(cell),
        _ => None,
    });
    for cell in loads.chain(graph.stores.iter().map(|(cell, _)| *cell)) {
        if let Cell::Behind { pointer, .. } = cell {
            touched[pointer as usize / 2][pointer as usize % 2] = true;
        }
    }
    touched
}

/// The instructions of a turn, with adjoints written or added to what is there; none if something is
/// asked, or added up over the turns.
pub(super) fn graph(turn: &Turn<'_>, seats: &[Seat]) -> Option<Graph> {
    let asks = |kind: Kind| matches!(kind, Kind::Call(_, 3));
    let from = turn.graph;
    if !turn.totals.is_empty()
        || !from.questions.is_empty()
        || from.insts.iter().any(|inst| asks(inst.kind))
    {
        return None;
    }
    let mut graph = Graph::default();
    let mut ids: Vec<Id> = Vec::with_capacity(from.insts.len());
    for inst in &from.insts {
        let args: Vec<Id> = from.args(inst).iter().map(|arg| ids[*arg as usize]).collect();
        ids.push(match inst.kind {
            Kind::Load(cell) => {
                let (place, is_bar) = turn.loaded(cell);
                graph.push(Kind::Load(seats[place].cell(is_bar, true)), &[])
            }
            Kind::List(op, ..) => graph.push_list(op, &args),
            kind => graph.push(kind, &args),
        });
    }
    for (cell, id) in &from.stores {
        let id = ids[*id as usize];
        let stored = match *cell {
            Cell::Output(k) => Some((seats[turn.output(k)].cell(false, false), id)),
            Cell::Slope(k) if turn.spots[k as usize].space == Space::Constants => None,
            Cell::Slope(k) => {
                let seat = seats[k as usize];
                let bar = seat.cell(true, false);
                let before = match seat.alone {
                    true => graph.constant(0.0),
                    false => graph.push(Kind::Load(bar), &[]),
                };
                Some((bar, graph.push(Kind::Add, &[before, id])))
            }
            cell => unreachable!("{cell:?} is not for loops"),
        };
        graph.stores.extend(stored);
    }
    Some(graph)
}

#[cfg(test)]
mod tests {
    use super::super::ways::ways;
    use super::*;

    fn seats_of(inputs: &[(u32, i32)], turns: usize) -> Option<Vec<(u32, u32)>> {
        let place = |(at, step): &(u32, i32)| match step {
            0 => Access::Same { at: *at },
            _ => Access::Stride { at: *at, step: *step },
        };
        let place = |of| Place { space: Space::Point, access: place(of) };
        let places: Vec<Place> = inputs.iter().map(place).collect();
        let alone = vec![false; places.len()];
        let seats = seats(&places, &ways(&places).0, &alone, places.len(), turns)?;
        Some(seats.iter().map(|seat| (seat.row, seat.ahead)).collect())
    }

    #[test]
    fn neighbours_have_seats_in_a_row() {
        let row = [(20, 3), (21, 3), (22, 3), (5, 0), (6, 0), (9, 0)];
        assert_eq!(seats_of(&row, 4).unwrap(), [(0, 0), (0, 1), (0, 2), (3, 0), (3, 1), (5, 0)]);
    }

    #[test]
    fn turns_are_lanes_where_their_numbers_stand_side_by_side() {
        assert_eq!(seats_of(&[(0, 1), (9, 1), (30, 3)], 4), None);
    }

    #[test]
    fn a_number_that_is_met_twice_in_a_turn_has_no_two_seats() {
        assert!(seats_of(&[(20, 3), (21, 3), (33, 3), (19, 0)], 4).is_some());
        assert_eq!(seats_of(&[(20, 3), (21, 3), (33, 3), (26, 0)], 4), None, "shared by one turn");
        assert_eq!(seats_of(&[(20, 3), (21, 3), (25, 5), (60, 4)], 4), None, "rows that cross");
        assert_eq!(seats_of(&[(20, 3), (20, 3), (50, 3)], 4), None, "the same number twice");
    }
}
