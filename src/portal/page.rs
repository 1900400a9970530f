//! One page of a listing, and which fields the portal lacks for it.

use std::sync::Arc;

use super::compat::{CompatDocument, Paging};
use super::graphql::GraphQlError;

/// One page of a listing.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last page.
    pub after: Option<String>,
    /// The total count on all pages, if the portal returns it.
    pub total: Option<i64>,
    /// The number of null elements in the list.
    pub nulls: usize,
    /// The errors beside the data.
    pub errors: Vec<GraphQlError>,
    /// Which fields the portal lacks, and which predicates it evaluated.
    pub facts: PageFacts,
}

impl<T> Page<T> {
    /// Creates a page from a list with nulls.
    pub(super) fn new(data: Vec<Option<impl Into<T>>>, after: Option<String>, total: Option<i64>) -> Page<T> {
        let length = data.len();
        let items: Vec<T> = data.into_iter().flatten().map(Into::into).collect();
        // Some servers end with an empty cursor instead of null.
        let after = after.filter(|cursor| !cursor.is_empty());
        Page { nulls: length - items.len(), items, after, total, errors: Vec::new(), facts: PageFacts::default() }
    }

    /// Returns the number of elements, including nulls.
    pub fn length(&self) -> usize {
        self.items.len() + self.nulls
    }

    /// Returns true if the length is typical of a full page although the portal is known to have no paging: the portal
    /// may have begun to page.
    pub(super) fn looks_like_full_page(&self) -> bool {
        let length = self.length();
        *self.facts.paging() == Paging::None && length >= 10 && (length.is_multiple_of(5) || length.is_power_of_two())
    }
}

/// What the response lacks of the query, and what the portal did in our place.
#[derive(Clone, Debug, Default)]
pub struct PageFacts {
    /// The document that was sent, if it is not ours.
    pub(super) document: Option<Arc<CompatDocument>>,
    /// The predicates that the portal evaluated, by field.
    pub pushed: Vec<String>,
    /// The members that no item has, if a binding's mapping produced the items.
    pub(super) absent: Option<Vec<String>>,
    /// Whether there are more pages, if the portal says so and no cursor was requested.
    pub(super) more: Option<bool>,
}

impl PageFacts {
    /// Returns the fields that the portal lacks, by path.
    pub fn omitted(&self) -> &[String] {
        match (&self.absent, &self.document) {
            (Some(absent), _) => absent,
            (None, Some(document)) => &document.omitted,
            (None, None) => &[],
        }
    }

    /// Returns the variables that the profile set.
    pub(super) fn given(&self) -> Vec<&str> {
        self.document.as_ref().map(|document| document.given()).unwrap_or_default()
    }

    /// Returns true if a binding defines the paging.
    pub(super) fn has_own_pager(&self) -> bool {
        let mapping = self.document.as_ref().and_then(|document| document.mapping.as_ref());
        mapping.is_some_and(|mapping| mapping.pager.is_some())
    }

    pub(super) fn paging(&self) -> &Paging {
        self.document.as_ref().map_or(&Paging::Ours, |document| &document.paging)
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn nulls_are_counted_and_an_empty_cursor_ends() {
        let page: Page<String> = Page::new(vec![Some("1"), None, Some("2")], Some(String::new()), None);
        assert_eq!((page.items, page.nulls, page.after), (vec!["1".to_owned(), "2".to_owned()], 1, None));
    }
}
