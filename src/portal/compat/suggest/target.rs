//! The operation that a document is searched for, and the documents found.

use apollo_compiler::ast::FieldDefinition;

use super::super::ast::OperationAst;
use crate::portal::operation::Operation;

/// An operation of ours that a document is searched for.
pub struct Target {
    pub operation: Operation,
    pub tree: OperationAst,
    /// Our own root field in the contract.
    pub field: &'static FieldDefinition,
}

/// A document, and how well its names match: from 0 to 1, and more if they are equal.
pub struct Candidate {
    pub score: f64,
    pub document: String,
}
