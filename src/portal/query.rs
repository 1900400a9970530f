//! What a run asks of a listing, from the command line to the page: one value that every layer reads.

/// The rows and the fields that are wanted.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    pub projection: Projection,
    /// What rows are chosen by. The portal may take over some of them; a page says which.
    pub predicates: Vec<Predicate>,
    /// The field that rows are sorted by, which needs all of them first.
    pub sort: Option<Sort>,
    /// The most rows that are wanted.
    pub limit: Option<usize>,
    /// The cursor to start from; none for the beginning.
    pub cursor: Option<String>,
}

/// The fields that are wanted.
#[derive(Clone, Debug, Default)]
pub struct Projection {
    /// Those that the run cannot do without, by their paths: `location.name`.
    pub fields: Vec<String>,
    /// True where no others are shown, so that no others are requested.
    pub exclusive: bool,
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Predicate {
    /// Its path: `location.name`.
    pub field: String,
    /// What it has to equal; none where another comparison is made, which no portal is asked for.
    pub equals: Option<String>,
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub field: String,
    pub reverse: bool,
}

impl ListQuery {
    /// Returns the most rows that the portal has to give; none where rows are chosen or sorted afterwards.
    pub fn row_limit(&self) -> Option<usize> {
        self.limit.filter(|_| self.predicates.is_empty() && self.sort.is_none())
    }
}

impl Projection {
    /// Returns the wanted fields that are among those omitted, themselves or by what they are a part of.
    pub fn missing(&self, omitted: &[String]) -> Vec<String> {
        let is_part = |name: &str, whole: &str| name.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
        let is_missing = |name: &&String| omitted.iter().any(|left| *name == left || is_part(name, left));
        self.fields.iter().filter(is_missing).cloned().collect()
    }
}
