//! What is wrong with a document of the user's, and where.

use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;

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

/// Says what a parser found first.
pub fn misread(errors: &DiagnosticList) -> Wrong {
    let Some(first) = errors.iter().next() else { return wrong(1, "it cannot be read".to_owned()) };
    wrong(line_of(first.error.location(), first.sources), first.error.to_string())
}

/// Returns the line of a place, as people count: the library takes a form feed and three further characters for the end of one.
pub fn line_of(place: Option<SourceSpan>, sources: &SourceMap) -> usize {
    let before = place.and_then(|place| sources.get(&place.file_id())?.source_text().get(..place.offset()));
    before.map_or(1, |before| before.matches('\n').count() + 1)
}
