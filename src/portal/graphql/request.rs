//! A request that is ready to be sent: its document and its body. Building a request does no I/O.

use std::cell::OnceCell;

use apollo_compiler::ast::{Definition, Document, OperationType};
use serde::Serialize;

use crate::portal::error::Error;

/// One document with its variables.
pub struct Request<'a> {
    /// The operation's name, for a trace; empty for a user's document.
    pub name: &'a str,
    pub document: &'a str,
    pub body: Vec<u8>,
    /// Whether the executed operation is a query, once that is known.
    is_read: OnceCell<bool>,
}

/// The members of a request's body.
#[derive(Serialize)]
struct Body<'a, V> {
    #[serde(skip_serializing_if = "Option::is_none")]
    variables: Option<&'a V>,
    query: &'a str,
    #[serde(rename = "operationName", skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
}

impl<'a> Request<'a> {
    /// Serializes the body; `operation` selects the operation to execute.
    pub fn new<V: Serialize>(
        name: &'a str,
        document: &'a str,
        variables: Option<&V>,
        operation: Option<&str>,
    ) -> Result<Request<'a>, Error> {
        let body = serde_json::to_vec(&Body { variables, query: document, operation });
        let body = body.map_err(|error| Error::setup("the request", error))?;
        Ok(Request { name, document, body, is_read: OnceCell::new() })
    }

    /// Sets what is executed, so that the document need not be parsed.
    pub fn executing(self, mutation: bool) -> Request<'a> {
        Request { is_read: OnceCell::from(!mutation), ..self }
    }

    /// Returns true if the executed operation is certain to change nothing.
    pub fn is_read(&self) -> bool {
        *self.is_read.get_or_init(|| has_mutation(self.document) == Some(false))
    }
}

/// Returns true if a document has a mutation; `None` if it cannot be parsed.
pub fn has_mutation(document: &str) -> Option<bool> {
    let document = Document::parse(document, "document.graphql").ok()?;
    let mut operations = document.definitions.iter().filter_map(Definition::as_operation_definition);
    Some(operations.any(|operation| operation.operation_type == OperationType::Mutation))
}

#[cfg(test)]
mod tests {
    use super::has_mutation;

    #[test]
    fn a_mutation_is_found_anywhere_in_a_document() {
        assert_eq!(has_mutation("{ a }"), Some(false));
        assert_eq!(has_mutation("query A { a } mutation B { b }"), Some(true));
        assert_eq!(has_mutation("fragment F on Query { a } query { ...F }"), Some(false));
        assert_eq!(has_mutation("{ a"), None);
    }
}
