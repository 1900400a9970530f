//! How wide each column of a table is: which columns go where there is no room for all, and which cells are cut.
//!
//! It knows widths and ranks, and no text.

use super::record::Rank;

/// Between two columns.
pub const GAP: usize = 2;

/// A terminal that is no wider shows blocks rather than a table that lacks anything.
const NARROW: usize = 40;

/// A name has this much room before any other column has; what is longer gives way to the other columns.
const LEAST_OF_A_NAME: usize = 48;

/// A name that is cut to less is of no use, so the rows are blocks.
const SHORTEST_NAME: usize = 24;

/// The widest cell of a table in a pipe, so that one monstrous name does not pad every other row.
const WIDEST: usize = 256;

/// The columns of a table that are shown, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Layout {
    /// A width of zero drops the column.
    pub widths: Vec<usize>,
    /// True where times are told in their short form.
    pub has_short_times: bool,
    /// The columns that stand below each row.
    pub below: Vec<usize>,
}

/// What a table does with a column where there is no room for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Give {
    /// Nothing: it is neither cut nor dropped.
    Nothing,
    /// It is cut, after all else.
    Name,
    /// It is dropped as a whole; the highest number first.
    Whole(u8),
    /// It stands below its row, in the order of these numbers; the cells of later pages are cut.
    Prose(u8),
}

impl Give {
    /// Returns what becomes of a column of this rank, where it was asked for by name or not.
    pub fn of(rank: Rank, is_chosen: bool) -> Give {
        match rank {
            Rank::Pinned | Rank::Vital => Give::Nothing,
            // A column that was asked for by name is not dropped again.
            _ if is_chosen => Give::Name,
            Rank::Profile | Rank::Priority(0) | Rank::Selected(0) | Rank::OnRequest | Rank::Nested => Give::Name,
            Rank::Priority(order) | Rank::Selected(order) => Give::Whole(order),
            Rank::Prose(order) => Give::Prose(order),
        }
    }

    /// Returns true where a cell may be cut.
    pub fn is_cut(self) -> bool {
        matches!(self, Give::Name | Give::Prose(_))
    }

    /// Returns what a column needs at least, given what it would like to have.
    fn least(self, width: usize) -> usize {
        match self {
            Give::Nothing | Give::Whole(_) | Give::Prose(_) => width,
            Give::Name => width.min(LEAST_OF_A_NAME),
        }
    }

    fn order(self) -> Option<u8> {
        match self {
            Give::Whole(order) => Some(order),
            Give::Nothing | Give::Name | Give::Prose(_) => None,
        }
    }
}

/// Returns how columns fit into `room`, given how wide they are with times in full and in short; none where not even those fit
/// that have to be shown. Where there is no room to fit into, all is shown that is no monster.
pub fn fit(full: &[usize], short: &[usize], columns: &[Give], room: Option<usize>) -> Option<Layout> {
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
        Give::Prose(order) => order,
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
    // A column goes before a cell is cut, the least important first.
    while needed(&widths, least) > room {
        let kept = (0..columns.len()).filter(|n| widths[*n] > 0);
        let Some((_, dropped)) = kept.filter_map(|n| Some((columns[n].order()?, n))).max() else { break };
        widths[dropped] = 0;
    }
    let shortest = |n: usize, width: usize| if columns[n] == Give::Name { width.min(SHORTEST_NAME) } else { width };
    if needed(&widths, |n, width| shortest(n, least(n, width))) > room {
        return None;
    }
    // What went may have made room for whole times.
    let with_full_times: Vec<usize> = (0..widths.len()).map(|n| if widths[n] == 0 { 0 } else { full[n] }).collect();
    if total(&with_full_times) <= room {
        return layout(with_full_times, false);
    }
    for floor in [LEAST_OF_A_NAME, SHORTEST_NAME] {
        while total(&widths) > room {
            let can_give = |n: &usize| columns[*n] == Give::Name && widths[*n] > floor;
            let Some(widest) = (0..columns.len()).filter(can_give).max_by_key(|n| widths[*n]) else { break };
            widths[widest] -= 1;
        }
    }
    layout(widths, true)
}

fn is_prose(give: Give) -> bool {
    matches!(give, Give::Prose(_))
}

fn total(widths: &[usize]) -> usize {
    needed(widths, |_, width| width)
}

/// Returns how wide the columns are that are kept, each as wide as `of` says; the last one needs no gap behind it.
fn needed(widths: &[usize], of: impl Fn(usize, usize) -> usize) -> usize {
    let kept = widths.iter().enumerate().filter(|(_, width)| **width > 0);
    kept.map(|(n, width)| of(n, *width) + GAP).sum::<usize>().saturating_sub(GAP)
}

#[cfg(test)]
mod tests {
    use super::{Give, fit};

    const COLUMNS: [Give; 5] = [Give::Nothing, Give::Name, Give::Whole(1), Give::Whole(2), Give::Nothing];

    /// An id, a name, a status, a time, and what must not be missed.
    fn widths(natural: [usize; 5], room: Option<usize>) -> Option<(Vec<usize>, bool)> {
        let mut short = natural;
        short[3] = short[3].min(17);
        fit(&natural, &short, &COLUMNS, room).map(|layout| (layout.widths, layout.has_short_times))
    }

    #[test]
    fn a_pipe_gets_everything_but_a_monster() {
        assert_eq!(widths([18, 300, 7, 20, 5], None), Some((vec![18, 256, 7, 20, 5], false)));
    }

    #[test]
    fn times_get_shorter_then_columns_go_then_names_are_cut() {
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
    fn a_monstrous_name_costs_no_column() {
        assert_eq!(widths([18, 200, 7, 20, 5], Some(120)), Some((vec![18, 65, 7, 17, 5], true)));
    }

    #[test]
    fn prose_that_has_no_room_stands_below_its_row_and_costs_no_column() {
        let columns = [Give::Nothing, Give::Name, Give::Prose(2), Give::Whole(1), Give::Prose(1)];
        let fitted = |natural: [usize; 5], room| {
            fit(&natural, &natural, &columns, Some(room)).map(|layout| (layout.widths, layout.below))
        };
        assert_eq!(fitted([18, 20, 20, 5, 9], 80), Some((vec![18, 20, 20, 5, 9], vec![])));
        assert_eq!(fitted([18, 30, 60, 5, 9], 80), Some((vec![18, 30, 0, 5, 0], vec![4, 2])));
        assert_eq!(fitted([18, 30, 60, 5, 0], 52), Some((vec![18, 30, 0, 0, 0], vec![2])));
    }

    #[test]
    fn what_does_not_fit_a_narrow_terminal_is_no_table() {
        assert_eq!(widths([8, 10, 0, 0, 5], Some(40)), Some((vec![8, 10, 0, 0, 5], false)));
        assert_eq!(widths([8, 10, 7, 20, 5], Some(40)), None);
    }
}
