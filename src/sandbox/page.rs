//! Pagination: parses the arguments of a listing, and builds the page object of the answer.
//!
//! The cursor is the id of the last item of the previous page. It does not read the database.

use apollo_compiler::response::{JsonMap, JsonValue};

use super::ids::Ids;
use super::refusal::{Code, Refusal};

const DEFAULT_SIZE: i64 = 50;
const LARGEST_SIZE: i64 = 500;

/// The requested part of a listing.
pub(super) struct PageRequest {
    ids: Ids,
    size: usize,
    /// The number of the last item of the previous page.
    pub(super) after: i64,
}

impl PageRequest {
    /// Parses a field's arguments; `last` is the highest number that any item ever had.
    pub(super) fn new(arguments: &JsonMap, ids: Ids, last: i64) -> Result<PageRequest, Refusal> {
        let wrong = |message: String| Refusal::new(Code::BadUserInput, message);
        let size = arguments.get("first").and_then(JsonValue::as_i64).unwrap_or(DEFAULT_SIZE);
        if !(1..=LARGEST_SIZE).contains(&size) {
            return Err(wrong(format!("\"first\" must be from 1 to {LARGEST_SIZE}, not {size}.")));
        }
        let after = match arguments.get("after").and_then(JsonValue::as_str) {
            None => 0,
            // The item may be deleted by now; its number still has a place in the order.
            Some(cursor) => ids
                .number(cursor)
                .filter(|number| *number <= last)
                .ok_or_else(|| wrong("\"after\" is not a cursor of this listing.".into()))?,
        };
        Ok(PageRequest { ids, size: size as usize, after })
    }

    /// Returns how many items to read: one more than requested, to tell whether there is another page.
    pub(super) fn limit(&self) -> usize {
        self.size + 1
    }

    /// Returns the page object of the items.
    pub(super) fn page(&self, mut items: Vec<(i64, JsonValue)>, total: i64) -> JsonValue {
        let more = items.len() > self.size;
        items.truncate(self.size);
        let after = items.last().filter(|_| more).map(|(number, _)| self.ids.id(*number));
        // `json!` would copy every item.
        let mut page = JsonMap::new();
        page.insert("data", JsonValue::Array(items.into_iter().map(|(_, item)| item).collect()));
        page.insert("after", after.into());
        page.insert("total", total.into());
        page.into()
    }
}
