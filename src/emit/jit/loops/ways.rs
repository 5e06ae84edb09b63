//! How code reaches the numbers of the turns of a block: what all blocks that share the code have in
//! common, and what it is told at each call. It must not know instructions.

use crate::emit::lanes::{Access, Place, Space};

/// How the numbers of the turns stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// All turns share one.
    Same,
    /// One behind another; those of a group begin so many numbers behind the first of them. `member`
    /// is one place of the group, the same for all.
    Unit { member: u32, ahead: u32 },
    /// At equal distances, in groups likewise: the columns of a row.
    Stride { member: u32, ahead: u32 },
    /// Where a table says.
    Table,
}

/// A place, as code knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spot {
    pub(super) space: Space,
    pub(super) way: Way,
}

/// Numbers that places of a group begin behind the first of them, at most.
const AHEAD: u32 = 6;

/// The same for numbers of turns that are further apart, which begin within one distance.
const FAR: u32 = 1 << 20;

/// What code is told of a place: bytes behind the first number of its space (of the table, where
/// there is one), and by how many numbers one turn is from the next.
pub(in crate::emit::jit) type Operand = [i64; 2];

/// The places of a block as code knows them, and what it is told of each.
pub(super) fn ways(places: &[Place]) -> (Vec<Spot>, Vec<Operand>) {
    let groups = groups(places);
    let spots = places.iter().zip(&groups).map(|(place, group)| {
        let way = match (place.access, group) {
            (Access::Same { .. }, _) => Way::Same,
            (Access::Table { .. }, _) => Way::Table,
            (Access::Stride { at, step: 1 }, (member, first)) => {
                Way::Unit { member: *member, ahead: at - first }
            }
            (Access::Stride { at, .. }, (member, first)) => {
                Way::Stride { member: *member, ahead: at - first }
            }
        };
        Spot { space: place.space, way }
    });
    let operands = places.iter().zip(&groups).map(|(place, group)| match place.access {
        Access::Same { at } => [8 * i64::from(at), 0],
        Access::Stride { step, .. } => [8 * i64::from(group.1), step.into()],
        Access::Table { from } => [4 * i64::from(from), 0],
    });
    (spots.collect(), operands.collect())
}

/// For each place whose turns are at equal distances, the first place of its group, and where the
/// numbers of the group begin.
fn groups(places: &[Place]) -> Vec<(u32, u32)> {
    let strided = |(k, place): (u32, &Place)| match place.access {
        Access::Stride { at, step } => Some(((place.space as u8, step), at, k)),
        _ => None,
    };
    let mut strided: Vec<_> = (0..).zip(places).filter_map(strided).collect();
    strided.sort_unstable();
    let mut groups = vec![(0, 0); places.len()];
    while let Some((kind, first, _)) = strided.first().copied() {
        let reach = if kind.1 == 1 { AHEAD } else { kind.1.unsigned_abs().clamp(1, FAR) - 1 };
        let is_near = |place: &((u8, i32), u32, u32)| place.0 == kind && place.1 - first <= reach;
        let group = strided.iter().take_while(|place| is_near(place)).count();
        let member = strided[..group].iter().map(|place| place.2).min().expect("there is a first");
        for (_, _, k) in strided.drain(..group) {
            groups[k as usize] = (member, first);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_a_group_whichever_comes_first() {
        let unit = |at| Place { space: Space::Cells, access: Access::Stride { at, step: 1 } };
        let (spots, operands) = ways(&[unit(9), unit(8), unit(30), unit(10)]);
        let ways: Vec<Way> = spots.iter().map(|spot| spot.way).collect();
        let near = |ahead| Way::Unit { member: 0, ahead };
        assert_eq!(ways, [near(1), near(0), Way::Unit { member: 2, ahead: 0 }, near(2)]);
        assert_eq!(operands, [[64, 1], [64, 1], [240, 1], [64, 1]]);
    }

    #[test]
    fn columns_of_a_row_are_a_group() {
        let column = |at| Place { space: Space::Point, access: Access::Stride { at, step: 4 } };
        let (spots, operands) = ways(&[column(9), column(8), column(11), column(12)]);
        let ways: Vec<Way> = spots.iter().map(|spot| spot.way).collect();
        let near = |ahead| Way::Stride { member: 0, ahead };
        assert_eq!(ways, [near(1), near(0), near(3), Way::Stride { member: 3, ahead: 0 }]);
        assert_eq!(operands, [[64, 4], [64, 4], [64, 4], [96, 4]]);
    }

    #[test]
    fn other_spaces_and_other_steps_are_no_neighbours() {
        let stride = |space, at, step| Place { space, access: Access::Stride { at, step } };
        let (spots, operands) = ways(&[
            stride(Space::Point, 8, 1),
            stride(Space::Cells, 9, 1),
            stride(Space::Cells, 9, -1),
        ]);
        let ways: Vec<Way> = spots.iter().map(|spot| spot.way).collect();
        let alone = |member| Way::Unit { member, ahead: 0 };
        assert_eq!(ways, [alone(0), alone(1), Way::Stride { member: 2, ahead: 0 }]);
        assert_eq!(operands, [[64, 1], [72, 1], [72, -1]]);
    }
}
