//! Converts between ids as the portal shows them, 18 digits, and row numbers.
//!
//! An id is computed from the row number and back, so a cursor can be checked without reading the database. The tables
//! assign the numbers, and never reuse one.

/// The distance between two neighbouring ids.
const STEP: i64 = 4096;

/// The ids of API keys.
pub(super) const KEYS: Ids = Ids(371_650_114_937_028_608);

/// The ids of devices.
pub(super) const DEVICES: Ids = Ids(364_027_113_840_050_176);

/// The ids of locations.
pub(super) const LOCATIONS: Ids = Ids(366_290_115_730_964_992);

/// The ids of tags.
pub(super) const TAGS: Ids = Ids(368_113_440_210_911_744);

/// The ids of one kind of object.
#[derive(Clone, Copy)]
pub(super) struct Ids(i64);

impl Ids {
    /// Returns the id of row `number`.
    pub(super) fn id(self, number: i64) -> String {
        (self.0 + STEP * number).to_string()
    }

    /// Returns the number of the row that `id` names, whether or not there is such a row.
    pub(super) fn number(self, id: &str) -> Option<i64> {
        let number = id.parse::<i64>().ok()?.checked_sub(self.0)? / STEP;
        // Formatting it again rejects what only looks like an id: a leading zero, a value between two ids.
        (number > 0 && self.id(number) == id).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::{DEVICES, KEYS};

    #[test]
    fn numbers_come_back_from_their_ids_only() {
        let id = KEYS.id(7);
        assert_eq!(id.len(), 18);
        assert_eq!(KEYS.number(&id), Some(7));
        assert_eq!(DEVICES.id(10_000_000).len(), 18);
        for other in ["", "7", "x", &format!("0{id}"), &KEYS.id(0), "371650114937028609", "-9223372036854775808"] {
            assert_eq!(KEYS.number(other), None, "{other}");
        }
    }
}
