//! One page of a listing, and what the portal could not be asked for on it.

use std::sync::Arc;

use super::compat::{CompatDocument, Paging};
use super::graphql::GraphQlError;

/// One page of a listing.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; none on the last.
    pub after: Option<String>,
    /// How many there are on all pages, where the portal tells.
    pub total: Option<i64>,
    /// How many elements of the list were null.
    pub nulls: usize,
    /// The errors that came beside the data.
    pub errors: Vec<GraphQlError>,
    /// What the portal could not be asked for, and what it chose.
    pub facts: Facts,
}

impl<T> Page<T> {
    /// Makes a page of a list as it came, nulls among it.
    pub(super) fn new(data: Vec<Option<impl Into<T>>>, after: Option<String>, total: Option<i64>) -> Page<T> {
        let length = data.len();
        let items: Vec<T> = data.into_iter().flatten().map(Into::into).collect();
        // Some servers end with an empty cursor instead of null.
        let after = after.filter(|cursor| !cursor.is_empty());
        Page { nulls: length - items.len(), items, after, total, errors: Vec::new(), facts: Facts::default() }
    }

    /// Returns how many elements the list had.
    pub fn length(&self) -> usize {
        self.items.len() + self.nulls
    }

    /// Returns true where a portal that is taken to have no paging gives as many as a page may have, which a portal that
    /// has begun to page would do too.
    pub(super) fn looks_cut(&self) -> bool {
        let length = self.length();
        *self.facts.paging() == Paging::None && length >= 10 && (length.is_multiple_of(5) || length.is_power_of_two())
    }
}

/// What an answer does not have of what was asked for, and what the portal did instead of us.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What the portal was asked, where that is not ours.
    pub(super) document: Option<Arc<CompatDocument>>,
    /// The fields by which the portal chose.
    pub pushed: Vec<String>,
    /// The fields that no item has, where a binding's own program made the items.
    pub(super) absent: Option<Vec<String>>,
    /// Whether there are more pages, where the portal says so and they are not asked for.
    pub(super) more: Option<bool>,
}

impl Facts {
    /// Returns the fields that the portal could not be asked for, by their paths.
    pub fn omitted(&self) -> &[String] {
        match (&self.absent, &self.document) {
            (Some(absent), _) => absent,
            (None, Some(document)) => &document.omitted,
            (None, None) => &[],
        }
    }

    /// Returns the variables that the profile gave.
    pub(super) fn given(&self) -> Vec<&str> {
        let once = self.document.as_ref().map(|document| document.once.as_slice()).unwrap_or_default();
        once.iter().map(|once| once.name.as_str()).collect()
    }

    /// Returns true where pages are asked for in a way that a binding says.
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
