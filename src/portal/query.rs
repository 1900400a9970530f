//! A query of a listing, from the command line to the page: one value that every layer reads.

/// The rows and fields of a listing.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    pub projection: Projection,
    /// The conditions for rows. The portal may evaluate some of them; a page says which.
    pub predicates: Vec<Predicate>,
    /// The field to sort by, which needs all rows first.
    pub sort: Option<Sort>,
    /// The most rows to return.
    pub limit: Option<usize>,
    /// The cursor to start from; `None` for the beginning.
    pub cursor: Option<String>,
}

/// The fields of a listing.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// The fields that the run needs, by path: `location.name`.
    pub fields: Vec<String>,
    /// True if no other fields are shown, so that no others are requested.
    pub exclusive: bool,
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// The field's path: `location.name`.
    pub field: String,
    /// The value to equal; `None` for another comparison, which is not pushed down.
    pub equals: Option<String>,
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub field: String,
    pub reverse: bool,
}

impl ListQuery {
    /// Returns the most rows to request; `None` if rows are filtered or sorted afterwards.
    pub fn row_limit(&self) -> Option<usize> {
        self.limit.filter(|_| self.predicates.is_empty() && self.sort.is_none())
    }
}

impl Projection {
    /// Returns the needed fields that are omitted, directly or with their parent.
    pub fn missing(&self, omitted: &[String]) -> Vec<String> {
        let is_part = |name: &str, whole: &str| name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
        let is_missing = |name: &&String| omitted.iter().any(|left| *name == left || is_part(name, left));
        self.fields.iter().filter(is_missing).cloned().collect()
    }
}
