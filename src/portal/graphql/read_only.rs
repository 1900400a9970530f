//! The layer that lets no document with a mutation out, where nothing may be changed; it does not matter which of its
//! operations would be executed.

use super::layer::Execute;
use super::request::{Request, has_mutation};
use crate::portal::error::Error;
use crate::portal::http::Reply;

/// Guards what is inside, if something says so.
pub struct ReadOnly<L> {
    pub inner: L,
    /// The setting that says so, as an error names it.
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
