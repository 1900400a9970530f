//! What a document is looked for, and what is found.

use apollo_compiler::ast::FieldDefinition;

use super::super::ast::OperationAst;
use crate::portal::operation::Operation;

/// An operation of ours that a document is looked for.
pub struct Wanted {
    pub operation: Operation,
    pub tree: OperationAst,
    /// Our own root field, as the contract has it.
    pub field: &'static FieldDefinition,
}

/// A document that was found, and how well its names fit: from 0 to 1, and more where they are the same.
pub struct Found {
    pub score: f64,
    pub document: String,
}
