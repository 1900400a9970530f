//! Forwards a checked request of another program; the portal's response goes back unchanged.
//!
//! It does not decide what may be sent.

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use serde_json::value::RawValue;

use super::error::Error;
use super::graphql::Request;
use super::handle::Portal;
use super::operation::Operation;

/// A response with any status.
pub struct Forwarded {
    pub status: u16,
    pub content_type: String,
    /// The header as the portal wrote it; empty if there is none.
    pub retry_after: String,
    pub request_id: Option<String>,
    pub body: Vec<u8>,
}

impl Portal {
    /// Sends a checked document, and returns the response without decoding it.
    pub fn forward(
        &self,
        document: &str,
        variables: Option<&RawValue>,
        operation: Option<&str>,
        is_mutation: bool,
    ) -> Result<Forwarded, Error> {
        let request = Request::new("", document, variables.as_ref(), operation)?.executing(is_mutation);
        self.client().execute(&request, |reply| {
            Ok(Forwarded {
                status: reply.status,
                content_type: reply.header(CONTENT_TYPE).to_owned(),
                retry_after: reply.header(RETRY_AFTER).to_owned(),
                request_id: reply.request_id.as_ref().map(ToString::to_string),
                body: reply.body,
            })
        })
    }

    /// Returns the document that would be sent for an operation: the user's binding, or ours.
    pub fn document_for(&self, operation: Operation) -> Result<String, Error> {
        let bound = self.binding(operation)?;
        Ok(bound.map_or_else(|| operation.document.to_owned(), |bound| bound.document.clone()))
    }
}
