//! Tables for people: no borders, one line per row. If a table does not fit at all, or the user cannot see columns,
//! each row is a block of `name: value`.
//!
//! Ids are never cut and never wrap, because people copy from tables; cut text ends with `…`. A sentence without room in
//! its row moves below it.

use std::borrow::Cow;

use jiff::Timestamp;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::cell::Cell;
use super::fields::Fields;
use super::handle::Output;
use super::layout::{GAP, Layout, Shrink, fit};
use super::record::{Column, Rank, Record};
use super::safe::safe;
use crate::secret;
use crate::text::prose;

/// The shortest that a name is cut to, however little room a row has.
const STUB: usize = 8;

/// The indentation of sentences below a row.
const BELOW: usize = 4;

/// The widest cell of a table: people read and copy nothing wider, and lines need a limit.
const WIDEST: usize = 1024;

/// Rows to be formatted: sanitized text in all columns that may be shown.
pub(super) struct Table<R: 'static> {
    columns: Vec<&'static Column<R>>,
    shrinks: Vec<Shrink>,
    /// Whether the user named the columns.
    are_chosen: bool,
    rows: Vec<Vec<Option<Text>>>,
    /// Whether a column has had a value yet; one without any is shown only if the user named it.
    filled: Vec<bool>,
    /// The form of the rows, once it is decided.
    form: Option<Form>,
    is_watched: bool,
    /// True if the column names need no room.
    no_headers: bool,
}

/// The form of the rows.
enum Form {
    Lines(Layout),
    /// A block for each row; true once one was printed.
    Blocks(bool),
}

/// A cell as text.
struct Text {
    full: String,
    /// The short form of a time.
    short: Option<String>,
    /// False for a word that only says that nobody tells: a column of nothing else is not shown.
    is_told: bool,
}

impl Text {
    fn of(cell: Cell<'_>, is_watched: bool) -> Option<Text> {
        if let Some(word) = cell.absence() {
            return Some(Text { full: word.to_owned(), short: None, is_told: !matches!(cell, Cell::Unknown) });
        }
        if cell.is_nothing() {
            return None;
        }
        let short = if is_watched { cell.short() } else { None };
        let full = if is_watched { cell.human() } else { cell.exact() };
        // Mask before cutting: a cut secret could not be recognized.
        Some(Text { full: cut(&safe(&secret::mask(&full)), WIDEST), short, is_told: true })
    }

    fn form(&self, is_short: bool) -> &str {
        self.short.as_deref().filter(|_| is_short).unwrap_or(&self.full)
    }
}

/// Returns the text of a cell in a table.
fn shown(cell: &Option<Text>, is_short: bool) -> &str {
    cell.as_ref().map_or("-", |text| text.form(is_short))
}

impl<R: Record> Table<R> {
    pub fn new(fields: &Fields<R>, output: &Output) -> Table<R> {
        let are_chosen = fields.are_chosen();
        let columns = fields.columns(|rank| rank != Rank::OnRequest);
        let shrinks = columns.iter().map(|column| Shrink::of(column.rank, are_chosen)).collect();
        let is_always_shown =
            |rank| matches!(rank, Rank::Pinned | Rank::Priority(0) | Rank::Selected(_) | Rank::Profile);
        let filled = columns.iter().map(|column| are_chosen || is_always_shown(column.rank)).collect();
        let form = output.accessible.then_some(Form::Blocks(false));
        let (is_watched, no_headers) = (output.is_watched(), output.no_headers);
        Table { columns, shrinks, are_chosen, rows: Vec::new(), filled, form, is_watched, no_headers }
    }

    pub fn push(&mut self, record: &R) {
        let cells = self.columns.iter().zip(&mut self.filled).map(|(column, filled)| {
            let cell = Text::of(column.cell(record), self.is_watched);
            *filled |= cell.as_ref().is_some_and(|text| text.is_told);
            cell
        });
        self.rows.push(cells.collect());
    }

