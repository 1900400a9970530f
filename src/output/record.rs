//! How a noun is shown: one list of columns defines the table, the CSV header, the values of `--fields` and its help.

use serde::Serialize;

use super::cell::Cell;
use crate::text::counted;

/// A type that can be listed or shown.
pub trait Record: Serialize + Sized + 'static {
    /// The singular and the plural of the noun, in lower case.
    const NOUN: (&'static str, &'static str);
    /// The columns: every member of the serialized form, in its order.
    const COLUMNS: &'static [Column<Self>];

    /// Returns a count in words: `1 device`, `2 devices`.
    fn counted(count: usize) -> String {
        counted(count, Self::NOUN.0, Self::NOUN.1)
    }

    /// Returns the coordinates in degrees east and north, for a noun that has a location.
    fn place(&self) -> Option<(f64, f64)> {
        None
    }

    /// Returns the value at a path, for columns without an accessor: those of a user's document.
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
    /// `None` if the name is the path to the value.
    cell: Option<fn(&R) -> Cell<'_>>,
}

/// How a table treats a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Always shown and never cut: what people copy.
    Pinned,
    /// Shown if any row has a value, and never cut: what a person must see before changing a key.
    Vital,
    /// Shown if there is room; the highest number is dropped first. A column of 0 is never dropped, but its cells may
    /// be cut.
    Priority(u8),
    /// A sentence: moves below its row if that has no room for it, the lowest number first.
    Prose(u8),
    /// Like `Priority`, but also shown without values: the user's document selects it.
    Selected(u8),
    /// Shown on request.
    OnRequest,
    /// The profile that a row came from; shown if there are several.
    Profile,
    /// A part of another member, by its path; shown on request, and no member of its own in JSON.
    Nested,
}

impl<R> Column<R> {
    /// Declares a column that is always shown and never cut.
    pub const fn pinned(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Pinned, cell: Some(cell) }
    }

    /// Declares a column that is shown if any row has a value, and never cut.
    pub const fn vital(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Vital, cell: Some(cell) }
    }

    /// Declares a column of sentences.
    pub const fn prose(name: &'static str, order: u8, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Prose(order), cell: Some(cell) }
    }

    /// Declares a column that is shown if there is room.
    pub const fn priority(name: &'static str, order: u8, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Priority(order), cell: Some(cell) }
    }

    /// Declares the column of the profile that a row came from.
    pub const fn profile(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Profile, cell: Some(cell) }
    }

    /// Declares a part of a member, by its path: `location.name`.
    pub const fn nested(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Nested, cell: Some(cell) }
    }

    /// Declares a column that is shown on request.
    pub const fn on_request(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::OnRequest, cell: Some(cell) }
    }

    /// Declares a column whose name is the path to its value.
    pub const fn at(name: &'static str, rank: Rank) -> Column<R> {
        Column { name, rank, cell: None }
    }
}

impl<R: Record> Column<R> {
    /// Returns a record's cell in this column.
    pub fn cell<'r>(&self, record: &'r R) -> Cell<'r> {
        self.cell.map_or_else(|| record.at(self.name), |cell| cell(record))
    }
}
