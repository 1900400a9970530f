//! How a noun is shown: one list of columns gives the table, the CSV header, the choices of `--fields` and its help.

use serde::Serialize;

use super::cell::Cell;
use crate::text::counted;

/// Something that can be listed or shown.
pub trait Record: Serialize + Sized + 'static {
    /// What one and several are called, in lower case.
    const NOUN: (&'static str, &'static str);
    /// Every member that the serialised form has, in its order.
    const COLUMNS: &'static [Column<Self>];

    /// Returns so many of them in words: `1 device`, `2 devices`.
    fn counted(count: usize) -> String {
        counted(count, Self::NOUN.0, Self::NOUN.1)
    }

    /// Returns where it stands, in degrees east and north; nowhere, unless it is something with a place.
    fn place(&self) -> Option<(f64, f64)> {
        None
    }

    /// Returns what stands at a path, for columns that are known by nothing else: those of a document of the user's.
    fn at(&self, _path: &str) -> Cell<'_> {
        Cell::Nothing
    }
}

/// One member of a record.
#[derive(Debug)]
pub struct Column<R> {
    /// The name in the API, in JSON, and in `--fields`.
    pub name: &'static str,
    pub rank: Rank,
    /// None where the name is the path to it.
    cell: Option<fn(&R) -> Cell<'_>>,
}

/// What a table does with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Shown always and never cut: what people copy.
    Pinned,
    /// Shown wherever it holds anything and never cut: what somebody has to see before a key is touched.
    Vital,
    /// Shown where there is room; the highest number is the first to go. None goes at 0, but a long cell may be cut.
    Priority(u8),
    /// A sentence that is read: below its row where that has no room for it, the lowest number first.
    Prose(u8),
    /// As that, and also where it holds nothing: the user's own document asks for it.
    Selected(u8),
    /// Shown when it is asked for.
    OnRequest,
    /// The profile that a row came from; shown where there are several.
    Profile,
    /// A part of another member, by its path; shown when it is asked for, and no member of its own.
    Nested,
}

impl<R> Column<R> {
    /// Declares a column that is always shown and never cut.
    pub const fn pinned(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Pinned, cell: Some(cell) }
    }

    /// Declares a column that is shown wherever it holds anything, and never cut.
    pub const fn vital(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Vital, cell: Some(cell) }
    }

    /// Declares a column of sentences.
    pub const fn prose(name: &'static str, order: u8, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Prose(order), cell: Some(cell) }
    }

    /// Declares a column that is shown where there is room.
    pub const fn priority(name: &'static str, order: u8, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Priority(order), cell: Some(cell) }
    }

    /// Declares the profile that a row came from.
    pub const fn profile(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Profile, cell: Some(cell) }
    }

    /// Declares a part of a member, by its path: `location.name`.
    pub const fn nested(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Nested, cell: Some(cell) }
    }

    /// Declares a column that is shown when it is asked for.
    pub const fn on_request(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::OnRequest, cell: Some(cell) }
    }

    /// Declares a column whose name is the path to its value.
    pub const fn at(name: &'static str, rank: Rank) -> Column<R> {
        Column { name, rank, cell: None }
    }
}

impl<R: Record> Column<R> {
    /// Returns what a record has in this column.
    pub fn cell<'r>(&self, record: &'r R) -> Cell<'r> {
        self.cell.map_or_else(|| record.at(self.name), |cell| cell(record))
    }
}
