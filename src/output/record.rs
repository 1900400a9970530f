//! How a noun is shown: one list of columns gives the table, the CSV header, the choices of `--fields` and its help.

use serde::Serialize;

use super::cell::Cell;

/// Something that can be listed or shown.
pub trait Record: Serialize + Sized + 'static {
    /// What one and several are called, in lower case.
    const NOUN: (&'static str, &'static str);
    /// Every member that the serialised form has, in its order.
    const COLUMNS: &'static [Column<Self>];

    /// Returns where it stands, in degrees east and north; nowhere, unless it is something with a place.
    fn place(&self) -> Option<(f64, f64)> {
        None
    }
}

/// One member of a record.
pub struct Column<R> {
    /// The name in the API, in JSON, and in `--fields`.
    pub name: &'static str,
    pub rank: Rank,
    pub cell: fn(&R) -> Cell<'_>,
}

/// What a table does with a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    /// Shown always and never cut: what people copy.
    Whole,
    /// Shown where there is room; the highest number is the first to go.
    Shown(u8),
    /// Shown when it is asked for.
    Asked,
    /// The profile that a row came from; shown where there are several.
    Origin,
    /// A part of another member, by its path; shown when it is asked for, and no member of its own.
    Part,
}

impl<R> Column<R> {
    /// Declares a column that is always shown and never cut.
    pub const fn whole(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Whole, cell }
    }

    /// Declares a column that is shown where there is room.
    pub const fn shown(name: &'static str, order: u8, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Shown(order), cell }
    }

    /// Declares the profile that a row came from.
    pub const fn origin(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Origin, cell }
    }

    /// Declares a part of a member, by its path: `location.name`.
    pub const fn part(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Part, cell }
    }

    /// Declares a column that is shown when it is asked for.
    pub const fn asked(name: &'static str, cell: fn(&R) -> Cell<'_>) -> Column<R> {
        Column { name, rank: Rank::Asked, cell }
    }
}
