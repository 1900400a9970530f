//! One typed value in a table or a CSV file; the sink decides how it is formatted.

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::Timestamp;

/// A value of a record.
#[derive(Debug)]
pub enum Cell<'r> {
    Nothing,
    /// Nothing for a program; a person is told that it never was.
    Never,
    /// Nothing for a program; a person is told that nobody says.
    Unknown,
    Text(Cow<'r, str>),
    Flag(bool),
    Number(f64),
    /// Several values, such as the names of tags.
    Names(Vec<&'r str>),
    Time(Timestamp),
    /// A value parsed from a text, with the original text for machine formats.
    Verbatim(&'r str, Box<Cell<'r>>),
}

impl<'r> Cell<'r> {
    /// Formats the value for a program: exactly, and empty for a missing value.
    pub fn exact(self) -> Cow<'r, str> {
        match self {
            Cell::Nothing | Cell::Never | Cell::Unknown => "".into(),
            Cell::Text(text) => text,
            Cell::Flag(flag) => if flag { "true" } else { "false" }.into(),
            Cell::Number(number) => number.to_string().into(),
            Cell::Names(names) => names.join(", ").into(),
            Cell::Time(time) => time.to_string().into(),
            Cell::Verbatim(text, _) => text.into(),
        }
    }

    /// Formats the value for a person at a terminal.
    pub fn human(self) -> Cow<'r, str> {
        match self {
            Cell::Flag(flag) => if flag { "yes" } else { "no" }.into(),
            Cell::Verbatim(_, value) if matches!(*value, Cell::Time(_)) => value.human(),
            text => text.exact(),
        }
    }

    /// Returns the word that tables show for a missing value, if there is one.
    pub fn absence(&self) -> Option<&'static str> {
        match self {
            Cell::Never => Some("never"),
            Cell::Unknown => Some("unknown"),
            _ => None,
        }
    }

    /// Formats a time to the minute; returns `None` for other values, which have no shorter form.
    pub fn short(&self) -> Option<String> {
        self.time().map(|time| time.strftime("%Y-%m-%d %H:%MZ").to_string())
    }

    /// Returns the distance of a time from `now` in words.
    pub fn distance(&self, now: Timestamp) -> Option<String> {
        self.time().and_then(|time| ago(time, now))
    }

    fn time(&self) -> Option<Timestamp> {
        if let Cell::Time(time) = self.value() { Some(*time) } else { None }
    }
}

impl<'r> Cell<'r> {
    /// Creates a cell of several names; without names, an empty one.
    pub fn names(names: impl Iterator<Item = &'r str>) -> Cell<'r> {
        let names: Vec<&str> = names.collect();
        if names.is_empty() { Cell::Nothing } else { Cell::Names(names) }
    }
}

impl<'r> Cell<'r> {
    /// Returns the parsed value of the cell.
    pub fn value(&self) -> &Cell<'r> {
        match self {
            Cell::Verbatim(_, value) => value,
            cell => cell,
        }
    }

    /// Converts the cell into its parsed value.
    pub fn into_value(self) -> Cell<'r> {
        match self {
            Cell::Verbatim(_, value) => *value,
            cell => cell,
        }
    }
}

impl Cell<'_> {
    /// Compares two values; missing values come last.
    pub fn order(&self, other: &Cell<'_>) -> Ordering {
        match (self.value(), other.value()) {
            (one, other) if one.is_nothing() || other.is_nothing() => one.is_nothing().cmp(&other.is_nothing()),
            (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
            (Cell::Flag(one), Cell::Flag(other)) => one.cmp(other),
            (Cell::Number(one), Cell::Number(other)) => one.total_cmp(other),
            (Cell::Time(one), Cell::Time(other)) => one.cmp(other),
            (Cell::Names(one), Cell::Names(other)) => one.cmp(other),
            // Different kinds have a fixed order, because a sort needs a total order.
            (one, other) => one.kind().cmp(&other.kind()),
        }
    }

    fn kind(&self) -> u8 {
        match self {
            Cell::Flag(_) => 0,
            Cell::Number(_) => 1,
            Cell::Time(_) => 2,
            Cell::Text(_) => 3,
            Cell::Names(_) => 4,
            Cell::Verbatim(_, value) => value.kind(),
            Cell::Nothing | Cell::Never | Cell::Unknown => 5,
        }
    }

    /// Returns each of the values in exact form; empty for a missing value.
    pub fn values(self) -> Vec<String> {
        match self {
            Cell::Nothing | Cell::Never | Cell::Unknown => Vec::new(),
            Cell::Names(names) => names.into_iter().map(str::to_owned).collect(),
            one => vec![one.exact().into_owned()],
        }
    }

    /// Returns true for a value that is missing in machine formats.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Cell::Nothing | Cell::Never | Cell::Unknown)
    }
}

/// A type that has a cell.
pub trait Value {
    /// Returns the value as a cell.
    fn cell(&self) -> Cell<'_>;
}

impl Value for str {
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self.into())
    }
}

impl Value for String {
    fn cell(&self) -> Cell<'_> {
        self.as_str().cell()
    }
}

impl Value for bool {
    fn cell(&self) -> Cell<'_> {
        Cell::Flag(*self)
    }
}

/// `None` is a missing value.
impl<V: Value> Value for Option<V> {
    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Nothing, Value::cell)
    }
}

/// Returns a time as people say it: `3 hours ago`, `in 2 days`. Returns `None` beyond a month, where the date says
/// more.
fn ago(time: Timestamp, now: Timestamp) -> Option<String> {
    let seconds = now.duration_since(time).unsigned_abs().as_secs();
    let (count, unit) = match seconds {
        0..60 => return Some("just now".to_owned()),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..2_678_400 => (seconds / 86_400, "day"),
        _ => return None,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(if time <= now { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") })
}

#[cfg(test)]
mod tests {
    use super::{Cell, Value, ago};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn times_are_shown_as_people_say_them() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        for (seconds, told) in [
            (0, Some("just now")),
            (59, Some("just now")),
            (60, Some("1 minute ago")),
            (7_199, Some("1 hour ago")),
            (172_800, Some("2 days ago")),
            (-3_600, Some("in 1 hour")),
            (86_400 * 40, None),
        ] {
            assert_eq!(ago(now - SignedDuration::from_secs(seconds), now).as_deref(), told);
        }
    }

    #[test]
    fn programs_get_exact_values_and_nothing_for_a_missing_one() {
        let time: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        assert_eq!(Cell::Time(time).exact(), "2026-11-23T12:00:00Z");
        assert_eq!(Some(true).cell().exact(), "true");
        assert_eq!(None::<String>.cell().exact(), "");
        assert_eq!((Cell::Never.exact(), Cell::Never.absence()), ("".into(), Some("never")));
        assert_eq!(Cell::Time(time).short().as_deref(), Some("2026-11-23 12:00Z"));
    }
}
