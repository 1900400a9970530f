//! Computes the column widths of a table: which columns are dropped if there is not enough room, and which cells are
//! cut.
//!
//! It knows widths and ranks, and no text.

use super::record::Rank;

/// The gap between two columns.
pub const GAP: usize = 2;

/// Up to this width, a terminal shows blocks instead of a table that lacks columns.
const NARROW: usize = 40;

/// A name gets at least this width before other columns get any; the rest of a longer name competes with them.
const MIN_NAME: usize = 48;

/// A name cut to less is useless, so the rows are shown as blocks.
const MIN_CUT_NAME: usize = 24;

/// The widest cell of a table in a pipe, so that one huge name does not pad every other row.
const WIDEST: usize = 256;

/// Which columns a table shows, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// The width of each column; zero drops the column.
    pub widths: Vec<usize>,
    /// True if times are shown in their short form.
    pub has_short_times: bool,
    /// The columns that stand below each row.
    pub below: Vec<usize>,
}

/// How a column gives way if the table is too wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shrink {
    /// It is neither cut nor dropped.
    Nothing,
    /// It is cut, after everything else.
    Name,
    /// It is dropped; the highest number first.
    Whole(u8),
    /// It moves below its row, in the order of these numbers; cells of later pages are cut.
    Prose(u8),
}

impl Shrink {
    /// Returns how a column of this rank gives way; `is_chosen` if the user named it.
    pub fn of(rank: Rank, is_chosen: bool) -> Shrink {
        match rank {
            Rank::Pinned | Rank::Vital => Shrink::Nothing,
            // Do not drop a column that the user named.
            _ if is_chosen => Shrink::Name,
            Rank::Profile | Rank::Priority(0) | Rank::Selected(0) | Rank::OnRequest | Rank::Nested => Shrink::Name,
            Rank::Priority(order) | Rank::Selected(order) => Shrink::Whole(order),
            Rank::Prose(order) => Shrink::Prose(order),
        }
    }

    /// Returns true if cells may be cut.
    pub fn is_cut(self) -> bool {
        matches!(self, Shrink::Name | Shrink::Prose(_))
    }

    /// Returns the minimal width of a column, given its natural width.
    fn least(self, width: usize) -> usize {
        match self {
            Shrink::Nothing | Shrink::Whole(_) | Shrink::Prose(_) => width,
            Shrink::Name => width.min(MIN_NAME),
        }
    }

    fn order(self) -> Option<u8> {
        match self {
            Shrink::Whole(order) => Some(order),
            Shrink::Nothing | Shrink::Name | Shrink::Prose(_) => None,
        }
    }
}

/// Fits columns into `room`, given their natural widths with full and with short times; returns `None` if even the
/// columns that must be shown do not fit. Without a limit, every column is shown, and only huge cells are cut.
pub fn fit(full: &[usize], short: &[usize], columns: &[Shrink], room: Option<usize>) -> Option<Layout> {
    let all = |widths: &[usize], has_short_times| {
        Some(Layout { widths: widths.to_vec(), has_short_times, below: Vec::new() })
    };
    let Some(room) = room else {
        let widths: Vec<usize> = full.iter().map(|width| (*width).min(WIDEST)).collect();
        return all(&widths, false);
    };
    for (widths, has_short_times) in [(full, false), (short, true)] {
        if total(widths) <= room {
            return all(widths, has_short_times);
        }
    }
    if room <= NARROW {
        return None;
    }
    // A sentence has as many lines as it needs, and costs no other column anything.
    let mut below: Vec<usize> = (0..columns.len()).filter(|n| is_prose(columns[*n]) && short[*n] > 0).collect();
    below.sort_by_key(|n| match columns[*n] {
        Shrink::Prose(order) => order,
        _ => u8::MAX,
    });
    let beside = |widths: &[usize]| -> Vec<usize> {
        widths.iter().enumerate().map(|(n, width)| if below.contains(&n) { 0 } else { *width }).collect()
    };
    let (full, short) = (beside(full), beside(short));
    let layout = |widths: Vec<usize>, has_short_times| Some(Layout { widths, has_short_times, below: below.clone() });
    for (widths, has_short_times) in [(&full, false), (&short, true)] {
        if total(widths) <= room {
            return layout(widths.clone(), has_short_times);
        }
    }
    let mut widths = short;
    let least = |n: usize, width: usize| columns[n].least(width);
    // Drop columns before cutting cells, the least important first.
    while needed(&widths, least) > room {
        let kept = (0..columns.len()).filter(|n| widths[*n] > 0);
        let Some((_, dropped)) = kept.filter_map(|n| Some((columns[n].order()?, n))).max() else { break };
        widths[dropped] = 0;
    }
    let shortest = |n: usize, width: usize| if columns[n] == Shrink::Name { width.min(MIN_CUT_NAME) } else { width };
    if needed(&widths, |n, width| shortest(n, least(n, width))) > room {
        return None;
    }
    // The dropped columns may have made room for full times.
    let with_full_times: Vec<usize> = (0..widths.len()).map(|n| if widths[n] == 0 { 0 } else { full[n] }).collect();
    if total(&with_full_times) <= room {
        return layout(with_full_times, false);
    }
    for floor in [MIN_NAME, MIN_CUT_NAME] {
        while total(&widths) > room {
            let can_give = |n: &usize| columns[*n] == Shrink::Name && widths[*n] > floor;
            let Some(widest) = (0..columns.len()).filter(can_give).max_by_key(|n| widths[*n]) else { break };
            widths[widest] -= 1;
        }
    }
    layout(widths, true)
}

