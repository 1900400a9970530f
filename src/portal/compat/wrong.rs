//! What is wrong with a document of the user's, and where.

/// Why a document cannot stand for an operation of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// From 1.
    pub line: usize,
    pub problem: String,
}

/// Makes one.
pub fn wrong(line: usize, problem: String) -> Wrong {
    Wrong { line, problem }
}