    /// Formats the rows since the last call. The first call decides the form and adds the header.
    pub fn drain(&mut self, output: &Output, room: Option<usize>) -> String {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return String::new();
        }
        let is_first = self.form.is_none();
        let mut form = self.form.take().unwrap_or_else(|| {
            let widths = |is_short| (0..self.columns.len()).map(|n| self.width(n, &rows, is_short)).collect::<Vec<_>>();
            fit(&widths(false), &widths(true), &self.shrinks, room).map_or(Form::Blocks(false), Form::Lines)
        });
        let mut text = String::new();
        match &mut form {
            Form::Lines(layout) => {
                if is_first && !self.no_headers {
                    let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
                    text.push_str(&output.bold(&self.line(&names, layout, room)));
                    text.push('\n');
                }
                for row in &rows {
                    let cells: Vec<&str> = row.iter().map(|cell| shown(cell, layout.has_short_times)).collect();
                    text.push_str(&self.line(&cells, layout, room));
                    text.push('\n');
                    below(row, layout, room, &mut text);
                }
            }
            Form::Blocks(is_further) => {
                for row in &rows {
                    text.push_str(if *is_further { "\n" } else { "" });
                    self.block(row, output, room, &mut text);
                    *is_further = true;
                }
            }
        }
        self.form = Some(form);
        text
    }

    /// Returns true if the first line is a heading.
    pub fn has_heading(&self) -> bool {
        !self.no_headers && matches!(self.form, Some(Form::Lines(_)))
    }

    /// Returns the columns that have values and are not shown.
    pub fn lost(&self) -> Vec<&'static str> {
        let Some(Form::Lines(layout)) = &self.form else { return Vec::new() };
        let is_lost = |n: &usize| self.filled[*n] && layout.widths[*n] == 0 && !layout.below.contains(n);
        (0..self.columns.len()).filter(is_lost).map(|n| self.columns[n].name).collect()
    }

    /// Returns the pinned columns.
    pub fn ids(&self) -> Vec<&'static str> {
        self.columns.iter().filter(|column| column.rank == Rank::Pinned).map(|column| column.name).collect()
    }

    fn width(&self, n: usize, rows: &[Vec<Option<Text>>], is_short: bool) -> usize {
        if !self.filled[n] {
            return 0;
        }
        let cells = rows.iter().map(|row| shown(&row[n], is_short).width()).max().unwrap_or(0);
        if self.no_headers { cells.max(1) } else { cells.max(self.columns[n].name.width()) }
    }

    /// Formats a row. A cell wider than its column shifts the next ones to the right while the row has room: a later
    /// page may have wider cells than the one that fixed the widths.
    fn line(&self, cells: &[&str], layout: &Layout, room: Option<usize>) -> String {
        let kept: Vec<usize> = (0..cells.len()).filter(|n| layout.widths[*n] > 0).collect();
        let mut widths: Vec<usize> = cells.iter().map(|cell| cell.width()).collect();
        let room = room.unwrap_or(usize::MAX);
        let end = |widths: &[usize]| {
            let mut ends = (0, 0);
            for n in &kept {
                ends = (ends.0.max(ends.1) + widths[*n] + GAP, ends.1 + layout.widths[*n] + GAP);
            }
            ends.0.saturating_sub(GAP)
        };
        let mut cut_to = |least: &dyn Fn(usize) -> usize| {
            while end(&widths) > room {
                let can_shrink = |n: &&usize| self.shrinks[**n].is_cut() && widths[**n] > least(**n);
                let Some(n) = kept.iter().filter(can_shrink).max_by_key(|n| widths[**n] - least(**n)) else { break };
                widths[*n] = least(*n).max(widths[*n].saturating_sub((end(&widths) - room).max(1)));
            }
        };
        cut_to(&|n| layout.widths[n]);
        // An id is never cut, so if one is longer than those before, the name beside it is cut.
        cut_to(&|_| STUB);
        let (mut line, mut at, mut start) = (String::new(), 0, 0);
        for (nth, n) in kept.into_iter().enumerate() {
            let begin = if nth == 0 { 0 } else { start.max(at + GAP) };
            line.extend(std::iter::repeat_n(' ', begin - at));
            let is_prose = matches!(self.shrinks[n], Shrink::Prose(_));
            let cell = if is_prose { cut_prose(cells[n], widths[n]) } else { cut(cells[n], widths[n]) };
            line.push_str(&cell);
            at = begin + cell.width();
            start += layout.widths[n] + GAP;
        }
        line.truncate(line.trim_end().len());
        line
    }

    /// Appends a row as lines of name and value; omits missing values, unless the user named the columns.
    fn block(&self, row: &[Option<Text>], output: &Output, room: Option<usize>, to: &mut String) {
        let is_shown = |n: &usize| self.are_chosen || row[*n].is_some();
        for n in (0..row.len()).filter(is_shown) {
            let (column, cell) = (self.columns[n], &row[n]);
            let beside = room.unwrap_or(usize::MAX).saturating_sub(column.name.width() + GAP);
            let is_short = shown(cell, false).width() > beside;
            let mut value = Cow::Borrowed(shown(cell, is_short));
            if let (Shrink::Prose(_), Some(room), false) = (self.shrinks[n], room, output.accessible) {
                let lines = prose::lines(&value, beside, room.saturating_sub(BELOW));
                value = Cow::Owned(lines.join(&format!("\n{}", " ".repeat(BELOW))));
            }
            to.push_str(&pair(column.name, &value, output));
        }
    }
}