fn is_prose(shrink: Shrink) -> bool {
    matches!(shrink, Shrink::Prose(_))
}

fn total(widths: &[usize]) -> usize {
    needed(widths, |_, width| width)
}

/// Returns the total width of the kept columns, each as wide as `of` says; the last one needs no gap.
fn needed(widths: &[usize], of: impl Fn(usize, usize) -> usize) -> usize {
    let kept = widths.iter().enumerate().filter(|(_, width)| **width > 0);
    kept.map(|(n, width)| of(n, *width) + GAP).sum::<usize>().saturating_sub(GAP)
}

#[cfg(test)]
mod tests {
    use super::{Shrink, fit};

    const COLUMNS: [Shrink; 5] = [Shrink::Nothing, Shrink::Name, Shrink::Whole(1), Shrink::Whole(2), Shrink::Nothing];

    /// An id, a name, a status, a time, and a vital column.
    fn widths(natural: [usize; 5], room: Option<usize>) -> Option<(Vec<usize>, bool)> {
        let mut short = natural;
        short[3] = short[3].min(17);
        fit(&natural, &short, &COLUMNS, room).map(|layout| (layout.widths, layout.has_short_times))
    }

    #[test]
    fn a_pipe_gets_every_column_and_only_huge_cells_are_cut() {
        assert_eq!(widths([18, 300, 7, 20, 5], None), Some((vec![18, 256, 7, 20, 5], false)));
    }

    #[test]
    fn times_get_shorter_then_columns_are_dropped_then_names_are_cut() {
        let natural = [18, 20, 7, 20, 5];
        for (room, expected) in [
            (78, Some((vec![18, 20, 7, 20, 5], false))),
            (77, Some((vec![18, 20, 7, 17, 5], true))),
            (75, Some((vec![18, 20, 7, 17, 5], true))),
            (74, Some((vec![18, 20, 7, 0, 5], false))),
            (56, Some((vec![18, 20, 7, 0, 5], false))),
            (55, Some((vec![18, 20, 0, 0, 5], false))),
            (47, Some((vec![18, 20, 0, 0, 5], false))),
            (46, None),
        ] {
            assert_eq!(widths(natural, Some(room)), expected, "{room}");
        }
        assert_eq!(widths([18, 40, 7, 20, 5], Some(60)), Some((vec![18, 33, 0, 0, 5], true)));
    }

    #[test]
    fn a_huge_name_drops_no_column() {
        assert_eq!(widths([18, 200, 7, 20, 5], Some(120)), Some((vec![18, 65, 7, 17, 5], true)));
    }

    #[test]
    fn prose_without_room_moves_below_its_row_and_costs_no_column() {
        let columns = [Shrink::Nothing, Shrink::Name, Shrink::Prose(2), Shrink::Whole(1), Shrink::Prose(1)];
        let fitted = |natural: [usize; 5], room| {
            fit(&natural, &natural, &columns, Some(room)).map(|layout| (layout.widths, layout.below))
        };
        assert_eq!(fitted([18, 20, 20, 5, 9], 80), Some((vec![18, 20, 20, 5, 9], vec![])));
        assert_eq!(fitted([18, 30, 60, 5, 9], 80), Some((vec![18, 30, 0, 5, 0], vec![4, 2])));
        assert_eq!(fitted([18, 30, 60, 5, 0], 52), Some((vec![18, 30, 0, 0, 0], vec![2])));
    }

    #[test]
    fn a_narrow_terminal_shows_no_table() {
        assert_eq!(widths([8, 10, 0, 0, 5], Some(40)), Some((vec![8, 10, 0, 0, 5], false)));
        assert_eq!(widths([8, 10, 7, 20, 5], Some(40)), None);
    }
}
