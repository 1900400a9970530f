//! Tables for people: no borders, one line a row, columns dropped by rank where the terminal is narrow.
//!
//! Ids are never cut and nothing wraps, because people copy from here; everything else may be cut, and says so with `…`.

use std::borrow::Cow;

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Width};
use jiff::Timestamp;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::cell::Cell;
use super::fields::Fields;
use super::handle::Output;
use super::record::{Column, Rank, Record};
use super::safe::safe;
use crate::secret;

/// Between two columns.
const GAP: usize = 2;

/// A column that can be cut is still of use at this width.
const LEAST: usize = 8;

/// A name has this much room before any column beside it has.
const LEAST_OF_A_NAME: usize = 32;

/// The widest cell of a table in a pipe, so that one monstrous name does not pad every other row.
const WIDEST: usize = 256;

/// The longest id that a table shows: none that people copy has more, and the lines of a table have an end.
const LONGEST_ID: usize = 1024;

/// Rows on their way to a table: plain text, made safe, in all columns that may be shown.
pub(super) struct Table<R: 'static> {
    columns: Vec<&'static Column<R>>,
    /// What each of them is called, and when it is dropped.
    ranks: Vec<(&'static str, Rank)>,
    rows: Vec<Vec<String>>,
    /// Whether a column has held anything yet; one that never did is not shown unless it was asked for.
    filled: Vec<bool>,
    /// How wide each column is, once that is settled.
    widths: Option<Vec<usize>>,
    now: Option<Timestamp>,
}

impl<R: Record> Table<R> {
    pub fn new(fields: &Fields<R>, output: &Output) -> Table<R> {
        let rank = |column: &Column<R>| match column.rank {
            // A column that was asked for by name is not dropped again.
            Rank::Shown(_) | Rank::Selected(_) | Rank::Asked | Rank::Part if fields.are_chosen() => Rank::Shown(0),
            Rank::Origin => Rank::Shown(0),
            Rank::Selected(order) => Rank::Shown(order),
            rank => rank,
        };
        let columns = fields.columns(|rank| rank != Rank::Asked);
        let ranks: Vec<_> = columns.iter().map(|column| (column.name, rank(column))).collect();
        let is_selected = |column: &Column<R>| matches!(column.rank, Rank::Selected(_));
        let filled = columns.iter().zip(&ranks);
        let filled =
            filled.map(|(column, (_, rank))| is_selected(column) || !matches!(rank, Rank::Shown(1..))).collect();
        Table { columns, ranks, rows: Vec::new(), filled, widths: None, now: now(output) }
    }

    pub fn push(&mut self, record: &R) {
        let cells = self.columns.iter().zip(&mut self.filled).map(|(column, filled)| {
            let cell = column.cell(record);
            *filled |= !matches!(cell, Cell::Nothing);
            text(cell, self.now)
        });
        self.rows.push(cells.collect());
    }

    /// Returns the lines of what has come since the last time, with the header the first time, which settles the widths.
    pub fn drain(&mut self, output: &Output) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let is_first = self.widths.is_none();
        let widths = match self.widths.take() {
            Some(widths) => widths,
            None => {
                let mut widths: Vec<usize> = (0..self.ranks.len()).map(|n| self.natural_width(n)).collect();
                fit(&mut widths, &self.ranks, output.width);
                widths
            }
        };
        let text = self.lines(&widths, is_first, output);
        self.widths = Some(widths);
        self.rows.clear();
        text
    }

    fn lines(&mut self, widths: &[usize], with_header: bool, output: &Output) -> String {
        for (n, width) in widths.iter().enumerate() {
            let most = if self.ranks[n].1 == Rank::Whole { LONGEST_ID } else { *width };
            for row in &mut self.rows {
                cut(&mut row[n], most);
            }
        }
        let kept: Vec<usize> = (0..widths.len()).filter(|n| widths[*n] > 0).collect();
        let mut table = comfy_table::Table::new();
        table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if with_header {
            table.set_header(kept.iter().map(|n| self.ranks[*n].0));
        }
        for row in &self.rows {
            table.add_row(kept.iter().map(|n| row[*n].as_str()));
        }
        for (column, n) in table.column_iter_mut().zip(&kept) {
            column.set_padding((0, 2));
            let width = u16::try_from(widths[*n] + GAP).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
        }
        let mut lines = table.lines();
        let mut text = String::new();
        if with_header {
            text.push_str(&output.bold(lines.next().unwrap_or_default().trim_end()));
            text.push('\n');
        }
        for line in lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    fn natural_width(&self, n: usize) -> usize {
        if !self.filled[n] {
            return 0;
        }
        let cells = self.rows.iter().map(|row| row[n].width()).max().unwrap_or(0);
        cells.min(LONGEST_ID).max(self.ranks[n].0.width())
    }
}

