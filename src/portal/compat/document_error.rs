//! An error in a user's document, and its line.

use apollo_compiler::diagnostic::ToCliReport;
use apollo_compiler::parser::{SourceMap, SourceSpan};
use apollo_compiler::validation::DiagnosticList;

/// Why a document cannot be used for one of our operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    /// The line number, from 1.
    pub line: usize,
    pub problem: String,
}

/// Creates a [`DocumentError`].
pub fn wrong(line: usize, problem: String) -> DocumentError {
    DocumentError { line, problem }
}

/// Converts the first error of the parser.
pub fn misread(errors: &DiagnosticList) -> DocumentError {
    let Some(first) = errors.iter().next() else { return wrong(1, "it cannot be read".to_owned()) };
    wrong(line_of(first.error.location(), first.sources), first.error.to_string())
}

/// Returns the line number as people count: the library counts a form feed and three other characters as line ends.
pub fn line_of(place: Option<SourceSpan>, sources: &SourceMap) -> usize {
    let before = place.and_then(|place| sources.get(&place.file_id())?.source_text().get(..place.offset()));
    before.map_or(1, |before| before.matches('\n').count() + 1)
}