/// Appends the sentences that have no room in the row, each in lines of its own.
fn below(row: &[Option<Text>], layout: &Layout, room: Option<usize>, to: &mut String) {
    let room = room.unwrap_or(usize::MAX).saturating_sub(BELOW);
    for text in layout.below.iter().filter_map(|n| row[*n].as_ref()) {
        for line in prose::lines(&text.full, room, room) {
            to.push_str(&format!("{}{line}\n", " ".repeat(BELOW)));
        }
    }
}

/// Formats one record as lines of name and value; omits missing values, unless the user named the columns.
pub(super) fn card<R: Record>(record: &R, fields: &Fields<R>, output: &Output) -> String {
    let now = output.is_watched().then(Timestamp::now);
    let cells = fields.columns(|_| true).into_iter().map(|column| (column.name, column.cell(record)));
    let kept = cells.filter(|(_, cell)| fields.are_chosen() || !cell.is_nothing() || cell.absence().is_some());
    let line = |(name, cell): (&'static str, Cell<'_>)| {
        let distance = now.and_then(|now| cell.distance(now)).map_or_else(String::new, |ago| format!(" ({ago})"));
        (name, shown(&Text::of(cell, output.is_watched()), false).to_owned() + &distance)
    };
    let lines: Vec<(&str, String)> = kept.map(line).collect();
    let wide = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let is_block = output.accessible
        || output.width.is_some_and(|width| lines.iter().any(|(_, value)| wide + GAP + value.width() > width));
    let line = |(name, value): &(&str, String)| {
        if is_block {
            return pair(name, value, output);
        }
        let gap = " ".repeat(wide - name.len() + GAP);
        format!("{}{gap}{value}\n", output.bold(name))
    };
    lines.iter().map(line).collect()
}

/// Formats a value for a person.
pub(super) fn words(cell: Cell<'_>) -> String {
    Text::of(cell, true).map_or_else(String::new, |text| text.full)
}

fn pair(name: &str, value: &str, output: &Output) -> String {
    format!("{} {value}\n", output.bold(&format!("{name}:")))
}

/// Cuts text to a width in terminal columns, at a grapheme boundary.
pub(super) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 0;
    let fits = |letter: &&str| {
        used += letter.width();
        used < width
    };
    let mut kept: String = text.graphemes(true).take_while(fits).collect();
    kept.push('…');
    kept
}

/// Cuts a sentence between two words, where enough of it is left.
fn cut_prose(text: &str, width: usize) -> String {
    let cut = cut(text, width);
    match cut.strip_suffix('…').filter(|_| cut != text).and_then(|kept| kept.rsplit_once(' ')) {
        Some((whole, _)) if whole.width() * 2 >= width => format!("{}…", whole.trim_end_matches([' ', ',', ';', ':'])),
        _ => cut,
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, cut_prose};

    #[test]
    fn a_sentence_is_cut_between_words() {
        for (width, expected) in
            [(20, "it was never used…"), (17, "it was never…"), (40, "it was never used since"), (6, "it wa…")]
        {
            assert_eq!(cut_prose("it was never used since", width), expected, "{width}");
        }
        assert_eq!(cut_prose("371650114937032704", 10), "371650114…");
    }

    #[test]
    fn a_cut_text_says_so_and_counts_columns_not_bytes() {
        for (text, width, expected) in [
            ("dock", 4, "dock"),
            ("docks", 4, "doc…"),
            ("倉庫倉庫", 5, "倉庫…"),
            ("倉庫倉庫", 4, "倉…"),
            // A grapheme of several code points is kept or cut as a whole.
            ("e\u{301}te\u{301}s", 3, "e\u{301}t…"),
            ("👩\u{200d}🔧👩\u{200d}🔧 crew", 4, "👩\u{200d}🔧…"),
            ("🇳🇱🇵🇱 fleet", 4, "🇳🇱…"),
        ] {
            assert_eq!(cut(text, width), expected);
        }
    }
}