/// Sets each column's width for a terminal of `room` columns; a width of zero drops the column.
fn fit(widths: &mut [usize], columns: &[(&str, Rank)], room: Option<usize>) {
    let widest = room.unwrap_or(WIDEST);
    let can_be_cut = |n: usize| columns[n].1 != Rank::Whole;
    let least = |n: usize, width: usize| match columns[n] {
        (_, Rank::Whole) => width,
        (_, Rank::Shown(0)) => width.min(LEAST_OF_A_NAME),
        (name, _) => width.min(name.len().max(LEAST)),
    };
    for (n, width) in widths.iter_mut().enumerate().filter(|(n, _)| can_be_cut(*n)) {
        *width = (*width).min(widest.max(least(n, *width)));
    }
    let Some(room) = room else { return };
    let all = 0..columns.len();
    // The last column needs no gap behind it.
    let total = |widths: &[usize], of: &dyn Fn(usize, usize) -> usize| -> usize {
        let kept = widths.iter().enumerate().filter(|(_, width)| **width > 0);
        kept.map(|(n, width)| of(n, *width) + GAP).sum::<usize>().saturating_sub(GAP)
    };
    // First the columns go for which there is no room even if all are cut to their least, the least important first.
    while total(widths, &least) > room {
        let order = |n: &usize| match columns[*n].1 {
            Rank::Shown(order) if order > 0 && widths[*n] > 0 => Some(order),
            _ => None,
        };
        let Some(dropped) = all.clone().filter(|n| order(n).is_some()).max_by_key(order) else { break };
        widths[dropped] = 0;
    }
    // Then the widest of those that can be cut gives way, until all fit.
    while total(widths, &|_, width| width) > room {
        let can_give = |n: &usize| widths[*n] > least(*n, widths[*n]);
        // Where all others are at their least, names give way too.
        let must_give = |n: &usize| can_be_cut(*n) && widths[*n] > LEAST;
        let widest = |of: &dyn Fn(&usize) -> bool| all.clone().filter(|n| of(n)).max_by_key(|n| widths[*n]);
        let Some(widest) = widest(&can_give).or_else(|| widest(&must_give)) else { break };
        widths[widest] -= 1;
    }
}

/// Returns one record as lines of name and value; what holds nothing is left out, unless it was asked for.
pub(super) fn card<R: Record>(record: &R, fields: &Fields<R>, output: &Output) -> String {
    let now = now(output);
    let cells = fields.columns(|_| true).into_iter().map(|column| (column.name, column.cell(record)));
    let kept = cells.filter(|(_, cell)| fields.are_chosen() || !matches!(cell, Cell::Nothing));
    let lines: Vec<(&str, String)> = kept.map(|(name, cell)| (name, text(cell, now))).collect();
    let wide = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |(name, value): &(&str, String)| {
        let gap = " ".repeat(wide - name.len() + GAP);
        format!("{}{gap}{value}\n", output.bold(name))
    };
    lines.iter().map(line).collect()
}

/// The moment that times are told against: a person is told a distance, a pipe the time itself.
fn now(output: &Output) -> Option<Timestamp> {
    output.is_watched().then(crate::text::now)
}

fn text(cell: Cell<'_>, now: Option<Timestamp>) -> String {
    let text = match (cell, now) {
        (Cell::Nothing, _) => Cow::Borrowed("-"),
        (cell, Some(now)) => cell.human(now),
        (cell, None) => cell.exact(),
    };
    // What is cut afterwards could not be recognised any more.
    safe(&secret::mask(&text)).into_owned()
}

/// Cuts text to a width in terminal columns.
fn cut(text: &mut String, width: usize) {
    if text.width() <= width {
        return;
    }
    let mut used = 0;
    let fits = |(_, character): &(usize, char)| {
        used += character.width().unwrap_or(0);
        used < width
    };
    let end = text.char_indices().take_while(fits).last().map_or(0, |(at, character)| at + character.len_utf8());
    text.truncate(end);
    text.push('…');
}

#[cfg(test)]
mod tests {
    use super::{Rank, cut, fit};

    const COLUMNS: [(&str, Rank); 4] =
        [("id", Rank::Whole), ("name", Rank::Shown(0)), ("status", Rank::Shown(1)), ("model", Rank::Shown(2))];

    fn widths(natural: [usize; 4], room: Option<usize>) -> [usize; 4] {
        let mut widths = natural;
        fit(&mut widths, &COLUMNS, room);
        widths
    }

    #[test]
    fn a_pipe_gets_everything_but_a_monster() {
        assert_eq!(widths([18, 300, 7, 6], None), [18, 256, 7, 6]);
    }

    #[test]
    fn a_narrow_terminal_drops_by_rank_then_cuts_the_widest() {
        assert_eq!(widths([18, 20, 7, 6], Some(80)), [18, 20, 7, 6]);
        assert_eq!(widths([18, 60, 7, 6], Some(80)), [18, 43, 7, 6]);
        assert_eq!(widths([18, 20, 7, 6], Some(52)), [18, 20, 7, 0]);
        assert_eq!(widths([18, 20, 7, 6], Some(40)), [18, 20, 0, 0]);
        assert_eq!(widths([18, 60, 7, 6], Some(60)), [18, 40, 0, 0]);
        assert_eq!(widths([18, 60, 7, 6], Some(40)), [18, 20, 0, 0]);
    }

    #[test]
    fn an_id_is_never_cut() {
        assert_eq!(widths([18, 20, 7, 6], Some(10)), [18, 8, 0, 0]);
    }

    #[test]
    fn a_cut_text_says_so_and_counts_columns_not_bytes() {
        for (text, width, expected) in
            [("dock", 4, "dock"), ("docks", 4, "doc…"), ("倉庫倉庫", 5, "倉庫…"), ("倉庫倉庫", 4, "倉…")]
        {
            let mut text = text.to_owned();
            cut(&mut text, width);
            assert_eq!(text, expected);
        }
    }
}
