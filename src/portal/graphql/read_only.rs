//! The layer that sends no document with a mutation in a read-only run, whichever of the document's operations would
//! be executed.

use super::layer::Execute;
use super::request::{Request, has_mutation};
use crate::portal::error::Error;
use crate::portal::http::Reply;

/// Guards the inner layer, if the run is read-only.
pub struct ReadOnly<L> {
    pub inner: L,
    /// The setting that makes the run read-only, as an error names it.
    pub by: Option<String>,
}

impl<L: Execute> Execute for ReadOnly<L> {
    fn execute<T>(&self, request: &Request<'_>, open: &dyn Fn(Reply) -> Result<T, Error>) -> Result<T, Error> {
        let Some(by) = &self.by else { return self.inner.execute(request, open) };
        match has_mutation(request.document) {
            Some(false) => self.inner.execute(request, open),
            Some(true) => Err(Error::read_only("has a mutation", by)),
            None => Err(Error::read_only("cannot be read, so it may have a mutation", by)),
        }
    }
}
